"""Where what has come goes: onto the disk and into its chat's turn, or, where it cannot wait, past both."""

from collections.abc import Sequence

from bot.delivery.fleeting import Fleeting
from bot.delivery.inbox import Arrival, Inbox
from bot.delivery.turns import Turns


class Intake:
    """Takes in what polling or the webhook has received."""

    def __init__(self, inbox: Inbox, turns: Turns, fleeting: Fleeting) -> None:
        self._inbox = inbox
        self._turns = turns
        self._fleeting = fleeting

    async def take_in(self, arrivals: Sequence[Arrival]) -> None:
        """Returns once all that is to be kept is kept durably; raises DatabaseError where it is not."""
        lasting = [arrival for arrival in arrivals if not arrival.fleeting]
        if lasting:
            self._turns.add(await self._inbox.take_in(lasting))
        self._fleeting.add(arrival for arrival in arrivals if arrival.fleeting)
