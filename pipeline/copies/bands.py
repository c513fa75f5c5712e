"""The pairs of texts whose signatures agree in a band, and so may be near-copies (locality-sensitive hashing).

Own code on numpy, for the ready libraries bring scipy, a fifth of the size of the core install, and hold all signatures in memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from pipeline.copies.minhash import SIZE, Hashes, mixed

BANDS, ROWS = 32, 4
"""Two texts of similarity s meet in a band with chance 1 - (1 - s^4)^32: 0.99 at 0.6, 0.27 at 0.3."""

_TOGETHER = 4  # bands whose keys are in memory at a time
_BLOCK = 4_096  # signatures, and pairs, that are worked on at a time
_BYTES = SIZE * np.dtype(np.uint32).itemsize
_LEAST_SHARED = 0.3
"""Share of a signature that a pair has in common to be looked at in full."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)

Codes = NDArray[np.int64]


class Signatures:
    """Signatures of many documents in a temporary file: 512 bytes a document on the disk, 8 in memory. A context manager.

    Takes them as the store keeps them (:func:`pipeline.copies.minhash.signature_of`), none of them empty.
    """

    def __init__(self, signatures: Iterable[bytes]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__
        wholes = [np.empty(0, dtype=np.uint64)]
        stream = iter(signatures)
        while block := b"".join(islice(stream, _BLOCK)):
            self._file.write(block)
            wholes.append(_hashes(np.frombuffer(block, dtype=np.uint64).reshape(-1, _BYTES // 8)))
        self._file.flush()
        self.wholes: Hashes = np.concatenate(wholes)
        """A hash of each whole signature."""

    def __enter__(self) -> Signatures:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self.wholes)

    def keys(self, bands: range) -> Hashes:
        """Hashes of some bands of all signatures, of shape (bands, documents)."""
        found = np.empty((len(bands), len(self)), dtype=np.uint64)
        self._file.seek(0)
        at = 0
        while block := self._file.read(_BLOCK * _BYTES):
            rows = np.frombuffer(block, dtype=np.uint64).reshape(-1, BANDS, ROWS // 2)
            for place, band in enumerate(bands):
                found[place, at : at + len(rows)] = _hashes(rows[:, band])
            at += len(rows)
        return found

    def at(self, places: Codes) -> NDArray[np.uint32]:
        """The signatures at some places, of shape (places, SIZE)."""
        parts = []
        for place in places.tolist():
            self._file.seek(place * _BYTES)
            parts.append(self._file.read(_BYTES))
        return np.frombuffer(b"".join(parts), dtype=np.uint32).reshape(-1, SIZE)


def _hashes(rows: Hashes) -> Hashes:
    """One number for each row of numbers."""
    out = np.zeros(len(rows), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in rows.T:
            out = mixed(out * _FACTOR + column)
    return out


def candidates(
    signatures: Signatures, new: Sequence[bool] | NDArray[np.bool_] | None = None
) -> Iterator[tuple[int, int]]:
    """Pairs (i < j) of documents that agree in a band and, by their whole signatures, may be near-copies, in their order.

    With ``new`` only pairs of which one document is new are given. Of documents with the very same signature each is paired with the first
    alone, so that a text that comes a thousand times makes a thousand pairs, not a million.
    """
    count = len(signatures)
    fresh = np.ones(count, dtype=bool) if new is None else np.asarray(new, dtype=bool)
    first, same = np.unique(signatures.wholes, return_index=True, return_inverse=True)[1:]
    same = first[same.reshape(-1)]
    again = np.flatnonzero((same != np.arange(count)) & (fresh | fresh[same]))
    met: Codes = same[again] * count + again
    heads = np.unique(first)
    for band in range(0, BANDS, _TOGETHER):
        found = [_pairs(keys[heads], heads, fresh) for keys in signatures.keys(range(band, band + _TOGETHER))]
        met = np.unique(np.concatenate([met, *found]))
    for at in range(0, len(met), _BLOCK):
        left, right = np.divmod(met[at : at + _BLOCK], count)
        shared = np.count_nonzero(signatures.at(left) == signatures.at(right), axis=1)
        near = shared >= _LEAST_SHARED * SIZE
        yield from zip(left[near].tolist(), right[near].tolist(), strict=True)


def _pairs(keys: Hashes, places: Codes, fresh: NDArray[np.bool_]) -> Codes:
    """The pairs of places with one key of which one is fresh, each as the first times the number of all plus the second."""
    order = np.argsort(keys, kind="stable")
    keys, places = keys[order], places[order]
    found = []
    at = np.arange(len(keys))
    for apart in range(1, len(keys)):
        at = at[: np.searchsorted(at, len(keys) - apart)]
        at = at[keys[at] == keys[at + apart]]  # what is farther apart has one key only where this has
        if not len(at):
            break
        left, right = places[at], places[at + apart]
        either = fresh[left] | fresh[right]
        found.append(left[either] * len(fresh) + right[either])
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)
