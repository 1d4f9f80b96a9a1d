"""Documents in, quotes out: pure, synchronous, and unaware of Telegram, SQLite or the network."""
