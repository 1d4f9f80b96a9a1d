"""Vietnamese words are pyvi's, byte for byte, without what pyvi loads beside its model."""

import importlib.util
import pickle
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import DEFAULT_CORPUS
from retrieval import vietnamese
from retrieval.corpus.folder import read_corpus
from tests.quality.measure import questions

SIGNS = "aăâ Đđ.,_-=>:/@\n\t0123٣Ⅷ²́TpMr.中文ก😀ﬁİßǅΣ\"'"
IMPORTS = """
import sys
from retrieval.tokenisers import vietnamese_words
assert vietnamese_words("Thành phố thông minh") == ["Thành_phố", "thông_minh"]
print(sorted({name.split(".")[0] for name in sys.modules} & {"sklearn", "scipy", "numpy", "sklearn_crfsuite"}))
"""


@pytest.fixture(scope="module", autouse=True)
def pyvi() -> object:
    return pytest.importorskip("pyvi.ViTokenizer")


def by_pyvi(text: str) -> str:
    from pyvi import ViTokenizer

    return ViTokenizer.tokenize(text)  # type: ignore[no-any-return]


def test_every_paragraph_of_the_seeds_and_every_question_is_cut_as_pyvi_cuts_it() -> None:
    paragraphs = [text for document in read_corpus(DEFAULT_CORPUS).documents for text in document.paragraphs]
    for text in [*paragraphs, *(question["text"] for question in questions())]:
        assert vietnamese.tokenise(text) == by_pyvi(text)


@settings(deadline=None, max_examples=1000)
@given(st.text(st.sampled_from(SIGNS), max_size=40) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_odd_texts_are_cut_as_pyvi_cuts_them(text: str) -> None:
    assert vietnamese.tokenise(text) == by_pyvi(text)


def test_nothing_of_scikit_learn_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


def test_what_is_too_long_for_a_syllable_is_not_kept() -> None:
    vietnamese._seen_before.cache_clear()
    vietnamese.tokenise("a" * 33 + " " + "ă" * 512)
    assert vietnamese._seen_before.cache_info().currsize == 0
    vietnamese.tokenise("thành phố")
    assert vietnamese._seen_before.cache_info().currsize == 2


@pytest.mark.parametrize(
    "packed",
    [b"", b"no pickle", pickle.dumps({"modelfile": 1}), pickle.dumps(importlib.util.find_spec), b"\x80\x04N."],
)
def test_a_model_that_is_packed_otherwise_is_named(packed: bytes) -> None:
    with pytest.raises(vietnamese.ModelError, match="pyvi's model"):
        vietnamese._trained_model(packed)


@pytest.mark.parametrize("model", [vietnamese.ModelError("packed otherwise"), FileNotFoundError(), b"lCRF but broken"])
def test_where_the_model_is_kept_otherwise_pyvi_itself_is_asked(
    monkeypatch: pytest.MonkeyPatch, model: Exception | bytes
) -> None:
    def unknown(_pickled: bytes) -> bytes:
        if isinstance(model, Exception):
            raise model
        return model

    monkeypatch.setattr(vietnamese, "_trained_model", unknown)
    vietnamese._tokeniser.cache_clear()
    try:
        assert vietnamese.tokenise("Thành phố thông minh") == "Thành_phố thông_minh"
    finally:
        vietnamese._tokeniser.cache_clear()
