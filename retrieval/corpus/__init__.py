"""What is in the corpus, and what was left out: from files in a folder to documents."""
