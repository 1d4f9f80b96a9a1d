"""A concept is found in a text under any of its names, in any language."""

import pytest

from retrieval.bridges.concepts import default_glossary, glossary_with
from retrieval.bridges.glossary import Concept, Glossary, GlossaryError, read_glossary

FILE = """# A note
kind\tvi\tzh\ten\tid
term\tthành phố\t城市\tcity\tkota

term\tthành phố thông minh | đô thị thông minh\t智慧城市 | 智能城市\tsmart city\tkota pintar
event\tbến cảng\t\tport |  | harbour
"""
CITY, SMART, PORT = "row 1", "row 2", "row 3"
GLOSSARY = Glossary(read_glossary(FILE, "row "))


def test_a_file_is_a_header_then_one_concept_a_line() -> None:
    rows = list(read_glossary(FILE, "row "))
    assert [row.id for row in rows] == [CITY, SMART, PORT]
    assert rows[1].names["vi"] == ("thành phố thông minh", "đô thị thông minh")
    assert (rows[2].names["en"], rows[2].names["zh"], rows[2].names["id"], rows[2].names["th"]) == (
        ("port", "harbour"),
        (),
        (),
        (),
    )


@pytest.mark.parametrize(
    "text",
    ["thành phố thông minh", "THÀNH PHỐ THÔNG MINH", "đô thị thông minh", "智能城市", "smart city", "kota pintar"],
)
def test_the_longest_name_wins(text: str) -> None:
    assert GLOSSARY.concepts(text) == [SMART]


def test_an_abbreviation_that_is_a_common_word_too_needs_its_capitals() -> None:
    glossary = Glossary([Concept("health", {"en": ("WHO",)}), Concept("america", {"en": ("US", "U.S.")})])
    assert glossary.concepts("Who told us what the WHO and the US agreed?") == ["health", "america"]
    assert glossary.named("Who is the WHO?")[1].split() == ["Who", "is", "the", "?"]
    assert glossary.concepts("WHO TOLD US?") == []


@pytest.mark.parametrize("text", ["Generative AI", "generative ai", "GENERATIVE AI"])
def test_a_function_word_inside_a_longer_name_needs_no_capitals(text: str) -> None:
    assert Glossary([Concept("ai", {"en": ("generative AI",)})]).concepts(text) == ["ai"]


def test_a_name_as_long_as_a_paragraph_is_an_error() -> None:
    with pytest.raises(GlossaryError, match="more than 120 characters, smart city"):
        list(read_glossary("kind\ten\nterm\t" + "smart city " * 30, "row "))


def test_a_header_as_a_spreadsheet_writes_it_is_read() -> None:
    (row,) = read_glossary("Kind\tVI\tEN\t\nterm\tcảng\tport\t\n", "row ")
    assert (row.names["vi"], row.names["en"]) == (("cảng",), ("port",))


def test_behind_a_long_name_a_short_one_is_found_again() -> None:
    assert GLOSSARY.concepts("smart city, city and port; city") == [SMART, CITY, PORT, CITY]


def test_a_passage_names_the_concepts_inside_longer_names_too() -> None:
    assert sorted(GLOSSARY.every_concept("smart city and port")) == [CITY, SMART, PORT]
    assert GLOSSARY.every_concept("") == GLOSSARY.every_concept("nothing") == []


@pytest.mark.parametrize("text", ["thanh pho thong minh", "do thi thong minh", "Thanh Pho Thong Minh la gi"])
def test_vietnamese_needs_no_marks(text: str) -> None:
    assert GLOSSARY.concepts(text) == [SMART]


def test_a_vietnamese_name_of_one_syllable_needs_its_marks() -> None:
    glossary = Glossary([Concept("bridge", {"vi": ("cầu",)})])
    assert [glossary.concepts(text) for text in ("cầu", "cau", "cậu")] == [["bridge"], [], []]


@pytest.mark.parametrize("text", ["智慧城市", "東盟的智慧城市在哪裡", "我們的智能城市項目", "建設智慧城市。"])
def test_chinese_is_found_inside_a_sentence_in_either_script(text: str) -> None:
    assert GLOSSARY.concepts(text) == [SMART]


def test_traditional_names_are_found_under_the_simplified_ones() -> None:
    glossary = Glossary([Concept("network", {"zh": ("网络",)}), Concept("ministry", {"zh": ("建設部",)})])
    assert [glossary.concepts(text) for text in ("網絡", "网络", "建設部", "建设部")] == [
        ["network"],
        ["network"],
        ["ministry"],
        ["ministry"],
    ]


@pytest.mark.parametrize("text", ["smart cities", "Smart Cities'", "the smart city's"])
def test_an_english_plural_is_found_by_its_stem(text: str) -> None:
    assert GLOSSARY.concepts(text) == [SMART]


@pytest.mark.parametrize("text", ["2025年智慧城市", "智慧城市ASCN", "“smart city”是什么", "是 smart city 吗"])
def test_chinese_and_other_signs_need_no_blank_between_them(text: str) -> None:
    assert GLOSSARY.concepts(text) == [SMART]


@pytest.mark.parametrize("text", ["ASEAN智慧城市", "smart city是什么", "是smart city吗"])
def test_chinese_and_latin_need_no_blank_between_them(text: str) -> None:
    assert GLOSSARY.concepts(text) == [SMART]


def test_full_width_letters_are_the_same() -> None:
    assert GLOSSARY.concepts("ｓｍａｒｔ ｃｉｔｙ") == [SMART]


@pytest.mark.parametrize("text", ["", "?! …", "citizen", "capacity", "thành", "智慧", "smart"])
def test_part_of_a_name_is_no_concept(text: str) -> None:
    assert GLOSSARY.concepts(text) == []


def test_a_name_of_two_concepts_is_both() -> None:
    glossary = Glossary([Concept("b", {"en": ("Vietnam",)}), Concept("a", {"en": ("Vietnam",)})])
    assert glossary.concepts("Vietnam") == ["a", "b"]


def test_no_concepts_find_nothing() -> None:
    assert Glossary([]).concepts("smart city") == []


def test_an_administrators_rows_are_added() -> None:
    own = Concept("own 1", {"vi": ("Zzyzx",), "zh": ("某某地方名",)})
    glossary = glossary_with([own])
    assert (glossary.concepts("Zzyzx"), default_glossary().concepts("Zzyzx")) == (["own 1"], [])
    assert glossary.concepts("Singapore") == default_glossary().concepts("Singapore") != []
    assert glossary_with([]) is default_glossary()
