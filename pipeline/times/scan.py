"""Recognition: the places of a folded text where the rules of the lexicon see a calendar expression, without its value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from pipeline.times.lexicon import Entry, TimeLexicon, Value

# Letters first: most tokens are words. No group captures, so that findall gives the tokens.
_TOKEN = re.compile(
    r"[^\W\d_]+"
    r"|(?<![\d./-])(?:"
    + "|".join(
        rf"\d{{1,4}}\s{{0,2}}{sep}\s{{0,2}}\d{{1,2}}\s{{0,2}}{sep}\s{{0,2}}\d{{1,4}}" for sep in ("-", "/", r"\.")
    )
    + r")(?![\d]|[./-]\d)"  # 14/03/2025
    r"|(?<![\d./-])(?:1[0-9]|20)\d\d ?[-–/] ?\d{2,4}(?![\d]|[./-]\d)"  # 2024/2025, 2016 - 2020
    r"|\d+(?:[-/.:,–]\d+)*|\n|[^\w\s]|_"
)
_DATE = re.compile(r"(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})")
_YEARS = re.compile(r"((?:1[3-4]|19|20)\d\d) ?[-–/] ?((?:1[3-4]|19|20)\d\d|\d\d)")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?")
_DAYS = re.compile(r"(\d{1,2})[-–/](\d{1,2})")
_DECIMAL = re.compile(r"\d+[.,]\d+(?:[.,]\d+)*")
_MARKS = {
    "،": "comma",
    ",": "comma",
    "/": "slash",
    "-": "dash",
    "–": "dash",
    "(": "lpar",
    ")": "rpar",
    "[": "lpar",
    "]": "rpar",
    ":": "colon",
    "\n": "nl",
}
_KEPT = 300_000
_DIGITS = 30  # what is longer is no part of a date


def _number_class(text: str) -> str:
    if text.isdecimal():
        number = int(text)
        if len(text) <= 2:
            return "d" if 1 <= number <= 31 else "q"
        if len(text) == 4 and 1700 <= number <= 2100:
            return "y"
        return "hy" if len(text) == 4 and 1300 <= number < 1500 else "q" if text[0] != "0" and len(text) < 7 else "x"
    if _DATE.fullmatch(text):
        return "nd"
    if m := _YEARS.fullmatch(text):
        first, last = int(m[1]), int(m[2])
        last = last if last > 99 else first // 100 * 100 + last
        if first < 1900:
            return "hyy" if last == first + 1 else "x"
        return "yy" if first < last <= first + 60 or (first == last + 1 and "/" in text) else "x"
    if _CLOCK.fullmatch(text):
        return "k"
    if (m := _DAYS.fullmatch(text)) and 1 <= int(m[1]) < int(m[2]) <= 31:
        return "dd"
    return "f" if _DECIMAL.fullmatch(text) else "x"


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a find: its class, its value in the lexicon, its letters without clitics, and their offsets in the view."""

    klass: str
    value: Value
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """An expression: the kind of its rule, its offsets in the folded view, its parts by captured name.

    ``before`` and ``after`` are the folded words around it, nearest first, at most four, within its line; a
    clitic before the first word counts as a word.
    """

    kind: str
    start: int
    end: int
    parts: Mapping[str, tuple[Part, ...]]
    before: tuple[str, ...]
    after: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.parts

    def get(self, name: str) -> tuple[Part, ...]:
        """The parts captured under ``name``, empty where there are none."""
        return self.parts.get(name, ())


class _Symbols(dict[str, Entry]):
    """Entry by word; an unknown word is looked at once."""

    def __init__(self, lexicon: TimeLexicon) -> None:
        super().__init__(lexicon.entries)
        self._classes = lexicon.symbols
        self.other = Entry(lexicon.symbols["x"], 0, None)

    def __missing__(self, word: str) -> Entry:
        if len(self) > _KEPT:
            return self._look(word)
        entry = self[word] = self._look(word)
        return entry

    def _look(self, word: str) -> Entry:
        if word[0].isdecimal() and len(word) <= _DIGITS:
            return Entry(self._classes[_number_class(word)], 0, int(word) if word.isdecimal() else word)
        if word in _MARKS:
            return Entry(self._classes[_MARKS[word]], 0, None)
        return self.other


class Scanner:
    """Finds the candidates of all rules in a folded text.

    >>> from pipeline.times.lexicon import default
    >>> [(f.kind, "قبل 5 ديسمبر القادم"[f.start : f.end]) for f in Scanner(default()).scan("قبل 5 ديسمبر القادم")][0]
    ('day_month', '5 ديسمبر القادم')
    """

    def __init__(self, lexicon: TimeLexicon) -> None:
        self._lexicon = lexicon
        self._entries = _Symbols(lexicon)
        self._names = {symbol: name for name, symbol in lexicon.symbols.items()}
        quiet = "".join(
            lexicon.symbols[name]
            for name in (
                "x",
                "conj",
                "prep",
                "comma",
                "slash",
                "dash",
                "lpar",
                "rpar",
                "colon",
                "nl",
                "min",
                "fi",
                "ila",
                "qabl",
                "baad",
            )
        )
        self._any = re.compile(f"[^{quiet}]")

    def scan(self, text: str) -> list[Found]:
        """All candidates, in the order of the rules; they may overlap."""
        look, other = self._entries.__getitem__, self._entries.other
        # No rule reaches over an unknown word: of a run of them one is enough. ``places``: indexes into ``tokens``.
        places, found, gap = [], [], False
        for index, entry in enumerate(map(look, _TOKEN.findall(text))):
            if entry is not other or not gap:
                places.append(index)
                found.append(entry)
                gap = entry is other
        line = "".join([entry.symbols for entry in found])
        if not self._any.search(line):
            return []
        tokens = list(_TOKEN.finditer(text))
        ends = list(accumulate([len(entry.symbols) for entry in found]))
        names, out = self._names, []

        def owner(index: int) -> int:
            return bisect_right(ends, index)

        def offset(index: int) -> int:
            token = owner(index)
            entry = found[token]
            place = index - (ends[token] - len(entry.symbols))
            # The class itself stands last; before it, one character a clitic.
            return tokens[places[token]].start() + (entry.clitic if place == len(entry.symbols) - 1 else place)

        def parts(start: int, end: int) -> tuple[Part, ...]:
            kept = []
            for index in range(start, end):
                token = owner(index)
                last = index == ends[token] - 1
                at = offset(index)
                stop = tokens[places[token]].end() if last else at + 1
                kept.append(Part(names[line[index]], found[token].value if last else None, text[at:stop], at, stop))
            return tuple(kept)

        def words(indexes: range, clitics: str = "") -> tuple[str, ...]:
            near = list(reversed(clitics))
            for index in indexes:
                word = tokens[index][0]
                if word == "\n":
                    break
                near.append(word)
                if len(near) == 4:
                    break
            return tuple(near)

        for rule in self._lexicon.rules:
            for match in rule.pattern.finditer(line):
                first, last = places[owner(match.start())], places[owner(match.end() - 1)]
                start = offset(match.start())
                out.append(
                    Found(
                        rule.name,
                        start,
                        tokens[last].end(),
                        {
                            name.split("__")[0]: parts(*match.span(name))
                            for name, value in match.groupdict().items()
                            if value
                        },
                        words(range(first - 1, -1, -1), text[tokens[first].start() : start]),
                        words(range(last + 1, len(tokens))),
                    )
                )
        return out
