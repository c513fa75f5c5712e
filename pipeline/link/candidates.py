"""Which items are worth comparing with one: those that share its rare words, or some of them and the office it comes from.

Scoring every pair of a store would take days. The index (``link_word``) tells which items have a stem in what they are about, directives and
reports apart, and which come from an office; for a batch of items each stem is looked up once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.link import store as kept
from pipeline.link.types import Item, ItemKind
from pipeline.link.words import weight
from pipeline.store.sqlite import Store
from pipeline.store.text import to_json

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

_POSTINGS = 600
"""Most items, the latest, that are looked at for one stem: what more items have tells little of any of them."""
_WORDS = 7
"""Stems of an item that are looked up: the most telling."""
_MOST = {ItemKind.DIRECTIVE: 40, ItemKind.REPORT: 20}
"""Items of a kind that are compared with one: those that share the most telling stems with it."""
_READ_ITEMS = 50_000
"""Items that are kept in memory between batches."""


class Candidates:
    """The candidates of items in a store. One object serves one linking: it keeps what it read, so the index must only grow meanwhile."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._items: OrderedDict[int, Item] = OrderedDict()

    def of(self, items: Sequence[Item]) -> Iterator[tuple[Item, list[Item]]]:
        """Each item with its candidates, the likeliest first. A report has directives; a directive has directives, and reports that are no older."""
        postings = self._postings(items)
        best = [(item, [row for keys, most in _asked(item) for row in _ranked(keys, postings, most)]) for item in items]
        self._read({row for _, rows in best for row in rows})
        for item, rows in best:
            found = (self._items[row] for row in rows)
            yield item, [other for other in found if other.id != item.id and not _too_old(item, other)]

    def _postings(self, items: Iterable[Item]) -> dict[str, Rows]:
        wanted = {key for item in items for keys, _ in _asked(item) for key in keys}
        query = "SELECT item FROM link_word WHERE word = ? ORDER BY item DESC LIMIT ?"
        execute = self.store.connection.execute
        return {
            key: np.array(execute(query, (key, _POSTINGS)).fetchall(), np.int64).reshape(-1) for key in sorted(wanted)
        }

    def _read(self, rows: set[int]) -> None:
        for row in rows & self._items.keys():
            self._items.move_to_end(row)
        missing = sorted(rows - self._items.keys())
        for part in kept.chunks(missing, 500):
            query = f"SELECT item, {kept.READ} FROM link_item WHERE item IN (SELECT value FROM json_each(?))"
            for row, *values in self.store.connection.execute(query, (to_json(part),)):
                self._items[row] = kept.item_of(values)
        while len(self._items) > max(_READ_ITEMS, len(rows)):
            self._items.popitem(last=False)


def _asked(item: Item) -> Iterator[tuple[dict[str, float], int]]:
    """The keys that are looked up for an item, each with what sharing it counts; and how many items are wanted for them."""
    telling = sorted(item.object, key=lambda key: (-weight(key), key))[:_WORDS]
    kinds = [ItemKind.DIRECTIVE] if item.kind is ItemKind.REPORT else [ItemKind.DIRECTIVE, ItemKind.REPORT]
    bodies = item.issuer.sector if item.kind is ItemKind.DIRECTIVE else item.addressees
    for kind in kinds:
        sign = kept.SIGNS[kind]
        own = _MOST[item.kind] if kind is ItemKind.DIRECTIVE else _MOST[kind]
        yield (
            {
                **{f"{sign}{key}": weight(key) for key in telling},
                **{f"{sign}@{key}": weight(key) / 2 for key in bodies},
            },
            own,
        )


def _ranked(keys: dict[str, float], postings: dict[str, Rows], most: int) -> list[int]:
    """Rows that share a stem, those with the most telling ones first; to share an office alone is not enough."""
    own = [(postings[key], value) for key, value in keys.items() if "@" not in key and len(postings[key])]
    if not own:
        return []
    rows, place = np.unique(np.concatenate([found for found, _ in own]), return_inverse=True)
    score = np.zeros(len(rows)) + np.bincount(
        place, np.concatenate([np.full(len(found), value) for found, value in own])
    )
    for key, value in keys.items():
        if "@" in key and len(postings[key]):
            score[np.isin(rows, postings[key], assume_unique=True)] += value
    order = np.lexsort((rows, -score))[: most + 1]
    return [int(row) for row in rows[order]]


def _too_old(item: Item, other: Item) -> bool:
    """True of a report that is older than a directive: it cannot answer it."""
    return other.kind is ItemKind.REPORT and bool(item.day and other.day and other.day < item.day)
