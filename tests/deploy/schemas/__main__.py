"""Writes the schemas anew from the packages that carry them, without what only people read.

pip install --target DIR kubernetes-validate check-jsonschema
python -m tests.deploy.schemas DIR
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KINDS = (
    "configmap-v1",
    "deployment-apps-v1",
    "ingress-networking-v1",
    "namespace-v1",
    "networkpolicy-networking-v1",
    "persistentvolumeclaim-v1",
    "pod-v1",
    "service-v1",
)
"""Those that deploy/kubernetes has, and as Kubernetes names their schemas."""
_FOR_PEOPLE = ("description", "title", "deprecated")
_ELSEWHERE = "/api/_definitions.json"
"""Where Kubernetes' schemas keep what they share; here it stands in the same file."""


def main() -> None:
    """Reads the packages in the folder that is named."""
    packages = Path(sys.argv[1])
    newest = max((packages / "kubernetes_validate/kubernetes-json-schema").glob("v*-strict"), key=_version)
    _write("kubernetes", _kubernetes(newest))
    compose = packages / "check_jsonschema/builtin_schemas/vendor/compose-spec.json"
    _write("compose", _bare(json.loads(compose.read_text("utf-8"))))


def _version(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", folder.name)]


def _kubernetes(folder: Path) -> Any:
    """Each kind's schema, and the definitions that they lead to."""
    known = json.loads((folder / "_definitions.json").read_text("utf-8"))["$defs"]
    kinds = {name: _bare(json.loads((folder / f"{name}.json").read_text("utf-8"))) for name in KINDS}
    needed: dict[str, Any] = {}
    waiting = _references(kinds)
    while waiting:
        name = waiting.pop()
        needed[name] = _bare(known[name])
        waiting |= _references(needed[name]) - needed.keys()
    return {"version": folder.name.split("-")[0], "kinds": kinds, "$defs": dict(sorted(needed.items()))}


def _references(schema: Any) -> set[str]:
    return set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))


def _bare(schema: Any, names: bool = False) -> Any:
    """A schema without the words for people; `names` tells that its keys are names of properties."""
    if isinstance(schema, list):
        return [_bare(part) for part in schema]
    if not isinstance(schema, dict):
        return schema.removeprefix(_ELSEWHERE) if isinstance(schema, str) else schema
    return {
        key: _bare(part, not names and key in ("properties", "patternProperties", "$defs"))
        for key, part in schema.items()
        if names or (key not in _FOR_PEOPLE and not key.startswith("x-"))
    }


def _write(name: str, schema: Any) -> None:
    (HERE / f"{name}.json").write_text(json.dumps(schema, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
