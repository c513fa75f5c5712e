"""The lexicon of directives: triggers with all their inflected forms, and the closed word classes around them.

Data in ``models/lexicon/*.toml`` (see ``models/lexicon/README.md``). The loader reports every fault of a file at once, with the
id of the entry and the valid values. Strings are folded (:func:`pipeline.normalize.fold`) when they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from pipeline.errors import LexiconError
from pipeline.normalize import fold
from pipeline.resources import models_dir
from pipeline.types import Force

FRAMES = frozenset(
    "subject ila_avoid waw min min_an min_ajl min_verb min_object ala_an ala_bi ala_fi ala_object self_an self_object self_bi task qadiya laying nahw fi bi bi_an bi_need ala ala_need ila ila_need li an an_duty object object_need an_prep instructions list verb".split()
)
ADDRESSEES = frozenset("object subject self min ila li ala bi genitive none".split())
CLASSES = ("perfect", "imperfect", "participle", "passive_participle", "masdar", "forms")
_PRONOUNS = ("ه", "ها", "هم", "هما", "هن", "كم", "نا", "ني")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of our own with what must be found in it; ``why`` is given for counter-examples, which must give nothing."""

    text: str
    trigger: str = ""
    instructions: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A lexeme that can carry a directive."""

    id: str
    lemma: str
    force: Force
    frames: frozenset[str]
    addressee: frozenset[str]
    polarity: str = "do"
    kind: str = "trigger"
    """trigger | duty (its place as trigger goes to a verb of saying above it) | saying (a trigger only above a duty clause)."""
    negated: str = ""
    """What a negation before a duty word makes of it: avoid, or none (no directive)."""
    recalled: bool = False
    needs_addressee: bool = False
    """True for verbs that always have somebody told to act beside them (كلف، ألزم)."""
    is_noun: bool = False
    """True for nouns that name an instruction («التعليمة القاضية بـ»)."""
    requires_before: frozenset[str] = frozenset()
    requires_before_masdar: frozenset[str] = frozenset()
    requires_after: frozenset[str] = frozenset()
    blocked_before: frozenset[str] = frozenset()
    blocked_after: frozenset[str] = frozenset()
    light_nouns: frozenset[str] = frozenset()
    laying_nouns: frozenset[str] = frozenset()
    """Masdars that lay a task on somebody (تكليف، إلزام), after a verb of decision."""
    examples: tuple[Example, ...] = ()
    counters: tuple[Example, ...] = ()

    @property
    def duty(self) -> bool:
        """True for duty words."""
        return self.kind == "duty"


@dataclass(frozen=True, slots=True)
class Form:
    """One inflected form of a trigger: its word class, the pronoun that hangs on it, and the further words it needs."""

    trigger: Trigger
    klass: str
    pronoun: str = ""
    rest: tuple[str, ...] = ()

    @property
    def verbal(self) -> bool:
        """True for verbs and participles; nouns of instruction, masdars and duty words are none."""
        return self.klass in ("perfect", "imperfect", "participle") or (
            self.klass == "forms" and not self.trigger.is_noun and self.trigger.kind == "trigger"
        )


def _with_pronouns(stem: str) -> Iterator[tuple[str, str]]:
    yield stem, ""
    for pronoun in _PRONOUNS:
        yield stem + pronoun, pronoun


def perfect(stem: str) -> Iterator[tuple[str, str]]:
    """Folded forms of a perfect given its 3rd masculine singular, with object pronouns.

    >>> {"طالبت", "طالبوا", "طالبهم"} <= {form for form, _ in perfect("طالب")}
    True
    >>> {"اوصت", "اوصوا", "اوصاهم"} <= {form for form, _ in perfect("اوصي")}
    True
    """
    yield stem, ""
    if stem[-1] in "يا":
        base, glide = stem[:-1], "ي" if stem[-1] == "ي" else "و"
        yield base + "وا", ""
        yield base + glide + "ا", ""
        yield base + glide + "نا", ""
        yield base + glide + "ت", ""
        yield from ((base + "ا" + p, p) for p in _PRONOUNS)
        yield from _with_pronouns(base + "ت")
    else:
        yield from ((stem + p, p) for p in _PRONOUNS)
        yield stem + "وا", ""
        yield stem + "ا", ""
        yield stem + "تا", ""
        yield stem + "ن", ""
        yield stem + "نا", ""
        yield from _with_pronouns(stem + "ت")


def imperfect(stem: str) -> Iterator[tuple[str, str]]:
    """Folded forms of an imperfect given what follows the person prefix."""
    for person in "يتنا":
        word = person + stem
        yield from _with_pronouns(word)
        base = word[:-1] if stem[-1] in "يو" else word
        for suffix in ("ون", "وا", "ين", "ان", "ن"):
            yield base + suffix, ""


def participle(stem: str) -> Iterator[tuple[str, str]]:
    """Folded forms of a participle: case, gender and number endings. A weak one is given with its ya (داعي)."""
    base = stem[:-1] if stem.endswith("ي") else stem
    yield from (
        (form, "")
        for form in {
            base,
            stem,
            stem + "ا",
            stem + "ه",
            stem + "تين",
            base + "ين",
            base + "ون",
            stem + "ان",
            stem + "ات",
            base + "و",
            base + "ي",
        }
    )


def masdar(stem: str) -> Iterator[tuple[str, str]]:
    """Folded forms of a masdar: article and possessive pronouns (ه of the feminine becomes ت before them)."""
    yield stem, ""
    yield "ال" + stem, ""
    bound = stem[:-1] + "ت" if stem.endswith("ه") else stem
    yield from ((bound + p, p) for p in ("ه", "ها", "هم", "هما", "نا", "كم"))


_INFLECT = {
    "perfect": perfect,
    "imperfect": imperfect,
    "participle": participle,
    "passive_participle": participle,
    "masdar": masdar,
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All triggers by inflected form (the conjunctions و and ف included), and the word classes of ``duty.toml`` by name."""

    triggers: tuple[Trigger, ...]
    forms: Mapping[str, tuple[Form, ...]]
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    phrases: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]] = field(default_factory=dict)
    """For each class, its phrases (tuples of words) by their first word."""
    opens: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    """Memo of ``directives.candidates``: what an act can have to do with a word form."""

    @property
    def command(self) -> Form:
        """The reading of a quoted imperative, which is recognised by shape."""
        return Form(next(t for t in self.triggers if t.kind == "imperative"), "imperative")

    def is_in(self, klass: str, word: str) -> bool:
        """True where the folded ``word`` belongs to the word class ``klass``."""
        return word in self.words[klass]


def _index(triggers: Iterable[Trigger], data: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[Form, ...]]:
    index: dict[str, list[Form]] = {}

    def add(word: str, form: Form) -> None:
        for lead in ("", "و", "ف"):
            forms = index.get(lead + word)
            if forms is None:
                index[lead + word] = [form]
            elif form not in forms:
                forms.append(form)

    for trigger in triggers:
        entry = data[trigger.id]
        if trigger.kind == "imperative":
            continue
        dropped = _words(entry, "not_forms")
        for klass, inflect in _INFLECT.items():
            made: dict[str, Form] = {}  # by pronoun
            for stem in entry.get(klass, []):
                for word, pronoun in inflect(fold(stem)):
                    if word in dropped:
                        continue
                    form = made.get(pronoun) or made.setdefault(pronoun, Form(trigger, klass, pronoun))
                    add(word, form)
                    if klass == "imperfect":
                        add("ل" + word, form)
                    if klass == "masdar":
                        add("ب" + word, form)
                        add("ل" + word, form)
                        if not pronoun:
                            add("لل" + word, form)
        for text in entry.get("forms", []):
            first, *rest = fold(text).split()
            form = Form(trigger, "forms", "", tuple(rest))
            add(first, form)
            if trigger.is_noun:
                for lead in ("ب", "ل"):
                    add(lead + (first[1:] if lead == "ل" and first.startswith("ال") else first), form)
            elif not rest and first[0] in "يتنا":
                add("ل" + first, form)
        for stem in entry.get("pronoun_stems", []):
            for pronoun in _PRONOUNS:
                if fold(stem) + pronoun in dropped:
                    continue
                add(fold(stem) + pronoun, Form(trigger, "forms", pronoun))
    return {word: tuple(forms) for word, forms in index.items()}


_LIST_KEYS = frozenset(
    {*CLASSES, "frames", "addressee", "requires_before", "requires_before_masdar", "requires_after", "blocked_before", "blocked_after", "light_nouns",
     "laying_nouns", "not_forms", "pronoun_stems"}
)  # fmt: skip
_KEYS = _LIST_KEYS | {
    "id",
    "lemma",
    "gloss",
    "force",
    "note",
    "recalled",
    "needs_addressee",
    "noun",
    "polarity",
    "negated",
    "example",
    "counter",
}
_KINDS = ("duty", "saying", "imperative")


def _faults(entry: Mapping[str, Any], seen: set[str]) -> Iterator[str]:
    name = entry.get("id", "(no id)")
    for key in ("id", "lemma", "force", "frames"):
        if not entry.get(key):
            yield f"{name}: '{key}' is missing"
    if name in seen:
        yield f"{name}: the id stands twice"
    for key in entry.keys() - _KEYS - {"kind"}:
        yield f"{name}: unknown key '{key}'; valid: {', '.join(sorted(_KEYS))}"
    for key in _LIST_KEYS & entry.keys():
        if not isinstance(entry[key], list) or not all(isinstance(x, str) and x.strip() for x in entry[key]):
            yield f"{name}: '{key}' must be a list of words"
    if entry.get("force") not in list(Force):
        yield f"{name}: force '{entry.get('force')}'; valid: {', '.join(Force)}"
    for frame in set(entry.get("frames", [])) - FRAMES:
        yield f"{name}: frame '{frame}'; valid: {', '.join(sorted(FRAMES))}"
    for place in set(entry.get("addressee", [])) - ADDRESSEES:
        yield f"{name}: addressee '{place}'; valid: {', '.join(sorted(ADDRESSEES))}"
    if entry.get("polarity", "do") not in ("do", "avoid"):
        yield f"{name}: polarity '{entry['polarity']}'; valid: do, avoid"
    if not any(entry.get(klass) for klass in (*CLASSES, "pronoun_stems")):  # imperatives are read by shape
        yield f"{name}: no form at all; give one of {', '.join((*CLASSES, 'pronoun_stems'))}"
    for kind in ("example", "counter"):
        if not entry.get(kind):
            yield f"{name}: no [[trigger.{kind}]]; give at least one sentence of your own"
        for item in entry.get(kind, []):
            for text in [item.get("trigger", ""), *item.get("instructions", []), *item.get("addressees", [])]:
                # «للمقاولات» holds المقاولات without its alef (GUIDELINES 18).
                if text not in item.get("text", "") and "ل" + text.removeprefix("ا") not in item.get("text", ""):
                    yield f"{name}: the {kind} does not contain «{text}»"


def _words(entry: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(fold(w) for w in entry.get(key, []))


def _examples(entry: Mapping[str, Any], kind: str) -> tuple[Example, ...]:
    return tuple(
        Example(
            x["text"],
            x.get("trigger", ""),
            tuple(x.get("instructions", [])),
            tuple(x.get("addressees", [])),
            x.get("why", ""),
        )
        for x in entry.get(kind, [])
    )


def _trigger(entry: Mapping[str, Any]) -> Trigger:
    return Trigger(
        id=entry["id"], lemma=entry["lemma"], force=Force(entry["force"]), frames=frozenset(entry["frames"]),
        addressee=frozenset(entry.get("addressee", [])), polarity=entry.get("polarity", "do"), kind=entry.get("kind", "trigger"), negated=entry.get("negated", ""),
        recalled=entry.get("recalled", False), needs_addressee=entry.get("needs_addressee", False), is_noun=entry.get("noun", "qadiya" in entry["frames"]), requires_before=_words(entry, "requires_before"),
        requires_before_masdar=_words(entry, "requires_before_masdar"), requires_after=_words(entry, "requires_after"), blocked_before=_words(entry, "blocked_before"),
        blocked_after=_words(entry, "blocked_after"), light_nouns=_words(entry, "light_nouns"), laying_nouns=_words(entry, "laying_nouns"),
        examples=_examples(entry, "example"), counters=_examples(entry, "counter"),
    )  # fmt: skip


def read(folder: Path) -> Lexicon:
    """The lexicon in ``folder``. Raises LexiconError with all faults of its files."""
    faults: list[str] = []
    parsed: dict[str, dict[str, Any]] = {}
    for name in ("triggers.toml", "duty.toml", "words.toml"):
        try:
            parsed[name] = tomli.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, tomli.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{folder / name}: {error}")
    if faults:
        raise LexiconError(faults)
    seen: set[str] = set()
    entries = list(parsed["triggers.toml"].get("trigger", []))
    for kind in _KINDS:
        entries += [
            {"force": Force.EMPHASISE, "frames": ["an_duty"], "lemma": e.get("id", "")} | e | {"kind": kind}
            for e in parsed["duty.toml"].get(kind, [])
        ]
    for entry in entries:
        faults += _faults(entry, seen)
        seen.add(entry.get("id", ""))
    if faults:
        raise LexiconError(faults)
    triggers = tuple(_trigger(entry) for entry in entries)
    words, phrases = _classes(parsed["words.toml"])
    return Lexicon(triggers, _index(triggers, {e["id"]: e for e in entries}), words, phrases)


_INFLECTED = {"narrative": perfect, "adverbial_participle": participle}


def _classes(
    data: Mapping[str, Any],
) -> tuple[dict[str, frozenset[str]], dict[str, dict[str, tuple[tuple[str, ...], ...]]]]:
    """Word classes as sets of folded words and as phrases by first word."""
    words: dict[str, frozenset[str]] = {}
    phrases: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {}
    for name, entry in data.items():
        inflect = _INFLECTED.get(name)
        given = (
            [form for w in entry["words"] for form, _ in inflect(fold(w))]
            if inflect
            else [fold(w) for w in entry["words"]]
        )
        folded = sorted({tuple(w.split()) for w in given})
        words[name] = frozenset(p[0] for p in folded if len(p) == 1)
        by_first: dict[str, tuple[tuple[str, ...], ...]] = {}
        for phrase in folded:
            by_first[phrase[0]] = (*by_first.get(phrase[0], ()), phrase)
        phrases[name] = by_first
    return words, phrases


@cache
def default() -> Lexicon:
    """The lexicon that ships with the package."""
    return read(models_dir() / "lexicon")
