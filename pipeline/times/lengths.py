"""Values of durations and of recurrence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.times import values
from pipeline.times.context import NO_ANCHOR, Context, Resolved, bare, number_of
from pipeline.times.scan import Found, Part
from pipeline.times.values import Period
from pipeline.types import TimeType

FRACTIONS = {"half": 2, "quarter": 4, "third": 3}
RANK = ("TS", "TM", "TH", "D", "W", "M", "Y")
UNITS = frozenset({"unit", "units", "yawm", "shahr", "sana", "second", "sanatay", "yawmay"})
SMALLER = {"Y": (12, "M"), "M": (30, "D"), "TH": (60, "TM"), "TM": (60, "TS"), "W": (7, "D"), "D": (24, "TH")}


class Lengths(Context):
    """Resolvers of the rules of durations and sets."""

    def _length(self, found: Found) -> tuple[str, str]:
        """The number and unit of a duration, as text: («2», «W»)."""
        unit = str(found.parts["unit"][0].value) if "unit" in found else "M"
        if "num" in found:
            number = number_of(found.parts["num"])
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
        fraction = next((FRACTIONS[k] for k in kinds if k in FRACTIONS), None)
        if fraction and amount != "X" and unit in SMALLER:
            per, small = SMALLER[unit]
            if zeros:
                return f"P{int(amount) + 10**zeros // fraction}Y"
            if unit == "Y":
                return f"P{int(amount) * 12 + 12 // fraction}M"
            if unit == "D":
                return f"P{amount}DT{per // fraction}H"
            body += f"{per // fraction}{small[-1]}"
        elif any(k in UNITS for k in kinds):
            smaller = str(more[-1].value)
            body += ("T" if smaller[0] == "T" and not time else "") + f"{number_of(more[:-1])}{smaller[-1]}"
        return f"P{time}{body}"

    def _duration(self, found: Found) -> list[Resolved]:
        if "fraction" in found:
            unit, part = str(found.parts["unit"][0].value), FRACTIONS[found.parts["fraction"][0].klass]
            per, small = SMALLER[unit]
            if unit == "M" and part == 2:
                return self._span(found, "P15D")
            return self._span(found, f"P{'T' if small[0] == 'T' else ''}{per // part}{small[-1]}")
        if "unit" not in found:
            letter = str(found.parts["of"][0].value)
            return self._span(found, self._iso(str(number_of(found.parts["num"])), letter))
        length = self._length(found)
        before = found.before[0] if found.before else ""
        if before == "و" and len(found.before) > 1 and self._is("thousands", found.before[1]):
            return []
        if (
            self._text.startswith("عام", found.start)
            and found.parts["unit"][0].klass == "unit2"
            and before.endswith(("ين", "ان"))
        ):
            return []  # «مديرين عامين»: general
        if (
            before in ("رقم", "الماده", "الفقره", ".", ",", "/", "-")
            and self._text[found.start].isdigit()
            and self._text[found.start - 1 : found.start] != " "
        ):
            return []
        more = found.get("more")
        if (
            more
            and more[-1].klass in UNITS
            and {length[1], more[-1].value} <= {*RANK}
            and RANK.index(str(more[-1].value)) >= RANK.index(length[1])
        ):
            # «بين ساعتين وثلاث ساعات»: two durations
            first = replace(self._span(found, self._iso(*length))[0], end=more[0].start)
            number = next(item.start for item in more if item.klass != "conj")
            second = replace(
                self._span(found, self._iso(str(number_of(more[:-1])), str(more[-1].value)))[0], start=number
            )
            return [replace(first, end=len(self._text[: first.end].rstrip())), second]
        return self._span(found, self._iso(*length, more=more))

    def _years_ago(self, found: Found) -> list[Resolved]:
        unit = str(found.parts["unit"][0].value)
        number = number_of(found.parts["num"]) if "num" in found else 2
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
            if parts[0].text in ("يومي", "سنتي", "عامي") or not (
                self._is("spanhead", before) or (before == "ل" and parts[0].klass != "yawmay")
            ):
                return []
            return [] if after.startswith("ال") and after != "الي" else self._span(found, self._iso("X", unit))
        if "more" in found:
            return self._span(found, self._iso("1", unit))
        if parts[0].text in ("اسبوعا", "شهرا"):
            return self._span(found, self._iso("1", unit))
        if before == "ب" and parts[0].text in ("ساعه", "اسبوع"):
            return self._span(found, self._iso("1", unit))
        if klass == "yawm" and not (
            before in ("غضون", "ظرف") or found.after[:1] == ("من",) and before in ("قبل", "بعد")
        ):
            return []
        if not self._is("spanhead", before) or before == "كل":
            return []
        if klass in ("sana", "shahr") and after.startswith("ال") and after != "الي":
            return []
        return self._span(found, self._iso("1", unit))

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
        number = str(number_of(found.parts["num"])) if "num" in found else "2" if head.klass == "unit2" else "1"
        return self._recur(found, self._iso(number, unit))

    def _set_day_of_month(self, found: Found) -> list[Resolved]:
        return self._recur(found, f"XXXX-XX-{number_of(found.parts['day']):02}")

    def _set_each(self, found: Found) -> list[Resolved]:
        words = {bare(word).removesuffix("ا") for word in self._text[found.start : found.end].split()}
        return self._recur(found, f"P1{found.parts['unit'][0].value}") if len(words) == 1 else []

    def _set_weekday(self, found: Found) -> list[Resolved]:
        head = found.parts["wd"][0]
        number = {"ithnayn": 1, "ahad": 7}.get(head.klass) or int(str(head.value))
        if (
            head.klass == "ahad"
            and self._text[found.start : found.end].startswith("كل احد")
            and found.after[:1] in (("من",), ("في",))
        ):
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
            if (
                head.text == "ايام"
                or after[:1].isdigit()
                or (after.startswith("ال") and after != "الي")
                or self._is("feast", after)
                or self.is_time_word(after)
            ):
                return []
            value = "P1M" if head.klass == "shahray" else "P1D"
        else:
            value = str(head.value)
            before = found.before[0] if found.before else ""
            if head.text == "الشهري" and not (before.startswith("ال") or before.endswith(("ه", "ها", "هم"))):
                return []  # a family name
            if before in self._context["fixed"] or (
                head.text in ("يوميه", "اسبوعيه") and (self._is("monthhead", before) or before in ("حسب", "بحسب"))
            ):
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
