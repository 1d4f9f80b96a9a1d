"""Dates are read as each language writes them, and never invented."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.corpus.dates import DayOfMonth, dateline, first_day_of_month, only_year, with_year

DAY = date(2021, 8, 30)


@pytest.mark.parametrize(
    "line",
    [
        "30/08/2021",
        "30-8-2021",
        "30.08.2021",
        "2021-08-30",
        "2021/8/30 15:48",
        "ClockThứ Hai, 30/08/2021 15:48",
        "Thứ hai, ngày 30 tháng 8 năm 2021",
        "Ngày 30 tháng 8, 2021 - 15:48 (GMT+7)",
        "Cập nhật lúc 15h48 ngày 30/8/2021",
        "2021年8月30日",
        "2021 年 8 月 30 日 星期一 15:48",
        "发布时间:2021-08-30 15:48 来源:新华网",
        "Monday, August 30, 2021 3:48 p.m. ICT",
        "30 Aug 2021",
        "Updated on 30th August, 2021 at 15:48",
        "Aug. 30, 2021",
        "Sept 1 was long ago; 30/08/2021",
    ],
)
def test_a_line_that_says_little_but_a_date_gives_it(line: str) -> None:
    assert dateline(line) == DAY


@pytest.mark.parametrize(
    "line",
    [
        "",
        "30/08",
        "31/02/2021",
        "45/13/2021",
        "130/08/20215",
        "8.30.1.2021",
        "Hội nghị khai mạc ngày 30/08/2021.",
        "Các nước ASEAN đã thông qua khung hợp tác về đô thị thông minh ngày 30/08/2021 tại thủ đô của Brunei",
        "会议于2021年8月30日举行。",
    ],
)
def test_a_line_without_a_date_or_with_an_event_gives_none(line: str) -> None:
    assert dateline(line) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本着精神,7月17日上午,越南召开了年会", DayOfMonth(7, 17)),
        ("Ngày 30/8, Hội nghị thường niên", DayOfMonth(8, 30)),
        ("Tối 27/4, tại Singapore", DayOfMonth(4, 27)),
        ("ngày 27 tháng 4, tại Singapore", DayOfMonth(4, 27)),
        ("The mayors met on 2 December in Phnom Penh", DayOfMonth(12, 2)),
        ("On Dec. 2 the mayors met", DayOfMonth(12, 2)),
        ("Neither 31 February nor 1 March: Dec. 2", DayOfMonth(3, 1)),
        ("On 29 February the mayors met", DayOfMonth(2, 29)),
        ("2021年8月30日9月1日", DayOfMonth(9, 1)),
        ("在 9 月 1 日", DayOfMonth(9, 1)),
        ("9月1日2021年8月30日", DayOfMonth(9, 1)),
        ("NGÀY 27 THÁNG 4", DayOfMonth(4, 27)),
        ("SÁNG 27-4", DayOfMonth(4, 27)),
        ("chiều 27/4", DayOfMonth(4, 27)),
        ("trưa 27/4 và hôm 28/4", DayOfMonth(4, 27)),
        ("hôm 28/4", DayOfMonth(4, 28)),
        ("27/4", None),
        ("ngày 27/4/18", None),
        ("the 2nd December", DayOfMonth(12, 2)),
        ("from 12 May 2019 to 13 May", DayOfMonth(5, 13)),
        ("Dec. 2nd", DayOfMonth(12, 2)),
        ("Dec. 250", None),
        ("ngày 27/4, and on 2 December", DayOfMonth(4, 27)),
        ("Ngày 30/8/2021", None),
        ("26 đô thị, 10 quốc gia", None),
        ("", None),
    ],
)
def test_the_first_day_without_a_year_is_found_as_each_language_writes_it(
    text: str, expected: DayOfMonth | None
) -> None:
    assert first_day_of_month(text) == expected


@pytest.mark.parametrize(
    "text", ["2019年7月17日", "17 July 2019", "on July 17, 2019", "ngày 17 tháng 7 năm 2019", "ngày 17 tháng 7, 2019"]
)
def test_a_day_that_has_its_year_is_not_one_without(text: str) -> None:
    assert first_day_of_month(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020东盟轮值主席年", 2020),
        ("ASEAN 2018 và chủ đề của năm 2018", 2018),
        ("2018-2025", None),
        ("từ 2018 đến 2022", None),
        ("12020 xe", None),
        ("không có năm", None),
    ],
)
def test_a_year_counts_where_no_other_is_named(text: str, expected: int | None) -> None:
    assert only_year(text) == expected


def test_the_calendar_decides_what_a_day_is() -> None:
    assert [with_year(DayOfMonth(2, 29), year) for year in (2020, 2021)] == [date(2020, 2, 29), None]


@settings(deadline=None, max_examples=150)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_every_notation(day: date) -> None:
    lines = (
        f"{day:%d/%m/%Y}",
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%B} {day.day}, {day.year}",
    )
    assert [dateline(line) for line in lines] == [day] * len(lines)


@pytest.mark.parametrize(
    "line",
    [
        "30 THÁNG 8 2021",
        "ngày 30 tháng 8 2021",
        "30th AUGUST 2021",
        "AUGUST 30TH, 2021",
        "30 august, 2021",
        "2021.8.30",
        "x 30/08/2021 y",
    ],
)
def test_capitals_and_commas_change_no_date(line: str) -> None:
    assert dateline(line) == DAY


@pytest.mark.parametrize(
    ("name", "month"),
    [
        (name, n)
        for n, names in enumerate(
            [
                *("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug"),
                *("september sept sep", "october oct", "november nov", "december dec"),
            ],
            start=1,
        )
        for name in names.split()
    ],
)
def test_every_month_is_known_by_its_names(name: str, month: int) -> None:
    assert dateline(f"{name.title()} 3, 2021") == dateline(f"3 {name} 2021") == date(2021, month, 3)
    assert first_day_of_month(f"on {name.upper()} 3 they met") == DayOfMonth(month, 3)
    assert first_day_of_month(f"on 3 {name} they met") == DayOfMonth(month, 3)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "15:48",
            "15h48",
            "15:48:00",
            "PM",
            "GMT+7",
            "(UTC +07:00)",
            "Thứ Hai",
            "thứ bảy",
            "Thứ 2",
        ),
        *(
            "Chủ Nhật",
            "星期\u4e00",
            "週日",
            "礼拜天",
            "Wednesday",
            "Sat",
            "ngày",
            "Clock",
            "Cập nhật",
            "Đăng",
        ),
        *(
            "lúc",
            "Updated",
            "Published",
            "Posted",
            "First",
            "Last",
            "on",
            "at",
            "发布时间",
            "發布時間",
            "更新",
        ),
        *(
            "发布",
            "發布",
            "时间",
            "時間",
            "日期",
            "来源",
            "來源",
        ),
    ],
)
def test_what_stands_beside_a_date_is_no_sentence_however_often_it_stands_there(words: str) -> None:
    assert dateline(" - ".join([words] * 40) + " 30/08/2021 " + "x" * 40 + " ; " + words) == DAY


@pytest.mark.parametrize(("letters", "expected"), [(40, DAY), (41, None)])
def test_a_name_beside_a_date_has_at_most_forty_letters(letters: int, expected: date | None) -> None:
    name = "-".join("x" * letters) + " 1_2" * 30
    assert dateline(f"{name} | 30/08/2021 | 3") == expected
    assert dateline(f"30/08/2021 | {name}") == expected


@pytest.mark.parametrize("end", [".", "!", "?", "\u3002", ". "])
def test_a_line_that_ends_as_a_sentence_is_none_of_a_date(end: str) -> None:
    assert (dateline("30/08/2021 - Alice"), dateline("30/08/2021 - Alice" + end)) == (DAY, None)
