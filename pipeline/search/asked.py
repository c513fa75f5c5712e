"""The words that a text asks for, and how far each directive holds them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.search.postings import ROOTS, Places, Postings
from pipeline.search.text import Parsed
from pipeline.search.words import synonyms

Scores = npt.NDArray[np.float64]

HOLDS = (1.0, 0.85, 0.8, 0.6, 0.35)
"""How far a word counts as held where its stem stands in each column but the last, falling."""
ROOT, WEAK_ROOT, SYNONYM = 0.75, 0.5, 0.95
"""The same where the directive's own words hold only its root (read with a weak letter, and so less surely), or a synonym."""
BESIDES = 0.4
"""What all words, synonyms and roots that a directive has may add at most."""
ADDS = (0.9, 0.5, 0.4, 0.4, 0.9, 1.0)
"""What a word adds to that by standing in each column; a word of the instruction stands in the sentence as well."""
SHORTER = 1.2
"""The larger, the less of it has a directive of few words before one of many."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A word that is asked for: its stems, its roots and the stems of its synonyms; and what they are worth.

    ``weight`` is the weight of the word, by its rarity; ``by_root`` and ``by_synonym`` say how much of it a root or a synonym is worth: no more
    than its own rarity.
    """

    stems: frozenset[str]
    weight: float
    by_root: dict[str, float]
    by_synonym: dict[str, float]

    @classmethod
    def of(cls, stems: set[str], roots: set[str], others: set[str], held: Postings) -> Asked:
        """The word in an index."""
        size = len(held.lengths)

        def rarity(rows: int) -> float:
            return math.log(1 + (size + 1) / (rows + 1))

        own = rarity(max(map(held.stems, stems)))
        by_root = {
            root: (WEAK_ROOT if "و" in root else ROOT) * min(own, rarity(rows))
            for root in roots
            if (rows := held.roots(root))
        }
        by_synonym = {
            stem: SYNONYM * min(own, math.sqrt(own * rarity(rows))) for stem in others if (rows := held.stems(stem))
        }
        return cls(frozenset(stems), own, by_root, by_synonym)

    def held(self, held: Postings) -> npt.NDArray[np.float32]:
        """How far each directive holds the word, 0 to its weight."""
        worth: list[tuple[float, Places]] = [
            (far * self.weight, held(stem, column)) for column, far in enumerate(HOLDS) for stem in self.stems
        ]
        worth += ((value, held(root, ROOTS)) for root, value in self.by_root.items())
        worth += ((value, held(stem, 0)) for stem, value in self.by_synonym.items())
        out = np.zeros(len(held.lengths), dtype=np.float32)
        for value, places in sorted(worth, key=lambda pair: pair[0]):  # the best is written last
            out[places] = value
        return out


def all_asked(parsed: Parsed, held: Postings) -> list[Asked]:
    """The words that a text asks for."""
    words = [word for word in parsed.words if not word.is_stop] or list(parsed.words)
    made = []
    for word in words:
        stems = {stem for key in word.keys for stem in key.stems}
        roots = {root for key in word.keys for root in key.roots}
        others = {stem for part in word.words for stem in synonyms(part)} - stems
        made.append(Asked.of(stems, roots, others, held))
    return made


def scores(asked: Sequence[Asked], held: Postings) -> Scores:
    """How far each directive holds what is asked, 0 to 1, words weighed by rarity; the more kinds of words of the text in the fewer words, the more
    is added, up to ``BESIDES``."""
    whole = sum(a.weight for a in asked)
    total = np.zeros(len(held.lengths), dtype=np.float32)
    for a in asked:
        total += a.held(held)
    besides = _besides(asked, held) * SHORTER / (SHORTER - 0.5 + 0.5 * held.lengths)
    out: Scores = (0.9 * total / whole + BESIDES * besides / (10 + besides)).astype(np.float64)
    return out


def _besides(asked: Sequence[Asked], held: Postings) -> npt.NDArray[np.float32]:
    """The words of a text, its synonyms and its roots that each directive has, weighed by rarity (as bm25 does) and by column."""
    size = len(held.lengths)
    out = np.zeros(size, dtype=np.float32)

    def add(word: str, rows: int, column: int) -> None:
        out[held(word, column)] += np.float32(ADDS[column] * max(0.0, math.log((size - rows + 0.5) / (rows + 0.5))))

    for stem in {stem for a in asked for stem in (*a.stems, *a.by_synonym)}:
        for column in range(ROOTS):
            add(stem, held.stems(stem), column)
    for root in {root for a in asked for root in a.by_root}:
        add(root, held.roots(root), ROOTS)
    return out
