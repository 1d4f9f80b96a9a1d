"""What a line of a scraped page is when it is not the article: menu, caption, teaser, widget."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from retrieval.text import is_han

_CREDIT = re.compile(
    r"(?:^|[\s((.。])(?:ảnh|nguồn ảnh|đồ họa|ảnh minh họa)\s*:\s*[^.。]{1,60}[))]?\.?$"  # … Ảnh: TTXVN)
    r"|^\(?(?:ảnh|đồ họa)\s*(?:minh họa\s*)?[::]"
    r"|ảnh\s*\d{1,2}(?=\D|$)"  # "<title> - Ảnh 1.", also glued to the caption behind it
    r"|^[((]?(?:附图|附圖|资料图|資料圖)|(?:图|圖|图片|圖片|照片|摄|攝)\s*(?:自|源|来源|來源)\s*[::]?\s*\S{1,30}$"
    r"|[((](?:图|圖|图片|圖片|照片|摄影|攝影|摄|攝)\s*[::/][^))]{1,40}[))]\s*$|(?:图|圖|图片|圖片|照片|摄影|攝影)[::/]\s*\S{1,30}$"
    r"|(?:新华社|中新社|記者|记者)\S{0,10}\s?[摄攝]$"
    r"|[\s((.](?:photo|picture|image|file photo|graphic|illustration)s?\s*(?:by|credit|courtesy of)?\s*[:/][^.]{1,60}[))]?\.?$"
    r"|^\(?(?:file )?(?:photo|picture|image)s?\s*(?:by|credit|courtesy of)?\s*[:/]|[((][^()()]{0,40}\b(?:file photo|file pic|handout)\b[^()()]{0,40}[))]\.?$",
    re.I,
)
_AGO = re.compile(
    r"^[\W\d]*\d+\s*(?:giây|phút|giờ|ngày|tuần|tháng|năm) trước$|^\d+\s*(?:秒|分钟|分鐘|小时|小時|天|周|週|个月|個月|年)[之以]?前$"
    r"|^(?:\d+|an?)\s*(?:second|minute|min|hour|hr|day|week|month|year)s?\s+ago$",
    re.I,
)
_CODE = re.compile(r"^\w+\s*=\s*\S+$|^(?:var|function|window|document)\b.*[;({]|^[{}<].*[{};>]$|^https?://\S+$")
_SEPARATOR = re.compile(r"\s*[|»›>•·]\s*|\s+/\s+")
_GLUE = re.compile(r"(?<=[^\W_A-Z])(?<![^\W\d_]\.)(?=[^\W\d_])")
_FULL_STOP = tuple(".。!?!?…\"”』」)):::;;")


@cache
def _words(kind: str) -> frozenset[str]:
    table = tomllib.loads(files("retrieval.data").joinpath("furniture.toml").read_text("utf-8"))
    return frozenset(table[kind] if kind == "link" else map(_bare, table[kind]))


def begins_tail(line: str) -> bool:
    """Whether the line heads what follows an article: related stories, comments, sharing."""
    return _bare(line) in _words("tail")


def is_furniture(line: str) -> bool:
    """Whether the line is a menu, a widget, a link to another story, code, or nothing but signs."""
    bare = _bare(line)
    return (
        not bare
        or bare in _words("widget")
        or line.startswith(tuple(_words("link")))
        or bool(_CODE.search(line))
        or is_age(line)
        or _is_menu(line)
        or _is_run_of_headlines(line)
    )


def is_caption(line: str) -> bool:
    """Whether the line is the text under a photograph, known by its credit."""
    return len(line) <= 400 and bool(_CREDIT.search(line))


def is_age(line: str) -> bool:
    """Whether the line only says how old a teaser is: "4 phút trước"."""
    return bool(_AGO.search(line))


def ends_sentence(line: str) -> bool:
    """Whether the line ends as running text does, not as a headline."""
    return line.endswith(_FULL_STOP)


def is_prose(line: str) -> bool:
    """Whether the line is a paragraph of running text."""
    han = sum(map(is_han, line))
    long_enough = len(line) + 2 * han >= 80
    return (long_enough and ends_sentence(line)) or len(line) + 2 * han > 300


def _bare(line: str) -> str:
    return re.sub(r"[\W_]+", "", line).casefold()


def _is_menu(line: str) -> bool:
    pieces = [piece for piece in _SEPARATOR.split(line) if piece]
    return len(pieces) >= 3 and not ends_sentence(line) and all(len(piece) <= 30 for piece in pieces)


def _is_run_of_headlines(line: str) -> bool:
    """Related headlines glued into one line: "… của Việt NamĐưa du lịch …"."""
    if ends_sentence(line):
        return False
    cuts = [cut.start() for cut in _GLUE.finditer(line) if line[cut.start()].isupper()]
    pieces = [line[start:end] for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True)]
    return len(pieces) > 1 and all(len(piece.split()) >= 4 for piece in pieces)
