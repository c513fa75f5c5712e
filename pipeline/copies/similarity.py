"""Whether two texts are near-copies: by their runs of three words, and by their numbers."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from pipeline.copies.minhash import Hashes, shingles
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


def similarity(left: str, right: str) -> float:
    """How near two texts are, 0 to 1, as the share of their runs of three words; 0 where they are no near-copies.

    >>> a = "أمر والي الولاية رؤساء البلديات بفتح المسابح قبل نهاية الشهر الجاري وتوظيف المنقذين"
    >>> similarity(a, a + " اليوم"), similarity(a, "استقبل الوالي رؤساء البلديات")
    (0.9166666666666666, 0.0)
    """
    return compare(shingles(left), shingles(right), left, right)


def compare(a: Hashes, b: Hashes, left: str, right: str) -> float:
    """The same of texts whose shingles are known."""
    short = min(len(a), len(b))
    shared = len(np.intersect1d(a, b, assume_unique=True))
    jaccard = shared / (len(a) + len(b) - shared) if short else 0.0
    if short < _LEAST:
        return jaccard if jaccard == 1.0 else 0.0
    if jaccard < NEAR and not (short >= _LONG_ENOUGH and shared >= INSIDE * short):
        return 0.0
    return jaccard if _numbers_agree(left, right) else 0.0


def _numbers_agree(left: str, right: str) -> bool:
    """True unless both texts are full of numbers and these differ."""
    a, b = (Counter(_NUMBER.findall(fold(text))) for text in (left, right))
    short = min(a.total(), b.total())
    return short < 3 or (a & b).total() >= _AGREE * short
