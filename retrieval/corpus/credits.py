"""Who published a page and who wrote it, where a line of the page says so."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

_NAME = r"[^\s,.;:。,()/|][^,.;。,()/|]{0,48}?"
_INITIALS = r"(?:/[a-z]{2,3}(?:\([a-z]{2,3}\))?)?"  # of the desk: CNA/jt(rw)
_AGENCIES = "TTXVN|VNA|VOV|Xinhua|Reuters|AFP|AP|Bernama|Antara|新华社|新華社|中央社|中新社|越通社"
_SOURCE = re.compile(
    r"\(?(?:Theo\s+|Nguồn(?: tin)?\s*:\s*|Source\s*:\s*|(?:文章|稿件)?[来來]源\s*:\s*|(?:消息)?出[处處]\s*:\s*)"
    rf"(?P<name>{_NAME}(?:/{_NAME})?){_INITIALS}\)?\.?$",
    re.I,
)
_AUTHOR = re.compile(
    rf"(?:By\s+|Tác giả\s*:\s*|Bài(?: và ảnh)?\s*:\s*|(?:作者|记者|記者|撰文|文)\s*[:/]\s*)(?P<name>{_NAME})$"
    r"|(?:记者|記者)\s*(?P<reporter>[\u4e00-\u9fff]{2,4})\s*/\s*[\u4e00-\u9fff]{1,6}(?:报导|報導|报道|報道)$",
    re.I,
)
_NAME_IN_BRACKETS = re.compile(r"\((?P<name>[\u4e00-\u9fff·]{2,4}|[^\W\d_]+(?: [^\W\d_]+){1,3})\)$")
_AGENCY_AT_END = re.compile(rf"\((?P<name>{_AGENCIES})\)\s*$")
_AGENCY_ALONE = re.compile(rf"\(?(?P<name>{_AGENCIES})\)?$")
_AGENCY_DATELINE = re.compile(
    rf"(?P<chinese>[\u4e00-\u9fff]{{2,4}}社)[\u4e00-\u9fff]{{2,8}}(?:\d{{1,2}}月\d{{1,2}}日电)?\s*[—–-]{{1,2}}"
    rf"|[^.(]{{2,50}}\((?P<latin>{_AGENCIES})\)\s*[–—-]"
)
_OUTLET = re.compile(
    r"(?:The |Tạp chí )?(?:[^\W\d_]+ ){0,3}(?:Post|Times|News|Daily|Press|Star|Herald|Journal|Tribune|Nation|Online)$"
    r"|Báo (?:\w+ ?){1,4}$"
)
_PIECES = re.compile(r"\s*[|·]\s*|\s+(?=(?:来源|來源|作者|记者|Source|By)\s*:)")


def is_credit(line: str) -> bool:
    """Whether the line does nothing but name a source or an author."""
    return bool(is_source(line) or _author_in(line) or _AGENCY_ALONE.match(line))


def is_source(line: str) -> bool:
    """Whether the line names where the text was taken from, which ends an article."""
    return bool(_SOURCE.match(line))


def is_bare_name(line: str) -> bool:
    """Whether the line is two to four capitalised words, as a reporter's name under a story."""
    return bool(re.match(r"[^\W\d_]+(?: [^\W\d_]+){1,3}$", line)) and line.istitle()


def publisher_in(sign_off: Sequence[str], body: Sequence[str], head: Sequence[str]) -> str | None:
    """The publisher or agency: named under the story, over it, at its end, or in its dateline."""
    for piece in _pieces([*sign_off, *head]):
        if match := _SOURCE.match(piece) or _AGENCY_ALONE.match(piece):
            return match["name"].strip()
    for byline, below in pairwise(head):
        if _AUTHOR.match(byline) and _OUTLET.match(below):
            return below
    if body and (match := _AGENCY_AT_END.search(body[-1])):
        return match["name"]
    datelines = (match for line in body[:2] if (match := _AGENCY_DATELINE.match(line)))
    return next((match["chinese"] or match["latin"] for match in datelines), None)


def author_in(sign_off: Sequence[str], head: Sequence[str]) -> str | None:
    """The author: named over the story or under it."""
    named = next(filter(None, map(_author_in, _pieces([*sign_off, *head]))), None)
    return named or next((line for line in sign_off if is_bare_name(line)), None)


def _author_in(line: str) -> str | None:
    if match := _AUTHOR.match(line):
        return (match["name"] or match["reporter"]).strip()
    if (match := _NAME_IN_BRACKETS.match(line)) and not _AGENCY_ALONE.match(line):
        return match["name"]
    return None


def _pieces(lines: Iterable[str]) -> list[str]:
    return [piece for line in lines for piece in _PIECES.split(line)]
