"""What outlives the process: the database, its copies, and its mending."""
