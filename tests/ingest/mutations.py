"""Random damage to the fixtures: cut off, bits flipped, stretches swapped, doubled or overwritten. Nothing may crash, hang or fail unnamed.

    python tests/ingest/mutations.py [--count 20000] [--seed 1] [--first 0] [--scan] [--only .docx]

Each mutation has a number, by which ``--first`` goes on where a run ended. Text recognition takes seconds a file and is left out unless
``--scan``; pictures are then read as on a machine without it. Exit code 1 where there is a failure.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import Problem
from pipeline.ingest.apart import Reader
from pipeline.ingest.formats import FORMATS, suffix_of
from pipeline.ingest.sources import Passed, _Sources
from pipeline.types import Document

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
CRASHED, HUNG = "its reader crashed", "reading it takes longer than"


def mutate(data: bytes, rng: random.Random) -> bytes:
    """A file with one to five things done to it."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 5))):
        size = max(len(changed), 1)
        at, length = rng.randrange(size), rng.choice((1, 4, 16, 64, 400, 4000))
        other = rng.randrange(size)
        match rng.randrange(7):
            case 0:
                del changed[at:]
            case 1:
                for _ in range(rng.choice((1, 3, 20, 200))):
                    if changed:
                        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
            case 2:
                changed[at : at + length], changed[other : other + length] = changed[other : other + length], changed[at : at + length]  # fmt: skip
            case 3:
                changed[at:at] = changed[other : other + length]
            case 4:
                changed[at : at + length] = rng.randbytes(length)
            case 5:
                del changed[at : at + length]
            case _:
                changed[at : at + length] = bytes([rng.choice((0, 0x20, 0x3C, 0xFF))]) * length
    return bytes(changed)


def mutate_inside(data: bytes, rng: random.Random) -> bytes:
    """A packed file with one of its parts mutated and packed again, so that the damage reaches the reader behind the checksums."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = rng.choice([name for name in names if "document.xml" in name or "sheet1.xml" in name] or names)
        for name in names:
            part = old.read(name)
            new.writestr(name, mutate(part, rng) if name == chosen or rng.random() < 0.1 else part)
    return out.getvalue()


def faults(path: Path, items: Iterable[Document | Problem]) -> list[str]:
    """What is wrong with the answer to a file: it must be documents with text, and problems that name the file and say why."""
    found, answers = [], list(items)
    if not answers:
        found.append("no document and no problem")
    for item in answers:
        if isinstance(item, Problem):
            if not item.source.startswith(str(path)) or not item.reason.strip():
                found.append(f"unnamed: {item}")
            if CRASHED in item.reason or HUNG in item.reason:
                found.append(item.reason)
        elif not item.raw.strip() or (item.reading and any(p.span.end > len(item.raw) for p in item.reading.places)):
            found.append("a document without text, or with places outside it")
    return found


def main() -> int:
    """Mutate, read, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--scan", action="store_true")
    parser.add_argument("--only", help="files with this suffix only, as .docx")
    options = parser.parse_args()
    if not options.scan:
        os.environ["PATH"] = os.devnull  # no tesseract to be found
    files = sorted(path for path in FIXTURES.rglob("*") if path.is_file() and path.name != "expected.json")
    files = [path for path in files if not options.only or path.suffix == options.only]
    originals = [path.read_bytes() for path in files]
    # Archives of ten files take ten times as long, and say no more.
    weights = [0.2 if path.suffix == ".zip" or path.parent.name == "scan" else 1.0 for path in files]
    tally: Counter[str] = Counter()
    slowest = (0.0, "")
    started = time.perf_counter()
    failures = 0
    with tempfile.TemporaryDirectory() as folder, Reader() as reader:
        for number in range(options.first, options.first + options.count):
            rng = random.Random(f"{options.seed}/{number}")
            (which,) = rng.choices(range(len(files)), weights)
            suffix = suffix_of(files[which].name)
            path = Path(folder) / f"{number}{suffix}"
            inside = suffix in (".docx", ".xlsx", ".zip") and rng.random() < 0.7
            path.write_bytes((mutate_inside if inside else mutate)(originals[which], rng))
            begun = time.perf_counter()
            try:
                items = list(_Sources(reader, None, Passed()).all([str(path)], None))
                wrong = faults(path, items)
            except Exception as error:
                items, wrong = [], [f"{type(error).__name__}: {error}"]
            took = time.perf_counter() - begun
            slowest = max(slowest, (took, f"number {number}, {files[which].name}"))
            path.unlink()
            for fault in wrong:
                failures += 1
                print(f"number {number}, {files[which].relative_to(FIXTURES)}: {fault}", file=sys.stderr)
            read = any(isinstance(item, Document) for item in items)
            tally[f"{suffix[1:]} {'read' if read else 'refused'}"] += 1
    seconds = time.perf_counter() - started
    for name in FORMATS:
        read, refused = (sum(tally[f"{s[1:]} {what}"] for s in FORMATS[name].suffixes) for what in ("read", "refused"))
        if read or refused:
            print(f"{name:5} {read + refused:6,} mutations: {read:6,} read, {refused:6,} refused with a reason")
    print(
        f"{options.count:,} mutations, {failures} failures, {seconds:.0f} s; slowest {slowest[0]:.1f} s ({slowest[1]})"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
