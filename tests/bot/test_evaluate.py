"""`evaluate` tells how well questions of one's own are answered, and what went worst."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.console.bars import drawn
from bot.console.evaluation import ALL, Case, Figures, Rate, ask, figures, reason, worst
from bot.console.exits import UsageError
from bot.console.labels import read_labels
from bot.corpus.editions import build_edition
from bot.corpus.vectors import VectorStore
from bot.speech.phrases import REPLY_LANGUAGES
from tests.bot.commands import Commands, Done
from tests.conftest import SEEDS

FOUNDED = "000_a831e0fb29141970"
CHAIR = "001_b6f71c74b8b026ee"
QUESTIONS: list[dict[str, Any]] = [
    {"id": 1, "text": "Ai chủ trì hội nghị ASCN năm 2021?", "document": CHAIR, "answer": "Brunei  darussalam"},
    {"id": 2, "text": "Sau Brunei, nước nào giữ vai trò Chủ tịch ASCN năm 2022?", "document": [CHAIR], "answer": "Lào"},
    {"id": 3, "text": "平阳共有多少个投资项目", "document": FOUNDED, "lang": "zh"},
    {"id": 4, "text": "Who painted the Mona Lisa?", "document": None},
    {"id": 5, "text": "Becamex IDC", "document": None, "lang": "en"},
    {"id": 6, "text": "What is the tallest volcano of Iceland?", "document": CHAIR},
]


def written(folder: Path, rows: list[dict[str, Any]], name: str = "questions.jsonl") -> Path:
    file = folder / name
    lines = ["# what visitors ask", "", *(json.dumps(row, ensure_ascii=False) for row in rows)]
    file.write_text("\n".join(lines), "utf-8")
    return file


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory, seed_vectors: Path) -> list[Case]:
    edition = build_edition(SEEDS, VectorStore(seed_vectors))
    file = written(tmp_path_factory.mktemp("labelled"), QUESTIONS)
    return ask(edition.answerer, read_labels(file, [document.id for document in edition.documents]))


def test_each_question_is_judged_by_its_label(cases: list[Case]) -> None:
    judged = [(case.label.id, case.first_right, case.holds, case.right) for case in cases]
    assert judged == [
        ("1", True, True, True),
        ("2", True, False, False),
        ("3", False, None, False),
        ("4", True, None, True),
        ("5", False, None, False),
        ("6", False, None, False),
    ]


def test_figures_are_counted_by_language_and_of_all(cases: list[Case]) -> None:
    counted = figures(cases)
    assert list(counted) == ["en", "vi", "zh", ALL]
    assert counted["vi"] == Figures(2, Rate(2, 2), Rate(2, 2), Rate(1, 2), Rate(), Rate(0, 2))
    assert counted["en"] == Figures(3, Rate(0, 1), Rate(0, 1), Rate(), Rate(1, 2), Rate(1, 1))
    assert (counted[ALL].questions, counted[ALL].first, counted[ALL].refused_wrongly) == (6, Rate(2, 4), Rate(1, 4))


def test_what_is_surest_and_wrong_comes_first_with_its_reason(cases: list[Case]) -> None:
    told = {case.label.id: reason(case) for case in worst(cases)}
    assert set(told) == {"2", "3", "5", "6"}
    assert list(told)[-1] == "2"
    amiss = [case.amiss for case in worst(cases)]
    assert amiss == sorted(amiss, reverse=True)
    assert told["2"] == "the right article, but its quote lacks the words wanted"
    assert told["3"].startswith("another article is shown: evidence ")
    assert f"{FOUNDED} " in told["3"]
    assert told["5"].startswith("answered, though no article does: evidence ")
    assert "becamex" in told["5"].lower()
    assert told["6"].startswith("refused: evidence ")


def test_a_question_read_as_another_language_says_so(cases: list[Case]) -> None:
    said = [
        reason(replace(cases[place], label=replace(cases[place].label, documents=frozenset({"none"}), language="th")))
        for place in (5, 4)
    ]
    assert said[0].endswith("; the question was read as en")
    assert said[1].endswith("; the language of the question could not be told")


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("{", "is not JSON: "),
        ("[" * 100_000, "is not JSON: "),
        ("[]", "is no JSON object; it begins with { and ends with }"),
        ('{"text": "x", "document": null}', 'lacks "id".'),
        ('{"id": "x", "document": null}', 'lacks "text".'),
        ('{"id": "x", "text": "x"}', 'lacks "document"; it is null where no article answers.'),
        ('{"id": true, "text": "x", "document": null}', "has an id that is neither a text nor a whole number."),
        ('{"id": 1, "text": " ", "document": null}', 'has a "text" that is no text in quotes.'),
        ('{"id": 1, "text": "x", "documents": null}', "has an unknown key 'documents'; is 'document' meant?"),
        ('{"id": 1, "text": "x", "document": null, "points": 3}', "has an unknown key 'points'; known are id, text,"),
        ('{"id": 1, "text": "x", "document": []}', "names no document; write null where no article answers."),
        ('{"id": 1, "text": "x", "document": 4}', 'has a "document" that is neither a text in quotes nor a list'),
        (
            '{"id": 1, "text": "x", "document": "harbor.txt"}',
            "names a document that is not there, 'harbor.txt'; is 'harbour' meant?",
        ),
        ('{"id": 1, "text": "x", "document": "zzz"}', "names a document that is not there, 'zzz'."),
        ('{"id": 1, "text": "x", "document": null, "answer": 4}', 'has a "answer" that is neither'),
        ('{"id": 1, "text": "x", "document": null, "lang": "klingon"}', "has a lang that is none of zh, vi, "),
        ('{"id": "first", "text": "x", "document": null}', "has the id 'first' of line 1; give it another."),
    ],
)
def test_a_mistake_is_told_with_its_line_and_mend(tmp_path: Path, line: str, mistake: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f'{{"id": "first", "text": "x", "document": "harbour"}}\n\n{line}\n', "utf-8")
    with pytest.raises(UsageError) as raised:
        read_labels(file, ["harbour", "library"])
    assert str(raised.value).startswith(f"{file}, line 3 {mistake}")


def test_ten_mistakes_are_told_at_once_and_the_rest_counted(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("x\n" * 13)
    with pytest.raises(UsageError) as raised:
        read_labels(file, [])
    lines = str(raised.value).split("\n")
    assert (len(lines), lines[9].startswith(f"{file}, line 10 "), lines[10]) == (11, True, "… and 3 lines more.")


def test_every_language_that_the_bot_speaks_can_be_named(tmp_path: Path) -> None:
    rows = [{"id": code, "text": "x", "document": None, "lang": code} for code in REPLY_LANGUAGES]
    assert [label.language for label in read_labels(written(tmp_path, rows), [])] == list(REPLY_LANGUAGES)


def evaluated(command: Commands, file: Path, *options: str) -> Done:
    return command("evaluate", str(file), *options)


def test_the_report_has_a_table_bars_and_the_worst_cases(command: Commands, tmp_path: Path) -> None:
    done = evaluated(command, written(tmp_path, QUESTIONS))
    assert done.returncode == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.split("\n") if line[:1] == "│"]
    assert rows[1] == ["vi", "2", "1.00  2/2", "1.00  2/2", "0.50  1/2", "–", "0.00  0/2"]
    assert rows[-1][:3] == ["all", "6", "0.50  2/4"]
    assert f"\nall {'█' * 20}{'░' * 20} 0.50\n" in done.stdout
    worst_cases = done.stdout[done.stdout.index("What went wrong, the worst first: 4\n") :]
    assert "  5 (en): Becamex IDC\n    shown: 平阳朝着建设发展" in worst_cases
    assert "    → answered, though no article does: evidence " in worst_cases
    assert [line for line in worst_cases.split("\n") if line != line.rstrip()] == []


def test_where_nothing_is_wrong_the_report_says_so(command: Commands, tmp_path: Path) -> None:
    done = evaluated(command, written(tmp_path, QUESTIONS[:1]))
    assert done.stdout.endswith("Every question was answered rightly, or rightly refused.\n")


def test_json_has_the_figures_and_every_case(command: Commands, tmp_path: Path) -> None:
    record = json.loads(evaluated(command, written(tmp_path, QUESTIONS), "--json").stdout)
    assert record["figures"]["all"]["first"] == {"right": 2, "of": 4, "share": 0.5}
    assert record["figures"]["zh"]["refused"] == {"right": 0, "of": 0, "share": None}
    assert [case["right"] for case in record["cases"]] == [True, False, False, True, False, False]
    assert record["cases"][0]["document"] == CHAIR
    assert record["cases"][0]["reason"] is None


@pytest.mark.parametrize(("floor", "code"), [(".5", 0), ("0.51", 1)])
def test_the_floor_is_a_gate(command: Commands, tmp_path: Path, floor: str, code: int) -> None:
    done = evaluated(command, written(tmp_path, QUESTIONS), "--json", "--floor", floor)
    said = "First right: 0.500, which is below the floor of 0.51.\n"
    assert (done.returncode, done.stderr) == (code, said if code else "")


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        (QUESTIONS[3:4], ["--floor", ".8"], "--floor needs a question that an article answers"),
        (QUESTIONS[:1], ["--floor", "80"], "must be a number from 0 to 1, such as .8, not '80'"),
        (QUESTIONS[:1], ["--chart", "/nowhere/chart.svg"], "--chart /nowhere/chart.svg cannot be written: No such"),
        ([], [], "holds no question; write one a line"),
        ([{"id": 1, "text": "x", "document": "000"}], [], "line 3 names a document that is not there, '000'"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(
    command: Commands, tmp_path: Path, rows: list[dict[str, Any]], options: list[str], said: str
) -> None:
    done = evaluated(command, written(tmp_path, rows), *options)
    assert done.returncode == 2
    assert said in done.stderr


def test_the_same_file_can_be_asked_as_a_batch(command: Commands, tmp_path: Path) -> None:
    done = command("ask", "--json", "--batch", str(written(tmp_path, QUESTIONS)))
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [row["id"] for row in QUESTIONS]


def test_the_chart_is_a_picture_of_the_figures(command: Commands, tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    assert evaluated(command, written(tmp_path, QUESTIONS), "--chart", str(chart)).returncode == 0
    picture = ElementTree.parse(chart).getroot()  # noqa: S314
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == "6 questions on 5 articles"
    assert {"en", "vi", "zh", "all", "1.00 (2 of 2)", "0.50 (2 of 4)"} <= set(words)


def test_a_chart_shows_only_what_was_measured_and_no_markup_of_others() -> None:
    figure = Figures(2, Rate(1, 2), Rate(2, 2), Rate(), Rate(), Rate(0, 2))
    picture = ElementTree.fromstring(drawn({"<vi>": figure}, "2 & more"))  # noqa: S314
    bars = [bar for bar in picture.iter("{http://www.w3.org/2000/svg}rect") if bar.get("x") == "110"]
    assert [(bar.get("class"), bar.get("width")) for bar in bars] == [("first", "200"), ("among", "400")]
