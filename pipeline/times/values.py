"""Calendar arithmetic: the ISO 8601 value of a day, month, week, part of a year or Hijri date, with its first and last day."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

Day = datetime.date

# Three months each, as meteorology counts them. Winter runs over the turn of the year, so which year is meant stays open.
_SEASONS = {"SP": 3, "SU": 6, "FA": 9}


@dataclass(frozen=True, slots=True)
class Period:
    """A value with its first and last day, None where open or unknown."""

    value: str
    first: Day | None = None
    last: Day | None = None


def day(date: Day) -> Period:
    """A known day."""
    return Period(date.isoformat(), date, date)


def day_of(year: int | None, month: int, number: int) -> Period | None:
    """A day of a month, in an unknown year where ``year`` is None; None where the month has no such day."""
    if number > calendar.monthrange(year or 2024, month)[1] or number < 1:
        return None
    return Period(f"XXXX-{month:02}-{number:02}") if year is None else day(Day(year, month, number))


def months(year: int | None, first: int, count: int = 1) -> tuple[Day | None, Day | None]:
    """First and last day of ``count`` months."""
    if year is None:
        return None, None
    last = first + count - 1
    return Day(year, first, 1), Day(year, last, calendar.monthrange(year, last)[1])


def month(year: int | None, number: int) -> Period:
    """A month.

    >>> month(2025, 2)
    Period(value='2025-02', first=datetime.date(2025, 2, 1), last=datetime.date(2025, 2, 28))
    """
    return Period(f"{_year(year)}-{number:02}", *months(year, number))


def part(year: int | None, length: int, nth: int) -> Period:
    """The ``nth`` part of ``length`` months of a year: 3 gives quarters, 6 halves.

    >>> part(2025, 6, 1).value, part(2025, 3, 4).value
    ('2025-H1', '2025-Q4')
    """
    letter = "Q" if length == 3 else "H"
    return Period(f"{_year(year)}-{letter}{nth}", *months(year, (nth - 1) * length + 1, length))


def year(number: int | None) -> Period:
    """A calendar year."""
    return Period(_year(number), *months(number, 1, 12))


def week(date: Day) -> Period:
    """The ISO week of a day, Monday first; the days are those of the Arab week that shares six of them, Sunday to Saturday.

    >>> week(Day(2025, 10, 14))
    Period(value='2025-W42', first=datetime.date(2025, 10, 12), last=datetime.date(2025, 10, 18))
    """
    iso = date.isocalendar()
    first = date - datetime.timedelta(iso.weekday)
    return Period(f"{iso.year}-W{iso.week:02}", first, first + datetime.timedelta(6))


def season(year: int | None, code: str) -> Period:
    """A season: SP, SU, FA or WI."""
    start = _SEASONS.get(code)
    return Period(f"{_year(year)}-{code}", *(months(year, start, 3) if start else (None, None)))


def span(first: Period, last: Period) -> Period:
    """From the start of one period to the end of another."""
    return Period(f"{first.value}/{last.value}", first.first, last.last)


def add(date: Day, amount: int, unit: str) -> Day:
    """``date`` moved by ``amount`` units D, W, M or Y; the last day of the month where the month is too short.

    >>> add(Day(2025, 1, 31), 1, "M")
    datetime.date(2025, 2, 28)
    """
    if unit in "DW":
        return date + datetime.timedelta(amount * (7 if unit == "W" else 1))
    index = date.year * 12 + date.month - 1 + amount * (12 if unit == "Y" else 1)
    y, m = divmod(index, 12)
    return Day(y, m + 1, min(date.day, calendar.monthrange(y, m + 1)[1]))


def hijri_day(year: int, month: int, number: int) -> Period | None:
    """A day of the Umm al-Qura calendar as its Gregorian day (the Maghreb may differ by one); None where there is none."""
    from hijridate import Hijri  # a table of 150 years, read only where a Hijri date stands

    try:
        return day(Hijri(year, month, number).to_gregorian())
    except (ValueError, OverflowError):
        return None


def hijri_span(year: int, first: int, last: int) -> Period | None:
    """Hijri months ``first`` to ``last`` of a year as the range of their Gregorian days."""
    start = hijri_day(year, first, 1)
    after = hijri_day(year + last // 12, last % 12 + 1, 1)
    if start is None or start.first is None or after is None or after.first is None:
        return None
    return span(start, day(after.first - datetime.timedelta(1)))


def hijri_year_of(date: Day) -> int | None:
    """The Hijri year in which a Gregorian day lies."""
    from hijridate import Gregorian

    try:
        return int(Gregorian(date.year, date.month, date.day).to_hijri().year)
    except (ValueError, OverflowError):
        return None


def _year(number: int | None) -> str:
    return "XXXX" if number is None else f"{number:04}"
