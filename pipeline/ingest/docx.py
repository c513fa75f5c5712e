"""Word files: paragraphs, list items with the marks that Word shows, and cells of tables, in the order of the page."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from pipeline.errors import Problem
from pipeline.ingest.assemble import documents
from pipeline.ingest.blocks import Block
from pipeline.ingest.known import Known
from pipeline.ingest.packed import check_package
from pipeline.ingest.source import Source
from pipeline.types import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Inside a paragraph: text that was struck out, instructions of fields, and the older form of what a newer one says beside it.
_UNREAD = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", _MC_FALLBACK, f"{_W}pPr", f"{_W}rPr")
)
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_W}noBreakHyphen": "-", f"{_W}softHyphen": ""}
# Word's list formats whose count is read as written here; every other shows a dash.
_NUMBERED = frozenset("decimal decimalZero arabicAlpha arabicAbjad hindiNumbers".split())
_MAX_DEPTH = 40  # tables within tables and controls within controls


def read_docx(source: Source) -> Iterator[Document | Problem]:
    """The statements of a Word file: one, or more where rules part them. Headers, footers and notes are not read."""
    import docx

    data = source.stream.read()
    check_package(data)
    word = docx.Document(io.BytesIO(data))
    known = Known()
    properties = word.core_properties
    known.tell("title", properties.title, "properties")
    known.tell("byline", properties.author if properties.author != "python-docx" else None, "properties")
    if properties.created:
        known.tell("created", properties.created.date().isoformat(), "properties")
    yield from documents(source, _Body(word).blocks(), known, f"python-docx {version('python-docx')}")


class _Body:
    """The body of a Word file. Places count as Word does: paragraphs of the body, and tables with row and cell, from 1."""

    def __init__(self, word: Any) -> None:
        self.body = word.element.body
        self.styles = {style.style_id: style for style in word.styles}
        self.default = {
            style.style_id for style in word.styles if style.name and style.name.startswith(("Heading 1", "Title"))
        }
        self.numbering = _Numbering(word)
        self.counts: Counter[str] = Counter()

    def blocks(self) -> Iterator[Block]:
        """The blocks in order."""
        yield from self._children(self.body, "", 0)

    def _children(self, parent: Any, inside: str, depth: int) -> Iterator[Block]:
        if depth > _MAX_DEPTH:
            raise ValueError(f"its parts are nested deeper than {_MAX_DEPTH}")
        for child in parent:
            if child.tag == f"{_W}p":
                self.counts["paragraph"] += not inside
                yield from self._paragraph(child, inside or f"paragraph {self.counts['paragraph']}")
            elif child.tag == f"{_W}tbl":
                self.counts["table"] += not inside
                table = inside or f"table {self.counts['table']}"
                for number, row in enumerate(child.iter(f"{_W}tr") if depth == 0 else child.findall(f"{_W}tr"), 1):
                    for place, cell in enumerate(row.findall(f"{_W}tc"), 1):
                        yield from self._children(cell, f"{table} row {number} cell {place}", depth + 1)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
                yield from self._children(child, inside, depth + 1)

    def _paragraph(self, paragraph: Any, where: str) -> Iterator[Block]:
        properties = paragraph.find(f"{_W}pPr")
        style = properties.find(f"{_W}pStyle") if properties is not None else None
        name = style.get(f"{_W}val") if style is not None else None
        text = "".join(_text(paragraph))
        if text.strip():
            mark = self.numbering.mark(properties, self.styles.get(name))
            yield Block(mark + text.lstrip(), where, "heading" if name in self.default else "text")
        if properties is not None and properties.find(f"{_W}pBdr/{_W}bottom") is not None and not text.strip():
            yield Block("", kind="break")  # a line drawn across the page


def _text(paragraph: Any) -> Iterator[str]:
    """The text of a paragraph as it reads with all changes accepted; text boxes anchored in it come where they are anchored."""
    stack = [iter(paragraph)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _UNREAD and isinstance(child.tag, str):
            if child.tag == f"{_W}p":
                yield "\n"
            stack.append(iter(child))


class _Numbering:
    """The marks of list items, counted as Word counts them."""

    def __init__(self, word: Any) -> None:
        self.levels: dict[tuple[str, str], tuple[str, int]] = {}
        self.counts: Counter[tuple[str, str]] = Counter()
        try:
            root = word.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {a.get(f"{_W}abstractNumId"): a for a in root.findall(f"{_W}abstractNum")}
        for number in root.findall(f"{_W}num"):
            link = number.find(f"{_W}abstractNumId")
            kind = abstract.get(link.get(f"{_W}val")) if link is not None else None
            for level in kind.findall(f"{_W}lvl") if kind is not None else ():
                form, start = level.find(f"{_W}numFmt"), level.find(f"{_W}start")
                first = start.get(f"{_W}val", "1") if start is not None else "1"
                key = (number.get(f"{_W}numId"), level.get(f"{_W}ilvl"))
                self.levels[key] = (
                    form.get(f"{_W}val") if form is not None else "",
                    int(first) if first.isdecimal() else 1,
                )

    def mark(self, properties: Any, style: Any) -> str:
        """«- », «3. » or nothing."""
        key = _key(properties)
        while key is None and style is not None:
            key = _key(style.element.pPr)
            style = style.base_style
        if key is None or key[0] == "0":
            return ""
        form, start = self.levels.get(key, ("bullet", 1))
        for deeper in [other for other in self.counts if other[0] == key[0] and other[1] > key[1]]:
            del self.counts[deeper]
        self.counts[key] += 1
        if form == "none":
            return ""
        return f"{start + self.counts[key] - 1}. " if form in _NUMBERED else "- "


def _key(properties: Any) -> tuple[str, str] | None:
    found = properties.find(f"{_W}numPr") if properties is not None else None
    if found is None:
        return None
    number, level = found.find(f"{_W}numId"), found.find(f"{_W}ilvl")
    if number is None:
        return None
    return number.get(f"{_W}val", "0"), level.get(f"{_W}val", "0") if level is not None else "0"
