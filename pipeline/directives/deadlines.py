"""Time limits of instructions: «قبل نهاية السنة»، «في ظرف 72 ساعة من تاريخ الدفع»، «فورا»، «قبل انطلاق الموسم»."""

from __future__ import annotations

from pipeline.directives.view import COMMAS, SEMICOLONS, View
from pipeline.types import Span, TimeType

_TAIL = frozenset({"من", "ابتداء", "اعتبارا", "بعد"})


def deadline_in(view: View, first: int, last: int) -> Span | None:
    """The first time limit among the tokens ``first`` to ``last`` (both included), or None; a raw span."""
    j = first
    while j <= last:
        k = view.starts_phrase("urgency", j)
        if k:
            return view.span(
                j, min(j + k - 1, last), 1 if view.w[j][0] == "و" and not view.starts_phrase("urgency", j, 0) else 0
            )
        k = view.starts_phrase("limit", j)
        if k and j + k <= last:
            end = _limit_end(view, j, j + k, last)
            if end is not None:
                return view.span(j, end)
        k = view.starts_phrase("limit_by_time", j)
        if k and j + k <= last:
            end = _time_end(view, j + k, last)
            if end is not None:
                return view.span(j, end)
        k = view.starts_phrase("limit_by_event", j)
        if k and j + k <= last:
            end = _time_end(view, j + k, last)
            return view.span(j, end if end is not None else _phrase_end(view, j + k, last))
        j += 1
    return None


def _limit_end(view: View, j: int, at: int, last: int) -> int | None:
    end = _time_end(view, at, last)
    return end if end is not None else _phrase_end(view, at, last)


def _time_end(view: View, at: int, last: int) -> int | None:
    """Last token of a time expression that starts within the next few tokens, with what anchors it."""
    low, high = view.start(at), view.end(min(at + 3, last))
    for time in view.analysis.times:
        if low <= time.span.start < high and time.type in (TimeType.DATE, TimeType.DURATION, TimeType.TIME):
            end = at
            while end <= last and view.end(end) < time.span.end:
                end += 1
            end = min(end, last)
            if (
                end + 2 <= last
                and view.w[end + 1] == "من"
                and view.w[end + 2]
                in (
                    "تاريخ",
                    "تاريخه",
                    "تسلم",
                    "استلام",
                    "تبليغ",
                    "صدور",
                    "الان",
                    "تلقي",
                    "ايداع",
                    "نشر",
                    "اعلان",
                    "الاعلان",
                )
            ):
                end = _phrase_end(view, end + 2, last)
            return end
    return None


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
