"""Normalisation: the value of a found expression, from its own words, the day it hangs on, and the expressions before it.

What cannot be known stays unresolved (X in the value) and says why. There is a method for each kind of rule: an empty list
means that this reading is none, None that the words are no date at all (a place that bears one as its name).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.times import values
from pipeline.times.lexicon import KINDS, TimeLexicon
from pipeline.times.scan import Found, Part
from pipeline.times.values import Day, Period
from pipeline.types import TimeType

EVERY_YEAR = "a day of every year"
NO_ANCHOR = "the day of the document is not known"
_REF = {-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}
_FRACTIONS = {"half": 2, "quarter": 4, "third": 3}
_RANK = ("TS", "TM", "TH", "D", "W", "M", "Y")
_UNITS = frozenset({"unit", "units", "yawm", "shahr", "sana", "second", "sanatay", "yawmay"})
_SMALLER = {"Y": (12, "M"), "M": (30, "D"), "TH": (60, "TM"), "TM": (60, "TS"), "W": (7, "D"), "D": (24, "TH")}
_SENTENCE_END = re.compile(r"[.!؟\n؛](?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_LINKS = re.compile(r"\s*(?:[و،,/–-]|او|الي|حتي|والي|وحتي|الي غايه|والي غايه|الي يوم|الي غايه يوم|ويوم|و?الي شهر)?\s*(?:من|يوم|شهر)?\s*")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Resolved:
    """An expression with its value; offsets in the folded view."""

    start: int
    end: int
    type: TimeType
    value: str
    first: Day | None = None
    last: Day | None = None
    mod: str | None = None
    calendar: str = "gregorian"
    anchor: str | None = None
    rule: str = ""
    note: str = ""
    role: str = "reference"


@dataclass(frozen=True, slots=True)
class _Year:
    """The year that an expression states: a number, or a pair (2024/2025), or none that can be known."""

    number: int | None
    pair: str | None = None
    note: str = ""


def _bare(word: str) -> str:
    """A word without a conjunction or preposition of one letter, for context lists."""
    return word[1:] if len(word) > 2 and word[0] in "وفبل" else word


def _number(parts: Sequence[Part]) -> int:
    """The number that number words or digits say: مائة وخمسون, خمسة عشر, 48."""
    total = 0
    for index, item in enumerate(parts):
        if not isinstance(item.value, int):
            continue
        total += item.value
        if item.klass in ("d", "q", "y", "hy") and index == 0 and len(parts) == 1:
            return item.value
    return total


def _month(parts: Sequence[Part]) -> int:
    head = parts[0]
    if head.klass == "dhu":
        return int(parts[1].value or 0)
    assert isinstance(head.value, int)
    if head.klass == "month2":
        return (head.value + int(parts[1].value or 1) - 2) % 12 + 1
    if head.klass == "hmonth2":
        return head.value + (1 if int(parts[1].value or 1) > 1 else 0)
    return head.value


def _two_numbers(text: str) -> tuple[int, int]:
    first, second = (int(number) for number in _NUMBERS.findall(text)[:2])
    return first, second


class Resolver:
    """Resolves the finds of one text, in text order.

    ``anchor`` is the day of the document, None where it is not known; ``near`` then is a full date of the text, which lends
    its year to days and months without one («24 أوت 2025 … قبل 10 سبتمبر»), but no day to «اليوم» or «الأسبوع المقبل».
    """

    def __init__(self, text: str, lexicon: TimeLexicon, anchor: Day | None, near: Day | None = None) -> None:
        self._text = text
        self._near = near
        self._context = lexicon.context
        self._entries = lexicon.entries
        self._calendar_words = [lexicon.symbols[name] for name in ("month", "amonth", "month2", "weekday")]
        self._anchor = anchor
        self._methods: Mapping[str, Callable[[Found], list[Resolved] | None]] = {
            kind: getattr(self, f"_{kind}") for kind in KINDS
        }
        self._last: Resolved | None = None
        self._last_day: Resolved | None = None
        self._shared: _Year | None = None

    # ---- context

    def _is(self, name: str, word: str) -> bool:
        words = self._context[name]
        return word in words or _bare(word) in words

    def tense(self, start: int) -> int:
        """Whether the clause around an offset looks ahead (1) or back (-1); 0 where nothing tells."""
        past, future, not_future = (self._context[name] for name in ("past", "future", "not_future"))
        words = _WORD.findall(_SENTENCE_END.split(self._text[max(0, start - 110) : start])[-1])
        following = ""
        for word in reversed(words):
            bare = word[1:] if word[0] in "وف" and len(word) > 3 else word
            if bare in ("الذي", "التي") and following[:1] not in ("", "ي", "ت", "س", "ن", "ل"):
                return -1
            if bare == "ان" and (following[:1] == "ي" or "علي" in words[max(0, words.index(word) - 1) : words.index(word)]):
                return 1
            if bare == "قد" and following[:1] in "يت":
                return 0
            if bare in future or word in future:
                return 1
            if bare in past or word in past:
                return -1
            if bare[0] == "س" and len(bare) > 3 and bare[1] in "يتن" and bare not in not_future:
                return 1
            if bare[0] == "ي" and len(bare) > 3 and not bare.startswith("يوم"):
                # A present: the cue of another clause does not reach over it, but «أن يُعقد» looks ahead.
                before = words[words.index(word) - 1] if words.index(word) else ""
                return 1 if before in ("ان", "وان") else 0
            if bare[-1] == "ت" and len(bare) > 3 and bare[-2] != "ا" and bare[:2] != "ال":
                return -1
            following = bare
        ahead = _WORD.findall(_SENTENCE_END.split(self._text[start : start + 60])[0])[1:4]
        return 1 if any(w[0] == "س" and len(w) > 3 and w[1] in "يت" and w not in not_future for w in ahead) else 0

    def _year_parts(self, parts: Sequence[Part]) -> _Year:
        """The year of a phrase: 2025, سنة 2025, السنة المقبلة, هذه السنة, السنة نفسها."""
        for item in parts:
            if item.klass == "y":
                return _Year(int(str(item.value)))
            if item.klass == "yy":
                first, second = _two_numbers(item.text)
                second = second if second > 99 else first // 100 * 100 + second
                return _Year(first, f"{min(first, second)}/{max(first, second)}")
        classes = [item.klass for item in parts]
        if "same" in classes or "self" in classes:
            if self._last is not None and self._last.first is not None:
                return _Year(self._last.first.year)
            return _Year(None, note="no year before it to refer to")
        if self._anchor is None:
            return _Year(None, note=NO_ANCHOR)
        if classes[-1] == "sana_d":
            return _Year(self._anchor.year)
        if "new" in classes:
            return _Year(self._anchor.year + (1 if self._anchor.month > 9 else 0))
        return _Year(self._anchor.year + self._shift(parts))

    @staticmethod
    def _shift(parts: Sequence[Part]) -> int:
        """Steps back or ahead: الماضي -1, المقبل 1, قبل الماضي -2."""
        steps = next((item.value for item in parts if isinstance(item.value, int) and item.klass in ("past", "last", "next", "now", "after")), 0)
        return steps * (2 if any(item.klass in ("qabl", "baad") for item in parts) else 1)

    def _mod(self, found: Found) -> str | None:
        parts = found.get("mod")
        return str(parts[0].value) or None if parts else None

    def _make(self, found: Found, period: Period, type: TimeType = TimeType.DATE, **more: str | None) -> list[Resolved]:
        note = more.get("note") or ""
        return [
            Resolved(
                found.start,
                found.end,
                type,
                period.value,
                period.first,
                period.last,
                self._mod(found),
                more.get("calendar") or "gregorian",
                more.get("anchor"),
                found.kind,
                note,
            )
        ]

    def _anchored(self) -> str | None:
        return self._anchor.isoformat() if self._anchor else None

    # ---- years that are not said

    def _nearest(self, make: Callable[[int], Period | None], tense: int, strict: int = 0, firm: bool = False) -> Period | None:
        """Of the periods of the years around the anchor, the one that the tense or, failing it, nearness picks.

        ``firm``: the tense is sure («منذ»). ``strict`` -1 or 1: wholly before or after the anchor («ديسمبر الفارط», «جانفي المقبل»).
        """
        anchor = self._anchor or self._near
        assert anchor is not None
        options = [p for p in (make(anchor.year + k) for k in (-1, 0, 1)) if p is not None and p.first and p.last]

        def distance(period: Period) -> int:
            assert period.first and period.last
            return max((period.first - anchor).days, (anchor - period.last).days, 0)

        if not options:
            return None
        nearest = min(options, key=distance)
        side = strict or tense
        ahead = [p for p in options if p.last and p.first and (p.first > anchor if strict else p.last >= anchor)]
        behind = [p for p in options if p.first and p.last and (p.last < anchor if strict else p.first <= anchor)]
        wanted = ahead if side > 0 else behind if side < 0 else options
        if not wanted:
            return nearest
        chosen = min(wanted, key=distance)
        # A cue may belong to another clause: it does not carry over a year where the near day is close.
        short = chosen.first is not None and chosen.last is not None and (chosen.last - chosen.first).days < 31
        return nearest if short and not (strict or firm) and distance(chosen) > 240 and distance(nearest) < 75 else chosen

    def _in_year(self, found: Found, make: Callable[[int | None], Period | None]) -> tuple[Period | None, str | None, str]:
        """The period in the year that is said, shared with a neighbour, or inferred; with anchor and note."""
        if "yr" in found:
            stated = self._year_parts(found.parts["yr"])
            relative = not any(item.klass in ("y", "yy") for item in found.parts["yr"])
            return make(stated.number), self._anchored() if relative else None, stated.note
        if "rel" in found and self._anchor is not None:
            parts = found.parts["rel"]
            if any(item.klass == "new" for item in parts):
                return self._nearest(make, 1), self._anchored(), ""
            steps = self._shift(parts)
            if steps == 0:
                return self._nearest(make, 0), self._anchored(), ""
            period = self._nearest(make, steps, 1 if steps > 0 else -1)
            return period, self._anchored(), ""
        if self._shared is not None:
            return make(self._shared.number), None, self._shared.note
        if self._anchor is None and self._near is None:
            return make(None), None, NO_ANCHOR
        if self._anchor is None and self._near is not None:
            return self._nearest(make, 0), self._near.isoformat(), "the year is that of another date of the text"
        since = bool(found.before) and found.before[0] == "منذ"
        return self._nearest(make, -1 if since else self.tense(found.start), firm=since), self._anchored(), ""

    # ---- days

    @staticmethod
    def _quoted(found: Found) -> bool:
        """True for a word alone in quotation marks: the name of a paper or a site."""
        return bool(found.before and found.after and found.before[0] in _QUOTES and found.after[0] in _QUOTES)

    def _weekday_of(self, found: Found) -> int | None:
        parts = found.get("wd")
        return int(str(parts[0].value)) if parts else None

    def _check_weekday(self, found: Found, date: Day | None) -> str:
        said = self._weekday_of(found)
        if said is None or date is None or date.isoweekday() == said:
            return ""
        return f"weekday does not fit: {date.isoformat()} is day {date.isoweekday()} of the week, the text says {said}"

    def _named_place(self, found: Found) -> bool:
        """True for «محطة 20 أوت», «المركب الرياضي 19 مارس»: a place or body that bears the date as its name."""
        if "deictic" in found or "wd" in found or not found.before:
            return False
        first, *rest = found.before
        if self._is("place", first):
            return True
        return first.startswith("ال") and bool(rest) and self._is("place_d", rest[0]) and first not in self._context["past"]

    def _day_number(self, parts: Sequence[Part]) -> int:
        return _number(parts)

    def _day_month(self, found: Found) -> list[Resolved] | None:
        if self._named_place(found):
            return None
        if found.before and "yr" not in found and self._is("feast", found.before[0]):
            return None
        number, month = self._day_number(found.parts["day"]), _month(found.parts["month"])
        said = self._weekday_of(found)
        if "every" in found:
            every = values.day_of(None, month, number)
            return self._make(found, every, note=EVERY_YEAR) if every else []

        def make(year: int | None) -> Period | None:
            return values.day_of(year, month, number)

        period, anchor, note = self._in_year(found, make)
        if "yr" not in found and "rel" not in found and self._shared is None and said and self._anchor and period:
            fits = [p for p in (make(self._anchor.year + k) for k in (0, -1, 1)) if p and p.first and p.first.isoweekday() == said]
            if fits and (period.first is None or period.first.isoweekday() != said):
                period = fits[0]
        if period is None:
            return self._make(found, Period(values.month(None, month).value), note=f"there is no day {number} in month {month}") if number <= 31 else []
        if not note:
            note = self._check_weekday(found, period.first)
        return self._make(found, period, anchor=anchor, note=note)

    def _numeric(self, found: Found) -> list[Resolved]:
        first, second, third = (int(number) for number in _NUMBERS.findall(found.parts["date"][0].text))
        hijri = any(item.klass == "hijri" for item in found.get("cal"))
        if first > 31:
            year, month, number = first, second, third
        else:
            number, month, year = first, second, third
        if year < 100 and len(_NUMBERS.findall(found.parts["date"][0].text)[2]) == 2:
            year += 2000
        if hijri or 1300 <= year < 1500:
            period = values.hijri_day(year, month, number) if 1 <= month <= 12 else None
            return self._make(found, period, calendar="hijri", note=_HIJRI) if period else []
        if month > 12 and number <= 12:
            number, month = month, number
        if not (1900 <= year <= 2100 and 1 <= month <= 12):
            return []
        period = values.day_of(year, month, number)
        return self._make(found, period, note=self._check_weekday(found, period.first)) if period else []

    def _day_of_month(self, found: Found) -> list[Resolved]:
        number = self._day_number(found.parts["day"])
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
            period, anchor = values.day_of(base.year, base.month, number), self._last.value if self._last else self._anchored()
        return self._make(found, period, anchor=anchor, note=self._check_weekday(found, period.first)) if period else []

    def _day_range(self, found: Found) -> list[Resolved] | None:
        if self._named_place(found):
            return None
        if "both" in found:
            low, high = _two_numbers(found.parts["both"][0].text)
        else:
            low, high = self._day_number(found.parts["day"]), self._day_number(found.parts["end"])
        month = _month(found.parts["month"])
        period, anchor, note = self._in_year(found, lambda year: values.day_of(year, month, high))
        if period is None or not 1 <= low < high:
            return []
        start = values.day_of(period.first.year if period.first else None, month, low)
        return self._make(found, values.span(start, period), anchor=anchor, note=note) if start else []

    def _day_list(self, found: Found) -> list[Resolved]:
        month = _month(found.parts["month"])
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
        return steps, Period(f"XXXX-WXX-{said}" if said else "XXXX-XX-XX" if steps else _REF[0])

    def _deictic(self, found: Found) -> list[Resolved]:
        parts = found.parts["deictic"]
        before = found.before[0] if found.before else ""
        if self._quoted(found) or (parts[0].klass in ("today", "tomorrow_d") and "wd" not in found and self._is("paper", before)):
            return []
        if parts[0].klass == "today" and before in ("في", "ب") and "wd" not in found:
            return []  # «ساعتين في اليوم», «دولار باليوم»: a rate
        if parts[0].klass in ("ghad", "tomorrow_d") and "wd" not in found and not (self._is("dayhead", before) or before in ("ب", "ل")):
            return []
        if parts[0].klass == "today" and "wd" not in found and self._is("lengthday", before):
            return []
        if any(item.klass == "iord" and item.value != 1 or item.klass == "ord" and item.value != 1 for item in parts):
            return []
        if parts[0].klass == "today" and "wd" not in found and self._is("generic", before):
            return self._make(found, Period(_REF[0]), note="nowadays, no day")
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
        joined = before == "و" and self._last is not None and self._last.type is TimeType.SET and found.start - self._last.end < 4
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
        elif rel or self._text.startswith("هذ", found.start):
            days = -back if back <= ahead else ahead
        else:
            days = ahead if self.tense(found.start) > 0 else -back
        return self._make(found, values.day(anchor + datetime.timedelta(days)), anchor=self._anchored())

    def _night(self, found: Found) -> list[Resolved]:
        rel = found.get("rel")
        if not rel and not self._text.startswith("هذ", found.start):
            return []
        if self._anchor is None:
            return self._make(found, Period(_REF[self._shift(rel)]), TimeType.DATE, note=NO_ANCHOR)
        date = self._anchor + datetime.timedelta(self._shift(rel))
        return self._make(found, Period(f"{date.isoformat()}TNI", date, date), TimeType.TIME, anchor=self._anchored())

    # ---- weeks, months, parts of a year, seasons, years

    def _bounded(self, found: Found) -> bool:
        """True where «نهاية الشهر» stands alone: not «نهاية السنة الدراسية», «بداية الشهر الفضيل»."""
        after = found.after[0] if found.after else ""
        if found.before and self._is("festive", found.before[0]):
            return False
        return self._mod(found) in ("START", "MID", "END") and not (after.startswith("ال") and after != "الي")

    def _approximate(self, found: Found, unit: str) -> list[Resolved] | None:
        """«منذ حوالي الشهر» is a duration."""
        return self._span(found, f"P1{unit}") if self._mod(found) == "APPROX" else None

    def _week(self, found: Found) -> list[Resolved]:
        rel = found.get("rel")
        if not rel and "mod" in found and not self._text[found.start : found.end].split()[1].startswith("هذ"):
            if not self._bounded(found):
                return self._approximate(found, "W") or []
        base = self._anchor
        if any(item.klass == "after" for item in rel) and self._last is not None and self._last.first is not None:
            base = self._last.first
        if base is None:
            return self._make(found, Period("XXXX-WXX"), note=NO_ANCHOR)
        note = "counted from a Sunday: where weeks start on Sunday, one week later" if base.isoweekday() == 7 else ""
        return self._make(found, values.week(values.add(base, self._shift(rel), "W")), anchor=base.isoformat(), note=note)

    def _week_of_month(self, found: Found) -> list[Resolved]:
        month, nth = _month(found.parts["month"]), found.parts["nth"][0]
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
        if found.parts["month"][0].klass != "amonth" or self._text[found.start : found.end] != found.parts["month"][-1].text:
            return False
        before = found.before[0] if found.before else ""
        if before == "و" and self._last is not None and found.start - self._last.end < 4:
            return False
        return not self._is("monthhead", before)

    def _month(self, found: Found) -> list[Resolved] | None:
        if self._named_place(found):
            return None
        if self._ambiguous_month(found) or self._quoted(found):
            return []
        number = _month(found.parts["month"])
        period, anchor, note = self._in_year(found, lambda year: values.month(year, number))
        return self._make(found, period, anchor=anchor, note=note) if period else []

    def _month_range(self, found: Found) -> list[Resolved]:
        low, high = _month(found.parts["month"]), _month(found.parts["end"])
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
        month, nth = _month(found.parts["month"]), int(str(found.parts["nth"][0].value))
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
        rel, text = found.get("rel"), self._text[found.start : found.end]
        if not rel and "mod" in found and not re.search(r"هذ|نفس|ذات|عين", text) and not self._bounded(found):
            return self._approximate(found, "M") or []
        base = self._anchor
        if re.search(r"نفس|ذات|عين", text) or any(item.klass == "after" for item in rel):
            base = self._last.first if self._last and self._last.first else base
        if base is None:
            return self._make(found, Period("XXXX-XX"), note=NO_ANCHOR)
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
            assert own.first and own.last
            shift = -1 if tense < 0 and own.first > self._anchor else 1 if tense > 0 and own.last < self._anchor else 0
            return self._make(found, values.part(self._anchor.year + shift, length, number), anchor=self._anchored())
        period, anchor, note = self._in_year(found, lambda year: values.part(year, length, number))
        return self._make(found, period, anchor=anchor, note=note) if period else []

    def _this_part(self, found: Found) -> list[Resolved]:
        head = found.parts["part"][0]
        length = 3 if head.klass == "quarter" else int(str(head.value))
        if self._anchor is None:
            return self._make(found, Period(f"XXXX-{'Q' if length == 3 else 'H'}X"), note=NO_ANCHOR)
        date = values.add(self._anchor.replace(day=1), length * self._shift(found.parts["rel"]), "M")
        return self._make(found, values.part(date.year, length, (date.month - 1) // length + 1), anchor=self._anchored())

    def _first_months(self, found: Found) -> list[Resolved]:
        count, nth = int(str(found.parts["count"][0].value)), found.parts["nth"][0].value
        if not self._text.startswith(("الاشهر", "الشهور"), found.start) or nth != 1 or not 1 <= count <= 12:
            return []

        def make(year: int | None) -> Period:
            return Period(f"{values.month(year, 1).value}/{values.month(year, count).value}", *values.months(year, 1, count))

        period, anchor, note = self._in_year(found, make)
        return self._make(found, period, anchor=anchor, note=note) if period else []

    def _season(self, found: Found) -> list[Resolved]:
        head = found.parts["season"][0]
        before = found.before[0] if found.before else ""
        if head.klass == "hmonth2" and head.value != 3:
            return []
        if self._text.startswith("فصل", found.start) and not any(name in found for name in ("yr", "rel")) and before not in _BEFORE_SEASON:
            return []
        code = "SP" if head.klass == "hmonth2" else str(head.value)
        if "yr" in found:
            stated = self._year_parts(found.parts["yr"])
            return self._make(found, values.season(stated.number, code), note=stated.note)
        if self._anchor is None:
            return self._make(found, values.season(None, code), note=NO_ANCHOR)
        rel, year = found.get("rel"), self._anchor.year
        steps = self._shift(rel) if rel else 0
        start = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[code]
        if code == "WI" and not steps and self._anchor.month < 3:
            year -= 1
        elif steps < 0 and Day(year, min(start + 2, 12), 28) >= self._anchor:
            year -= 1
        elif steps > 0 and Day(year, start, 1) <= self._anchor:
            year += 1
        elif not rel and not self._text.startswith("هذ", found.start) and self.tense(found.start) > 0 and self._anchor.month > start + 2:
            year += 1
        return self._make(found, values.season(year, code), anchor=self._anchored())

    def _bare_season(self, found: Found) -> list[Resolved]:
        before = found.before[0] if found.before else ""
        return self._season(found) if before in _BEFORE_SEASON else []

    def _year(self, found: Found) -> list[Resolved]:
        if "short" in found:
            short = int(str(found.parts["short"][0].value))
            return self._make(found, values.year(1900 + short)) if 50 <= short <= 99 else []
        parts = found.get("year") or found.get("yr")
        if self._text.startswith("العام", found.start) and found.before and found.before[0] in self._context["general"]:
            return []
        if not parts and not self._bounded(found):
            return []
        if parts and parts[-1].klass == "new" and found.before and _bare(found.before[0]) in ("حلول", "مناسبه", "عيد"):
            return []
        if parts:
            stated = self._year_parts(parts)
            relative = not any(item.klass in ("y", "yy") for item in parts)
        else:
            relative, stated = True, _Year(self._anchor.year if self._anchor else None, note="" if self._anchor else NO_ANCHOR)
        if any(item.klass == "after" for item in parts) and self._last and self._last.first:
            stated = _Year(self._last.first.year + 1)
        period = values.year(stated.number)
        if stated.pair:
            low, high = _two_numbers(stated.pair)
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
        if "تتراوح" in found.before or (before == "بين" and after == "و" and not re.match(r"(?:19|20)\d\d$", found.after[1] if len(found.after) > 1 else "")):
            return []
        joined = before == "و" and self._last is not None and self._last.rule in ("bare_year", "year", "month") and found.start - self._last.end < 4
        bracket = before in ("(", "[") and after in (")", "]") or (not before and after in ("-", "–", ":"))
        if not (joined or bracket or before in ("ب", "ل", "_") or self._is("yearhead", before)):
            return []
        return self._make(found, values.year(int(str(found.parts["year"][0].value))))

    def _year_span(self, found: Found) -> list[Resolved]:
        before = found.before[0] if found.before else ""
        if "/" in found.parts["year"][0].text and (before in ("رقم", "عدد", "ر", "/") or self._text[found.end : found.end + 1] == "/"):
            return []
        return self._year(found)

    def _decade(self, found: Found) -> list[Resolved]:
        start, century = int(str(found.parts["decade"][0].value)), 19
        if "nth" in found:
            century = _number(found.parts["nth"]) - 1
        year = century * 100 + start
        return self._make(found, Period(f"{year // 10}X", Day(year, 1, 1), Day(year + 9, 12, 31)))

    def _century(self, found: Found) -> list[Resolved]:
        if "nth" in found:
            number = _number(found.parts["nth"])
        else:
            if self._anchor is None:
                return self._make(found, Period("XX"), note=NO_ANCHOR)
            number = self._anchor.year // 100 + 1 + self._shift(found.parts["rel"])
        if not 1 <= number <= 22:
            return []
        return self._make(found, Period(f"{number - 1:02}", Day(max((number - 1) * 100, 1), 1, 1), Day(number * 100 - 1, 12, 31)))

    def _vague(self, found: Found) -> list[Resolved]:
        steps = self._shift(found.get("rel"))
        return self._make(found, Period(_REF[steps]), note="a stretch of time without bounds")

    # ---- Hijri

    def _hijri_day(self, found: Found) -> list[Resolved] | None:
        if self._named_place(found):
            return None
        said = self._weekday_of(found)
        number = 1 if found.parts["day"][0].klass == "today" else self._day_number(found.parts["day"])
        month = _month(found.parts["hmonth"])
        if "hyear" in found:
            period = values.hijri_day(int(str(found.parts["hyear"][0].value)), month, number)
            note = _HIJRI if period else "no such day in the Umm al-Qura calendar, or outside 1343–1500"
        elif self._anchor is not None and (year := values.hijri_year_of(self._anchor)) is not None:
            options = [p for p in (values.hijri_day(year + k, month, number) for k in (-1, 0, 1)) if p and p.first]
            period = min(options, key=lambda p: abs((p.first or Day.min) - (self._anchor or Day.min)), default=None)
            note = _HIJRI
        else:
            period, note = None, NO_ANCHOR
        if said and period and period.first:
            # The sighted month may start a day sooner or later: a weekday in the text tells which.
            for days in (-1, 1):
                moved = period.first + datetime.timedelta(days)
                if moved.isoweekday() == said:
                    period, note = values.day(moved), f"{_HIJRI}: moved by one day to the weekday of the text"
                    break
        return self._make(found, period or Period("XXXX-XX-XX"), calendar="hijri", note=note)

    def _hijri_month(self, found: Found) -> list[Resolved]:
        month = _month(found.parts["hmonth"])
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
        return self._make(found, known or Period("XXXX-XX"), calendar="hijri", note=_HIJRI if known else NO_ANCHOR)

    def _hijri_year(self, found: Found) -> list[Resolved]:
        low, *rest = (int(number) for number in _NUMBERS.findall(found.parts["hyear"][0].text))
        high = low + 1 if rest else low
        first, last = values.hijri_span(low, 1, 12), values.hijri_span(high, 1, 12)
        known = values.span(values.day(first.first), values.day(last.last)) if first and last and first.first and last.last else None
        return self._make(found, known, calendar="hijri", note=_HIJRI) if known else []

    # ---- durations

    def _length(self, found: Found) -> tuple[str, str]:
        """The number and unit of a duration, as text: («2», «W»)."""
        unit = str(found.parts["unit"][0].value) if "unit" in found else "M"
        if "num" in found:
            number = _number(found.parts["num"])
            return ("X" if number == 0 else str(number)), unit
        return ("2" if found.parts["unit"][0].klass in ("unit2", "unit2_d") else "1"), unit

    def _iso(self, number: str, unit: str, more: Sequence[Part] = ()) -> str:
        zeros = unit.count("0")
        unit = unit.replace("0", "")
        amount = "X" if number == "X" else number + "0" * zeros
        time = "T" if unit[0] == "T" else ""
        letter = unit[-1]
        body = f"{amount}{letter}"
        kinds = [item.klass for item in more]
        fraction = next((_FRACTIONS[k] for k in kinds if k in _FRACTIONS), None)
        if fraction and amount != "X" and unit in _SMALLER:
            per, small = _SMALLER[unit]
            if zeros:
                return f"P{int(amount) + 10**zeros // fraction}Y"
            if unit == "Y":
                return f"P{int(amount) * 12 + 12 // fraction}M"
            if unit == "D":
                return f"P{amount}DT{per // fraction}H"
            body += f"{per // fraction}{small[-1]}"
        elif any(k in _UNITS for k in kinds):
            smaller = str(more[-1].value)
            body += ("T" if smaller[0] == "T" and not time else "") + f"{_number(more[:-1])}{smaller[-1]}"
        return f"P{time}{body}"

    def _duration(self, found: Found) -> list[Resolved]:
        if "fraction" in found:
            unit, part = str(found.parts["unit"][0].value), _FRACTIONS[found.parts["fraction"][0].klass]
            per, small = _SMALLER[unit]
            if unit == "M" and part == 2:
                return self._span(found, "P15D")
            return self._span(found, f"P{'T' if small[0] == 'T' else ''}{per // part}{small[-1]}")
        if "unit" not in found:
            head = self._text[found.start : found.end].split()[0]
            letter = {"الايام": "D", "الاسابيع": "W", "الاشهر": "M", "الشهور": "M", "الساعات": "TH", "الدقايق": "TM"}.get(head, "Y")
            return self._span(found, self._iso(str(_number(found.parts["num"])), letter))
        length = self._length(found)
        before = found.before[0] if found.before else ""
        if before == "و" and len(found.before) > 1 and found.before[1] in ("الف", "الفا", "الاف", "مليون", "مليونا"):
            return []
        if self._text.startswith("عام", found.start) and found.parts["unit"][0].klass == "unit2" and before.endswith(("ين", "ان")):
            return []  # «مديرين عامين»: general
        if before in ("رقم", "الماده", "الفقره", ".", ",", "/", "-") and self._text[found.start].isdigit() and self._text[found.start - 1 : found.start] != " ":
            return []
        more = found.get("more")
        if more and more[-1].klass in _UNITS and {length[1], more[-1].value} <= {*_RANK} and _RANK.index(str(more[-1].value)) >= _RANK.index(length[1]):
            # «بين ساعتين وثلاث ساعات»: two durations
            first = replace(self._span(found, self._iso(*length))[0], end=more[0].start)
            number = next(item.start for item in more if item.klass != "conj")
            second = replace(self._span(found, self._iso(str(_number(more[:-1])), str(more[-1].value)))[0], start=number)
            return [replace(first, end=len(self._text[: first.end].rstrip())), second]
        return self._span(found, self._iso(*length, more=more))

    def _span(self, found: Found, value: str) -> list[Resolved]:
        """A duration, with the day it reaches from the anchor for «قبل أسبوعين» and «بعد ثلاثة أيام»."""
        out = self._make(found, Period(value), TimeType.DURATION)[0]
        before = found.before[0] if found.before else ""
        steps = -1 if before in ("قبل", "منذ") else 1 if before == "بعد" else 0
        m = re.fullmatch(r"P(\d+)([DWMY])", value)
        if steps and m and self._anchor is not None and found.after[:1] != ("من",) and len(m[1]) < 4:
            try:
                date = values.add(self._anchor, steps * int(m[1]), m[2])
            except (ValueError, OverflowError):
                return [out]
            since = before == "منذ"
            out = replace(out, first=date, last=self._anchor if since else date, anchor=self._anchored())
        return [out]

    def _years_ago(self, found: Found) -> list[Resolved]:
        unit = str(found.parts["unit"][0].value)
        number = _number(found.parts["num"]) if "num" in found else 2
        if unit != "Y" or not 0 < number < 200 or found.after[:1] == ("من",):
            return []
        year = self._anchor.year - number if self._anchor else None
        return self._make(found, values.year(year), anchor=self._anchored(), note="" if year else NO_ANCHOR)

    def _bare_unit(self, found: Found) -> list[Resolved]:
        before = found.before[0] if found.before else ""
        parts = found.get("unit") or found.get("units")
        unit, klass = str(parts[0].value), parts[0].klass
        after = found.after[0] if found.after else ""
        if "units" in found:
            if parts[0].text in ("يومي", "سنتي", "عامي") or not (self._is("spanhead", before) or before == "ل"):
                return []
            return [] if after.startswith("ال") and after != "الي" else self._span(found, self._iso("X", unit))
        if self._text.startswith(("اكثر", "اقل", "ازيد"), found.start):
            return self._span(found, self._iso("1", unit))
        if parts[0].text in ("اسبوعا", "شهرا"):
            return self._span(found, self._iso("1", unit))
        if before == "ب" and parts[0].text in ("ساعه", "اسبوع"):
            return self._span(found, self._iso("1", unit))
        if klass == "yawm" and not (before in ("غضون", "ظرف") or found.after[:1] == ("من",) and before in ("قبل", "بعد")):
            return []
        if not self._is("spanhead", before) or before == "كل":
            return []
        if klass in ("sana", "shahr") and after.startswith("ال") and after != "الي":
            return []
        return self._span(found, self._iso("1", unit))

    # ---- recurrence

    def _recur(self, found: Found, value: str) -> list[Resolved]:
        return self._make(found, Period(value), TimeType.SET)

    def _set(self, found: Found) -> list[Resolved]:
        head = found.get("unit")[0]
        if found.after and found.after[0] in ("وانتم", "وانت", "وانتن"):
            return []  # «كل عام وأنتم بخير»
        if head.klass == "fasl":
            return self._recur(found, "P3M")
        if "fraction" in found:
            return [replace(r, type=TimeType.SET) for r in self._duration(found)]
        if head.text == "الساعه":
            return []
        unit = f"{head.value}M" if head.klass == "part" else str(head.value)
        if head.klass == "part":
            return self._recur(found, f"P{head.value}M")
        number = str(_number(found.parts["num"])) if "num" in found else "2" if head.klass == "unit2" else "1"
        return self._recur(found, self._iso(number, unit))

    def _set_day_of_month(self, found: Found) -> list[Resolved]:
        return self._recur(found, f"XXXX-XX-{_number(found.parts['day']):02}")

    def _set_each(self, found: Found) -> list[Resolved]:
        words = {_bare(word).removesuffix("ا") for word in self._text[found.start : found.end].split()}
        return self._recur(found, f"P1{found.parts['unit'][0].value}") if len(words) == 1 else []

    def _set_weekday(self, found: Found) -> list[Resolved]:
        head = found.parts["wd"][0]
        number = {"ithnayn": 1, "ahad": 7}.get(head.klass) or int(str(head.value))
        if head.klass == "ahad" and self._text[found.start : found.end].startswith("كل احد") and found.after[:1] in (("من",), ("في",)):
            return []
        return self._recur(found, f"XXXX-WXX-{number}")

    def _set_daypart(self, found: Found) -> list[Resolved]:
        return self._recur(found, "P1D")

    def _set_season(self, found: Found) -> list[Resolved]:
        head = found.parts["season"][0]
        code = {"hmonth2": "SP"}.get(head.klass, str(head.value))
        return self._recur(found, f"XXXX-{code}") if head.klass == "season" or head.value == 3 else []

    def _set_week(self, found: Found) -> list[Resolved]:
        return self._recur(found, f"XXXX-WXX-{found.parts['wd'][0].value}")

    def _set_times(self, found: Found) -> list[Resolved]:
        return self._recur(found, f"P1{str(found.parts['unit'][0].value)[-1]}") if found.parts["unit"][0].value else []

    def _set_adverb(self, found: Found) -> list[Resolved]:
        head = found.parts["recur"][0]
        if head.klass in ("shahray", "yawmay"):
            after = found.after[0] if found.after else ""
            if head.text == "ايام" or after[:1].isdigit() or (after.startswith("ال") and after != "الي") or self._is("feast", after) or self.is_time_word(after):
                return []
            value = "P1M" if head.klass == "shahray" else "P1D"
        else:
            value = str(head.value)
            before = found.before[0] if found.before else ""
            if head.text == "الشهري" and not (before.startswith("ال") or before.endswith(("ه", "ها", "هم"))):
                return []  # a family name
            if before in self._context["fixed"] or (head.text in ("يوميه", "اسبوعيه") and (self._is("monthhead", before) or before in ("حسب", "بحسب"))):
                return []
        if "prefix" in found:
            half = found.parts["prefix"][0].klass == "half"
            value = {"P1M": "P15D", "P1Y": "P6M" if half else "P3M"}.get(value, value)
        return self._recur(found, value)

    def is_time_word(self, word: str) -> bool:
        """True where a word names a month or a weekday."""
        entry = self._entries.get(word)
        return entry is not None and entry.symbols[-1] in self._calendar_words


    def _set_perday(self, found: Found) -> list[Resolved]:
        after = found.after[0] if found.after else ""
        if after.startswith("ال") and after != "الي":
            return []  # «في الشهر الفضيل»
        return self._recur(found, f"P1{found.parts['unit'][0].value}")

    # ---- times of day

    def _clock(self, found: Found) -> list[Resolved]:
        parts = found.parts["hour"]
        if found.before and found.before[0] == "الساعات":
            return []
        minute = 0
        seconds = ""
        head = parts[-1] if parts[-1].klass in ("k", "f", "d") else parts[0]
        if head.klass in ("k", "f"):
            numbers = [int(number) for number in _NUMBERS.findall(head.text)]
            if len(numbers) > 3 or numbers[1] > 59:
                return []
            hour, minute = numbers[:2]
            seconds = f":{numbers[2]:02}" if len(numbers) == 3 else ""
        elif head.klass == "d":
            hour = int(str(head.value))
        else:
            hour = _number(parts)
        for name in ("minutes", "minutes2"):
            minute += self._minutes(found.get(name))
        if minute < 0:
            hour, minute = hour - 1, minute + 60
        hour = self._day_half(hour, found.get("part"))
        if not (0 <= hour <= 24 and minute < 60):
            return []
        return self._make(found, Period(f"T{hour:02}:{minute:02}{seconds}"), TimeType.TIME)

    @staticmethod
    def _minutes(parts: Sequence[Part]) -> int:
        if not parts:
            return 0
        kinds = [item.klass for item in parts]
        sign = -1 if "illa" in kinds else 1
        fraction = next((_FRACTIONS[k] for k in kinds if k in _FRACTIONS), None)
        return sign * (60 // fraction if fraction else _number(parts))

    @staticmethod
    def _day_half(hour: int, parts: Sequence[Part]) -> int:
        value = next((str(item.value) for item in parts if item.value), "")
        kinds = {item.klass for item in parts}
        if hour > 12 or not parts:
            return hour
        if "layl_d" in kinds or "am" in kinds:
            return hour % 12
        if "mim" in kinds:
            return hour % 12 + 12
        if "min" in kinds:
            value = {"MO": "am", "MI": "noon", "AF": "pm", "EV": "pm", "NI": "night"}.get(value, "")
        if value == "am":
            return hour % 12
        if value == "pm":
            return hour % 12 + 12
        if value == "noon":
            return hour if hour in (10, 11, 12) else hour + 12
        if value == "night":
            return hour + 12 if 6 <= hour < 12 else hour % 12
        return hour

    def _clock_pair(self, found: Found) -> list[Resolved]:
        return self._clock(found)

    def _middle(self, found: Found) -> list[Resolved]:
        at = found.parts["at"][0].klass
        if self._mod(found) != "MID" or at == "noon_d":
            return []
        minute = self._minutes(found.get("minutes"))
        before = found.before[0] if found.before else ""
        hour = 12 if at == "nahar_d" else 24 if before in ("الي", "حتي", "غايه", "عند", "و") and not minute else 0
        return [replace(self._make(found, Period(f"T{hour:02}:{minute:02}"), TimeType.TIME)[0], mod=None)]

    # ---- all of them

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
            if "twin" in item and _month(item.parts["twin"]) != _month(item.parts["month"]):
                # Two months side by side, not two names of one: the first stands alone.
                item = replace(item, end=item.parts["month"][-1].end, parts={k: v for k, v in item.parts.items() if k not in ("twin", "yr", "rel")})
            self._shared = self._neighbour_year(item, queue[index + 1 :], out)
            made = self._methods[item.kind](item)
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
        return out

    def _role(self, found: Found, item: Resolved) -> str:
        """What the expression does in its clause: deadline, start, event or, where nothing tells, reference."""
        near = [word for word in found.before if word not in ("يوم", "شهر", "تاريخ")][:2]
        first, second = (*near, "", "")[:2]
        if first == "منذ" or (first in ("من", "في") and self._is("start", second)) or (first != "من" and self._is("start", first)):
            return "start"
        limit = first if first not in ("في", "من", "هو", "ب") else second
        if self._is("deadline", limit) and (item.type is not TimeType.DURATION or limit not in ("قبل", "حتي")):
            ahead = self._anchor is None or item.last is None or item.last >= self._anchor
            if ahead and (limit != "خلال" or item.type is TimeType.DURATION):
                return "deadline"
        if item.type is TimeType.DATE and item.rule in _EVENTS and item.last and self._anchor and item.last <= self._anchor:
            return "event"
        return "reference"

    def _neighbour_year(self, item: Found, later: Sequence[Found], done: Sequence[Resolved]) -> _Year | None:
        """The year said by the other end of a range or list: «من 29 جانفي إلى 4 فيفري 2025»."""
        if item.kind not in ("day_month", "month") or "yr" in item or "rel" in item or "every" in item:
            return None
        month = _month(item.parts["month"])
        for other in later[:6]:
            if other.start >= item.end and other.kind in ("day_month", "month") and _LINKS.fullmatch(self._text, item.end, other.start):
                if "every" in other:
                    return _Year(None, note=EVERY_YEAR)
                if "yr" not in other:
                    return None
                year = self._year_parts(other.parts["yr"])
                if year.number is None:
                    return year
                return _Year(year.number - (1 if month > _month(other.parts["month"]) else 0), note=year.note)
        if done and done[-1].first and done[-1].rule in ("day_month", "month") and done[-1].anchor is None:
            if _LINKS.fullmatch(self._text, done[-1].end, item.start):
                first = done[-1].first
                return _Year(first.year + (1 if month < first.month else 0))
        return None


_BEFORE_SEASON = frozenset({"قبل", "حلول", "حتي", "منذ", "في"})
_QUOTES = frozenset("\"«»“”'‘’„")
_EVENTS = frozenset({"deictic", "weekday", "day_month", "numeric", "day_of_month", "hijri_day"})
_HIJRI = "Umm al-Qura; the sighted month may differ by a day"
