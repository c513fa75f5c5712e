"""Whether two texts are near-copies: by their runs of three words, and by their numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from pipeline.copies.minhash import Hashes, folded_words, shingles_of
from pipeline.normalize import fold

NEAR = 0.5
"""Share of all runs of three words of two texts that near-copies have in common, at least (Jaccard)."""

INSIDE = 0.85
"""Or share of the runs of the shorter that stand in the longer: a paper prints the statement with a paragraph of its own."""

_LONG_ENOUGH = 40  # runs of three words from which the second rule holds
_LEAST = 8  # runs below which only the very same words are a copy
_NUMBER = re.compile(r"\d+(?:[.,/:-]\d+)*")
_AGREE = 0.5
"""Share of numbers that near-copies have in common: reports of one form (weather, prices, prayer times) differ in them and in nothing else."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a text is compared by: its distinct runs of three words, and its numbers."""

    shingles: Hashes
    numbers: Counter[str]


def traits(text: str) -> Traits:
    """The traits of a text."""
    folded = fold(text)
    return Traits(shingles_of(folded_words(folded)), Counter(_NUMBER.findall(folded)))


def similarity(left: str, right: str) -> float:
    """How near two texts are, 0 to 1, as the share of their runs of three words; 0 where they are no near-copies.

    >>> a = "أمر والي الولاية رؤساء البلديات بفتح المسابح قبل نهاية الشهر الجاري وتوظيف المنقذين"
    >>> similarity(a, a + " اليوم"), similarity(a, "استقبل الوالي رؤساء البلديات")
    (0.9166666666666666, 0.0)
    """
    return compare(traits(left), traits(right))


def compare(left: Traits, right: Traits) -> float:
    """The same of texts whose traits are known."""
    a, b = left.shingles, right.shingles
    short = min(len(a), len(b))
    shared = len(np.intersect1d(a, b, assume_unique=True))
    jaccard = shared / (len(a) + len(b) - shared) if short else 0.0
    if short < _LEAST:
        return jaccard if jaccard == 1.0 else 0.0
    if jaccard < NEAR and not (short >= _LONG_ENOUGH and shared >= INSIDE * short):
        return 0.0
    return jaccard if _agree(left.numbers, right.numbers) else 0.0


def _agree(a: Counter[str], b: Counter[str]) -> bool:
    """True unless both texts are full of numbers and these differ."""
    short = min(a.total(), b.total())
    return short < 3 or (a & b).total() >= _AGREE * short
