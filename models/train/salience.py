"""Fits the weights that tell actors from things (``models/lexicon/salience.csv``).

usage: python models/train/salience.py GOLD.jsonl [GOLD.jsonl …] [--folds 5] [--l2 1.0]

Logistic regression with L2 over groups of mentions; a group is right when gold has an actor of that name. Recall counts the gold
actors that no group stands for.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from issuer import same_name

from pipeline.actors import vocabulary
from pipeline.actors.coreference import Coreference
from pipeline.actors.recognise import Recogniser
from pipeline.normalize import normalize
from pipeline.segment import SegmentStage
from pipeline.types import Analysis, Document
from pipeline.weights import write_weights

OUT = Path(__file__).resolve().parent.parent / "lexicon" / "salience.csv"
Example = tuple[tuple[str, ...], bool]


def rows(path: Path) -> list[tuple[list[Example], int]]:
    """For each document: its groups with whether they are right, and the number of gold actors."""
    segment, v = SegmentStage(), vocabulary.default()
    out = []
    for line in path.open(encoding="utf-8"):
        doc = json.loads(line)
        analysis = segment(Analysis(Document(doc["id"], doc["text"]), normalize(doc["text"])))
        recogniser = Recogniser(analysis, v)
        coreference = Coreference(analysis, v, recogniser.words)
        groups = coreference.groups(recogniser.run())
        free = [actor["name"] for actor in doc["actors"]]
        examples = []
        for features, names in groups:
            hit = next((g for g in free if any(same_name(g, n) for n in names)), None)
            if hit is not None:
                free.remove(hit)
            examples.append((features, hit is not None))
        out.append((examples, len(doc["actors"])))
    return out


def fit(data: Sequence[Example], l2: float, steps: int = 300) -> dict[str, float]:
    """Weights by Adam."""
    names = sorted({f for features, _ in data for f in features})
    index = {f: i for i, f in enumerate(names)}
    feats = np.array([index[f] for features, _ in data for f in features])
    owner = np.repeat(np.arange(len(data)), [len(features) for features, _ in data])
    right = np.array([float(r) for _, r in data])
    w = np.zeros(len(names))
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        p = 1 / (1 + np.exp(-np.bincount(owner, weights=w[feats], minlength=len(right))))
        grad = np.bincount(feats, weights=(p - right)[owner], minlength=len(w)) + l2 * w
        m, v = 0.9 * m + 0.1 * grad, 0.99 * v + 0.01 * grad**2
        w -= 0.03 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return dict(zip(names, w.tolist(), strict=True))


def f1(
    docs: Sequence[tuple[list[Example], int]], weights: dict[str, float], threshold: float
) -> tuple[float, float, float]:
    """Precision, recall and F1 of the groups above the threshold."""
    kept = [
        r
        for examples, _ in docs
        for features, r in examples
        if 1 / (1 + np.exp(-sum(weights.get(f, 0.0) for f in features))) >= threshold
    ]
    gold = sum(n for _, n in docs)
    hits = sum(kept)
    return hits / max(1, len(kept)), hits / gold, 2 * hits / (len(kept) + gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--l2", type=float, default=1.0)
    args = parser.parse_args()
    docs = [doc for path in args.gold for doc in rows(path)]
    if args.folds:
        for threshold in (0.4, 0.45, 0.5, 0.55):
            scores = []
            for k in range(args.folds):
                train = [e for i, (examples, _) in enumerate(docs) if i % args.folds != k for e in examples]
                scores.append(
                    f1([d for i, d in enumerate(docs) if i % args.folds == k], fit(train, args.l2), threshold)
                )
            print(threshold, "held out: P {:.3f} R {:.3f} F1 {:.3f}".format(*np.mean(scores, axis=0)))
    weights = fit([e for examples, _ in docs for e in examples], args.l2)
    print("on itself: P {:.3f} R {:.3f} F1 {:.3f}".format(*f1(docs, weights, 0.5)))
    write_weights(OUT, weights, 0.03)


if __name__ == "__main__":
    main()
