"""A line of the log names a place in our own code, and only there."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.logs import describe
from bot.phrases import phrases


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
    assert describe(raised.value).startswith("KeyError at bot/phrases.py:")
