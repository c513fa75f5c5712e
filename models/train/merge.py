"""Fits the weights by which rules and network decide together, on the fifth of the training documents that neither was fitted to.

recipe.py is the command. The evidence of the rules is fitted anew without that fifth, for weights that have seen a document are too sure of it. A logistic model
with L2; a candidate is right when it shares its words with a gold instruction (Dice >= .5).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import evidence as evidence_recipe
import newton
import numpy as np

from data import NEAR_MISSES, rules
from pipeline import evaluate, lexicon, standoff
from pipeline.directives import evidence
from pipeline.directives.voice import found_in_article
from pipeline.model import merge as merging
from pipeline.model.stage import ModelStage
from pipeline.model.tagger import FLOOR, Reading
from pipeline.types import Analysis

Json = dict[str, Any]
FOLDS = 5
PRECISION = 0.95
RARE = 0.3
"""How much a candidate of an article made of near-misses counts: they are about three times as many there as in newspapers that were read."""
EQUAL = 0.01
"""Of thresholds whose F1 differs by no more the strictest is taken."""
TRUST = 0.2
"""In statements what the rules believe (.5 or more) is taken at a confidence this much lower: of what the network voted down there more was right than wrong.

In articles it is not: of 11 more finds in 400 Saudi articles some six were wrong. .2 gives two more false records in 166 Tunisian texts without directive.
"""
PRECISION_IN_ARTICLES = 0.84
"""In articles, most of which hold no directive outside our samples, the lowest threshold with this precision: a false record costs more there than a missed one.

.85 would cost .05 of F1 in the articles of the documents set apart, .84 costs .02."""


@dataclass(slots=True)
class Case:
    """A gold document, what the rules propose, and the readings of the network. ``threshold``: of the rules in this document when they decide alone."""

    gold: Analysis
    proposed: Analysis
    readings: list[Reading]
    threshold: float

    @property
    def ruled(self) -> Analysis:
        """What the rules alone find."""
        return replace(
            self.proposed, directives=tuple(d for d in self.proposed.directives if d.confidence >= self.threshold)
        )


def cases(golds: Sequence[Analysis], folder: Path) -> list[Case]:
    """The documents with what rules and network say."""
    read, stage = rules(), ModelStage(folder=folder)
    out = []
    for gold in golds:
        proposed = read(gold.document)
        readings = stage.readings(proposed) if proposed.directives else []
        out.append(Case(gold, proposed, readings, evidence.threshold(found_in_article(proposed))))
    return out


@contextmanager
def evidence_of(records: Sequence[Json]) -> Iterator[None]:
    """Inside, the evidence of the rules is weighed by weights fitted to these documents."""
    rows = evidence_recipe.acts(records)
    weights = evidence_recipe.fit(rows) | {
        name: evidence.weights()[name] for name in ("threshold", "threshold in articles")
    }
    with mock.patch.object(evidence, "weights", return_value=weights):
        yield


@dataclass(frozen=True, slots=True)
class Table:
    """The candidates of a document, and the Dice of the words of each gold instruction with each of them, (gold, candidates)."""

    candidates: list[merging.Candidate]
    dice: np.ndarray
    rare: bool
    """True for an article written to hold many near-misses: it tells what they are, not how many there are."""

    @classmethod
    def of(cls, case: Case) -> Table:
        raw = case.gold.document.raw
        found = list(merging.candidates(case.proposed, case.readings))
        gold = [evaluate._words(raw, d.instruction) for d in case.gold.directives]
        words = [evaluate._words(raw, c.span) for c in found]
        dice = np.array([[evaluate._dice(g, w) for w in words] for g in gold]).reshape(len(gold), len(found))
        return cls(found, dice, case.gold.document.id.startswith(NEAR_MISSES))

    @property
    def rows(self) -> list[dict[str, float]]:
        """Features of the candidates."""
        return [dict(c.features) for c in self.candidates]

    @property
    def right(self) -> list[float]:
        """1 for each candidate that shares its words with a gold instruction."""
        return [float((self.dice[:, k] >= 0.5).any()) for k in range(len(self.candidates))]

    def tally(self, confidence: list[float], threshold: float, trust: float = 0.0) -> evaluate.Tally:
        """Gold instructions, those taken, and how many of them match one to one."""
        number = {id(c): k for k, c in enumerate(self.candidates)}
        weights = merging.Weights({}, threshold, threshold, threshold, trust)
        chosen = merging.decide(
            list(zip(confidence, self.candidates, strict=True)), partial(weights.bar, article=False)
        )
        taken = [number[id(c)] for _, c in chosen]
        pairs = sorted(((self.dice[i, j], i, j) for i in range(len(self.dice)) for j in taken), reverse=True)
        gold: set[int] = set()
        found: set[int] = set()
        for dice, i, j in pairs:
            if dice >= 0.5 and i not in gold and j not in found:
                gold.add(i)
                found.add(j)
        return evaluate.Tally(len(found), len(self.dice), len(taken))


def fit(tables: Sequence[Table], names: list[str], l2: float = 1.0) -> dict[str, float]:
    """Weights by Newton's method."""
    x = np.array([[r.get(n, 0.0) for n in names] for t in tables for r in t.rows])
    right = np.array([y for t in tables for y in t.right])
    counts = np.array([RARE if t.rare else 1.0 for t in tables for _ in t.candidates])
    w = newton.weights(x, right, l2, counts=counts)
    return {n: round(float(v), 4) for n, v in zip(names, w, strict=True)}


def calibration(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean confidence, share right and count of each bin of confidence that is not empty."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (float(confidence[place == b].mean()), float(right[place == b].mean()), int((place == b).sum()))
        for b in range(bins)
        if (place == b).any()
    ]


def calibration_error(points: list[tuple[float, float, int]]) -> float:
    """Expected calibration error of the points of :func:`calibration`."""
    return sum(abs(c - r) * n for c, r, n in points) / max(1, sum(n for *_, n in points))


def plot(points: list[tuple[float, float, int]], path: Path, title: str) -> None:
    """A reliability diagram."""
    size, edge = 320, 40

    def at(x: float, y: float) -> tuple[float, float]:
        return edge + x * size, edge + (1 - y) * size

    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size + 2 * edge}" height="{size + 2 * edge + 20}" font-family="sans-serif" font-size="11">',
        f'<rect x="{x0}" y="{y1}" width="{size}" height="{size}" fill="none" stroke="#888"/>',
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#888" stroke-dasharray="4"/>',
        f'<text x="{x0}" y="{edge - 14}">{title}</text>',
        f'<text x="{x0 + size / 2 - 30}" y="{y0 + 34}">confidence</text>',
        f'<text x="12" y="{y1 + size / 2 + 30}" transform="rotate(-90 12 {y1 + size / 2 + 30})">share right</text>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, y = at(tick, tick)
        parts.append(
            f'<text x="{x - 8:.0f}" y="{y0 + 16}">{tick:g}</text><text x="{x0 - 26}" y="{y + 4:.0f}">{tick:g}</text>'
        )
    for confidence, right, count in points:
        x, y = at(confidence, right)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + count**0.5 / 3:.1f}" fill="#2563aa" fill-opacity=".7"><title>{count}</title></circle>'
        )
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights fitted on all documents, and for each document those fitted on the others."""

    whole: merging.Weights
    folded: list[merging.Weights]
    points: list[tuple[float, float, int]]


def _confidences(tables: list[Table], weights: Sequence[merging.Weights]) -> list[list[float]]:
    return [[w.confidence(r) for r in t.rows] for t, w in zip(tables, weights, strict=True)]


def _points(tables: list[Table], confidences: list[list[float]]) -> list[tuple[float, float, int]]:
    return calibration(np.array([p for ps in confidences for p in ps]), np.array([y for t in tables for y in t.right]))


def fitted(data: list[Case], thresholds: tuple[float, float] | None = None) -> Fitted:
    """Weights and thresholds; the thresholds (but those given: in statements, in articles) and the calibration are taken from the folds."""
    tables = [Table.of(c) for c in data]
    names = sorted({n for t in tables for r in t.rows for n in r})

    folds = [fit([t for i, t in enumerate(tables) if i % FOLDS != k], names) for k in range(FOLDS)]
    weights = [merging.Weights(folds[i % FOLDS], 0, 0, 0) for i in range(len(data))]
    confidences = _confidences(tables, weights)
    articles = [found_in_article(c.proposed) for c in data]
    given = [g for g in zip(tables, confidences, articles, strict=True) if not g[0].rare]
    threshold = _strictest(_tried([(t, ps) for t, ps, article in given if not article]), EQUAL)
    in_articles = _precise(_tried([(t, ps) for t, ps, article in given if article], trust=0), PRECISION_IN_ARTICLES)
    threshold, in_articles = thresholds or (threshold, in_articles)
    tried = _tried([(t, ps) for t, ps, _ in given], trust=0)
    precise = _precise({t: tally for t, tally in tried.items() if t > threshold}, PRECISION)
    return Fitted(
        merging.Weights(fit(tables, names), threshold, in_articles, precise, TRUST),
        [replace(w, threshold=threshold, articles=in_articles, precise=precise, trust=TRUST) for w in weights],
        _points(tables, confidences),
    )


def _tried(given: Sequence[tuple[Table, list[float]]], trust: float = TRUST) -> dict[float, evaluate.Tally]:
    """What each threshold would take of some documents."""
    return {
        t: sum((table.tally(ps, t, trust) for table, ps in given), evaluate.Tally())
        for t in np.arange(0.2, 0.99, 0.02).round(2).tolist()
    }


def _precise(tried: Mapping[float, evaluate.Tally], precision: float) -> float:
    """The lowest threshold with a precision; .95 where none has it."""
    return next((t for t, tally in tried.items() if tally.precision >= precision), 0.95)


def _strictest(tried: Mapping[float, evaluate.Tally], equal: float) -> float:
    best = max(tally.f1 for tally in tried.values())
    return max(t for t, tally in tried.items() if tally.f1 >= best - equal)


def alone(case: Case) -> Case:
    """The case as the network sees it, without the records of the rules (it still read their finds as features)."""
    readings = [r for r in case.readings if r.score >= FLOOR]
    return replace(case, proposed=replace(case.proposed, directives=(), rejected=()), readings=readings)


def scores(data: list[Case], found: list[Analysis]) -> Mapping[str, float]:
    """F1 of each measure, with precision and recall of instructions and false instructions a text without directive."""
    tallies = evaluate.total(evaluate.score(c.gold, f) for c, f in zip(data, found, strict=True)).tallies
    free = [f for c, f in zip(data, found, strict=True) if not c.gold.directives]
    out = {m: tallies[m].f1 for m in evaluate.MEASURES[:12]}
    out |= {"P": tallies["instruction"].precision, "R": tallies["instruction"].recall}
    return out | {"false": sum(len(f.directives) for f in free), "free": len(free)}


def decided(data: list[Case], weights: Sequence[merging.Weights], precise: bool = False) -> list[Analysis]:
    """What rules and network find together."""
    lex = lexicon.default()
    return [merging.merge(c.proposed, c.readings, w, lex, precise) for c, w in zip(data, weights, strict=True)]


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores of the rules, of the network, of both and of both with the stricter threshold, and how well calibrated both are."""

    documents: int
    scores: Mapping[str, Mapping[str, float]]
    points: list[tuple[float, float, int]]

    def lines(self) -> Iterator[str]:
        """A table."""
        for name, values in self.scores.items():
            yield f"  {name:9} " + " ".join(f"{m} {v:.3f}" for m, v in values.items())
        yield f"  calibration error {calibration_error(self.points):.3f} over {sum(n for *_, n in self.points)} candidates"


@dataclass(frozen=True, slots=True)
class Merged:
    """The fitted weights of both and of the network alone, and the scores on the merge fold, each document by weights of the others."""

    both: Fitted
    network: Fitted
    measured: Measured

    def measure(self, data: list[Case]) -> Measured:
        """Scores on other documents, read with the shipped evidence of the rules."""
        n = len(data)
        tables = [Table.of(c) for c in data]
        points = _points(tables, _confidences(tables, [self.both.whole] * n))
        return _measured(data, [self.both.whole] * n, [self.network.whole] * n, points)

    def write(self, folder: Path) -> None:
        """Write ``merge.json``."""
        w = self.both.whole
        record = {
            "weights": dict(w.weights),
            "threshold": w.threshold,
            "threshold in articles": w.articles,
            "precise": w.precise,
            "trust": w.trust,
        }
        (folder / "merge.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _measured(
    data: list[Case],
    both: Sequence[merging.Weights],
    network: Sequence[merging.Weights],
    points: list[tuple[float, float, int]],
) -> Measured:
    by_itself = [alone(c) for c in data]
    return Measured(
        len(data),
        {
            "rules": scores(data, [c.ruled for c in data]),
            "model": scores(data, decided(by_itself, network)),
            "both": scores(data, decided(data, both)),
            "precise": scores(data, decided(data, both, precise=True)),
        },
        points,
    )


def merged(
    fold: Sequence[Json], others: Sequence[Json], folder: Path, thresholds: tuple[float, float] | None = None
) -> Merged:
    """Fit the weights of a model folder on a fold of records that its network has not seen; the evidence of the rules is that of the ``others``. ``thresholds`` as of :func:`fitted`."""
    golds = [standoff.from_standoff(r) for r in fold]
    with evidence_of(others):
        return fitted_on(cases(golds, folder), thresholds)


def fitted_on(data: list[Case], thresholds: tuple[float, float] | None = None) -> Merged:
    """The weights fitted on these cases."""
    both, network = fitted(data, thresholds), fitted([alone(c) for c in data])
    return Merged(both, network, _measured(data, both.folded, network.folded, both.points))
