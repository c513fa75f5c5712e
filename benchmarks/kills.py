"""Runs killed at random moments, on full disks, two at once: is anything lost, doubled or corrupt?

usage: python benchmarks/kills.py [--kills 300] [--documents 2000] [--seed 1] [--folder DIR] [--small-disk DIR]

The documents are ours, composed at random. One run that nothing disturbs gives the digest of the right tables. Then runs on one store are
disturbed, each in a way drawn by lot: killed with SIGKILL, alone or with its workers, after a random time; two runs at once, one or both of
them killed; no file may grow beyond a random size (RLIMIT_FSIZE). With ``--small-disk`` (a folder on a small file system of its own, such
as ``mount -t tmpfs -o size=32m tmpfs DIR``) the store lies there, and some runs find all but a random rest of the disk full.

After each, the store must be sound; each document in one state, each done one there once with its text, every record with its document, and
every table beside it whole; and no process may be left. Whenever a run comes to its end, the digest must be the right one, and a new store is begun.
Exit code 1 and the reason where any of this is not so.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.resources import models_dir

PLACES = "سطيف وهران باتنة تلمسان بسكرة المدية قالمة غرداية ورقلة الشلف جيجل تيارت سكيكدة عنابة بشار أدرار تبسة خنشلة ميلة معسكر".split()
OFFICES = "والي وزير_الري مدير_الأشغال_العمومية رئيس_البلدية مدير_التربية".split()
VERBS = "أمر شدد_على_ضرورة دعا_إلى حث_على أوصى".split()
GONE = 20.0  # seconds within which no process of a killed run may be left


def arabic(path: str) -> list[str]:
    """The Arabic words of a file under models/."""
    text = (models_dir() / path).read_text(encoding="utf-8")
    return sorted({word for word in re.split(r"[\s,]+", text) if len(word) > 3 and "\u0621" <= word[0] <= "\u064a"})


def compose(draw: random.Random, number: int, masdars: list[str], nouns: list[str]) -> str:
    """A short statement; few say the same, so that near-copies and threads stay as rare as they are in an archive."""
    lines = []
    for _ in range(draw.choice((1, 1, 2))):
        verb, task = draw.choice(VERBS), f"{draw.choice(masdars)} {draw.choice(nouns)} {draw.choice(nouns)}"
        joint = "ب" if verb in ("أمر", "أوصى") else " "
        day = f"{draw.randint(1, 28)} جوان 2025"
        lines.append(
            f"{verb} {draw.choice(OFFICES)} في {draw.choice(PLACES)}{' ' if joint == 'ب' else ''}{joint}{task} قبل {day}."
        )
    return "\n".join(lines).replace("_", " ") + f"\nالبيان رقم {number}."


def day(number: int) -> str:
    """Publication date of a document: five a week."""
    return (datetime.date(2015, 1, 1) + datetime.timedelta(7 * (number // 5))).isoformat()


def write(folder: Path, count: int, seed: int) -> dict[str, str]:
    """Write the documents to ``folder``/in.jsonl; text by id."""
    draw = random.Random(seed)
    masdars, nouns = arabic("lexicon/masdars.csv"), arabic("lexicon/common_words.txt")
    texts = {f"d{n}": compose(draw, n, masdars, nouns) for n in range(count)}
    lines = (
        json.dumps({"id": id, "text": text, "published": day(n)}, ensure_ascii=False)
        for n, (id, text) in enumerate(texts.items())
    )
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return texts


def start(source: Path, out: Path, most: int | None = None) -> subprocess.Popen[bytes]:
    """Begin a run in a process group of its own; no file it writes may grow beyond ``most`` bytes."""
    command = [sys.executable, "-m", "pipeline", "run", str(source), "--out", str(out), "--workers", "2"]

    def limit() -> None:
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=limit
    )


def digest_of(out: Path) -> str | None:
    """The digest of the tables of a store; None where no run came to its end."""
    path = out / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8"))["digest"] if path.is_file() else None


class Fault(Exception):
    """Something was lost, doubled, corrupt or left behind."""


def check(out: Path, texts: dict[str, str]) -> Counter[str]:
    """The states of the documents of a store; raises :class:`Fault`."""
    path = out / "taalimat.sqlite"
    if not path.exists():
        return Counter()
    with closing(sqlite3.connect(path, timeout=60)) as connection:
        query = connection.execute
        if (found := query("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            raise Fault(f"corrupt: {found[:3]}")
        if not query("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return Counter()
        if query("PRAGMA foreign_key_check").fetchall():
            raise Fault("a record without its document")
        states = dict(query("SELECT document_id, state FROM states"))
        if (number := query("SELECT count(*) FROM states").fetchone()[0]) != len(states):
            raise Fault(f"{number} states of {len(states)} documents")
        stored = query("SELECT document_id, text FROM documents").fetchall()
        if len(stored) != len(dict(stored)) or any(texts.get(id) != text for id, text in stored):
            raise Fault("a document doubled, or with another text")
        done = {id for id, state in states.items() if state == "done"}
        if done != set(dict(stored)):
            raise Fault(f"done {len(done)}, stored {len(stored)}")
        if failed := [id for id, state in states.items() if state == "failed"]:
            raise Fault(f"failed: {failed[:3]}")
        if query("SELECT count(*) FROM versions").fetchone()[0]:
            raise Fault("a second version of an unchanged text")
    for table in out.glob("*.parquet"):
        if not table.name.startswith("."):
            pq.read_table(table)  # raises where it is not whole
    for table in out.glob("*.jsonl"):
        for line in table.read_text(encoding="utf-8").splitlines():
            json.loads(line)
    return Counter(states.values())


def end(run: subprocess.Popen[bytes]) -> str:
    """Wait until no process of a run's group is left; what the run said last. Raises :class:`Fault` where one stays."""
    assert run.stderr
    said = run.stderr.read().decode(errors="replace").strip().splitlines()[-1:]
    run.wait()
    limit = time.monotonic() + GONE
    late = False
    while True:
        try:
            os.killpg(run.pid, 0)
        except ProcessLookupError:
            return "".join(said)
        if late:  # looked at once more behind the limit, for this process may have been paused
            break
        late = time.monotonic() >= limit
        time.sleep(0.02)
    raise Fault(f"a process of the killed run {run.pid} is left after {GONE:.0f} s")


def strike(run: subprocess.Popen[bytes], whole_group: bool) -> None:
    """SIGKILL a run, alone or with its workers."""
    if run.poll() is None:
        (os.killpg if whole_group else os.kill)(run.pid, signal.SIGKILL)


def disturb(draw: random.Random, source: Path, out: Path, seconds: float, small: Path | None) -> str:
    """One disturbed run (or two at once); how it was disturbed."""
    ways = [
        "killed",
        "killed",
        "killed",
        "killed with its workers",
        "two runs, one killed",
        "two runs, both killed",
        "two runs",
        "file size",
    ]
    way = draw.choice([*ways, "disk full", "disk full"] if small else ways)
    moment = draw.uniform(0, seconds)
    if way == "file size":
        store = out / "taalimat.sqlite"
        size = store.stat().st_size if store.exists() else 0
        run = start(
            source, out, max(4096, int(draw.uniform(0.2, 1.5) * size)) if size else draw.randint(4096, 2_000_000)
        )
        end(run)
        return f"{way}: exit {run.returncode}"
    if way == "disk full":
        assert small
        free = shutil.disk_usage(small).free
        rest = int(draw.uniform(0, min(free, 8_000_000)))
        filler = small / "filler"
        with filler.open("wb") as stream:
            for _ in range((free - rest) // 65536):
                stream.write(bytes(65536))
        run = start(source, out)
        end(run)
        filler.unlink()
        return f"{way}: exit {run.returncode}"
    runs = [start(source, out) for _ in range(2 if way.startswith("two") else 1)]
    if way != "two runs":
        time.sleep(moment)
        for run in runs[:1] if way == "two runs, one killed" else runs:
            strike(run, way == "killed with its workers")
    for run in runs:
        said = end(run)
        if run.returncode not in (0, -signal.SIGKILL):
            raise Fault(f"{way}: a run ended with exit code {run.returncode}: {said}")
    return way


def main() -> int:
    """Disturb and check; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder unless given")
    parser.add_argument("--small-disk", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        texts = write(folder, args.documents, args.seed)
        source, whole = folder / "in.jsonl", folder / "whole"
        begun = time.monotonic()
        run = start(source, whole)
        end(run)
        seconds = time.monotonic() - begun
        right = digest_of(whole)
        if run.returncode or right is None or check(whole, texts) != Counter(done=args.documents):
            print("the run that nothing disturbs fails")
            return 1
        out = (args.small_disk or folder) / "store"
        shutil.rmtree(out, ignore_errors=True)
        draw = random.Random(args.seed)
        ways: Counter[str] = Counter()
        ends = caught = 0
        for _ in range(args.kills):
            before = check(out, texts)["done"]
            try:
                way = disturb(draw, source, out, 1.1 * seconds, args.small_disk)
                after = check(out, texts)
                if after["done"] < before:
                    raise Fault(f"{before} documents were done, now {after['done']}")
                caught += 0 < after["done"] < args.documents
                if (found := digest_of(out)) is not None:
                    if found != right:
                        raise Fault(f"digest {found}, right is {right}")
                    ends += 1
                    shutil.rmtree(out)
            except Fault as fault:
                print(f"after {ways.total()} disturbed runs: {fault}")
                return 1
            ways[way] += 1
            print(f"{ways.total():4} {way}: {dict(after)}", file=sys.stderr, flush=True)
        run = start(source, out)
        end(run)
        if run.returncode or digest_of(out) != right or check(out, texts) != Counter(done=args.documents):
            print("the last run does not end as the one that nothing disturbed")
            return 1
        shutil.rmtree(out)
    print(
        f"{args.kills} disturbed runs over {args.documents:,} documents (one undisturbed: {seconds:.1f} s): nothing lost, doubled or corrupt"
    )
    print(f"{caught} left a store with some documents done; {ends} came to their end and {ends + 1} digests were right")
    for way, number in ways.most_common():
        print(f"  {number:4} {way}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
