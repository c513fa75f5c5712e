"""The words of the page in its languages: ``translations/*.toml``, one flat table a language, the same keys in each."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.errors import LexiconError

LANGUAGES = {"ar": "العربية", "fr": "Français", "en": "English"}
"""The languages of the page, by code, each as it names itself; the first is shown where nobody chose."""

RTL = frozenset({"ar"})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. Calling it gives the words of a key, with values put in: ``t("results", n=12)``."""

    code: str
    table: Mapping[str, str]
    months: tuple[str, ...]

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return "rtl" if self.code in RTL else "ltr"

    def __call__(self, key: str, /, **values: object) -> str:
        """The words of ``key``. Raises KeyError where the table has none: a test holds the tables to the templates."""
        words = self.table[key]
        return words.format_map(values) if values else words

    def has(self, key: str) -> bool:
        """Whether the table has words for ``key``."""
        return key in self.table

    def day(self, value: str | datetime.date | None) -> str:
        """A day in words: «15 جوان 2025». What is no whole day stays as it is."""
        text = str(value or "")
        try:
            day = datetime.date.fromisoformat(text[:10])
        except ValueError:
            return self.month(text)
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    def month(self, value: str) -> str:
        """A month, as 2025-06, in words; what is none stays as it is."""
        year, _, month = value.partition("-")
        if year.isdigit() and month.isdigit() and 1 <= int(month) <= 12:
            return f"{self.months[int(month) - 1]} {year}"
        return value


@cache
def words(code: str) -> Words:
    """The words of a language. Raises :class:`LexiconError` where its table is not as the Arabic one."""
    table = _load(code)
    first = _load(next(iter(LANGUAGES)))
    faults = [f"translations/{code}.toml: the key {key!r} is missing" for key in sorted(first.keys() - table.keys())]
    faults += [f"translations/{code}.toml: no page uses {key!r}" for key in sorted(table.keys() - first.keys())]
    if faults:
        raise LexiconError(faults)
    return Words(code, table, tuple(table["months"].split()))


def _load(code: str) -> dict[str, str]:
    text = (files("pipeline.web") / "translations" / f"{code}.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}
