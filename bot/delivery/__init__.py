"""How updates come in and answers go out, so that none is lost."""
