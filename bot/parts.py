"""The parts of a bot that serves, for those who answer by them: the handlers of updates, and the web reader."""

from dataclasses import dataclass

from bot.conversation.recent import Recent
from bot.conversation.tally import Tally
from bot.corpus.library import Library
from bot.delivery.sending import Outbox
from bot.settings import Settings
from bot.speech.addresses import PublicReader
from bot.storage.backups import Backups
from bot.storage.statistics import Statistics
from bot.storage.store import Store
from bot.storage.unanswered import UnansweredLog


@dataclass(frozen=True, slots=True)
class Parts:
    """What questions are answered with."""

    library: Library
    store: Store
    statistics: Statistics
    unanswered: UnansweredLog
    backups: Backups
    outbox: Outbox
    recent: Recent
    tally: Tally
    settings: Settings

    @property
    def reader(self) -> PublicReader | None:
        """The web reader, where the world reaches one."""
        return PublicReader(self.settings.public_url) if self.settings.public_url else None
