"""One text in another script, or without its marks."""

import pytest

from retrieval.spelling import is_traditional, to_simplified, without_marks


@pytest.mark.parametrize(
    "text", ["智慧城市網絡", "皇后是誰？", "神秘博士第一季叫什麼？", "佢哋喺邊度開會？", "臺灣", "ICF 的總部在哪裡"]
)
def test_traditional_script_is_known(text: str) -> None:
    assert is_traditional(text)


@pytest.mark.parametrize("text", ["智慧城市网络", "皇后后来怎么样？", "中文", "", "ICF 的总部在哪里", "Đà Nẵng ở đâu?"])
def test_simplified_script_and_what_is_written_alike_in_both_is_not_taken_for_it(text: str) -> None:
    assert not is_traditional(text)


def test_traditional_becomes_simplified_and_nothing_else_changes() -> None:
    assert to_simplified("平陽省的智慧城市 Đà Nẵng ICF") == "平阳省的智慧城市 Đà Nẵng ICF"


def test_marks_are_taken_off_letters_and_from_d() -> None:
    assert without_marks("Đô thị ĐÀ NẴNG hoà được") == "Do thi DA NANG hoa duoc"
