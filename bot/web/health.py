"""How the bot fares, for whoever keeps it running: alive, ready, and in figures."""

import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as time_of_day
from functools import wraps
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.corpus.library import Library
from bot.delivery.inbox import Inbox
from bot.delivery.receiving import Receiving
from bot.metrics import LATENCIES, Errors, Metrics
from bot.storage.database import DatabaseError
from bot.version import version

_SECONDS_OF_SILENCE = 120.0
"""After so long without a word of Telegram's the bot is not ready; an empty poll ends after 25."""
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""What a proxy adds to a request from outside."""
_OPENMETRICS = "text/plain; version=0.0.4; charset=utf-8"


_Handler = Callable[["Health", Request], Awaitable[Response]]


def _inside(handle: _Handler) -> _Handler:
    """The handler for those on this machine or network; what a proxy hands on from outside finds nothing."""

    @wraps(handle)
    async def handle_unless_forwarded(health: "Health", request: Request) -> Response:
        if any(name in request.headers for name in _FORWARDED):
            return Response(status_code=404)
        return await handle(health, request)

    return handle_unless_forwarded


class Health:
    """The handlers of what operators ask; nobody outside learns more than that the bot lives."""

    def __init__(self, library: Library, inbox: Inbox, receiving: Receiving, metrics: Metrics, errors: Errors) -> None:
        self._library = library
        self._inbox = inbox
        self._receiving = receiving
        self._metrics = metrics
        self._errors = errors

    async def healthz(self, request: Request) -> Response:
        """`/healthz`: that the process answers."""
        return PlainTextResponse("ok\n")

    @_inside
    async def readyz(self, request: Request) -> Response:
        """`/readyz`: whether questions come in and can be answered, and what keeps them from it."""
        checks, waiting = await self._checks()
        ready = all(found == "ok" for found in checks.values())
        body = json.dumps({"ready": ready, **checks, "waiting": waiting})
        return Response(body + "\n", 200 if ready else 503, media_type="application/json")

    @_inside
    async def metrics(self, request: Request) -> Response:
        """`/metrics`: the figures that Prometheus collects."""
        checks, waiting = await self._checks()
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        ready = all(found == "ok" for found in checks.values())
        registry.register(_Collector(tuple(self._own(waiting, ready))))
        return Response(generate_latest(registry), media_type=_OPENMETRICS)

    async def _checks(self) -> tuple[Mapping[str, str], int]:
        """What is looked at and how it is, `ok` or a sentence; and how many updates wait."""
        silence = time.monotonic() - self._receiving.heard
        try:
            waiting, database = await self._inbox.waiting(), "ok"
        except DatabaseError as error:
            waiting, database = 0, str(error)
        return {
            "polling": "ok" if silence < _SECONDS_OF_SILENCE else f"Telegram has been silent for {silence:.0f} s",
            "corpus": "ok" if self._library.catalogue.documents else "there are no documents",
            "database": database,
        }, waiting

    def _own(self, waiting: int, ready: bool) -> Iterator[Metric]:
        """The bot's own figures, as Prometheus names such things."""
        metrics, library = self._metrics, self._library
        yield _gauge("info", "The version that runs.", 1, version=version())
        yield _gauge("ready", "Whether questions come in and can be answered.", ready)
        yield _gauge("waiting_updates", "Updates that wait for their turn or are in hand.", waiting)
        yield _gauge("event_loop_lag_seconds", "How late the event loop was at worst, in the last minute.", metrics.lag)
        yield _gauge("last_poll_timestamp_seconds", "When Telegram was last heard of.", self._heard())
        yield _gauge("corpus_documents", "Documents that are served.", len(library.catalogue.documents))
        yield _gauge("corpus_passages", "Passages that are served.", library.catalogue.passages)
        yield _gauge("corpus_loaded_timestamp_seconds", "When they were read.", library.loaded.timestamp())
        if newest := _newest(library):
            yield _gauge("corpus_newest_timestamp_seconds", "The day of the newest document.", newest)
        yield _counter("questions", "Questions.", metrics.questions, "language", "outcome")
        yield _answers(metrics)
        yield _counter(
            "sends", "Messages to Telegram.", {(key,): count for key, count in metrics.sends.items()}, "outcome"
        )
        yield _counter("flood_waits", "How often Telegram asked for patience.", {(): metrics.floods})
        yield _counter("reloads", "Editions of the corpus since the start, but the first.", {(): library.reloads})
        yield _counter("errors", "Errors in the log.", {(): self._errors.count})
        yield _counter("web_requests", "Requests to the web reader.", metrics.pages, "page", "status")

    def _heard(self) -> float:
        return time.time() - (time.monotonic() - self._receiving.heard)


@dataclass(frozen=True, slots=True, eq=False)
class _Collector:
    """Hands figures to the library that writes them down."""

    figures: tuple[Metric, ...]

    def collect(self) -> tuple[Metric, ...]:
        return self.figures


def _newest(library: Library) -> float | None:
    days = [document.published for document in library.catalogue.documents if document.published]
    return datetime.combine(max(days), time_of_day(), UTC).timestamp() if days else None


def _gauge(name: str, help_text: str, value: float, **labels: str) -> Metric:
    family = GaugeMetricFamily(f"ascn_bot_{name}", help_text, labels=list(labels))
    family.add_metric(list(labels.values()), value)
    return family


def _counter(name: str, help_text: str, counts: Mapping[Any, int], *labels: str) -> Metric:
    """A counter by the values of its labels, in their order."""
    family = CounterMetricFamily(f"ascn_bot_{name}", help_text, labels=labels)
    for values, count in counts.items():
        family.add_metric([str(value) for value in values], count)
    return family


def _answers(metrics: Metrics) -> Metric:
    """The histogram of how long answers took; each bucket has those of the ones before it, too."""
    buckets, reached = [], 0
    for end in (*LATENCIES, float("inf")):
        reached += metrics.answers[end]
        buckets.append(("+Inf" if end == float("inf") else str(end), float(reached)))
    return HistogramMetricFamily(
        "ascn_bot_answer_seconds", "Seconds from the taking up of a question to its answer.", buckets, metrics.seconds
    )
