"""Fits the weights of the evidence on an act (``models/lexicon/evidence.csv``) and the threshold below which it is rejected.

usage: python models/train/evidence.py GOLD.jsonl [GOLD.jsonl …]

    taalimat corpus export --split train > train.jsonl
    taalimat corpus rebuild-tunisia PATH > tunisia.jsonl    (the Tunisian items, from a clone of their repository)
    taalimat corpus rebuild-tunisia PATH --part second > second.jsonl
    taalimat corpus rebuild-tunisia PATH --part judged > judged.jsonl
    python models/train/evidence.py train.jsonl tunisia.jsonl second.jsonl judged.jsonl --threshold 0.38

Logistic regression with L2 over the features of ``pipeline/directives/evidence.py``. An act of the rules is right where its trigger
overlaps a gold trigger and at least one instruction matches. The threshold is the highest within .003 of the best
instruction F1 when each document is scored by weights fitted without its fold (ten folds by document). Needs scikit-learn (extra ``train``).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from unittest import mock

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from pipeline.directives import evidence
from pipeline.directives import stage as directive_stage
from pipeline.pipeline import Decide, Pipeline
from pipeline.standoff import from_standoff
from pipeline.types import Span
from pipeline.weights import write_weights

TOLERANCE = 0.003
"""The curve is flat at its top: of thresholds that differ by less in F1 the highest is taken, wrong being worse than missing."""

OUT = Path(__file__).resolve().parent.parent / "lexicon" / "evidence.csv"

Row = tuple[str, dict[str, float], int, int, int]
"""An act: document, features, right instructions, instructions, gold instructions of the document."""


def _right(gold: dict, trigger: Span, spans: list[Span]) -> int:
    """How many of the act's instructions match one of the gold act's (half of the characters in common)."""
    want = [
        (s["start"], s["end"])
        for d in gold["directives"]
        if d["trigger"]["start"] < trigger.end and trigger.start < d["trigger"]["end"]
        for s in d["instructions"]
    ]
    return sum(
        any(2 * max(0, min(e, s.end) - max(b, s.start)) >= 0.5 * (e - b + len(s)) for b, e in want) for s in spans
    )


def acts(golds: Iterable[dict]) -> list[Row]:
    """(document, features, right instructions, instructions, gold instructions of the document) of every act that the rules propose."""
    rows = []
    seen: list = []
    real = evidence.weigh

    def weigh(candidate, issuer, addressees, acts):  # type: ignore[no-untyped-def]
        seen.append(
            (
                candidate,
                dict.fromkeys((name for name, _ in evidence.features(candidate, issuer, addressees, acts)), 1.0),
            )
        )
        return real(candidate, issuer, addressees, acts)[0], 1.0

    pipeline = Pipeline.default(Decide.RULES)
    with mock.patch.object(directive_stage, "weigh", weigh):
        for gold in golds:
            seen.clear()
            pipeline(from_standoff(gold).document)
            total = sum(len(d["instructions"]) for d in gold["directives"])
            for candidate, found in seen:
                trigger = candidate.view.span(candidate.i, candidate.last, candidate.offset)
                spans = [
                    p.span(v) for v, region in candidate.regions for p in region.instructions if p.head is not None
                ]
                rows.append((gold["id"], found, _right(gold, trigger, spans), len(spans), total))
    return rows


def _table(rows: list[Row]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Features that stand in eight acts or more, whether each act is right, and the names of the features."""
    vectorizer = DictVectorizer(sparse=False)
    counts: dict[str, int] = {}
    for _, found, *_ in rows:
        for name in found:
            counts[name] = counts.get(name, 0) + 1
    x = vectorizer.fit_transform([{name: 1.0 for name in found if counts[name] >= 8} for _, found, *_ in rows])
    return x, np.array([right > 0 for _, _, right, _, _ in rows]), list(vectorizer.get_feature_names_out())


def fit(rows: list[Row], strength: float = 0.3, threshold: float = 0.5) -> dict[str, float]:
    """Weights of the features, with ``bias`` and ``threshold``."""
    x, y, names = _table(rows)
    model = LogisticRegression(C=strength, max_iter=2000).fit(x, y)
    return {
        "threshold": threshold,
        "bias": float(model.intercept_[0]),
        **dict(zip(names, model.coef_[0].tolist(), strict=True)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--strength", type=float, default=0.3, help="inverse of the L2 penalty")
    parser.add_argument("--threshold", type=float, help="threshold in statements, instead of that of the folds")
    parser.add_argument(
        "--articles", type=float, default=0.54, help="threshold in articles, texts with few acts for their length"
    )
    args = parser.parse_args()
    rows = acts(json.loads(line) for path in args.gold for line in path.open(encoding="utf-8"))
    x, y, _ = _table(rows)
    documents = sorted({row[0] for row in rows})
    fold = {doc: i % 10 for i, doc in enumerate(documents)}
    folds = np.array([fold[row[0]] for row in rows])
    scores = np.zeros(len(rows))
    for k in range(10):
        model = LogisticRegression(C=args.strength, max_iter=2000).fit(x[folds != k], y[folds != k])
        scores[folds == k] = model.predict_proba(x[folds == k])[:, 1]
    right = np.array([row[2] for row in rows])
    given = np.array([row[3] for row in rows])
    gold = sum({row[0]: row[4] for row in rows}.values())
    cuts = np.arange(0.1, 0.9, 0.02)
    reached = [2 * right[scores >= cut].sum() / (given[scores >= cut].sum() + gold) for cut in cuts]
    best = max(reached)
    threshold = max(float(cut) for cut, f1 in zip(cuts, reached, strict=True) if f1 >= best - TOLERANCE)
    print(
        f"{len(rows)} acts, {y.mean():.3f} right; F1 {2 * right.sum() / (given.sum() + gold):.4f} without, {best:.4f} with threshold {threshold:.2f} (ten folds)"
    )
    fitted = fit(rows, args.strength, threshold if args.threshold is None else args.threshold)
    first = {name: fitted.pop(name) for name in ("threshold", "bias")}
    first = {"threshold": first["threshold"], "threshold in articles": args.articles, "bias": first["bias"]}
    write_weights(OUT, fitted, first=first)


if __name__ == "__main__":
    main()
