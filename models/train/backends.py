"""Fits the weights of what backends say of directives (``models/lexicon/backends.csv``).

usage: python models/train/backends.py GOLD.jsonl [GOLD.jsonl …] --with farahidi,stanza=FOLDER

    taalimat corpus export --split train > train.jsonl

Logistic regression with L2 over the features of ``pipeline/backends/stage.py``; what the rules gave is an offset with weight one, so that the
backends only say what is left to say. A directive is right where trigger and instruction overlap with gold ones. The features of the parts of
speech, masdars and clitics are written without the name of their backend as well, pooled: other backends (CAMeL, whose full data nobody here
had) use those. Features seen fewer than twenty times are left out.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from pathlib import Path

import numpy as np

from pipeline import backends, standoff
from pipeline.backends.stage import LayersStage, Witness, features
from pipeline.directives import DirectivesStage
from pipeline.pipeline import PROPOSED, Decide, Pipeline
from pipeline.types import Analysis, Directive
from pipeline.weights import write_weights

OUT = Path(__file__).resolve().parent.parent / "lexicon" / "backends.csv"
LEAST = 20


def right(gold: Analysis, d: Directive) -> bool:
    """True where a gold directive has this trigger and shares half of the instruction."""
    return any(
        g.act.trigger.overlaps(d.act.trigger)
        and 2 * (min(g.instruction.end, d.instruction.end) - max(g.instruction.start, d.instruction.start))
        >= 0.5 * (len(g.instruction) + len(d.instruction))
        for g in gold.directives
    )


def fit(x: np.ndarray, y: np.ndarray, offset: np.ndarray, penalty: float) -> np.ndarray:
    """Weights of a logistic regression with an offset, by Newton's method; the last one, of the constant, is hardly held back."""
    w = np.zeros(x.shape[1])
    held = penalty * np.eye(len(w))
    held[-1, -1] = 0.001
    for _ in range(50):
        p = 1 / (1 + np.exp(-(x @ w + offset)))
        step = np.linalg.solve(
            (x * (p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(w)), x.T @ (y - p) - penalty * w
        )
        w += step
        if np.abs(step).max() < 1e-6:
            break
    return w


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--with", dest="backends", required=True)
    parser.add_argument("--penalty", type=float, default=5.0)
    args = parser.parse_args()
    used = tuple(backends.load(name) for name in backends.parse(args.backends))
    segment, times, actors, _ = Pipeline.default(Decide.RULES).stages
    pipeline = Pipeline([segment, LayersStage(used), times, actors, DirectivesStage(threshold=PROPOSED)])
    rows: dict[str, list[tuple[list[str], bool, float]]] = {backend.name: [] for backend in used}
    for gold in (g for path in args.gold for g in standoff.load(path)):
        found = pipeline(gold.document)
        witnesses = [Witness(layer) for layer in found.layers]
        for d in found.directives:
            is_right = right(gold, d)
            odds = math.log(min(max(d.confidence, 0.001), 0.999) / (1 - min(max(d.confidence, 0.001), 0.999)))
            for witness in witnesses:
                rows[witness.layer.backend].append(([name for name, _ in features(witness, d)], is_right, odds))
    rows[""] = [row for name in rows if name != "stanza" for row in rows[name]]
    weights: dict[str, float] = {}
    for backend, seen in rows.items():
        counts = Counter(name for names, _, _ in seen for name in names)
        kept = sorted(name for name, count in counts.items() if count >= LEAST)
        if not kept:
            continue
        x = np.array([[name in names for name in kept] for names, _, _ in seen], dtype=float)
        y = np.array([is_right for _, is_right, _ in seen], dtype=float)
        # The rules are surer of the statements that they were fitted to: a constant takes that up, and is thrown away.
        w = fit(np.column_stack([x, np.ones(len(y))]), y, np.array([odds for _, _, odds in seen]), args.penalty)[:-1]
        weights |= {f"{backend}:{name}" if backend else name: float(v) for name, v in zip(kept, w, strict=True)}
        print(f"{backend or 'pooled'}: {len(seen)} directives, {y.mean():.3f} right, {len(kept)} features")
    write_weights(OUT, weights, first={})


if __name__ == "__main__":
    main()
