"""Questions made to be slow or to break something, and the processor time each takes.

`python -m tests.retrieval.hostile` prints the slowest by words and meaning, and by words alone.
"""

import os
import sys
import time
from collections.abc import Mapping
from itertools import cycle, islice, product
from statistics import median

from retrieval.answers import LONGEST_QUESTION as LONGEST
from retrieval.answers import Answerer
from retrieval.bridges.meaning import encoder
from retrieval.tokenisers import english_stem
from tests.quality.measure import answerer

_SHOWN = 20

REPEATED = {
    "control": "\x00\x1b\x85",
    "backspace": "a\x08",
    "line ends": "\r\n\u2028",
    "blank": " ",
    "wide blank": "\u3000",
    "no-break blank": "\xa0a",
    "zero-width": "a\u200b",
    "joiner": "\u200d",
    "joined emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "flags": "\U0001f1fb\U0001f1f3",
    "skins": "\U0001f44d\U0001f3fd",
    "keycaps": "1\ufe0f\u20e3",
    "tags": "\U000e0041",
    "variations": "葛\U000e0100",
    "right to left": "\u202ea\u2066",
    "lone surrogate": "\ud800",
    "surrogates turned round": "\udc00\ud800",
    "noncharacters": "\uffff\ufdd0",
    "private": "\ue000",
    "emoji": "\U0001f642",
    "zalgo": "a\u0301\u0323\u0300",
    "marks alone": "\u0301",
    "marks in no order": "\u0301\u0323",
    "tones": "ệ",
    "tones apart": "e\u0302\u0323",
    "ligature of 18": "\ufdfa",
    "ligature": "\ufb03",
    "square words": "\u3300",
    "square months": "\u33ff",
    "circled": "㊙①",
    "fractions": "½⅓",
    "superscripts": "x²",
    "full-width": "\uff21\uff0e",
    "half-width kana": "\uff76\uff9e",
    "angstrom": "\u212b",
    "dotted I": "İ",
    "sharp s": "ẞß",
    "Hangul": "한",
    "Hangul jamo": "\u1112\u1161\u11ab",
    "Hangul jamo alone": "\u1112",
    "Thai": "เมืองอัจฉริยะ",
    "Thai numbers": "สอง",
    "Thai vowel": "\u0e33",
    "Thai digits": "๒๕๖๕",
    "Lao": "ເມືອງ",
    "Khmer": "ទីក្រុង",
    "Burmese": "မြို့",
    "Kana": "スマート",
    "Arabic": "مدينة",
    "Arabic digits": "٣",
    "Devanagari": "क्षि",
    "Tamil": "நகரம்",
    "Cyrillic": "город",
    "Hebrew": "\u05e2\u05d9\u05e8",
    "的": "的",
    "一": "一",
    "第一": "第一",
    "十": "十",
    "万亿": "万亿",
    "亿": "亿",
    "parts of numbers": "分之",
    "Traditional": "東盟智慧城市網絡",
    "Simplified": "东盟智慧城市网络",
    "Chinese question": "东盟智慧城市网络有多少城市?",
    "radicals": "⼀",
    "compatibility Han": "\uf900",
    "Han and letters": "中a",
    "Han and digits": "中1",
    "digits": "1",
    "zeros": "0",
    "1.1.": "1.",
    "1,111": "1,111",
    "dates": "1.1.2022 ",
    "years": "2022 ",
    "1/1/": "1/",
    "1-1:": "1-1:",
    "letters": "a",
    "capitals": "A",
    "a.": "a.",
    "a-": "a-",
    "a'": "a'",
    "a’": "a’",
    ".+-": ".+-",
    "e-mail": "a@a.",
    "at": "@",
    "links": "http://a.",
    "percents": "%41",
    "underscores": "_",
    "a_b": "a_b ",
    "signs": "!?.,;:",
    "full stops": "。",
    "question marks": "?",
    "brackets": "([{<",
    "quotes": "\"'«“",
    "slashes": "\\/",
    "markup": "<b>&lt;",
    "nested markup": "<a>",
    "commands": "/reload ",
    "SQL": "'; DROP TABLE a;--",
    "format": "{0.__class__}%s%n",
    "expressions": "(a+)+$",
    "blanks between": "a ",
    "lines": "a\n",
    "tabs": "a\t",
    "function words": "là và của ",
    "Vietnamese question": "Hội nghị lần thứ tư họp ở đâu? ",
    "unmarked Vietnamese": "hoi nghi lan thu tu hop o dau ",
    "unmarked syllables": "ma ba la ta ",
    "ordinals": "lần thứ tư ",
    "English question": "Which cities of Viet Nam are in the network? ",
    "Indonesian": "kota cerdas berapa ",
    "English function words": "the of and to ",
    "abbreviations": "ASEAN ",
    "possessives": "city's ",
    "country": "Lao People's Democratic Republic ",
    "names": "Phnom Penh Declaration on ASEAN ",
}


def _spread(first: int, last: int, step: int = 1, between: str = "") -> str:
    """Characters of a range, each another as long as it lasts."""
    return between.join(islice(cycle(map(chr, range(first, last, step))), LONGEST))[:LONGEST]


def _words(alphabet: str, length: int, between: str = " ") -> str:
    """Words, all of them different."""
    return between.join(map("".join, islice(product(alphabet, repeat=length), LONGEST)))[:LONGEST]


_VARIED = {
    "common Han": _spread(0x4E00, 0x9FA5, 7),
    "every Han": _spread(0x4E00, 0x9FA5),
    "rare Han": "\u9fa5" * LONGEST,
    "newer Han": _spread(0x9FA6, 0xA000),
    "Han extension A": _spread(0x3400, 0x4DC0),
    "Han extension B": _spread(0x20000, 0x2A6E0),
    "Han extension B, one": "\U00020000" * LONGEST,
    "Han extension G": _spread(0x30000, 0x31350),
    "compatibility Han, all": _spread(0xF900, 0xFAFF),
    "compatibility forms": _spread(0xFB50, 0xFDFF),
    "Hangul, all": _spread(0xAC00, 0xD7A4),
    "marks, all": "a" + _spread(0x300, 0x370),
    "emoji, all": _spread(0x1F300, 0x1F650),
    "Thai, all": _spread(0xE01, 0xE5B),
    "Kana, all": _spread(0x3041, 0x30FF),
    "Latin, all": _spread(0xC0, 0x250),
    "Vietnamese letters": _spread(0x1EA0, 0x1EFA, between=" "),
    "the first plane": _spread(0x20, 0xD800, 13),
    "the other planes": _spread(0x10000, 0x10FFFF, 271),
    "rare Han apart": _spread(0x4E00, 0x9FA5, 5, between=" "),
    "1,365 words of two letters": _words("abcdefghijklmnopqrstuvwxyzđăâêôơư0123456789", 2),
    "2,048 words of one letter": _spread(0x61, 0x24F, between=" "),
    "1,024 words of three letters": _words("aeioubcdghklmnpqrstvxy", 3),
    "syllables": _words("aeiouy", 4),
    "capitalised words": _words("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3),
    "capitals glued": _words("AbCdEf", 4, between=""),
    "numbers": _words("123456789", 3),
    "numbers with commas": _words("123456789", 3, between=","),
    "numbers with stops": _words("123456789", 3, between="."),
    "Chinese numerals": _words("一二三四五六七八九十百千万", 3),
    "Chinese numerals glued": _words("一二三四五六七八九十百千万", 3, between=""),
    "words in quotes": _words("abcdefgh", 3, between="' '"),
    "function words at random": _words("làvtế ", 4),
    "one long word": "x" * 40 + "y" * (LONGEST - 40),
}


def filled(unit: str) -> str:
    """The unit again and again, as long as a question can be."""
    return (unit * (LONGEST // len(unit) + 1))[:LONGEST]


FIXED = (
    _VARIED
    | {f"{name}, filled": filled(unit) for name, unit in REPEATED.items()}
    | {f"{name}, once": unit for name, unit in REPEATED.items()}
)
"""Every fixed question by its name."""


def examples(ordinary: int, nightly: int) -> int:
    """How many generated cases a run looks at: many where NIGHTLY is set in the environment."""
    return nightly if os.environ.get("NIGHTLY") else ordinary


def processor_times(answering: Answerer, questions: Mapping[str, str]) -> dict[str, float]:
    """Milliseconds of processor time that each question takes, the median of three rounds.

    In rounds, because what is remembered of a question is forgotten by the time it comes again.
    """
    rounds = [{name: _time(answering, question) for name, question in questions.items()} for _ in range(3)]
    return {name: median(times[name] for times in rounds) for name in questions}


def _time(answering: Answerer, question: str) -> float:
    english_stem.cache_clear()
    began = time.process_time()
    answering.answer(question)
    return 1000 * (time.process_time() - began)


def main() -> None:
    """Prints the slowest."""
    for way, encode in (("meaning", encoder()), ("words alone", None)):
        times = processor_times(answerer(encode), FIXED)
        slowest = sorted(times, key=times.__getitem__, reverse=True)[:_SHOWN]
        rows = [f"{times[name]:8.0f} ms  {name}" for name in slowest]
        sys.stdout.write("\n".join([f"{way}, of {len(FIXED)} questions", *rows]) + "\n")


if __name__ == "__main__":
    main()
