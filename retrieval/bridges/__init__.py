"""How a question in one language meets a passage in another: glossary, names, readings, dictionary, meaning."""
