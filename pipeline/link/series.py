"""The composed series of ``data/threads``: statements whose instructions are marked with their thread and relation.

The form is described in ``data/threads/README.md``. Marks are taken out of the text and become spans of what is left.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import LexiconError
from pipeline.link.types import Relation
from pipeline.types import Document, Span

SPLITS = ("train", "held-out")
SIGNS = {
    "": Relation.REPEATED,
    "+": Relation.TIGHTENED,
    ">": Relation.EXTENDED,
    "^": Relation.RECALLS,
    "!": Relation.EXECUTED,
    "-": Relation.WITHDRAWN,
}
_SERIES = re.compile(r"### (?P<id>\w+) (?P<split>\S+) (?P<country>[a-z]{2})")
_STATEMENT = re.compile(r"=== (?P<day>\d{4}-\d\d-\d\d)(?: \| (?P<title>.+))?")
_OPEN = re.compile(r"\{(?P<thread>[A-Z*])(?P<sign>[+>^!-]?):")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that belong to a thread (None: an instruction of no thread); ``span`` in code points of the statement's text.

    ``relation`` is to the instruction said before them in the thread; of the first in a thread it is None.
    """

    span: Span
    thread: str | None
    relation: Relation | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a series with its marks, in text order."""

    document: Document
    series: str
    split: str
    marks: tuple[Mark, ...]


def load(folder: Path) -> list[Statement]:
    """All statements of the ``.txt`` files of a folder. Raises :class:`LexiconError` with all faults of all files."""
    faults: list[str] = []
    found: list[Statement] = []
    for path in sorted(folder.glob("*.txt")):
        found += _File(path.name, path.read_text(encoding="utf-8"), faults).statements()
    ids = [s.document.id for s in found]
    faults += [f"statement {name} stands twice" for name in sorted({n for n in ids if ids.count(n) > 1})]
    if not found:
        faults.append(f"{folder}: no statements")
    if faults:
        raise LexiconError(faults)
    return found


def threads(statements: Iterable[Statement]) -> dict[str, list[tuple[Statement, Mark]]]:
    """The marks of each thread, in order of time and text."""
    out: dict[str, list[tuple[Statement, Mark]]] = {}
    for statement in statements:
        for mark in statement.marks:
            if mark.thread:
                out.setdefault(mark.thread, []).append((statement, mark))
    return out


class _File:
    def __init__(self, name: str, text: str, faults: list[str]) -> None:
        self.name, self.lines, self.faults = name, text.splitlines(), faults
        self.seen: dict[str, datetime.date] = {}

    def fault(self, line: int, reason: str) -> None:
        self.faults.append(f"{self.name}, line {line}: {reason}")

    def statements(self) -> Iterator[Statement]:
        series: re.Match[str] | None = None
        head: tuple[int, re.Match[str]] | None = None
        body: list[str] = []
        count = 0
        for number, line in enumerate([*self.lines, "### end train xx"], 1):
            opens, states = _SERIES.fullmatch(line), _STATEMENT.fullmatch(line)
            if not opens and not states:
                if line.startswith(("###", "===")):
                    self.fault(number, f"no header: {line!r}")
                body.append(line)
                continue
            if head and series:
                count += 1
                yield self.statement(head, series, count, body)
            elif any(map(str.strip, body)):
                self.fault(number, "text outside a statement")
            body = []
            if opens:
                if opens["split"] not in SPLITS:
                    self.fault(number, f"split {opens['split']!r}, not one of {', '.join(SPLITS)}")
                series, head, count = opens, None, 0
            elif states:
                if series is None:
                    self.fault(number, "a statement before the first series")
                head = (number, states)

    def statement(
        self, head: tuple[int, re.Match[str]], series: re.Match[str], count: int, body: list[str]
    ) -> Statement:
        number, match = head
        day = datetime.date.fromisoformat(match["day"])
        name = f"{series['id']}-{count}"
        if self.seen.get(series["id"], day) > day:
            self.fault(number, f"{name} is older than the statement before it")
        self.seen[series["id"]] = day
        title = self.unmarked(match["title"], number)[0] if match["title"] else None
        lines = [match["title"], *body] if match["title"] else body
        text, found = self.unmarked("\n".join(lines).strip(), number)
        marks = []
        for span, thread, sign in found:
            key = None if thread == "*" else f"{series['id']}{thread}"
            if key is None:
                if sign:
                    self.fault(number, f"{name}: «*» takes no sign")
                marks.append(Mark(span, None, None))
                continue
            first = key not in self.seen
            if first and sign:
                self.fault(number, f"{name}: thread {thread} opens with «{sign}»")
            self.seen[key] = day
            marks.append(Mark(span, key, None if first else SIGNS[sign]))
        document = Document(name, text, title, day, "column", meta={"country": series["country"]})
        return Statement(document, series["id"], series["split"], tuple(marks))

    def unmarked(self, text: str, number: int) -> tuple[str, list[tuple[Span, str, str]]]:
        """The text without its marks, and their places in it."""
        out: list[str] = []
        length = at = 0
        found: list[tuple[Span, str, str]] = []
        while opened := _OPEN.search(text, at):
            end = text.find("}", opened.end())
            inside = text[opened.end() : end if end >= 0 else None]
            if end < 0 or not inside.strip() or "{" in inside:
                self.fault(number, f"mark «{opened[0]}» is empty, not closed, or holds another")
                break
            before = text[at : opened.start()]
            out += [before, inside]
            start = length + len(before)
            length = start + len(inside)
            found.append((Span(start, length), opened["thread"], opened["sign"]))
            at = end + 1
        out.append(text[at:])
        if set("".join(out)) & set("{}"):
            self.fault(number, "a brace that belongs to no mark")
        return "".join(out), found
