"""The files that people have sent, as the bot may fetch them."""

from pathlib import PurePath

from .records import Json, bad_request, given

_LARGEST = 20 * 2**20
"""Bytes that a bot may download, MAX_DOWNLOAD_FILE_SIZE in telegram-bot-api/Client.h."""


class Files:
    """Each by its id for getFile, and by the path that getFile tells for its download."""

    def __init__(self) -> None:
        self._sent: list[tuple[bytes, Json]] = []
        self._asked: dict[str, bytes] = {}

    def keep(self, name: str | None, content: bytes, size: int) -> Json:
        """The document as a message shows it."""
        file_id = f"file-{len(self._sent)}"
        shown = given(file_id=file_id, file_unique_id=file_id, file_name=name, file_size=size)
        self._sent.append((content, shown))
        return shown

    def path_of(self, file_id: str) -> Json:
        """The result of getFile; the path tells nothing of the file's name but its ending."""
        for number, (content, shown) in enumerate(self._sent):
            if shown["file_id"] == file_id:
                if len(content) > _LARGEST:
                    raise bad_request("file is too big")
                path = f"documents/file_{number}{PurePath(shown.get('file_name', '')).suffix}"
                self._asked[path] = content
                told = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}
                return told | {"file_path": path}
        raise bad_request("wrong file_id or the file is temporarily unavailable")

    def content(self, path: str) -> bytes | None:
        """What stands at a path that getFile has told."""
        return self._asked.get(path)
