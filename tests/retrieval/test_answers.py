"""Questions on the real seeds find their document, and what the seeds do not say is refused."""

import pickle
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.answers import MOST_NEAREST, Answerer
from retrieval.bridges.glossary import Concept, Glossary
from retrieval.corpus.folder import Corpus
from retrieval.evidence import threshold
from retrieval.passages import passages_of
from retrieval.records import Answer, Question
from tests.retrieval.making import ARTICLE, document

FOUND = [
    ("001", "Năm 2021 nước nào chủ trì hội nghị thường niên ASCN?"),
    ("002", "Việt Nam cử ba thành phố nào tham gia mạng lưới?"),
    ("003", "Tuyên bố Phnom Penh nhấn mạnh điều gì?"),
    ("001", "Nam 2021 nuoc nao chu tri hoi nghi thuong nien ASCN"),
    ("002", "Viet Nam cu ba thanh pho nao tham gia mang luoi"),
    ("003", "tuyen bo Phnom Penh nhan manh dieu gi"),
    ("000", "越南建设部部长是谁?"),
    ("004", "平阳吸引了多少FDI\uff1f"),
    ("000", "越南建設部部長是誰?"),
    ("004", "平陽智慧城市項目什麼時候開始\uff1f"),
    ("004", "Louis Zacharilla"),
    ("003", "PHNOM PENH"),
]
REFUSED = [
    "Giá vàng hôm nay bao nhiêu?",
    "Cong thuc nau pho bo",
    "天气怎么样?",
    "今天足球比賽的比分",
    "Best pizza in Rome?",
    "Siapa pemenang piala dunia?",
    "ร้านอาหารที่ดีที่สุด",
]
HOSTILE = [
    "的" * 4096,
    "a." * 2048,
    "\U0001f642" * 4096,
    "\ud800" * 4096,
    "ASCN " * 800,
    "\x00\x1b[2J\u202e",
    "<b>&lt;",
]


@pytest.mark.parametrize(("expected", "question"), FOUND)
def test_a_question_finds_its_document(seed_answerer: Answerer, expected: str, question: str) -> None:
    answer = seed_answerer.answer(question)
    assert (answer.found, answer.quotes[0].document.id[:3], answer.nearest[0].id[:3]) == (True, expected, expected)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Năm 2021 nước nào chủ trì hội nghị thường niên ASCN?", "Brunei Darussalam chủ trì"),
        ("Việt Nam cử ba thành phố nào tham gia mạng lưới?", "Hà Nội, TPHCM"),
        ("越南建设部部长是谁?", "范红河"),
        ("東盟秘書長是誰", "林玉辉"),
        ("平阳智慧城市项目什么时候开始?", "自 2016 年开始实施"),
    ],
)
def test_the_first_quote_holds_the_answer(seed_answerer: Answerer, question: str, words: str) -> None:
    assert words in seed_answerer.answer(question).quotes[0].text


@pytest.mark.parametrize("question", REFUSED)
def test_what_the_documents_do_not_say_is_refused(seed_answerer: Answerer, question: str) -> None:
    answer = seed_answerer.answer(question)
    assert (answer.found, len(answer.nearest)) == (False, MOST_NEAREST)


@pytest.mark.parametrize(
    "question",
    [
        "Giá vàng hôm nay bao nhiêu?",
        "Đội bóng nào thắng?",
        "今天足球比賽的比分",
    ],
)
def test_a_refusal_names_documents_of_the_questions_language_first(seed_answerer: Answerer, question: str) -> None:
    answer = seed_answerer.answer(question)
    assert answer.nearest[0].language == answer.question.language[:2]


@pytest.mark.parametrize("text", ["", "  \n", "?!?", "… — 。", "\U0001f642", "\x00\u202e"])
def test_a_question_without_words_finds_nothing(seed_answerer: Answerer, seeds: Corpus, text: str) -> None:
    answer = seed_answerer.answer(text)
    assert replace(answer, question=Question("", "und")) == Answer(
        Question("", "und"),
        found=False,
        quotes=(),
        threshold=threshold(by_meaning=False),
        nearest=seeds.documents[:MOST_NEAREST],
    )


@pytest.mark.parametrize("question", ["是什么", "这是什么?"])
def test_a_question_of_function_words_alone_is_no_question(seed_answerer: Answerer, question: str) -> None:
    assert not seed_answerer.answer(question).found


def test_an_english_question_about_a_name_finds_it_in_chinese(seed_answerer: Answerer) -> None:
    answer = seed_answerer.answer("Who is Louis Zacharilla?")
    assert (answer.found, answer.quotes[0].document.id[:3]) == (True, "004")


@pytest.mark.parametrize("question", ["Hà Nội?", "平阳", "", "?"])
def test_an_empty_corpus_answers_nothing(question: str) -> None:
    answerer = Answerer([])
    answer = answerer.answer(question)
    assert (answerer.passages, answer.found, answer.quotes, answer.nearest) == (0, False, (), ())


def test_documents_without_a_term_are_no_trouble() -> None:
    answer = Answerer([document("…"), document("。", language="zh")]).answer("Hà Nội 平阳")
    assert (answer.found, answer.quotes) == (False, ())


def test_a_corpus_of_one_passage_answers() -> None:
    answer = Answerer([document(ARTICLE)]).answer("Đô thị thông minh là gì?")
    assert (answer.found, [quote.text for quote in answer.quotes]) == (True, [ARTICLE])


@pytest.mark.parametrize("top", [0, 1, 2, 7])
def test_as_many_quotes_come_as_were_asked_for(seed_answerer: Answerer, top: int) -> None:
    assert len(seed_answerer.answer("ASEAN 智慧城市", top=top).quotes) == top


def test_the_question_comes_back_cleaned(seed_answerer: Answerer) -> None:
    answer = seed_answerer.answer("  Ha\u0300 No\u0323\u0302i\u202e la\u0300 gi\u0300?\r\n")
    assert answer.question == Question("Hà Nội là gì?", "vi")


def test_the_spelling_of_a_question_does_not_change_its_answer(seed_answerer: Answerer) -> None:
    simplified, traditional = (seed_answerer.answer(text) for text in ("平阳省的智慧城市", "平陽省的智慧城市"))
    assert (simplified.found, simplified.quotes) == (True, traditional.quotes)


def test_passages_are_counted_by_document_and_in_all(seeds: Corpus, seed_answerer: Answerer) -> None:
    counts = [seed_answerer.passages_in(document) for document in seeds.documents]
    assert (min(counts) > 5, sum(counts)) == (True, seed_answerer.passages)


def test_every_language_may_be_in_one_corpus() -> None:
    answerer = Answerer(
        [
            document("Kota pintar membagikan data kepada warga.", language="id", name="id"),
            document("เมืองอัจฉริยะแบ่งปันข้อมูล", language="th", name="th"),
            document("The smart city shares its data.", language="en", name="en"),
            document("Đô thị thông minh chia sẻ dữ liệu.", language="vi", name="vi"),
            document("智慧城市共享数据。", language="zh", name="zh"),
        ]
    )
    questions = (
        "Siapa membagikan data kepada warga?",
        "เมืองอัจฉริยะ",
        "Who shares data?",
        "do thi thong minh",
        "共享數據",
    )
    assert [answerer.answer(question).quotes[0].document.id for question in questions] == ["id", "th", "en", "vi", "zh"]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_question_gets_an_answer_like_any_other(seed_answerer: Answerer, text: str) -> None:
    answer = seed_answerer.answer(text)
    assert (len(answer.nearest), answer.question.text.isprintable() or not answer.question.text) == (5, True)
    assert answer.question.text.encode()


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(), max_size=120))
def test_any_question_gets_a_whole_answer(seed_answerer: Answerer, text: str) -> None:
    answer = seed_answerer.answer(text)
    assert answer.found == bool(answer.quotes and answer.quotes[0].hit.evidence >= answer.threshold)
    assert len(answer.quotes) <= 3
    assert len(answer.nearest) == MOST_NEAREST
    assert seed_answerer.answer(text) == answer


@pytest.mark.parametrize(
    ("expected", "question", "language"),
    [
        ("003", "What does the Phnom Penh declaration emphasise?", "en"),
        ("000", "Who is the Minister of Construction of Vietnam?", "en"),
        ("004", "How much foreign direct investment did Binh Duong attract?", "en"),
        ("003", "Apa yang ditekankan Deklarasi Phnom Penh?", "id"),
        ("004", "Siapa Louis Zacharilla?", "id"),
        ("001", "บรูไนเป็นประธาน ASCN ปี 2021 หรือไม่", "th"),
        ("004", "ใครคือ Louis Zacharilla", "th"),
    ],
)
def test_by_meaning_a_question_in_another_language_finds_its_document(
    meaning_answerer: Answerer, expected: str, question: str, language: str
) -> None:
    answer = meaning_answerer.answer(question)
    assert (answer.question.language, answer.found, answer.threshold) == (language, True, threshold(by_meaning=True))
    assert answer.quotes[0].document.id[:3] == expected


@pytest.mark.parametrize(("expected", "question"), FOUND)
def test_by_meaning_a_question_still_finds_its_document(
    meaning_answerer: Answerer, expected: str, question: str
) -> None:
    answer = meaning_answerer.answer(question)
    assert (answer.found, answer.quotes[0].document.id[:3]) == (True, expected)


@pytest.mark.parametrize("question", REFUSED)
def test_by_meaning_what_the_documents_do_not_say_is_refused(meaning_answerer: Answerer, question: str) -> None:
    answer = meaning_answerer.answer(question)
    assert (answer.found, len(answer.nearest)) == (False, MOST_NEAREST)


@pytest.mark.parametrize("text", ["", "?!?", "\U0001f642", "\x00\u202e", "là gì", "what is this?", "是什么"])
def test_by_meaning_a_question_without_words_finds_nothing(meaning_answerer: Answerer, text: str) -> None:
    answer = meaning_answerer.answer(text)
    assert (answer.found, answer.quotes, len(answer.nearest)) == (False, (), MOST_NEAREST)


def test_a_question_without_marks_is_searched_with_them_and_comes_back_as_typed(seed_answerer: Answerer) -> None:
    typed = "Mang luoi do thi thong minh la gi"
    assert seed_answerer.searched(typed).text == "Mạng lưới đô thị thông minh là gì"
    assert seed_answerer.answer(typed).question == Question(typed, "vi")


@pytest.mark.parametrize("text", ["Tuyên bo Phnom Penh", "What is the network?", "平阳是什么"])
def test_a_question_with_marks_or_in_another_language_is_searched_as_typed(seed_answerer: Answerer, text: str) -> None:
    assert seed_answerer.searched(text).text == text


def test_each_language_ranks_for_itself_and_knows_whether_it_is_asked(seed_answerer: Answerer) -> None:
    ranked = seed_answerer.ranked("Who is Louis Zacharilla?")
    assert {language: lists.own for language, lists in ranked.items()} == {"zh": False, "vi": False}
    assert {language: lists.own for language, lists in seed_answerer.ranked("平阳").items()} == {
        "zh": True,
        "vi": False,
    }
    assert {found.passage.document.language for found in ranked["zh"].hits} == {"zh"}


def test_a_hit_knows_its_index(seed_answerer: Answerer) -> None:
    quotes = seed_answerer.answer("ASEAN 智慧城市", top=20).quotes
    assert {quote.document.language for quote in quotes} == {"vi", "zh"}
    assert all(seed_answerer.index_of(quote.hit).language == quote.document.language for quote in quotes)


def test_without_an_encoder_nothing_is_near(seed_answerer: Answerer, meaning_answerer: Answerer) -> None:
    plain, near = (answerer.answer("ASCN là gì?").quotes for answerer in (seed_answerer, meaning_answerer))
    assert {quote.hit.nearness for quote in plain} == {None}
    assert all(quote.hit.nearness is not None and -1 <= quote.hit.nearness <= 1 for quote in near)


def test_an_answerer_that_was_pickled_answers_alike(seed_answerer: Answerer) -> None:
    again: Answerer = pickle.loads(pickle.dumps(seed_answerer))  # noqa: S301
    for question in (*(question for _, question in FOUND), *REFUSED):
        assert again.answer(question) == seed_answerer.answer(question)


def test_an_answerer_made_from_an_earlier_one_answers_like_one_made_anew(
    seeds: Corpus, seed_answerer: Answerer
) -> None:
    changed = replace(seeds.documents[0], paragraphs=(ARTICLE, *seeds.documents[0].paragraphs[2:]))
    documents = (changed, *seeds.documents[2:])
    later = Answerer(documents, earlier=seed_answerer)
    anew = Answerer(documents)
    for question in (*(question for _, question in FOUND), *REFUSED):
        assert later.answer(question) == anew.answer(question)


def test_nothing_is_taken_from_an_answerer_with_another_glossary(seeds: Corpus, seed_answerer: Answerer) -> None:
    rows = Glossary([Concept("own", {"en": ("Zacharilla",)})])
    assert Answerer(seeds.documents, glossary=rows, earlier=seed_answerer).glossary is rows
    found = Answerer(seeds.documents, glossary=rows, earlier=seed_answerer).answer("Zacharilla")
    assert found == Answerer(seeds.documents, glossary=rows).answer("Zacharilla")


def test_only_a_document_that_has_changed_is_divided_again(seed_answerer: Answerer, seeds: Corpus) -> None:
    first, *rest = seeds.documents
    changed = replace(first, paragraphs=(ARTICLE,))
    with patch("retrieval.answers.passages_of", wraps=passages_of) as dividing:
        later = Answerer([changed, *rest], earlier=seed_answerer)
    assert [call.args[0] for call in dividing.call_args_list] == [changed]
    assert later.passages_in(changed) == 1
