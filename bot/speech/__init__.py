"""The sentences of the bot, and what Telegram makes of them."""
