"""Names of countries and languages in every language, from CLDR by way of Babel, and of months."""

from collections.abc import Iterator, Mapping

from babel import Locale

from retrieval.bridges.glossary import Concept
from retrieval.tables import table

_LOCALES = {"vi": "vi", "zh": "zh_Hans", "en": "en", "id": "id", "ms": "ms", "th": "th", "tl": "fil"}
_WORDS = {"tl": frozenset({"Mali", "Hapon"})}
"""Names that are everyday words: Tagalog for wrong, and for afternoon."""


def cldr_concepts() -> Iterator[Concept]:
    """One concept a country, a language and a month."""
    locales = {language: Locale.parse(code) for language, code in _LOCALES.items()}
    for code in locales["en"].territories:
        if isinstance(code, str) and len(code) == 2 and code.isalpha():
            names = {name: locale.territories.get(code) for name, locale in locales.items()}
            yield _concept(f"territory {code}", names, is_place=True)
    for code in locales["en"].languages:
        if isinstance(code, str) and len(code) == 2:
            yield _concept(f"language {code}", {name: locale.languages.get(code) for name, locale in locales.items()})
    for month in range(12):
        # Not "tháng 1", which stands inside "tháng 12".
        yield _concept(f"month {month + 1}", {language: names[month] for language, names in table("months").items()})


def _concept(identity: str, names: Mapping[str, str | None], is_place: bool = False) -> Concept:
    telling: dict[str, tuple[str, ...]] = {
        language: (name,) for language, name in names.items() if name and _tells(name, language)
    }
    return Concept(identity, telling, is_place)


def _tells(name: str, language: str) -> bool:
    """Whether a name is unmistakable: Ý is Italy and an idea, Áo is Austria and a shirt."""
    if name in _WORDS.get(language, ()):
        return False
    return len(name) >= (2 if language == "zh" else 4) and (language != "vi" or " " in name or "-" in name)
