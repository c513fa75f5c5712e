"""Records as templates show them: what the machine found, with what people said of it laid over."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pipeline.corrections.overlay import overlay
from pipeline.corrections.store import Place, places_of
from pipeline.search.engine import Hit
from pipeline.types import Span
from pipeline.web.marks import Mark, render, visible

_TITLE = 90
"""Characters of a first line that stands for a title."""

_BEFORE, _AFTER = 120, 160
"""Characters of the sentence shown around an instruction in a list."""


@dataclass(frozen=True, slots=True)
class Named:
    """An actor as shown: a name, and the id of its record in the register where it has one."""

    name: str
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A result in a list: its row as people see it (:func:`pipeline.corrections.overlay.overlay`), words that matched marked."""

    row: Mapping[str, Any]
    instruction: Markup
    sentence: Markup
    title: str
    times: int
    match: str

    @property
    def issuer(self) -> Named | None:
        """Who speaks."""
        return issuer_of(self.row)

    @property
    def addressees(self) -> list[Named]:
        """Who is to act."""
        return addressees_of(self.row)


def issuer_of(row: Mapping[str, Any]) -> Named | None:
    """Who speaks, in a row of ``directive_view``."""
    return Named(row["issuer_name"], row["issuer_record"]) if row["issuer_name"] else None


def addressees_of(row: Mapping[str, Any]) -> list[Named]:
    """Who is to act, in a row of ``directive_view``."""
    return [Named(a["record_name"] or a["name"], a["record"]) for a in row["addressee_records"]]


def cards(connection: sqlite3.Connection, hits: Sequence[Hit]) -> list[Card]:
    """Results as cards."""
    placed = places_of(connection, [hit.id for hit in hits])
    titles = _titles(connection, {hit.row["document_id"] for hit in hits})
    return [_card(hit, placed.get(hit.id), titles[hit.row["document_id"]]) for hit in hits]


def title_of(title: str | None, text: str, name: str) -> str:
    """What a statement is called: its title, else its first line, else its id."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    short = line if len(line) <= _TITLE else line[:_TITLE].rpartition(" ")[0] + "…"
    return title or short or name


def _titles(connection: sqlite3.Connection, names: set[str]) -> dict[str, str]:
    marks = ", ".join("?" * len(names))
    sql = f"SELECT document_id, title, substr(text, 1, 300) FROM documents WHERE document_id IN ({marks})"
    return {name: title_of(title, text, name) for name, title, text in connection.execute(sql, tuple(names))}


def _card(hit: Hit, place: Place | None, title: str) -> Card:
    row = overlay(hit.row, place)
    text, base = hit.context_text, hit.context.start
    span = Span(row["start"], row["end"])
    if not hit.context.covers(span):
        return Card(row, visible(row["instruction"]), visible(text), title, hit.times, hit.match)
    span = Span(span.start - base, span.end - base)
    found = [Mark(Span(h.start - base, h.end - base), "hit") for h in hit.highlights]
    return Card(row, render(text, found, span), _sentence(text, span, found), title, hit.times, hit.match)


def _sentence(text: str, core: Span, found: list[Mark]) -> Markup:
    """The sentence around an instruction, cut at spaces where it is long."""
    start, end = max(0, core.start - _BEFORE), min(len(text), core.end + _AFTER)
    if start and (space := text.find(" ", start, core.start)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", core.end, end)) >= 0:
        end = space
    inner = render(text, [Mark(core, "core"), *found], Span(start, end))
    return Markup("{}{}{}").format("… " if start else "", inner, " …" if end < len(text) else "")
