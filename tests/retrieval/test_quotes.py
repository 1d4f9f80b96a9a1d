"""A quote is words of the passage, unchanged, short enough, and cut only between words."""

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.answers import Answerer
from retrieval.corpus.folder import Corpus
from retrieval.quotes import LONGEST, LONGEST_CHINESE
from retrieval.records import DocumentLanguage, Quote
from tests.retrieval.making import ARTICLE, document

FILLER = "Các đại biểu trao đổi về nhiều vấn đề chung của khu vực và thế giới trong hai ngày làm việc."
CLAUSE = "各城市分享了关于可持续发展的共同目标"


def quote(text: str, question: str, language: DocumentLanguage = "vi") -> Quote:
    """The one quote of a document that is just this paragraph, which is short enough for one passage."""
    (found,) = Answerer([document(text, language=language)]).answer(question, top=1).quotes
    return found


def best(found: Quote) -> str:
    return found.text[slice(*found.best)]


def test_a_quote_is_as_long_as_a_person_reads_at_a_glance() -> None:
    assert (LONGEST, LONGEST_CHINESE) == (600, 300)


def test_a_short_passage_is_quoted_whole() -> None:
    found = quote(f"{ARTICLE} {FILLER}", "đô thị thông minh ở đâu?")
    assert (found.text, best(found), found.begins_inside, found.ends_inside) == (
        f"{ARTICLE} {FILLER}",
        ARTICLE,
        False,
        False,
    )


@pytest.mark.parametrize("place", range(9))
def test_the_sentence_that_answers_is_in_the_quote_wherever_it_stands(place: int) -> None:
    answer = "Nhật Bản đề xuất dự án xử lý nước thải."
    sentences = [FILLER] * 8
    sentences.insert(place, answer)
    text = " ".join(sentences)
    found = quote(text, "Nhật Bản đề xuất dự án gì?")
    assert (best(found), found.text in text, len(found.text) <= LONGEST) == (answer, True, True)
    assert (found.begins_inside, found.ends_inside) == (
        not text.startswith(found.text),
        not text.endswith(found.text),
    )


def test_the_quote_grows_by_neighbours_as_far_as_they_fit() -> None:
    text = " ".join([FILLER] * 4 + [ARTICLE] + [FILLER] * 4)
    found = quote(text, "Mạng lưới đô thị thông minh")
    assert LONGEST - len(FILLER) - 1 <= len(found.text) <= LONGEST


def test_a_chinese_quote_is_shorter() -> None:
    text = "".join([f"{CLAUSE}。" for _ in range(20)])
    found = quote(text, "可持续发展的目标", "zh")
    assert (found.text in text, found.text.endswith("。"), len(found.text)) == (True, True, 285)


def test_of_a_sentence_too_long_to_show_the_clause_that_answers_is_shown() -> None:
    text = f"{FILLER[:-1]}, " * 9 + "còn Nhật Bản đề xuất dự án xử lý nước thải, " + f"{FILLER[:-1]}, " * 9 + "hết."
    found = quote(text, "Nhật Bản đề xuất dự án xử lý nước thải")
    assert "Nhật Bản đề xuất dự án xử lý nước thải" in found.text
    assert (found.text in text, len(found.text) <= LONGEST, found.begins_inside, found.ends_inside) == (True,) * 4


@pytest.mark.parametrize("comma", [",", "\uff0c"])
def test_of_a_chinese_sentence_too_long_to_show_the_clause_that_answers_is_shown(comma: str) -> None:
    text = comma.join([*[CLAUSE] * 20, "平阳连续四年入选榜单", *[CLAUSE] * 5]) + "。"
    found = quote(text, "平阳入选榜单", "zh")
    assert ("平阳连续四年入选榜单" in found.text, len(found.text) <= LONGEST_CHINESE) == (True, True)


def test_a_number_is_never_quoted_in_part() -> None:
    text = "thành phố " * 80 + "thu hút 395,5 " + "triệu đô la " * 48 + "kinh phí đầu tư xanh."
    found = quote(text, "kinh phí đầu tư xanh là bao nhiêu?")
    assert set(found.text.split()) <= set(text.split())


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("length", range(595, 606))
def test_no_word_of_a_latin_text_is_cut(language: DocumentLanguage, length: int) -> None:
    text = "x" * (length - 590) + " " + "trường phường " * 80 + "."
    found = quote(text, "phường trường x", language)
    assert (set(found.text.split()) <= set(text.split()), len(found.text) <= LONGEST) == (True, True)


@pytest.mark.parametrize("shift", range(3))
def test_no_vietnamese_word_is_cut_beside_a_chinese_name(shift: int) -> None:
    text = "x" * shift + " Bình Dương (平阳) " + "trường phường đường " * 60 + "."
    found = quote(text, "trường phường Bình Dương")
    assert (found.text == found.text.strip(), set(found.text.split()) <= set(text.split())) == (True, True)


@pytest.mark.parametrize(
    "words",
    [
        "越南和智慧交通",
        "越南建设部主持会议并介绍智慧交通和数据中心",
        "中华人民共和国的城市",
    ],
)
def test_a_chinese_sentence_is_cut_at_the_last_word_end_that_fits(words: str) -> None:
    sentences = ["和" * shift + words * 30 for shift in range(len(words))]
    ends = [[end for _, _, end in jieba.tokenize(sentence)] for sentence in sentences]
    expected = [max(end for end in found if end <= LONGEST_CHINESE) for found in ends]
    assert [len(quote(sentence, sentence, "zh").text) for sentence in sentences] == expected


def test_a_run_without_any_word_end_is_cut_at_the_limit() -> None:
    found = quote("a" * 3000 + " thành phố.", "thành phố")
    assert ("a" * 3000 + " thành phố.").find(found.text) >= 0
    assert 0 < len(found.text) <= LONGEST


def test_every_quote_of_the_seeds_is_whole_words_of_its_passage(seeds: Corpus, seed_answerer: Answerer) -> None:
    questions = [sentence[:60] for document in seeds.documents for sentence in document.paragraphs]
    found = [shown for question in questions for shown in seed_answerer.answer(question).quotes]
    assert len(found) > 100
    assert [shown for shown in found if not is_sound(shown)] == []


WORDS = st.sampled_from(["đô", "thị", "Việt", "Nam,", "ASEAN", "mạng", "lưới.", "2022;", "—", "phường", "hợp", "tác…"])
SIGNS = st.sampled_from([*"平阳越南智慧城市的,。!?、:“” ", "ICF ", "中华人民共和国", "2022", "\n", "\uff0c", "\uff1f"])


@settings(deadline=None, max_examples=80)
@given(st.lists(WORDS, min_size=1, max_size=400).map(" ".join), st.lists(WORDS, min_size=1, max_size=5).map(" ".join))
def test_any_latin_text_is_quoted_soundly_and_in_whole_words(text: str, question: str) -> None:
    quotes = Answerer([document(text)]).answer(question).quotes
    for found in quotes:
        assert is_sound(found)
        assert set(found.text.split()) <= set(text.split())


@settings(deadline=None, max_examples=80)
@given(
    st.lists(SIGNS, min_size=1, max_size=500).map("".join).filter(str.strip),
    st.lists(SIGNS, min_size=1, max_size=8).map("".join),
    st.sampled_from(["zh", "vi", "en", "und"]),
)
def test_any_chinese_text_is_quoted_soundly(text: str, question: str, language: DocumentLanguage) -> None:
    quotes = Answerer([document(text, language=language)]).answer(question).quotes
    assert all(map(is_sound, quotes))


def is_sound(found: Quote) -> bool:
    """Whether the quote is words of its passage within the limit, and what it says of itself is true."""
    passage, (begin, end) = found.passage.text, found.best
    limit = LONGEST_CHINESE if found.document.language == "zh" else LONGEST
    at_begin, at_end = passage.strip().startswith(found.text.strip()), passage.strip().endswith(found.text.strip())
    return (
        found.text in passage
        and 0 < len(found.text) <= limit
        and 0 <= begin < end <= len(found.text)
        and (found.begins_inside or at_begin)
        and (found.ends_inside or at_end)
    )
