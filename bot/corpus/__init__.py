"""The corpus being served, and the processes that read it and answer from it."""
