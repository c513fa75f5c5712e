"""How often «و + masdar» after the head of an instruction is rightly told to be a new instruction or the same one.

    python benchmarks/coordination.py GOLD.jsonl [GOLD.jsonl …]

Every word «و + masdar» (score at least 0.5) from the first head of an act to the end of its sentence or to the next trigger is looked at; those
that gold puts outside all instructions, or that repeat a preposition («وبـ»، «وعلى»), are left out. Documents are halved by a hash of their id.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.coordination import coordinated, junction
from pipeline.normalize import normalize
from pipeline.tokens import TOKEN


@dataclass(frozen=True, slots=True)
class Case:
    half: int
    rule: str
    guess: bool
    new: bool


def cases(doc: dict[str, Any]) -> Iterator[Case]:
    """The coordinations of a document in gold form."""
    view = normalize(doc["text"])
    words = [(m.start(), m.end(), m[0]) for m in TOKEN.finditer(view.text)]
    half = hashlib.md5(doc["id"].encode()).digest()[0] % 2
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
            if found is not None and found[0] == 1 and found[1].score >= 0.5 and start not in seen:
                seen.add(start)
                new = start + 1 in starts
                if new or any(a <= start + 1 < b for a, b in spans):
                    comma = words[j - 1][2] in "،,"
                    offset = next(a for a, _ in spans if words[head][0] <= a < words[head][1]) - words[head][0]
                    first = words[head][2][offset:]
                    if offset and first.startswith("ل") and words[head][2][offset - 1] == "ل":
                        first = "ا" + first
                    before = [first, *(w for _, _, w in words[head + 1 : j - comma])]
                    verdict = junction(before, found[1], [w for _, _, w in words[j + 1 : j + 4]], comma=comma)
                    yield Case(half, verdict.rule, verdict.new >= 0.5, new)
            if any(start <= a < end for a, _ in spans):
                head = j


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    options = parser.parse_args()
    docs = [json.loads(line) for path in options.gold for line in path.read_text(encoding="utf-8").splitlines()]
    found = [case for doc in docs for case in cases(doc)]
    for name, chosen in (
        ("half 0", [c for c in found if c.half == 0]),
        ("half 1", [c for c in found if c.half]),
        ("all", found),
    ):
        right, new = sum(c.guess == c.new for c in chosen), sum(c.new for c in chosen)
        print(
            f"{name}: {len(chosen)} coordinations; right {right / len(chosen):.3f}; always new {new / len(chosen):.3f}"
        )
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for case in found:
        counts[case.rule][case.new] += 1
    for rule, count in sorted(counts.items(), key=lambda item: -item[1].total()):
        print(f"  {rule:40}{count[True]:5} new{count[False]:5} same")


if __name__ == "__main__":
    main()
