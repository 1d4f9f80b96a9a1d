"""Sentences end where a reader says they do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Hà Nội là thủ đô.", "Đà Nẵng thì không."],
        ["TP. Hồ Chí Minh có 9,5 triệu dân.", "Hà Nội có 8.5 triệu."],
        ["GS. Lý Hiển Long và Mr. Lee đến.", "Họ về."],
        ["Vì sao?", "Vì thế!", "Xong…"],
        ["Ông nói: “Xin chào.”", "Rồi ông đi."],
        ["Đường phố, cầu, cảng... phát triển nhanh.", "Hết."],
        ["The U.S. delegation left.", "It came back."],
        ["J. Smith wrote it.", "Nobody read it."],
        ["No end mark"],
    ],
    ids=lambda expected: expected[0],
)
def test_latin_sentences_end_at_a_mark_before_a_blank(expected: list[str]) -> None:
    assert sentences("  ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["平阳是越南的省。", "岘港不是。"],
        ["他说:“好。”", "然后走了。"],
        ["平阳是什么?", "它在越南!", "好。"],
    ],
    ids=lambda expected: expected[0],
)
def test_chinese_sentences_need_no_blank(expected: list[str]) -> None:
    assert sentences("".join(expected)) == expected


def test_full_width_question_and_exclamation_marks_end_sentences() -> None:
    expected = ["平阳是什么\uff1f", "它在越南\uff01", "好。"]
    assert sentences("".join(expected)) == expected


def test_an_address_is_not_cut_at_its_question_mark() -> None:
    text = "Xem https://baobinhduong.vn/tim?q=icf&p=2 để biết thêm."
    assert sentences(text) == [text]


@pytest.mark.parametrize("second", ["ICF是论坛。", "2022年结束。", "“好。”"])
def test_behind_a_full_width_mark_a_sentence_may_begin_with_anything(second: str) -> None:
    assert sentences(f"平阳是什么\uff1f{second}") == ["平阳是什么\uff1f", second]


def test_lines_are_sentences_of_their_own() -> None:
    assert sentences("Tiêu đề\nCâu một. Câu hai.\n\n") == ["Tiêu đề", "Câu một.", "Câu hai."]


def test_nothing_has_no_sentences() -> None:
    assert [sentence_spans(text) for text in ("", " \n\t")] == [[], []]


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("aBcĐ中文 。.!?…”)\n1,:\uff1f\uff01"), max_size=80))
def test_sentences_are_in_order_trimmed_and_only_blanks_lie_between(text: str) -> None:
    spans = sentence_spans(text)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    between = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    assert (edges, "".join(between).strip()) == (sorted(edges), "")
    assert [text[start:end] for start, end in spans] == [text[start:end].strip() for start, end in spans]
    assert all(start < end for start, end in spans)


@pytest.mark.parametrize("sign", "!?.…")
def test_a_run_of_signs_however_long_takes_time_by_its_length_alone(sign: str) -> None:
    text = sign * 300_000 + "a"  # the square of that would take an hour
    assert sentence_spans(text) == [(0, len(text))]
