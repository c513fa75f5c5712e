"""Time limits of instructions: «قبل نهاية السنة»، «في ظرف 72 ساعة من تاريخ الدفع»، «فورا»، «قبل انطلاق الموسم»."""

from __future__ import annotations

from bisect import bisect_right

from pipeline.directives.view import COMMAS, SEMICOLONS, View
from pipeline.lexicon import Lexicon
from pipeline.types import Analysis, Span, TimeType


def deadline_in(view: View, first: int, last: int, avoid: bool = False) -> Span | None:
    """The first time limit among the tokens ``first`` to ``last`` (both included), or None; a raw span.

    What must be avoided (``avoid``) has a limit only up to or from a date.
    """
    j = first
    while j <= last:
        k = view.starts_phrase("urgency", j)
        if k and not avoid:
            lead = 1 if view.w[j][0] == "و" and not view.starts_phrase("urgency", j, 0) else 0
            return view.span(j, min(j + k - 1, last), lead)
        end = limit_at(view, j, last, avoid)
        if end is not None:
            return view.span(j, end)
        j += 1
    return None


def term_between(view: View, first: int, last: int) -> Span | None:
    """The term that is given («أمهله عشرة أيام لـ», «أمهلها إلى غاية الخميس لـ», «مهلة شهر لـ»); a raw span."""
    if last < first:
        return None
    low, high = view.start(first), view.end(last)
    times = [t for t in view.analysis.times if low <= t.span.start < high and t.type in _TIMES]
    lengths = [t for t in times if t.type is TimeType.DURATION]
    if not lengths and (found := deadline_in(view, first, last)) is not None:
        return found
    if not times:
        return None
    place = (lengths or times)[0].span.start
    start = next(j for j in range(first, last + 1) if view.end(j) > place)
    end = _time_end(view, start, last, _TIMES, 0)
    while start > first and view.w[start - 1] in _TERM:
        start -= 1
    return view.span(start, end) if end is not None else None


_TERM = frozenset("مهله اجل مده الي غايه حتي اقصاها اقصاه تنتهي".split())


def deadline_within(analysis: Analysis, lexicon: Lexicon, instruction: Span, avoid: bool) -> Span | None:
    """:func:`deadline_in` for an instruction given by its place."""
    index = bisect_right([s.span.start for s in analysis.sentences], instruction.start) - 1
    view = View(analysis, index, lexicon)
    inside = [j for j in range(view.n) if view.end(j) > instruction.start and view.start(j) < instruction.end]
    return deadline_in(view, inside[0], inside[-1], avoid) if inside else None


_DATES = frozenset({TimeType.DATE})
_TIMES = frozenset({TimeType.DATE, TimeType.DURATION, TimeType.TIME})


def limit_at(view: View, j: int, last: int, avoid: bool = False) -> int | None:
    """Last token of the time limit that starts at token ``j``, if one does."""
    if view.w[j - 1] == "من" and j:  # «من قبل المصالح»: by
        return None
    k = view.starts_phrase("limit", j)
    if k and j + k <= last:
        end = _time_end(view, j + k, last, _DATES if avoid else _TIMES)
        if end is not None or avoid:
            return end
        before = view.w[j].lstrip("و") in ("قبل", "قبيل") and k == 1
        return None if before and not _on_calendar(view, j + k) else _phrase_end(view, j + k, last)
    for klass, types in (("limit_by_time", _DATES), ("limit_by_duration", frozenset({TimeType.DURATION}))):
        k = view.starts_phrase(klass, j)
        if k and j + k <= last and not (avoid and klass == "limit_by_duration"):
            end = _time_end(view, j + k, last, types, 1 if view.w[j] == "في" else 3)
            if end is not None and not (end < last and view.w[end + 1] in _PAST):
                return end
    k = view.starts_phrase("limit_by_event", j)
    if k and j + k <= last and not avoid:
        end = _time_end(view, j + k, last, _TIMES)
        return end if end is not None else _phrase_end(view, j + k, last)
    return None


_PAST = frozenset("الماضي الماضيه الاخيره الاخير الفارط الفارطه المنقضي المنقضيه المنصرم المنصرمه".split())


def _on_calendar(view: View, j: int) -> bool:
    return view.is_in("calendar_event", j) or (view.w[j].startswith("ال") and view.is_in("calendar_event", j, 2))


def _time_end(view: View, at: int, last: int, types: frozenset[TimeType], reach: int = 3) -> int | None:
    """Last token of a time expression that starts within the next ``reach`` tokens, with what anchors it."""
    low, high = view.start(at), view.end(min(at + reach, last))
    for time in view.analysis.times:
        if low <= time.span.start < high and time.type in types:
            if any(view.starts_phrase("limit", j) for j in range(at, last) if view.end(j) <= time.span.start):
                return None  # «في مدخل البلدية قبل 25 جانفي»: its limit begins farther on
            end = at
            while end <= last and view.end(end) < time.span.end:
                end += 1
            end = min(end, last)
            for words in (1, 2, 3):
                if end + words <= last and tuple(view.w[end + 1 : end + 1 + words]) in _MEASURE:
                    end += words
                    break
            if end + 2 <= last and view.w[end + 1] == "من" and not _no_anchor(view, end + 2):
                end = _phrase_end(view, end + 2, last)
            return end
    return None


def _no_anchor(view: View, j: int) -> bool:
    """True where what stands behind «من» at token ``j`` does not say from when a time runs («في ظرف يومين من طرف المقاول»)."""
    return view.w[j] in _NO_ANCHOR or view.w[j][0].isdigit()


_NO_ANCHOR = frozenset("اجل طرف قبل خلال بين هذا هذه ان دون غير جهه شانه شانها جانب حيث بينهم بينها".split())
_MEASURE = {
    tuple(words.split())
    for words in (
        "عمل",
        "متتاليه",
        "كامله",
        "مفتوحه",
        "علي الاقل",
        "علي الاكثر",
        "علي ابعد تقدير",
        "علي اقصي تقدير",
        "علي الاقصي",
    )
}
"""Behind a length of time or a date they belong to it."""


def _phrase_end(view: View, at: int, last: int) -> int:
    """Last token of the noun phrase that starts at ``at``: to the next mark or coordination."""
    j = at
    while j < last:
        nxt = view.w[j + 1]
        if nxt in COMMAS or nxt in SEMICOLONS or view.is_mark(j + 1) and nxt not in "()%":
            break
        if nxt[0] == "و" and len(nxt) > 2 and j > at:
            break
        if view.starts_phrase("limit_stop", j + 1):
            break
        j += 1
    return j
