"""The language of a question, also of a short one, and of one typed in a hurry."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.languages import document_language, question_language
from retrieval.records import DocumentLanguage

QUESTIONS = [
    ("vi", "Mạng lưới đô thị thông minh ASEAN có bao nhiêu thành phố?"),
    ("vi", "ASEAN là gì?"),
    ("vi", "Thủ tướng"),
    ("vi", "Louis Zacharilla là ai"),
    ("vi", "Mang luoi do thi thong minh ASEAN co bao nhieu thanh pho?"),
    ("vi", "ASCN duoc thanh lap khi nao"),
    ("vi", "ha noi"),
    ("zh-Hans", "平阳智慧城市是什么"),
    ("zh-Hans", "越南"),
    ("zh-Hans", "平阳 ICF Smart City"),
    ("zh-Hant", "平陽智慧城市是什麼"),
    ("zh-Hant", "東盟"),
    ("en", "Where is the network?"),
    ("en", "How many cities are members of ASCN"),
    ("id", "Kapan ASCN dibentuk dan berapa kota anggotanya?"),
    ("id", "Apa itu jaringan kota pintar?"),
    ("ms", "Bilakah ASCN ditubuhkan dan berapakah bandar ahlinya?"),
    ("th", "เครือข่ายเมืองอัจฉริยะอาเซียนคืออะไร"),
    ("th", "ASCN คืออะไร"),
    ("tl", "Ano ang ASCN at kailan ito itinatag?"),
    ("und", ""),
    ("und", "?!… —"),
    ("und", "2018"),
    ("und", "ASCN"),
    ("und", "スマートシティとは"),
    ("und", "스마트시티"),
    ("und", "Что это"),
    ("und", "\U0001f642"),
]


@pytest.mark.parametrize(("expected", "text"), QUESTIONS)
def test_a_question_tells_its_language(expected: str, text: str) -> None:
    assert question_language(text) == expected


@pytest.mark.parametrize(("expected", "text"), QUESTIONS)
def test_decomposed_letters_tell_the_same(expected: str, text: str) -> None:
    assert question_language(unicodedata.normalize("NFD", text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Theo Louis Zacharilla, ICF là diễn đàn của gần 200 thành phố thông minh trên toàn cầu.", "vi"),
        ("Louis Zacharilla表示,ICF是包括全球近200座繁荣的智慧城市的论坛。", "zh"),
        ("It has been said that the cities of the region are growing.", "en"),
    ],
)
def test_a_document_is_in_the_language_that_prevails(text: str, expected: DocumentLanguage) -> None:
    assert document_language(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayors of the region met in Đà Nẵng, and they agreed that the cities would share their data. " * 5, "en"),
        ("Who is Nguyễn Xuân Phúc and when was he the prime minister?", "en"),
        ("Para wali kota bertemu di Đà Nẵng dan sepakat bahwa kota-kota akan berbagi data.", "id"),
    ],
)
def test_a_vietnamese_name_does_not_make_a_text_vietnamese(text: str, expected: DocumentLanguage) -> None:
    assert document_language(text) == expected


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_every_text_has_one_of_the_known_languages(text: str) -> None:
    assert question_language(text) in {"vi", "zh-Hans", "zh-Hant", "en", "id", "ms", "th", "tl", "und"}


@pytest.mark.parametrize(
    ("text", "language"),
    [("What is \u0110\u00e0 N\u1eb5ng?", "en"), ("Apa itu \u0110\u00e0 N\u1eb5ng?", "id"), ("H\u00e0 N\u1ed9i", "vi")],
)
def test_a_short_question_about_a_vietnamese_name_keeps_its_language(text: str, language: str) -> None:
    assert question_language(text) == language
