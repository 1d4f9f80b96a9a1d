"""From the bytes of a file to the article in it."""

from dataclasses import replace

from retrieval.corpus.cleaning import Article, clean_page
from retrieval.corpus.encoding import decode
from retrieval.corpus.formats import READERS, UnreadableError
from retrieval.text import clean


def read_article(suffix: str, data: bytes) -> Article:
    """The article in a file of a kind that `READERS` has; what the page states outweighs what its lines tell.

    Raises UndecodableError and UnreadableError.
    """
    text = clean(decode(data))
    page = READERS[suffix](text)
    # Characters written as entities come out of the markup only now.
    article = clean_page([clean(line) for line in page.lines])
    if not article.paragraphs:
        raise UnreadableError("holds no running text; is the article in it?")
    return replace(
        article,
        title=_cleaned(page.title) or article.title,
        publisher=_cleaned(page.publisher) or article.publisher,
        author=_cleaned(page.author) or article.author,
        url=page.url,
        published=page.published or article.published,
        date_basis="published" if page.published else article.date_basis,
        characters=len(text),
    )


def _cleaned(text: str | None) -> str | None:
    return clean(text).strip() if text else None
