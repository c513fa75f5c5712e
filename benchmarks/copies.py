"""Near-copies of a corpus: how long it takes, and a sheet of groups to be judged.

    python benchmarks/copies.py CORPUS.jsonl[.xz] [--sheet SHEET.csv] [--groups 50] [--seed 1]

The sheet names documents by their ids only, with their similarity; it is filled in by a reader who looks the texts up.
"""

from __future__ import annotations

import argparse
import csv
import random
import time

from pipeline.copies.bands import Signatures, candidates
from pipeline.copies.group import HEAD, Member, groups, order_of
from pipeline.copies.minhash import signature
from pipeline.copies.similarity import compare, traits
from pipeline.ingest import read
from pipeline.types import Document


def main() -> None:
    """Find the groups, tell times, draw the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus")
    parser.add_argument("--sheet")
    parser.add_argument("--groups", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    documents = [item for item in read([options.corpus]) if isinstance(item, Document)]
    started, used = time.perf_counter(), time.process_time()
    known = [traits(d.raw) for d in documents]
    documents = [d for d, t in zip(documents, known, strict=True) if len(t.shingles)]
    known = [t for t in known if len(t.shingles)]
    with Signatures(signature(t.shingles).tobytes() for t in known) as signatures:
        signed = time.perf_counter()
        looked_at = list(candidates(signatures))
    met = time.perf_counter()
    pairs = [(documents[i].id, documents[j].id, near) for i, j in looked_at if (near := compare(known[i], known[j]))]
    members = {
        d.id: Member(d.id, order_of(d.published, f"{n:09d}"), d.title or "", d.raw[:HEAD], d.meta.get("url", ""), d.id)
        for n, d in enumerate(documents)
    }
    found = groups(pairs, members)
    done = time.perf_counter()
    print(f"documents            {len(documents):,}")
    print(f"signatures           {signed - started:.1f} s")
    print(f"candidates           {met - signed:.1f} s, {len(looked_at):,} pairs")
    print(
        f"compared and grouped {done - met:.1f} s, {len(pairs):,} pairs in {len(found):,} groups of {sum(1 + len(g.others) for g in found):,}"
    )
    print(f"in all               {done - started:.1f} s ({time.process_time() - used:.1f} s of processor time)")
    if options.sheet:
        drawn = random.Random(options.seed).sample(found, min(options.groups, len(found)))
        with open(options.sheet, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["group", "documents", "similarities", "right", "note"])
            for number, group in enumerate(drawn, 1):
                writer.writerow([number, " ".join([group.first, *group.others]), " ".join(f"{s:.2f}" for s in group.others.values()), "", ""])  # fmt: skip


if __name__ == "__main__":
    main()
