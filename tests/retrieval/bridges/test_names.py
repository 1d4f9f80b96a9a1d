"""Countries, languages and months are known in seven languages, but for names that mean something else too."""

import pytest
from babel import Locale

from retrieval.bridges.glossary import COLUMNS, Glossary
from retrieval.bridges.names import _LOCALES, cldr_concepts
from retrieval.tables import table

MONTHS = ("en", "id", "ms", "th", "tl")
"""Languages in which they have names and not numbers."""
NAMES = {concept.id: concept.names for concept in cldr_concepts()}
CLDR = Glossary(cldr_concepts())


def test_the_months_are_those_of_cldr() -> None:
    assert table("months") == {
        language: list(Locale.parse(_LOCALES[language]).months["format"]["wide"].values()) for language in MONTHS
    }


@pytest.mark.parametrize(
    "text",
    [
        "Singapore ở đâu?",
        "新加坡在哪里",
        "Where is Singapore?",
        "Di mana Singapura?",
        "Singapura terletak di mana?",
        "สิงคโปร์ อยู่ที่ไหน",
        "Saan ang Singapore?",
    ],
)
def test_singapore_is_one_concept_in_seven_languages(text: str) -> None:
    assert CLDR.concepts(text) == ["territory SG"]


def test_a_country_has_its_name_in_every_language_where_it_is_unmistakable() -> None:
    assert set(NAMES["territory SG"]) == set(COLUMNS) - {"vi"}


@pytest.mark.parametrize("word", ["Ý", "ý kiến", "Áo", "Nga", "y", "ao", "nga"])
def test_a_name_that_is_a_word_too_is_no_concept(word: str) -> None:
    assert CLDR.concepts(word) == []


@pytest.mark.parametrize(("text", "country"), [("Italy", "IT"), ("意大利", "IT"), ("奧地利", "AT"), ("Thái Lan", "TH")])
def test_where_its_name_is_unmistakable_a_country_is_known(text: str, country: str) -> None:
    assert f"territory {country}" in CLDR.concepts(text)


def test_months_are_known_where_they_have_names() -> None:
    assert {"en": "January", "id": "Januari", "th": "มกราคม", "tl": "Enero"}.items() <= {
        language: names[0] for language, names in NAMES["month 1"].items()
    }.items()
    assert not {"vi", "zh"} & NAMES["month 1"].keys()


def test_no_name_is_empty_or_too_short_to_tell() -> None:
    short = [name for names in NAMES.values() for found in names.values() for name in found if len(name.strip()) < 2]
    assert short == []
