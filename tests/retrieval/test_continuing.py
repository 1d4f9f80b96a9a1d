"""A question that goes on from the one before keeps its subject; one that stands by itself does not."""

import pytest

from retrieval.answers import Answerer
from retrieval.bridges.concepts import default_glossary
from retrieval.continuing import going_on
from retrieval.index import SUBJECT_WEIGHT
from tests.retrieval.making import asked, document

ENGLISH = "How many cities of Malaysia joined ASCN in 2018?"
VIETNAMESE = "ASCN có bao nhiêu thành phố năm 2018?"


def subject_of(text: str, earlier: str) -> str:
    return going_on(asked(text), asked(earlier), default_glossary()).subject


@pytest.mark.parametrize(
    ("earlier", "text", "subject"),
    [
        (ENGLISH, "and in June?", "How many cities of Malaysia joined ASCN in 2018"),
        (ENGLISH, "What about the budget?", "How many cities of Malaysia joined ASCN in 2018"),
        (VIETNAMESE, "Còn ngân sách thì sao?", "ASCN có bao nhiêu thành phố năm 2018"),
        ("城市网络有多少个城市\uff1f", "那预算呢\uff1f", "城市网络有多少个城市"),
        ("城市網絡有多少個城市\uff1f", "還有預算呢\uff1f", "城市網絡有多少個城市"),
        ("Kapan ASCN didirikan?", "bagaimana dengan Jakarta?", "Kapan ASCN didirikan"),
        ("Bilakah ASCN ditubuhkan?", "Bagaimana pula dengan Melaka?", "Bilakah ASCN ditubuhkan"),
        ("ASCN ก่อตั้งเมื่อใด", "แล้วภูเก็ตล่ะ", "ASCN ก่อตั้งเมื่อใด"),
        ("Kailan itinatag ang ASCN?", "Paano naman sa Davao?", "Kailan itinatag ang ASCN"),
    ],
)
def test_in_every_language_the_subject_is_kept(earlier: str, text: str, subject: str) -> None:
    assert subject_of(text, earlier) == subject


@pytest.mark.parametrize(
    ("earlier", "text", "subject"),
    [
        (ENGLISH, "and in 2022?", "How many cities of Malaysia joined ASCN in"),
        (ENGLISH, "2022?", "How many cities of Malaysia joined ASCN in"),
        (ENGLISH, "What about Vietnam?", "How many cities of joined ASCN in 2018"),
        (VIETNAMESE, "con nam 2022?", "ASCN có bao nhiêu thành phố năm"),
        ("When was the meeting of August 2021?", "and in September?", "When was the meeting of 2021"),
    ],
)
def test_a_year_a_country_or_a_month_takes_the_place_of_the_earlier_one(earlier: str, text: str, subject: str) -> None:
    assert subject_of(text, earlier) == subject


@pytest.mark.parametrize(
    "text",
    [
        "Who founded Becamex IDC?",
        "Becamex IDC",
        "And which city in Vietnam has the largest data center?",
        "Còn bao nhiêu thành phố chưa tham gia mạng lưới đô thị thông minh?",
        "那些城市有多少人口居住在市中心",
        "thanks",
        "?",
        "",
    ],
)
def test_what_has_a_subject_of_its_own_stands_by_itself(text: str) -> None:
    assert subject_of(text, ENGLISH) == ""


def test_a_question_can_go_on_from_one_that_went_on() -> None:
    second = going_on(asked("and in 2022?"), asked(ENGLISH), default_glossary())
    third = going_on(asked("and Vietnam?"), second, default_glossary())
    assert third.subject == "How many cities of joined ASCN in and in 2022"


def test_a_bare_year_is_in_the_language_of_what_it_goes_on_from() -> None:
    assert going_on(asked("2022?"), asked(VIETNAMESE), default_glossary()).language == "vi"


def test_the_subject_decides_where_the_question_alone_finds_nothing() -> None:
    answerer = Answerer(
        [
            document("The harbour of Melaka was widened in 2019. Ships call there every day.", language="en"),
            document(
                "The library of Melaka was built in 2021. It lends books in five languages.", language="en", name="b"
            ),
        ]
    )
    earlier = answerer.answer("When was the library of Melaka built?").question
    alone, going_on_from = answerer.answer("and the harbour?"), answerer.answer("and the harbour?", earlier=earlier)
    assert alone.question.subject == ""
    assert going_on_from.question.subject == "When was the library of Melaka built"
    assert going_on_from.quotes[0].text.startswith("The harbour of Melaka was widened")


def test_what_only_the_subject_asks_for_counts_for_less() -> None:
    answerer = Answerer(
        document(text, language="en", name=text)
        for text in ("The harbour was widened.", "Ships call there.", "Rice grows.")
    )
    earlier = answerer.answer("harbour ships").question
    found = answerer.answer("and rice?", earlier=earlier).quotes
    assert [quote.text for quote in found] == ["Rice grows.", "The harbour was widened.", "Ships call there."]
    whole, light = (
        {share.term: share.score for share in quote.hit.shares if share.field == "stems"}
        for quote in (answerer.answer("harbour").quotes[0], found[1])
    )
    assert light["harbour"] == pytest.approx(SUBJECT_WEIGHT * whole["harbour"])


def test_a_long_message_stands_by_itself_and_subjects_do_not_grow_without_end() -> None:
    assert subject_of("and " + "the " * 100 + "budget?", ENGLISH) == ""
    question = asked(ENGLISH)
    for number in range(60):
        question = going_on(asked(f"and the number {number} of the long list of them?"), question, default_glossary())
    assert 0 < len(question.subject) <= 500
