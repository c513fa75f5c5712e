"""``taalimat disagreements``: where rules and trained model differ most, to be read and corrected by people."""

from __future__ import annotations

import heapq
import json
from dataclasses import asdict
from itertools import count

from pipeline.batch import Done, analyse_all
from pipeline.cli.common import Problems, read_sources
from pipeline.errors import Problem
from pipeline.model.disagreement import Difference, differences
from pipeline.pipeline import Decide


def list_disagreements(source: str, top: int, as_json: bool, published: str | None, workers: int | None) -> bool:
    """Print the ``top`` places of a source in which rules and model differ most, widest first; True where no document failed."""
    problems, number = Problems(), count()
    widest: list[tuple[float, int, Difference]] = []
    for item in analyse_all(read_sources([source], published), differences, workers, Decide.BOTH):
        if isinstance(item, Problem):
            problems.tell(item)
        elif isinstance(item, Done):
            for d in item.result:
                heapq.heappush(widest, (d.width, -next(number), d))  # of equal ones the first are kept
                if len(widest) > top:
                    heapq.heappop(widest)
    for *_, d in sorted(widest, key=lambda w: (-w[0], -w[1])):
        if as_json:
            print(json.dumps(asdict(d), ensure_ascii=False))
        else:
            taken = "taken" if d.taken else "not taken"
            print(f"{d.document_id} [{d.start}:{d.end}] rules {d.rules:.2f}, model {d.model:.2f}: {taken}, {d.outcome}")
            print(f"    {d.trigger} | {d.instruction}")
    return not problems.count
