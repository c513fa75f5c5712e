"""Values of periods: weeks, months, parts of a year, seasons, years, decades, centuries, Hijri months and years."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from pipeline.times import values
from pipeline.times.context import (
    HIJRI,
    NO_ANCHOR,
    NUMBERS,
    REF,
    YEAR_LENT,
    Context,
    Resolved,
    Year,
    month_of,
    number_of,
    two_numbers,
)
from pipeline.times.scan import Found
from pipeline.times.values import Day, Period


class Periods(Context):
    """Resolvers of the rules that name periods."""

    def _bounded(self, found: Found) -> bool:
        """True where «نهاية الشهر» stands alone: not «نهاية السنة الدراسية», «بداية الشهر الفضيل»."""
        after = found.after[0] if found.after else ""
        if found.before and self._is("festive", found.before[0]):
            return False
        return self._mod(found) in ("START", "MID", "END") and not (after.startswith("ال") and after != "الي")

    def _approximate(self, found: Found, unit: str) -> list[Resolved] | None:
        """«منذ حوالي الشهر» is a duration."""
        return self._span(found, f"P1{unit}") if self._mod(found) == "APPROX" else None

    def _vaguely(self, found: Found) -> str | None:
        """PAST_REF, PRESENT_REF or FUTURE_REF for «الأسبوع الماضي» where there is no day to count from; None for «نهاية الشهر»."""
        parts = found.get("rel") or found.get("yr")
        kinds = {item.klass for item in parts}
        if kinds & {"past", "last", "next", "now"}:
            return REF[max(-1, min(1, self._shift(parts)))]
        return REF[0] if "this" in found or "this" in kinds else None

    def _week(self, found: Found) -> list[Resolved]:
        rel = found.get("rel")
        if not rel and "this" not in found and not self._bounded(found):
            return self._approximate(found, "W") or []
        base = self._anchor
        if any(item.klass == "after" for item in rel) and self._last is not None and self._last.first is not None:
            base = self._last.first
        if base is None:
            return self._make(found, Period(self._vaguely(found) or "XXXX-WXX"), note=NO_ANCHOR)
        note = "counted from a Sunday: where weeks start on Sunday, one week later" if base.isoweekday() == 7 else ""
        return self._make(
            found, values.week(values.add(base, self._shift(rel), "W")), anchor=base.isoformat(), note=note
        )

    def _week_of_month(self, found: Found) -> list[Resolved]:
        month, nth = month_of(found.parts["month"]), found.parts["nth"][0]
        period, anchor, note = self._in_year(found, lambda year: values.month(year, month))
        if period is None or period.first is None or period.last is None:
            return self._make(found, Period("XXXX-WXX"), anchor=anchor, note=note)
        if nth.klass == "last":
            date = period.last - datetime.timedelta(3)
        else:
            date = period.first + datetime.timedelta(7 * int(str(nth.value)) - 4)
        return self._make(found, values.week(date), anchor=anchor, note=note)

    def _ambiguous_month(self, found: Found) -> bool:
        """True where «مارس», «ماي», «آب» or «جوان» stands alone and no word of time is before it."""
        if (
            found.parts["month"][0].klass != "amonth"
            or self._text[found.start : found.end] != found.parts["month"][-1].text
        ):
            return False
        before = found.before[0] if found.before else ""
        if before == "و" and self._last is not None and found.start - self._last.end < 4:
            return False
        return not self._is("monthhead", before)

    def _month(self, found: Found) -> list[Resolved] | None:
        if self._named_place(found):
            return None
        if self._ambiguous_month(found) or self._quoted(found) or (found.before and self._is("feast", found.before[0])):
            return []
        number = month_of(found.parts["month"])
        period, anchor, note = self._in_year(found, lambda year: values.month(year, number))
        return self._make(found, period, anchor=anchor, note=note) if period else []

    def _month_range(self, found: Found) -> list[Resolved]:
        low, high = month_of(found.parts["month"]), month_of(found.parts["end"])
        end, anchor, note = self._in_year(found, lambda year: values.month(year, high))
        if end is None:
            return []
        if "from" in found:
            first = int(str(found.parts["from"][0].value))
        elif end.first is None:
            return self._make(found, values.span(values.month(None, low), end), note=note)
        else:
            first = end.first.year - (1 if low > high else 0)
        return self._make(found, values.span(values.month(first, low), end), anchor=anchor, note=note)

    def _half_month(self, found: Found) -> list[Resolved]:
        month, nth = month_of(found.parts["month"]), int(str(found.parts["nth"][0].value))
        if nth > 2:
            return []
        period, anchor, note = self._in_year(found, lambda year: values.month(year, month))
        if period is None:
            return []
        year = period.first.year if period.first else None
        last = period.last.day if period.last else values.months(2024, month)[1].day  # type: ignore[union-attr]
        low, high = (1, 15) if nth == 1 else (16, last)
        days = values.day_of(year, month, low), values.day_of(year, month, high)
        return self._make(found, values.span(days[0], days[1]), anchor=anchor, note=note) if days[0] and days[1] else []

    def _this_month(self, found: Found) -> list[Resolved]:
        rel = found.get("rel")
        if not any(name in found for name in ("rel", "this", "same")) and not self._bounded(found):
            return self._approximate(found, "M") or []
        base = self._anchor
        if "same" in found or any(item.klass == "after" for item in rel):
            base = self._last.first if self._last and self._last.first else base
        if base is None:
            return self._make(found, Period(self._vaguely(found) or "XXXX-XX"), note=NO_ANCHOR)
        date = values.add(base.replace(day=1), self._shift(rel), "M")
        return self._make(found, values.month(date.year, date.month), anchor=base.isoformat())

    def _part(self, found: Found) -> list[Resolved]:
        head, nth = found.parts["part"][0], found.parts["nth"][0]
        length = 6 if head.klass == "half" else 3 if head.klass in ("quarter", "fasl_d") else int(str(head.value))
        if head.klass == "quarter" and "yr" not in found and found.after[:1] == ("من",):
            return []
        number = 12 // length if nth.klass == "last" else int(str(nth.value))
        if number > 12 // length:
            return []
        if "yr" not in found and self._anchor is not None:
            tense, own = self.tense(found.start), values.part(self._anchor.year, length, number)
            assert own.first
            assert own.last
            shift = -1 if tense < 0 and own.first > self._anchor else 1 if tense > 0 and own.last < self._anchor else 0
            return self._make(found, values.part(self._anchor.year + shift, length, number), anchor=self._anchored())
        if "yr" not in found and self._near is not None:
            lent = values.part(self._near.year, length, number)
            return self._make(found, lent, anchor=self._near.isoformat(), note=YEAR_LENT)
        period, anchor, note = self._in_year(found, lambda year: values.part(year, length, number))
        return self._make(found, period, anchor=anchor, note=note) if period else []

    def _this_part(self, found: Found) -> list[Resolved]:
        head = found.parts["part"][0]
        length = 3 if head.klass == "quarter" else int(str(head.value))
        if self._anchor is None:
            return self._make(found, Period(f"XXXX-{'Q' if length == 3 else 'H'}X"), note=NO_ANCHOR)
        date = values.add(self._anchor.replace(day=1), length * self._shift(found.parts["rel"]), "M")
        return self._make(
            found, values.part(date.year, length, (date.month - 1) // length + 1), anchor=self._anchored()
        )

    def _first_months(self, found: Found) -> list[Resolved]:
        count, nth = int(str(found.parts["count"][0].value)), found.parts["nth"][0].value
        if found.parts["of"][0].value != "M" or nth != 1 or not 1 <= count <= 12:
            return []

        def make(year: int | None) -> Period:
            return Period(
                f"{values.month(year, 1).value}/{values.month(year, count).value}", *values.months(year, 1, count)
            )

        period, anchor, note = self._in_year(found, make)
        return self._make(found, period, anchor=anchor, note=note) if period else []

    def _season(self, found: Found) -> list[Resolved]:
        head = found.parts["season"][0]
        before = found.before[0] if found.before else ""
        if head.klass == "hmonth2" and head.value != 3:
            return []
        if (
            "fasl" in found
            and not any(name in found for name in ("yr", "rel"))
            and before not in self._context["seasonhead"]
        ):
            return []
        code = "SP" if head.klass == "hmonth2" else str(head.value)
        if "yr" in found:
            stated = self._year_parts(found.parts["yr"])
            return self._make(found, values.season(stated.number, code), note=stated.note)
        if self._anchor is None:
            return self._make(found, Period(self._vaguely(found) or f"XXXX-{code}"), note=NO_ANCHOR)
        rel, year = found.get("rel"), self._anchor.year
        steps = self._shift(rel) if rel else 0
        start = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[code]
        if (
            code == "WI"
            and not steps
            and self._anchor.month < 3
            or steps < 0
            and Day(year, min(start + 2, 12), 28) >= self._anchor
        ):
            year -= 1
        elif (
            steps > 0
            and Day(year, start, 1) <= self._anchor
            or (not rel and "this" not in found and self.tense(found.start) > 0 and self._anchor.month > start + 2)
        ):
            year += 1
        return self._make(found, values.season(year, code), anchor=self._anchored())

    def _bare_season(self, found: Found) -> list[Resolved]:
        before = found.before[0] if found.before else ""
        return self._season(found) if before in self._context["seasonhead"] else []

    def _year(self, found: Found) -> list[Resolved]:
        if "short" in found:
            short = int(str(found.parts["short"][0].value))
            return self._make(found, values.year(1900 + short)) if 50 <= short <= 99 else []
        parts = found.get("year") or found.get("yr")
        if self._text.startswith("العام", found.start) and found.before and found.before[0] in self._context["general"]:
            return []
        if not parts and not self._bounded(found):
            return []
        if parts and parts[-1].klass == "new" and found.before and self._is("newyear", found.before[0]):
            return []
        if parts:
            stated = self._year_parts(parts)
            relative = not any(item.klass in ("y", "yy") for item in parts)
        else:
            relative, stated = (
                True,
                Year(self._anchor.year if self._anchor else None, note="" if self._anchor else NO_ANCHOR),
            )
        if any(item.klass == "after" for item in parts) and self._last and self._last.first:
            stated = Year(self._last.first.year + 1)
        period = values.year(stated.number)
        if stated.note == NO_ANCHOR:
            period = Period(self._vaguely(found) or period.value)
        if stated.pair:
            low, high = two_numbers(stated.pair)
            period = Period(stated.pair, Day(low, 1, 1), Day(high, 12, 31))
        return self._make(found, period, anchor=self._anchored() if relative else None, note=stated.note)

    def _year_list(self, found: Found) -> list[Resolved]:
        first, second = found.parts["first"][0], found.parts["year"][0]
        whole = self._make(found, values.year(int(str(first.value))))[0]
        later = self._make(found, values.year(int(str(second.value))))[0]
        return [replace(whole, start=first.start, end=first.end), replace(later, start=second.start, end=second.end)]

    def _bare_year(self, found: Found) -> list[Resolved]:
        before = found.before[0] if found.before else ""
        after = found.after[0] if found.after else ""
        if after in self._context["counted"] or after.removesuffix("ا") in self._context["counted"]:
            return []
        if "تتراوح" in found.before or (
            before == "بين"
            and after == "و"
            and not re.match(r"(?:19|20)\d\d$", found.after[1] if len(found.after) > 1 else "")
        ):
            return []
        joined = (
            before == "و"
            and self._last is not None
            and self._last.rule in ("bare_year", "year", "month")
            and found.start - self._last.end < 4
        )
        bracket = before in ("(", "[") and after in (")", "]") or (not before and after in ("-", "–", ":"))
        named = len(found.before) > 1 and self._is("tournament", found.before[1])
        if not (joined or bracket or named or before in ("ب", "ل", "_") or self._is("yearhead", before)):
            return []
        return self._make(found, values.year(int(str(found.parts["year"][0].value))))

    def _year_span(self, found: Found) -> list[Resolved]:
        before = found.before[0] if found.before else ""
        if "/" in found.parts["year"][0].text and (
            before in ("رقم", "عدد", "ر", "/") or self._text[found.end : found.end + 1] == "/"
        ):
            return []
        return self._year(found)

    def _decade(self, found: Found) -> list[Resolved]:
        start, century = int(str(found.parts["decade"][0].value)), 19
        if "nth" in found:
            century = number_of(found.parts["nth"]) - 1
        year = century * 100 + start
        return self._make(found, Period(f"{year // 10}X", Day(year, 1, 1), Day(year + 9, 12, 31)))

    def _century(self, found: Found) -> list[Resolved]:
        if "nth" in found:
            number = number_of(found.parts["nth"])
        else:
            if self._anchor is None:
                return self._make(found, Period("XX"), note=NO_ANCHOR)
            number = self._anchor.year // 100 + 1 + self._shift(found.parts["rel"])
        if not 1 <= number <= 22:
            return []
        return self._make(
            found, Period(f"{number - 1:02}", Day(max((number - 1) * 100, 1), 1, 1), Day(number * 100 - 1, 12, 31))
        )

    def _vague(self, found: Found) -> list[Resolved]:
        steps = self._shift(found.get("rel"))
        return self._make(found, Period(REF[steps]), note="a stretch of time without bounds")

    def _hijri_month(self, found: Found) -> list[Resolved]:
        month = month_of(found.parts["hmonth"])
        if "hyear" in found:
            year: int | None = int(str(found.parts["hyear"][0].value))
        elif month == 9:
            return []  # Ramadan without a year is a season of public life
        else:
            year = values.hijri_year_of(self._anchor) if self._anchor else None
            if year is not None and any(item.klass == "sana_d" for item in found.get("rel")):
                year += self._shift(found.parts["rel"])
            elif year is not None and "rel" in found and self._anchor is not None:
                steps = self._shift(found.parts["rel"])
                period = values.hijri_span(year, month, month)
                if period and period.first and period.last:
                    if steps > 0 and period.first <= self._anchor:
                        year += 1
                    elif steps < 0 and period.last >= self._anchor:
                        year -= 1
        known = values.hijri_span(year, month, month) if year else None
        return self._make(found, known or Period("XXXX-XX"), calendar="hijri", note=HIJRI if known else NO_ANCHOR)

    def _hijri_year(self, found: Found) -> list[Resolved]:
        low, *rest = (int(number) for number in NUMBERS.findall(found.parts["hyear"][0].text))
        high = low + 1 if rest else low
        first, last = values.hijri_span(low, 1, 12), values.hijri_span(high, 1, 12)
        known = (
            values.span(values.day(first.first), values.day(last.last))
            if first and last and first.first and last.last
            else None
        )
        return self._make(found, known, calendar="hijri", note=HIJRI) if known else []
