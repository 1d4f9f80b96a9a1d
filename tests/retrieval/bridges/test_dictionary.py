"""English words become the words of the corpus that translate them."""

import pytest

from retrieval.analysers import analyser_for, sound_phrases
from retrieval.bridges.dictionary import Dictionary, chinese_dictionary, vietnamese_dictionary

CHINESE = {"咖啡", "月亮", "发展", "增长", "城市"}
VIETNAMESE = {*sound_phrases("phát triển"), *sound_phrases("tưởng tượng"), *sound_phrases("hiến pháp")}


def stems(text: str) -> list[str]:
    return analyser_for("en").own[0].terms(text)


@pytest.fixture(scope="module")
def chinese() -> Dictionary:
    return chinese_dictionary(CHINESE.__contains__, stems)


@pytest.fixture(scope="module")
def vietnamese() -> Dictionary:
    return vietnamese_dictionary(VIETNAMESE.__contains__, stems)


@pytest.mark.parametrize(
    ("english", "word"), [("coffee", "咖啡"), ("moons", "月亮"), ("to develop", "发展"), ("cities", "城市")]
)
def test_an_english_word_has_its_chinese_one(chinese: Dictionary, english: str, word: str) -> None:
    assert word in chinese[tuple(stems(english))]


def test_only_words_of_the_corpus_are_known(chinese: Dictionary, vietnamese: Dictionary) -> None:
    assert {word for words in chinese.values() for word in words} == CHINESE
    assert {phrase for phrases in vietnamese.values() for phrase in phrases} <= VIETNAMESE
    assert tuple(stems("tea")) not in chinese


@pytest.mark.parametrize(
    ("english", "word"), [("imagine", "tưởng tượng"), ("develop", "phát triển"), ("constitution", "hiến pháp")]
)
def test_an_english_word_has_its_vietnamese_one_by_the_reading(vietnamese: Dictionary, english: str, word: str) -> None:
    assert set(vietnamese[tuple(stems(english))]) <= VIETNAMESE
    assert sound_phrases(word)[-1] in vietnamese[tuple(stems(english))]


def test_glosses_that_explain_are_left_out(chinese: Dictionary, vietnamese: Dictionary) -> None:
    assert {len(key) for key in (*chinese, *vietnamese)} <= {1, 2, 3}


def test_each_translation_comes_once(chinese: Dictionary) -> None:
    assert all(len(set(words)) == len(words) > 0 for words in chinese.values())


def test_a_corpus_without_words_has_no_dictionary() -> None:
    assert chinese_dictionary(lambda word: False, stems) == {}
