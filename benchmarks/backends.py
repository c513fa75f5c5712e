"""What each backend adds in F1 and costs in speed, one beside the other in one run.

usage: python benchmarks/backends.py [--gold FILE.jsonl …] [--limit N] [--with farahidi --with stanza=FOLDER …]

The rules decide, without the trained model (``Decide.RULES``): the weights of backends were fitted to what the rules leave open, and nothing else
hides what one adds. Without ``--gold`` the gold is the held-out split of our corpus. Each ``--with`` is one row (several backends with commas); by default every
backend by itself and those that can be used together. One that cannot be used is «not measured», with the reason. Differences are paired over
documents: their 95 % interval comes from drawing documents again. Words a second are of processor time, of a second pass with warm caches.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline import backends, corpus, evaluate, standoff
from pipeline.errors import TaalimatError
from pipeline.pipeline import Decide, Pipeline
from pipeline.types import Analysis

MEASURES = ("instruction", "record", "trigger")


def measure(decide: Decide, gold: Sequence[Analysis]) -> tuple[list[evaluate.Score], float, float]:
    """Scores by document; words a second at first sight and when warm."""
    pipeline = Pipeline.default(decide)
    words = sum(len(g.document.raw.split()) for g in gold)
    began = time.process_time()
    found = [pipeline(g.document) for g in gold]
    cold = time.process_time() - began
    began = time.process_time()
    for g in gold:
        pipeline(g.document)
    warm = time.process_time() - began
    return [evaluate.score(g, f) for g, f in zip(gold, found, strict=True)], words / cold, words / warm


def gain(before: Sequence[evaluate.Score], after: Sequence[evaluate.Score], name: str) -> tuple[float, float, float]:
    """The difference of F1 with its 95 % interval, documents drawn again."""
    rng, draws = random.Random(0), []
    for _ in range(300):
        chosen = rng.choices(range(len(before)), k=len(before))
        both = [sum((side[i].tallies[name] for i in chosen), evaluate.Tally()).f1 for side in (before, after)]
        draws.append(both[1] - both[0])
    draws.sort()
    whole = [evaluate.total(side).tallies[name].f1 for side in (before, after)]
    return whole[1] - whole[0], draws[7], draws[-8]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", nargs="*", type=Path, default=[])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--with", dest="rows", action="append", default=[])
    args = parser.parse_args()
    statements = corpus.load(corpus.default_folder()).statements
    gold = [g for path in args.gold for g in standoff.load(path)] or [
        standoff.from_standoff(s.record) for s in statements if str(s.set.split) == "held-out"
    ]
    gold = gold[: args.limit]
    print(f"{len(gold)} documents, {sum(len(g.document.raw.split()) for g in gold):,} words\n")
    print(f"{'':34}" + "".join(f"{name:>12}" for name in MEASURES) + f"{'gain (95 %)':>26}{'words/s':>10}{'warm':>10}")
    base, cold, warm = measure(Decide.RULES, gold)
    _row("rules", base, "", cold, warm)
    for row in args.rows or list(backends.BACKENDS):
        name = ",".join(part.partition("=")[0] for part in backends.parse(row))
        try:
            names = backends.parse(row)
            for one in names:
                backends.load(one)
        except TaalimatError as error:
            print(f"{name:34}not measured: {str(error).splitlines()[0][:120]}")
            continue
        scores, cold, warm = measure(Decide.RULES.with_backends(names), gold)
        more, low, high = gain(base, scores, "instruction")
        _row(f"+ {name}", scores, f"{more:+.3f} ({low:+.3f} … {high:+.3f})", cold, warm)


def _row(name: str, scores: Sequence[evaluate.Score], told: str, cold: float, warm: float) -> None:
    tallies = evaluate.total(scores).tallies
    print(f"{name:34}" + "".join(f"{tallies[m].f1:12.3f}" for m in MEASURES) + f"{told:>26}{cold:10,.0f}{warm:10,.0f}")


if __name__ == "__main__":
    main()
