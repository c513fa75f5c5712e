"""Where the parts that an analyser splits a word into stand in the word as written.

Analysers give their parts in their own spelling: «للبلديات» as ل + ال + بلديات, «متابعتها» as متابعة + ها, with harakat or without. The letters
of all parts are aligned with those of the word at the least edit distance, and a part begins at its first letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.normalize import fold

_ALIKE = frozenset(
    {
        ("ه", "ت"),
        ("ت", "ه"),
        ("ا", "ي"),
        ("ي", "ا"),
        ("ء", "ي"),
        ("ي", "ء"),
        ("ء", "و"),
        ("و", "ء"),
        ("ا", "ء"),
        ("ء", "ا"),
    }
)


def parts(word: str, forms: Sequence[str]) -> tuple[tuple[int, int], ...] | None:
    """Start and end of each form in ``word`` (code points); together they cover it. None where the forms are not those of the word.

    >>> [ "للبلديات"[a:b] for a, b in parts("للبلديات", ["ل", "البلديات"])]
    ['ل', 'لبلديات']
    >>> ["وَمُتابعتها"[a:b] for a, b in parts("وَمُتابعتها", ["و", "متابعة", "ها"])]
    ['وَ', 'مُتابعت', 'ها']
    >>> parts("كتاب", ["و", "مدرسة"]) is None
    True
    """
    return _parts(word, tuple(forms))


@lru_cache(maxsize=1 << 15)
def _parts(word: str, forms: tuple[str, ...]) -> tuple[tuple[int, int], ...] | None:
    letters = [(i, c) for i, letter in enumerate(word) for c in fold(letter)]
    wanted = [(k, c) for k, form in enumerate(forms) for c in fold(form)]
    if not letters or not wanted or len(forms) > len(letters):
        return None
    owner = _owners([c for _, c in letters], wanted, limit=max(2.0, 0.34 * len(letters)))
    if owner is None:
        return None
    starts: list[int | None] = [None] * len(forms)
    for (offset, _), k in zip(letters, owner, strict=True):
        if starts[k] is None:
            starts[k] = offset
    starts[0] = 0
    found = [start for start in starts if start is not None]
    if len(found) < len(forms) or len(set(found)) < len(found):
        return None
    return tuple(zip(found, [*found[1:], len(word)], strict=True))


def _owners(letters: list[str], wanted: list[tuple[int, str]], limit: float) -> list[int] | None:
    """For each letter of the word the number of the form that it belongs to; None where the distance exceeds ``limit``."""
    rows, columns = len(letters) + 1, len(wanted) + 1
    cost = [[float(i + j) if not i or not j else 0.0 for j in range(columns)] for i in range(rows)]
    for i in range(1, rows):
        for j in range(1, columns):
            cost[i][j] = min(
                cost[i - 1][j - 1] + _differ(letters[i - 1], wanted[j - 1][1]), cost[i - 1][j] + 1, cost[i][j - 1] + 1
            )
    if cost[-1][-1] > limit:
        return None
    owner = [0] * len(letters)
    i, j = rows - 1, columns - 1
    while i:
        if j and cost[i][j] == cost[i - 1][j - 1] + _differ(letters[i - 1], wanted[j - 1][1]):
            i, j = i - 1, j - 1
            owner[i] = wanted[j][0]
        elif j and cost[i][j] == cost[i][j - 1] + 1:
            j -= 1
        else:  # a letter that no form has: it stays with what is before it
            i -= 1
            owner[i] = wanted[max(0, j - 1)][0]
    return owner


def _differ(a: str, b: str) -> float:
    return 0.0 if a == b else 0.5 if (a, b) in _ALIKE else 1.0
