"""What deploy/ says to Kubernetes and to compose is what they understand, and as closed as agreed."""

import copy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Address, Settings
from tests.deploy.schemas import faults, faults_of_compose
from tests.deploy.test_deploy import TOKEN, image_environment

DEPLOY = Path(__file__).parents[2] / "deploy"
FOLDER = DEPLOY / "kubernetes"
KUSTOMIZATION = "kustomization.yaml"
FILES = sorted(path for path in FOLDER.glob("*.yaml") if path.name != KUSTOMIZATION)
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
USER = 10001


def manifest(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return found


def pod(name: str) -> dict[str, Any]:
    """What a manifest says of its pod."""
    spec = manifest(name)["spec"]
    found: dict[str, Any] = spec["template"]["spec"] if "template" in spec else spec
    return found


def container(name: str) -> dict[str, Any]:
    (only,) = pod(name)["containers"]
    found: dict[str, Any] = only
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_kubernetes_understands_a_manifest(file: Path) -> None:
    assert faults(yaml.safe_load(file.read_text("utf-8"))) == []


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_compose_understands_a_file(file: Path) -> None:
    assert faults_of_compose(yaml.safe_load(file.read_text("utf-8"))) == []


def test_a_field_that_is_misspelt_or_of_another_type_is_found() -> None:
    deployment = manifest("deployment")
    wrong = copy.deepcopy(deployment)
    wrong["spec"]["template"]["spec"]["containers"][0]["readOnly"] = True
    wrong["spec"]["replicas"] = "one"
    assert len(faults(wrong)) == 2
    assert len(faults_of_compose({"services": {"bot": {"read_onyl": True}}})) == 1


def test_everything_is_of_one_namespace_and_listed() -> None:
    kustomization = manifest("kustomization")
    listed = {*kustomization["resources"], "ingress.yaml", "maintenance.yaml"}
    assert listed == {file.name for file in FILES}
    assert {manifest(file.stem)["metadata"].get("namespace") for file in FILES} == {"ascn-bot", None}
    assert [file.stem for file in FILES if "namespace" not in manifest(file.stem)["metadata"]] == ["namespace"]


def test_kustomize_puts_them_together() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not installed")
    run = subprocess.run([kubectl, "kustomize", FOLDER], capture_output=True, text=True)  # noqa: S603
    assert run.returncode == 0, run.stderr
    together = list(yaml.safe_load_all(run.stdout))
    assert [fault for one in together for fault in faults(one)] == []
    (deployment,) = [one for one in together if one["kind"] == "Deployment"]
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == container("maintenance")["image"]


def test_there_is_never_more_than_one_process() -> None:
    spec = manifest("deployment")["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert manifest("volume")["spec"]["accessModes"] == ["ReadWriteOnce"]


@pytest.mark.parametrize("name", ["deployment", "maintenance"])
def test_the_pods_are_what_a_restricted_namespace_lets_in(name: str) -> None:
    assert manifest("namespace")["metadata"]["labels"] == {"pod-security.kubernetes.io/enforce": "restricted"}
    whole, own = pod(name)["securityContext"], container(name)["securityContext"]
    assert (whole["runAsNonRoot"], whole["seccompProfile"]) == (True, {"type": "RuntimeDefault"})
    assert (whole["runAsUser"], whole["runAsGroup"], whole["fsGroup"]) == (USER, USER, USER)
    assert own == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod(name)["automountServiceAccountToken"] is False


def test_the_token_is_a_file_and_the_settings_are_valid(tmp_path: Path) -> None:
    (secret,) = [volume["secret"] for volume in pod("deployment")["volumes"] if "secret" in volume]
    assert secret == {"secretName": "ascn-bot", "defaultMode": 0o440}
    given = {one["name"]: one["value"] for one in container("deployment")["env"]}
    (tmp_path / "token").write_text(TOKEN)
    mounts = {mount["name"]: mount["mountPath"] for mount in container("deployment")["volumeMounts"]}
    assert given["TELEGRAM_BOT_TOKEN_FILE"] == f"{mounts['secrets']}/token"
    told = image_environment() | manifest("settings")["data"] | given | {"TELEGRAM_BOT_TOKEN_FILE": f"{tmp_path}/token"}
    assert Settings.from_environment(told) == Settings(
        token=TOKEN,
        data=Path(mounts["data"]),
        web=Address("0.0.0.0", 8080),  # noqa: S104
        log_format="json",
    )


def test_it_is_asked_whether_it_lives_and_whether_it_is_ready_where_it_listens() -> None:
    bot = container("deployment")
    ports = {port["name"]: port["containerPort"] for port in bot["ports"]}
    assert ports == {"web": 8080, "webhook": 8443}
    asked = {name: bot[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert asked == {
        "startupProbe": {"path": "/healthz", "port": "web"},
        "livenessProbe": {"path": "/healthz", "port": "web"},
        "readinessProbe": {"path": "/readyz", "port": "web"},
    }


def test_what_leads_to_the_bot_finds_it() -> None:
    (mine,) = manifest("deployment")["spec"]["template"]["metadata"]["labels"].items()
    assert tuple(manifest("service")["spec"]["selector"].items()) == (mine,)
    assert tuple(manifest("network")["spec"]["podSelector"]["matchLabels"].items()) == (mine,)
    served = {port["name"]: port["targetPort"] for port in manifest("service")["spec"]["ports"]}
    named = {port["name"] for port in container("deployment")["ports"]}
    assert set(served) == set(served.values()) == named
    (rule,) = manifest("ingress")["spec"]["rules"]
    backends = [path["backend"]["service"] for path in rule["http"]["paths"]]
    assert [(one["name"], one["port"]["name"]) for one in backends] == [("ascn-bot", "webhook"), ("ascn-bot", "web")]


def test_the_ways_to_run_allow_the_same_memory_and_time() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["bot"]
    assert container("deployment")["resources"]["limits"]["memory"] == "1Gi"
    assert compose["mem_limit"] == "1g"
    assert f"{pod('deployment')['terminationGracePeriodSeconds']}s" == compose["stop_grace_period"]


def test_the_webhook_is_added_to_the_same_service_and_secret_of_its_own() -> None:
    added = yaml.safe_load((DEPLOY / "compose.webhook.yaml").read_text("utf-8"))
    (name,) = added["services"]["bot"]["secrets"]
    assert added["services"]["bot"]["environment"]["ASCN_BOT_WEBHOOK_SECRET_FILE"] == f"/run/secrets/{name}"
    assert added["secrets"] == {name: {"file": f"./secrets/{name}"}}
    assert added["services"]["bot"]["environment"]["ASCN_BOT_WEBHOOK_URL"].endswith("}/telegram")
