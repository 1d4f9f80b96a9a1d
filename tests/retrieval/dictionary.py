"""Writes retrieval/data/jieba.marisa: `python -m tests.retrieval.dictionary`, once a release of jieba."""

from pathlib import Path

import retrieval.data
from retrieval.chinese import packed, unpacked


def main() -> None:
    """Packs the dictionary of the jieba that is installed."""
    jieba = unpacked()
    packed(jieba.FREQ.items(), jieba.total).save(str(Path(next(iter(retrieval.data.__path__))) / "jieba.marisa"))


if __name__ == "__main__":
    main()
