"""Vietnamese typed without marks is given them back, and nothing else is touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import restoration
from retrieval.restoration import MarkRestorer
from retrieval.spelling import without_marks
from retrieval.words import words

RESTORER = MarkRestorer(
    ["Thành phố Đà Nẵng có cảng.", "Hà Nội là thủ đô của Việt Nam.", "Người dân có đò.", "Đô thị lớn."]
)


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("thu do cua Viet Nam", "thủ đô của Việt Nam"),
        ("Da Nang co cang", "Đà Nẵng có cảng"),
        ("Ha Noi la gi?", "Hà Nội là gì?"),
        ("o dau", "ở đâu"),
        ("nhu the nao", "như thế nào"),
        ("khi nao, bao nhieu", "khi nào, bao nhiêu"),
    ],
)
def test_words_names_and_question_words_get_their_marks(typed: str, restored: str) -> None:
    assert RESTORER.restore(typed) == restored


@pytest.mark.parametrize("text", ["", "?!", "2018", "ASCN Brunei xyz", "平阳", "\U0001f642 …"])
def test_what_the_corpus_lacks_stays_as_it_is(text: str) -> None:
    assert RESTORER.restore(text) == text


@pytest.mark.parametrize(
    ("typed", "restored"), [("HA NOI", "HÀ NỘI"), ("Ha noi", "Hà nội"), ("ha Noi", "hà Nội"), ("THU do", "THỦ đô")]
)
def test_capitals_stay_where_they_were_typed(typed: str, restored: str) -> None:
    assert RESTORER.restore(typed) == restored


def test_of_several_syllables_the_neighbour_decides() -> None:
    restorer = MarkRestorer(["dân số tăng", "dẫn đầu khu vực", "dẫn đầu cả nước", "dẫn đường"])
    assert [restorer.restore(text) for text in ("dan so", "dan dau")] == ["dân số", "dẫn đầu"]


def test_without_a_corpus_question_words_are_still_known() -> None:
    assert MarkRestorer([]).restore("xyz la gi") == "xyz là gì"


def test_of_readings_that_fit_alike_every_start_takes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    restored = set()
    for order in (sorted(words("vi")), sorted(words("vi"), reverse=True)):
        monkeypatch.setattr(restoration, "words", lambda _, order=order: order)
        restored.add(MarkRestorer([]).restore("la ma va cho den cac do theo"))
    assert len(restored) == 1


@pytest.mark.parametrize("name", ["LimJock", "iPhone", "TPHCm"])
def test_capitals_inside_a_word_stay(name: str) -> None:
    assert MarkRestorer([f"{name} đến."]).restore(name) == name


@settings(deadline=None, max_examples=150)
@given(st.text(st.sampled_from("thu do la gi HA NOI Da Nang xyz 12?,.平"), max_size=50))
def test_only_marks_are_added(typed: str) -> None:
    assert without_marks(RESTORER.restore(typed)).lower() == typed.lower()
