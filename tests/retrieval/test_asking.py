"""A question asks for a time, a number, a sum of money or an address, and a passage that tells none has no answer."""

from time import process_time

import pytest

from retrieval.asking import CONTACT, DAY, MONEY, NUMBER, TIME, kinds_asked, told_in
from tests.retrieval.making import asked


@pytest.mark.parametrize(
    "question",
    [
        "Hội nghị họp khi nào?",
        "hoi nghi hop khi nao",
        "会议什么时候召开?",
        "會議什麼時候召開?",
        "When did they meet?",
        "Kapan rapatnya?",
        "Bilakah mesyuarat itu?",
        "ประชุมเมื่อไร",
        "Kailan ang pulong?",
    ],
)
def test_every_language_asks_for_a_time(question: str) -> None:
    assert kinds_asked(asked(question)) == {TIME}


@pytest.mark.parametrize(
    "question",
    [
        "họp ngày nào?",
        "hop ngay nao",
        "几月几号开会?",
        "On what date was it?",
        "tanggal berapa?",
        "วันไหน",
        "Anong petsa?",
    ],
)
def test_who_asks_for_a_day_asks_for_no_mere_time_and_no_number(question: str) -> None:
    assert kinds_asked(asked(question)) == {DAY}


@pytest.mark.parametrize(
    "question",
    [
        "có bao nhiêu thành phố",
        "co bao nhieu thanh pho",
        "多少个城市",
        "几个城市",
        "how many cities",
        "berapa kota",
        "กี่เมือง",
        "ilang lungsod",
    ],
)
def test_every_language_asks_for_a_number(question: str) -> None:
    assert kinds_asked(asked(question)) == {NUMBER}


@pytest.mark.parametrize(
    "question",
    [
        "ngân sách là bao nhiêu",
        "ngan sach la bao nhieu",
        "花了多少钱",
        "預算是多少",
        "What is the yearly budget?",
        "How much money was given?",
        "Berapa anggaran tahun ini?",
        "berapa yuran",
        "ค่าใช้จ่ายเท่าไร",
        "Magkano ang bayad?",
    ],
)
def test_every_language_asks_for_a_sum_of_money_which_is_no_mere_number(question: str) -> None:
    assert kinds_asked(asked(question)) == {MONEY}


@pytest.mark.parametrize(
    "question",
    [
        "Ngân sách lấy từ đâu?",
        "预算由谁决定?",
        "How do the fees compare?",
        "Siapa yang menyusun anggaran?",
        "What is a price war?",
        "Có bao nhiêu thành phố giảm chi phí?",
        "How many cities cut costs?",
        "花了多少时间?",
        "Mạng lưới có bao nhiêu đô thị?",
        "mang luoi co bao nhieu do thi",
        "bao nhiêu đồng chí",
        "来了多少元首?",
        "Email có vai trò gì?",
        "When was the telephone number changed?",
    ],
)
def test_who_asks_something_else_asks_for_no_sum_and_no_address(question: str) -> None:
    assert kinds_asked(asked(question)).isdisjoint({MONEY, CONTACT})


@pytest.mark.parametrize(
    "question",
    [
        "cho xin số điện thoại",
        "cho xin so dien thoai",
        "網址是什麼",
        "联系方式",
        "the secretariat's e-mail address",
        "nomor WA panitia",
        "nombor telefon",
        "ขอเบอร์โทร",
        "numero ng telepono",
    ],
)
def test_every_language_asks_for_a_way_to_get_in_touch(question: str) -> None:
    assert kinds_asked(asked(question)) == {CONTACT}


@pytest.mark.parametrize("question", ["lần thứ mấy?", "第几届?", "哪几个城市?", "Who is the chair?", "ASCN là gì?", ""])
def test_which_edition_and_which_ones_are_neither(question: str) -> None:
    assert kinds_asked(asked(question)) == frozenset()


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("Ngày 30/8, hội nghị", "vi", {"30", "8"}),
        ("tháng 9/2018", "vi", {"9"}),
        ("ngày 2 tháng 12 năm 2022", "vi", {"2", "12"}),
        ("7月17日上午", "zh", {"7", "17"}),
        ("2022 年 6 月 20 日", "zh", {"6", "20"}),
        ("on 28 April 2018", "en", {"28"}),
        ("pada 5 Mei", "id", {"5"}),
        ("6个月", "zh", set()),
        ("trong 6 tháng", "vi", set()),
        ("1.234/5.678", "vi", set()),
    ],
)
def test_a_day_is_told_however_it_is_written(text: str, language: str, days: set[str]) -> None:
    assert told_in(text, language).days == days


@pytest.mark.parametrize(
    ("text", "language", "times"),
    [
        ("năm 2021", "vi", {"2021"}),
        ("自2016年开始", "zh", {"2016"}),
        ("in 1066", "en", {"1066"}),
        ("25 年的发展", "zh", set()),
    ],
)
def test_a_year_is_a_time(text: str, language: str, times: set[str]) -> None:
    told = told_in(text, language)
    assert told.times == times
    assert not told.days


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("26 đô thị từ 10 quốc gia", "vi", {"26", "10"}),
        ("cho hai năm tới", "vi", {"2"}),
        ("65个国家的4049个项目", "zh", {"65", "4049"}),
        ("lần thứ 32", "vi", set()),
        ("lần thứ tư", "vi", set()),
        ("第32届", "zh", set()),
        ("the 32nd summit", "en", set()),
        ("đại dịch COVID- 19", "vi", set()),
        ("Ngày 30/8/2021", "vi", set()),
    ],
)
def test_an_edition_a_date_and_part_of_a_name_are_no_number(text: str, language: str, numbers: set[str]) -> None:
    assert told_in(text, language).numbers == numbers


@pytest.mark.parametrize(
    ("text", "language", "sums"),
    [
        ("tổng vốn 38,8 tỷ USD", "vi", {"38,8"}),
        ("hơn 30 tỷ đô la", "vi", {"30"}),
        ("1.234.567 đồng", "vi", {"1234567"}),
        ("US$ 5 million, or S$7", "en", {"5", "7"}),
        ("10 million US dollars", "en", {"10"}),
        ("30亿美元", "zh", {"30"}),
        ("投资三亿元", "zh", {"300000000"}),
        ("một tỷ USD", "vi", {"một tỷ USD"}),
        ("5.000đ", "vi", {"5000"}),
        ("three billion dollars", "en", {"3"}),
        ("30,000 ล้านบาท", "th", {"30000"}),
        ("Rp 5 juta", "id", {"5"}),
        ("RM30 juta", "ms", {"30"}),
        ("300 đô thị", "vi", set()),
        ("26 thành phố đồng ý", "vi", set()),
        ("26 cities won", "en", set()),
        ("二元结构", "zh", set()),
        ("4049个项目", "zh", set()),
        ("26 đô thị từ 10 quốc gia", "vi", set()),
    ],
)
def test_a_number_beside_a_currency_is_a_sum(text: str, language: str, sums: set[str]) -> None:
    assert told_in(text, language).sums == sums


@pytest.mark.parametrize(
    ("text", "contacts"),
    [
        ("Liên hệ: 024 3333 4444", {"024 3333 4444"}),
        ("Gọi 0912345678", {"0912345678"}),
        ("+84 24 3333 4444", {"+84 24 3333 4444"}),
        ("secretariat@asean.org", {"secretariat@asean.org"}),
        ("www.ascn.asean.org", {"www.ascn.asean.org"}),
        ("+84912345678", {"+84912345678"}),
        ("moc.gov.vn", {"moc.gov.vn"}),
        ("1900 1234", {"1900 1234"}),
        ("13800138000", {"13800138000"}),
        ("2018 - 2022", set()),
        ("10-12-2020, 01.02.2020", set()),
        ("2018 2019 2020", set()),
        ("10 000 000", set()),
        ("ngày 30.8.2021", set()),
        ("4.049 dự án, 38,8 tỷ", set()),
    ],
)
def test_addresses_and_telephone_numbers_are_contacts(text: str, contacts: set[str]) -> None:
    assert told_in(text, "vi").contacts == contacts


def test_what_the_question_knows_already_is_no_answer() -> None:
    told = told_in("Năm 2021 có 26 đô thị.", "vi")
    assert told.kinds(besides=frozenset()) == {TIME, NUMBER}
    assert told.kinds(besides=frozenset({"2021"})) == {NUMBER}


def test_a_month_named_by_a_word_is_a_day_too() -> None:
    assert told_in("tháng tư", "vi").kinds(besides=frozenset()) == {TIME, DAY}


@pytest.mark.parametrize(
    "sign",
    [
        "百",
        "一百",
        "㊀",
        "1",
        "a",
        "1/",
        "ngày ",
        "一",
        "- ",
        "1th",
        "$1",
        "1 a ",
        "1,",
        "a@",
        "a.",
        "a@a.",
        "www.",
        "12 ",
        "+",
        "亿",
    ],
)
@pytest.mark.parametrize("language", ["vi", "zh", "en", "th"])
def test_a_text_is_read_in_linear_time(sign: str, language: str) -> None:
    began = process_time()
    told_in(sign * 20_000, language)
    assert process_time() - began < 5
