"""How much of a statement each reader keeps: words right and in order, and instructions lost against plain text.

    python benchmarks/readers.py [FOLDER] [--no-scan]     (default: tests/fixtures/formats, made by tests/fixtures/make.py)
    python benchmarks/readers.py [FOLDER] --second        (PDF files by the second reader alone, as where the first one fails)

Words: the longest common subsequence of the words of what is read and of what the file holds, as F1 over both. Instructions: F1 of
what the pipeline finds in the reading against what it finds in the plain text, by their words, polarity and force.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline import analyze
from pipeline.errors import Problem
from pipeline.ingest import read
from pipeline.ingest.pdf import read_pdf_plainly
from pipeline.ingest.source import Source
from pipeline.normalize import fold
from pipeline.types import Document

_WORD = re.compile(r"\w+")
HOLDS = {
    "txt": "text", "csv": "text", "jsonl": "text", "xlsx": "text", "md": "article", "html": "article", "html-1256": "article", "docx": "letter",
    "news": "page", "rss": "page", "atom": "page", "pdf-libreoffice": "letter", "pdf-chromium": "text", "pdf-weasyprint": "text", "scan": "text",
}  # fmt: skip
"""What a fixture holds, by folder or file: all lines; or without byline and counters; or with a headline always."""


def in_order(left: list[str], right: list[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for a in left:
        before = 0
        for i, b in enumerate(right, 1):
            before, row[i] = row[i], before + 1 if a == b else max(row[i], row[i - 1])
    return row[-1]


def f1(shared: int, left: int, right: int) -> float:
    """Shared of two sizes."""
    return 2 * shared / (left + right) if left + right else 1.0


def instructions(text: str, published: str) -> Counter[tuple[str, ...]]:
    """What is told in a text: words, polarity and force of each instruction."""
    analysis = analyze(text, published=datetime.date.fromisoformat(published))
    return Counter(
        (" ".join(_WORD.findall(fold(d.instruction.text(text)))), d.polarity.value, d.act.force.value)
        for d in analysis.directives
    )


def by_second_reader(folder: Path) -> Iterator[Document | Problem]:
    """The PDF files of a folder, read by the reader that is asked where the first one fails."""
    for path in sorted(folder.glob("*.pdf")):
        with path.open("rb") as stream:
            yield from read_pdf_plainly(Source(str(path), stream))


def main() -> None:
    """Print the table."""
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    folder = Path(arguments[0] if arguments else "tests/fixtures/formats")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    print("| fixture | reader | words right and in order | lowest file | instruction F1 lost | seconds a file |")
    print("|---|---|---|---|---|---|")
    for path in sorted(folder.iterdir()):
        key = path.name if path.is_dir() else path.suffix[1:] if path.stem == "all" else path.stem
        second = "--second" in sys.argv
        if key not in HOLDS or key == "scan" and "--no-scan" in sys.argv or second and not key.startswith("pdf"):
            continue
        started = time.perf_counter()
        items = list(by_second_reader(path) if second else read([str(path)]))
        seconds = (time.perf_counter() - started) / len(expected)
        found: dict[str, Document] = {}
        for item in items:
            if not isinstance(item, Document):
                print(f"{path.name}: {item}", file=sys.stderr)
                continue
            trace = " ".join((item.id, item.source or "", item.meta.get("url", "")))
            found[next(name for name in expected if name in trace)] = item
        words: Counter[str] = Counter()
        tally: Counter[str] = Counter()
        lowest, version = 1.0, ""
        for name, holds in expected.items():
            text = holds[HOLDS[key]]
            document = found.get(name)
            raw = document.raw if document else ""
            version = document.reading.version if document and document.reading else version
            left, right = _WORD.findall(text), _WORD.findall(raw)
            shared = in_order(left, right)
            words.update(shared=shared, left=len(left), right=len(right))
            lowest = min(lowest, f1(shared, len(left), len(right)))
            told, kept = (
                instructions(text, holds["published"]),
                instructions(raw, holds["published"]) if raw else Counter(),
            )
            tally.update(shared=(told & kept).total(), left=told.total(), right=kept.total())
        kept = f1(words["shared"], words["left"], words["right"])
        lost = 1 - f1(tally["shared"], tally["left"], tally["right"])
        print(f"| {path.name} | {version} | {kept:.4f} | {lowest:.4f} | {lost:.3f} | {seconds:.2f} |")


if __name__ == "__main__":
    main()
