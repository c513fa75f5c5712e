"""Words, word n-grams and sentences of a text: what repetition is measured on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipeline.normalize import fold

_WORD = re.compile(r"\w+")
_END = re.compile(r"[.!?؟\n]+")


def words(text: str) -> list[str]:
    """The words of a text in the folded form, without marks.

    >>> words("شدّد على «الأهميّة»")
    ['شدد', 'علي', 'الاهميه']
    """
    return _WORD.findall(fold(text))


def ngrams(text: str, size: int) -> Iterator[str]:
    """Every run of ``size`` words, marks and sentence ends passed over.

    >>> list(ngrams("فتح الطريق، غلق الورشة", 3))
    ['فتح الطريق غلق', 'الطريق غلق الورشه']
    """
    found = words(text)
    return (" ".join(found[i : i + size]) for i in range(len(found) - size + 1))


def sentences(text: str, least: int) -> Iterator[str]:
    """The sentences of at least ``least`` words, as their folded words. A line ends a sentence."""
    for part in _END.split(text):
        if len(found := words(part)) >= least:
            yield " ".join(found)


def where(texts: Iterable[tuple[str, Iterable[str]]]) -> dict[str, set[str]]:
    """For each piece, the ids of the texts that hold it."""
    places: dict[str, set[str]] = defaultdict(set)
    for name, pieces in texts:
        for piece in pieces:
            places[piece].add(name)
    return places
