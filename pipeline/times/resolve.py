"""Normalisation: the value of each found expression, from its own words, the day it hangs on, and the expressions before it.

What cannot be known stays unresolved (X in the value) and says why. There is a method for each kind of rule: an empty list
means that this reading is none, None that the words are no date at all (a place that bears one as its name).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.times.clocks import Clocks
from pipeline.times.context import EVERY_YEAR, Resolved, Year, month_of
from pipeline.times.days import Days
from pipeline.times.lengths import Lengths
from pipeline.times.periods import Periods
from pipeline.times.scan import Found
from pipeline.types import TimeType

_LINKS = re.compile(
    r"\s*(?:[و،,/–-]|او|الي|حتي|والي|وحتي|الي غايه|والي غايه|الي يوم|الي غايه يوم|ويوم|و?الي شهر)?\s*(?:من|يوم|شهر)?\s*"
)
_TWIN = re.compile(r"\s*[،,/(-]?\s*(?:الموافق|الموافقه|المصادف)?\s*(?:ل|لـ)?\s*[:/]?\s*(?:يوم)?\s*")
_EVENTS = frozenset({"deictic", "weekday", "day_month", "numeric", "day_of_month", "hijri_day"})


class Resolver(Days, Periods, Lengths, Clocks):
    """Resolves the finds of one text (see :class:`pipeline.times.context.Context` for what it is given)."""

    def _method(self, kind: str) -> Callable[[Found], list[Resolved] | None]:
        method: Callable[[Found], list[Resolved] | None] = getattr(self, f"_{kind}")
        return method

    def __call__(self, found: Sequence[Found]) -> list[Resolved]:
        """The expressions of a text: the longest find at a place, the earlier rule among equals, values in text order."""
        return self._resolve(found)

    def _resolve(self, found: Sequence[Found]) -> list[Resolved]:
        order = sorted(enumerate(found), key=lambda item: (item[1].start, -item[1].end, item[0]))
        queue = [item for _, item in order]
        out: list[Resolved] = []
        end = 0
        for index, item in enumerate(queue):
            if item.start < end:
                continue
            if "twin" in item and month_of(item.parts["twin"]) != month_of(item.parts["month"]):
                # Two months side by side, not two names of one: the first stands alone.
                item = replace(
                    item,
                    end=item.parts["month"][-1].end,
                    parts={k: v for k, v in item.parts.items() if k not in ("twin", "yr", "rel")},
                )
            self._shared = self._neighbour_year(item, queue[index + 1 :], out)
            made = self._method(item.kind)(item)
            if made is None:
                end = item.end
            elif made:
                made = [replace(one, role=self._role(item, one)) for one in made]
                out += made
                end = max(item.end if item.kind not in ("clock_pair",) else made[-1].end, made[-1].end)
                if made[-1].type in (TimeType.DATE, TimeType.SET):
                    self._last = made[-1]
                    if made[-1].first is not None and made[-1].first == made[-1].last:
                        self._last_day = made[-1]
        return self._twins(out)

    def _twins(self, resolved: list[Resolved]) -> list[Resolved]:
        """A Hijri day and its Gregorian twin («الموافق لـ») made to agree where they are a day apart, flagged where they are not."""
        for index, (one, other) in enumerate(pairwise(resolved)):
            pair = {one.calendar, other.calendar} == {"hijri", "gregorian"}
            if (
                not pair
                or one.first is None
                or other.first is None
                or not _TWIN.fullmatch(self._text, one.end, other.start)
            ):
                continue
            apart = (one.first - other.first).days
            if one.first != one.last or other.first != other.last or not apart:
                continue
            place, hijri, day = (index, one, other.first) if one.calendar == "hijri" else (index + 1, other, one.first)
            if abs(apart) == 1:
                note = "a day off the Umm al-Qura calendar: the Gregorian day beside it was taken"
                resolved[place] = replace(hijri, value=day.isoformat(), first=day, last=day, note=note)
            else:
                resolved[place] = replace(hijri, note=f"does not fit the Gregorian day beside it, {day.isoformat()}")
        return resolved

    def _role(self, found: Found, item: Resolved) -> str:
        """What the expression does in its clause: deadline, start, event or, where nothing tells, reference."""
        near = [word for word in found.before if word not in ("يوم", "شهر", "تاريخ")][:2]
        first, second = (*near, "", "")[:2]
        if (
            first == "منذ"
            or (first in ("من", "في") and self._is("start", second))
            or (first != "من" and self._is("start", first))
        ):
            return "start"
        limit = first if first not in ("في", "من", "هو", "ب") else second
        if self._is("deadline", limit) and (item.type is not TimeType.DURATION or limit not in ("قبل", "حتي")):
            ahead = self._anchor is None or item.last is None or item.last >= self._anchor
            if ahead and (limit != "خلال" or item.type is TimeType.DURATION):
                return "deadline"
        if (
            item.type is TimeType.DATE
            and item.rule in _EVENTS
            and item.last
            and self._anchor
            and item.last <= self._anchor
        ):
            return "event"
        return "reference"

    def _neighbour_year(self, item: Found, later: Sequence[Found], done: Sequence[Resolved]) -> Year | None:
        """The year said by the other end of a range or list: «من 29 جانفي إلى 4 فيفري 2025»."""
        if item.kind not in ("day_month", "month") or "yr" in item or "rel" in item or "every" in item:
            return None
        month = month_of(item.parts["month"])
        for other in later[:6]:
            if (
                other.start >= item.end
                and other.kind in ("day_month", "month")
                and _LINKS.fullmatch(self._text, item.end, other.start)
            ):
                if "every" in other:
                    return Year(None, note=EVERY_YEAR)
                if "yr" not in other:
                    return None
                year = self._year_parts(other.parts["yr"])
                if year.number is None:
                    return year
                return Year(year.number - (1 if month > month_of(other.parts["month"]) else 0), note=year.note)
        last = done[-1] if done else None
        if last is None or last.first is None or last.anchor is not None or last.rule not in ("day_month", "month"):
            return None
        if _LINKS.fullmatch(self._text, last.end, item.start):
            return Year(last.first.year + (1 if month < last.first.month else 0))
        return None
