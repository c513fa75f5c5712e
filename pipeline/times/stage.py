"""The stage that fills ``Analysis.times``."""

from __future__ import annotations

import datetime
from dataclasses import replace

from pipeline.normalize import normalize
from pipeline.times import lexicon
from pipeline.times.resolve import Resolved, Resolver
from pipeline.times.scan import Scanner
from pipeline.types import Analysis, Span, TimeExpression


class TimesStage:
    """Finds and resolves the calendar expressions of a document. Relative ones hang on its publication date."""

    name = "times"
    requires = frozenset({"norm"})
    provides = frozenset({"times"})

    def __init__(self) -> None:
        self._lexicon = lexicon.default()
        self._scanner = Scanner(self._lexicon)

    def __call__(self, analysis: Analysis) -> Analysis:
        text = analysis.norm.text
        found = self._scanner.scan(text)
        if not found:
            return replace(analysis, times=())
        anchor = analysis.document.published
        resolved = Resolver(text, self._lexicon, anchor)(found)
        return replace(analysis, times=tuple(self._expression(analysis, item) for item in resolved))

    def _expression(self, analysis: Analysis, item: Resolved) -> TimeExpression:
        return TimeExpression(
            span=Span(*analysis.norm.raw_span(item.start, item.end)),
            type=item.type,
            value=item.value,
            earliest=item.first,
            latest=item.last,
            mod=item.mod,
            calendar=item.calendar,
            anchor=item.anchor,
            rule=item.rule,
            note=item.note,
        )


def find_times(raw: str, published: datetime.date | None = None) -> tuple[TimeExpression, ...]:
    """The calendar expressions of a text.

    >>> [(t.value, t.mod) for t in find_times("تُسلَّم قبل نهاية السداسي الأول من سنة 2025")]  # before the end of the first half
    [('2025-H1', 'END')]
    """
    from pipeline.types import Document

    return TimesStage()(Analysis(Document("text", raw, published=published), normalize(raw))).times
