"""Whose packages an installation brings, and under which licence each is: the second part of NOTICE.

    python -m deploy.release.notice

The first part is written by hand, and stays. The second has every package that deploy/locks/run.txt pins, with what its
own installed metadata say; of one that only other machines install, what NOTICE has said so far.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

ROOT = Path(__file__).parents[2]
NOTICE, LOCK = ROOT / "NOTICE", ROOT / "deploy" / "locks" / "run.txt"

_HEADING = "Packages that an installation with the extra `semantic` brings (written by `make notice`):"
_ROW = re.compile(r"^- (?P<name>\S+) (?P<versions>[^:]+): (?P<licence>.+), (?P<home>\S+)$", re.MULTILINE)
_PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
_HOMES = ("homepage", "home", "repository", "source", "source code", "github", "documentation")
"""What a package may call its home, the best first."""

_UNCLEAR = {"jinja2": "BSD-3-Clause", "scipy": "BSD-3-Clause"}
"""Packages whose metadata leave open which of the BSD licences they mean; their licence files do not."""
_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache2.0": "Apache-2.0",
    "CC BY-SA 4.0": "CC-BY-SA-4.0",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "MIT, BSD": "MIT AND BSD-3-Clause",
    "Python Software Foundation License": "PSF-2.0",
    "The BSD 2-Clause License": "BSD-2-Clause",
}
"""Names that packages give to licences, in SPDX's."""


@dataclass(frozen=True, slots=True)
class Package:
    """A row of NOTICE."""

    name: str
    versions: str
    """Divided by commas: which is installed can depend on the machine."""
    licence: str
    """An SPDX expression."""
    home: str

    def __str__(self) -> str:
        return f"- {self.name} {self.versions}: {self.licence}, {self.home}"


def pinned(lock: str) -> Mapping[str, str]:
    """The packages of a file of locks with their versions."""
    versions: dict[str, list[str]] = {}
    for name, version in _PINNED.findall(lock):
        versions.setdefault(name, []).append(version)
    return {name: ", ".join(found) for name, found in sorted(versions.items())}


def told(notice: str) -> Mapping[str, Package]:
    """The packages that a NOTICE names."""
    return {row["name"]: Package(**row.groupdict()) for row in _ROW.finditer(notice.partition(_HEADING)[2])}


def installed(name: str, versions: str) -> Package | None:
    """What a package says of itself; None where it is not installed, or not in one of these versions."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if said["Version"] not in versions.split(", "):
        return None
    return Package(name, versions, _UNCLEAR.get(name) or _licence(name, said), _home(said))


def _licence(name: str, said: metadata.PackageMetadata) -> str:
    for given in _given(said):
        try:
            return canonicalize_license_expression(_SPDX.get(given, given))
        except InvalidLicenseExpression:
            continue
    raise SystemExit(f"The metadata of {name} name no licence that is known here; read it, and add it to {__file__}.")


def _given(said: metadata.PackageMetadata) -> Iterator[str]:
    """What a package calls its licence, the clearest first."""
    for key in ("License-Expression", "License"):
        yield from (text.partition("\n")[0] for text in said.get_all(key, []))
    for classifier in said.get_all("Classifier", []):
        if classifier.startswith("License :: "):
            yield classifier.rpartition(" :: ")[2]


def _home(said: metadata.PackageMetadata) -> str:
    links = [link.partition(", ") for link in said.get_all("Project-URL", [])]
    homes = {label.lower(): address for label, _, address in links}
    found: list[str] = [*said.get_all("Home-page", []), *(homes[label] for label in _HOMES if label in homes)]
    return found[0]


def renewed(notice: str, lock: str) -> str:
    """A NOTICE that says what is pinned now."""
    before = told(notice)
    rows = [_row(name, versions, before) for name, versions in pinned(lock).items()]
    own = notice.partition(_HEADING)[0].rstrip()
    return "\n".join([own, "", _HEADING, "", *map(str, rows), ""])


def _row(name: str, versions: str, before: Mapping[str, Package]) -> Package:
    if found := installed(name, versions):
        return found
    if name in before:
        return replace(before[name], versions=versions)
    raise SystemExit(
        f"{name} {versions} is not installed here; write its row into NOTICE yourself, or `make setup` first."
    )


if __name__ == "__main__":
    NOTICE.write_text(renewed(NOTICE.read_text("utf-8"), LOCK.read_text("utf-8")), "utf-8")
