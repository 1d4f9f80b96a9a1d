"""A reference leads to its passage for as long as the document says the same."""

from dataclasses import replace

import pytest

from retrieval.answers import MOST_FURTHER, Answerer
from retrieval.passages import passages_of
from retrieval.records import Document, Passage, PassageReference
from retrieval.references import References, compact, in_base_36, reference_in

PARAGRAPHS = tuple(
    f"The port of Quanterra has crane number {n}, which lifts the containers of ship {n} and of no other ship at all."
    for n in range(12)
)
PORT = Document("port", "en", PARAGRAPHS, title="The port")


def reference(document: Document) -> PassageReference:
    return References([Passage(document, 3, "text")]).of(Passage(document, 3, "text"))


def test_a_reference_leads_to_its_passage_and_those_of_others_lead_nowhere() -> None:
    passages = passages_of(PORT)
    references = References(passages)
    wanted = [references.of(passage) for passage in (passages[4], passages[1])]
    unknown = [PassageReference(wanted[0].document, 99), PassageReference("other", 1)]
    assert list(references.passages([unknown[0], *wanted, unknown[1]]).items()) == [
        (wanted[0], passages[4]),
        (wanted[1], passages[1]),
    ]


def test_a_document_that_says_something_else_or_is_another_has_other_references() -> None:
    others = [replace(PORT, paragraphs=PARAGRAPHS[1:]), replace(PORT, id="harbour")]
    assert reference(PORT) not in [reference(other) for other in others]
    assert reference(PORT) == reference(replace(PORT, title="Another", url="https://example.org"))


@pytest.mark.parametrize("number", [1, 35, 36, 1295, 1296, 62_500])
def test_a_reference_is_read_as_it_was_written(number: int) -> None:
    written = compact(replace(reference(PORT), number=number))
    assert (len(written) <= 9, reference_in(written)) == (True, replace(reference(PORT), number=number))


@pytest.mark.parametrize("text", ["", "abcde", "abcd 1", "abcde1\n", "abcdeZ", "\u0661bcde1"])
def test_what_is_no_reference_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="no reference"):
        reference_in(text)


@pytest.mark.parametrize("number", [0, 35, 36, 36**5, 2**52 - 1])
def test_numbers_are_written_as_python_reads_them(number: int) -> None:
    assert int(in_base_36(number), 36) == number


def test_an_answer_refers_to_what_it_quotes_and_to_the_next_best_that_are_evidence_enough() -> None:
    answerer = Answerer([PORT])
    answer, everything = answerer.answer("port of Quanterra"), answerer.answer("port of Quanterra", top=10)
    passages = answerer.passages_behind([*answer.references, *answer.further])
    assert [*passages.values()] == [quote.passage for quote in everything.quotes[: 3 + MOST_FURTHER]]
    assert len(answer.further) == MOST_FURTHER
    assert all(quote.hit.evidence >= answer.threshold for quote in everything.quotes[3 : 3 + MOST_FURTHER])


def test_where_nothing_was_found_there_is_nothing_further() -> None:
    assert Answerer([PORT]).answer("Who painted the Mona Lisa?").further == ()
