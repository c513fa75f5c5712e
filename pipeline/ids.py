"""Identifiers that last: a re-run with a newer lexicon or model gives the same record the same id."""

from __future__ import annotations

import hashlib

from pipeline.types import Span


def _digest(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def document_id(raw: str) -> str:
    """The id of a document that came without one: a hash of its text.

    >>> document_id("أمر الوزير بفتح المكاتب") == document_id("أمر الوزير بفتح المكاتب")
    True
    """
    return _digest(raw)


def act_id(document_id: str, trigger: Span) -> str:
    """The id of a speech act: its document and where its trigger starts (code points of ``Document.raw``)."""
    return f"{document_id}:{trigger.start}"


def directive_id(document_id: str, trigger: Span, instruction: Span) -> str:
    """The id of a directive: its document, and where trigger and instruction start (code points of ``Document.raw``).

    Ends are left out, so that a lexicon that sets a boundary better does not cut the links to a record.

    >>> directive_id("b-12", Span(0, 3), Span(12, 25)) == directive_id("b-12", Span(0, 3), Span(12, 31))
    True
    """
    return f"{act_id(document_id, trigger)}:{instruction.start}"
