"""Where the web reader has what: the paths of its pages, and their public addresses."""

from dataclasses import dataclass
from urllib.parse import quote

from retrieval.records import Document, Passage

DOCUMENTS = "/documents"
DOCUMENT, ORIGINAL = "/documents/{document}", "/documents/{document}/original"
PASSAGE = "/documents/{document}/passages/{number}"
"""With the id of a document in it, and the number of a passage."""
FIGURES, LOGIN = "/figures", "/login"


def document_path(document: str) -> str:
    """The page of a document, by its id."""
    return DOCUMENT.format(document=quote(document, safe=""))


def original_path(document: str) -> str:
    """The file of a document, by its id."""
    return ORIGINAL.format(document=quote(document, safe=""))


def passage_path(document: str, number: int) -> str:
    """The page of a document, by its id, with a passage marked and scrolled to.

    It is named twice: the part behind # has browsers scroll, and the page itself marks what `passage` names.
    """
    return f"{document_path(document)}?passage={number}#p{number}"


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
        return self.origin + passage_path(passage.document.id, passage.number)

    def of_passage_within(self, passage: Passage) -> str:
        """The same for a client of Telegram that opens it within, and puts a part of its own behind the #."""
        document = quote(passage.document.id, safe="")
        return self.origin + PASSAGE.format(document=document, number=passage.number)

    @property
    def login(self) -> str:
        """Where Telegram sends administrators, with its word on who they are."""
        return self.origin + LOGIN
