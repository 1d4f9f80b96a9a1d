"""English words become the words of the corpus that translate them."""

import pytest

from retrieval.analysers import analyser_for, sound_phrases
from retrieval.bridges.dictionary import LONGEST_PHRASE, Dictionary, _pairs, as_spoken, as_written
from tests.retrieval.dictionary import cedict

CHINESE = {"咖啡", "月亮", "发展", "增长", "城市"}
VIETNAMESE = {*sound_phrases("phát triển"), *sound_phrases("tưởng tượng"), *sound_phrases("hiến pháp")}


def stems(text: str) -> tuple[str, ...]:
    return tuple(analyser_for("en").own[0].terms(text))


def in_chinese(english: str) -> tuple[str, ...]:
    return Dictionary(CHINESE, as_written).translations(stems(english))


def in_vietnamese(english: str) -> tuple[str, ...]:
    return Dictionary(VIETNAMESE, as_spoken).translations(stems(english))


def test_the_packed_dictionary_is_the_cedict_that_is_installed() -> None:
    assert set(cedict()) == set(_pairs())


@pytest.mark.parametrize(
    ("english", "word"), [("coffee", "咖啡"), ("moons", "月亮"), ("to develop", "发展"), ("cities", "城市")]
)
def test_an_english_word_has_its_chinese_one(english: str, word: str) -> None:
    assert word in in_chinese(english)


@pytest.mark.parametrize("english", ["tea", "develop coffee", "", "\t", "咖啡"])
def test_what_is_no_word_of_the_corpus_has_none(english: str) -> None:
    assert in_chinese(english) == in_vietnamese(english) == ()


def test_only_terms_of_the_corpus_translate() -> None:
    assert set(in_chinese("develop")) <= CHINESE
    assert set(in_vietnamese("develop")) <= VIETNAMESE


@pytest.mark.parametrize(
    ("english", "word"), [("imagine", "tưởng tượng"), ("develop", "phát triển"), ("constitution", "hiến pháp")]
)
def test_an_english_word_has_its_vietnamese_one_by_the_reading(english: str, word: str) -> None:
    assert sound_phrases(word)[-1] in in_vietnamese(english)


def test_a_word_is_no_beginning_of_another() -> None:
    assert "城市" in in_chinese("city")
    assert in_chinese("cit") == ()


def test_glosses_that_explain_are_left_out() -> None:
    lengths = {len(pair.split("\t")[0].split()) for pair in _pairs()}
    assert lengths == set(range(1, LONGEST_PHRASE + 1))


def test_each_translation_comes_once() -> None:
    class Everything:
        def __contains__(self, term: object) -> bool:
            return True

    for term_of in (as_written, as_spoken):
        words = Dictionary(Everything(), term_of).translations(stems("develop"))
        assert len(set(words)) == len(words) > 1
