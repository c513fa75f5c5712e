"""What every resolver of an expression needs: the text around it, the day it hangs on, its tense, and the year left unsaid."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.times import values
from pipeline.times.lexicon import TimeLexicon
from pipeline.times.scan import Found, Part
from pipeline.times.values import Day, Period
from pipeline.types import TimeType

EVERY_YEAR = "a day of every year"
YEAR_LENT = "the year is that of another date of the text"
NO_ANCHOR = "the day of the document is not known"
HIJRI = "Umm al-Qura; the sighted month may differ by a day"
REF = {-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}
NUMBERS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!؟\n؛](?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_QUOTES = frozenset("\"«»“”'‘’„")


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
class Year:
    """The year that an expression states: a number, or a pair (2024/2025), or none that can be known."""

    number: int | None
    pair: str | None = None
    note: str = ""


def bare(word: str) -> str:
    """A word without a conjunction or preposition of one letter, for context lists."""
    return word[1:] if len(word) > 2 and word[0] in "وفبل" else word


def number_of(parts: Sequence[Part]) -> int:
    """The number that number words or digits say: مائة وخمسون, خمسة عشر, 48."""
    total = 0
    for index, item in enumerate(parts):
        if not isinstance(item.value, int):
            continue
        total += item.value
        if item.klass in ("d", "q", "y", "hy") and index == 0 and len(parts) == 1:
            return item.value
    return total


def month_of(parts: Sequence[Part]) -> int:
    head = parts[0]
    if head.klass == "dhu":
        return int(parts[1].value or 0)
    assert isinstance(head.value, int)
    if head.klass == "month2":
        return (head.value + int(parts[1].value or 1) - 2) % 12 + 1
    if head.klass == "hmonth2":
        return head.value + (1 if int(parts[1].value or 1) > 1 else 0)
    return head.value


def two_numbers(text: str) -> tuple[int, int]:
    first, second = (int(number) for number in NUMBERS.findall(text)[:2])
    return first, second


class Context:
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
        self._last: Resolved | None = None
        self._last_day: Resolved | None = None
        self._shared: Year | None = None

    def _is(self, name: str, word: str) -> bool:
        words = self._context[name]
        return word in words or bare(word) in words

    def tense(self, start: int) -> int:
        """Whether the clause around an offset looks ahead (1) or back (-1); 0 where nothing tells."""
        past, future, not_future = (self._context[name] for name in ("past", "future", "not_future"))
        words = _WORD.findall(_SENTENCE_END.split(self._text[max(0, start - 110) : start])[-1])
        following = ""
        for word in reversed(words):
            bare = word[1:] if word[0] in "وف" and len(word) > 3 else word
            if bare in ("الذي", "التي") and following[:1] not in ("", "ي", "ت", "س", "ن", "ل"):
                return -1
            if bare == "ان" and (
                following[:1] == "ي" or "علي" in words[max(0, words.index(word) - 1) : words.index(word)]
            ):
                return 1
            if bare == "قد" and following[:1] in "يت":
                return 1  # «قد تتجاوز»: may exceed
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

    def _year_parts(self, parts: Sequence[Part]) -> Year:
        """The year of a phrase: 2025, سنة 2025, السنة المقبلة, هذه السنة, السنة نفسها."""
        for item in parts:
            if item.klass == "y":
                return Year(int(str(item.value)))
            if item.klass == "yy":
                first, second = two_numbers(item.text)
                second = second if second > 99 else first // 100 * 100 + second
                return Year(first, f"{min(first, second)}/{max(first, second)}")
        classes = [item.klass for item in parts]
        if "same" in classes or "self" in classes:
            if self._last is not None and self._last.first is not None:
                return Year(self._last.first.year)
            return Year(None, note="no year before it to refer to")
        if self._anchor is None:
            return Year(None, note=NO_ANCHOR)
        if classes[-1] == "sana_d":
            return Year(self._anchor.year)
        if "new" in classes:
            return Year(self._anchor.year + (1 if self._anchor.month > 9 else 0))
        return Year(self._anchor.year + self._shift(parts))

    @staticmethod
    def _shift(parts: Sequence[Part]) -> int:
        """Steps back or ahead: الماضي -1, المقبل 1, قبل الماضي -2."""
        steps = next(
            (
                item.value
                for item in parts
                if isinstance(item.value, int) and item.klass in ("past", "last", "next", "now", "after")
            ),
            0,
        )
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

    def _nearest(
        self, make: Callable[[int], Period | None], tense: int, strict: int = 0, firm: bool = False
    ) -> Period | None:
        """Of the periods of the years around the anchor, the one that the tense or, failing it, nearness picks.

        ``firm``: the tense is sure («منذ»). ``strict`` -1 or 1: wholly before or after the anchor («ديسمبر الفارط», «جانفي المقبل»).
        """
        anchor = self._anchor or self._near
        assert anchor is not None
        options = [p for p in (make(anchor.year + k) for k in (-1, 0, 1)) if p is not None and p.first and p.last]

        def distance(period: Period) -> int:
            assert period.first
            assert period.last
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
        return (
            nearest if short and not (strict or firm) and distance(chosen) > 240 and distance(nearest) < 75 else chosen
        )

    def _in_year(
        self, found: Found, make: Callable[[int | None], Period | None]
    ) -> tuple[Period | None, str | None, str]:
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
        if self._anchor is None and (self._near is None or "rel" in found):
            return make(None), None, NO_ANCHOR
        if self._anchor is None and self._near is not None:
            return self._nearest(make, 0), self._near.isoformat(), YEAR_LENT
        since = bool(found.before) and found.before[0] == "منذ"
        return self._nearest(make, -1 if since else self.tense(found.start), firm=since), self._anchored(), ""

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
        return (
            first.startswith("ال")
            and bool(rest)
            and self._is("place_d", rest[0])
            and first not in self._context["past"]
        )

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
