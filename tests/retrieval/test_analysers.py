"""Spellings that mean the same become the same terms, and no question becomes too many of them."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysers import Field, analyser_for, concept_field, only_words, without
from retrieval.bridges.concepts import default_glossary
from retrieval.text import LONGEST_RUN, clean
from retrieval.tokenisers import chinese_words, vietnamese_words

LANGUAGES = ("vi", "zh", "en", "und")
HOSTILE = {
    "的": "的" * 4096,
    "rare Han": "".join(chr(0x4E00 + 7 * i % 0x5000) for i in range(4096)),
    "a.a.": "a." * 2048,
    "a-a-": "a-" * 2048,
    ".+-": ".+-" * 1365,
    "digits": "1" * 4096,
    "1.1.": "1." * 2048,
    "underscores": "_" * 4096,
    "emoji": "\U0001f642" * 4096,
    "marks": "a" + "\u0301" * 4095,
    "words": " ".join(f"từ{chr(97 + i % 26)}{chr(97 + i // 26 % 26)} {i}" for i in range(700)),
    "surrogates": clean("\ud83d\udc00\ud800" * 1365),
}


def terms(language: str, field: str, text: str) -> list[str]:
    return list(dict.fromkeys(field_of(language, field).terms(text)))


def field_of(language: str, name: str) -> Field:
    return next(field for field in fields_of(language) if field.name == name)


def fields_of(language: str) -> tuple[Field, ...]:
    return (*analyser_for(language).own, *analyser_for(language).shared, concept_field(default_glossary()))


def every_field(text: str) -> dict[str, list[str]]:
    return {
        f"{language} {field.name} {kind}": chain(text)
        for language in LANGUAGES
        for field in fields_of(language)
        for kind, chain in (("passage", field.terms), ("question", field.asked_terms))
    }


@pytest.mark.parametrize("field", ["syllables", "plain", "sounds"])
def test_a_tone_may_stand_on_either_vowel(field: str) -> None:
    assert terms("vi", field, "hoà bình, thuý, khoẻ") == terms("vi", field, "hòa bình, thúy, khỏe")


@pytest.mark.parametrize("text", ["Đô thị thông minh Việt Nam", "平阳 Đà Nẵng", "Résumé of the cities"])
def test_decomposed_letters_are_the_same_terms(text: str) -> None:
    assert every_field(unicodedata.normalize("NFD", text)) == every_field(text)


@pytest.mark.parametrize("text", ["ICF 2022 Smart", "đô thị 26"])
def test_full_width_letters_and_digits_are_the_same_terms(text: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
    assert wide != text
    assert every_field(wide) == every_field(text)


@pytest.mark.parametrize("text", ["ASEAN SMART CITIES", "ĐÔ THỊ THÔNG MINH"])
def test_capitals_say_nothing_where_words_are_letters(text: str) -> None:
    fields = [
        ("vi", "syllables"),
        ("vi", "plain"),
        ("zh", "words"),
        ("zh", "characters"),
        ("en", "stems"),
        ("vi", "sounds"),
    ]
    assert [terms(*field, text) for field in fields] == [terms(*field, text.lower()) for field in fields]


def test_a_question_without_marks_is_the_passage_without_marks() -> None:
    assert terms("vi", "plain", "Do thi thong minh o Da Nang") == terms("vi", "plain", "Đô thị thông minh ở Đà Nẵng")


@pytest.mark.parametrize("field", ["words", "characters"])
def test_traditional_characters_are_the_simplified_terms(field: str) -> None:
    assert terms("zh", field, "東盟智慧城市網絡於2018年成立") == terms("zh", field, "东盟智慧城市网络于2018年成立")


@pytest.mark.parametrize(
    ("language", "field"), [("vi", "syllables"), ("vi", "plain"), ("zh", "words"), ("en", "stems")]
)
def test_a_number_is_the_same_with_and_without_a_leading_zero(language: str, field: str) -> None:
    found = terms(language, field, "30/08 30/8 08 8 008 0 00")
    assert [term for term in found if " " not in term] == ["30", "8", "0"]


def test_the_words_of_each_language_come_out() -> None:
    assert {
        "vi": terms("vi", "words", "Thủ tướng Nguyễn Xuân Phúc ở Hà Nội"),
        "zh": terms("zh", "words", "越南的智慧城市"),
        "zh characters": terms("zh", "characters", "平阳省 ICF"),
        "en": terms("en", "stems", "The city's mayors shared smart cities"),
        "und": terms("und", "words", "jaringan kota dan เมือง"),
    } == {
        "vi": ["thủ_tướng", "nguyễn_xuân_phúc", "hà_nội"],
        "zh": ["越南", "智慧", "城市"],
        "zh characters": ["平", "阳", "省", "平阳", "阳省", "icf"],
        "en": ["citi", "mayor", "share", "smart"],
        "und": ["เ", "ม", "ื", "อ", "ง", "เม", "มื", "ือ", "อง", "jaringan", "kota"],
    }


@pytest.mark.parametrize(
    ("language", "field", "text"),
    [
        ("vi", "words", "là gì, như thế nào và ở đâu?"),
        ("vi", "plain", "là gì và như thế nào? la gi va nhu the nao"),
        ("zh", "words", "请问什么时候?是谁的呢"),
        ("en", "stems", "What is this, and where are they from?"),
        ("und", "words", "Apa itu? Ano ang the dan yang"),
    ],
)
def test_words_that_only_ask_are_no_terms(language: str, field: str, text: str) -> None:
    assert [term for term in terms(language, field, text) if " " not in term] == []


def test_a_phrase_is_dropped_whole_and_its_words_elsewhere_stay() -> None:
    drop = without(frozenset({"ở_đâu", "là"}))
    assert drop(["hà", "nội", "là", "ở", "đâu", "ở", "huế"]) == ["hà", "nội", "ở", "huế"]


def test_signs_are_no_words() -> None:
    assert only_words(["。", "—", "…", "thủ_đô", "30/08/2021", "icf"]) == ["thủ_đô", "30", "8", "2021", "icf"]


def test_an_underscore_alone_is_no_word() -> None:
    assert terms("zh", "words", "平阳_____越南 _") == ["平阳", "越南"]


def test_languages_without_a_row_share_the_plain_one() -> None:
    assert {analyser_for(language).language for language in ("id", "ms", "th", "tl", "und", "??")} == {"und"}


def test_a_name_in_a_passage_has_a_capital_and_in_a_question_need_not() -> None:
    field = field_of("vi", "names")
    passage, question = "Ông Louis Zacharilla đến Singapore năm 2021", "who is louis zacharilla in 2021"
    assert field.terms(passage) == ["louis", "zacharilla", "singapore", "2021"]
    assert {"louis", "zacharilla", "2021"} <= set(field.asked_terms(question))
    assert field.terms(question) == ["2021"]


def test_other_fields_read_questions_as_passages() -> None:
    fields = [field for language in LANGUAGES for field in fields_of(language) if field.name != "names"]
    text = "Louis Zacharilla 平阳 phát triển"
    assert [field.asked_terms(text) for field in fields] == [field.terms(text) for field in fields]


def test_every_language_has_an_own_field_of_evidence_and_shares_names() -> None:
    for language in LANGUAGES:
        analyser = analyser_for(language)
        assert analyser.evidence in {field.name for field in analyser.own}
        assert "names" in {field.name for field in analyser.shared}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("tokenise", [vietnamese_words, chinese_words])
def test_no_tokeniser_sees_a_longer_run_than_it_is_fast_on(name: str, tokenise: Callable[[str], list[str]]) -> None:
    assert max(map(len, tokenise(HOSTILE[name])), default=0) <= LONGEST_RUN


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(), max_size=150))
def test_any_cleaned_text_becomes_terms_without_blanks_at_their_ends(raw: str) -> None:
    found = every_field(clean(raw))
    assert [term for field in found.values() for term in field if not term or term != term.strip()] == []
