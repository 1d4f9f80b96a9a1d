"""What is wrong with a corpus, or doubtful, and how each is mended."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path, PurePath

from bot.corpus.editions import Edition
from retrieval.bridges.glossary import odd_rows
from retrieval.corpus.encoding import decode
from retrieval.corpus.files import GLOSSARY, bytes_of, sources_in
from retrieval.corpus.records import Amendments, Problem, much_cut
from retrieval.corpus.sidecar import SUFFIX
from retrieval.likeness import NEARLY_THE_SAME, Sketch, likeness
from retrieval.records import Document
from retrieval.text import clean

LEFT_OUT = "Left out"
SIDECARS = "Sidecars that cannot be used; their articles are left out until then"
GLOSSARY_LEFT_OUT = "The glossary is left out"
GLOSSARY_ROWS = "Rows of the glossary that do less than they seem to"
DATES = "Dates"
LANGUAGES = "Languages"
PUBLISHERS = "Publishers"
DUPLICATES = "Articles that say nearly the same"
CUT = "Articles of which more than half was cut"
NONE_AT_ALL = "No articles"
PROBLEMS = frozenset({LEFT_OUT, SIDECARS, GLOSSARY_LEFT_OUT, NONE_AT_ALL})
"""Without which the bot would answer more; all else is a doubt."""

_SIDECAR_REMARK = "; its document is left out until then"
_MENDS = (
    (r"is empty$", "Write the article into it, or remove it."),
    (r"holds no running text", "Put the article itself into it, in whole sentences, or remove it."),
    (r"is not a plain file", "Put the file itself there, or remove what stands there."),
    (r"belongs to no document", "Give it the name of its article's file but for the ending, or remove it."),
    (r"is not readable as TOML", 'Write one key a line, and texts in quotes, as in title = "A new park".'),
    (r"published must", "Write year, month and day, and no quotes."),
    (r"\w+ must be a text", 'Write it in quotes, as in title = "A new park", or take the line out.'),
    (r"url must", "Write the whole address, or take the line out."),
    (r"language must", "Write one of these codes in quotes, or take the line out."),
    (r"needs a first line", "Write those of these names that you need into the first line, with tabs between them."),
    (r"cannot be read: Permission", "Give the user that runs the bot the right to read it."),
    (r"cannot be read: no process", "Try again when the machine has memory to spare."),
    (r"cannot be read", "See whether the disk is well, and put the file there again."),
)
"""By how a reason begins that does not tell its mend itself, behind a semicolon."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful."""

    group: str
    file: str
    said: str
    mend: str


def findings(folder: Path, amendments: Amendments, edition: Edition, today: date) -> list[Finding]:
    """All that is wrong or doubtful with an edition of a folder, as amended, problems first."""
    files = {source.id: source.path.name for source in sources_in(folder, amendments)}
    found = list(problems(edition.problems))
    if not edition.documents:
        found.append(none_at_all(str(folder)))
    found += doubts(edition.documents, edition.catalogue.sketches, files, today)
    if (folder / GLOSSARY).exists() and all(problem.file != GLOSSARY for problem in edition.problems):
        rows = odd_rows(clean(decode(bytes_of(folder, folder / GLOSSARY))))
        found += (glossary_row(line, doubt) for line, doubt in rows)
    groups = list(dict.fromkeys(finding.group for finding in found))
    return sorted(found, key=lambda finding: groups.index(finding.group))


def problems(met: Iterable[Problem]) -> Iterator[Finding]:
    """What was left out when a corpus was read."""
    for problem in met:
        group = LEFT_OUT
        if problem.file == GLOSSARY:
            group = GLOSSARY_LEFT_OUT
        elif problem.file.endswith(SUFFIX) and problem.reason.endswith(_SIDECAR_REMARK):
            group = SIDECARS
        yield Finding(group, problem.file, *_parted(problem.reason.removesuffix(_SIDECAR_REMARK)))


def doubts(
    documents: Sequence[Document], sketches: Sequence[Sketch], files: Mapping[str, str], today: date
) -> Iterator[Finding]:
    """What may be wrong with documents that were read; `files` has the name of each one's file, by its id."""
    for document in documents:
        yield from _doubts_of(document, files.get(document.id, document.id), today)
    for one, other in _alike(sketches):
        name, same = (files.get(documents[index].id, documents[index].id) for index in (other, one))
        yield Finding(
            DUPLICATES,
            name,
            f"says nearly the same as {same}",
            "Remove one of the two, for otherwise an answer may quote both.",
        )


def none_at_all(folder: str) -> Finding:
    """That a corpus has no documents."""
    return Finding(
        NONE_AT_ALL, folder, "holds no article", "Put a .txt, .md, .html, .pdf or .docx file for each into it."
    )


def glossary_row(line: int, doubt: str) -> Finding:
    """What is odd in a line of the glossary, told with its mend behind a semicolon."""
    return Finding(GLOSSARY_ROWS, f"{GLOSSARY}, line {line}", *_parted(doubt))


def _doubts_of(document: Document, file: str, today: date) -> Iterator[Finding]:
    sidecar = f"NAME{SUFFIX} beside it"
    if document.language == "und":
        yield Finding(
            LANGUAGES,
            file,
            "is in a language that cannot be told",
            f'Write language = "en", or another code, into {sidecar}; others than '
            "vi, zh, en, id, ms, th and tl are found by their words alone.",
        )
    if document.published is None:
        yield Finding(DATES, file, "states no date", f"Write published = {today.isoformat()}, or so, into {sidecar}.")
    elif document.published > today:
        yield Finding(
            DATES, file, f"is dated {document.published}, which is still to come", f"Write its date into {sidecar}."
        )
    elif document.date_basis == "inferred":
        yield Finding(
            DATES,
            file,
            f"is dated {document.published} by what its text says",
            f"Where that is wrong, write published = … into {sidecar}.",
        )
    if document.publisher is None and document.author is None:
        yield Finding(PUBLISHERS, file, "names neither publisher nor author", f'Write publisher = "…" into {sidecar}.')
    if percent := much_cut(document, PurePath(file).suffix.lower()):
        yield Finding(
            CUT,
            file,
            f"lost {percent} % as menus, captions and the like",
            "Where the article itself is among it, save it alone, in whole sentences, as plain text.",
        )


def _alike(sketches: Sequence[Sketch]) -> Iterator[tuple[int, int]]:
    """The pairs of documents that say nearly the same, by their places; each is told once, with the first like it."""
    holders: dict[int, list[int]] = {}
    for place, sketch in enumerate(sketches):
        for number in sketch:
            holders.setdefault(number, []).append(place)
    shared = Counter(pair for places in holders.values() if len(places) > 1 for pair in combinations(places[:50], 2))
    told = set[int]()
    for (one, other), count in sorted(shared.items()):
        # So many of a sketch must both have for half of what they say to be the same.
        enough = 3 * count >= min(len(sketches[one]), len(sketches[other]))
        if other not in told and enough and likeness(sketches[one], sketches[other]) >= NEARLY_THE_SAME:
            told.add(other)
            yield one, other


def _parted(reason: str) -> tuple[str, str]:
    """What is wrong and its mend, which is a sentence of its own."""
    said, semicolon, mend = reason.partition("; ")
    known = next((mend for begins, mend in _MENDS if re.match(begins, reason)), "")
    if known or not semicolon:
        return reason, known
    return said, f"{mend[0].upper()}{mend[1:]}."
