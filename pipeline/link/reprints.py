"""One item published twice: the words around an instruction are nearly those of another statement of the same days. It was said once."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.copies.similarity import similarity
from pipeline.link.types import Item
from pipeline.store.sqlite import Store

DAYS = 7
"""Most days between an item and its copy: who says the same words later says them again."""
_AROUND = 300
"""Code points before and behind an instruction that are compared."""


def printed_before(store: Store, item: Item, earlier: Iterable[Item]) -> tuple[Item, float] | None:
    """The first of some earlier items of other statements that ``item`` is a copy of, and how near the passages are (0 to 1); None where it is none.

    Passages are compared by their runs of three words and their numbers (:func:`pipeline.copies.similarity.similarity`).
    """
    for other in earlier:
        if other.document_id == item.document_id or other.kind is not item.kind:
            continue
        if other.day and item.day and abs((item.day - other.day).days) > DAYS:
            continue
        if near := similarity(_passage(store, other), _passage(store, item)):
            return other, near
    return None


def _passage(store: Store, item: Item) -> str:
    start = max(0, item.start - _AROUND)
    query = "SELECT substr(text, ?, ?) FROM documents WHERE document_id = ?"
    values = (start + 1, item.end + _AROUND - start, item.document_id)
    (text,) = store.connection.execute(query, values).fetchone()
    return str(text)
