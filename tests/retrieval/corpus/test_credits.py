"""Who published a page and who wrote it is read where a line says so, and nowhere else."""

import pytest

from retrieval.corpus.credits import author_in, is_bare_name, is_credit, is_source, publisher_in


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Theo TTXVN/Vietnam+", "TTXVN/Vietnam+"),
        ("THEO VNA", "VNA"),
        ("Nguồn: Báo Xây dựng", "Báo Xây dựng"),
        ("Nguồn tin : VOV", "VOV"),
        ("(Source: The Daily)", "The Daily"),
        ("Source: CNA/jt(rw)", "CNA"),
        ("Source: CNA.", "CNA"),
        ("来源:新华网", "新华网"),
        ("文章來源: 中央社", "中央社"),
        ("消息出处:新华网", "新华网"),
    ],
)
def test_a_line_that_names_a_source_is_one(line: str, name: str) -> None:
    assert (is_source(line), is_credit(line), publisher_in([line], [], [])) == (True, True, name)


@pytest.mark.parametrize("line", ["", "Theo", "Theo chúng tôi, có 26 đô thị", "The source: a spring", "Alice"])
def test_a_line_that_says_more_is_no_source(line: str) -> None:
    assert (is_source(line), is_credit(line), publisher_in([line], [], [])) == (False, False, None)


@pytest.mark.parametrize("line", ["TTXVN", "(Xinhua)", "新华社"])
def test_an_agency_alone_is_a_credit_but_ends_no_article(line: str) -> None:
    assert (is_credit(line), is_source(line), publisher_in([], [], [line])) == (True, False, line.strip("()"))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ada Lovelace", "Ada Lovelace"),
        ("BY ADA LOVELACE", "ADA LOVELACE"),
        ("Tác giả: Minh Hà", "Minh Hà"),
        ("Bài và ảnh: Minh Hà", "Minh Hà"),
        ("Bài: Minh Hà", "Minh Hà"),
        ("作者:芙莉", "芙莉"),
        ("文/芙莉", "芙莉"),
        ("记者芙莉/河内报道", "芙莉"),
        ("記者 芙莉 / 台北報導", "芙莉"),
        ("(芙莉)", "芙莉"),
        ("(Minh Hà)", "Minh Hà"),
    ],
)
def test_a_line_that_names_an_author_is_a_credit(line: str, name: str) -> None:
    assert (is_credit(line), is_source(line), author_in([], [line])) == (True, False, name)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "By",
        "(Xinhua)",
        "(新华社)",
        "(TTXVN)",
        "(photo)",
        "By all means, come",
        "Standby Ada",
        "x (Xinhua) y (Minh Hà)",
        "x By Ada",
    ],
)
def test_a_line_that_says_something_else_names_no_author(line: str) -> None:
    assert author_in([], [line]) is None


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("Minh Hà", True),
        ("Nguyễn Thị Minh Hà", True),
        ("Minh", False),
        ("Nguyễn Thị Minh Hà Anh", False),
        ("minh hà", False),
        ("MINH HÀ", False),
        ("Minh Hà.", False),
        ("Minh 2", False),
        ("", False),
    ],
)
def test_two_to_four_capitalised_words_are_a_bare_name(line: str, bare: bool) -> None:
    assert is_bare_name(line) is bare
    assert author_in([line], []) == (line if bare else None)
    assert author_in([], [line]) is None


def test_an_author_named_in_words_outweighs_a_bare_name_and_who_signs_outweighs_the_head() -> None:
    assert author_in(["Minh Hà", "By Ada"], ["By Bob"]) == "Ada"
    assert author_in(["Minh Hà"], ["By Bob"]) == "Bob"
    assert author_in(["x", "Minh Hà"], []) == "Minh Hà"


def test_a_source_over_the_story_is_found_in_its_piece_of_the_line() -> None:
    head = [
        "30/08/2021 | Source: The Daily",
        "2021-08-30 来源: 新华网 作者: 芙莉",
        "x · By Ada",
    ]
    assert publisher_in([], [], head) == "The Daily"
    assert (publisher_in([], [], head[1:]), author_in([], head[1:])) == ("新华网", "芙莉")
    assert author_in([], head[2:]) == "Ada"
    assert publisher_in(["Theo VNA"], [], head) == "VNA"


@pytest.mark.parametrize(
    ("below", "publisher"),
    [
        ("The Straits Times", "The Straits Times"),
        ("Jakarta Post", "Jakarta Post"),
        ("Báo Xây dựng", "Báo Xây dựng"),
        ("Tạp chí Online", "Tạp chí Online"),
        ("The times are good", None),
        ("Singapore", None),
    ],
)
def test_an_outlet_under_a_byline_is_the_publisher(below: str, publisher: str | None) -> None:
    assert publisher_in([], [], ["By Ada", below]) == publisher
    assert publisher_in([], [], ["Alice", below]) is None
    assert publisher_in([], [], ["x By Ada", below]) is None
    assert publisher_in([], [], ["By Ada", f"x: {below}"]) is None


def test_an_agency_behind_the_last_sentence_or_before_the_first_is_the_publisher() -> None:
    assert publisher_in([], ["First.", "Last. (Xinhua) "], []) == "Xinhua"
    assert publisher_in([], ["First. (Xinhua)", "Last."], []) is None
    assert publisher_in([], ["Hà Nội (TTXVN) - Ngày 30/8"], []) == "TTXVN"
    assert publisher_in([], ["Lead.", "越通社河内\u2014\u2014本着"], []) == "越通社"
    assert publisher_in([], ["Lead.", "新华社新加坡4月28日电 \u2014"], []) == "新华社"
    assert publisher_in([], ["Lead.", "More.", "Hà Nội (TTXVN) - Ngày 30/8"], []) is None
    assert publisher_in([], [], []) is None


def test_an_agency_beside_other_words_is_none_of_the_line() -> None:
    assert (is_credit("x TTXVN"), publisher_in([], [], ["x (VNA)"])) == (False, None)
    assert publisher_in([], ["x. Hà Nội (TTXVN) - Ngày 30/8"], []) is None
    assert author_in([], ["x (Minh Hà)"]) is None
