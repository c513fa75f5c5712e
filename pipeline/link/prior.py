"""How rare links are in a store, and what that takes from a score.

The weights were fitted where one pair of candidates in six is tied. In an archive most candidates share words by chance, and in general
news nearly all do; the same score then means less. How many are tied is estimated from the scores themselves, by expectation
maximisation (Saerens, Latinne and Decaestecker, «Adjusting the outputs of a classifier to new a priori probabilities», Neural Computation
14, 2002), apart for pairs of instructions and for reports, and kept in ``link_prior``. A store is never taken to have more links than the
training series.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.link.pairs import weights
from pipeline.link.types import ItemKind

if TYPE_CHECKING:
    from pipeline.store.sqlite import Store

_TRUST = 100.0
"""Pairs that the share of the training series counts for."""
_MOVED = 0.1
"""Change in log-odds from which threads that were put together before are put together anew."""


@dataclass(slots=True)
class Share:
    """Pairs of a kind that were scored in a store, how many of them are estimated to be tied, and the correction the threads were made with."""

    pairs: float = 0.0
    tied: float = 0.0
    settled: float = 0.0


@dataclass(slots=True)
class Prior:
    """The shares of a store, by the kind of the later item of a pair."""

    similarity: bool = False
    shares: dict[ItemKind, Share] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, similarity: bool = False) -> Prior:
        """As the store keeps it; ``similarity``: scores are those with the sentence encoder."""
        rows = store.connection.execute("SELECT kind, pairs, tied, settled FROM link_prior")
        return cls(similarity, {ItemKind(kind): Share(*numbers) for kind, *numbers in rows})

    def save(self, store: Store) -> None:
        """Keep it in the store."""
        rows = ((kind.value, s.pairs, s.tied, s.settled) for kind, s in self.shares.items())
        store.connection.executemany("INSERT OR REPLACE INTO link_prior VALUES (?, ?, ?, ?)", rows)

    def learn(self, scores: Mapping[ItemKind, Iterable[float]]) -> None:
        """Take in the scores of all candidates of some items."""
        for kind, found in scores.items():
            odds = [_logit(score) for score in found]
            share = self.shares.setdefault(kind, Share())
            base = self._base(kind)
            known = (base * _TRUST + share.tied) / (_TRUST + share.pairs)
            for _ in range(100):
                shift = _logit(known) - _logit(base)
                tied = sum(_logistic(o + shift) for o in odds)
                new = (base * _TRUST + share.tied + tied) / (_TRUST + share.pairs + len(odds))
                done = abs(math.log(new / known)) < 1e-3
                known = new
                if done:
                    break
            share.pairs += len(odds)
            share.tied += tied

    def shift(self, kind: ItemKind) -> float:
        """What is added to the log-odds of a pair whose later item is of a kind: 0, or less."""
        share = self.shares.get(kind, Share())
        base = self._base(kind)
        return min(0.0, _logit((base * _TRUST + share.tied) / (_TRUST + share.pairs)) - _logit(base))

    def adjusted(self, score: float, kind: ItemKind) -> float:
        """The probability that a pair of some score is tied in this store."""
        return _logistic(_logit(score) + self.shift(kind))

    def least(self, score: float) -> float:
        """The least score of a pair, of whatever kind, that comes to ``score`` in this store."""
        return _logistic(_logit(score) - max(self.shift(kind) for kind in (ItemKind.DIRECTIVE, ItemKind.REPORT)))

    def moved(self) -> bool:
        """True where it is no longer what the threads were made with."""
        return any(abs(share.settled - self.shift(kind)) > _MOVED for kind, share in self.shares.items())

    def settle(self) -> None:
        """Note that all threads were made with what is known now."""
        for kind, share in self.shares.items():
            share.settled = self.shift(kind)

    def _base(self, kind: ItemKind) -> float:
        return weights(self.similarity)["report:share" if kind is ItemKind.REPORT else "share"]


def _logit(score: float) -> float:
    held = min(max(score, 1e-9), 1 - 1e-9)
    return math.log(held / (1 - held))


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
