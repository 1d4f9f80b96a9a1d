"""The words of a passage to show: the sentence that answers best, with its neighbours."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from retrieval.analysers import Field
from retrieval.index import PassageIndex
from retrieval.records import Hit, Question, Quote
from retrieval.sentences import Span, sentence_spans
from retrieval.text import narrow
from retrieval.tokenisers import chinese_segments

LONGEST = 600
LONGEST_CHINESE = 300
"""Characters a quote may have: what a person reads in a chat at a glance."""

_K1 = 1.2
_B = 0.3
"""Of BM25 over sentences: length counts less than among passages."""
_CLAUSE_END = re.compile(r"[,;:、。…](?!\d)\s*|\s[–—-]\s")
_HAN_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")


def choose_quote(hit: Hit, question: Question, index: PassageIndex) -> Quote:
    """The quote from a hit that answers the question best, its words unchanged and no word cut."""
    text = hit.passage.text
    limit = LONGEST_CHINESE if hit.passage.document.language == "zh" else LONGEST
    spans = sentence_spans(text)
    scores = _sentence_scores([text[start:end] for start, end in spans], question, index)
    best = max(range(len(spans)), key=lambda i: scores[i])
    start, end = _window(spans, scores, best, limit)
    if end - start > limit:
        start, end = _part_of_sentence(text, spans[best], limit, question, index)
    shown = max(start, spans[best][0]), min(end, spans[best][1])
    return Quote(
        hit=hit,
        text=text[start:end],
        best=(shown[0] - start, shown[1] - start),
        begins_inside=bool(text[:start].strip()),
        ends_inside=bool(text[end:].strip()),
    )


def _window(spans: Sequence[Span], scores: Sequence[float], best: int, limit: int) -> Span:
    """The best sentence, grown by the better neighbour as long as the whole fits."""
    first = last = best
    while True:
        fitting = []
        if first > 0 and spans[last][1] - spans[first - 1][0] <= limit:
            fitting.append((scores[first - 1], -1))
        if last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= limit:
            fitting.append((scores[last + 1], 1))
        if not fitting:
            return spans[first][0], spans[last][1]
        if max(fitting)[1] < 0:
            first -= 1
        else:
            last += 1


def _sentence_scores(sentences: Sequence[str], question: Question, index: PassageIndex) -> list[float]:
    """BM25 of each sentence with the idf of the whole index, the fields added."""
    totals = [0.0] * len(sentences)
    counts: dict[str, list[Counter[str]]] = {}
    for group in index.groups(question):
        field = group.index.field
        if field.name not in counts:
            counts[field.name] = [_term_counts(field, sentence) for sentence in sentences]
        counted = counts[field.name]
        mean = sum(map(Counter.total, counted)) / len(counted) or 1.0
        weight = field.weight * group.index.idf(*group.terms)
        for i, count in enumerate(counted):
            frequency = sum(count[term] for term in group.terms)
            norm = _K1 * (1 - _B + _B * count.total() / mean)
            totals[i] += weight * frequency * (_K1 + 1) / (frequency + norm)
    return totals


@lru_cache(maxsize=4096)
def _term_counts(field: Field, sentence: str) -> Counter[str]:
    """The terms of a sentence; the same few passages answer most questions."""
    return Counter(field.terms(sentence))


def _part_of_sentence(text: str, sentence: Span, limit: int, question: Question, index: PassageIndex) -> Span:
    """The clauses of a sentence too long to show whole that answer best, cut between words."""
    clauses = _clauses(text, sentence)
    scores = _sentence_scores([text[start:end] for start, end in clauses], question, index)
    within = [
        sum(score for (_, end), score in zip(clauses[i:], scores[i:], strict=True) if end - start <= limit)
        for i, (start, _) in enumerate(clauses)
    ]
    start = clauses[max(range(len(clauses)), key=lambda i: within[i] or scores[i])][0]
    return start, _last_within(_word_ends(text, sentence), start, start + limit)


def _clauses(text: str, sentence: Span) -> list[Span]:
    ends = [end.end() for end in _CLAUSE_END.finditer(narrow(text), *sentence)]
    return list(pairwise(sorted({sentence[0], *ends, sentence[1]})))


def _last_within(boundaries: Sequence[int], start: int, end: int) -> int:
    """The last word end up to `end`; a run without any word end is cut where the limit is."""
    return max((boundary for boundary in boundaries if start < boundary <= end), default=min(end, boundaries[-1]))


def _word_ends(text: str, span: Span) -> list[int]:
    """Where words end: before blanks, and within Chinese where jieba says."""
    blanks = [match.end() for match in re.finditer(r"\S+", text[: span[1]]) if match.end() > span[0]]
    chinese = [end for run in _HAN_RUN.finditer(text, *span) for end in _segment_ends(run)]
    return sorted({*blanks, *chinese})


def _segment_ends(run: re.Match[str]) -> list[int]:
    return list(accumulate(map(len, chinese_segments(run.group())), initial=run.start()))[1:]
