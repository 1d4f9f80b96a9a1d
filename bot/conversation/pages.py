"""Lists that are read page by page, by buttons under them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

ON_A_PAGE = 10
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Page:
    """One of the pages of a list, counted from 1."""

    number: int
    pages: int

    @classmethod
    def of(cls, wanted: int, items: int) -> "Page":
        """The page that was wanted, or the nearest that there is."""
        pages = max(1, -(-items // ON_A_PAGE))
        return cls(min(max(1, wanted), pages), pages)

    def cut(self, items: Sequence[_Item]) -> Sequence[_Item]:
        """What of the list stands on it."""
        return items[ON_A_PAGE * (self.number - 1) : ON_A_PAGE * self.number]

    def buttons(self, data: str) -> InlineKeyboardMarkup | None:
        """Buttons to the pages beside it and to itself, as it is then; `data` says which list, {page} which page."""
        if self.pages == 1:
            return None
        labels = {self.number - 1: "◀", self.number: f"{self.number}/{self.pages}", self.number + 1: "▶"}
        return InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton(label, callback_data=data.format(page=number))
                    for number, label in labels.items()
                    if 1 <= number <= self.pages
                ]
            ]
        )
