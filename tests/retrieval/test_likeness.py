"""Two documents that say nearly the same are told from those that do not."""

import pytest

from retrieval.likeness import NEARLY_THE_SAME, likeness, sketch
from tests.retrieval.making import ARTICLE, document

CHINESE = "第四届东盟智慧城市网络年会以线上形式举行\uff0c来自二十六个成员城市的代表出席了会议\uff0c并讨论了今后的合作。"
OTHER = "Kuching đã khai trương trung tâm điều hành đô thị thông minh đầu tiên của bang Sarawak vào tháng trước."


@pytest.mark.parametrize("text", [ARTICLE, CHINESE])
def test_the_same_text_is_like_itself_however_it_is_set(text: str) -> None:
    set_anew = document(*text.upper().replace(",", " - ").partition(" "))
    assert likeness(sketch(document(text)), sketch(set_anew)) == 1.0


def test_a_text_with_a_few_words_changed_is_nearly_the_same() -> None:
    changed = document(f"{ARTICLE} {OTHER}".replace("26", "27"))
    assert NEARLY_THE_SAME < likeness(sketch(document(f"{ARTICLE} {OTHER}")), sketch(changed)) < 1


def test_texts_of_their_own_are_not_alike() -> None:
    assert likeness(sketch(document(ARTICLE)), sketch(document(OTHER))) < 0.1
    assert likeness(sketch(document("...")), sketch(document("!"))) == 0.0
