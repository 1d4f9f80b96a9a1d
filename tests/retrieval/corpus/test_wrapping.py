"""A text that somebody broke to a width is read paragraph by paragraph, as if it had not been broken."""

from textwrap import wrap
from time import process_time
from unicodedata import east_asian_width

import pytest

from retrieval.corpus.articles import read_article
from retrieval.corpus.wrapping import unwrapped

TITLE = "Mạng lưới đô thị thông minh"
VIETNAMESE = (
    "Ngày 30/8, Hội nghị thường niên Mạng lưới đô thị thông minh ASEAN lần thứ tư đã được tổ chức theo hình thức trực "
    "tuyến với sự tham gia của các đại diện quốc gia và 26 đô thị thành viên, Ban thư ký ASEAN cùng các đối tác."
)
ENGLISH = (
    "The network was founded at the 32nd summit in Singapore, so that its cities may share what they have learnt about "
    "well-kept public services, and find partners for them. Twenty-six cities take part; see "
    "https://asean.org/our-communities/asean-smart-cities-network/a-page-with-a-long-address for the list of them all."
)
CHINESE = (
    "东盟智慧城市网络(ASCN)于2018年在新加坡举行的第32届东盟峰会上成立，旨在为各座城市建立一个合作平台，以分享有关发展可持续智慧城市的"
    "共同目标。越南建设部部长范红河在会上表示，自加入以来，越南已经采取了许多具体的行动，并逐步优化了城市发展管理，改善市民生活水平。"
)


def broken(text: str, width: int) -> list[str]:
    """The text broken as an editor does: between words, in Chinese anywhere but before a sign."""
    if "。" not in text:
        return wrap(text, width, break_long_words=False, break_on_hyphens=False)
    lines, room = [""], width
    for character in text:
        columns = 1 + (east_asian_width(character) in "WF")
        if columns > room and character not in "，。；)":
            lines, room = [*lines, ""], width
        lines[-1] += character
        room -= columns
    return lines


@pytest.mark.parametrize("width", [60, 72, 80, 100])
@pytest.mark.parametrize("text", [VIETNAMESE, ENGLISH, CHINESE], ids=["vi", "en", "zh"])
def test_paragraphs_are_put_together_word_for_word(text: str, width: int) -> None:
    assert unwrapped([TITLE, "", *broken(text, width), "", *broken(text, width)]) == [TITLE, "", text, "", text]


def test_the_article_has_its_title_and_all_its_text() -> None:
    page = "\n".join([TITLE, "", *broken(VIETNAMESE, 72), "", *broken(ENGLISH, 72)])
    article = read_article(".txt", page.encode())
    assert article.title == TITLE
    assert article.paragraphs == (VIETNAMESE, ENGLISH)


def test_a_heading_right_above_its_text_stays_a_line_of_its_own() -> None:
    assert unwrapped([TITLE, *broken(VIETNAMESE, 72), "", *broken(ENGLISH, 72)]) == [TITLE, VIETNAMESE, "", ENGLISH]


def test_an_entry_of_a_list_begins_a_line() -> None:
    first, second = f"- {VIETNAMESE}", f"- {ENGLISH}"
    assert unwrapped([*broken(first, 72), *broken(second, 72)]) == [first, second]


@pytest.mark.parametrize(
    "lines",
    [
        ["Thế giới", TITLE, VIETNAMESE, ENGLISH],
        ["Trang chủ", "Thế giới", "Kinh tế", "Văn hóa", "Thể thao", "Du lịch"],
        ["1. Hà Nội", "2. Đà Nẵng", "3. Thành phố Hồ Chí Minh, thành phố đông dân nhất"],
        ["Một góc trung tâm thành phố", "nhìn từ trên cao vào lúc bình minh của mùa hè", "Ảnh: TTXVN"],
        ["ASEAN Smart Cities Network annual meeting opens in Hanoi today", VIETNAMESE, "", ENGLISH],
        [
            "ASEAN Smart Cities Network annual meeting opens in Hanoi today",
            "Mayors of twenty-six capitals and cities sign a declaration here",
            "Singapore to guide the network for the next two years, says chair",
            "Vietnam proposes a shared platform for data of all member cities",
            "Russia and Japan offer their experience to the young network now",
        ],
        [
            "东盟智慧城市网络年会今天在河内开幕各国代表出席会议",
            "二十六座城市的市长在金边签署宣言共同发展智慧城市呢",
            "新加坡将在未来两年内担任智慧城市网络的牵头国家了吧",
            "越南建议为所有成员城市建立共享的数据平台并给予支持",
            "俄罗斯与日本愿意分享建设智慧城市的经验和先进技术啊",
        ],
        [
            "city             country          joined   pilot projects in it",
            "ha noi           viet nam         2018     operations centre etc",
            "makassar         indonesia        2018     health and homecare ok",
            "kuching          malaysia         2018     flood and waste, more",
            "phuket           thailand         2018     data and tourism data",
        ],
        [],
        ["", ""],
    ],
)
def test_what_was_not_broken_to_a_width_stays_as_it_is(lines: list[str]) -> None:
    assert unwrapped(lines) == lines


@pytest.mark.parametrize("line", ["a", "a " * 40, "汉" * 40, "- a", ""])
def test_many_lines_are_read_in_linear_time(line: str) -> None:
    began = process_time()
    unwrapped([line] * 100_000)
    assert process_time() - began < 5
