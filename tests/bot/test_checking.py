"""`check` names what is wrong or doubtful with a corpus, and for each the mend."""

import ast
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.console.checking import doubts, problems
from bot.corpus.editions import build_edition
from retrieval.corpus.cleaning import Article
from retrieval.corpus.folder import document_of
from retrieval.corpus.records import Problem
from retrieval.likeness import sketch
from retrieval.records import Document
from tests.bot.commands import Commands

CORPUS = Path(__file__).parents[2] / "retrieval" / "corpus"
RAISED = {"UnreadableError", "UndecodableError", "SidecarError", "GlossaryError"}
TODAY = date(2024, 5, 31)
LIBRARY = "The library by the river opens at nine on weekdays and closes at six in the evening. "
GOOD = LIBRARY * 3


def reasons() -> list[str]:
    """What a file can be left out for, as the source says it."""
    return [
        said
        for path in (*CORPUS.glob("*.py"), CORPUS.parent / "bridges" / "glossary.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args
        if (said := words_of(node.args[0]))
    ]


def words_of(node: ast.expr) -> str:
    """A text with its values left out; of a sum its first part, of a name nothing."""
    if isinstance(node, ast.BinOp):
        return words_of(node.left)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(words_of, node.values))
    if isinstance(node, ast.FormattedValue):
        return "x"
    return str(node.value) if isinstance(node, ast.Constant) else ""


def test_every_reason_to_leave_a_file_out_has_a_mend() -> None:
    assert len(reasons()) > 20
    assert [reason for reason in reasons() if not next(problems([Problem("a.txt", reason)])).mend] == []


@pytest.mark.parametrize(
    ("name", "data", "said", "mend"),
    [
        ("a.txt", b" \n", "is empty", "Write the article into it, or remove it."),
        ("a.pdf", b"%PDF-1.7", "is a damaged PDF", "Save it anew, or as plain text."),
        ("a.odt", b"x", "is not one of .txt", "Rename or convert it."),
        ("a.txt", b"x" * 5_000_001, "is larger than 5 MB", "Split it into articles."),
        ("lost.toml", b"", "belongs to no document", "Give it the name of its article's file but for the ending"),
        ("good.toml", b'titel = "x"', "has an unknown key 'titel'", "Known are title, publisher"),
        ("good.toml", b"published = 2024", "published must be a date", "Write year, month and day, and no quotes."),
        ("good.toml", b"title", "is not readable as TOML", "Write one key a line, and texts in quotes"),
        ("glossary.tsv", b"vi\tfr\n", "needs a first line", "with tabs between them."),
        ("glossary.tsv", b"vi en\n", "needs a first line", "with tabs between them."),
    ],
)
def test_what_is_left_out_is_told_with_its_mend(tmp_path: Path, name: str, data: bytes, said: str, mend: str) -> None:
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    (tmp_path / name).write_bytes(data)
    [finding] = problems(build_edition(tmp_path).problems)
    assert (finding.file, finding.said.startswith(said)) == (name, True)
    assert mend in finding.mend


def document(name: str, text: str = GOOD, **known: Any) -> Document:
    made = document_of(name, Article((text,), publisher="The Library", published=date(2024, 5, 1)))
    return replace(made, **{"date_basis": "published", **known})


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, []),
        ({"published": None}, ["states no date"]),
        ({"published": date(2024, 6, 1)}, ["is dated 2024-06-01, which is still to come"]),
        ({"date_basis": "inferred"}, ["is dated 2024-05-01 by what its text says"]),
        ({"publisher": None}, ["names neither publisher nor author"]),
        ({"publisher": None, "author": "Lina"}, []),
        ({"characters_kept": 40, "characters_cut": 60}, ["lost 60 % as menus, captions and the like"]),
    ],
)
def test_what_is_doubtful_is_told_of_each_document(known: dict[str, Any], said: list[str]) -> None:
    one = document("library", **known)
    found = list(doubts([one], [sketch(one)], {"library": "library.txt"}, TODAY))
    assert [(finding.file, finding.said) for finding in found] == [("library.txt", each) for each in said]
    assert [finding for finding in found if not finding.mend.endswith(".")] == []


def test_of_a_page_much_is_always_cut() -> None:
    page = document("page", characters_kept=1, characters_cut=99)
    assert list(doubts([page], [sketch(page)], {"page": "page.html"}, TODAY)) == []


def test_a_language_that_cannot_be_told_is_named() -> None:
    runes = document("runes", text="ᚠᛇᚻ ᛒᛦᚦ ᚠᚱᚩᚠᚢᚱ ᚠᛁᚱᚪ ᚷᛖᚻᚹᛦᛚᚳᚢᛗ")
    assert [finding.said for finding in doubts([runes], [sketch(runes)], {}, TODAY)] == [
        "is in a language that cannot be told"
    ]


def test_copies_are_told_once_each_and_different_articles_never() -> None:
    other = document(
        "museum", "The museum on the hill shows boats, maps and the tools of those who built the quay. " * 3
    )
    all_of = [document("a"), other, document("b", GOOD + "It is closed on Sundays."), document("c")]
    found = list(doubts(all_of, [sketch(each) for each in all_of], {}, TODAY))
    assert [(finding.file, finding.said) for finding in found] == [
        ("b", "says nearly the same as a"),
        ("c", "says nearly the same as a"),
    ]


def test_the_report_groups_what_was_found_and_names_the_same_mend_once(command: Commands, tmp_path: Path) -> None:
    for number, city in enumerate(("Kuching", "Da Nang", "Cebu", "Chiang Mai", "Surabaya", "Johor Bahru", "Vientiane")):
        (tmp_path / f"city{number}.txt").write_text(f"In {city} the new tram has begun to run to {city} market. " * 3)
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "city0.toml").write_text("published = 2024-05-31\n")
    (tmp_path / "glossary.tsv").write_text("# words\nen\tms\ntram\ttrem\nmarket pasar\n\ncity\tbandar\tkota\nriver\n")
    (tmp_path / "city.toml.template").write_text("titel = 1")
    done = command("check", "--corpus", str(tmp_path))
    assert done.returncode == 2
    report = done.stdout[done.stdout.index("Left out") :]
    assert "city1.txt, city2.txt, city3.txt, city4.txt, city5.txt and 1 more: states no date\n    → Write" in report
    assert "Left out: 1\n  empty.txt: is empty\n    → Write the article into it, or remove it.\n" in report
    assert "  glossary.tsv, line 4: has no tab\n    → Part its cells with tabs, not with blanks.\n" in report
    assert "  glossary.tsv, line 6: has more cells than the 2 columns of the first line\n" in report
    assert "template" not in report
    assert "\x1b" not in report
    assert report.endswith("\nDocuments: 7. Problems: 1.\n")


def test_doubts_alone_are_no_failure(command: Commands, tmp_path: Path) -> None:
    (tmp_path / "library.txt").write_text(GOOD)
    done = command("check", "--corpus", str(tmp_path))
    assert (done.returncode, "states no date" in done.stdout) == (0, True)


def test_an_empty_folder_is_told_what_to_put_there(command: Commands, tmp_path: Path) -> None:
    done = command("check", "--corpus", str(tmp_path))
    assert done.returncode == 0
    assert "Put a .txt, .md, .html, .pdf or .docx file for each into it." in done.stdout


def test_check_says_what_the_bot_will_say_it_is_about(command: Commands, tmp_path: Path) -> None:
    said = command("check", "--corpus", str(tmp_path), ASCN_BOT_SUBJECT="Penang [Hill]").stdout
    assert "Subject: Penang [Hill]\n" in said
