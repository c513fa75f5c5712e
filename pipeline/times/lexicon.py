"""The words and rules of calendar expressions, read from ``models/lexicon/times.toml`` and ``times_rules.toml``.

Every class of words is given one character; a rule becomes a regular expression over such characters, so that a text is
matched one character a word. The loader reports all faults of a file at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from pipeline.errors import LexiconError
from pipeline.normalize import fold
from pipeline.resources import model_file

Value = int | str | None

# Classes that the scanner gives to digits, clitics and marks; the words of all others stand in the data.
BUILT_IN = tuple("x conj prep d y hy q f nd dd k yy hyy al comma slash dash lpar rpar colon nl".split())
CONTEXTS = frozenset(
    "yearhead counted place place_d noweekday spanhead monthhead future past not_future deadline start urgent elsewhere season feast general fixed lengthday dayhead paper festive article generic seasonhead thousands newyear tournament".split()
)
# What a rule may be named: each has its method in pipeline.times.resolve.
KINDS = frozenset(
    (
        "bare_season bare_unit bare_year century clock clock_pair day_list day_month day_of_month day_range decade "
        "deictic duration first_months half_month hijri_day hijri_month hijri_range hijri_year middle month month_range night "
        "numeric part same_day season set set_adverb set_day_of_month set_daypart set_each set_perday set_season "
        "set_times set_week set_weekday this_month this_part vague week week_of_month weekday year year_list year_span "
        "years_ago"
    ).split()
)
_CLITICS = ("و", "ف", "ب", "ل", "ك")
_NAME = re.compile(r"\(\?P<\w+>|[A-Za-z_][A-Za-z0-9_]*")
_CAPTURE = re.compile(r"(\w+)=\(")
_GROUP = re.compile(r"\(\?P<(\w+)>")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one written word is: the characters of its clitics and its class, how long the clitics are, and its value."""

    symbols: str
    clitic: int
    value: Value


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of expression and its regular expression over class characters."""

    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class TimeLexicon:
    """Entries by folded word with its clitics, the character of each class, the rules in order, and the context lists."""

    entries: Mapping[str, Entry]
    symbols: Mapping[str, str]
    rules: tuple[Rule, ...]
    context: Mapping[str, frozenset[str]]


def _with_clitics(word: str, symbols: Mapping[str, str], allowed: frozenset[str]) -> Iterator[tuple[str, str, int]]:
    """Written forms of a word: (form, characters of the clitics, length of the clitics)."""
    for conj in ("", *sorted(allowed & {"و", "ف"})):
        lead = symbols["conj"] if conj else ""
        yield conj + word, lead, len(conj)
        for prep in sorted(allowed & {"ب", "ل", "ك"}):
            # ل + ال is written لل: the stem then starts after the first lam.
            if prep == "ل" and word.startswith("ال"):
                yield conj + "لل" + word[2:], lead + symbols["prep"], len(conj) + 1
            yield conj + prep + word, lead + symbols["prep"], len(conj) + 1


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomli.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError([f"{path.name}: {error}"]) from None


def _word_faults(data: Mapping[str, Any]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for name, spec in data.get("classes", {}).items():
        if name in BUILT_IN:
            yield f"times.toml: class '{name}' is built in; give it another name"
        words = spec.get("words")
        if not words or not all(isinstance(word, str) and word.strip() for word in words):
            yield f"times.toml: class '{name}' has no list or table 'words'"
            continue
        for clitic in set(spec.get("clitics", [])) - set(_CLITICS):
            yield f"times.toml: class '{name}' has clitic '{clitic}'; valid: {' '.join(_CLITICS)}"
        for word in {fold(word) for word in words}:
            if word in seen:
                yield f"times.toml: «{word}» stands in the classes '{seen[word]}' and '{name}'; a word has one class"
            seen[word] = name
    context = data.get("context", {})
    for name in context.keys() ^ CONTEXTS:
        yield f"times.toml: context list '{name}' is {'unknown' if name in context else 'missing'}; valid: {', '.join(sorted(CONTEXTS))}"


def _rules(data: Mapping[str, Any], symbols: Mapping[str, str], faults: list[str]) -> Iterator[Rule]:
    """The rules in order; what is wrong with them is added to ``faults``."""
    macros = data.get("macros", {})
    texts = [(f"macro {name}", text) for name, text in macros.items()]
    for number, rule in enumerate(data.get("rule", []), 1):
        if rule.get("name") not in KINDS:
            faults.append(
                f"times_rules.toml: rule {number} is named '{rule.get('name')}'; valid: {', '.join(sorted(KINDS))}"
            )
        texts.append((f"rule {number} ({rule.get('name')})", rule.get("pattern", "")))
    unknown = False
    for where, text in texts:
        for name in _NAME.findall(_CAPTURE.sub(r"(?P<\1>", text)):
            if not name.startswith("(?P<") and name not in symbols and name not in macros:
                unknown = True
                faults.append(f"times_rules.toml: {where} speaks of '{name}', which is neither a class nor a macro")
    for number, rule in enumerate(data.get("rule", []) if not unknown else [], 1):
        try:
            yield Rule(rule.get("name"), _compile(rule.get("pattern", ""), macros, symbols))
        except re.error as error:
            faults.append(f"times_rules.toml: rule {number} ({rule.get('name')}) is no regular expression: {error}")


def _compile(pattern: str, macros: Mapping[str, str], symbols: Mapping[str, str]) -> re.Pattern[str]:
    """A rule as a regular expression. A name that captures at several places is numbered: ``yr__1``, ``yr__2``."""

    def name(match: re.Match[str]) -> str:
        word = match[0]
        if word.startswith("(?P<"):
            return word
        if word in macros:
            return "(?:" + _NAME.sub(name, _CAPTURE.sub(r"(?P<\1>", macros[word])) + ")"
        return symbols[word]

    seen: Counter[str] = Counter()

    def once(match: re.Match[str]) -> str:
        seen[match[1]] += 1
        return f"(?P<{match[1]}__{seen[match[1]]}>"

    text = _NAME.sub(name, _CAPTURE.sub(r"(?P<\1>", pattern)).replace(" ", "")
    return re.compile(_GROUP.sub(once, re.sub(r"\((?!\?)", "(?:", text)))


def read(words_file: Path, rules_file: Path) -> TimeLexicon:
    """The lexicon in two files. Raises LexiconError with all faults."""
    data, grammar = _read(words_file), _read(rules_file)
    classes = data.get("classes", {})
    symbols = {name: chr(0xE000 + i) for i, name in enumerate((*BUILT_IN, *classes))}
    faults = [*_word_faults(data)]
    rules = tuple(_rules(grammar, symbols, faults))
    if faults:
        raise LexiconError(faults)
    entries: dict[str, Entry] = {}
    derived: dict[str, Entry] = {}
    for name, spec in classes.items():
        allowed = frozenset(spec.get("clitics", _CLITICS))
        values: Mapping[str, Value] = spec["words"] if isinstance(spec["words"], dict) else dict.fromkeys(spec["words"])
        for word, value in values.items():
            for form, lead, clitic in _with_clitics(fold(word), symbols, allowed):
                (derived if clitic else entries).setdefault(form, Entry(lead + symbols[name], clitic, value))
    for letters, lead in (("و", "conj"), ("ب", "prep"), ("ل", "prep"), ("ك", "prep"), ("ال", "al")):
        entries.setdefault(letters, Entry(symbols[lead], 0, None))
    for letters in ("وب", "ول", "بال", "لل", "وال"):
        derived.setdefault(letters, Entry(symbols["prep"], 0, None))
    return TimeLexicon(
        entries={**derived, **entries},
        symbols=symbols,
        rules=rules,
        context={name: frozenset(map(fold, words)) for name, words in data["context"].items()},
    )


@cache
def default() -> TimeLexicon:
    """The lexicon that ships with the package."""
    return read(model_file("lexicon/times.toml"), model_file("lexicon/times_rules.toml"))
