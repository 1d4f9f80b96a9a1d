"""BM25 finds what shares terms, never scores it below zero, and says how much of a question it covers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysers import analyser_for
from retrieval.corpus.folder import Corpus
from retrieval.index import MOST_TERMS, FieldIndex, LuceneBM25, PassageIndex, inverse_frequency
from retrieval.languages import question_language
from retrieval.passages import passages_of
from retrieval.records import DocumentLanguage, Question
from tests.retrieval.making import passages

TEXTS = (
    "平阳省的智慧城市项目",
    "越南的智慧城市网络",
    "岘港的交通和卫生",
    "东盟的峰会在新加坡举行",
    "平阳的数据中心",
)


def index_of(*texts: str, language: DocumentLanguage = "zh") -> PassageIndex:
    return PassageIndex(language, passages(*texts, language=language))


def asked(text: str) -> Question:
    return Question(text, question_language(text))


def found(index: PassageIndex, question: str) -> list[str]:
    return [hit.passage.text for hit in index.search(asked(question))]


def test_no_passages_give_no_hits() -> None:
    assert index_of().search(asked("平阳")) == []


@pytest.mark.parametrize("texts", [("。",), ("。", "—")], ids=len)
def test_passages_without_a_term_give_no_hits(texts: tuple[str, ...]) -> None:
    assert index_of(*texts).search(asked("平阳")) == []


def test_one_passage_is_found_with_a_score_above_zero() -> None:
    (hit,) = index_of("平阳的数据中心").search(asked("平阳"))
    assert (hit.passage.text, hit.score > 0, hit.coverage) == ("平阳的数据中心", True, 1.0)


def test_of_two_passages_the_one_with_the_rare_word_is_first() -> None:
    index = index_of("平阳的数据中心", "岘港的数据中心")
    assert found(index, "岘港的数据中心") == ["岘港的数据中心", "平阳的数据中心"]


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_a_term_of_every_passage_still_counts(count: int) -> None:
    hits = index_of(*["平阳的数据"] * count).search(asked("平阳"))
    assert [hit.score > 0 for hit in hits] == [True] * count


def test_equals_keep_the_order_of_the_corpus() -> None:
    hits = index_of(*["平阳的数据"] * 5).search(asked("平阳"))
    assert [hit.passage.number for hit in hits] == [1, 2, 3, 4, 5]


def test_only_passages_that_share_a_term_are_hits() -> None:
    assert sorted(found(index_of(*TEXTS), "平阳")) == sorted([TEXTS[0], TEXTS[4]])


def test_the_commonest_character_does_not_outweigh_a_name(seeds: Corpus) -> None:
    chinese = [part for document in seeds.documents if document.language == "zh" for part in passages_of(document)]
    index = PassageIndex("zh", chinese)
    assert {share.term for share in index.search(asked("平阳的"))[0].shares} == {"平阳", "平", "阳"}
    weights = [index.idf("characters", term) for term in ("智慧", "平阳", "保加利亚")]
    assert (weights == sorted(weights), weights[0] > 0) == (True, True)


def test_the_idf_is_that_of_lucene() -> None:
    figures = [inverse_frequency(37, df) for df in (29, 35, 21, 15, 13)]
    assert figures == pytest.approx([0.253, 0.068, 0.570, 0.897, 1.035], abs=6e-4)


@pytest.mark.parametrize("language", ["vi", "zh", "en", "und"])
@pytest.mark.parametrize("question", ["平阳的智慧城市", "越南 ICF 平阳", "的"])
def test_scores_are_those_of_rank_bm25(language: DocumentLanguage, question: str) -> None:
    index = index_of(*TEXTS, language=language)
    expected = [0.0] * len(TEXTS)
    for field in analyser_for(language).fields:
        whole = LuceneBM25([field.terms(text) for text in TEXTS]).get_scores(list(dict.fromkeys(field.terms(question))))
        expected = [sum(pair) for pair in zip(expected, map(float, field.weight * whole), strict=True)]
    scores = {hit.passage.number - 1: hit.score for hit in index.search(asked(question))}
    assert [scores.get(i, 0.0) for i in range(len(TEXTS))] == pytest.approx(expected)


def test_a_score_is_bm25_with_the_constants_of_lucene() -> None:
    index = FieldIndex(analyser_for("en").fields[0], ["smart smart city", "port"])
    k1, b, mean = 1.2, 0.75, 2
    expected = inverse_frequency(2, 1) * 2 * (k1 + 1) / (2 + k1 * (1 - b + b * 3 / mean))
    assert index.scores("smart") == pytest.approx({0: expected})


def test_a_score_is_the_sum_of_its_shares_and_the_greatest_come_first() -> None:
    hit = index_of(*TEXTS).search(asked("平阳智慧城市"))[0]
    scores = [share.score for share in hit.shares]
    assert hit.score == pytest.approx(sum(scores))
    assert scores == sorted(scores, reverse=True)
    assert {share.field for share in hit.shares} == {"words", "characters"}


def test_coverage_is_the_known_part_of_the_question() -> None:
    index = index_of("data centre", "smart city", language="en")
    whole, half = (index.search(asked(question))[0].coverage for question in ("data centre", "data nowhere"))
    known, unknown = index.idf("stems", "data"), index.idf("stems", "nowher")
    assert [whole, half] == pytest.approx([1.0, known / (known + unknown)])


def test_unknown_terms_lower_the_coverage() -> None:
    index = index_of(*TEXTS)
    questions = ("平阳", "平阳荷兰", "平阳荷兰巴西加拿大")
    coverages = [max(hit.coverage for hit in index.search(asked(question))) for question in questions]
    assert (coverages[0], coverages) == (1.0, sorted(coverages, reverse=True))
    assert len(set(coverages)) == 3


def test_an_unknown_term_has_the_highest_idf_and_no_scores() -> None:
    index = FieldIndex(analyser_for("en").fields[0], ["smart city", "smart port"])
    assert (index.idf("nowher"), index.scores("nowher")) == (inverse_frequency(2, 0), {})
    assert index.idf("nowher") > index.idf("citi") > index.idf("smart") > 0


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.text(st.sampled_from("平阳越南的智慧城市 ab1。"), max_size=12), max_size=6),
    st.text(st.sampled_from("平阳越南的智慧城市荷 abc12?"), max_size=12),
)
def test_every_hit_scores_above_zero_and_covers_a_part_from_0_to_1(texts: list[str], question: str) -> None:
    hits = index_of(*texts).search(asked(question))
    assert all(hit.score > 0 and 0 <= hit.coverage <= 1 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_of_a_long_question_the_rarest_terms_are_looked_up() -> None:
    texts = [" ".join(f"w{chr(97 + j // 26)}{chr(97 + j % 26)}" for j in range(i + 1)) for i in range(100)]
    index = FieldIndex(analyser_for("und").fields[0], texts)
    terms = list(dict.fromkeys(texts[-1].split()))
    assert index.rarest([*terms, "nowher"]) == list(reversed(terms))[:MOST_TERMS]


def test_a_name_in_a_long_chinese_question_is_evidence() -> None:
    question = "请介绍越南建设部部长在东盟智慧城市网络第三届年会上就可持续发展愿景提案强调了哪些优先事项以及ICF有何评价"
    (hit,) = index_of("ICF").search(asked(question))
    assert [share.term for share in hit.shares] == ["icf", "icf"]
