"""The only half that knows Telegram, SQLite and the terminal; what it answers with comes from `retrieval`."""
