"""One list out of several languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.records import Hit

EQUALLY_GOOD = 0.2
"""Two hits whose standing differs by less are as good as each other, and the one in the question's language goes
first. In logarithms of odds: of two such hits the better one is the likelier by less than 11 to 9."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The weighed hits of one passage language, and how the question stands to that language."""

    hits: Sequence[Hit]
    own: bool
    """Whether the question is in the passages' language."""


def merge(ranked: Mapping[str, Ranked], most: int) -> list[Hit]:
    """The best hits of all languages in one list, the likeliest first whatever its language.

    Scores of two languages say nothing against each other; what can be compared is a hit's standing, made of what
    means the same in every language. Of the first two about as likely, the one in the question's language leads.
    """
    hits = [(hit, lists.own) for _, lists in sorted(ranked.items()) for hit in lists.hits]
    if not hits:
        return []
    leader, _ = max(hits, key=lambda found: found[0].standing + EQUALLY_GOOD * found[1])
    rest = [hit for hit, _ in hits if hit is not leader]
    return [leader, *sorted(rest, key=lambda hit: -hit.standing)][:most]
