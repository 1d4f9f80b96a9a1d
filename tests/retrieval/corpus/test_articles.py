"""From made-up pages, line by line, the article in them: what is kept, what ends it, what it says of itself."""

from datetime import date

import pytest

from retrieval.corpus.articles import read_article
from retrieval.corpus.cleaning import Article, clean_page
from retrieval.corpus.records import UnreadableError

TITLE = "Mayors of smart cities meet"
ONE = "Mayors of twenty-six cities met in the capital and agreed that they would share their data."
TWO = "The second day was spent on transport, on water, and on the question of who pays for it all."
THREE = "A third paragraph says that the next meeting will be held in another city, yet to be chosen."
FOUR = "Nobody knew at the time that the fourth of these paragraphs would be the last one of the page."
TEASER = "A headline of another story altogether"
MENU = "Home | News | Sport"
NEWLINE, BREAK = "\n", "\\\n"


def kept(*lines: str) -> list[str]:
    """What is kept of a page that begins with a headline."""
    return list(clean_page([TITLE, *lines]).paragraphs)


def test_a_page_gives_its_title_date_credits_and_paragraphs_and_nothing_else() -> None:
    page = [
        *(
            MENU,
            "",
            "City",
            "  Mayors of   smart cities meet ",
            "30/08/2021 15:48",
            "By Ada Lovelace",
            ONE,
            "Photo: Bob",
        ),
        *(TWO, "", "- one thing", "Source: VNA", "Related news", TEASER),
    ]
    assert clean_page(page) == Article(
        paragraphs=(ONE, TWO, "- one thing"),
        title=TITLE,
        published=date(2021, 8, 30),
        date_basis="published",
        publisher="VNA",
        author="Ada Lovelace",
    )


@pytest.mark.parametrize("lines", [[], ["", "  "], [MENU, "***"]], ids=["nothing", "blanks", "furniture"])
def test_a_page_without_text_gives_nothing(lines: list[str]) -> None:
    assert clean_page(lines) == Article(())


@pytest.mark.parametrize(
    "noise",
    [
        *("A view of the cities from the hill. Photo: Ada", "Source: The Daily News of All Cities", "x" * 251),
        *("Much longer than the headline, and it ends with a stop.", "Much longer than the headline, with a colon:"),
        *("Wednesday, August 30, 2021 15:48 (GMT+7) by our man", "Home | News | Sport | Weather | Culture | Travel"),
        "x" * 40 + "\u3002",
    ],
)
def test_the_title_is_the_longest_line_over_the_text_that_could_be_one(noise: str) -> None:
    assert clean_page(["City", TITLE, noise, ONE, TWO]).title == TITLE
    assert clean_page([noise, TITLE, "City", ONE, TWO]).title == TITLE


def test_a_title_has_at_most_250_characters_and_is_not_looked_for_in_the_text() -> None:
    assert [clean_page(["x" * length, ONE]).title for length in (250, 251)] == ["x" * 250, None]
    assert clean_page([ONE, TITLE, TWO]).title is None


def test_what_stands_over_the_title_is_no_text_and_the_title_is_none_either() -> None:
    assert kept(ONE, TITLE, TWO) == [ONE, TWO]
    assert list(clean_page(["A shorter line", "- an entry", TITLE, "A standfirst", ONE]).paragraphs) == [
        "A standfirst",
        ONE,
    ]


@pytest.mark.parametrize(
    ("last", "shown"),
    [
        (TWO + "/.", TWO),
        (TWO + " (TTXVN)", TWO + " (TTXVN)"),
        (TWO + " Enditem", TWO),
        (TWO + " Enditem.", TWO),
        (TWO[:-1] + "./.  ", TWO),
        (TWO + "(完)", TWO),
    ],
)
def test_the_sign_off_of_an_agency_ends_the_article(last: str, shown: str) -> None:
    assert kept(ONE, last, THREE) == [ONE, shown]


def test_a_mark_inside_a_paragraph_ends_nothing() -> None:
    assert kept(ONE + " (TTXVN) " + TWO, THREE) == [ONE + " (TTXVN) " + TWO, THREE]


@pytest.mark.parametrize("heading", ["Related news", "4 hours ago"])
def test_what_follows_an_article_ends_it_with_the_loose_lines_before(heading: str) -> None:
    assert kept(ONE, TWO, TEASER, heading, THREE) == [ONE, TWO]
    assert kept(ONE, "- an entry", TEASER, heading, THREE) == [ONE, "- an entry"]
    assert kept(ONE, "A line that ends.", heading, THREE) == [ONE, "A line that ends."]


def test_who_signs_before_the_related_stories_is_kept_as_the_author() -> None:
    found = clean_page([TITLE, ONE, TWO, "Minh Hà", "Related news", THREE])
    assert (found.paragraphs, found.author) == ((ONE, TWO), "Minh Hà")
    found = clean_page([TITLE, ONE, TWO, "By Ada Lovelace", "Related news", THREE])
    assert (found.paragraphs, found.author) == ((ONE, TWO), "Ada Lovelace")


def test_a_heading_before_any_text_ends_nothing() -> None:
    assert kept("Related news", ONE, TWO) == [ONE, TWO]


@pytest.mark.parametrize("between", [1, 2, 3])
def test_a_headline_that_the_page_says_twice_is_a_teaser(between: int) -> None:
    filler = ["Nobody's short line."] * (between - 1)
    assert kept(ONE, TWO, TEASER, *filler, TEASER.upper() + "!" * 0, THREE) == [ONE, TWO]


def test_a_line_said_again_further_down_or_shorter_or_ended_is_no_teaser() -> None:
    far = [ONE, TWO, TEASER, "Short a.", "Short b.", "Short c.", TEASER, THREE]
    assert kept(*far) == [ONE, TWO, TEASER, "Short a.", "Short b.", "Short c.", THREE]
    assert kept(ONE, "x" * 20, "x" * 20, THREE) == [ONE, "x" * 20, THREE]
    assert kept(ONE, "x" * 21, "x" * 21, THREE) == [ONE]
    assert kept(ONE, TEASER + ".", TEASER + ".", THREE) == [ONE, TEASER + ".", THREE]


def test_loose_lines_with_a_widget_end_the_article_where_hardly_any_text_follows() -> None:
    run = ["Loose one", "Facebook", "Loose two"]
    assert kept(ONE, TWO, *run, THREE) == [ONE, TWO]
    assert kept(ONE, *run, "Related news", THREE, FOUR) == [ONE]
    assert kept(ONE, TWO, *run, THREE, FOUR) == [ONE, TWO, THREE, FOUR]


def test_two_loose_lines_or_three_without_a_widget_are_kept() -> None:
    assert kept(ONE, "Loose one", "Facebook", THREE) == [ONE, "Loose one", THREE]
    assert kept(ONE, "Loose one", "Loose two", "Loose three", THREE) == [
        ONE,
        "Loose one",
        "Loose two",
        "Loose three",
        THREE,
    ]


@pytest.mark.parametrize("line", ["Photo: Ada", "Facebook", "30/08/2021 15:48", "Source: VNA"])
def test_captions_widgets_dates_and_credits_are_no_paragraphs(line: str) -> None:
    assert kept(ONE, TWO, line, THREE)[:2] == [ONE, TWO]
    assert line not in kept(ONE, TWO, line, THREE)


def test_an_entry_of_a_list_may_be_a_date() -> None:
    assert kept(ONE, "- Alice, 30/08/2021", TWO) == [ONE, "- Alice, 30/08/2021", TWO]


def test_a_reporters_name_under_a_story_signs_it_and_is_no_paragraph() -> None:
    found = clean_page([TITLE, ONE, TWO, THREE, "Minh Hà"])
    assert (found.paragraphs, found.author) == ((ONE, TWO, THREE), "Minh Hà")
    found = clean_page([TITLE, ONE, "Minh Hà"])
    assert (found.paragraphs, found.author) == ((ONE, "Minh Hà"), None)
    found = clean_page([TITLE, ONE, TWO, "Source: VNA", "Minh Hà"])
    assert (found.paragraphs, found.publisher) == ((ONE, TWO), "VNA")
    found = clean_page([TITLE, ONE, TWO + " (VNA)", "Minh Hà", THREE])
    assert (found.paragraphs, found.author) == ((ONE, TWO + " (VNA)"), "Minh Hà")


def test_a_reporters_name_over_and_under_a_story_is_no_paragraph_of_it() -> None:
    found = clean_page([TITLE, "Minh Hà", ONE, TWO, THREE, "Minh Hà"])
    assert (found.paragraphs, found.author) == ((ONE, TWO, THREE), "Minh Hà")


def test_a_lead_that_the_text_repeats_stands_once() -> None:
    lead = "Mayors of twenty-six cities met in the capital"
    assert kept(lead + ".", ONE, TWO) == [lead + ".", ONE, TWO]
    assert kept(lead, ONE, TWO) == [ONE, TWO]
    assert kept("twenty-six cities met", ONE) == [ONE]
    assert kept("twenty-six cities me", ONE) == ["twenty-six cities me", ONE]
    assert kept(ONE, TWO, ONE) == [ONE, TWO]
    assert kept("share their data.", ONE) == ["share their data.", ONE]
    assert kept("they would share their data.", ONE) == [ONE]


def test_the_date_nearest_to_the_title_is_the_articles() -> None:
    assert clean_page(["01/01/2022", "City", TITLE, "30/08/2021", ONE]).published == date(2021, 8, 30)
    assert clean_page(["30/08/2021", TITLE, "City", "News", "01/01/2022", ONE]).published == date(2021, 8, 30)


@pytest.mark.parametrize(("below", "published"), [(6, date(2021, 8, 30)), (7, None)])
def test_a_date_may_stand_a_few_lines_below_the_first_paragraph(below: int, published: date | None) -> None:
    found = clean_page([TITLE, ONE, *([TWO] * below), "30/08/2021", THREE])
    assert (found.published, found.date_basis) == (published, "published" if published else None)


@pytest.mark.parametrize(
    ("title", "lead", "published"),
    [
        ("Smart cities of 2021", "On 30 August " + ONE, date(2021, 8, 30)),
        ("Smart cities of 2021", ONE, None),
        ("Smart cities", "On 30 August " + ONE, None),
        ("Smart cities of 2021", "On 29 February " + ONE, None),
    ],
)
def test_a_date_is_inferred_from_the_year_of_the_title_and_the_day_of_the_lead(
    title: str, lead: str, published: date | None
) -> None:
    found = clean_page([title, lead, "On 1 May " + TWO])
    assert (found.published, found.date_basis) == (published, "inferred" if published else None)


def test_a_date_that_is_stated_is_not_inferred() -> None:
    found = clean_page(["Smart cities of 2020", "30/08/2021", "On 1 May " + ONE])
    assert (found.published, found.date_basis) == (date(2021, 8, 30), "published")


# Files


def test_a_file_gives_its_article_with_how_long_it_was() -> None:
    text = "\n".join([MENU, TITLE, ONE])
    assert read_article(".txt", text.encode()) == Article((ONE,), TITLE, characters=len(text))


def test_the_heading_of_a_file_outweighs_the_longest_line() -> None:
    text = f"# Cities\n\n{TITLE}\n\n30/08/2021\n\n{ONE}"
    found = read_article(".md", text.encode())
    assert (found.title, found.published, found.date_basis) == ("Cities", date(2021, 8, 30), "published")


def test_a_file_without_running_text_is_refused_with_a_mend() -> None:
    with pytest.raises(UnreadableError, match=r"^holds no running text; is the article in it\?$"):
        read_article(".txt", MENU.encode())


@pytest.mark.parametrize(
    ("markdown", "title", "paragraphs"),
    [
        (f"# A *bold*  title\n\n# Another\n\n{ONE}", "A bold title", ["Another", ONE]),
        (f"## Not the title\n\n{ONE}", "Not the title", [ONE]),
        (
            f"# Cities\n\n{ONE.replace(' met', NEWLINE + 'met')}\n\n{TWO.replace(' was', BREAK + 'was')}",
            "Cities",
            [ONE, TWO],
        ),
        (f"# Cities\n\n{ONE[:40]}<br>{ONE[40:]}", "Cities", [ONE]),
        (f"# Cities\n\n{ONE}\n\n- `one`\n- [two](https://e.org)", "Cities", [ONE, "one", "two"]),
    ],
    ids=["the first heading", "of level one", "broken lines", "markup in a line", "entries"],
)
def test_markdown_is_read_without_its_signs(markdown: str, title: str, paragraphs: list[str]) -> None:
    found = read_article(".md", markdown.encode())
    assert (found.title, list(found.paragraphs)) == (title, paragraphs)
