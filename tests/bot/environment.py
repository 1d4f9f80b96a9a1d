"""What a bot in a process of its own is told."""

import os
from pathlib import Path

from tests.botapi import BotApiServer


def environment(server: BotApiServer, data: Path | str, token: str | None = None, **more: str) -> dict[str, str]:
    """The environment of a bot of the server's, with a data folder."""
    return {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": token or server.token,
        "TELEGRAM_BASE_URL": server.base_url,
        "TELEGRAM_BASE_FILE_URL": server.base_file_url,
        "ASCN_BOT_DATA": str(data),
        **more,
    }
