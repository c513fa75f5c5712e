"""How well and how fast linking works; docs/threads.md tells what came out.

usage: python benchmarks/threads.py agreement [--split held-out] [--errors] [--encoder FOLDER]   composed series of data/threads
       python benchmarks/threads.py speed [--directives 100000] [--statements 200] [--encoder FOLDER]
       python benchmarks/threads.py sample STORE [--n 100] [--seed 1]          proposed links of a store, to be judged
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.corpus import default_folder
from pipeline.corpus import load as load_corpus
from pipeline.link import linker, series
from pipeline.link import store as kept
from pipeline.link.evaluate import fill, measure
from pipeline.link.types import Item
from pipeline.link.words import counts, weight
from pipeline.model.encoder import Encoder
from pipeline.pipeline import default_pipeline
from pipeline.store.register import rebuild
from pipeline.store.rows import to_rows
from pipeline.store.sqlite import FILE_NAME, Store

FOLDER = Path(__file__).resolve().parents[1] / "data" / "threads"


def agreement(split: str, errors: bool, encoder: Encoder | None) -> None:
    """Pairs and relations of a split."""
    found = measure([s for s in series.load(FOLDER) if s.split == split], errors, encoder)
    print(f"{split}: {found.right} right of {found.given} pairs given, precision {found.precision:.3f}")
    print(f"pairs of entries that extraction found: {found.reachable}, F1 {found.f1():.3f}")
    print(f"all pairs of the series: {found.wanted}, F1 {found.f1(reachable=False):.3f}")
    print(
        f"relations: {found.named} right of {found.linked} linked entries, {found.relations:.3f}; entries in all {found.entries}"
    )
    for (wanted, named), n in sorted(found.confusion.items()):
        print(f"  {wanted:10} {named:10} {n}")


def speed(directives: int, statements: int, encoder: Encoder | None) -> None:
    """The time that linking new statements of data/annotations takes in a store of made-up directives.

    These have the shape of real ones: issuer, addressees, force and length of a directive of data/threads, with words drawn as often as
    they occur, so that the index has the postings of a real store.
    """
    rng = random.Random(1)
    with TemporaryDirectory() as folder, Store(Path(folder) / FILE_NAME) as store:
        fill(store, (s.document for s in series.load(FOLDER)))
        linker.link(store)
        query = "SELECT item_id FROM link_item WHERE kind = 'directive' ORDER BY item"
        models = list(kept.items_of(store, [name for (name,) in store.connection.execute(query)]).values())
        words = [(key, n) for key, n in counts().items() if key and weight(key) > 1.5]
        keys, often = [key for key, _ in words], [n for _, n in words]
        with store.transaction():
            rows = ((f"m{i // 3}", 1, "", 1) for i in range(0, directives, 3))
            store.connection.executemany(
                "INSERT INTO documents (document_id, version, text, run_id) VALUES (?, ?, ?, ?)", rows
            )
            marks = ((f"m{i // 3}",) for i in range(0, directives, 3))
            store.connection.executemany("INSERT INTO link_document VALUES (?)", marks)
            kept.save_items(
                store, (_made_up(rng.choice(models), i, rng.choices(keys, often, k=24)) for i in range(directives))
            )
        (stored,) = store.connection.execute("SELECT count(*) FROM link_item WHERE kind = 'directive'").fetchone()
        run = store.begin_run(["new"])
        with store.transaction():
            for statement in rng.sample(load_corpus(default_folder()).statements, statements):
                store.save(run, to_rows(default_pipeline()(statement.analysis().document)))
        rebuild(store)
        started, used = time.perf_counter(), time.process_time()
        done = linker.link(store, encoder=encoder)
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
    print(
        f"{done.documents} statements, {done.items} items into {stored:,} directives: {seconds:.1f} s ({cpu:.1f} s CPU), {done.links} links"
    )


def _made_up(model: Item, number: int, drawn: list[str]) -> Item:
    size, rest = len(model.object), len(model.context)
    return replace(
        model,
        id=f"m{number // 3}:{number}",
        document_id=f"m{number // 3}",
        fold=f"m{number // 3}:{number}",
        object={key: weight(key) for key in drawn[:size]},
        context={key: weight(key) for key in drawn[size : size + rest]},
    )


def sample(path: Path, n: int, seed: int) -> None:
    """Links of a store whose items are in one thread, drawn by seed, each with both wordings and their surroundings."""
    connection = sqlite3.connect(path)
    query = """SELECT k.earlier, k.later, k.score, k.relation, a.text, b.text, a.day, b.day, substr(x.text, max(1, a.start - 200), 500),
        substr(y.text, max(1, b.start - 200), 500)
      FROM links AS k JOIN link_item AS a ON a.item_id = k.earlier JOIN link_item AS b ON b.item_id = k.later
      JOIN documents AS x ON x.document_id = a.document_id JOIN documents AS y ON y.document_id = b.document_id
      WHERE a.thread = b.thread AND a.document_id <> b.document_id ORDER BY k.earlier, k.later"""
    rows = connection.execute(query).fetchall()
    names = ("earlier", "later", "score", "relation", "a", "b", "a_day", "b_day", "around_a", "around_b")
    for row in sorted(random.Random(seed).sample(rows, min(n, len(rows)))):
        print(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    agree = commands.add_parser("agreement")
    agree.add_argument("--split", choices=series.SPLITS, default="held-out")
    agree.add_argument("--errors", action="store_true")
    fast = commands.add_parser("speed")
    fast.add_argument("--directives", type=int, default=100_000)
    fast.add_argument("--statements", type=int, default=200)
    draw = commands.add_parser("sample")
    draw.add_argument("store", type=Path)
    draw.add_argument("--n", type=int, default=100)
    draw.add_argument("--seed", type=int, default=1)
    for command in (agree, fast):
        command.add_argument("--encoder", type=Path, help="folder of the sentence encoder")
    args = parser.parse_args()
    encoder = Encoder(args.encoder) if getattr(args, "encoder", None) else None
    if args.command == "agreement":
        agreement(args.split, args.errors, encoder)
    elif args.command == "speed":
        speed(args.directives, args.statements, encoder)
    else:
        sample(args.store, args.n, args.seed)


if __name__ == "__main__":
    main()
