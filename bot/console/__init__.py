"""What can be done from a command line without Telegram: asking, checking, measuring, keeping copies, and help."""
