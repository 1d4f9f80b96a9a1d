"""Which numbers a text names, however it writes them: 4, 第四, "lần thứ tư", "fourth"."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from retrieval.records import Document
from retrieval.tables import table

_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?!\d)")
_DIGITS = re.compile(rf"{_DATE.pattern}|{_THOUSANDS.pattern}|\d+(?:[.,]\d{{1,2}})?(?!\d)|\d+")
_CHINESE = re.compile("第?[零〇一二三四五六七八九十两兩][零〇一二三四五六七八九十两兩百千万亿萬億]*(?!分)")
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHINESE_GROUPS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_CHINESE_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_NUMBER_FOLLOWS = re.compile(r"\s*\d")
_LATIN_WORD = re.compile(r"[^\W\d_\u0e00-\u0e7f\u3400-\u9fff]+")
_BUDDHIST_ERA = 543
_DIGITS_OF_A_YEAR = 4
_YEAR = re.compile("(?:19|20)[0-9]{2}")


def numbers_in(text: str, language: str) -> frozenset[str]:
    """The numbers of a text in a language, as digits without leading zeros."""
    text = unicodedata.normalize("NFKC", text).lower()
    numbers = frozenset([*_digits(text), *_chinese(text), *_words(text, language)])
    return frozenset(map(_western_year, numbers)) if language == "th" else numbers


def dated_numbers(document: Document) -> frozenset[str]:
    """The numbers that hold for all of a document: those of its title and of its date."""
    published = document.published
    date = () if published is None else (published.year, published.month, published.day)
    return numbers_in(document.title or "", document.language) | {str(part) for part in date}


def is_year(number: str) -> bool:
    """Whether the number can only be a year of our time."""
    return _YEAR.fullmatch(number) is not None


def _western_year(number: str) -> str:
    """A year of the Thai calendar, 2565, as 2022; any other number as it is."""
    return str(int(number) - _BUDDHIST_ERA) if re.fullmatch("2[45][0-9]{2}", number) else number


def _digits(text: str) -> Iterator[str]:
    for digits in _DIGITS.findall(text):
        western = "".join(str(unicodedata.digit(character, character)) for character in digits)
        if _THOUSANDS.fullmatch(western):
            western = western.replace(",", "").replace(".", "")
        for number in western.split(".") if _DATE.fullmatch(western) else [western]:
            yield number.lstrip("0") or "0"


def _chinese(text: str) -> Iterator[str]:
    """Numerals, and years said digit by digit; 一 alone is part of too many words, as is 零."""
    for numeral in _CHINESE.findall(text):
        bare = numeral.removeprefix("第")
        digits = [_CHINESE_DIGITS.get(character) for character in bare]
        said = [str(digit) for digit in digits if digit is not None]
        if len(said) == len(digits) > 1:
            yield from ["".join(said)] if len(said) == _DIGITS_OF_A_YEAR else said
        elif numeral != "一" and (value := _chinese_value(bare)):
            yield str(value)


def _chinese_value(numeral: str) -> int:
    """The value of a numeral with units: 三百二十 is 320."""
    whole = group = digit = 0
    for character in numeral:
        if character in _CHINESE_GROUPS:
            whole, group, digit = whole + (group + digit) * _CHINESE_GROUPS[character], 0, 0
        elif character in _CHINESE_UNITS:
            group, digit = group + (digit or 1) * _CHINESE_UNITS[character], 0
        else:
            digit = _CHINESE_DIGITS[character]
    return whole + group + digit


def _words(text: str, language: str) -> Iterator[str]:
    spelled = table("numbers").get("id" if language == "ms" else language, {})
    if language == "th":
        # Written without blanks: a word is wherever its letters are, if not in one that only begins like it.
        bare = re.sub("|".join(spelled["alike"].split()), " ", text)
        yield from (number for word, number in _values(spelled["words"]).items() if word in bare)
        return
    plain, ordinal = _values(spelled.get("words", ())), _values(spelled.get("words_behind", ()))
    behind, before = spelled.get("behind", "").split(), None
    for word in _LATIN_WORD.finditer(text):
        # "lần thứ 8 năm 2025": what stands between makes the year no fifth, nor does a number behind it.
        joined = before is not None and before.group() in behind and text[before.end() : word.start()].isspace()
        number = (ordinal if joined and not _NUMBER_FOLLOWS.match(text, word.end()) else plain).get(word.group())
        if number is not None:
            yield number
        before = word


def _values(words: Iterable[str]) -> dict[str, str]:
    return {word: str(value) for value, alike in enumerate(words, start=1) for word in alike.split()}
