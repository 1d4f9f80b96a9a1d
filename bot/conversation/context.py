"""The one name for the framework's handler context; nothing of ours is kept in it."""

from typing import Any

from telegram.ext import CallbackContext, ExtBot

Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]
