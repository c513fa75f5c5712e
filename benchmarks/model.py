"""What the trained model costs: load time, words a second beside the rules alone in the same run, memory, and whether records depend on company.

usage: python benchmarks/model.py SOURCE [--texts 500]

``SOURCE`` is anything ``taalimat run`` reads. Times are processor time of this one process, so that other work on the machine counts less.
"""

from __future__ import annotations

import argparse
import resource
import time
from itertools import islice

from pipeline.cli.common import read_sources
from pipeline.model.stage import ModelStage
from pipeline.pipeline import Decide, Pipeline
from pipeline.types import Document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("--texts", type=int, default=500)
    args = parser.parse_args()
    texts = list(islice((d for d in read_sources([args.source], None) if isinstance(d, Document)), args.texts))
    words = sum(len(d.raw.split()) for d in texts)
    rules, both = Pipeline.default(Decide.RULES), Pipeline.default(Decide.BOTH)
    rules(texts[0])
    start, wall = time.process_time(), time.perf_counter()
    stage = both.stages[-1]
    assert isinstance(stage, ModelStage)
    stage.load()
    print(f"load: {time.process_time() - start:.2f} s of processor time, {time.perf_counter() - wall:.2f} s")
    spent = {"rules": 0.0, "both": 0.0}
    results = []
    for k in range(0, len(texts), 50):
        for name, pipeline in (("rules", rules), ("both", both)):
            start = time.process_time()
            found = [pipeline(d) for d in texts[k : k + 50]]
            spent[name] += time.process_time() - start
            results += found if name == "both" else []
    for name, seconds in spent.items():
        print(f"{name}: {words / seconds:,.0f} words/s of processor time ({words} words)")
    print(f"largest resident set: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    again = {d.id: both(d) for d in reversed(texts[:100])}
    print("the same in another order:", all(again[r.document.id] == r for r in results[:100]))


if __name__ == "__main__":
    main()
