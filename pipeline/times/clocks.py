"""Values of times of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.times.context import NUMBERS, Context, Resolved, number_of
from pipeline.times.scan import Found, Part
from pipeline.times.values import Period
from pipeline.types import TimeType

FRACTIONS = {"half": 2, "quarter": 4, "third": 3}


class Clocks(Context):
    """Resolvers of the rules of clock times."""

    def _clock(self, found: Found) -> list[Resolved]:
        parts = found.parts["hour"]
        if found.before and found.before[0] == "الساعات":
            return []
        minute = 0
        seconds = ""
        head = parts[-1] if parts[-1].klass in ("k", "f", "d") else parts[0]
        if head.klass in ("k", "f"):
            numbers = [int(number) for number in NUMBERS.findall(head.text)]
            if len(numbers) > 3 or numbers[1] > 59:
                return []
            hour, minute = numbers[:2]
            seconds = f":{numbers[2]:02}" if len(numbers) == 3 else ""
        elif head.klass == "d":
            hour = int(str(head.value))
        else:
            hour = number_of(parts)
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
        fraction = next((FRACTIONS[k] for k in kinds if k in FRACTIONS), None)
        return sign * (60 // fraction if fraction else number_of(parts))

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
