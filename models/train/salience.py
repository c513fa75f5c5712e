"""Fits the weights that tell actors from things (``models/lexicon/salience.csv``).

usage: python models/train/salience.py GOLD.jsonl [GOLD.jsonl …] [--folds 5] [--l2 4.0]

Logistic regression with L2 over groups of mentions. A group is right when gold has an actor of that name; where «أعضاء اللجنة» and
«اللجنة» both could stand for one gold actor, half of the truth goes to the more alike one, half to the first. Features seen once are left
out. F1 is the scorer's: the kept groups are paired with gold anew.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from issuer import same_name

from pipeline.actors import vocabulary
from pipeline.actors.coreference import Coreference
from pipeline.actors.recognise import Recogniser
from pipeline.actors.salience import SURE, THRESHOLD
from pipeline.normalize import fold, normalize
from pipeline.segment import SegmentStage
from pipeline.types import Analysis, Document
from pipeline.weights import write_weights

OUT = Path(__file__).resolve().parent.parent / "lexicon" / "salience.csv"
LEAST_SEEN = 2
Group = tuple[tuple[str, ...], tuple[str, ...]]
"""Features and names of a group of mentions."""
Pair = tuple[float, int, int]
"""Unlikeness, number of a group, number of a gold actor that it could stand for."""
Example = tuple[tuple[str, ...], float]
"""Features, and how right the group is: 0, 0.5 or 1."""


@dataclass(frozen=True, slots=True)
class Doc:
    """The groups of one document beside its gold actors."""

    groups: list[Group]
    pairs: list[Pair]
    gold: int

    def right(self, kept: set[int]) -> set[int]:
        """The kept groups that stand for a gold actor, each for one at most, the most alike first, as the scorer pairs them."""
        return _paired(sorted(p for p in self.pairs if p[1] in kept))

    def examples(self) -> list[Example]:
        """The groups with what they are worth."""
        alike = self.right(set(range(len(self.groups))))
        first = _paired(sorted(self.pairs, key=lambda p: p[1:]))
        return [(features, ((k in alike) + (k in first)) / 2) for k, (features, _) in enumerate(self.groups)]


def _paired(pairs: Iterable[Pair]) -> set[int]:
    found: set[int] = set()
    gold: set[int] = set()
    for _, i, j in pairs:
        if i not in found and j not in gold:
            found.add(i)
            gold.add(j)
    return found


def read(path: Path) -> list[Doc]:
    """The documents of a gold file, with the groups that the recogniser finds."""
    segment, v = SegmentStage(), vocabulary.default()
    out = []
    for line in path.open(encoding="utf-8"):
        doc = json.loads(line)
        analysis = segment(Analysis(Document(doc["id"], doc["text"]), normalize(doc["text"])))
        recogniser = Recogniser(analysis, v)
        groups = Coreference(analysis, v, recogniser.words).groups(recogniser.run())
        pairs = []
        for i, (_, names) in enumerate(groups):
            for j, actor in enumerate(doc["actors"]):
                alike = [_dice(actor["name"], name) or 0.01 for name in names if same_name(actor["name"], name)]
                if alike:
                    pairs.append((-max(alike), i, j))
        out.append(Doc(groups, pairs, len(doc["actors"])))
    return out


def _dice(a: str, b: str) -> float:
    x, y = set(fold(a).split()), set(fold(b).split())
    return 2 * len(x & y) / (len(x) + len(y) or 1)


def fit(data: Sequence[Example], l2: float, steps: int = 300) -> dict[str, float]:
    """Weights by Adam."""
    seen = Counter(f for features, _ in data for f in features)
    names = sorted(f for f, n in seen.items() if n >= LEAST_SEEN)
    index = {f: i for i, f in enumerate(names)}
    pairs = [(index[f], k) for k, (features, _) in enumerate(data) for f in features if f in index]
    feats, owner = np.array(pairs).T
    right = np.array([r for _, r in data])
    w = np.zeros(len(names))
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        p = 1 / (1 + np.exp(-np.bincount(owner, weights=w[feats], minlength=len(right))))
        grad = np.bincount(feats, weights=(p - right)[owner], minlength=len(w)) + l2 * w
        m, v = 0.9 * m + 0.1 * grad, 0.99 * v + 0.01 * grad**2
        w -= 0.03 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return dict(zip(names, w.tolist(), strict=True))


def f1(docs: Sequence[Doc], weights: dict[str, float], threshold: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of the groups above the threshold."""
    hits = found = gold = 0
    for doc in docs:
        kept = {
            k
            for k, (features, _) in enumerate(doc.groups)
            if SURE in features or 1 / (1 + np.exp(-sum(weights.get(f, 0.0) for f in features))) >= threshold
        }
        hits, found, gold = hits + len(doc.right(kept)), found + len(kept), gold + doc.gold
    return hits / max(1, found), hits / gold, 2 * hits / (found + gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--l2", type=float, default=4.0)
    args = parser.parse_args()
    docs = [doc for path in args.gold for doc in read(path)]
    if args.folds:
        for threshold in (0.35, 0.4, 0.45, 0.5):
            scores = []
            for k in range(args.folds):
                train = [e for i, doc in enumerate(docs) if i % args.folds != k for e in doc.examples()]
                test = [doc for i, doc in enumerate(docs) if i % args.folds == k]
                scores.append(f1(test, fit(train, args.l2), threshold))
            print(threshold, "held out: P {:.3f} R {:.3f} F1 {:.3f}".format(*np.mean(scores, axis=0)))
    weights = fit([e for doc in docs for e in doc.examples()], args.l2)
    print("on itself: P {:.3f} R {:.3f} F1 {:.3f}".format(*f1(docs, weights, THRESHOLD)))
    write_weights(OUT, weights, 0.03)


if __name__ == "__main__":
    main()
