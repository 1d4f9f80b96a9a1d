"""A document's words become passages that are small enough to show, and none is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.passages import LONGEST, passages_of, size
from retrieval.records import Passage
from tests.retrieval.making import ARTICLE, document

CHINESE = "越南建设部部长范红河在会上表示,自加入东盟智慧城市网络以来,越南已经采取了许多具体的行动。"


def texts(*paragraphs: str) -> list[str]:
    return [passage.text for passage in passages_of(document(*paragraphs))]


def test_a_document_without_paragraphs_has_no_passages() -> None:
    assert passages_of(document()) == []


def test_passages_are_numbered_from_one_and_know_their_document() -> None:
    whole = document(ARTICLE, CHINESE)
    assert passages_of(whole) == [Passage(whole, 1, ARTICLE), Passage(whole, 2, CHINESE)]


def test_a_chinese_character_says_more_than_a_letter() -> None:
    assert (size("abcd"), size("平阳"), size("")) == (4, 5, 0)


def test_a_heading_goes_with_what_it_heads() -> None:
    assert texts(ARTICLE, "新的合作机会", CHINESE) == [ARTICLE, f"新的合作机会\n{CHINESE}"]


def test_headings_in_a_row_go_together() -> None:
    assert texts("Phần một", "Mở đầu", ARTICLE) == [f"Phần một\nMở đầu\n{ARTICLE}"]


def test_a_line_that_ends_with_a_colon_heads_its_list() -> None:
    assert texts("活动的内容:", CHINESE) == [f"活动的内容:\n{CHINESE}"]


def test_any_other_short_paragraph_goes_with_what_it_follows() -> None:
    assert texts(ARTICLE, "Hội nghị kết thúc.", CHINESE) == [f"{ARTICLE}\nHội nghị kết thúc.", CHINESE]


def test_a_short_question_with_a_full_width_mark_is_no_heading() -> None:
    assert texts(ARTICLE, "平阳是什么\uff1f", CHINESE) == [f"{ARTICLE}\n平阳是什么\uff1f", CHINESE]


def test_a_heading_at_the_end_stays_with_the_last_passage() -> None:
    assert [texts(ARTICLE, "Hết"), texts("Hết")] == [[f"{ARTICLE}\nHết"], ["Hết"]]


def test_a_long_paragraph_is_split_where_sentences_end() -> None:
    sentences = [f"{CHINESE[:-1]}{letter}。" for letter in "甲乙丙丁戊己庚辛壬癸"]
    found = texts("".join(sentences * 2))
    assert ("".join(found), [text[-2:] for text in found]) == ("".join(sentences * 2), ["壬。", "辛。", "癸。"])


@pytest.mark.parametrize("word", ["thành phố ", "thành phố, ", "平阳", "平阳\uff0c"])
def test_a_sentence_beyond_all_measure_is_cut_between_words(word: str) -> None:
    sentence = (word * 2000).rstrip()
    texts = [passage.text for passage in passages_of(document(sentence))]
    assert max(map(size, texts)) <= 2.5 * LONGEST
    assert "".join(texts).replace(" ", "") == sentence.replace(" ", "")
    assert {text[0] for text in texts} == {word[0]}


PARAGRAPHS = st.lists(
    st.text(st.sampled_from("aB 中文。.!?:\n"), min_size=1, max_size=90).filter(str.strip), max_size=8
)


@settings(deadline=None, max_examples=150)
@given(PARAGRAPHS, st.integers(1, 40))
def test_every_word_of_a_document_is_in_its_passages_in_order(paragraphs: list[str], times: int) -> None:
    found = texts(*(paragraph * times for paragraph in paragraphs))
    assert "".join("".join(found).split()) == "".join("".join(paragraph * times for paragraph in paragraphs).split())


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=30))
def test_passages_of_short_sentences_are_of_the_size_promised(lengths: list[int]) -> None:
    found = texts(" ".join("A" + "a" * length + "." for length in lengths))
    assert all(size(text) <= LONGEST for text in found)
    assert all(size(text) + 403 > LONGEST for text in found[:-1])
