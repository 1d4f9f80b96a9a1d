"""What an edition replies to each kind of request."""

from bot.corpus.editions import Edition
from bot.corpus.wire import Asked, Fetched, LookedUp, Opened, Order, Reading, Request, WarmUp
from retrieval.corpus.originals import OriginalGoneError, left_out, original_of
from retrieval.corpus.records import Original
from retrieval.passages import passages_of
from retrieval.records import Document


def reply(edition: Edition, order: Order, request: Request) -> object:
    """What a request is replied to with, by an edition that was made as ordered."""
    match request:
        case Asked():
            return edition.answerer.answer(request.text, request.quotes, earlier=request.earlier)
        case LookedUp():
            return edition.answerer.passages_behind(request.references)
        case Opened():
            document = _document(edition, request.document)
            return None if document is None else _reading(edition, order, document)
        case Fetched():
            document = _document(edition, request.document)
            return None if document is None else _original(edition, order, document)
        case WarmUp():
            edition.warm_up()
            return None


def _document(edition: Edition, name: str) -> Document | None:
    return next((document for document in edition.documents if document.id == name), None)


def _reading(edition: Edition, order: Order, document: Document) -> Reading:
    original = _original(edition, order, document)
    return Reading(
        document=document,
        passages=tuple(passage.text for passage in passages_of(document)),
        cut=None if original is None else left_out(original, document),
    )


def _original(edition: Edition, order: Order, document: Document) -> Original | None:
    try:
        return original_of(document, order.folder, order.amendments, edition.readings)
    except OriginalGoneError:
        return None
