"""What a question is about is what is left between its function words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.content import content_runs
from retrieval.records import Question, QuestionLanguage
from retrieval.spelling import to_simplified
from tests.retrieval.making import asked

LANGUAGES: tuple[QuestionLanguage, ...] = ("vi", "zh-Hans", "zh-Hant", "en", "id", "ms", "th", "tl", "und")


@pytest.mark.parametrize(
    ("text", "language", "runs"),
    [
        ("Thủ đô của Việt Nam là gì?", "vi", ["Thủ đô", "Việt Nam"]),
        ("Thu do cua Viet Nam la gi?", "vi", ["Thu do", "Viet Nam"]),
        ("thành phố như thế nào", "vi", ["thành phố"]),
        ("越南的首都是什么?", "zh-Hans", ["越南", "首都"]),
        ("越南的首都是什麼?", "zh-Hant", ["越南", "首都"]),
        ("平阳 ICF Smart City 的", "zh-Hans", ["平阳", "ICF", "Smart", "City"]),
        ("What is the capital city of Vietnam?", "en", ["capital city", "Vietnam"]),
        ("Ibu kota apa yang ada di Jakarta?", "id", ["Ibu kota", "Jakarta"]),
        ("What is ASCN 30/08", "und", ["What is ASCN 30/08"]),
        ("ASCN 2018", "und", ["ASCN 2018"]),
    ],
)
def test_function_words_part_the_runs(text: str, language: QuestionLanguage, runs: list[str]) -> None:
    assert list(content_runs(Question(text, language))) == runs


@pytest.mark.parametrize(
    "text", ["", "?! …", "là gì?", "la gi", "是什么?", "是什麼", "What is it?", "Apa itu?", "Ano ang"]
)
def test_a_question_of_signs_or_function_words_has_no_content(text: str) -> None:
    assert not content_runs(asked(text))


def test_the_syllables_of_a_longer_word_are_no_function_words_without_marks() -> None:
    assert list(content_runs(Question("mang luoi do thi", "vi"))) == ["mang luoi do thi"]


@settings(deadline=None, max_examples=100)
@given(
    st.text(st.sampled_from("là gì đô thị what is city 平陽的是什麼 ICF 2?.'"), max_size=40), st.sampled_from(LANGUAGES)
)
def test_every_run_is_words_of_the_question_in_order(text: str, language: QuestionLanguage) -> None:
    left = to_simplified(text).replace(" ", "")
    for run in content_runs(Question(text, language)):
        spelled = to_simplified(run).replace(" ", "")
        assert spelled
        assert spelled in left
        left = left[left.index(spelled) + len(spelled) :]
