"""Which language a text is in, by its script, its letters and its function words.

Rules, because they beat every library we measured on Vietnamese without marks and on short questions; a wrong
guess costs only the reply's language, for every index is asked whatever the question's language.
"""

import re
import unicodedata
from functools import cache

from retrieval.records import DocumentLanguage, QuestionLanguage
from retrieval.spelling import is_traditional, without_marks
from retrieval.text import blank_han, count_han
from retrieval.words import words

_THAI = re.compile("[\u0e00-\u0e7f]")
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FOREIGN_SCRIPT = re.compile(r"[\u0370-\u0e00\u0e80-\u1dff\u3040-\u30ff\uac00-\ud7af]")
_ONLY_VIETNAMESE = re.compile("[ăđơưẠ-ỹ]", re.I)  # Latin Extended Additional from U+1EA0 is Vietnamese alone
_SHARED_MARKS = re.compile("[àáâãèéêìíòóôõùúýĩũ]", re.I)
_UNACCENTED_SYLLABLE = re.compile(
    r"(?:b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?"
    r"(?:a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|em|en|eng|eo|ep|et|eu|i|ia|iec|iem|ien|ieng|iep|iet|ieu|ich|im|in|inh|ip|it|iu"
    r"|o|oa|oac|oach|oai|oam|oan|oang|oanh|oat|oay|oc|oe|oen|oeo|oet|oi|om|on|ong|ooc|oong|op|ot|u|ua|uan|uang|uat|uay|uc|ue|uech|uenh"
    r"|ui|uich|uinh|um|un|ung|uoc|uoi|uom|uon|uong|uot|uou|up|ut|uu|uy|uya|uyen|uyet|uynh|uyt|uyu|y|ych|yem|yen|yet|yeu|ynh)"
)
_LATIN: tuple[DocumentLanguage, ...] = ("vi", "en", "id", "ms", "tl")
_MOSTLY_SYLLABLES = 0.75
"""Share of words that must be possible Vietnamese syllables where no function word decides."""


def question_language(text: str) -> QuestionLanguage:
    """The language of a question, Chinese by its script; und where nothing tells."""
    language = document_language(text)
    if language == "zh":
        return "zh-Hant" if is_traditional(text) else "zh-Hans"
    return language


def document_language(text: str) -> DocumentLanguage:
    """The language of a text, und where nothing tells."""
    text = unicodedata.normalize("NFC", text)
    latin = _LATIN_WORD.findall(blank_han(text))
    latin = [word for word in latin if not _THAI.search(word)]
    han, thai = count_han(text), len(_THAI.findall(text))
    foreign = len(_FOREIGN_SCRIPT.findall(text))
    if max(han, thai, foreign) > 0 and max(han, thai, foreign) >= _weight(latin):
        return "th" if thai > max(han, foreign) else "zh" if han > foreign else "und"
    return _latin_language(latin)


def _weight(latin: list[str]) -> int:
    """Latin words against characters of another script: abbreviations belong to any language."""
    return sum(not word.isupper() for word in latin)


def _latin_language(words_found: list[str]) -> DocumentLanguage:
    tokens = [word.lower() for word in words_found]
    if not tokens:
        return "und"
    scores: dict[DocumentLanguage, float] = {language: _function_words(tokens, language) for language in _LATIN}
    marked = sum(_vietnamese_weight(word) for word in words_found)
    # A Vietnamese name in an English sentence does not make it Vietnamese.
    if marked and marked >= max(score for language, score in scores.items() if language != "vi"):
        return "vi"
    if any(map(_SHARED_MARKS.search, tokens)) and _syllable_share(tokens) >= _MOSTLY_SYLLABLES:
        return "vi"
    best = max(scores, key=lambda language: scores[language])
    if scores[best] == 0:
        return "vi" if len(tokens) > 1 and _syllable_share(tokens) >= _MOSTLY_SYLLABLES else "und"
    if best == "vi" or (_syllable_share(tokens) >= _MOSTLY_SYLLABLES and scores["vi"] >= scores[best]):
        return "vi"
    return _indonesian_or_malay(tokens) if best in ("id", "ms") else best


def _vietnamese_weight(word: str) -> float:
    """How much a word says for Vietnamese; a capitalised one may be a name and counts half."""
    lower = word.lower()
    if not _ONLY_VIETNAMESE.search(lower) and lower not in _marked_vietnamese():
        return 0.0
    return 0.5 if word[0].isupper() else 1.0


def _function_words(tokens: list[str], language: str) -> float:
    """How many tokens are function words of the language; for Vietnamese only where its syllables prevail."""
    if language == "vi":
        return sum(token in _plain_vietnamese() for token in tokens) if _syllable_share(tokens) >= 0.6 else 0
    return sum(map(words(language).__contains__, tokens))


def _indonesian_or_malay(tokens: list[str]) -> DocumentLanguage:
    malay = sum(token in words("ms_only") for token in tokens)
    return "ms" if malay > sum(token in words("id_only") for token in tokens) else "id"


def _syllable_share(tokens: list[str]) -> float:
    return sum(bool(_UNACCENTED_SYLLABLE.fullmatch(without_marks(token))) for token in tokens) / len(tokens)


@cache
def _marked_vietnamese() -> frozenset[str]:
    """Function words whose marks other languages share: gì, là, và."""
    return frozenset(word for word in words("vi") if word != without_marks(word))


@cache
def _plain_vietnamese() -> frozenset[str]:
    return frozenset(without_marks(syllable) for word in words("vi") for syllable in word.split("_"))
