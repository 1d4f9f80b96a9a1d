"""A question is known by its mark or by its words, whatever its language; what asks nothing is left alone."""

import pytest

from retrieval.interrogatives import asks


@pytest.mark.parametrize(
    "text",
    [
        "ASCN?",
        "ASCN\uff1f! \U0001f642",
        "ASCN là gì",
        "ASCN gom nhung thanh pho nao, bao nhieu",
        "Bình Dương có nằm trong ASCN không",
        "东盟智慧城市网络是什么时候成立的",
        "東協智慧城市網絡是甚麼",
        "ASCN有多少个城市呢",
        "When was ASCN founded",
        "who chairs it.",
        "Kapan ASCN didirikan",
        "Bagaimanakah ASCN ditubuhkan",
        "ASCN ก่อตั้งเมื่อใด",
        "ไปด้วยกันไหม",
        "Kailan itinatag ang ASCN",
        "(Ilang lungsod ang kasali?)",
    ],
)
def test_these_ask(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "ASCN was founded in 2018.",
        "I know when it was founded.",
        "Whoever comes is welcome",
        "Bình Dương tham gia ASCN năm 2021",
        "东盟智慧城市网络成立于2018年。",
        "Terima kasih banyak",
        "สวัสดีทุกคน",
        "Salamat sa inyong lahat",
        "What a long text. " * 20,
    ],
)
def test_these_do_not(text: str) -> None:
    assert not asks(text)
