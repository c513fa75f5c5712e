"""Fits the weights by which the issuer of a trigger is chosen (``models/lexicon/issuer.csv``).

usage: python models/train/issuer.py GOLD.jsonl [GOLD.jsonl …] [--folds 5]

A listwise softmax over the candidate mentions of each trigger that grammar does not decide, with L2; a candidate is right when its
actor's name is the gold issuer's. With ``--folds`` it also prints the accuracy on documents held out.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.actors import ActorsStage, SpeakerIndex
from pipeline.actors.speakers import DECISIVE
from pipeline.morphology import masdar
from pipeline.normalize import fold, normalize
from pipeline.segment import SegmentStage
from pipeline.types import Analysis, Document, Span
from pipeline.weights import write_weights

OUT = Path(__file__).resolve().parent.parent / "lexicon" / "issuer.csv"
_HONORIFICS = set(
    "السيد السيده معالي الدكتور الدكتوره د سعاده سمو صاحب الملكي الامير فخامه دوله الشيخ المهندس البروفيسور".split()
)
IMPERSONAL = frozenset({"passive", "duty", "imperative"})
"""Shapes of triggers that have no subject of their own."""
Row = tuple[list[tuple[str, ...]], list[bool]]


def _bare(name: str) -> list[str]:
    words = re.findall(r"\w+", fold(name))
    return sorted(re.sub(r"^(?:لل|ال|ل(?=\w{4}))", "", w) for w in words if w not in _HONORIFICS)


def same_name(a: str, b: str) -> bool:
    """Equal words, or all words (two or more) of the shorter name in the longer."""
    x, y = sorted((_bare(a), _bare(b)), key=len)
    return x == y or (len(x) >= 2 and len(y) - len(x) <= 6 and all(w in y for w in x))


def flags(text: str) -> tuple[bool, bool]:
    """(passive, masdar) of a trigger, by its letters."""
    word = fold(text)
    found = masdar(word)
    passive = bool(re.match(r".?\u064f", text)) or word in ("تقرر",)
    return passive, found is not None and found.score >= 0.5 and not word.endswith("ا")


def indexed(path: Path) -> Iterator[tuple[dict[str, Any], SpeakerIndex]]:
    """The annotated documents of a gold file, each with the speakers that its text names."""
    segment, actors = SegmentStage(), ActorsStage()
    for line in path.open(encoding="utf-8"):
        doc = json.loads(line)
        yield doc, SpeakerIndex(actors(segment(Analysis(Document(doc["id"], doc["text"]), normalize(doc["text"])))))


def rows(path: Path) -> list[tuple[str, list[Row]]]:
    """For each document: its triggers, each with candidates' features and which are right."""
    out = []
    for doc, index in indexed(path):
        found: list[Row] = []
        for directive in doc["directives"]:
            if not directive["issuer"]:
                continue
            trigger = directive["trigger"]
            features, right = [], []
            for place, feats in index.candidates(Span(trigger["start"], trigger["end"]), *flags(trigger["text"])):
                span = place.mention.span
                if not IMPERSONAL.isdisjoint(f.partition("|")[0] for f in feats) and any(
                    span.start < a["end"] and a["start"] < span.end for a in directive["addressees"]
                ):
                    continue  # who is told is known there before it is asked who speaks
                features.append(feats)
                right.append(same_name(index.name_of(place.mention), directive["issuer"]["name"]))
            found.append((features, right))
        out.append((doc["id"], found))
    return out


def fit(data: Sequence[Row], l2: float = 0.02, steps: int = 200) -> dict[str, float]:
    """Weights by gradient descent with momentum (Adam)."""
    names = sorted({f for features, _ in data for cand in features for f in cand})
    index = {f: i for i, f in enumerate(names)}
    usable = [
        (features, right)
        for features, right in data
        if any(right) and not all(right) and not any(DECISIVE & set(f) for f in features)
    ]
    cand = [index[f] for features, _ in usable for c in features for f in c]
    owner = np.repeat(np.arange(sum(len(f) for f, _ in usable)), [len(c) for features, _ in usable for c in features])
    group = np.repeat(np.arange(len(usable)), [len(f) for f, _ in usable])
    right = np.array([r for _, rs in usable for r in rs], dtype=float)
    feats = np.array(cand)
    w = np.zeros(len(names))
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        score = np.bincount(owner, weights=w[feats], minlength=len(right))
        score = np.exp(score - np.maximum.reduceat(score, np.flatnonzero(np.r_[True, np.diff(group) > 0]))[group])
        p = score / np.bincount(group, weights=score)[group]
        q = p * right
        q = q / np.maximum(np.bincount(group, weights=q)[group], 1e-12)
        grad = np.bincount(feats, weights=(p - q)[owner], minlength=len(w)) / len(usable) + l2 * w / 10
        m, v = 0.9 * m + 0.1 * grad, 0.99 * v + 0.01 * grad**2
        w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return dict(zip(names, w.tolist(), strict=True))


def accuracy(data: Sequence[Row], weights: dict[str, float]) -> float:
    """Share of the triggers whose best candidate is right; a trigger without a right candidate counts as wrong."""
    hits = 0
    for features, right in data:
        if features:
            best = next((i for i, f in enumerate(features) if DECISIVE & set(f)), None)
            if best is None:
                best = max(range(len(features)), key=lambda i: sum(weights.get(f, 0.0) for f in features[i]))
            hits += right[best]
    return hits / max(1, len(data))


def fitted(
    docs: Sequence[tuple[str, list[Row]]],
    what: str,
    share_right: Callable[[Sequence[Row], dict[str, float]], float],
    folds: int,
    l2: float,
) -> dict[str, float]:
    """Weights fitted to the rows of all documents; prints how many rows (``what`` they are) come out right, with ``folds`` also on documents held out."""
    flat = [row for _, found in docs for row in found]
    print(f"{len(flat)} {what}; {sum(any(r) for _, r in flat) / len(flat):.4f} have a right candidate")
    if folds:
        held = [(share_right(test, fit(train, l2)), len(test)) for k in range(folds)
                if (test := [r for i, (_, f) in enumerate(docs) if i % folds == k for r in f])
                and (train := [r for i, (_, f) in enumerate(docs) if i % folds != k for r in f])]  # fmt: skip
        print(f"held out: {sum(a * n for a, n in held) / sum(n for _, n in held):.4f}")
    weights = fit(flat, l2)
    print(f"on itself: {share_right(flat, weights):.4f}")
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--l2", type=float, default=0.04)
    args = parser.parse_args()
    docs = [doc for path in args.gold for doc in rows(path)]
    write_weights(OUT, fitted(docs, "triggers", accuracy, args.folds, args.l2), 0.02)


if __name__ == "__main__":
    main()
