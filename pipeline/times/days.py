"""Values of days: absolute, deictic, weekdays, lists and ranges, and Hijri days as their Gregorian ones."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from pipeline.times import values
from pipeline.times.context import (
    EVERY_YEAR,
    HIJRI,
    NO_ANCHOR,
    NUMBERS,
    REF,
    Context,
    Resolved,
    month_of,
    number_of,
    two_numbers,
)
from pipeline.times.scan import Found
from pipeline.times.values import Day, Period
from pipeline.types import TimeType


class Days(Context):
    """Resolvers of the rules that name days."""

    def _day_month(self, found: Found) -> list[Resolved] | None:
        if self._named_place(found):
            return None
        if found.before and "yr" not in found and self._is("feast", found.before[0]):
            return None
        number, month = number_of(found.parts["day"]), month_of(found.parts["month"])
        said = self._weekday_of(found)
        if "every" in found:
            every = values.day_of(None, month, number)
            return self._make(found, every, note=EVERY_YEAR) if every else []

        def make(year: int | None) -> Period | None:
            return values.day_of(year, month, number)

        period, anchor, note = self._in_year(found, make)
        if "yr" not in found and "rel" not in found and self._shared is None and said and self._anchor and period:
            fits = [
                p
                for p in (make(self._anchor.year + k) for k in (0, -1, 1))
                if p and p.first and p.first.isoweekday() == said
            ]
            if fits and (period.first is None or period.first.isoweekday() != said):
                period = fits[0]
        if period is None:
            return (
                self._make(
                    found, Period(values.month(None, month).value), note=f"there is no day {number} in month {month}"
                )
                if number <= 31
                else []
            )
        if not note:
            note = self._check_weekday(found, period.first)
        return self._make(found, period, anchor=anchor, note=note)

    def _numeric(self, found: Found) -> list[Resolved]:
        first, second, third = (int(number) for number in NUMBERS.findall(found.parts["date"][0].text))
        hijri = any(item.klass == "hijri" for item in found.get("cal"))
        if first > 31:
            year, month, number = first, second, third
        else:
            number, month, year = first, second, third
        if year < 100 and len(NUMBERS.findall(found.parts["date"][0].text)[2]) == 2:
            year += 2000
        if hijri or 1300 <= year < 1500:
            period = values.hijri_day(year, month, number) if 1 <= month <= 12 else None
            return self._make(found, period, calendar="hijri", note=HIJRI) if period else []
        if month > 12 and number <= 12:
            number, month = month, number
        if not (1900 <= year <= 2100 and 1 <= month <= 12):
            return []
        period = values.day_of(year, month, number)
        return self._make(found, period, note=self._check_weekday(found, period.first)) if period else []

    def _day_of_month(self, found: Found) -> list[Resolved]:
        number = number_of(found.parts["day"])
        if found.before and self._is("article", found.before[0]):
            return []
        rel = found.get("rel")
        if rel:
            if self._anchor is None:
                return self._make(found, Period(f"XXXX-XX-{number:02}"), note=NO_ANCHOR)
            day = values.add(self._anchor.replace(day=1), self._shift(rel), "M")
            period, anchor = values.day_of(day.year, day.month, number), self._anchored()
        else:
            base = self._last.first if self._last else None
            if base is None and self._last is not None and (m := re.match(r"XXXX-(\d\d)", self._last.value)):
                return self._make(found, Period(f"XXXX-{m[1]}-{number:02}"), anchor=self._last.value)
            base = base or self._anchor
            if base is None:
                return self._make(found, Period(f"XXXX-XX-{number:02}"), note="no month before it to refer to")
            period, anchor = (
                values.day_of(base.year, base.month, number),
                self._last.value if self._last else self._anchored(),
            )
        return self._make(found, period, anchor=anchor, note=self._check_weekday(found, period.first)) if period else []

    def _day_range(self, found: Found) -> list[Resolved] | None:
        if self._named_place(found):
            return None
        if "both" in found:
            low, high = two_numbers(found.parts["both"][0].text)
        else:
            low, high = number_of(found.parts["day"]), number_of(found.parts["end"])
        month = month_of(found.parts["month"])
        period, anchor, note = self._in_year(found, lambda year: values.day_of(year, month, high))
        if period is None or not 1 <= low < high:
            return []
        start = values.day_of(period.first.year if period.first else None, month, low)
        return self._make(found, values.span(start, period), anchor=anchor, note=note) if start else []

    def _day_list(self, found: Found) -> list[Resolved]:
        month = month_of(found.parts["month"])
        out: list[Resolved] = []
        days = [item for item in found.parts["items"] if item.klass == "d"]
        starts = [item for item in found.parts["items"] if item.klass in ("d", "weekday")]
        last, anchor, note = self._in_year(found, lambda year: values.day_of(year, month, int(str(days[-1].value))))
        if last is None:
            return []
        for item in days:
            period = values.day_of(last.first.year if last.first else None, month, int(str(item.value)))
            before = starts[starts.index(item) - 1] if starts.index(item) else None
            start = before.start if before is not None and before.klass == "weekday" else item.start
            if period is not None:
                end = found.end if item is days[-1] else item.end
                out.append(replace(self._make(found, period, anchor=anchor, note=note)[0], start=start, end=end))
        return out

    def _deictic_day(self, found: Found) -> tuple[int, Period]:
        parts = found.parts["deictic"]
        classes = [item.klass for item in parts]
        if "today" in classes:
            steps = 0
        elif "yesterday" in classes:
            steps = -2 if "iord" in classes or "ord" in classes else -1
        else:
            steps = 2 if "baad" in classes else 1
        if self._anchor is not None:
            return steps, values.day(self._anchor + datetime.timedelta(steps))
        said = self._weekday_of(found)
        return steps, Period(f"XXXX-WXX-{said}" if said else REF[max(-1, min(1, steps))])

    def _deictic(self, found: Found) -> list[Resolved]:
        parts = found.parts["deictic"]
        before = found.before[0] if found.before else ""
        if self._quoted(found) or (
            parts[0].klass in ("today", "tomorrow_d") and "wd" not in found and self._is("paper", before)
        ):
            return []
        if parts[0].klass == "today" and before in ("في", "ب") and "wd" not in found:
            return []  # «ساعتين في اليوم», «دولار باليوم»: a rate
        if (
            parts[0].klass in ("ghad", "tomorrow_d")
            and "wd" not in found
            and not (self._is("dayhead", before) or before in ("ب", "ل"))
        ):
            return []
        if parts[0].klass == "today" and "wd" not in found and self._is("lengthday", before):
            return []
        if any(item.klass == "iord" and item.value != 1 or item.klass == "ord" and item.value != 1 for item in parts):
            return []
        if parts[0].klass == "today" and "wd" not in found and self._is("generic", before):
            return self._make(found, Period(REF[0]), note="nowadays, no day")
        _, period = self._deictic_day(found)
        if self._anchor is None:
            return self._make(found, period, note=NO_ANCHOR)
        note = self._check_weekday(found, period.first)
        if note and period.first is not None:
            period = values.day(self._lagging(period.first, self._weekday_of(found) or 0))
        return self._make(found, period, anchor=self._anchored(), note=note)

    @staticmethod
    def _lagging(day: Day, weekday: int) -> Day:
        """The day that «اليوم الأحد» means on a page dated otherwise: pages are dated a day off, or later than they were written."""
        ahead = (weekday - day.isoweekday()) % 7
        return day + datetime.timedelta(1 if ahead == 1 else ahead - 7)

    def _same_day(self, found: Found) -> list[Resolved]:
        if self._last_day is not None and self._last_day.first is not None:
            return self._make(found, values.day(self._last_day.first), anchor=self._last_day.value)
        if self._last is not None and self._last.value.startswith("XXXX-"):
            return self._make(found, Period(self._last.value), anchor=self._last.value)
        return self._make(found, Period("XXXX-XX-XX"), note="no day before it to refer to")

    def _weekday(self, found: Found) -> list[Resolved]:
        said = self._weekday_of(found)
        assert said is not None
        before = found.before[0] if found.before else ""
        if said == 1 and found.after and found.after[0] in ("والعشرين", "والثلاثين"):
            return []  # «الاثنين والعشرين»: twenty-two
        if self._quoted(found):
            return []
        if self._is("noweekday", before) and "rel" not in found or (said == 1 and before in ("بين", "كلا", "هذين")):
            return []
        joined = (
            before == "و"
            and self._last is not None
            and self._last.type is TimeType.SET
            and found.start - self._last.end < 4
        )
        if "rel" not in found and (before == "ايام" or joined):
            return self._make(found, Period(f"XXXX-WXX-{said}"), TimeType.SET)
        if self._anchor is None:
            return self._make(found, Period(f"XXXX-WXX-{said}"), note=NO_ANCHOR)
        anchor, today = self._anchor, self._anchor.isoweekday()
        back, ahead = (today - said) % 7, (said - today) % 7
        rel = found.get("rel")
        steps = self._shift(rel) if rel else 0
        if steps < 0:
            days = -(back or 7) - (7 if steps == -2 else 0)
        elif steps > 0:
            days = (ahead or 7) + (7 if steps == 2 else 0)
        elif rel or "this" in found:
            days = -back if back <= ahead else ahead
        else:
            days = ahead if self.tense(found.start) > 0 else -back
        return self._make(found, values.day(anchor + datetime.timedelta(days)), anchor=self._anchored())

    def _night(self, found: Found) -> list[Resolved]:
        rel = found.get("rel")
        if not rel and "this" not in found:
            return []
        if self._anchor is None:
            return self._make(found, Period(REF[self._shift(rel)]), TimeType.DATE, note=NO_ANCHOR)
        date = self._anchor + datetime.timedelta(self._shift(rel))
        return self._make(found, Period(f"{date.isoformat()}TNI", date, date), TimeType.TIME, anchor=self._anchored())

    def _hijri_day(self, found: Found) -> list[Resolved] | None:
        if self._named_place(found):
            return None
        said = self._weekday_of(found)
        number = 1 if found.parts["day"][0].klass == "today" else number_of(found.parts["day"])
        period, note = self._hijri(found, number)
        if said and period and period.first:
            # The sighted month may start a day sooner or later: a weekday in the text tells which.
            for days in (-1, 1):
                moved = period.first + datetime.timedelta(days)
                if moved.isoweekday() == said:
                    period, note = values.day(moved), f"{HIJRI}: moved by one day to the weekday of the text"
                    break
        return self._make(found, period or Period("XXXX-XX-XX"), calendar="hijri", note=note)

    def _hijri_range(self, found: Found) -> list[Resolved] | None:
        if self._named_place(found):
            return None
        low, high = number_of(found.parts["day"]), number_of(found.parts["end"])
        first, _ = self._hijri(found, low)
        last, note = self._hijri(found, high)
        known = values.span(first, last) if first and last and low < high else None
        return self._make(found, known or Period("XXXX-XX-XX/XXXX-XX-XX"), calendar="hijri", note=note)

    def _hijri(self, found: Found, number: int) -> tuple[Period | None, str]:
        """A day of the Hijri month of a find, in the year that is said or the nearest one; with a note."""
        month = month_of(found.parts["hmonth"])
        if "hyear" in found:
            period = values.hijri_day(int(str(found.parts["hyear"][0].value)), month, number)
            return period, HIJRI if period else "no such day in the Umm al-Qura calendar, or outside 1343–1500"
        if self._anchor is None or (year := values.hijri_year_of(self._anchor)) is None:
            return None, NO_ANCHOR
        options = [p for p in (values.hijri_day(year + k, month, number) for k in (-1, 0, 1)) if p and p.first]
        return min(options, key=lambda p: abs((p.first or Day.min) - (self._anchor or Day.min)), default=None), HIJRI
