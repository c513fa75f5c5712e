"""Where each stem and root stands: an inverted index of ``search_text`` in memory, so that all directives are scored in milliseconds.

FTS5 has the same on disk, for phrases and for other programs; but it reads a list of rows each time that a word is asked for, counted or ranked.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.search.columns import columns
from pipeline.search.kept import Kept

Places = npt.NDArray[np.int32]
"""Positions in the columns, ascending."""

COLUMNS = ("instruction", "parties", "other", "title", "context", "roots")
"""Columns of ``search_text``."""
ROOTS = COLUMNS.index("roots")

_EDGE = "|"
"""Stands between columns; no stem is like it."""
_CHUNK = 20_000
_NONE = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Postings:
    """Which directives hold a stem or a root, column by column."""

    numbers: dict[str, int]
    starts: npt.NDArray[np.int64]
    places: Places
    """The directives that hold the word ``n`` in column ``c`` are ``places[starts[n * 8 + c]:starts[n * 8 + c + 1]]``."""
    spread: npt.NDArray[np.int64]
    """In how many directives a word stands as a stem."""
    lengths: npt.NDArray[np.float32]
    """How many different words each directive has, all columns, as a share of the mean."""

    def __call__(self, word: str, column: int) -> Places:
        """The directives that hold a word in a column."""
        number = self.numbers.get(word)
        if number is None:
            return _NONE
        return self.places[self.starts[number * 8 + column] : self.starts[number * 8 + column + 1]]

    def stems(self, word: str) -> int:
        """How many directives hold a stem."""
        number = self.numbers.get(word)
        return 0 if number is None else int(self.spread[number])

    def roots(self, word: str) -> int:
        """How many directives hold a root."""
        return len(self(word, ROOTS))


def _load(connection: sqlite3.Connection) -> Postings:
    import pyarrow as pa
    import pyarrow.compute as pc

    joined = f" || ' {_EDGE} ' || ".join(COLUMNS)
    cursor = connection.execute(f"SELECT id, {joined} FROM search_text ORDER BY id")
    ids: list[int] = []
    lengths, parts = [], []
    while rows := cursor.fetchmany(_CHUNK):
        ids += (row[0] for row in rows)
        words = pc.split_pattern(pa.array([row[1] for row in rows], pa.string()), " ")
        lengths.append(pc.list_value_length(words).to_numpy())
        parts.append(words.flatten())
    coded = pa.chunked_array(parts, pa.string()).dictionary_encode().unify_dictionaries()
    names = coded.chunk(0).dictionary.to_pylist() if parts else []
    numbers = {name: number for number, name in enumerate(names) if name and name != _EDGE}
    codes = np.concatenate([np.zeros(0, np.int32), *(chunk.indices.to_numpy() for chunk in coded.chunks)])
    turns = np.repeat(np.arange(len(ids), dtype=np.int32), np.concatenate([np.zeros(0, np.int32), *lengths]))
    edges = codes == (names.index(_EDGE) if names else -1)
    at = (np.cumsum(edges, dtype=np.int32) - (len(COLUMNS) - 1) * turns).astype(np.int8)
    table = columns(connection)
    place = np.minimum(np.searchsorted(table.ids, ids), max(0, len(table.ids) - 1))
    known = table.ids[place] == ids if len(table.ids) else np.zeros(len(ids), dtype=bool)
    keep = ~edges & known[turns]
    if "" in names:
        keep &= codes != names.index("")
    entries = _distinct((codes[keep].astype(np.int64) * 8 + at[keep]) << 32 | place[turns[keep]])
    del codes, turns, edges, at, keep, parts, coded
    slots, places = entries >> 32, (entries & 0xFFFFFFFF).astype(np.int32)
    starts = np.searchsorted(slots, np.arange(len(names) * 8 + 1))
    stems = slots & 7 != ROOTS
    held = _distinct((slots[stems] >> 3) << 32 | places[stems])
    sizes = np.bincount(places, minlength=len(table.ids)).astype(np.float32)
    return Postings(
        numbers,
        starts,
        places,
        np.bincount(held >> 32, minlength=len(names)),
        sizes / max(1.0, float(sizes.mean())) if len(sizes) else sizes,
    )


def _distinct(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The numbers in order, each once. ``np.unique`` hashes them, which is slower for millions."""
    numbers.sort()
    new = np.ones(len(numbers), dtype=bool)
    new[1:] = numbers[1:] != numbers[:-1]
    return numbers[new]


_kept = Kept(_load)


def postings(connection: sqlite3.Connection) -> Postings:
    """The postings of the store that ``connection`` is open on, read anew where something was written since."""
    return _kept(connection)
