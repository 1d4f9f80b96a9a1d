"""A bot whose articles a test puts on the shelf, for tests whose matter is what is told of them."""

from dataclasses import replace

from bot.corpus.catalogue import Catalogue
from retrieval.records import Document
from tests.bot.echo import NOTHING, EchoLibrary


class ShelfLibrary(EchoLibrary):
    """Holds whatever documents it is given, from one moment to the next."""

    def __init__(self) -> None:
        super().__init__()
        self.documents: tuple[Document, ...] = ()

    @property
    def catalogue(self) -> Catalogue:
        """Of what stands on it now."""
        return replace(NOTHING, documents=self.documents)
