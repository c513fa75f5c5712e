"""The day of a document, read from its text: an absolute date tied to «اليوم», a dateline, a letterhead or a colophon.

Only a full date (day, month and year said) counts, and where it stands is kept: a day is never assumed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.times.context import Resolved
from pipeline.times.scan import Found
from pipeline.times.values import Day
from pipeline.types import Analysis

# The head of a document: its first lines; its foot: the last ones.
_HEAD_LINES, _FOOT_LINES = 6, 3
_LETTERHEAD = re.compile(
    r"(?:مورخه?|المورخه?|مورخا|التاريخ|بتاريخ|تاريخ|صدرت?|حررت?|نشرت?|كتب|النشر|تحديث|الموافق|ليوم)\s*(?:في|بتاريخ|ل)?\s*[:/،,]?\s*(?:في)?\s*$"
)
_LETTER = re.compile(r"\w")
_SIGNED = re.compile(r"\W*(?:حرر|صدر|كتب|نشر)ت?\s.{0,40}$")
_PLACE_LINE = re.compile(r"\W*[^\W\d_]+(?: [^\W\d_]+){0,2}\s*[،,]?\s*(?:في|بتاريخ)?\s*[:،,]?\s*$")
_AFTER_DATELINE = re.compile(r"\s*(?:م(?!\w)|ه(?!\w))?\s*(?:[-–—:/|(ـ]|$|واس|الموافق)")
_PLACE_BEFORE = re.compile(r"[\W_]*(?:[^\W\d_]+[\s،,/ـ–-]*){0,5}(?:في\s*)?[:،,/\s–-]*$")


@dataclass(frozen=True, slots=True)
class DocumentDay:
    """The day of a document, where it is read from, and the offsets of the expression in the folded view."""

    day: Day
    source: str
    start: int
    end: int


def _full_dates(found: Sequence[Found], resolved: Sequence[Resolved]) -> Iterator[tuple[Resolved, Found]]:
    by_place = {(item.start, item.end): item for item in found if item.kind in ("day_month", "numeric", "hijri_day")}
    for item in resolved:
        match = by_place.get((item.start, item.end))
        if match is not None and item.first is not None and item.first == item.last and item.anchor is None:
            yield item, match


def document_day(text: str, found: Sequence[Found], resolved: Sequence[Resolved]) -> DocumentDay | None:
    """The day that a text gives itself. ``resolved``: its expressions, resolved without an anchor."""
    dates = list(_full_dates(found, resolved))
    for item, match in dates:
        classes = [part.klass for part in match.get("deictic")]
        assert item.first is not None
        if "today" in classes:
            return DocumentDay(item.first, "text: اليوم", item.start, item.end)
        if classes == ["yesterday"]:
            return DocumentDay(item.first + datetime.timedelta(1), "text: أمس", item.start, item.end)
    lines = text.count("\n", 0, len(text.rstrip()))
    for item, _ in dates:
        assert item.first is not None
        row = text.count("\n", 0, item.start)
        lead = text[text.rfind("\n", 0, item.start) + 1 : item.start]
        tail = text[item.end : (text.find("\n", item.end) + 1 or len(text) + 1) - 1]
        foot = lines - row < _FOOT_LINES and len(list(islice(_LETTER.finditer(tail), 3))) < 3
        if foot and row and _SIGNED.match(lead):
            return DocumentDay(item.first, "colophon", item.start, item.end)
        if row < _HEAD_LINES:
            if len(lead) < 60 and len(tail.strip()) < 25 and _LETTERHEAD.search(lead):
                return DocumentDay(item.first, "letterhead", item.start, item.end)
            if len(lead) < 45 and _PLACE_BEFORE.match(lead) and (_AFTER_DATELINE.match(tail) or not tail.strip()):
                return DocumentDay(item.first, "dateline", item.start, item.end)
        if foot and (not lead.strip() or _PLACE_LINE.match(lead)):
            return DocumentDay(item.first, "colophon", item.start, item.end)
    return None


def near_date(found: Sequence[Found], resolved: Sequence[Resolved]) -> Day | None:
    """The first full date of a text, or else the first month or part of a year whose year is said: it may lend its year to the
    others where the day of the document is not known, provided that the text speaks of one year only."""
    full = [item.first for item, _ in _full_dates(found, resolved) if item.first]
    stated = [r.first for r in resolved if r.rule in ("month", "part") and r.first is not None and r.anchor is None]
    dates = full or stated
    # Several years, as where a law of 2002 is cited, and none of them can be lent.
    return dates[0] if dates and len({date.year for date in (*full, *stated)}) == 1 else None


def publication_date(analysis: Analysis) -> tuple[Day | None, str]:
    """The day of a document and its source: ``column``, ``file name``, ``dateline``, ``letterhead``, ``text: اليوم``, …

    (None, "unknown") where neither its metadata nor its text gives one. Needs ``analysis.times``.
    """
    doc = analysis.document
    if doc.published is not None:
        return doc.published, doc.published_source or "metadata"
    for expression in analysis.times:
        if expression.role == "publication" and expression.earliest is not None:
            source = next((e.source.removeprefix("rule:") for e in expression.evidence), "text")
            return expression.earliest + datetime.timedelta(1 if source == "text: أمس" else 0), source
    return None, "unknown"
