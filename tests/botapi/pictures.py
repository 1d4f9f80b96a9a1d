"""Pictures as sendPhoto takes them: the file itself, of a size and shape that Telegram shows."""

import struct
from typing import Any

from .records import Json, ViolationError, bad_request

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_BYTES = 10 * 2**20
_MOST_SIDES, _MOST_RATIO = 10_000, 20
"""Of sendPhoto's documentation: width and height together, and one by the other."""


def sent_picture(file: Any) -> tuple[bytes, list[Json]]:
    """The bytes of an uploaded picture and its `PhotoSize` objects; raises RefusedError where it is none."""
    content = getattr(file, "data", None)
    if not isinstance(content, bytes):
        raise ViolationError("Bad Request: the test server takes only pictures that are uploaded")
    if len(content) > _MOST_BYTES:
        raise ViolationError("Request Entity Too Large", 413)
    if not content.startswith(_PNG):
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", content[16:24])
    if width + height > _MOST_SIDES or max(width, height) > _MOST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    size = {"file_id": "photo", "file_unique_id": "photo", "width": width, "height": height}
    return content, [size | {"file_size": len(content)}]
