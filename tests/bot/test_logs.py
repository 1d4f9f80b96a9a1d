"""One event is one line, without secrets; it names a place in our own code, and only there."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import JsonFormatter, OneLineFormatter, describe
from bot.speech.phrases import phrases


def raised_in(file: str) -> BaseException:
    names: dict[str, Callable[[], Any]] = {}
    exec(compile("def fail():\n    raise KeyError('words')", file, "exec"), names)  # noqa: S102
    with pytest.raises(KeyError) as raised:
        names["fail"]()
    return raised.value


@pytest.mark.parametrize("file", ["/srv/bot/.venv/lib/telegram/_bot.py", "/home/retrieval/x.py", "<string>"])
def test_a_file_of_others_is_not_named_whatever_its_folder_is_called(file: str) -> None:
    assert describe(raised_in(file)) == "KeyError at outside"


def test_our_own_file_is_named_without_the_words_of_the_error() -> None:
    with pytest.raises(KeyError) as raised:
        phrases("canary")  # type: ignore[arg-type]
    assert describe(raised.value).startswith("KeyError at bot/speech/phrases.py:")


TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz_012345"


def record(message: str, *values: object, error: BaseException | None = None) -> logging.LogRecord:
    trace = (type(error), error, None) if error else None
    return logging.LogRecord("bot", logging.INFO, __file__, 1, message, values, trace)


FORGED = "Mallory\r\n2026-01-01 00:00:00,000 ERROR bot: all is lost\x1b[2K\x9b2K\u2028\x85\x0b\x00"


@pytest.mark.parametrize("formatter", [OneLineFormatter(), JsonFormatter()])
def test_a_name_forges_no_line(formatter: logging.Formatter) -> None:
    line = formatter.format(record("a group is called %s", FORGED))
    assert len(line.splitlines()) == 1
    assert [sign for sign in line if not sign.isprintable()] == []


@given(st.text())
def test_whatever_the_name_json_is_one_object_a_line(name: str) -> None:
    line = JsonFormatter().format(record("%s", name))
    fields = json.loads(line)
    assert (list(fields), len(line.splitlines())) == (["time", "level", "logger", "event"], 1)
    assert (fields["level"], fields["logger"]) == ("INFO", "bot")


@pytest.mark.parametrize("formatter", [OneLineFormatter(["s3cret+/"]), JsonFormatter(["s3cret+/"])])
def test_secrets_are_blacked_out_and_so_is_whatever_looks_like_a_token(formatter: logging.Formatter) -> None:
    line = formatter.format(record("POST /bot%s/getMe with %s", TOKEN, "s3cret+/"))
    assert "POST /bot<secret>/getMe with <secret>" in line


def test_an_error_is_told_without_its_words_in_json_too() -> None:
    line = JsonFormatter().format(record("it failed", error=raised_in("<string>")))
    assert json.loads(line)["event"] == "it failed (KeyError at outside)"


def test_a_warning_of_pythons_is_one_line_too() -> None:
    code = "import warnings; from bot import logs; logs.configure('INFO', 'json'); warnings.warn('old', stacklevel=1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["logger"] == "py.warnings"
