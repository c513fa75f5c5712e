"""A page or file that holds several statements, taken apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.ingest.blocks import Block

_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST = 25
"""Words that a statement has at least: less is a signature, an address or a teaser."""


def _words(lines: Sequence[Block]) -> int:
    return sum(len(_WORD.findall(line.text)) for line in lines)


def _opens(lines: Sequence[Block]) -> bool:
    """True where the lines begin as a statement does: a headline, then text."""
    head = lines[0]
    short = len(_WORD.findall(head.text)) <= 22 and not head.text.endswith((".", "؛", "،", ":"))
    return head.kind == "heading" or (short and len(lines) > 1)


def split(lines: Sequence[Block]) -> list[list[Block]]:
    """The statements of a file, each its lines; one where nothing says that there are more.

    Statements are parted by rules (a row of stars or dashes, a horizontal rule, articles of their own on a page). Such a rule parts
    only where every part begins with a headline and has some sentences: a rule before a signature parts nothing.
    Headings alone never do, for a long statement has headings too.
    """
    parts: list[list[Block]] = [[]]
    for line in lines:
        if line.kind == "break":
            if parts[-1]:
                parts.append([])
        else:
            parts[-1].append(line)
    parts = [part for part in parts if part]
    if len(parts) > 1 and all(_words(part) >= _LEAST and _opens(part) for part in parts):
        return parts
    whole = [line for part in parts for line in part]
    return [whole] if whole else []
