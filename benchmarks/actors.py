"""Counts what goes wrong with the actors of gold files, and measures the speed of the stage.

usage: python benchmarks/actors.py GOLD.jsonl [GOLD.jsonl …] [--list]

Classes, by where the mentions of an unmatched actor lie: ``missed`` (no mention found there), ``dropped`` (found, judged to be no actor),
``inside`` (only inside a found actor's mention), ``merged`` (its mention was given to another actor), ``longer`` and ``shorter`` (found under
another boundary), ``extra`` (no gold mention there), ``overlap`` (an extra that shares text with a gold actor, mostly a body inside an
office), ``split`` (an extra whose mention is a gold actor's), ``kind``.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.actors import ActorsStage
from pipeline.evaluate import same_name
from pipeline.normalize import fold, normalize
from pipeline.segment import SegmentStage
from pipeline.types import Actor, Analysis, Document, Span

Fault = tuple[str, str, str]
"""Class, gold name, found name."""


def gold_places(text: str, actors: Sequence[dict[str, Any]]) -> list[list[Span]]:
    """The places of each gold actor: all occurrences of its mentions, longer ones first."""
    wanted = sorted({(m, i) for i, actor in enumerate(actors) for m in actor["mentions"]}, key=lambda x: -len(x[0]))
    places: list[list[Span]] = [[] for _ in actors]
    for mention, i in wanted:
        for hit in re.finditer(re.escape(mention), text):
            span = Span(*hit.span())
            if not any(known.covers(span) for known in places[i]):
                places[i].append(span)
    return places


def alike(name: str, actor: Actor) -> float:
    """How alike a gold name and an actor's names are, 0 where they name different actors; as the scorer has it."""
    best = 0.0
    for other in (actor.name, *actor.aliases):
        if same_name(name, other):
            a, b = set(fold(name).split()), set(fold(other).split())
            best = max(best, 2 * len(a & b) / (len(a) + len(b) or 1), 0.01)
    return best


def faults(analysis: Analysis, gold: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    """What is wrong with the actors of one document."""
    found, places = analysis.actors, gold_places(analysis.document.raw, gold)
    pairs = sorted((-alike(g["name"], f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found))
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for score, i, j in pairs:
        if score < 0 and i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    for i, j in matched.items():
        if gold[i]["kind"] != found[j].kind:
            yield "kind", gold[i]["name"], found[j].name
    nameless = [m.span for m in analysis.mentions if m.actor_id is None]
    for i, g in enumerate(gold):
        if i in matched:
            continue
        touched = [j for j, f in enumerate(found) if any(a.overlaps(b) for a in f.mentions for b in places[i])]
        free = next((j for j in touched if j not in taken), None)
        if free is not None:
            taken.add(free)
            yield ("longer" if len(found[free].name) > len(g["name"]) else "shorter"), g["name"], found[free].name
        elif touched:
            same = any(span in places[i] for span in found[touched[0]].mentions)
            yield ("merged" if same else "inside"), g["name"], found[touched[0]].name
        else:
            seen = any(a.overlaps(b) for a in nameless for b in places[i])
            yield ("dropped" if seen else "missed"), g["name"], ""
    for j, f in enumerate(found):
        if j not in taken:
            touched = [i for i, spans in enumerate(places) if any(a.overlaps(b) for a in f.mentions for b in spans)]
            if not touched:
                yield "extra", "", f.name
            else:
                same = any(span in places[touched[0]] for span in f.mentions)
                yield ("split" if same else "overlap"), gold[touched[0]]["name"], f.name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--list", action="store_true", help="print each fault")
    args = parser.parse_args()
    segment, actors = SegmentStage(), ActorsStage()
    words, seconds = 0, 0.0
    read: list[Analysis] = []
    for path in args.gold:
        counts: Counter[str] = Counter()
        for line in path.read_text(encoding="utf-8").splitlines():
            doc = json.loads(line)
            before = segment(Analysis(Document(doc["id"], doc["text"]), normalize(doc["text"])))
            start = time.process_time()
            analysis = actors(before)
            seconds += time.process_time() - start
            words += sum(len(s.tokens) for s in before.sentences)
            read.append(before)
            for fault in faults(analysis, doc["actors"]):
                counts[fault[0]] += 1
                if args.list:
                    print(doc["id"], *fault, sep="\t")
        print(path.name, "  ".join(f"{name} {n}" for name, n in counts.most_common()))
    start = time.process_time()
    for before in read:
        actors(before)
    again = time.process_time() - start
    print(
        f"{words:,} words, {words / seconds:,.0f} a second of processor time at first sight, {words / again:,.0f} when their words are known; actors stage alone"
    )


if __name__ == "__main__":
    main()
