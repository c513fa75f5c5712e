"""The words the recogniser knows: heads of offices and bodies, titles, names, places, from ``models/``, and how a word form reads.

Everything is folded (:func:`pipeline.normalize.fold`) when it is read; the loader reports all faults of all files at once.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import tomli

from pipeline.errors import TaalimatError
from pipeline.morphology import masdar
from pipeline.normalize import fold
from pipeline.resources import models_dir
from pipeline.types import Kind

_KINDS = {"office": Kind.OFFICE, "organisation": Kind.ORGANISATION, "group": Kind.GROUP}
_CLOSED = (
    "auxiliary", "attribution", "preposition", "saying", "saying_while", "saying_it", "deciding", "notifying", "motion", "private", "adverb", "opener", "first_person", "men", "quantifier",
)  # fmt: skip
_SECTIONS = {
    "heads": {"office", "organisation", "group", "public", "bare", "coordinating", "service", "plural"},
    "limits": {"only", "never"},
    "titles": {"honorific", "noun_title", "rank", "lady", "further"},
    "reference": {"speaker", "first_of", "honour", "text"},
    "words": {"stop", "verb", "adjective", "inner", "lam_stop", "not_name", "particle_name", "agency"},
    "synonyms": {"groups"},
    "governed": {"على", "من", "في", "عن", "مع"},
    "issuer": {"turn", "between", "transitive", *_CLOSED},
}
_COLUMNS = {
    "given_names.csv": ("name", "common_word"),
    "dz_wilayas.csv": ("code", "name_ar", "name_fr"),
    "dz_dairas.csv": ("wilaya", "name_ar", "name_fr"),
    "dz_communes.csv": ("wilaya", "daira", "name_ar", "name_fr"),
    "dz_institutions.csv": ("name_ar", "acronym_ar", "acronym_fr", "type", "level", "aliases", "note"),
    "regions.csv": ("country", "type", "name_ar"),
    "countries.csv": ("name_ar",),
    "bodies.csv": ("name_ar", "kind", "aliases", "country", "level", "note"),
}


class Reading(NamedTuple):
    """How a folded word reads as a noun: ``cut`` letters of conjunction and preposition, then ``stem`` (without article).

    In «للوالي» the cut is 1: the noun starts at the second lam, which hides the article's alef (GUIDELINES 18).
    """

    cut: int
    conj: bool
    prep: str
    stem: str
    definite: bool
    head: Kind | None
    public: bool = False


@dataclass(frozen=True, slots=True)
class Institution:
    """A body of a gazetteer with the other names it goes by."""

    name: str
    aliases: tuple[str, ...]
    kind: Kind
    level: str
    country: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteers. ``type`` is wilaya, daira, commune, country or what ``regions.csv`` calls it."""

    name: str
    type: str
    country: str
    wilaya: str
    """Name of the Algerian wilaya it lies in; for a wilaya its own; empty elsewhere."""
    french: str = ""


class Body(NamedTuple):
    """A name that needs no head, as it can start at a word: ``cut`` letters are no part of it; ``hidden``: its article is inside «للـ»."""

    cut: int
    hidden: bool
    parts: tuple[str, ...]
    kind: Kind


_KEPT = 200_000
_T = TypeVar("_T")


class _Memo(dict[str, _T]):
    """What a function makes of each word. To ask for a word that is known takes no call in Python: words are asked for by the million."""

    def __init__(self, make: Callable[[str], _T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> _T:
        if len(self) > _KEPT:
            self.clear()
        found = self[word] = self._make(word)
        return found


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Folded words by class; ``read`` gives the noun reading of a word form (memoised)."""

    heads: Mapping[str, Kind]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    only: Mapping[str, frozenset[str]]
    never: Mapping[str, frozenset[str]]
    given: Mapping[str, bool]
    """Given names; True where the word is an ordinary word too."""
    places: Mapping[str, tuple[tuple[str, ...], ...]]
    """By first word, the rest of each place name, longest first."""
    place_data: Mapping[str, tuple[Place, ...]]
    institutions: tuple[Institution, ...]
    fixed: Mapping[str, tuple[tuple[tuple[str, ...], Kind], ...]]
    """Names of bodies that need no head, by first word without article: the words, longest first."""
    common: frozenset[str]
    """Words seen outside personal names: none starts or goes on with an unknown name."""
    synonyms: Mapping[tuple[str, ...], Mapping[int, int]]
    """Offices and bodies that go by several names: bare words of the name to the numbers of its groups and its rank in each."""
    canonical: Mapping[str, str]
    """Folded alias or acronym to the full name of its body, as written."""
    listed: Mapping[str, Institution]
    """Bodies and offices of the gazetteers by folded name and alias."""
    title_tails: Mapping[str, tuple[tuple[str, ...], ...]]
    """Honorifics by first word: the words behind it, longest first."""
    further_tails: Mapping[str, tuple[tuple[str, ...], ...]]
    """Offices that go with another one by first word: the words behind it, longest first."""
    speaker_tails: Mapping[str, tuple[tuple[str, ...], ...]]
    """References to a speaker by first word: the words behind it, longest first."""
    governed: Mapping[str, frozenset[str]]
    """Masdars by the preposition that goes on with them inside an office or body («الإشراف على»)."""
    between: Mapping[str, tuple[tuple[str, ...], ...]]
    """Adverbials between a verb and its subject by first word: the words behind it, longest first."""
    starts: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)
    """Memo: whether a mention can start with a word form."""

    @cached_property
    def read(self) -> Callable[[str], Reading]:
        """The noun reading of a folded word: the first that gives a head, else the plainest."""
        return _Memo(self._read).__getitem__

    def _read(self, word: str) -> Reading:
        """See ``read``.

        >>> default().read("وللوالي")  # "and to the wali"
        Reading(cut=2, conj=True, prep='ل', stem='والي', definite=True, head=<Kind.OFFICE: 'OFFICE'>, public=False)
        """
        if word[:1] not in "وفبلك" and not word.startswith("ال"):
            return self._read_bare(word)
        plain: Reading | None = None
        public = self.words["public"]
        for cut, conj, prep, stem, definite in _splits(word):
            head = self.heads.get(stem)
            reading = Reading(cut, conj, prep, stem, definite, head, stem in public)
            if head is not None or reading.public:
                return reading
            owned = (
                self.heads.get(stem[:-2]) if not definite and len(stem) > 5 and stem.endswith(("ها", "هم")) else None
            )
            if owned is None and not definite and stem.endswith(("تها", "تهم")):
                owned = self.heads.get(stem[:-3] + "ه")
                if owned is not None:
                    return Reading(cut, conj, prep, stem[:-3] + "ه", True, owned)
            if owned is not None:
                return Reading(cut, conj, prep, stem[:-2], True, owned)
            if definite and plain is None:
                plain = reading
        if plain is not None:
            return plain
        if word in self.places or word in self.given and not self.given[word]:
            return Reading(0, False, "", word, False, None)  # «كسلا» is no «كـ» + «سلا»
        for cut, conj, prep, stem, definite in _splits(word):
            if cut and (stem in self.words["inner"] or stem in self.places or stem in self.given):
                return Reading(cut, conj, prep, stem, definite, None)
            if not cut and stem in self.words["inner"]:
                break
        return Reading(0, False, "", word, False, None)

    def _read_bare(self, word: str) -> Reading:
        """The same of a word with nothing before its stem: most are such."""
        head = self.heads.get(word)
        if head is None and word.endswith(("ها", "هم")) and word not in self.words["public"]:
            if len(word) > 5 and (head := self.heads.get(word[:-2])) is not None:
                return Reading(0, False, "", word[:-2], True, head)
            if word.endswith(("تها", "تهم")) and (head := self.heads.get(word[:-3] + "ه")) is not None:
                return Reading(0, False, "", word[:-3] + "ه", True, head)
        return Reading(0, False, "", word, False, head, word in self.words["public"])

    @cached_property
    def openings(self) -> frozenset[str]:
        """Words that a mention can start with whatever else they are, behind a clitic too: names, honorifics, references to a speaker."""
        return frozenset((*self.speaker_tails, *self.given, *self.words["honorific"], "عبد"))

    @cached_property
    def countries(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """Countries by the first word of their name: the words behind it, longest first."""
        names = (name.split() for name, found in self.place_data.items() if any(p.type == "country" for p in found))
        return _by_first(tuple(name) for name in names)

    @cached_property
    def bodies(self) -> Callable[[str], tuple[Body, ...]]:
        """The names of ``fixed`` that can start at a folded word."""
        return _Memo(lambda word: tuple(self._bodies_of(word))).__getitem__

    def _bodies_of(self, word: str) -> Iterator[Body]:
        r = self.read(word)
        for cut, definite, key in (
            (0, False, word.removeprefix("ال")),
            (r.cut, r.definite, r.stem.removeprefix("ال")),
            (1, False, word[1:].removeprefix("ال")),
        ):
            for parts, kind in self.fixed.get(key, ()):
                if cut == 1 and not r.cut and word[0] not in "وفبلك":
                    continue
                surface = word[cut:]
                article = definite and surface.startswith("ل") and not surface.startswith("ال")
                hidden = article and parts[0] == "ال" + r.stem
                if hidden or surface == parts[0]:
                    yield Body(cut, hidden, parts, kind)

    @cached_property
    def is_verb(self) -> Callable[[str], bool]:
        """True where the folded word is a finite verb of ``words.verb`` in some form of the third person."""
        return _Memo(self._is_verb).__getitem__

    @cached_property
    def base_form(self) -> Callable[[str], str]:
        """The 3rd masculine perfect of a verb form as far as its letters tell; the word itself where they do not."""
        return _Memo(lambda word: _base_form(self, word)).__getitem__

    @cached_property
    def is_anchor(self) -> Callable[[str], bool]:
        """True where a folded word ties a noun phrase to one thing: definite, a place, or a given name."""
        return _Memo(self._is_anchor).__getitem__

    def _is_anchor(self, word: str) -> bool:
        return word.startswith(("ال", "لل", "بال", "وال")) or word in self.places or word in self.given

    @cached_property
    def is_place(self) -> Callable[[str], bool]:
        """True where a place of the gazetteers can start at a folded word, clitics aside."""
        return _Memo(lambda word: word in self.places or self.read(word).stem in self.places).__getitem__

    def _is_verb(self, word: str) -> bool:
        if not word or word not in self.words["verb"] and (word in self.heads or word in self.countries):
            return False  # «وزارة» is no «و» + «زاره», «تشاد» no form of «أشاد»
        forms = self._verb_forms
        return (
            word in forms
            or word[0] in "وفسل" and word[1:] in forms
            or word[:2] in ("وس", "فس", "ول") and word[2:] in forms
            or self._has_verbal_shape(word)
        )  # fmt: skip

    def _has_verbal_shape(self, word: str) -> bool:
        """True for a perfect of form VII, VIII or X: no noun, name or place has these letters but those that the lists know («أنترنت»)."""
        match = _PERFECT.fullmatch(word)
        stem = match["stem"] if match else ""
        known = (
            stem in self.given or stem in self.places or stem in self.heads or word in self.given or word in self.places
        )
        return bool(stem) and not known and masdar(stem) is None

    @cached_property
    def _verb_forms(self) -> frozenset[str]:
        """The finite forms of the verbs in the third person, without what may stand before them."""
        verbs = self.words["verb"]
        forms = {verb for verb in verbs if len(verb) >= 2}
        for end in ("ت", "وا", "ا", "تا", "ه", "ها", "هم", "ته", "تها", "تهم", "اه", "اها", "اهم"):
            forms.update(verb + end for verb in verbs if len(verb) >= 2)
            weak = "يا" if end[0] == "ت" else "ي" if end[0] in "او" else ""
            forms.update(verb[:-1] + end for verb in verbs if len(verb) >= 3 and verb[-1] in weak)
        forms.update(person + rest for rest in self.words["imperfect"] for person in "يت" if rest)
        return frozenset(forms)


def bare_words(text: str) -> tuple[str, ...]:
    """Words of a folded designation without articles and لـ, so that forms of one name agree.

    >>> bare_words(fold("المدير العام للجمارك"))
    ('مدير', 'عام', 'جمارك')
    """
    return tuple(
        [word[2:] if word.startswith(("ال", "لل")) and len(word) > 4 else word for word in _WORDS.findall(text)]
    )


_WORDS = re.compile(r"[^\W_]+")
_K = "[بتثجحخدذرزسشصضطظعغفقكلمنهوي]"
_R = "[بتثجحخدذرزسشصضطظعغفقكلمنه]"
_PERFECT = re.compile(
    f"[وف]?(?P<stem>است{_K}{_K}{_R}|است{_K}(?:ا{_R}|{_R}ي)|(?!الت|انتر)ا{_R}ت{_R}(?:{_R}|ي)|ان(?!دل|جل|تر){_R}{_R}{_R})(?:ت|وا|تا)?"
)
"""Perfects of forms X, VIII and VII with the endings of the third person, of sound roots and some weak ones. Read from the letters, as in
Wright, *A Grammar of the Arabic Language*, I, §§ 36-66."""


def _splits(word: str) -> Iterable[tuple[int, bool, str, str, bool]]:
    """Ways to part a word: (letters cut, conjunction, preposition, stem, article)."""
    for lead in (0, 1) if word[:1] in "وف" and len(word) > 3 else (0,):
        rest = word[lead:]
        if rest.startswith("ال") and len(rest) > 3:
            yield lead, bool(lead), "", rest[2:], True
        elif rest.startswith("لل") and len(rest) > 3:
            yield lead + 1, bool(lead), "ل", rest[2:], True
            yield lead + 1, bool(lead), "ل", rest[1:], False  # «للجنة الأمن»
        elif rest[:1] in "بلك" and len(rest) > 3:
            yield lead, bool(lead), "", rest, False
            if rest[1:3] == "ال" and len(rest) > 4:
                yield lead + 1, bool(lead), rest[0], rest[3:], True
            else:
                yield lead + 1, bool(lead), rest[0], rest[1:], False
        else:
            yield lead, bool(lead), "", rest, False


_DOUBLED = frozenset({"الح", "اصر", "اقر"})
"""Perfects of form IV of doubled roots among the verbs."""


def _imperfects(verb: str) -> set[str]:
    """What follows the person prefix in the imperfect of a perfect, by the shape of its letters (folded)."""
    if verb in _DOUBLED:
        return {verb[1:]}
    if len(verb) == 3 and verb[1] == "ا":
        return {verb[0] + "و" + verb[2], verb[0] + "ي" + verb[2]}
    if len(verb) == 3 and verb[2] in "اي":
        return {verb[:2] + "و", verb[:2] + "ي"}
    if verb[0] == "ا" and len(verb) == 4:
        return {verb[1:], verb[1] + "ي" + verb[3] if verb[2] == "ا" else verb[1:]}
    if verb[0] == "ا" and len(verb) > 4:
        return {
            verb[1:],
            verb[1:-2] + "ي" + verb[-1] if verb[-2] == "ا" else verb[1:],
            verb[1:-1] + "ي" if verb[-1] == "ا" else verb[1:],
        }
    return {verb, verb[:-1] + "ي" if verb[-1] == "ا" else verb}


def _rows(folder: Path, name: str, faults: list[str]) -> list[dict[str, str]]:
    path = folder / "gazetteers" / name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            columns = _COLUMNS[name]
            if (found := tuple(next(reader, ()))) != columns:
                faults.append(f"{name}: columns {', '.join(found)}; must be {', '.join(columns)}")
                return []
            rows = []
            at = columns.index("name_ar" if "name_ar" in columns else "name")
            for number, cells in enumerate(filter(None, reader), 2):
                if len(cells) != len(columns):
                    faults.append(f"{name}, line {number}: wrong number of cells")
                elif not cells[at].strip():
                    faults.append(f"{name}, line {number}: no name")
                else:
                    rows.append(dict(zip(columns, cells, strict=True)))
            return rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(f"{name}: {error}")
        return []


def _toml(folder: Path, faults: list[str]) -> dict[str, Any]:
    path = folder / "lexicon" / "actors.toml"
    try:
        data = tomli.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}: {error}")
        return {}
    for section, keys in _SECTIONS.items():
        if section not in data:
            faults.append(f"{path.name}: section [{section}] is missing")
            continue
        valid = ", ".join(sorted(keys))
        faults += [
            f"{path.name}: [{section}] holds unknown key '{key}'; valid: {valid}" for key in data[section].keys() - keys
        ]
        faults += [f"{path.name}: [{section}] lacks '{key}'" for key in keys - data[section].keys()]
    faults += [
        f"{path.name}: unknown section [{section}]; valid: {', '.join(_SECTIONS)}"
        for section in data.keys() - _SECTIONS.keys()
    ]
    return data


def _entries(value: object) -> list[str]:
    """Folded entries of a lexicon value: a text of words (``_`` stands for a space) or a list of phrases."""
    items = value.split() if isinstance(value, str) else list(value) if isinstance(value, list) else []
    return [fold(str(item).replace("_", " ")) for item in items]


def read(folder: Path) -> Vocabulary:
    """The vocabulary of a ``models`` folder. Raises :class:`TaalimatError` with all faults of its files."""
    faults: list[str] = []
    data = _toml(folder, faults)
    tables = {name: _rows(folder, name, faults) for name in _COLUMNS}
    if faults:
        raise TaalimatError("the vocabulary of actors has faults:\n" + "\n".join(faults))
    heads: dict[str, Kind] = {}
    for key in ("group", "organisation", "office"):
        for word in _entries(data["heads"][key]):
            heads[word] = _KINDS[key]
    words = {
        name: frozenset(_entries(data[section][name]))
        for section, names in (("heads", ("public", "bare", "coordinating", "service", "plural")), ("titles", ("honorific", "noun_title", "rank", "lady")),
                               ("words", ("stop", "verb", "adjective", "inner", "lam_stop", "not_name", "particle_name", "agency")),
                               ("reference", ("speaker", "honour", "text")), ("issuer", ("transitive",)))
        for name in names
    }  # fmt: skip
    # Particles whose folded form is a head or a name too stand as written (see phrases.Words.of).
    words["stop"] |= {
        "على",
        "وعلى",
        "فعلى",
        "إلى",
        "الى",
        "وإلى",
        "وإلي",
        "والى",
        "أمام",
        "وأمام",
        "أن",
        "إن",
        "بأن",
        "وأن",
        "وإن",
    }
    words["stop"] -= {"علي", "وعلي", "والي", "امام", "وامام", "بان"}
    for name in _CLOSED:  # closed classes stand as written too: particles keep their letters in phrases.Words
        words[name] = frozenset(_entries(data["issuer"][name])) | frozenset(data["issuer"][name].split())
    words["imperfect"] = frozenset(form for verb in words["verb"] if len(verb) >= 2 for form in _imperfects(verb))
    phrases = {name: tuple(tuple(p.split()) for p in _entries(data[section][name])) for section, name in
               (("titles", "honorific"), ("titles", "further"), ("reference", "speaker"), ("reference", "first_of"), ("issuer", "turn"), ("issuer", "between"))}  # fmt: skip
    given = {fold(row["name"]): bool(row["common_word"].strip()) for row in tables["given_names.csv"]}
    data_places = _places(tables, faults)
    try:
        common = frozenset((folder / "lexicon" / "common_words.txt").read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"common_words.txt: {error}")
    institutions, canonical = _institutions(tables, faults)
    unknown = [word for limit in ("only", "never") for word in data["limits"][limit] if fold(word) not in heads]
    faults += [f"actors.toml: [limits] names '{word}', which is no head" for word in unknown]
    if faults:
        raise TaalimatError("the vocabulary of actors has faults:\n" + "\n".join(faults))
    places: dict[str, list[tuple[str, ...]]] = {}
    for name in data_places:
        first, *rest = name.split()
        places.setdefault(first, []).append(tuple(rest))
    fixed: dict[str, list[tuple[tuple[str, ...], Kind]]] = {}
    for body in institutions:
        for name in (body.name, *body.aliases):
            parts = fold(name).split()
            fixed.setdefault(parts[0].removeprefix("ال"), []).append((tuple(parts), body.kind))
    tails = _by_first(phrases["honorific"])
    words["honorific"] = frozenset(tails)
    return Vocabulary(
        heads=heads, words=words, phrases=phrases, given=given,
        only={fold(k): frozenset(_entries(v)) for k, v in data["limits"]["only"].items()},
        governed={k: frozenset(_entries(nouns)) for k, nouns in data["governed"].items()},
        never={fold(k): frozenset(_entries(v)) for k, v in data["limits"]["never"].items()},
        places={k: tuple(sorted(v, key=len, reverse=True)) for k, v in places.items()},
        place_data={k: tuple(v) for k, v in data_places.items()},
        institutions=institutions, common=common,
        synonyms=_synonyms(data["synonyms"]["groups"]),
        fixed={k: tuple(sorted(v, key=lambda x: -len(x[0]))) for k, v in fixed.items()},
        canonical=canonical,
        listed={fold(name): body for body in institutions for name in (*body.aliases, body.name)}, title_tails=tails, further_tails=_by_first(phrases["further"]),
        between=_by_first((*phrases["between"], *phrases["turn"])), speaker_tails=_by_first((*phrases["speaker"], *phrases["first_of"])),
    )  # fmt: skip


def _synonyms(groups: Iterable[Iterable[str]]) -> dict[tuple[str, ...], dict[int, int]]:
    found: dict[tuple[str, ...], dict[int, int]] = {}
    for number, group in enumerate(groups):
        for rank, name in enumerate(group):
            found.setdefault(bare_words(fold(name)), {})[number] = rank
    return found


def _by_first(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first word: the words behind it, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for first, *rest in phrases:
        found.setdefault(first, []).append(tuple(rest))
    return {first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in found.items()}


def _places(tables: Mapping[str, list[dict[str, str]]], faults: list[str]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}

    def add(place: Place) -> None:
        found.setdefault(fold(place.name), []).append(place)

    wilayas = {row["code"]: row["name_ar"] for row in tables["dz_wilayas.csv"]}
    for row in tables["dz_wilayas.csv"]:
        add(Place(row["name_ar"], "wilaya", "dz", row["name_ar"], row["name_fr"]))
    for name, kind in (("dz_dairas.csv", "daira"), ("dz_communes.csv", "commune")):
        for number, row in enumerate(tables[name], 2):
            if row["wilaya"] not in wilayas:
                faults.append(f"{name}, line {number}: wilaya '{row['wilaya']}' is not a code of dz_wilayas.csv")
                continue
            add(Place(row["name_ar"], kind, "dz", wilayas[row["wilaya"]], row["name_fr"]))
    for row in tables["regions.csv"]:
        add(Place(row["name_ar"], row["type"], row["country"], ""))
    for row in tables["countries.csv"]:
        add(Place(row["name_ar"], "country", "", ""))
    return found


def _institutions(
    tables: Mapping[str, list[dict[str, str]]], faults: list[str]
) -> tuple[tuple[Institution, ...], dict[str, str]]:
    found: list[Institution] = []
    canonical: dict[str, str] = {}
    rows = [(name, n, row) for name in ("dz_institutions.csv", "bodies.csv") for n, row in enumerate(tables[name], 2)]
    names = {fold(row["name_ar"]) for _, _, row in rows}
    for name, number, row in rows:
        kind = row.get("kind") or ("OFFICE" if row.get("type") == "title" else "ORGANISATION")
        if kind not in Kind.__members__:
            faults.append(f"{name}, line {number}: kind '{kind}'; valid: {', '.join(Kind)}")
            continue
        aliases = [a.strip() for a in row["aliases"].split("|") if a.strip()]
        aliases += [a for a in (row.get("acronym_ar", ""), row.get("acronym_fr", "")) if a]
        for alias in aliases:
            known = canonical.get(fold(alias))
            if known not in (None, row["name_ar"]) or fold(alias) in names:
                faults.append(f"{name}, line {number}: '{alias}' names '{known or alias}' too")
            canonical[fold(alias)] = row["name_ar"]
        country = row.get("country") or ("dz" if name.startswith("dz_") else "")
        found.append(Institution(row["name_ar"], tuple(aliases), Kind(kind), row["level"], country))
    return tuple(found), canonical


@cache
def default() -> Vocabulary:
    """The vocabulary that ships with the package."""
    return read(models_dir())


def _base_form(v: Vocabulary, word: str) -> str:
    word = (
        word[1:]
        if word[:1] in "وف" and word[1:2] and v.is_verb(word[1:]) is not False and word not in v.words["verb"]
        else word
    )
    verbs = v.words["verb"]
    if word in verbs:
        return word
    for end in ("تهم", "تها", "ته", "هم", "ها", "وا", "ت", "ه", "ا"):
        if word.endswith(end):
            base = word[: -len(end)]
            for form in (base, base + "ي", base + "ا"):
                if form in verbs:
                    return form
    if word[:1] in "يت":
        rest = word[1:]
        for form in (
            rest,
            "ا" + rest,
            rest[:-1] + "ا",
            rest[:-1] + "ي",
            "ا" + rest[:-1] + "ي" if rest else rest,
            rest + "ا",
        ):
            if form in verbs:
                return form
        if len(rest) == 4 and rest[2] == "ي" and "ا" + rest[0:2][:1] + "ا" + rest[3] in verbs:
            return "ا" + rest[0] + "ا" + rest[3]
    return word
