"""Recognition: the places of a folded text where the rules of the lexicon see a calendar expression, without its value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

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
        entry = self._look(word)
        if len(self) < _KEPT:
            self[word] = entry
        return entry

    def _look(self, word: str) -> Entry:
        if word[0].isdecimal() and len(word) <= _DIGITS:
            return Entry(self._classes[_number_class(word)], 0, int(word) if word.isdecimal() else word)
        if word in _MARKS:
            return Entry(self._classes[_MARKS[word]], 0, None)
        return self.other


class _Shapes(dict[str, str]):
    """By word one character: ``x`` for an unknown one, ``+`` where one of its symbols can make an expression, ``-`` where none can without others."""

    def __init__(self, entries: _Symbols, quiet: frozenset[str]) -> None:
        super().__init__()
        self._entries, self._quiet = entries, quiet

    def __missing__(self, word: str) -> str:
        entry = self._entries[word]
        shape = "x" if entry is self._entries.other else "-" if self._quiet.issuperset(entry.symbols) else "+"
        if len(self) < _KEPT:
            self[word] = shape
        return shape


_RUN = re.compile(r"-*\+[-+]*")
# Symbols that no rule matches alone.
_QUIET = "x conj prep comma slash dash lpar rpar colon nl min fi ila qabl baad".split()
_SHORT = 64  # symbols of the longest run that is remembered


class _Match(NamedTuple):
    """A rule that matches in a run: its number, offsets into the symbols of the run, and those of its named groups."""

    rule: int
    start: int
    end: int
    groups: tuple[tuple[str, int, int], ...]


class _Run:
    """Known words in a row, between an unknown one on each side; their symbols, and where each word's end in them."""

    __slots__ = ("_ends", "_entries", "_names", "_starts", "_text", "_words", "first", "line")

    def __init__(
        self,
        text: str,
        words: list[str],
        starts: list[int],
        first: int,
        entries: list[Entry],
        line: str,
        names: Mapping[str, str],
    ) -> None:
        self._text, self._words, self._starts = text, words, starts
        self.first, self._entries, self.line, self._names = first, entries, line, names
        self._ends = list(accumulate([len(entry.symbols) for entry in entries]))

    def token(self, index: int) -> int:
        """Which token of the text a symbol is of."""
        return self.first + bisect_right(self._ends, index)

    def offset(self, index: int) -> int:
        """Where a symbol starts in the text. The class of a word stands last; before it, one symbol a letter of its clitics."""
        at = bisect_right(self._ends, index)
        entry = self._entries[at]
        place = index - (self._ends[at] - len(entry.symbols))
        return self._starts[self.first + at] + (entry.clitic if place == len(entry.symbols) - 1 else place)

    def end(self, token: int) -> int:
        """Where a token of the text ends."""
        return self._starts[token] + len(self._words[token])

    def parts(self, start: int, end: int) -> tuple[Part, ...]:
        """The words and clitics of a group."""
        kept = []
        for index in range(start, end):
            at = bisect_right(self._ends, index)
            last = index == self._ends[at] - 1
            begin = self.offset(index)
            stop = self.end(self.first + at) if last else begin + 1
            value = self._entries[at].value if last else None
            kept.append(Part(self._names[self.line[index]], value, self._text[begin:stop], begin, stop))
        return tuple(kept)


class Scanner:
    """Finds the candidates of all rules in a folded text.

    >>> from pipeline.times.lexicon import default
    >>> [(f.kind, "قبل 5 ديسمبر القادم"[f.start : f.end]) for f in Scanner(default()).scan("قبل 5 ديسمبر القادم")][0]
    ('day_month', '5 ديسمبر القادم')
    """

    def __init__(self, lexicon: TimeLexicon) -> None:
        self._lexicon = lexicon
        self._entries = _Symbols(lexicon)
        self._shapes = _Shapes(self._entries, frozenset(lexicon.symbols[name] for name in _QUIET))
        self._names = {symbol: name for name, symbol in lexicon.symbols.items()}
        self._remembered = lru_cache(maxsize=1 << 14)(self._match)

    def scan(self, text: str) -> list[Found]:
        """All candidates, in the order of the rules; they may overlap."""
        words, starts = _TOKEN.findall(text), list[int]()
        # No rule reaches over an unknown word: what is matched are runs of known ones. Most runs were met before.
        found: list[tuple[_Match, int, _Run]] = []
        reach = 0
        for known in _RUN.finditer("".join(map(self._shapes.__getitem__, words))):
            first, last = max(0, known.start() - 1), known.end() + 1
            entries = list(map(self._entries.__getitem__, words[first:last]))
            line = "".join([entry.symbols for entry in entries])
            if matches := self._remembered(line) if len(line) <= _SHORT else self._match(line):
                run = _Run(text, words, starts, first, entries, line, self._names)
                found += [(match, first, run) for match in matches]
                reach = last
        if found:
            starts += _places(text, words[:reach])
        found.sort(key=lambda item: (item[0].rule, item[1]))
        return [self._found(text, words, starts, match, run) for match, _, run in found]

    def _match(self, line: str) -> tuple[_Match, ...]:
        return tuple(
            _Match(
                number,
                *match.span(),
                tuple((name.split("__")[0], *match.span(name)) for name, value in match.groupdict().items() if value),
            )
            for number, rule in enumerate(self._lexicon.rules)
            for match in rule.pattern.finditer(line)
        )

    def _found(self, text: str, words: list[str], starts: list[int], match: _Match, run: _Run) -> Found:
        first, last, start = run.token(match.start), run.token(match.end - 1), run.offset(match.start)
        return Found(
            self._lexicon.rules[match.rule].name,
            start,
            run.end(last),
            {name: run.parts(begin, end) for name, begin, end in match.groups},
            _near(reversed(words[max(0, first - 4) : first]), text[starts[first] : start]),
            _near(words[last + 1 : last + 5]),
        )


def _places(text: str, words: Iterable[str]) -> list[int]:
    """Where each token of a text starts. Between two there is white space only, so that the next place that reads like one is it."""
    at, found, find = 0, list[int](), text.index
    for word in words:
        at = find(word, at)
        found.append(at)
        at += len(word)
    return found


def _near(words: Iterable[str], clitics: str = "") -> tuple[str, ...]:
    """At most four words, clitics first, up to the end of the line."""
    near = list(reversed(clitics))
    for word in words:
        if word == "\n" or len(near) >= 4:
            break
        near.append(word)
    return tuple(near)
