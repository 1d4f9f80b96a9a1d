"""Each alert fires for what it is meant for, and leads to its section; the dashboard asks for what the bot tells."""

import json
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.botapi import BotApiServer, Chat, Person
from tests.deploy import runbook
from tests.web.conftest import Visitor, origin, settings, visitor

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "alerts.yaml"
__all__ = ["origin", "settings", "visitor"]  # fixtures of tests/web
BY_OTHERS: dict[str, set[str]] = {"up": set(), "node_systemd_unit_state": {"name", "state"}}
"""What Prometheus and node_exporter tell of the bot."""
WELL = {
    'up{job="ascn-bot"}': "1+0x200",
    'process_start_time_seconds{job="ascn-bot"}': "1000+0x200",
    "ascn_bot_ready": "1+0x200",
    "ascn_bot_last_poll_timestamp_seconds": "0+60x200",
    "ascn_bot_waiting_updates": "2+0x200",
    'ascn_bot_questions_total{language="vi", outcome="found"}': "0+6x200",
    'ascn_bot_questions_total{language="vi", outcome="nothing"}': "0+4x200",
    'ascn_bot_questions_total{language="vi", outcome="given_up"}': "0+0x200",
    'ascn_bot_answer_seconds_bucket{le="0.1"}': "0+9x200",
    'ascn_bot_answer_seconds_bucket{le="1"}': "0+10x200",
    'ascn_bot_answer_seconds_bucket{le="10"}': "0+10x200",
    'ascn_bot_answer_seconds_bucket{le="+Inf"}': "0+10x200",
    "ascn_bot_event_loop_lag_seconds": "0.01+0x200",
    'ascn_bot_sends_total{outcome="delivered"}': "0+10x200",
    'ascn_bot_sends_total{outcome="refused"}': "0+0x200",
    "ascn_bot_flood_waits_total": "0+0x200",
    "ascn_bot_errors_total": "0+0x200",
    "ascn_bot_corpus_documents": "5+0x200",
    'ascn_bot_web_requests_total{page="ask", status="200"}': "0+5x200",
    'ascn_bot_web_requests_total{page="readyz", status="503"}': "0+4x200",
    'node_systemd_unit_state{name="ascn-bot-backup.service", state="failed"}': "0+0x200",
}
"""Hours of a bot that is well, a value a minute."""


_ASKED = re.compile(r"\b((?:ascn_bot|process|node|up)\w*)(?:\{(.*?)\})?")
_BY = re.compile(r"by \((.*?)\)")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is otherwise than in a bot that is well, and when its alert has come and has not yet."""

    otherwise: Mapping[str, str]
    fires: str = "70m"
    quiet: str | None = None


TROUBLES = {
    "AscnBotDown": Trouble({'up{job="ascn-bot"}': "1+0x40 0+0x400"}, "47m", "44m"),
    "AscnBotNotReady": Trouble({"ascn_bot_ready": "1+0x40 0+0x400"}, "47m", "44m"),
    "AscnBotNotPolling": Trouble({"ascn_bot_last_poll_timestamp_seconds": "0+60x40 2400+0x400"}, "50m", "45m"),
    "AscnBotRestarts": Trouble({'process_start_time_seconds{job="ascn-bot"}': "1000+0x40 1000+300x50"}, "70m", "40m"),
    "AscnBotWaiting": Trouble({"ascn_bot_waiting_updates": "2+0x40 101+0x400"}, "52m", "50m"),
    "AscnBotGivesUp": Trouble(
        {'ascn_bot_questions_total{language="vi", outcome="given_up"}': "0+0x40 0+1x50"}, "45m", "40m"
    ),
    "AscnBotErrors": Trouble({"ascn_bot_errors_total": "0+0x40 0+1x50"}, "48m", "43m"),
    "AscnBotSlow": Trouble({'ascn_bot_answer_seconds_bucket{le="1"}': "0+9x200"}, "70m", "14m"),
    "AscnBotBusy": Trouble({"ascn_bot_event_loop_lag_seconds": "0.01+0x40 0.6+0x400"}, "52m", "50m"),
    "AscnBotRefused": Trouble({'ascn_bot_sends_total{outcome="refused"}': "0+0x40 0+2x100"}, "100m", "42m"),
    "AscnBotFlooding": Trouble({"ascn_bot_flood_waits_total": "0+0x40 0+1x100"}, "80m", "60m"),
    "AscnBotFindsNothing": Trouble(
        {
            'ascn_bot_questions_total{language="vi", outcome="found"}': "0+1x200",
            'ascn_bot_questions_total{language="vi", outcome="nothing"}': "0+9x200",
        }
    ),
    "AscnBotCorpusShrank": Trouble({"ascn_bot_corpus_documents": "5+0x40 2+0x400"}, "47m", "44m"),
    "AscnBotPagesFail": Trouble(
        {'ascn_bot_web_requests_total{page="document", status="500"}': "0+0x40 0+1x50"}, "48m", "42m"
    ),
    "AscnBotArchiveFailed": Trouble(
        {'node_systemd_unit_state{name="ascn-bot-backup.service", state="failed"}': "0+0x40 1+0x400"}, "47m", "44m"
    ),
}


@pytest.fixture
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed")
    return found


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
    return found


def shown() -> list[str]:
    """What the dashboard asks Prometheus."""
    return [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]


def checked(*command: str | Path) -> str:
    """What a tool says that finds nothing wrong."""
    run = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_every_alert_has_its_section_and_every_section_its_alert() -> None:
    sections = re.findall(r"^### (\w+)$", runbook.section("Alerts"), re.MULTILINE)
    assert sections == [rule["alert"] for rule in rules()]
    for rule in rules():
        assert rule["annotations"]["runbook"] == f"deploy/README.md#{rule['alert'].lower()}"
        assert runbook.section(rule["alert"]).strip().startswith(f"*{rule['labels']['severity']}.*")
        assert set(rule["annotations"]) == {"summary", "runbook"}


async def test_only_what_the_bot_tells_is_asked_for_and_all_of_its_own_is_shown(
    visitor: Visitor, server: BotApiServer, private: Chat, alice: Person
) -> None:
    await server.say(private, alice, "Becamex IDC")
    await server.reply(private)
    await visitor.get("/readyz")
    told: dict[str, set[str]] = defaultdict(set, BY_OTHERS)
    pages = set()
    for family in text_string_to_metric_families((await visitor.get("/metrics")).text):
        for sample in family.samples:
            told[sample.name] |= set(sample.labels)
            pages.add(sample.labels.get("page"))
    for expression in (*(rule["expr"] for rule in rules()), *shown()):
        for metric, labels in _ASKED.findall(expression):
            assert set(re.findall(r"(\w+)[=!]", labels)) <= told[metric] | {"job"}, expression
        assert set(re.findall(r"\w+", " ".join(_BY.findall(expression)))) <= set().union(*told.values()) | {"instance"}
    everything = " ".join(shown())
    untold = re.compile(r"_(created|sum|count)$")
    assert [
        name for name in told if name.startswith("ascn_bot") and name not in everything and not untold.search(name)
    ] == []
    assert "readyz" in pages


def test_the_panels_do_not_overlap() -> None:
    places = [
        (x, y)
        for box in (panel["gridPos"] for panel in dashboard()["panels"])
        for x in range(box["x"], box["x"] + box["w"])
        for y in range(box["y"], box["y"] + box["h"])
    ]
    assert len(places) == len(set(places))
    assert max(x for x, _ in places) < 24
    assert len({panel["id"] for panel in dashboard()["panels"]}) == len(dashboard()["panels"])


def test_prometheus_understands_every_rule_and_every_question_of_the_dashboard(promtool: str, tmp_path: Path) -> None:
    checked(promtool, "check", "rules", RULES)
    asked = [re.sub(r"\$__rate_interval", "5m", one).replace("$job", "ascn-bot") for one in shown()]
    records = [{"record": f"shown:{number}", "expr": one} for number, one in enumerate(asked)]
    file = tmp_path / "dashboard.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": records}]}))
    assert f"SUCCESS: {len(asked)} rules found" in checked(promtool, "check", "rules", file)


def test_each_alert_fires_for_its_trouble_alone_and_none_where_all_is_well(promtool: str, tmp_path: Path) -> None:
    assert set(TROUBLES) == {rule["alert"] for rule in rules()}
    tests = [story({}, {"70m": set()})]
    for name, trouble in TROUBLES.items():
        times = {trouble.fires: {name}} | ({trouble.quiet: set()} if trouble.quiet else {})
        tests.append(story(trouble.otherwise, times))
    file = tmp_path / "tests.yaml"
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}))
    checked(promtool, "test", "rules", file)


def story(otherwise: Mapping[str, str], times: Mapping[str, set[str]]) -> dict[str, Any]:
    """What is told to Prometheus, and which alerts fire at these times."""
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in {**WELL, **otherwise}.items()],
        "promql_expr_test": [
            {
                "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                "eval_time": at,
                "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(firing)],
            }
            for at, firing in times.items()
        ],
    }
