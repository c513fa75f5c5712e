"""Fits the weights that tell actors from things (``models/lexicon/salience.csv``).

usage: python models/train/salience.py GOLD.jsonl [GOLD.jsonl …] [--items GOLD.jsonl …] [--folds 5] [--l2 5.0] [--test GOLD.jsonl …]

Two logistic regressions with L2 over groups of mentions. In the first a group is right when gold has an actor of that name; where «أعضاء
اللجنة» and «اللجنة» both could stand for one gold actor, half of the truth goes to the more alike one, half to the first. The second
sees what the first, fitted without them, gives to a group and its neighbours; there a group is right when it finds one gold actor more than
the likelier groups of its document have found. The readers of ``--items`` mark groups of officials and offices far more seldom than the
guidelines ask: what is theirs in the weights is fitted as a habit of their files, and left out where the weights are used. Features seen once are left out. F1 is the scorer's: the kept groups are paired with gold
anew; over the training files it is that of groups which neither regression saw, before both are fitted to all.
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
from pipeline.actors.salience import SURE, THRESHOLD, Group, probability, second_look
from pipeline.normalize import fold, normalize
from pipeline.segment import SegmentStage
from pipeline.types import Analysis, Document, Kind
from pipeline.weights import write_weights

OUT = Path(__file__).resolve().parent.parent / "lexicon" / "salience.csv"
LEAST_SEEN = 2
L2_SECOND = 3.0
_HABIT = "habit:"
Pair = tuple[float, int, int]
"""Unlikeness, number of a group, number of a gold actor that it could stand for."""
Example = tuple[tuple[str, ...], float]
"""Features, and how right the group is, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Doc:
    """The groups of one document beside its gold actors."""

    groups: list[Group]
    """As :class:`pipeline.actors.salience.Group`."""
    pairs: list[Pair]
    gold: int
    items: bool = False
    """Read by those who mark groups and offices seldom."""

    def habit(self, group: Group) -> tuple[str, ...]:
        """The feature that takes up what is the readers' own."""
        return (f"{_HABIT}{group.kind}",) if self.items and group.kind in (Kind.GROUP, Kind.OFFICE) else ()

    def right(self, kept: set[int]) -> set[int]:
        """The kept groups that stand for a gold actor, each for one at most, the most alike first, as the scorer pairs them."""
        return _paired(sorted(p for p in self.pairs if p[1] in kept))

    def examples(self) -> list[Example]:
        """The groups with what they are worth."""
        alike = self.right(set(range(len(self.groups))))
        first = _paired(sorted(self.pairs, key=lambda p: p[1:]))
        return [(g.features + self.habit(g), ((k in alike) + (k in first)) / 2) for k, g in enumerate(self.groups)]

    def second(self, first: Sequence[float]) -> list[Example]:
        """The groups as the second look sees them, with 1 for each that finds an actor more than the likelier ones."""
        kept: set[int] = set()
        gain = [0] * len(self.groups)
        for k in sorted(range(len(self.groups)), key=lambda k: -first[k]):
            before = len(self.right(kept))
            kept.add(k)
            gain[k] = len(self.right(kept)) - before
        looks = second_look(self.groups, first)
        habits = [tuple("2:" + h for h in self.habit(g)) for g in self.groups]
        return [(look + habit, right) for look, habit, right in zip(looks, habits, gain, strict=True)]


def _paired(pairs: Iterable[Pair]) -> set[int]:
    found: set[int] = set()
    gold: set[int] = set()
    for _, i, j in pairs:
        if i not in found and j not in gold:
            found.add(i)
            gold.add(j)
    return found


def read(path: Path, items: bool = False) -> list[Doc]:
    """The documents of a gold file, with the groups that the recogniser finds."""
    segment, v = SegmentStage(), vocabulary.default()
    out = []
    for line in path.open(encoding="utf-8"):
        doc = json.loads(line)
        analysis = segment(Analysis(Document(doc["id"], doc["text"]), normalize(doc["text"])))
        recogniser = Recogniser(analysis, v)
        named = Coreference(analysis, v, recogniser.words).groups(recogniser.run())
        pairs = []
        for i, (_, names) in enumerate(named):
            for j, actor in enumerate(doc["actors"]):
                alike = [_dice(actor["name"], name) or 0.01 for name in names if same_name(actor["name"], name)]
                if alike:
                    pairs.append((-max(alike), i, j))
        out.append(Doc([group for group, _ in named], pairs, len(doc["actors"]), items))
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


def without_habits(table: dict[str, float]) -> dict[str, float]:
    """The weights without those that only say who read a document."""
    return {f: w for f, w in table.items() if _HABIT not in f}


Scores = list[list[float]]
"""Of each document the probability of each group."""


def f1(docs: Sequence[Doc], scores: Scores, threshold: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of the groups above the threshold."""
    hits = found = gold = 0
    for doc, second in zip(docs, scores, strict=True):
        kept = {
            k for k, (g, p) in enumerate(zip(doc.groups, second, strict=True)) if SURE in g.features or p >= threshold
        }
        hits, found, gold = hits + len(doc.right(kept)), found + len(kept), gold + doc.gold
    return hits / max(1, found), hits / gold, 2 * hits / (found + gold)


def unseen(examples: Sequence[Sequence[Example]], l2: float, folds: int) -> Scores:
    """Of each document the probabilities by weights fitted to the other folds."""
    scores: Scores = [[] for _ in examples]
    for k in range(folds):
        used = without_habits(fit([e for i, doc in enumerate(examples) if i % folds != k for e in doc], l2))
        for i, doc in enumerate(examples):
            if i % folds == k:
                scores[i] = [probability(features, used) for features, _ in doc]
    return scores


def tables(docs: Sequence[Doc], l2: float, folds: int) -> tuple[dict[str, float], Scores]:
    """The weights of both looks, and the scores of the training documents by weights that did not see them."""
    first = [doc.examples() for doc in docs]
    second = [doc.second(p) for doc, p in zip(docs, unseen(first, l2, folds), strict=True)]
    weights = fit([e for doc in first for e in doc], l2) | fit([e for doc in second for e in doc], L2_SECOND)
    return without_habits(weights), unseen(second, L2_SECOND, folds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument(
        "--items", type=Path, nargs="*", default=(), help="gold whose readers mark groups and offices seldom"
    )
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--l2", type=float, default=5.0)
    parser.add_argument("--test", type=Path, nargs="*", default=(), help="files to measure on, not fitted")
    args = parser.parse_args()
    docs = [doc for path in args.gold for doc in read(path)] + [doc for path in args.items for doc in read(path, True)]
    weights, scores = tables(docs, args.l2, args.folds)
    for threshold in (0.36, 0.4, 0.42, 0.44, 0.46, 0.48):
        for name, items in (("composed", False), ("items", True)):
            some = [(d, s) for d, s in zip(docs, scores, strict=True) if d.items is items]
            figures = f1([d for d, _ in some], [s for _, s in some], threshold) if some else (0.0, 0.0, 0.0)
            print(threshold, name, "unseen: P {:.3f} R {:.3f} F1 {:.3f}".format(*figures))
    for path in args.test:
        tests = read(path)
        looks = [second_look(d.groups, [probability(g.features, weights) for g in d.groups]) for d in tests]
        found = [[probability(look, weights) for look in doc] for doc in looks]
        print(path.name, "P {:.3f} R {:.3f} F1 {:.3f}".format(*f1(tests, found, THRESHOLD)))
    write_weights(OUT, weights, 0.03)


if __name__ == "__main__":
    main()
