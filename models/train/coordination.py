"""Fits the weights by which a coordinated masdar is told to be a new instruction or the same one (``models/lexicon/coordination.csv``), and measures them.

usage: python models/train/coordination.py fit GOLD.jsonl [GOLD.jsonl …]
       python models/train/coordination.py measure GOLD.jsonl [GOLD.jsonl …]

Every word «و + masdar» (score at least 0.5) from the first head of an act to the end of its sentence or to the next trigger is looked at; those
that gold puts outside all instructions, or that repeat a preposition («وبـ»، «وعلى»), are left out. The weights correct the shares by place
of ``pipeline/coordination.py``: logistic regression with L2, the place's log-odds given, over the features that stand in four coordinations or
more.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from newton import weights

from pipeline.coordination import DOUBTFUL, Junction, coordinated, features, junction, prior, without_pairs
from pipeline.normalize import normalize
from pipeline.tokens import TOKEN
from pipeline.weights import write_weights

OUT = Path(__file__).resolve().parent.parent / "lexicon" / "coordination.csv"
LEAST_SEEN = 4
FOLDS = 10
L2 = 10.0


@dataclass(frozen=True, slots=True)
class Case:
    """A coordination: its file and document, what speaks for and against, how the shipped weights judge it, whether it is new."""

    source: str
    document: str
    features: list[str]
    verdict: Junction
    new: bool


def cases(doc: dict[str, Any], source: str) -> Iterator[Case]:
    """The coordinations of a document in gold form, from the file ``source``."""
    view = normalize(doc["text"])
    words = [(m.start(), m.end(), m[0]) for m in TOKEN.finditer(view.text)]
    acts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for act in doc["directives"]:
        acts[act["trigger"]["start"]] += [
            (view.index_of(i["start"]), view.index_of(i["end"])) for i in act["instructions"]
        ]
    starts = {start for spans in acts.values() for start, _ in spans}
    triggers = {view.index_of(act["trigger"]["start"]) for act in doc["directives"]}
    seen: set[int] = set()
    for spans in acts.values():
        head = -1
        last = max(end for _, end in spans)
        for j, (start, end, word) in enumerate(words):
            if head >= 0 and start >= last and (word in ".\n" or not triggers.isdisjoint(range(start, end))):
                break
            found = coordinated(word) if head >= 0 else None
            if found is not None and found[0] == 1 and found[1].score >= DOUBTFUL and start not in seen:
                seen.add(start)
                new = start + 1 in starts
                if new or any(a <= start + 1 < b for a, b in spans):
                    comma = words[j - 1][2] in "،,"
                    offset = next(a for a, _ in spans if words[head][0] <= a < words[head][1]) - words[head][0]
                    first = words[head][2][offset:]
                    if offset and first.startswith("ل") and words[head][2][offset - 1] == "ل":
                        first = "ا" + first
                    before = [first, *(w for _, _, w in words[head + 1 : j - comma])]
                    after = [w for _, _, w in words[j + 1 : j + 4]]
                    verdict = junction(before, found[1], after, comma=comma)
                    yield Case(source, doc["id"], features(without_pairs(before), found[1], after, comma), verdict, new)
            if any(start <= a < end for a, _ in spans):
                head = j


def fit(found: Sequence[Case]) -> None:
    """Write the weights of ``found``, and print how often they are right about documents they have not seen."""
    counts = Counter(name for case in found for name in set(case.features))
    names = sorted(name for name, count in counts.items() if count >= LEAST_SEEN)
    x = np.array([[name in case.features for name in names] for case in found], float)
    y = np.array([case.new for case in found], float)
    given = np.array([prior(case.verdict.place) for case in found])
    number = {document: i for i, document in enumerate(sorted({case.document for case in found}))}
    folds = np.array([number[case.document] % FOLDS for case in found])
    odds = np.zeros(len(y))
    for k in range(FOLDS):
        out = folds == k
        odds[out] = x[out] @ weights(x[~out], y[~out], L2, given[~out]) + given[out]
    for source in dict.fromkeys(case.source for case in found):
        own = np.array([case.source == source for case in found])
        shares = (((odds > 0) == y)[own].mean(), ((given > 0) == y)[own].mean(), y[own].mean())
        print(
            f"{source}: {own.sum()} coordinations; right {shares[0]:.3f} in {FOLDS} folds, {shares[1]:.3f} by place alone; always new {shares[2]:.3f}"
        )
    write_weights(OUT, dict(zip(names, weights(x, y, L2, given).tolist(), strict=True)))


def measure(found: Sequence[Case]) -> None:
    """Print how often the shipped weights are right, and where."""
    right, alone = (
        sum((odds > 0) == c.new for odds, c in zip(o, found, strict=True))
        for o in ([c.verdict.new - 0.5 for c in found], [prior(c.verdict.place) for c in found])
    )
    new = sum(c.new for c in found)
    n = len(found)
    print(f"{n} coordinations; right {right / n:.3f}, {alone / n:.3f} by place alone; always new {new / n:.3f}")
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for case in found:
        counts[case.verdict.place][(case.verdict.new >= 0.5) == case.new] += 1
    for place, count in sorted(counts.items(), key=lambda item: -item[1].total()):
        print(f"  {place:40}{count[True]:5} right{count[False]:5} wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["fit", "measure"])
    parser.add_argument("gold", nargs="+", type=Path)
    options = parser.parse_args()
    found = [
        c for path in options.gold for line in path.open(encoding="utf-8") for c in cases(json.loads(line), path.name)
    ]
    {"fit": fit, "measure": measure}[options.what](found)


if __name__ == "__main__":
    main()
