"""What an actor of a document is known by across documents: its key, and the unit of all that bear one key.

Two actors bear one key where they have the same designation in the same scope (a country for ministries and agencies; a place for
local bodies; else one document). What joins units into records is in :mod:`pipeline.actors.joins`.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.actors import vocabulary
from pipeline.actors.forms import GENERIC_TAIL
from pipeline.actors.places import describe
from pipeline.actors.vocabulary import Vocabulary, bare_words
from pipeline.normalize import fold
from pipeline.types import Actor, Kind

_NATIONAL = frozenset({"central", "agency", "company", "union", "international"})
_REGIONAL = frozenset({"جهوي", "جهويه", "ولايي", "ولاييه", "محلي", "محليه"})
"""What tells of a body of a region: every region has one."""
_GENERIC = GENERIC_TAIL | frozenset("عام عامه جهوي جهويه محلي محليه مركزي اول سابق بلاد".split())
"""What tells no body or office from others of its kind."""
_MARKS = re.compile(r"[|#]")
"""What parts a key."""
_INDEFINITE = re.compile(r"\w+ (?!ال)\w+")
# Heads of which a country has many: without a place they stay in their document.
MANY = frozenset(
    "قوات فرقه وحده وحدات مركز منطقه مديريه مدير مديره اداره مصلحه مصالح مستشفي محكمه فرع مكتب مندوب مندوبيه معهد مدرسه كليه لجنه خليه وكيل مراسل مراسله عضو ممثل ناطق متحدث نايب خبير محامي معتمد والي عميد "
    "عمده قايد كاتب قاضي مفتش مندوبيه نقابه جمعيه نيابه دايره بلديه مساعد طبيب استاذ مستشار مسوول مكلف".split()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Appearance:
    """An actor in one document. ``date`` is the publication day, ``source`` the outlet, ``country`` its code, where known."""

    document_id: str
    actor: Actor
    date: datetime.date | None = None
    source: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided: ``merge`` the keys ``first`` and ``second``, or ``split`` what bears the name or office ``second``,
    or stands in the document ``second``, off the key ``first``. Keys are given by their :func:`identity`."""

    kind: str
    first: str
    second: str
    note: str = ""


Found = tuple[str, str, Kind, str | None, Sequence[str], datetime.date | None, str, str]
"""An appearance, field by field: document, name, kind, office, aliases, date, source, country. An archive has millions of them."""

Seen = tuple[str, str | None, datetime.date | None, str]
"""Where a person stands: in which document, in which office, on which day, in which outlet."""


class Unit:
    """All appearances under one key, of which no more is kept than the register needs: an archive has hundreds of thousands of units."""

    __slots__ = ("aliases", "count", "country", "kind", "more", "name", "seen")

    def __init__(self, kind: Kind, name: str, country: str) -> None:
        self.kind = kind
        self.name, self.country = name, country
        """Of the first appearance."""
        self.count = 0
        """Appearances."""
        self.more: Counter[str] | None = None
        """Appearances under other spellings of the name."""
        self.aliases: dict[tuple[str, str], tuple[str, str]] = _NONE
        """By other name and country, the name beside which it first stands and the document."""
        self.seen: list[Seen] = []
        """Every appearance, of persons alone."""

    def add(self, found: Found) -> None:
        """Take an appearance."""
        document_id, name, _, office, aliases, date, source, country = found
        self.count += 1
        if name != self.name:
            self.more = self.more or Counter()
            self.more[name] += 1
        if aliases:
            self.aliases = self.aliases or {}
            for alias in aliases:
                self.aliases.setdefault((alias, country), (name, document_id))
        if self.kind is Kind.PERSON:
            self.seen.append((document_id, office, date, source))

    def names(self) -> Mapping[str, int]:
        """Appearances by name."""
        if self.more is None:
            return {self.name: self.count}
        return {self.name: self.count - self.more.total(), **self.more}


_NONE: dict[tuple[str, str], tuple[str, str]] = {}


def gather(found: Iterable[tuple[str, Found]]) -> dict[str, Unit]:
    """Units by key, in the order of the keys, of appearances with their keys."""
    units: dict[str, Unit] = {}
    for key, fields in found:
        unit = units.get(key)
        if unit is None:
            unit = units[key] = Unit(fields[2], fields[1], fields[7])
        unit.add(fields)
    return {key: units[key] for key in sorted(units)}


def fields_of(a: Appearance) -> Found:
    """The fields of an appearance."""
    return a.document_id, a.actor.name, a.actor.kind, a.actor.office, a.actor.aliases, a.date, a.source, a.country


def cuts(decisions: Iterable[Decision]) -> dict[str, list[str]]:
    """What is split off each key, by the key's :func:`identity`."""
    found: dict[str, list[str]] = defaultdict(list)
    for decision in decisions:
        if decision.kind == "split":
            found[decision.first].append(decision.second)
    return dict(found)


def bears(appearance: Appearance, name: str) -> bool:
    """True where ``name`` is the document, or however spelt the name or the office, of an appearance."""
    words = _bare(name)
    return name == appearance.document_id or words in (
        _bare(appearance.actor.name),
        _bare(appearance.actor.office or ""),
    )


@lru_cache(maxsize=1 << 14)
def _bare(name: str) -> str:
    return " ".join(bare_words(fold(name))) or name


def unit_of(appearance: Appearance, splits: Mapping[str, Sequence[str]], v: Vocabulary | None = None) -> str:
    """The key of an appearance, with what was split off behind a ``#``."""
    a = appearance
    key = key_of(
        a.document_id, a.actor.name, a.actor.kind, a.actor.office, a.source, a.country, v or vocabulary.default()
    )
    while splits and (cut := next((s for s in splits.get(identity(key), ()) if bears(a, s)), None)):
        key = f"{key}#{cut}"
    return key


def key_of(
    document_id: str, name: str, kind: Kind, office: str | None, source: str, country: str, v: Vocabulary
) -> str:
    """What an actor is known by before any merge: kind, scope and bare words of the name."""
    if kind is Kind.PERSON:
        where = "" if office else _MARKS.sub(" ", source) or _document(document_id)
        return f"PERSON|{country or '?'}|{designation(name, country, v)[2]}|{office_key(office)}|{where}"
    words, scope = _scoped(name, kind, country, v)
    return f"{kind}|{scope or _document(document_id)}|{words}"


@lru_cache(maxsize=1 << 14)
def designation(name: str, country: str, v: Vocabulary) -> tuple[str, str, str]:
    """The full name of a listed body of this country, or of none, that a name stands for, else the name; the same folded; its bare words."""
    folded = fold(name)
    body = v.listed.get(folded)
    if body is not None and body.country in ("", country):
        name, folded = body.name, fold(body.name)
    return name, folded, " ".join(bare_words(folded))


@lru_cache(maxsize=1 << 14)
def _scoped(name: str, kind: Kind, country: str, v: Vocabulary) -> tuple[str, str]:
    name, folded, words = designation(name, country, v)
    return words, _scope(name, folded, words.split(), kind, country, v)


def _scope(name: str, folded: str, words: Sequence[str], kind: Kind, country: str, v: Vocabulary) -> str:
    """Where an office, body or group of that name is one; empty where it is only in its document."""
    described = describe(name, v)
    if described.level == "international":
        return "*"
    indefinite = kind is Kind.OFFICE and _INDEFINITE.fullmatch(folded) and folded not in v.listed
    if indefinite and not described.wilaya and name.split()[-1] not in v.places:
        return ""  # «رئيس جمهورية»: of which, the document says
    if described.level == "central" or folded in v.listed:
        return country or "?"
    if described.wilaya:
        return f"{country or '?'}/{described.wilaya}"
    if len(words) < 2 or _GENERIC.issuperset(words[1:]) or not _REGIONAL.isdisjoint(words):
        return ""
    many = words[0] in MANY and not (described.level in _NATIONAL and "وطني" in " ".join(words))
    return "" if many else country or "?"


def _document(document_id: str) -> str:
    return f"doc:{identity(document_id)}"


def identity(key: str) -> str:
    """A short stable id of a key.

    >>> identity("OFFICE|dz|وزير ري") == identity("OFFICE|dz|وزير ري")
    True
    """
    return hashlib.blake2b(key.encode(), digest_size=6).hexdigest()


def parts(key: str) -> list[str]:
    """Kind, scope and bare name; of persons also the bare office and where they stand. What was split off is left out."""
    return key.partition("#")[0].split("|")


def office_key(office: str | None) -> str:
    """The bare words of an office."""
    return _bare(office) if office else ""
