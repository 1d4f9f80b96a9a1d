"""While the corpus is read anew, again and again, every question is answered, and from one state of it."""

from pathlib import Path

from bot.corpus.library import Library
from bot.corpus.nursery import Nursery
from bot.corpus.wire import Order
from tests.bot.reloads import storm, write_edition
from tests.retrieval.hostile import examples

RELOADS = examples(25, nightly=50)
QUESTIONS_A_SECOND = 10


async def test_however_often_the_corpus_is_reloaded_no_question_fails_and_no_answer_mixes_two_states_of_it(
    tmp_path: Path,
) -> None:
    nursery = Nursery()  # the one that tests share keeps every edition
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_edition(folder, 1)
    library = await Library.open(Order(folder, tmp_path / "vectors.sqlite3", tmp_path / "corpus.snapshot"), nursery)
    before, during = await storm(library, folder, RELOADS, QUESTIONS_A_SECOND, seconds_before=1)
    library.close()
    nursery.close()
    assert (before.failed, before.mixed, before.editions) == (0, 0, {1})
    assert (during.failed, during.mixed, during.reloads) == (0, 0, RELOADS)
    assert len(during.editions) > RELOADS / 2
    assert max(during.editions) <= RELOADS + 1
