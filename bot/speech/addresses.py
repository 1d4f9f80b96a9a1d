"""Where the web reader has what: the paths of its pages, and their public addresses."""

from dataclasses import dataclass
from urllib.parse import quote

from retrieval.records import Document, Passage

DOCUMENTS = "/documents"
DOCUMENT, ORIGINAL = "/documents/{document}", "/documents/{document}/original"
"""With the id of a document in it."""
FIGURES, LOGIN = "/figures", "/login"


def document_path(document: str) -> str:
    """The page of a document, by its id."""
    return DOCUMENT.format(document=quote(document, safe=""))


def original_path(document: str) -> str:
    """The file of a document, by its id."""
    return ORIGINAL.format(document=quote(document, safe=""))


def passage_path(passage: Passage) -> str:
    """The page of a passage's document, the passage marked and scrolled to.

    It is named twice: browsers scroll to the part behind #, and where a client of Telegram puts its own there, the
    page still knows which passage is meant.
    """
    return f"{document_path(passage.document.id)}?passage={passage.number}#p{passage.number}"


@dataclass(frozen=True, slots=True)
class PublicReader:
    """The web reader as the world reaches it."""

    origin: str
    """Its public address, without a slash at the end."""

    def of_document(self, document: Document) -> str:
        """The address of a document's page."""
        return self.origin + document_path(document.id)

    def of_passage(self, passage: Passage) -> str:
        """The address of a passage."""
        return self.origin + passage_path(passage)

    @property
    def login(self) -> str:
        """Where Telegram sends administrators, with its word on who they are."""
        return self.origin + LOGIN
