"""Reads what may be a bomb in a process of its own, which is killed when it takes too much.

Run as a module it is that process. Requests are a line of JSON and the bytes it announces, answers a line of JSON:
what comes back from a process that a file may have taken over is only data.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from threading import Timer
from types import TracebackType
from typing import IO, Any, cast

from retrieval.corpus.articles import read_article
from retrieval.corpus.cleaning import Article
from retrieval.corpus.encoding import UndecodableError
from retrieval.corpus.records import UnreadableError

LONGEST_SECONDS = 5.0
"""Of processor time, for one file; a page of a newspaper takes a tenth of one."""
MOST_MEMORY = 512_000_000
"""Bytes of address space, of which Python and the libraries take a tenth."""
_LONGEST_WAIT = 60.0
"""Seconds on the clock for a start or a file, however busy the machine."""
_TOO_MUCH = f"takes more than {LONGEST_SECONDS:.0f} s or {MOST_MEMORY // 1_000_000} MB to read; keep only the article"


class ConfinedReader:
    """Reads articles one after another in one process, started when first needed and anew after a bomb."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "ConfinedReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read_article(self, suffix: str, data: bytes) -> Article:
        """As `articles.read_article`; raises UnreadableError for a file that takes too much, too."""
        request = {"suffix": suffix, "size": len(data), "seconds": LONGEST_SECONDS}
        answer = _line_from(self._started(), json.dumps(request).encode() + b"\n" + data)
        if not answer:
            self._end()
            raise UnreadableError(_TOO_MUCH)
        fields = json.loads(answer)
        if reason := fields.get("reason"):
            raise UnreadableError(reason)
        return _article(fields)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            # Only the path: the environment may hold secrets. A process forked off our threads could hang.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "retrieval.corpus.confinement"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
            )
            if not _line_from(self._process):
                self._end()
                raise UnreadableError("cannot be read: no process can be started to read it in")
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _line_from(process: subprocess.Popen[bytes], request: bytes = b"") -> bytes:
    """The next line that the process says to a request; nothing where it dies first, or is killed for its slowness."""
    requests, answers = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    timer = Timer(_LONGEST_WAIT, process.kill)
    timer.start()
    try:
        with suppress(BrokenPipeError):
            requests.write(request)
            requests.flush()
        return answers.readline()
    finally:
        timer.cancel()


def _article(fields: dict[str, Any]) -> Article:
    published = fields["published"]
    fields["published"] = date.fromisoformat(published) if published else None
    fields["paragraphs"] = tuple(fields["paragraphs"])
    return Article(**fields)


def main() -> None:
    """Answers requests until there are no more."""
    import trafilatura  # noqa: F401  # before the clock of the first file starts

    # Where a service may not change its limits, the clock remains, and the service's own limit.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    answers.write(b"ready\n")
    answers.flush()
    for line in requests:
        request = json.loads(line)
        signal.setitimer(signal.ITIMER_PROF, request["seconds"])  # after which the process ends
        answer = json.dumps(_answer(request, requests), default=str).encode() + b"\n"
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(answer)
        answers.flush()


def _answer(request: dict[str, Any], requests: IO[bytes]) -> dict[str, Any]:
    try:
        return asdict(read_article(request["suffix"], requests.read(request["size"])))
    except (UndecodableError, UnreadableError) as error:
        return {"reason": str(error)}
    except (MemoryError, RecursionError):
        return {"reason": _TOO_MUCH}


if __name__ == "__main__":
    main()
