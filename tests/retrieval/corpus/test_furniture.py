"""A line of a page is known for what it is by its form alone."""

import pytest

from retrieval.corpus.furniture import (
    begins_tail,
    is_age,
    is_caption,
    is_furniture,
    is_list_item,
    is_menu,
    is_prose,
    tidy,
)

SENTENCE = "Mayors of twenty-six cities met in the capital and agreed to share their data with all."
HAN = "城"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  Home\tNews   Sport ", "Home | News | Sport"),
        ("Home  News", "Home News"),
        ("Home\u00a0\u00a0News\u3000\u3000City\u3000life", "Home | News | City life"),
        ("\uff21\uff22\uff1f", "AB?"),
        ("Home  News  " + "x" * 30, "Home | News | " + "x" * 30),
        ("Home  News  " + "x" * 31, "Home News " + "x" * 31),
        ("", ""),
    ],
)
def test_gaps_as_wide_as_a_menus_become_bars(line: str, expected: str) -> None:
    assert tidy(line) == expected


@pytest.mark.parametrize("line", ["Related news", "RELATED NEWS:", "Tin liên quan (5)", "相关新闻", "Tags"])
def test_a_heading_of_what_follows_begins_the_tail(line: str) -> None:
    assert begins_tail(line)


@pytest.mark.parametrize("line", ["", "Related", "Alice", "News"])
def test_only_a_whole_heading_begins_the_tail(line: str) -> None:
    assert begins_tail(line) is (line == "Related")


@pytest.mark.parametrize(
    "line",
    [
        *(
            "",
            "***",
            "12 - 3",
            "Trang chủ",
            "Facebook Twitter Zalo",
            "Copyright The Daily",
            "(\u00a9 The Daily",
            "\u00bb Next",
        ),
        *(
            "Editor: Ada",
            "责任编辑 芙莉",
            "x = 5;",
            "var x = {",
            "https://e.org/a",
            "123456789012",
        ),
        *("5 phút trước", "Read more: Ada goes home", "Home | News | Sport", "Share: Ada"),
        "Mạng lưới đô thị thông minhĐưa du lịch Việt Nam lên",
    ],
)
def test_menus_widgets_pointers_and_code_are_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Alice",
            "Trang chủ mới",
            "Facebook Twitter",
            "Facebook Twitter Ada",
            "A function of time",
            "12345678901 years",
        ),
        *(
            "Ada: Read more",
            "Home | News",
            SENTENCE,
            "iPhone hay Vinfast",
            "Mạng lưới đôĐưa du lịch Việt Nam lên",
        ),
        "Mạng lưới đô thị thông minhĐưa du lịch Việt Nam lên.",
    ],
)
def test_what_people_write_is_no_furniture(line: str) -> None:
    assert not is_furniture(line)


@pytest.mark.parametrize(
    ("line", "menu"),
    [
        ("Home | News | Sport", True),
        ("Home \u203a News \u203a Sport", True),
        ("Home > News / Sport", True),
        ("Home/News/Sport", False),
        ("| Home | News |", False),
        ("Home | News | Sport.", False),
        ("Home | News | " + "x" * 30, True),
        ("Home | News | " + "x" * 31, False),
        (" ".join([HAN * 2] * 5), True),
        (" ".join([HAN * 2] * 4), False),
        (" ".join([*[HAN * 2] * 4, "News"]), True),
        (" ".join([*[HAN * 2] * 3, "News", "Home"]), False),
        (" ".join([*[HAN * 2] * 4, HAN * 12]), True),
        (" ".join([*[HAN * 2] * 4, HAN * 13]), False),
        ("One two three four five", False),
    ],
)
def test_several_short_entries_in_a_row_are_a_menu(line: str, menu: bool) -> None:
    assert is_menu(line) is menu


@pytest.mark.parametrize(
    "line",
    [
        *(
            "A view of Hanoi. Ảnh: TTXVN",
            "Ảnh: Ada",
            "(Ảnh: Ada",
            "A view (Ảnh minh họa)",
            "Hanoi - Ảnh 1.",
            "Nguồn ảnh: Ada",
        ),
        *(
            "图:芙莉",
            "图自新华社",
            "河内\u3002图自新华社",
            "(资料图: 新华社)",
            "新华社记者芙莉摄",
        ),
        *(
            "Hanoi by night. Photo: Ada",
            "PICTURE BY: ADA",
            "Hanoi (File photo)",
            "Hanoi (AFP handout).",
            "Hanoi (Xinhua/Hu Jiali)",
        ),
    ],
)
def test_a_line_with_the_credit_of_a_photograph_is_its_caption(line: str) -> None:
    assert is_caption(line)
    assert is_caption(" " * (400 - len(line)) + line) or line[0] in "Ả图("
    assert not is_caption(" " * (401 - len(line)) + line)


@pytest.mark.parametrize(
    "line", ["Alice", "Hanoi (capital/Vietnam)", "The photograph was taken by Ada", "图书馆", SENTENCE]
)
def test_a_line_about_pictures_is_no_caption(line: str) -> None:
    assert not is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "4 phút trước",
            "- 12 GIỜ TRƯỚC",
            "3 分钟前",
            "3天之前",
            "2 hours ago",
            "an hour ago",
            "Updated 5 mins ago",
            "5 DAYS AGO",
        ),
    ],
)
def test_a_line_that_only_says_how_old_something_is_is_an_age(line: str) -> None:
    assert is_age(line)
    assert not is_age(f"It was {line}")


@pytest.mark.parametrize(
    ("line", "item"),
    [
        *(
            ("- one", True),
            ("• one", True),
            ("1. one", True),
            ("12) one", True),
            ("(a) one", True),
            ("\u4e00\u3001one", True),
        ),
        *(("-one", False), ("123. one", False), ("one - two", False), ("A. one", False)),
    ],
)
def test_an_entry_of_a_list_is_known_by_its_beginning(line: str, item: bool) -> None:
    assert is_list_item(line) is item


@pytest.mark.parametrize(
    ("line", "prose"),
    [
        (SENTENCE, True),
        ("x" * 79 + ".", True),
        ("x" * 78 + ".", False),
        ("x" * 80, False),
        (HAN * 26 + "x.", True),
        (HAN * 26 + ".", False),
        ("x" * 301, True),
        ("x" * 300, False),
        (HAN * 101, True),
        (HAN * 100, False),
        ("x" * 80 + "?", False),
        ("One. " + "x" * 80 + "?", True),
        ("Really?  " + "x" * 80 + "?", True),
        ("x" * 80 + ". Photo: Ada.", False),
        ("Photo: Ada " + "x" * 300, True),
    ],
)
def test_a_long_line_that_ends_as_a_sentence_is_prose(line: str, prose: bool) -> None:
    assert is_prose(line) is prose


@pytest.mark.parametrize(
    ("line", "glued"),
    [
        ("One two three fourFive six seven eight", True),
        ("One two three fourFive six seven", False),
        ("One two threeFour five six seven", False),
        ("One two three fourFIVE six seven eight", False),
        ("One two three fourFive six seven eightNine ten eleven twelve", True),
    ],
)
def test_headlines_of_four_words_and_more_are_glued_into_one_line(line: str, glued: bool) -> None:
    assert is_furniture(line) is glued


def test_chinese_text_with_foreign_names_in_it_is_no_run_of_headlines() -> None:
    line = "其中 影响最大的 来自巴格达 的作品，书名为Mesue universalibus et specialibus的著作，他在 书中 [需要出处]"
    assert not is_furniture(line)


def test_a_thai_paragraph_is_prose_without_a_full_stop() -> None:
    line = (
        "เครือข่ายเมืองอัจฉริยะอาเซียนก่อตั้งขึ้นในการประชุมสุดยอดครั้งที่ 32 ที่สิงคโปร์ มีเมืองสมาชิก 26 เมือง "
        "และร่วมกันแบ่งปันประสบการณ์ที่ StubHub Center ทุกปี"
    )
    assert is_prose(line)
    assert not is_furniture(line)
    assert not is_prose(line[:60])
