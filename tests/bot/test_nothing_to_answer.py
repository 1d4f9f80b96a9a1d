"""An update of a kind that holds nothing to answer is left alone by every handler."""

from typing import cast

import pytest
from telegram import Update

from bot.conversation.administration import Administration
from bot.conversation.admission import Handler
from bot.conversation.context import Context
from bot.conversation.guide import Guide
from bot.conversation.privacy import Privacy
from bot.conversation.questions import Questions
from bot.conversation.recent import Recent
from bot.conversation.rights import ByAdministrator
from bot.conversation.sources import Sources
from bot.conversation.statistics import StatisticsReport
from bot.conversation.tally import Tally
from bot.conversation.trying import Trial
from bot.conversation.unanswered import UnansweredList
from bot.delivery.sending import Outbox
from bot.storage.backups import Backups
from bot.storage.statistics import Statistics
from bot.storage.store import Store
from bot.storage.unanswered import UnansweredLog
from tests.bot.echo import EchoLibrary

LIBRARY = EchoLibrary()
NOTHING = cast(None, object())
"""In place of what must not be touched: it can do nothing."""
GUIDE = Guide(cast(Store, NOTHING), cast(Outbox, NOTHING), ByAdministrator(frozenset()), ephemeral=False)
SOURCES = Sources(LIBRARY, cast(Store, NOTHING), cast(Outbox, NOTHING))
REPORT = StatisticsReport(cast(Statistics, NOTHING), cast(Store, NOTHING), cast(Outbox, NOTHING))
LIST = UnansweredList(cast(UnansweredLog, NOTHING), frozenset(), cast(Store, NOTHING), cast(Outbox, NOTHING))
TRIAL = Trial(LIBRARY, cast(Store, NOTHING), cast(Outbox, NOTHING))
PRIVACY = Privacy(cast(Store, NOTHING), cast(Backups, NOTHING), cast(Outbox, NOTHING), Recent())
QUESTIONS = Questions(LIBRARY, cast(Store, NOTHING), cast(Tally, NOTHING), cast(Outbox, NOTHING), Recent())
ADMINISTRATION = Administration(LIBRARY, cast(Store, NOTHING), cast(Statistics, NOTHING), cast(Outbox, NOTHING))


@pytest.mark.parametrize(
    "handle",
    [
        *(
            GUIDE.start,
            GUIDE.help,
            SOURCES.tell,
            SOURCES.turn,
            LIST.tell,
            LIST.turn,
            REPORT.tell,
            TRIAL.explain,
            GUIDE.language,
            GUIDE.language_chosen,
            GUIDE.pressed_in_vain,
        ),
        *(
            GUIDE.moved,
            GUIDE.unknown_command,
            PRIVACY.tell,
            PRIVACY.forget,
            ADMINISTRATION.reload,
            ADMINISTRATION.refuse,
        ),
        *(QUESTIONS.asked_in_private, QUESTIONS.asked_in_group, QUESTIONS.asked_by_command),
        QUESTIONS.sent_without_words,
    ],
    ids=lambda handle: handle.__qualname__,
)
async def test_an_update_without_a_message_or_a_press_is_left_alone(handle: Handler) -> None:
    await handle(Update(1), cast(Context, NOTHING))
    assert LIBRARY.asked == []
