"""Chinese words are jieba's, one for one, from its own dictionary packed into a trie."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marisa_trie import RecordTrie

from bot.settings import DEFAULT_CORPUS
from retrieval import chinese
from retrieval.corpus.folder import read_corpus
from retrieval.spelling import to_simplified
from tests.quality.measure import questions

SIGNS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都"
    "0123.-+#&%_ aAbBéđ 😀𠀀"
)


@cache
def by_jieba() -> Any:
    return chinese.unpacked()


def test_the_packed_dictionary_is_that_of_the_jieba_that_is_installed() -> None:
    theirs = {word: frequency for word, frequency in by_jieba().FREQ.items() if frequency}
    words = chinese._tokeniser()._words
    assert {word: frequency for word, (frequency,) in words.items() if word != chinese._TOTAL} == theirs
    assert chinese._tokeniser().total == by_jieba().total
    assert max(map(len, theirs)) == chinese.LONGEST_WORD


def test_every_paragraph_of_the_seeds_and_every_question_is_cut_as_jieba_cuts_it() -> None:
    paragraphs = [text for document in read_corpus(DEFAULT_CORPUS).documents for text in document.paragraphs]
    for text in [*paragraphs, *(question["text"] for question in questions())]:
        simplified = to_simplified(text)
        assert chinese.segments(simplified) == by_jieba().lcut(simplified)


@settings(deadline=None, max_examples=1000)
@given(st.text(st.sampled_from(SIGNS), max_size=40) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_odd_texts_are_cut_as_jieba_cuts_them(text: str) -> None:
    assert chinese.segments(text) == by_jieba().lcut(text)


@pytest.fixture
def another_release(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(chinese, "_TOTAL", "all words of jieba 0.43")
    chinese._tokeniser.cache_clear()
    yield
    chinese._tokeniser.cache_clear()


@pytest.mark.usefixtures("another_release")
def test_where_another_release_of_jieba_is_installed_its_own_dictionary_is_read() -> None:
    assert chinese.segments("东盟智慧城市网络") == ["东盟", "智慧", "城市", "网络"]
    assert chinese._tokeniser() is jieba.dt


def test_words_never_seen_are_not_packed() -> None:
    words = chinese.packed([("平阳", 3), ("平", 0)], 3)
    assert isinstance(words, RecordTrie)
    assert dict(words.items()) == {"平阳": (3,), chinese._TOTAL: (3,)}
