"""MinHash signatures (Broder 1997) of texts. Which of them are near each other is in :mod:`pipeline.copies.bands`.

Own code on numpy, for the ready libraries bring scipy, a fifth of the size of the core install, for these sixty lines.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.normalize import fold

SHINGLE = 3
"""Words a shingle. Three keep apart texts of one subject; one changed word changes three of them."""

SIZE = 128
"""Numbers a signature."""

_WORD = re.compile(r"\w+")
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_seeds = np.random.default_rng(20250107)
_FACTORS = _seeds.integers(1, 2**63, SIZE, dtype=np.uint64) | np.uint64(1)
_TERMS = _seeds.integers(0, 2**63, SIZE, dtype=np.uint64)
_BLOCK = 256  # shingles hashed at a time: what is worked on stays in the processor's cache
_KEPT = 200_000

Hashes = NDArray[np.uint64]
Signature = NDArray[np.uint32]


class _Words(dict[str, int]):
    """Memo: a number for each word, the same in every process."""

    def __missing__(self, word: str) -> int:
        if len(self) > _KEPT:
            self.clear()
        data = word.encode("utf-8", "surrogatepass")
        number = self[word] = zlib.crc32(data) << 32 | zlib.adler32(data)
        return number


_NUMBERS = _Words()


def mixed(values: Hashes) -> Hashes:
    """Bits spread over the whole number (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[1]
    values = (values ^ (values >> np.uint64(27))) * _MIX[2]
    return values ^ (values >> np.uint64(31))


def words(text: str) -> list[str]:
    """The folded words and numbers of a text, by which texts are compared."""
    return folded_words(fold(text))


def folded_words(folded: str) -> list[str]:
    """The words and numbers of a folded text."""
    return _WORD.findall(folded)


def shingles(text: str) -> Hashes:
    """The distinct runs of three words of a text, as hashes that are the same in every process; of fewer than three words, one."""
    return shingles_of(words(text))


def shingles_of(found: Sequence[str]) -> Hashes:
    """The same of the folded words of a text."""
    return np.unique(_runs(found))


def _runs(found: Sequence[str]) -> Hashes:
    """All runs, those that come again too."""
    ids = np.array(list(map(_NUMBERS.__getitem__, found)), dtype=np.uint64)
    with np.errstate(over="ignore"):
        if len(ids) < SHINGLE:
            return mixed(ids.sum(keepdims=True) * _MIX[0]) if len(ids) else ids
        return mixed(mixed(mixed(ids[:-2] * _MIX[0]) + ids[1:-1]) + ids[2:])


def signature(hashes: Hashes) -> Signature:
    """The signature of a set of shingles: ``SIZE`` numbers, of which two texts share about as many as their similarity says."""
    lowest = np.full(SIZE, np.iinfo(np.uint64).max, dtype=np.uint64)
    block = np.empty((min(_BLOCK, len(hashes)), SIZE), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for at in range(0, len(hashes), _BLOCK):
            part = hashes[at : at + _BLOCK, None]
            mixed = block[: len(part)]
            np.multiply(part, _FACTORS, out=mixed)
            np.add(mixed, _TERMS, out=mixed)
            np.minimum(lowest, mixed.min(axis=0), out=lowest)
    return (lowest >> np.uint64(32)).astype(np.uint32)


def signature_of(folded: str) -> bytes:
    """The signature of a folded text as the store keeps it; empty for a text without a word."""
    hashes = _runs(folded_words(folded))  # what comes twice does not change the least
    return signature(hashes).tobytes() if len(hashes) else b""
