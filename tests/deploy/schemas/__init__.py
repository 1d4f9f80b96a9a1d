"""The schemas of Kubernetes 1.37 and of the Compose Specification, both Apache-2.0, without what only people read.

They are as `kubernetes-validate` and `check-jsonschema` carry them, and stand here because the first weighs 23 MB;
`python -m tests.deploy.schemas` makes them anew.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_HERE = Path(__file__).parent


def faults(manifest: dict[str, Any]) -> list[str]:
    """What Kubernetes would not take in a manifest, with its place; fields that it does not know are such, too."""
    group, _, version = manifest["apiVersion"].rpartition("/")
    name = "-".join(filter(None, (manifest["kind"].lower(), group.partition(".")[0], version)))
    known = _read("kubernetes")
    return _faults({**known["kinds"][name], "$defs": known["$defs"]}, manifest)


def faults_of_compose(file: dict[str, Any]) -> list[str]:
    """What compose would not take in one of its files, with its place."""
    return _faults(_read("compose"), file)


def _faults(schema: dict[str, Any], value: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(value)]


@cache
def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((_HERE / f"{name}.json").read_text("utf-8"))
    return schema
