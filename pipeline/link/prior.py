"""How rare links are in a store, and what that takes from a score.

The weights were fitted where one pair of candidates in six is tied. In an archive most candidates share words by chance, and in general
news nearly all do; the same score then means less. How many are tied is estimated from the scores themselves, by expectation
maximisation (Saerens, Latinne and Decaestecker, «Adjusting the outputs of a classifier to new a priori probabilities», Neural Computation
14, 2002), apart for pairs of instructions and for reports, and kept in ``link_prior``. A store is never taken to have more links than the
training series.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pipeline.link.pairs import weights
from pipeline.link.types import ItemKind

if TYPE_CHECKING:
    from pipeline.store.sqlite import Store

_TRUST = 100.0
"""Pairs that the share of the training series counts for."""
_MOVED = 0.1
"""Change in log-odds from which threads that were put together before are put together anew."""
_STEPS = 8
"""Steps of log-odds in one: scores are kept as how many pairs have each."""


class Prior:
    """How many pairs of candidates of a store have each score, and what follows, by the kind of the later item of a pair.

    ``similarity``: scores are those with the sentence encoder.
    """

    def __init__(self, similarity: bool = False) -> None:
        self._similarity = similarity
        self._seen: dict[ItemKind, Counter[int]] = {ItemKind.DIRECTIVE: Counter(), ItemKind.REPORT: Counter()}
        self._shift = dict.fromkeys(self._seen, 0.0)
        self._settled = dict(self._shift)

    @classmethod
    def of(cls, store: Store, similarity: bool = False) -> Prior:
        """As the store keeps it."""
        found = cls(similarity)
        found.refresh(store)
        for kind, shift in store.connection.execute("SELECT kind, shift FROM link_settled"):
            found._settled[ItemKind(kind)] = shift
        return found

    def refresh(self, store: Store) -> None:
        """Take what the store keeps, to which another run may have added."""
        for seen in self._seen.values():
            seen.clear()
        for kind, odds, pairs in store.connection.execute("SELECT kind, odds, pairs FROM link_prior"):
            self._seen[ItemKind(kind)][odds] = pairs
        self._estimate()

    def save(self, store: Store) -> None:
        """Keep it in the store."""
        rows = ((kind.value, odds, pairs) for kind, seen in self._seen.items() for odds, pairs in seen.items())
        store.connection.executemany("INSERT OR REPLACE INTO link_prior VALUES (?, ?, ?)", rows)

    def settled(self, store: Store) -> None:
        """The threads of the whole store were put together with it."""
        self._settled = dict(self._shift)
        rows = [(kind.value, shift) for kind, shift in self._settled.items()]
        store.connection.executemany("INSERT OR REPLACE INTO link_settled VALUES (?, ?)", rows)

    def learn(self, scores: Mapping[ItemKind, Iterable[float]]) -> None:
        """Take in the scores of all candidates of some items."""
        for kind, found in scores.items():
            self._seen[kind].update(round(_logit(score) * _STEPS) for score in found)
        self._estimate()

    def _estimate(self) -> None:
        for kind, seen in self._seen.items():
            base = weights(self._similarity)["report:share" if kind is ItemKind.REPORT else "share"]
            total = _TRUST + seen.total()
            share, before = base, 0.0
            while abs(math.log(share / (before or 1.0))) > 1e-4:
                before, shift = share, _logit(share) - _logit(base)
                tied = sum(pairs * _logistic(odds / _STEPS + shift) for odds, pairs in seen.items())
                share = (base * _TRUST + tied) / total
            self._shift[kind] = min(0.0, _logit(share) - _logit(base))

    def shift(self, kind: ItemKind) -> float:
        """What is added to the log-odds of a pair whose later item is of a kind: 0, or less."""
        return self._shift[kind]

    def adjusted(self, score: float, kind: ItemKind) -> float:
        """The probability that a pair of some score is tied in this store."""
        return _logistic(_logit(score) + self._shift.get(kind, 0.0))

    def least(self, score: float) -> float:
        """The least score of a pair, of whatever kind, that comes to ``score`` in this store."""
        return _logistic(_logit(score) - max(self._shift.values()))

    def moved(self) -> bool:
        """True where it is no longer what it was when the threads of the whole store were put together, a run that was cut off or another one between."""
        return any(abs(self._shift[kind] - settled) > _MOVED for kind, settled in self._settled.items())


def _logit(score: float) -> float:
    held = min(max(score, 1e-9), 1 - 1e-9)
    return math.log(held / (1 - held))


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
