"""What the command prints and how it exits, whoever runs it."""

import io
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.console.terminal import render
from bot.speech.phrases import phrases
from retrieval.records import Answer, Document, Hit, Passage, Question, Quote
from tests.bot.commands import Commands, run
from tests.conftest import SEEDS


def test_ask_prints_quotes_with_their_sources() -> None:
    done = run("ask", "Ai chủ trì hội nghị ASCN năm 2021?")
    assert done.returncode == 0
    assert done.stdout.split("\n")[:3] == [
        "Việt Nam thúc đẩy hợp tác trong mạng lưới đô thị thông minh ASEAN",
        "TTXVN/Vietnam+ · 30 tháng 8, 2021",
        "│ Năm 2021, đại diện quốc gia Chủ tịch Mạng lưới ASCN là Brunei Darussalam chủ trì hội nghị.",
    ]


def test_ask_json_prints_the_whole_record(command: Commands) -> None:
    done = command("ask", "--json", "--top", "1", "平阳共有多少个投资项目")
    record = json.loads(done.stdout)
    answer = record["answers"][0]
    assert (done.returncode, record["language"], record["found"], len(record["answers"])) == (0, "zh-Hans", True, 1)
    assert "4049个投资项目" in answer.pop("quote")
    assert answer.pop("score") > 0
    assert record["milliseconds"] > 0
    assert answer == {
        "document": "004_e7b3101920056d2a",
        "title": "平阳朝着建设发展、透明、以人民-企业为中心的社会的目标迈进",
        "publisher": None,
        "date": "2022-06-20",
        "date_basis": "published",
        "url": None,
        "language": "zh",
        "passage": 14,
    }


def test_a_question_without_an_answer_exits_with_1_and_shows_no_quote(command: Commands) -> None:
    done = command("ask", "--json", "Who painted the Mona Lisa?")
    record = json.loads(done.stdout)
    assert (done.returncode, record["found"], record["answers"]) == (1, False, [])


def test_always_shows_the_best_hits_and_stays_honest(command: Commands) -> None:
    done = command("ask", "--json", "--always", "Thời tiết hôm nay ở Hà Nội thế nào?")
    record = json.loads(done.stdout)
    assert (done.returncode, record["found"], len(record["answers"])) == (1, False, 3)


def test_a_batch_is_answered_in_order_and_exits_with_0(command: Commands, tmp_path: Path) -> None:
    texts = ["Becamex IDC", "Who painted the Mona Lisa?", "ASCN được thành lập khi nào?"]
    rows = [{"id": f"q{number}", "text": text} for number, text in enumerate(texts)]
    (tmp_path / "batch.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    done = command("ask", "--json", "--batch", str(tmp_path / "batch.jsonl"))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [(record["id"], record["question"]) for record in records] == [(row["id"], row["text"]) for row in rows]


def test_a_batch_may_begin_with_a_byte_order_mark_and_hold_unusual_ends_of_lines(
    command: Commands, tmp_path: Path
) -> None:
    text = "Becamex\u2028IDC\x85"
    row = json.dumps({"id": 1, "text": text}, ensure_ascii=False)
    (tmp_path / "batch.jsonl").write_bytes(f"\ufeff{row}\r\n{row}\r\n".encode())
    done = command("ask", "--json", "--batch", str(tmp_path / "batch.jsonl"))
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["found"] for line in done.stdout.split("\n") if line] == [True, True]


def test_another_corpus_can_be_asked(command: Commands, tmp_path: Path) -> None:
    (tmp_path / "kuching.txt").write_text("Kuching opens its smart city operations centre on Monday. " * 3, "utf-8")
    done = command("ask", "--json", "--corpus", str(tmp_path), "What opens in Kuching?")
    assert [answer["document"] for answer in json.loads(done.stdout)["answers"]] == ["kuching"]


def test_explain_shows_what_each_term_adds(command: Commands) -> None:
    record = json.loads(command("ask", "--json", "--explain", "--top", "1", "Becamex IDC").stdout)["answers"][0]
    shares = [term["share"] for term in record["terms"]]
    assert {"becamex", "idc"} <= {term["term"] for term in record["terms"]}
    assert record["meaning"] + sum(shares) == pytest.approx(record["score"], abs=0.01)
    assert "becamex" in command("ask", "--explain", "Becamex IDC").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", ""], "ascn-bot: ask needs a QUESTION or --batch FILE, and not both."),
        (["ask", " ", "\t"], "ascn-bot: ask needs a QUESTION or --batch FILE, and not both."),
        (["ask"], "ascn-bot: ask needs a QUESTION or --batch FILE, and not both."),
        (["ask", "--corpus", "/nowhere", "x"], "ascn-bot: The corpus folder /nowhere cannot be read: No such file"),
        (["ask", "--batch", "/nowhere"], "ascn-bot: --batch /nowhere cannot be read as UTF-8 text"),
        (["ask", "--top", "0", "x"], "argument --top: must be a whole number from 1, not '0'"),
        (["run"], "ascn-bot: TELEGRAM_BOT_TOKEN is not set; ask @BotFather for a token and put it in .env."),
        (["dance"], "invalid choice: 'dance'"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_exit_code_2(
    command: Commands, tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = command(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("line", ["not json", '{"id": 1}', '["a"]', '{"id": 1, "text": 5}'])
def test_a_bad_line_of_a_batch_is_named(command: Commands, tmp_path: Path, line: str) -> None:
    (tmp_path / "batch.jsonl").write_text(f'{{"id": 0, "text": "x"}}\n{line}\n', "utf-8")
    done = command("ask", "--batch", str(tmp_path / "batch.jsonl"))
    assert done.returncode == 2
    assert "batch.jsonl, line 2 " in done.stderr


def test_settings_come_from_a_dotenv_file_too(command: Commands, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ASCN_BOT_LOG_LEVEL=loud\n")
    done = command("check", folder=tmp_path)
    assert (done.returncode, done.stderr.split(" must")[0]) == (2, "ascn-bot: ASCN_BOT_LOG_LEVEL")


def test_a_dotenv_file_that_is_not_utf_8_is_one_sentence(command: Commands, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("ASCN_BOT_CORPUS=/srv/bài".encode("utf-16"))
    done = command("check", folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, "ascn-bot: The file .env is not UTF-8 text; save it as UTF-8.\n")


def test_an_output_that_knows_no_chinese_shows_marks_and_json_loses_nothing() -> None:
    done = run("ask", "--top", "1", "Becamex IDC", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "Becamex IDC" in done.stdout
    record = json.loads(run("ask", "--json", "--top", "1", "Becamex IDC", PYTHONIOENCODING="ascii").stdout)
    assert record["answers"][0]["title"].startswith("平阳")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_output_that_cannot_be_written_is_one_line_and_exit_code_2(options: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "bot", "ask", *options, "Becamex IDC"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, "ascn-bot: Input or output failed: No space left on device.\n")


def test_the_version_is_that_of_the_package() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"ascn-bot {metadata.version('ascn-bot')}\n")


def test_no_line_of_a_pipe_ends_in_blanks(command: Commands) -> None:
    lines = command("ask", "ASCN được thành lập khi nào?").stdout.split("\n")
    assert len([line for line in lines if line.startswith("│ ")]) > 3
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_conversation_knows_its_commands(command: Commands, tmp_path: Path) -> None:
    typed = "/help\n/weather\n/ask\n/ask Becamex IDC\n/quit\n"
    shown = command("chat", stdin=typed).stdout
    greeting, hint = "Hello! I answer questions", "Type /sources for the articles"
    assert shown.count(greeting) == 2
    assert shown.count(hint) == 3
    assert "Write your question after the command" in shown
    assert "平阳朝着建设发展" in shown
    assert "The articles hold no answer" not in shown


def test_in_a_conversation_a_question_goes_on_from_the_one_before(command: Commands) -> None:
    said = command("chat", stdin="When was ASCN founded?\nand the chair?\n").stdout
    assert "↪ Going on from “When was ASCN founded?”" in said.split("› and the chair?")[1]


def test_check_shows_every_document_and_exits_with_0(command: Commands) -> None:
    done = command("check")
    assert done.returncode == 0
    for path in SEEDS.iterdir():
        assert path.stem in done.stdout.replace("\n", "")
    assert done.stdout.rstrip().endswith("Documents: 5. Problems: 0.")


def test_check_names_every_problem_and_exits_with_2(command: Commands, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7")
    done = command("check", "--corpus", str(tmp_path))
    assert done.returncode == 2
    assert "empty.txt: is empty" in done.stdout
    assert "scan.pdf: is a damaged PDF\n    → Save it anew, or as plain text.\n" in done.stdout


def test_an_empty_corpus_starts_and_says_so(command: Commands, tmp_path: Path) -> None:
    done = command("chat", stdin="ASCN là gì?\n", ASCN_BOT_CORPUS=str(tmp_path))
    assert done.returncode == 0
    assert "Kho bài viết đang trống." in done.stdout


def test_without_a_command_or_token_a_conversation_opens_and_says_how_to_go_live(
    command: Commands, tmp_path: Path
) -> None:
    done = command(stdin="平阳共有多少个投资项目?\n/sources\n/quit\nnever asked\n", folder=tmp_path)
    assert done.returncode == 0
    assert "set TELEGRAM_BOT_TOKEN to the token @BotFather gave you" in done.stdout
    assert "4049个投资项目" in done.stdout.replace("\n│ ", "")
    assert "never asked" not in done.stdout


def test_sources_are_listed_the_newest_first(command: Commands) -> None:
    listed = command("chat", stdin="/sources\n/quit\n").stdout
    assert re.findall(r"^  .* · .*(20\d\d)(?: \(.*)?$", listed, re.MULTILINE) == [
        "2022",
        "2022",
        "2021",
        "2020",
        "2018",
    ]


def test_json_is_one_object_a_line_in_plain_letters(command: Commands) -> None:
    lines = command("ask", "--json", "Becamex IDC").stdout.splitlines()
    assert len(lines) == 1
    record: dict[str, Any] = json.loads(lines[0])
    assert "平阳" in lines[0]
    assert list(record) == ["question", "language", "found", "answers", "milliseconds"]


def test_only_the_bar_beside_a_quote_is_coloured() -> None:
    document = Document("d", "vi", (), title="T")
    hit = Hit(Passage(document, 1, "A b. C d."), score=1.0, coverage=1.0, nearness=None, shares=())
    quote = Quote(hit, "A b. C d.", best=(5, 9), begins_inside=False, ends_inside=False)
    answer = Answer(Question("?", "vi"), True, (quote,), 0.3)
    screen = Console(force_terminal=True, color_system="standard", width=60, file=io.StringIO())
    screen.print(render(answer, phrases("vi"), 60))
    assert "\x1b[32m│ \x1b[0mA b. \x1b[1mC d.\x1b[0m" in screen.file.getvalue()  # type: ignore[attr-defined]
