"""What a line of a scraped page is when it is not the article: menu, caption, teaser, widget.

Lines come here as `tidy` leaves them: one blank between words, full-width signs as ASCII ones.
"""

import re
from functools import cache, lru_cache

from retrieval.sentences import ends_sentence
from retrieval.tables import table
from retrieval.text import count_han, narrow

LONGEST_MENU_ENTRY = 30
_PHOTO = r"(?:ảnh|nguồn ảnh|đồ họa|ảnh minh họa)"
_TU = "(?:图|圖|图片|圖片|照片|附图|附圖|资料图|資料圖|摄影|攝影|摄|攝)"
_PICTURE = r"(?:photos?|pictures?|images?|file photo|graphics?|illustration)"
_CAPTION = re.compile(
    rf"(?:^|[\s(.。]){_PHOTO}\s*:\s*[^.。]{{1,60}}\)?\.?$|^\(?{_PHOTO}\s*:|\({_PHOTO}\)$"  # … Ảnh: TTXVN)
    r"|\bảnh\s*\d{1,2}(?=\D|$)"  # "<title> - Ảnh 1.", also glued to the caption behind it
    rf"|^\(?{_TU}\s*(?:自|源|来源|來源)?\s*[:。.]|^\(?{_TU}(?:自|源)\S{{1,30}}$|[(\s。]{_TU}\s*(?:自|源|来源|來源)?\s*[:/]\s*[^)]{{1,40}}\)?$"
    r"|[。\s](?:图|圖)自\S{1,30}$|(?:新华社|中新社|记者|記者)\S{0,10}\s?[摄攝]$"
    rf"|(?:^|[\s(.]){_PICTURE}\s*(?:by|credit|courtesy of)?\s*[:/][^.]{{1,60}}\)?\.?$"
    r"|^\(?(?:ภาพ|ที่มาภาพ|เครดิตภาพ)\s*:"
    r"|\([^()]{0,40}\b(?:file photo|file pic|handout)\b[^()]{0,40}\)\.?$"
    r"|\((?-i:[A-Z])[^()/]{1,30}/[^()/]{2,40}\)$",  # (Xinhua/Hu Jiali)
    re.I,
)
_AGE = re.compile(
    r"^[\W\d]*\d+\s*(?:giây|phút|giờ|ngày|tuần|tháng|năm) trước$"
    r"|^\d+\s*(?:秒|分钟|分鐘|小时|小時|天|周|週|个月|個月|年)[之以]?前$"
    r"|^(?:updated )?(?:\d+|an?)\s*(?:second|minute|min|hour|hr|day|week|month|year)s?\s+ago$",
    re.I,
)
_CODE = re.compile(
    r"^\w+\s*=\s*\S+$|^(?:var|function|window|document)\b.*[;({]|^[{}<].*[{};>]$|^https?://\S+$|^\d{12,}$"
)
_SEPARATOR = re.compile(r"\s*[|»›•·]\s*|\s+(?:>>?|/)\s+")
_WIDE_GAP = re.compile(r"(?<=\S)(?:\t|[ \u00a0\u3000]{2,})(?=\S)")
_GLUE = re.compile(r"(?:(?<=[^\W\d_])(?<=[^A-Z])|(?<=\d\d)|(?<=[A-Z][A-Z]))(?=[^\W\d_][^\W\d_])")
_LIST_ITEM = re.compile(r"^(?:[-–—+*•·▪●■◦✓]\s|\(?(?:\d{1,2}|[a-z]|[一二三四五六七八九十]{1,2})[).、])")
_PROSE_LENGTH = 80
_UNPUNCTUATED_PROSE = 300
_THAI_PROSE = 120
"""Characters; Thai puts no full stop, and few blanks."""
_LONGEST_REMEMBERED = 1000
"""Characters; what is longer is asked about less often, and would fill memory."""
_WITHOUT_CASE = re.compile("[\u0e00-\u0e7f\u3400-\u9fff]{3}")
_THAI = re.compile("[\u0e00-\u0e7f]{25}")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(narrow(word).casefold() if kind == "prefix" else _bare(word) for word in table("furniture")[kind])


def tidy(line: str) -> str:
    """A line as the rules here read it; gaps as wide as a menu's become a menu's bars."""
    pieces = _WIDE_GAP.split(narrow(line).strip())
    if len(pieces) >= 3 and all(len(piece) <= LONGEST_MENU_ENTRY for piece in pieces):
        return " | ".join(" ".join(piece.split()) for piece in pieces)
    return " ".join(narrow(line).split())


def begins_tail(line: str) -> bool:
    """Whether the line heads what follows an article: related stories, comments, sharing."""
    return _bare(_without_brackets(line)) in _words("tail")


def is_furniture(line: str) -> bool:
    """Whether the line is a menu, a widget, a pointer to another story, code, or nothing but signs."""
    return _judged(line) if len(line) <= _LONGEST_REMEMBERED else _judged.__wrapped__(line)


@lru_cache(maxsize=256)  # of one page; a line is asked about by every rule that looks around
def _judged(line: str) -> bool:
    bare = _bare(_without_brackets(line))
    return (
        not any(map(str.isalpha, bare))
        or bare in _words("widget")
        or _is_row_of_widgets(line)
        or line.lstrip("([【▪·").casefold().startswith(tuple(_words("prefix")))
        or bool(_CODE.search(line))
        or is_age(line)
        or _is_pointer(line)
        or is_menu(line)
        or _is_run_of_headlines(line)
    )


def is_menu(line: str) -> bool:
    """Whether the line is several short entries in a row."""
    bars = [piece for piece in _SEPARATOR.split(line) if piece]
    if len(bars) >= 3 and not ends_sentence(line) and all(len(piece) <= LONGEST_MENU_ENTRY for piece in bars):
        return True
    entries = line.split()
    return (
        len(entries) >= 5
        and all(len(entry) <= 12 for entry in entries)
        and sum(count_han(entry) > 0 for entry in entries) >= 4
    )


def is_caption(line: str) -> bool:
    """Whether the line is the text under a photograph, known by its credit."""
    return len(line) <= 400 and bool(_CAPTION.search(line))


def is_age(line: str) -> bool:
    """Whether the line only says how old a teaser is: "4 phút trước"."""
    return bool(_AGE.search(line))


def is_list_item(line: str) -> bool:
    """Whether the line begins as an entry of a list does."""
    return bool(_LIST_ITEM.match(line))


def is_prose(line: str) -> bool:
    """Whether the line is a paragraph of running text; a long headline may end with a question mark."""
    if len(line) > (_UNPUNCTUATED_PROSE if _THAI.search(line) is None else _THAI_PROSE):
        return True
    length = len(line) + 2 * count_han(line)
    punctuated = ends_sentence(line) and not (line.endswith("?") and not re.search(r"[.。!?][\s”\"]", line))
    return (length >= _PROSE_LENGTH and punctuated and not is_caption(line)) or length > _UNPUNCTUATED_PROSE


def _bare(line: str) -> str:
    return re.sub(r"[\W_]+", "", narrow(line)).casefold()


def _without_brackets(line: str) -> str:
    return re.sub(r"\([^()]*\)", "", line)


def _is_row_of_widgets(line: str) -> bool:
    """ "Facebook Twitter WhatsApp Copy link" """
    entries = line.casefold().split()
    return len(entries) >= 3 and all(map(_widget_words().__contains__, entries))


@cache
def _widget_words() -> frozenset[str]:
    return frozenset(word for entry in table("furniture")["widget"] for word in narrow(entry).casefold().split())


def _is_pointer(line: str) -> bool:
    """ "Read more: another headline" """
    label, colon, _ = line.partition(":")
    return bool(colon) and _bare(label) in _words("tail") | _words("widget")


def _is_run_of_headlines(line: str) -> bool:
    """Related headlines glued into one line: "… của Việt NamĐưa du lịch …"."""
    if ends_sentence(line) or _WITHOUT_CASE.search(line):
        return False  # in Chinese and Thai a capital only begins a foreign name
    cuts = [
        cut.start() for cut in _GLUE.finditer(line) if line[cut.start()].isupper() and line[cut.start() + 1].islower()
    ]
    pieces = [line[start:end] for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True)]
    return len(pieces) > 1 and all(len(piece.split()) >= 4 for piece in pieces)
