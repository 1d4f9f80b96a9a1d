"""BM25 finds what shares terms, never scores it below zero, and says how much of a question it covers."""

import os
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysers import Field, analyser_for
from retrieval.bm25 import MOST_TERMS, FieldIndex, LuceneBM25, inverse_frequency
from retrieval.bridges.concepts import default_glossary
from retrieval.bridges.glossary import Concept, Glossary
from retrieval.corpus.folder import Corpus
from retrieval.index import PassageIndex, _facts
from retrieval.passages import passages_of
from retrieval.records import DocumentLanguage, Question, QuestionLanguage
from tests.retrieval.making import asked, index_of, passages

VIETNAMESE = ["Cảng biển ở Bình Dương.", "Đô thị thông minh của Bình Dương.", "Mạng lưới ASEAN."]
ENGLISH = ["A smart port is a port.", "Cities that are smart.", "The network of ASEAN."]
TEXTS = (
    "平阳省的智慧城市项目",
    "越南的智慧城市网络",
    "岘港的交通和卫生",
    "东盟的峰会在新加坡举行",
    "平阳的数据中心",
)

LANGUAGES: tuple[QuestionLanguage, ...] = ("vi", "zh-Hans", "zh-Hant", "en", "id", "ms", "th", "tl", "und")


def found(index: PassageIndex, question: str) -> list[str]:
    return [hit.passage.text for hit in index.search(asked(question))]


def field_index(field: Field, texts: list[str]) -> FieldIndex:
    return FieldIndex(field, [field.terms(text) for text in texts])


def scores_of(index: FieldIndex, *terms: str) -> dict[int, float]:
    numbers, values = index.scores(*terms)
    return dict(zip(numbers.tolist(), values.tolist(), strict=True))


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
    index = PassageIndex("zh", chinese, default_glossary())
    shares = index.search(asked("平阳的"))[0].shares
    assert {share.term for share in shares if share.field != "concepts"} == {"平阳", "平", "阳"}
    weights = [index.idf("characters", term) for term in ("智慧", "平阳", "保加利亚")]
    assert (weights == sorted(weights), weights[0] > 0) == (True, True)


def test_the_idf_is_that_of_lucene() -> None:
    figures = [inverse_frequency(37, df) for df in (29, 35, 21, 15, 13)]
    assert figures == pytest.approx([0.253, 0.068, 0.570, 0.897, 1.035], abs=6e-4)


@pytest.mark.parametrize(
    ("language", "texts", "text"),
    [
        ("zh", TEXTS, "平阳的智慧城市"),
        ("zh", TEXTS, "越南 ICF 平阳"),
        ("zh", TEXTS, "的 平阳"),
        ("und", TEXTS, "平阳的智慧城市"),
        ("vi", VIETNAMESE, "cảng biển và đô thị ở Bình Dương"),
        ("en", ENGLISH, "smart ports and the cities"),
    ],
)
def test_scores_are_those_of_rank_bm25(language: DocumentLanguage, texts: list[str], text: str) -> None:
    index = index_of(*texts, language=language)
    expected = [0.0] * len(texts)
    for field in analyser_for(language).own:
        terms = [field.terms(text) for text in texts]
        if any(terms):
            whole = LuceneBM25(terms).get_scores(list(dict.fromkeys(field.asked_terms(text))))
            expected = [sum(pair) for pair in zip(expected, map(float, field.weight * whole), strict=True)]
    same_language = Question(text, "zh-Hans" if language == "zh" else language)
    scores = {
        hit.passage.number - 1: sum(share.score for share in hit.shares if share.field != "concepts")
        for hit in index.search(same_language)
    }
    assert max(expected) > 0
    assert [scores.get(i, 0.0) for i in range(len(texts))] == pytest.approx(expected)


def test_what_is_named_once_counts_once_however_many_concepts_the_name_has() -> None:
    twice = Glossary([Concept("a", {"en": ("Vietnam",), "zh": ("越南",)}), Concept("b", {"en": ("Vietnam",)})])
    index = PassageIndex("zh", passages("越南的港口", "港口", "港口"), twice)
    (hit, *_) = index.search(asked("Vietnam"))
    assert hit.concepts == {frozenset({"a", "b"})}
    assert [(share.field, share.term, share.idf) for share in hit.shares] == [
        ("concepts", "Vietnam", inverse_frequency(3, 1))
    ]


def test_an_abbreviation_counts_in_a_sentence_that_has_no_small_letters() -> None:
    index = index_of("Becamex集团与平阳合作建设数据中心。WHO表示支持智慧城市。")
    (hit,) = index.search(Question("WHO nói gì về đô thị?", "vi"))
    who = frozenset(default_glossary().concepts("the WHO"))
    assert who
    assert any(who & named for named in hit.concepts)


def test_a_same_language_question_meets_its_own_fields_and_the_concepts() -> None:
    shares = [share for hit in index_of(*TEXTS).search(asked("新加坡的峰会")) for share in hit.shares]
    assert {share.field for share in shares} == {"words", "characters", "concepts"}


def test_a_score_is_bm25_with_the_constants_of_lucene() -> None:
    index = field_index(analyser_for("en").own[0], ["smart smart city", "port"])
    k1, b, mean = 1.2, 0.75, 2
    expected = inverse_frequency(2, 1) * 2 * (k1 + 1) / (2 + k1 * (1 - b + b * 3 / mean))
    assert scores_of(index, "smart") == pytest.approx({0: expected})


def test_a_score_is_the_sum_of_its_shares_and_the_greatest_come_first() -> None:
    hit = index_of(*TEXTS).search(asked("平阳智慧城市"))[0]
    scores = [share.score for share in hit.shares]
    assert hit.score == pytest.approx(sum(scores))
    assert scores == sorted(scores, reverse=True)
    assert {share.field for share in hit.shares} == {"words", "characters", "concepts"}


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
    index = field_index(analyser_for("en").own[0], ["smart city", "smart port"])
    assert (index.idf("nowher"), scores_of(index, "nowher")) == (inverse_frequency(2, 0), {})
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
    index = field_index(analyser_for("und").own[0], texts)
    terms = list(dict.fromkeys(texts[-1].split()))
    assert index.rarest([*terms, "nowher"]) == list(reversed(terms))[:MOST_TERMS]


def test_a_name_in_a_long_chinese_question_is_evidence() -> None:
    question = "请介绍越南建设部部长在东盟智慧城市网络第三届年会上就可持续发展愿景提案强调了哪些优先事项以及ICF有何评价"
    (hit,) = index_of("ICF").search(asked(question))
    assert {share.term for share in hit.shares if share.field != "concepts"} == {"icf"}


def test_alternatives_share_one_tf_and_one_df() -> None:
    field = analyser_for("en").own[0]
    apart = field_index(field, ["growth growth port", "development port", "harbour"])
    together = field_index(field, ["growth growth port", "growth port", "harbour"])
    both = apart.field.terms("growth development")
    assert apart.idf(*both) == together.idf("growth") == inverse_frequency(3, 2)
    assert scores_of(apart, *both) == pytest.approx(scores_of(together, "growth"))


def test_alternatives_count_every_one_of_them_in_a_passage() -> None:
    field = analyser_for("en").own[0]
    mixed = field_index(field, ["growth development", "harbour"])
    twice = field_index(field, ["growth growth", "harbour"])
    assert scores_of(mixed, *field.terms("growth development")) == pytest.approx(scores_of(twice, "growth"))


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.text(st.sampled_from("ab c"), max_size=12), min_size=1, max_size=30),
    st.lists(st.sampled_from(["a", "b", "ab", "ba", "c", "cc"]), unique=True),
)
def test_the_scores_of_any_texts_are_those_of_rank_bm25(texts: list[str], terms: list[str]) -> None:
    field = Field("words", str.split)
    index, totals = field_index(field, texts), dict.fromkeys(range(len(texts)), 0.0)
    for term in terms:
        for number, score in scores_of(index, term).items():
            totals[number] += score
            assert index.has(number, term)
    counted = [field.terms(text) for text in texts]
    whole = LuceneBM25(counted).get_scores(terms).tolist() if any(counted) else [0.0] * len(texts)
    assert list(totals.values()) == pytest.approx(whole, abs=1e-12)


def test_only_passages_that_have_a_term_are_touched() -> None:
    index = field_index(Field("words", str.split), ["common"] * 999 + ["common rare"])
    assert scores_of(index, "rare").keys() == {999}
    assert scores_of(index, "rare", "nowhere").keys() == {999}
    assert index.scores("rare").of([3, 998, 999]).keys() == {999}


def test_an_alternative_seen_nowhere_changes_nothing() -> None:
    index = field_index(analyser_for("en").own[0], ["smart city", "smart port"])
    assert (scores_of(index, "citi", "nowher"), index.idf("citi", "nowher")) == (
        scores_of(index, "citi"),
        index.idf("citi"),
    )
    assert scores_of(index, "nowher", "neither") == scores_of(index) == {}


@pytest.mark.parametrize(
    ("language", "texts", "question", "expected", "field"),
    [
        ("zh", ("早上喝咖啡", "晚上带雨伞"), "Who drinks coffee?", "早上喝咖啡", "words"),
        (
            "vi",
            ("Trẻ em thích tưởng tượng.", "Ngư dân đánh cá."),
            "Children and imagination",
            "Trẻ em thích tưởng tượng.",
            "sounds",
        ),
    ],
)
def test_an_english_question_finds_its_passage_through_the_dictionary(
    language: DocumentLanguage, texts: tuple[str, ...], question: str, expected: str, field: str
) -> None:
    hits = index_of(*texts, language=language).search(Question(question, "en"))
    assert [hit.passage.text for hit in hits] == [expected]
    assert field in {share.field for share in hits[0].shares}


@pytest.mark.parametrize(("text", "language"), [("早上喝咖啡", "zh"), ("Trẻ em thích tưởng tượng.", "vi")])
def test_an_english_word_that_no_passage_has_in_its_language_is_not_looked_for(
    text: str, language: DocumentLanguage
) -> None:
    groups = index_of(text, language=language).groups(Question("constitution", "en"))
    assert not {"words", "sounds"} & {group.index.field.name for group in groups}


def test_the_dictionary_is_for_english_questions_alone() -> None:
    index = index_of("早上喝咖啡", "晚上带雨伞")
    assert index.search(Question("umbrella", "id")) == []


def test_a_vietnamese_question_finds_a_chinese_passage_through_its_sounds() -> None:
    (hit,) = index_of("他喜欢想象", "晚上带雨伞").search(Question("tưởng tượng", "vi"))
    assert (hit.passage.text, [share.field for share in hit.shares]) == ("他喜欢想象", ["sounds"])


def test_a_chinese_question_finds_a_vietnamese_passage_through_its_sounds() -> None:
    index = index_of("Trẻ em thích tưởng tượng.", "Ngư dân đánh cá.", language="vi")
    (hit,) = index.search(Question("想象", "zh-Hans"))
    assert (hit.passage.text, [share.field for share in hit.shares]) == ("Trẻ em thích tưởng tượng.", ["sounds"])


@pytest.mark.parametrize(
    ("question", "language"),
    [("Apa itu kota pintar?", "id"), ("เมืองอัจฉริยะ", "th"), ("Ano ang Singapore?", "tl"), ("Di mana Singapura?", "ms")],
)
def test_other_languages_find_passages_through_concepts(question: str, language: QuestionLanguage) -> None:
    texts = {"zh": ("新加坡是智慧城市", "晚上带雨伞"), "vi": ("Singapore là thành phố thông minh.", "Ngư dân đánh cá.")}
    for passages_in in ("zh", "vi"):
        spoken: DocumentLanguage = "zh" if passages_in == "zh" else "vi"
        hits = index_of(*texts[passages_in], language=spoken).search(Question(question, language))
        assert [hit.passage.text for hit in hits] == [texts[passages_in][0]]
        assert "concepts" in {share.field for share in hits[0].shares}


@pytest.mark.parametrize(
    ("bare", "full"),
    [
        ("coffee", "What is it that they would do with the coffee?"),
        ("Zacharilla", "Who was this Zacharilla and how is he?"),
    ],
)
def test_the_function_words_of_a_foreign_question_add_nothing(bare: str, full: str) -> None:
    index = index_of("我们在这里喝咖啡", "Zacharilla 和他的城市", "有没有你们的")
    found_bare, found_full = (index.search(Question(text, "en")) for text in (bare, full))
    assert [(hit.passage, hit.score) for hit in found_full] == [(hit.passage, hit.score) for hit in found_bare] != []


def test_a_foreign_question_word_is_no_concept_that_a_passage_may_share() -> None:
    index = index_of("喝咖啡是什么", "这是什么")
    bare, full = (index.search(Question(text, "en")) for text in ("coffee", "What is coffee?"))
    assert [(hit.passage, hit.score) for hit in full] == [(hit.passage, hit.score) for hit in bare]


@pytest.mark.parametrize("text", ["", "?!", "what is this", "là gì", "是什么", "apa itu"])
@pytest.mark.parametrize("language", ["vi", "zh", "en", "und"])
def test_a_question_of_function_words_alone_finds_nothing(language: DocumentLanguage, text: str) -> None:
    index = index_of("是什么 là gì what is this apa itu ?!", language=language)
    assert index.search(asked(text)) == []


def test_passages_speak_their_own_language_and_any_unknown_one() -> None:
    index = index_of(*TEXTS)
    spoken = {language: index.speaks(Question("ICF", language)) for language in LANGUAGES}
    assert {language for language, speaks in spoken.items() if speaks} == {"zh-Hans", "zh-Hant", "und"}


KEPT = st.lists(st.sampled_from(TEXTS) | st.text("东盟城市 aé1", max_size=6), max_size=6)


def described(index: FieldIndex) -> dict[str, tuple[float, dict[int, float]]]:
    """Each term with its idf, and what it adds to each passage."""
    return {term: (index.idf(term), scores_of(index, term)) for term in index._rows}


@settings(deadline=None, max_examples=300)
@given(KEPT, KEPT)
def test_an_index_that_takes_its_counts_from_an_earlier_one_is_the_same_as_one_made_anew(
    before: list[str], after: list[str]
) -> None:
    for field in analyser_for("zh").own:
        earlier = field_index(field, before)
        known = {text: number for number, text in enumerate(before)}
        terms = [known[text] if text in known else field.terms(text) for text in after]
        assert described(FieldIndex(field, terms, earlier)) == described(field_index(field, after))


def test_the_passages_of_an_earlier_index_are_not_analysed_again() -> None:
    texts = (TEXTS[3], "河内是越南的首都", TEXTS[0])
    with patch("retrieval.index._facts", wraps=_facts) as analysing:
        earlier = PassageIndex("zh", passages(*TEXTS, language="zh"), default_glossary())
        later = PassageIndex("zh", passages(*texts, language="zh"), default_glossary(), earlier=earlier)
        assert [call.args[0] for call in analysing.call_args_list] == [*TEXTS, "河内是越南的首都"]
        anew = PassageIndex("zh", passages(*texts, language="zh"), default_glossary())
        for question in ("越南的首都", "东盟的峰会在哪里", "thủ đô của Việt Nam", "the ASEAN summit in Singapore"):
            assert later.search(asked(question)) == anew.search(asked(question))


def test_many_passages_are_analysed_by_several_processes_as_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    many = passages(*(f"{text}，第{number}次" for text in TEXTS for number in range(8)), language="zh")
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    by_one = PassageIndex("zh", many, default_glossary())
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("retrieval.parallel._WORTH_A_FORK", 5)
    with patch("os.fork", wraps=os.fork) as forking:
        by_several = PassageIndex("zh", many, default_glossary())
    assert forking.call_count == 2
    assert by_several._facts == by_one._facts
    assert {name: described(index) for name, index in by_several._fields.items()} == {
        name: described(index) for name, index in by_one._fields.items()
    }
