"""What speaks for a hit and against it is counted alike in every language, and weighed into a probability."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.answers import Answerer
from retrieval.bridges.concepts import default_glossary
from retrieval.corpus.folder import Corpus
from retrieval.evidence import Weigher, threshold
from retrieval.index import PassageIndex
from retrieval.records import Document, Hit, Passage, Signs
from tests.retrieval.making import asked, hit, index_of

VIETNAMESE = (
    "Brunei Darussalam là Chủ tịch ASCN năm 2021.",
    "Bình Dương có 4.049 dự án đầu tư.",
    "Hội nghị lần thứ tư họp trực tuyến.",
)
CHINESE = ("平阳省的智慧城市项目。", "平阳有65个国家的投资。", "东盟峰会在新加坡举行。")


def indexes() -> dict[str, PassageIndex]:
    return {"vi": index_of(*VIETNAMESE, language="vi"), "zh": index_of(*CHINESE)}


def weighed(question: str, language: str) -> dict[str, Hit]:
    """The weighed hits by their passage's text."""
    made = indexes()
    query = asked(question)
    hits = Weigher(made.values(), default_glossary()).weighed(
        query, made[language].search(query), made[language].speaks(query)
    )
    return {found.passage.text: found for found in hits}


def signs(question: str, passage: str) -> Signs:
    found = weighed(question, "vi" if passage in VIETNAMESE else "zh")[passage].signs
    assert found is not None
    return found


def test_no_hits_weigh_nothing() -> None:
    assert Weigher((), default_glossary()).weighed(asked("Bình Dương"), [], own=True) == []


def test_a_concept_in_the_passage_speaks_for_it_and_one_that_lacks_against_it() -> None:
    both, one = signs("Binh Duong investment", VIETNAMESE[1]), signs("Binh Duong investment summit", VIETNAMESE[1])
    assert both.met > 0 == both.missed
    assert one.missed > 0


def test_a_concept_that_no_passage_names_is_unheard_of() -> None:
    assert signs("Binh Duong summit", VIETNAMESE[1]).unheard == 0
    assert signs("Binh Duong airport", VIETNAMESE[1]).unheard == 1


def test_a_concept_weighs_by_how_many_passages_of_all_languages_name_it() -> None:
    # Bình Dương stands in three of the six, Brunei in one; within Vietnamese alone each stands in one of three.
    assert signs("Who is Brunei?", VIETNAMESE[0]).met > signs("Who is Binh Duong?", VIETNAMESE[1]).met > 0


def test_a_question_of_which_the_glossary_knows_half_lets_its_concepts_count_half() -> None:
    whole, half = signs("Brunei", VIETNAMESE[0]), signs("Brunei xyzzy", VIETNAMESE[0])
    assert (whole.known, half.known) == (1.0, 0.5)
    assert half.met == pytest.approx(whole.met / 2)


def test_a_name_that_the_glossary_does_not_know_speaks_for_the_passage_that_has_it() -> None:
    index = index_of("论坛创办人Marten Kuipers在平阳。", "平阳的项目。")
    query = asked("Who is Marten Kuipers?")
    found = Weigher([index], default_glossary()).weighed(query, index.search(query), own=False)[0]
    assert found.signs is not None
    assert found.names == {"marten", "kuipers"}
    assert (found.signs.known, found.signs.missed) == (1.0, 0.0)
    assert found.signs.met > 0


@pytest.mark.parametrize("fourth", ["lần thứ 4", "lần thứ tư", "lần 4"])
def test_a_number_is_met_however_it_is_written(fourth: str) -> None:
    found = signs(f"hội nghị {fourth} họp thế nào", VIETNAMESE[2])
    assert (found.numbers_met, found.numbers_missed) == (1, 0)


def test_a_year_that_lacks_is_more_than_a_number_that_lacks() -> None:
    year, number = signs("chủ tịch ASCN năm 2023", VIETNAMESE[0]), signs("chủ tịch ASCN 17", VIETNAMESE[0])
    assert (year.numbers_missed, year.years_missed) == (1, 1)
    assert (number.numbers_missed, number.years_missed) == (1, 0)


@pytest.mark.parametrize(
    ("question", "missed"),
    [
        ("ASCN có bao nhiêu thành viên?", 1),
        ("ASCN họp khi nào?", 0),
        ("ASCN họp năm 2021 khi nào?", 1),
        ("Chủ tịch ASCN là ai?", 0),
    ],
)
def test_a_passage_that_tells_no_time_and_no_number_misses_what_is_asked_for(question: str, missed: int) -> None:
    assert signs(question, VIETNAMESE[0]).kinds_missed == missed


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("ASCN ở Manila thế nào?", 1),
        ("Brunei và Manila làm gì?", 1),
        ("Brunei làm gì?", 0),
        ("ASCN làm gì?", 0),
    ],
)
def test_a_place_that_the_document_names_nowhere_is_missed(question: str, absent: int) -> None:
    assert signs(question, VIETNAMESE[0]).places_missed == absent


def test_a_place_that_another_passage_of_the_document_names_or_its_title_is_not() -> None:
    document = Document("d", "vi", (), title="Hợp tác với Thái Lan")
    passages = [Passage(document, 1, "Hội nghị bàn về giao thông."), Passage(document, 2, "Đoàn đến từ Manila.")]
    index = PassageIndex("vi", passages, default_glossary())
    for place, absent in (("Manila", 0), ("Thái Lan", 0), ("Yangon", 1)):
        hits = index.search(asked(f"giao thông ở {place}"))
        assert [len(hit.places_missing) for hit in hits if hit.passage.number == 1] == [absent]


def test_concepts_that_stand_in_two_sentences_stand_apart() -> None:
    index = index_of("平阳举行峰会。", "平阳很美。峰会在新加坡举行。", "别的。")
    query = asked("平阳峰会")
    found = Weigher([index], default_glossary()).weighed(query, index.search(query), own=True)
    apart = {hit.passage.number: hit.signs.apart for hit in found if hit.signs}
    assert apart[1] == 0 < apart[2]


def test_the_wrong_year_makes_an_answer_less_likely() -> None:
    right, wrong = (weighed(f"Ai là chủ tịch ASCN năm {year}?", "vi")[VIETNAMESE[0]] for year in (2021, 2023))
    assert right.evidence > wrong.evidence
    assert right.standing > wrong.standing


def test_the_best_hit_of_a_list_has_no_lead_to_catch_up() -> None:
    leads = [found.signs.lead for found in weighed("智慧城市 平阳", "zh").values() if found.signs]
    assert leads[0] == 0
    assert leads == sorted(leads, reverse=True)


def test_a_hit_that_covers_and_nears_nothing_is_no_evidence() -> None:
    (found,) = Weigher((), default_glossary()).weighed(asked("xyzzy"), [hit("vi", 5.0, coverage=0.0)], own=True)
    assert found.evidence == 0.0


@settings(deadline=None, max_examples=100)
@given(st.floats(0, 1), st.one_of(st.none(), st.floats(-1, 1)), st.booleans())
def test_evidence_is_a_probability_and_more_coverage_never_lowers_it(
    coverage: float, nearness: float | None, own: bool
) -> None:
    weigher, question = Weigher((), default_glossary()), asked("xyzzy")
    (less,) = weigher.weighed(question, [hit("vi", 5.0, coverage / 2, nearness)], own)
    (more,) = weigher.weighed(question, [hit("vi", 5.0, coverage, nearness)], own)
    assert 0 <= less.evidence <= more.evidence <= 1


@settings(deadline=None, max_examples=50)
@given(st.floats(0.1, 50), st.floats(0.1, 50))
def test_a_score_is_no_evidence(one: float, other: float) -> None:
    judged = [
        Weigher((), default_glossary()).weighed(asked("xyzzy"), [hit("vi", score, 0.5)], own=True)[0]
        for score in (one, other)
    ]
    assert judged[0].evidence == judged[1].evidence


def test_a_question_of_a_thousand_years_is_merely_unlikely_to_be_answered() -> None:
    (found,) = Weigher((), default_glossary()).weighed(
        asked(" ".join(str(year) for year in range(1900, 2100)) + " 1" * 2000), [hit("vi", 5.0, 0.5)], own=True
    )
    assert 0 <= found.evidence < 1e-6


def test_both_ways_have_a_threshold() -> None:
    assert all(0 < threshold(by_meaning) < 1 for by_meaning in (True, False))


@pytest.mark.parametrize(
    "question",
    ["ASCN目前有幾個會員城市?", "Ông Lim Jock Hoi phát biểu thế nào về đô thị thông minh?", "ascn thanh lap nam nao"],
)
def test_one_article_alone_answers_what_it_answers_among_others(seeds: Corpus, question: str) -> None:
    alone = Answerer(seeds.documents[:1]).answer(question)
    assert alone.found
    assert alone.quotes[0].hit.evidence >= Answerer(seeds.documents).answer(question).threshold


def test_one_article_alone_is_silent_on_what_it_does_not_tell(seeds: Corpus) -> None:
    alone = Answerer(seeds.documents[:1])
    asked_in_vain = ("How do I bake bread?", "Giá vàng hôm nay bao nhiêu?", "ASCN的预算是多少?")
    assert [question for question in asked_in_vain if alone.answer(question).found] == []
