"""A question about a year that no source is from gets told so, whatever it is answered."""

from datetime import date

import pytest

from retrieval.answers import Answerer
from retrieval.times import year_asked
from tests.retrieval.making import ARTICLE, asked, document

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Ai làm chủ tịch ASCN năm 2021?", 2021),
        ("2022年", 2022),
        ("in August 2021", 2021),
        ("ปี 2565", 2022),
        ("Who chairs ASCN this year?", 2026),
        ("今年谁是主席国", 2026),
        ("Năm ngoái ai làm chủ tịch?", 2025),
        ("nam ngoai ai lam chu tich", 2025),
        ("tahun depan", 2027),
        ("ปีหน้า", 2027),
        ("from 2018 to 2025", 2025),
        ("ASCN có bao nhiêu thành phố?", None),
        ("4049 dự án", None),
        ("", None),
    ],
)
def test_the_year_that_is_asked_about(text: str, year: int | None) -> None:
    assert year_asked(asked(text), TODAY) == year


@pytest.mark.parametrize(
    ("question", "asked_for"),
    [
        ("Ai là chủ tịch năm nay?", 2026),
        ("Tầm nhìn 2045", None),
        ("hội nghị năm 2023", 2023),
        ("hội nghị năm 2021", None),
        ("hội nghị", None),
    ],
)
def test_an_answer_says_when_every_source_is_older(question: str, asked_for: int | None) -> None:
    sources = [
        document(ARTICLE, name=name, published=date(number, 8, 30)) for name, number in (("a", 2020), ("b", 2021))
    ]
    answer = Answerer([*sources, document(ARTICLE, name="undated")]).answer(question, today=TODAY)
    assert (answer.year, answer.newest) == (asked_for, sources[1] if asked_for else None)


def test_without_dated_sources_nothing_is_said_of_their_age() -> None:
    answer = Answerer([document(ARTICLE)]).answer("hội nghị năm nay", today=TODAY)
    assert (answer.year, answer.newest) == (None, None)
