"""The stage that fills ``Analysis.times``."""

from __future__ import annotations

import datetime
from dataclasses import replace

from pipeline.normalize import normalize
from pipeline.times import lexicon
from pipeline.times.context import Resolved
from pipeline.times.published import DocumentDay, document_day, near_date
from pipeline.times.resolve import Resolver
from pipeline.times.scan import Scanner
from pipeline.types import Analysis, Document, Evidence, Span, TimeExpression


class TimesStage:
    """Finds and resolves the calendar expressions of a document. Relative ones hang on the day of the document."""

    name = "times"
    requires = frozenset({"norm"})
    provides = frozenset({"times"})

    def __init__(self) -> None:
        self._lexicon = lexicon.default()
        self._scanner = Scanner(self._lexicon)

    def __call__(self, analysis: Analysis) -> Analysis:
        text, anchor = analysis.norm.text, analysis.document.published
        found = self._scanner.scan(text)
        if not found:
            return replace(analysis, times=())
        resolved = Resolver(text, self._lexicon, anchor)(found)
        own = document_day(text, found, resolved)
        if anchor is None:
            near = near_date(found, resolved)
            if own is not None or near is not None:
                resolved = Resolver(text, self._lexicon, own.day if own else None, near)(found)
        elif own is not None and own.day != anchor:
            own = None  # metadata and text disagree: the date of the text is then a date like any other
        return replace(analysis, times=tuple(self._expression(analysis, item, own) for item in resolved))

    @staticmethod
    def _expression(analysis: Analysis, item: Resolved, own: DocumentDay | None) -> TimeExpression:
        span = Span(*analysis.norm.raw_span(item.start, item.end))
        is_own = own is not None and (own.start, own.end) == (item.start, item.end)
        return TimeExpression(
            span=span,
            type=item.type,
            value=item.value,
            earliest=item.first,
            latest=item.last,
            mod=item.mod,
            calendar=item.calendar,
            role="publication" if is_own else item.role,
            anchor=item.anchor,
            rule=item.rule,
            note=item.note,
            evidence=(Evidence(f"rule:{own.source}", span, 1.0),) if own is not None and is_own else (),
        )


def find_times(raw: str, published: datetime.date | None = None) -> tuple[TimeExpression, ...]:
    """The calendar expressions of a text.

    >>> [(t.value, t.mod) for t in find_times("تُسلَّم قبل نهاية السداسي الأول من سنة 2025")]  # before the end of the first half
    [('2025-H1', 'END')]
    """
    return TimesStage()(Analysis(Document("text", raw, published=published), normalize(raw))).times
