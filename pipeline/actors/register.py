"""The register of actors across documents: stable ids, explained merges, offices with the dates that the documents show.

Pure functions. What goes in is one :class:`Appearance` for each actor of each document, the decisions that people took, and the ids
given in earlier runs; what comes out is the same however often it is run. Two records are merged only with evidence:

- the same designation in the same scope (a country for ministries and agencies; a place for local bodies; else one document);
- an alias of the gazetteers, or a short form that a document sets beside the full one («… لغير الأجراء "كاسنوس"»);
- one office or body under two names of the lexicon's synonyms;
- a form shortened by what a «و», the country's own adjective or «الشؤون» adds, or lengthened by what sort of body it is («حزب», «وحدات»);
- for persons: the same name with the same office, or in the same source within a year of each other.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count

from pipeline.actors import vocabulary
from pipeline.actors.forms import (
    GENERIC_TAIL,
    OWN,
    adjectives_of_countries,
    at_home,
    coordinated,
    plain,
    unsorted,
    without_light,
)
from pipeline.actors.places import describe
from pipeline.actors.vocabulary import Vocabulary, bare_words
from pipeline.normalize import fold as fold
from pipeline.types import Actor, Kind

_fold = lru_cache(maxsize=1 << 17)(fold)
"""The same names come again and again."""

_NATIONAL = frozenset({"central", "agency", "company", "union", "international"})
_REGIONAL = frozenset({"جهوي", "جهويه", "ولايي", "ولاييه", "محلي", "محليه"})
"""What tells of a body of a region: every region has one."""
_GENERIC = GENERIC_TAIL | frozenset("عام عامه جهوي جهويه محلي محليه مركزي اول سابق بلاد".split())
"""What tells no body or office from others of its kind."""
_MARKS = re.compile(r"[|#]")
"""What parts a key."""
_INDEFINITE = re.compile(r"\w+ (?!ال)\w+")
# Heads of which a country has many: without a place they stay in their document.
_MANY = frozenset(
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


@dataclass(frozen=True, slots=True)
class Tenure:
    """A person in an office, with the first and last day on which a document says so (None where no document is dated)."""

    office: str
    first: datetime.date | None
    last: datetime.date | None
    documents: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of the register. ``reasons`` says for each merge what spoke for it; ``keys`` are what it was known by, for the next run;
    ``actors`` are the ids of the actors that appear in it."""

    id: str
    name: str
    kind: Kind
    aliases: tuple[str, ...]
    level: str
    wilaya: str
    documents: tuple[str, ...]
    tenures: tuple[Tenure, ...] = ()
    reasons: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()


def build(
    appearances: Iterable[Appearance],
    decisions: Sequence[Decision] = (),
    known: Mapping[str, str] | None = None,
    v: Vocabulary | None = None,
) -> list[Entry]:
    """The records, most documents first. ``known`` maps keys to the ids of an earlier run.

    Raises :class:`ValueError` with all decisions that name an unknown kind.
    """
    if wrong := [d.kind for d in decisions if d.kind not in ("merge", "split")]:
        raise ValueError(f"unknown decisions {sorted(set(wrong))}; valid: merge, split")
    v = v or vocabulary.default()
    units: dict[str, list[Appearance]] = defaultdict(list)
    splits = cuts(decisions)
    for appearance in appearances:
        units[unit_of(appearance, splits, v)].append(appearance)
    units = {key: units[key] for key in sorted(units)}  # all that follows goes through them in this order
    groups = _Groups(units)
    _by_country(groups, units)
    _by_alias(groups, units, v)
    _by_synonym(groups, units, v)
    _by_short_form(groups, units, v)
    _persons(groups, units, v)
    _decide(groups, units, decisions)
    return _entries(groups, units, _ids(groups, units, known or {}, decisions), v)


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


def _bare(name: str) -> str:
    return " ".join(bare_words(_fold(name))) or name


def unit_of(appearance: Appearance, splits: Mapping[str, Sequence[str]], v: Vocabulary | None = None) -> str:
    """The key of an appearance, with what was split off behind a ``#``."""
    key = key_of(appearance, v or vocabulary.default())
    while splits and (cut := next((s for s in splits.get(identity(key), ()) if bears(appearance, s)), None)):
        key = f"{key}#{cut}"
    return key


def key_of(appearance: Appearance, v: Vocabulary) -> str:
    """What an appearance is known by before any merge: kind, scope and bare words of the name."""
    actor = appearance.actor
    name = _canonical(actor.name, appearance.country, v)
    words = bare_words(_fold(name))
    if actor.kind is Kind.PERSON:
        where = "" if actor.office else _MARKS.sub(" ", appearance.source) or _document(appearance)
        return f"PERSON|{appearance.country or '?'}|{' '.join(words)}|{_office_key(actor.office)}|{where}"
    return f"{actor.kind}|{_scope(name, actor.kind, appearance.country, v) or _document(appearance)}|{' '.join(words)}"


@lru_cache(maxsize=1 << 16)
def _scope(name: str, kind: Kind, country: str, v: Vocabulary) -> str:
    """Where an office, body or group of that name is one; empty where it is only in its document."""
    folded, described = _fold(name), describe(name, v)
    words = bare_words(folded)
    if described.level == "international":
        return "*"
    indefinite = kind is Kind.OFFICE and _INDEFINITE.fullmatch(folded) and folded not in v.listed
    if indefinite and not described.wilaya and name.split()[-1] not in v.places:
        return ""  # «رئيس جمهورية»: of which, the document says
    if described.level == "central" or folded in v.listed:
        return country or "?"
    if described.wilaya:
        return f"{country or '?'}/{described.wilaya}"
    generic = len(words) < 2 or _GENERIC.issuperset(words[1:])
    many = words[0] in _MANY and not (described.level in _NATIONAL and "وطني" in " ".join(words))
    return "" if generic or many or not _REGIONAL.isdisjoint(words) else country or "?"


def _document(appearance: Appearance) -> str:
    return f"doc:{identity(appearance.document_id)}"


def _canonical(name: str, country: str, v: Vocabulary) -> str:
    """The full name of a listed body of this country, or of none."""
    body = v.listed.get(_fold(name))
    return body.name if body is not None and body.country in ("", country) else name


def identity(key: str) -> str:
    """A short stable id of a key.

    >>> identity("OFFICE|dz|وزير ري") == identity("OFFICE|dz|وزير ري")
    True
    """
    return hashlib.blake2b(key.encode(), digest_size=6).hexdigest()


class _Groups:
    """Units joined into records, with the reasons."""

    def __init__(self, units: Mapping[str, object]) -> None:
        self.parent = {key: key for key in units}
        self.reasons: dict[str, list[str]] = defaultdict(list)

    def find(self, key: str) -> str:
        while self.parent[key] != key:
            self.parent[key] = self.parent[self.parent[key]]
            key = self.parent[key]
        return key

    def join(self, a: str, b: str, why: str) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        if a != b:
            self.parent[b] = a
            self.reasons[a] += [*self.reasons.pop(b, []), why]

    def members(self) -> dict[str, list[str]]:
        """The keys of each record, in their order, by the key that stands for it."""
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.parent:
            found[self.find(key)].append(key)
        return dict(found)


@lru_cache(maxsize=1 << 17)
def _parts(key: str) -> tuple[str, ...]:
    return tuple(key.split("#")[0].split("|"))


def _shown(units: Mapping[str, Sequence[Appearance]], key: str) -> str:
    """The name under which a key is shown in a reason."""
    return f"«{units[key][0].actor.name}»"


def _office_key(office: str | None) -> str:
    return _bare(office) if office else ""


def _by_country(groups: _Groups, units: Mapping[str, Sequence[Appearance]]) -> None:
    """A name in a document of no known country, where only one country has it here."""
    abroad: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key in units:
        kind, scope, *rest = _parts(key)
        country, _, place = scope.partition("/")
        if country not in ("?", "*") and not scope.startswith("doc:") and "#" not in key:
            abroad[kind, place, *rest].append(key)
    for key in units:
        kind, scope, *rest = _parts(key)
        country, _, place = scope.partition("/")
        found = abroad.get((kind, place, *rest), [])
        if country == "?" and "#" not in key and len(found) == 1:
            code = _parts(found[0])[1].partition("/")[0]
            groups.join(found[0], key, f"{_shown(units, key)} of no known country: only {code} has one here")


def _by_alias(groups: _Groups, units: Mapping[str, list[Appearance]], v: Vocabulary) -> None:
    """Short forms that a document sets beside the full name."""
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in units:
        kind, _, *rest = _parts(key)
        if kind != Kind.PERSON:
            by_name[units[key][0].country, rest[0]].append(key)
    for key, found in units.items():
        said: dict[str, tuple[str, Appearance]] = {}
        for appearance in found:
            for alias in appearance.actor.aliases:
                if _fold(alias).removeprefix("ال") in v.heads:
                    continue  # «الوزير» names whom its document means
                said.setdefault(_canonical(alias, appearance.country, v), (alias, appearance))
        bodies = {_fold(full) for full in said if _fold(full) in v.listed}
        named = _fold(found[0].actor.name) in v.listed
        if len(bodies) > 1 or bodies and not named and len({bare_words(_fold(full)) for full in said}) > 1:
            continue  # «وكالة الأنباء (رويترز)» here and «وكالة الأنباء (وات)» there: a name that many bear
        for full, (alias, appearance) in said.items():
            for other in by_name.get((appearance.country, " ".join(bare_words(_fold(full)))), ()):
                if "#" not in other and "#" not in key and _parts(other)[0] == _parts(key)[0]:
                    groups.join(
                        key, other, f"«{alias}» stands beside «{appearance.actor.name}» in {appearance.document_id}"
                    )


def _by_synonym(groups: _Groups, units: Mapping[str, list[Appearance]], v: Vocabulary) -> None:
    """Names of one office or body (actors.toml, synonyms) in the same country."""
    first: dict[tuple[str, str, int], str] = {}
    heads = next(iter(v.synonyms.get(("رييس", "حكومه"), {})), -1)
    owners = _owners(v)
    for key in units:
        kind, scope, *rest = _parts(key)
        found = v.synonyms.get(tuple(rest[0].split()), {})
        country = units[key][0].country
        own = [group for group in found if country and owners.get(group) == country]
        groups_of = own or list(found)
        if kind == Kind.PERSON or len(groups_of) != 1 or "#" in key or scope.startswith("doc:") and not own:
            continue
        group = groups_of[0]
        if group == heads and scope != "dz":
            continue  # elsewhere «رئيس الحكومة» and «رئيس الوزراء» are mostly two countries' offices
        known = first.setdefault((kind, country if own else scope, group), key)
        if known != key:
            groups.join(known, key, f"{_shown(units, known)} and {_shown(units, key)} are names of one {kind.lower()}")


def _owners(v: Vocabulary) -> dict[int, str]:
    """Of each group of synonyms whose fullest name the gazetteers list, the country of that body: «البنك المركزي» is its own there."""
    listed = {bare_words(_fold(name)): body.country for name, body in v.listed.items()}
    return {
        group: listed[words]
        for words, ranks in v.synonyms.items()
        for group, rank in ranks.items()
        if rank == 0 and listed.get(words)
    }


def _by_short_form(groups: _Groups, units: Mapping[str, list[Appearance]], v: Vocabulary) -> None:
    """Longer and shorter forms of a name in one scope: see :func:`coordinated`, :func:`plain`, :func:`without_light`, :func:`unsorted`."""
    scopes: dict[tuple[str, str], dict[tuple[str, ...], str]] = defaultdict(dict)
    for key in units:
        kind, scope, *rest = _parts(key)
        if kind != Kind.PERSON and "#" not in key:
            scopes[kind, scope][tuple(rest[0].split())] = key
    foreign = adjectives_of_countries(v)

    def join(a: str, b: str) -> None:
        groups.join(a, b, f"{_shown(units, a)} is short for {_shown(units, b)}")

    for (kind, scope), names in scopes.items():
        own = OWN.get(scope.partition("/")[0], set())
        local = scope.startswith("doc:")
        for words, key in names.items():
            country = units[key][0].country or "?"
            across = words[:1] == ("منظمه",) or words[:1] == ("وكاله",) and len(words) == 2  # «وكالة رويترز»
            wider = [country] * local + ["*"] * across
            elsewhere = [scopes[kind, other] for other in wider if (kind, other) in scopes]
            sort = next((found for known in (names, *elsewhere) if (found := known.get(unsorted(words)))), None)
            if sort is not None:
                join(sort, key)
            if not local and (short := names.get(plain(words, own))):
                join(short, key)
            if (seated := at_home(words, own)) and seated[0] not in _MANY:
                short = names.get(seated) or scopes.get((kind, country), {}).get(seated)
                if short is not None:
                    join(short, key)
        if not local:
            coordinated(names, own, foreign, join)
            without_light(names, own, join)


def _persons(groups: _Groups, units: Mapping[str, list[Appearance]], v: Vocabulary) -> None:
    """Persons of one name: the same office, or the same source within a year."""
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in units:
        kind, country, *rest = _parts(key)
        if kind == Kind.PERSON and "#" not in key and len(rest[0].split()) >= 2:
            by_name[country, rest[0]].append(key)
    for keys in by_name.values():
        for i, a in enumerate(keys):
            for b in keys[i + 1 :]:
                if groups.find(a) != groups.find(b) and (
                    why := _same_bearer(units[a], units[b], _parts(a)[3], _parts(b)[3], v)
                ):
                    groups.join(a, b, f"{_shown(units, a)}: {why}")


def _same_bearer(a: Sequence[Appearance], b: Sequence[Appearance], mine: str, other: str, v: Vocabulary) -> str:
    offices = " and ".join(f"«{found[0].actor.office}»" if found[0].actor.office else "no office" for found in (a, b))
    x, y = tuple(mine.split()), tuple(other.split())
    synonyms = not v.synonyms.get(x, {}).keys().isdisjoint(v.synonyms.get(y, {}))
    if x and y and (x == y[: len(x)] or y == x[: len(y)] or synonyms):
        return f"the same office ({offices})"
    for p in a:
        for q in b:
            near = p.date is not None and q.date is not None and abs((p.date - q.date).days) <= 366
            if p.source and p.source == q.source and near and p.document_id != q.document_id:
                return f"{offices}, both in {p.source}, on {p.date} and {q.date}"
    return ""


def _decide(groups: _Groups, units: Mapping[str, object], decisions: Sequence[Decision]) -> None:
    by_id = {identity(key): key for key in units}
    for decision in decisions:
        if decision.kind == "merge" and decision.first in by_id and decision.second in by_id:
            groups.join(by_id[decision.first], by_id[decision.second], f"decided: {decision.note or 'merged by hand'}")


def _entries(
    groups: _Groups, units: Mapping[str, list[Appearance]], ids: Mapping[str, str], v: Vocabulary
) -> list[Entry]:
    entries = []
    for root, keys in groups.members().items():
        found = [a for key in keys for a in units[key]]
        names = Counter([a.actor.name for a in found])
        country = found[0].country
        listed = sorted({_canonical(n, country, v) for n in names if _fold(_canonical(n, country, v)) in v.listed})
        name = listed[0] if len(listed) == 1 else max(names, key=lambda n: (names[n], len(n), n))
        tenures = _tenures(found)
        described = describe(main_office(tenures) or name, v)
        aliases = tuple(sorted({*names, *(alias for a in found for alias in a.actor.aliases)} - {name}))
        documents = tuple(sorted({a.document_id for a in found}))
        reasons = tuple(sorted(groups.reasons.get(root, [])))
        entries.append(
            Entry(
                ids[root],
                name,
                found[0].actor.kind,
                aliases,
                described.level,
                described.wilaya,
                documents,
                tenures,
                reasons,
                tuple(keys),
                tuple(sorted(a.actor.id for a in found)),
            )
        )
    return sorted(entries, key=lambda e: (-len(e.documents), e.name, e.id))


def _ids(
    groups: _Groups, units: Mapping[str, Sequence[Appearance]], known: Mapping[str, str], decisions: Sequence[Decision]
) -> dict[str, str]:
    """An id for each record, no two the same: that of its best known key, else a new one.

    The first of a merge by hand goes before the second; a key that made an id, before others that bear it, unless something was split
    off it; many appearances, before few.
    """
    merges = [d for d in decisions if d.kind == "merge"]
    first = {d.first for d in merges} - {d.second for d in merges}
    split_off = cuts(decisions)
    bearers = [key for key in units if key in known]
    bearers.sort(
        key=lambda k: (identity(k) not in first, known[k] != identity(k) or identity(k) in split_off, -len(units[k]), k)
    )
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for key in bearers:
        root = groups.find(key)
        if root not in ids and known[key] not in taken:
            ids[root] = known[key]
            taken.add(known[key])
    for root, keys in groups.members().items():
        if root not in ids:
            own = chain(keys, (f"{keys[0]}#{n}" for n in count(2)))
            ids[root] = next(made for made in map(identity, own) if made not in taken)
            taken.add(ids[root])
    return ids


def main_office(tenures: Sequence[Tenure]) -> str:
    """The office in which most documents show a person; empty where none does."""
    return max(tenures, key=lambda t: t.documents).office if tenures else ""


def _tenures(found: Sequence[Appearance]) -> tuple[Tenure, ...]:
    held: dict[str, list[Appearance]] = defaultdict(list)
    for appearance in found:
        if appearance.actor.kind is Kind.PERSON and appearance.actor.office:
            held[_office_key(appearance.actor.office)].append(appearance)
    out = []
    for shown in held.values():
        spelt = Counter(re.sub(r"\s+", " ", a.actor.office) for a in shown if a.actor.office)
        days = sorted(a.date for a in shown if a.date is not None)
        out.append(
            Tenure(
                max(spelt, key=lambda office: (spelt[office], office)),
                days[0] if days else None,
                days[-1] if days else None,
                len({a.document_id for a in shown}),
            )
        )
    return tuple(sorted(out, key=lambda t: (t.first or datetime.date.max, t.office)))
