"""Markdown: its text without the marks, list items with theirs; and the fields of a front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version

from pipeline.errors import Problem
from pipeline.ingest.assemble import documents
from pipeline.ingest.blocks import Block
from pipeline.ingest.decode import decode
from pipeline.ingest.known import Known
from pipeline.ingest.source import Source
from pipeline.types import Document

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?\r?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z]+)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NAMES = {
    "title": "title",
    "author": "byline",
    "byline": "byline",
    "outlet": "outlet",
    "source": "outlet",
    "url": "url",
    "country": "country",
}


def read_markdown(source: Source) -> Iterator[Document | Problem]:
    """The statements of a Markdown file; a line across («---») parts them."""
    from markdown_it import MarkdownIt

    text = decode(source.stream.read())
    known = Known()
    above = 0
    if front := _FRONT.match(text):
        above = text.count("\n", 0, front.end())
        for name, value in _FIELD.findall(front[1]):
            value = value.strip("\"'")
            known.tell(_NAMES.get(name.lower(), ""), value if name.lower() in _NAMES else None, "front matter")
            if name.lower() in ("date", "published"):
                known.tell_day(value, "front matter")
        text = text[front.end() :]
    tokens = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table").parse(text)
    yield from documents(source, _blocks(tokens, above), known, f"markdown-it-py {version('markdown-it-py')}")


def _blocks(tokens: list, above: int) -> Iterator[Block]:  # type: ignore[type-arg]
    lists: list[int | None] = []  # open lists: the number of the next item, None for bullets
    mark, heading = "", False
    for token in tokens:
        where = f"line {above + token.map[0] + 1}" if token.map else ""
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                number = lists[-1]
                mark = "- " if number is None else f"{number}. "
                lists[-1] = None if number is None else number + 1
            case "heading_open":
                heading = token.tag in ("h1", "h2")
            case "hr":
                yield Block("", kind="break")
            case "code_block" | "fence":
                yield Block(token.content, where)
            case "inline":
                text = "".join(_inline(token.children or []))
                yield Block(mark + text, where, "heading" if heading else "text")
                mark, heading = "", False
            case _:
                pass


def _inline(tokens: list) -> Iterator[str]:  # type: ignore[type-arg]
    """A line of the file that ends inside a sentence goes on in the next; one that ends a sentence stays a line."""
    last = ""
    for token in tokens:
        if token.type == "hardbreak":
            yield "\n"
        elif token.type == "softbreak":
            yield "\n" if last.endswith((".", ":", "؛", "؟", "!")) else " "
        elif token.type in ("text", "code_inline", "text_special"):
            last = token.content.rstrip() or last
            yield token.content
