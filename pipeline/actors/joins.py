"""Which units of the register are one record, each time with the evidence for it:

- an alias of the gazetteers, or a short form that a document sets beside the full one («… لغير الأجراء "كاسنوس"»);
- one office or body under two names of the lexicon's synonyms;
- a form shortened by what a «و», the country's own adjective or «الشؤون» adds, or lengthened by what sort of body it is («حزب», «وحدات»);
- for persons: the same name with the same office, or in the same source within a year of each other.

Persons are joined with persons of the same bare name alone; bodies, offices and groups with what is of their kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from pipeline.actors.forms import OWN, adjectives_of_countries, at_home, coordinated, plain, unsorted, without_light
from pipeline.actors.units import MANY, Decision, Seen, Unit, designation, identity, parts
from pipeline.actors.vocabulary import Vocabulary, bare_words
from pipeline.disjoint import root_of
from pipeline.normalize import fold
from pipeline.types import Kind

Units = Mapping[str, Unit]
"""Units by key, in the order of the keys."""


class Groups:
    """Units joined into records, with the reasons. Of those that are alone nothing is kept."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self.reasons: dict[str, list[str]] = defaultdict(list)
        """By the key that stands for a record, why its units are one."""

    def find(self, key: str) -> str:
        """The key that stands for the record of a key: the first of its keys."""
        return root_of(self._parents, key) if key in self._parents else key

    def join(self, a: str, b: str, why: str) -> None:
        """Make one record of those of two keys, if they are two."""
        a, b = sorted((self.find(a), self.find(b)))
        if a != b:
            self._parents.setdefault(a, a)
            self._parents[b] = a
            self.reasons[a] += [*self.reasons.pop(b, []), why]

    def members(self, units: Units) -> Iterator[tuple[str, list[str]]]:
        """By the key that stands for it the keys of each record, all in their order."""
        joined: dict[str, list[str]] = defaultdict(list)
        for key in sorted(self._parents):
            joined[self.find(key)].append(key)
        for key in units:
            if key not in self._parents:
                yield key, [key]
            elif key in joined:
                yield key, joined[key]


def join_all(units: Units, decisions: Sequence[Decision], v: Vocabulary) -> Groups:
    """The records that units make."""
    groups = Groups()
    _by_country(groups, units)
    _by_alias(groups, units, v)
    _by_synonym(groups, units, v)
    _by_short_form(groups, units, v)
    _persons(groups, units, v)
    _decide(groups, units, decisions)
    return groups


def _shown(units: Units, key: str) -> str:
    """The name under which a key is shown in a reason."""
    return f"«{units[key].name}»"


def _by_country(groups: Groups, units: Units) -> None:
    """A name in a document of no known country, where only one country has it here."""
    scopes = {parts(key)[1] for key in units}
    countries = {scope.partition("/")[0] for scope in scopes if not scope.startswith("doc:")} - {"?", "*"}
    if not countries:
        return
    for key in units:
        kind, scope, *rest = parts(key)
        country, slash, place = scope.partition("/")
        if country == "?" and "#" not in key:
            named = {code: "|".join((kind, code + slash + place, *rest)) for code in countries}
            found = [code for code in countries if named[code] in units]
            if len(found) == 1:
                why = f"{_shown(units, key)} of no known country: only {found[0]} has one here"
                groups.join(named[found[0]], key, why)


def _by_alias(groups: Groups, units: Units, v: Vocabulary) -> None:
    """Short forms that a document sets beside the full name."""
    told = [(key, said) for key, unit in units.items() if unit.aliases and (said := _said(unit, v))]
    wanted = {(country, words) for _, said in told for words, country, _ in said.values()}
    bearers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, unit in units.items() if wanted else ():
        if unit.kind is not Kind.PERSON and (unit.country, words := parts(key)[2]) in wanted:
            bearers[unit.country, words].append(key)
    for key, said in told:
        for words, country, why in said.values():
            for other in bearers.get((country, words), ()):
                if "#" not in other and "#" not in key and units[other].kind is units[key].kind:
                    groups.join(key, other, why)


def _said(unit: Unit, v: Vocabulary) -> dict[str, tuple[str, str, str]]:
    """By the full name of each alias, folded, its bare words, the country, and what tells of it; none where many bear the name."""
    said: dict[str, tuple[str, str, str]] = {}
    for (alias, country), (name, document) in unit.aliases.items():
        if fold(alias).removeprefix("ال") not in v.heads:  # «الوزير» names whom its document means
            _, folded, words = designation(alias, country, v)
            said.setdefault(folded, (words, country, f"«{alias}» stands beside «{name}» in {document}"))
    bodies = [folded for folded in said if folded in v.listed]
    named = fold(unit.name) in v.listed
    if len(bodies) > 1 or bodies and not named and len({words for words, _, _ in said.values()}) > 1:
        return {}  # «وكالة الأنباء (رويترز)» here and «وكالة الأنباء (وات)» there: a name that many bear
    return said


def _by_synonym(groups: Groups, units: Units, v: Vocabulary) -> None:
    """Names of one office or body (actors.toml, synonyms) in the same country."""
    first: dict[tuple[str, str, int], str] = {}
    heads = next(iter(v.synonyms.get(("رييس", "حكومه"), {})), -1)
    owners = _owners(v)
    for key, unit in units.items():
        if unit.kind is Kind.PERSON:
            continue
        kind, scope, *rest = parts(key)
        found = v.synonyms.get(tuple(rest[0].split()))
        if not found:
            continue
        country = unit.country
        own = [group for group in found if country and owners.get(group) == country]
        groups_of = own or list(found)
        if len(groups_of) != 1 or "#" in key or scope.startswith("doc:") and not own:
            continue
        group = groups_of[0]
        if group == heads and scope != "dz":
            continue  # elsewhere «رئيس الحكومة» and «رئيس الوزراء» are mostly two countries' offices
        known = first.setdefault((kind, country if own else scope, group), key)
        if known != key:
            groups.join(known, key, f"{_shown(units, known)} and {_shown(units, key)} are names of one {kind.lower()}")


def _owners(v: Vocabulary) -> dict[int, str]:
    """Of each group of synonyms whose fullest name the gazetteers list, the country of that body: «البنك المركزي» is its own there."""
    listed = {bare_words(fold(name)): body.country for name, body in v.listed.items()}
    return {
        group: listed[words]
        for words, ranks in v.synonyms.items()
        for group, rank in ranks.items()
        if rank == 0 and listed.get(words)
    }


def _by_short_form(groups: Groups, units: Units, v: Vocabulary) -> None:
    """Longer and shorter forms of a name in one scope: see :func:`coordinated`, :func:`plain`, :func:`without_light`, :func:`unsorted`."""
    foreign = adjectives_of_countries(v)

    def join(a: str, b: str) -> None:
        groups.join(a, b, f"{_shown(units, a)} is short for {_shown(units, b)}")

    bodies = ((*parts(key), key) for key, unit in units.items() if unit.kind is not Kind.PERSON and "#" not in key)
    for (kind, scope), found in groupby(bodies, lambda body: body[:2]):
        names = {tuple(words.split()): key for _, _, words, key in found}
        own = OWN.get(scope.partition("/")[0], set())
        local = scope.startswith("doc:")
        for words, key in names.items():
            country = units[key].country or "?"
            across = words[:1] == ("منظمه",) or words[:1] == ("وكاله",) and len(words) == 2  # «وكالة رويترز»
            rest = " ".join(unsorted(words))
            for wider in (scope, *[country] * local, *["*"] * across):
                if (sort := f"{kind}|{wider}|{rest}") in units:
                    join(sort, key)
                    break
            if not local and (short := names.get(plain(words, own))):
                join(short, key)
            if (seated := at_home(words, own)) and seated[0] not in MANY:
                home = f"{kind}|{country}|{' '.join(seated)}"
                short = names.get(seated) or (home if home in units else None)
                if short is not None:
                    join(short, key)
        if not local:
            coordinated(names, own, foreign, join)
            without_light(names, own, join)


def _persons(groups: Groups, units: Units, v: Vocabulary) -> None:
    """Persons of one name: the same office, or the same source within a year."""
    persons = (key for key, unit in units.items() if unit.kind is Kind.PERSON and "#" not in key)
    for (_, _, name), found in groupby(persons, lambda key: parts(key)[:3]):
        keys = list(found)
        if len(keys) < 2 or " " not in name:
            continue
        for i, a in enumerate(keys):
            for b in keys[i + 1 :]:
                if groups.find(a) != groups.find(b) and (
                    why := _same_bearer(units[a].seen, units[b].seen, parts(a)[3], parts(b)[3], v)
                ):
                    groups.join(a, b, f"{_shown(units, a)}: {why}")


def _same_bearer(a: Sequence[Seen], b: Sequence[Seen], mine: str, other: str, v: Vocabulary) -> str:
    offices = " and ".join(f"«{office}»" if office else "no office" for (_, office, _, _), *_ in (a, b))
    x, y = tuple(mine.split()), tuple(other.split())
    synonyms = not v.synonyms.get(x, {}).keys().isdisjoint(v.synonyms.get(y, {}))
    if x and y and (x == y[: len(x)] or y == x[: len(y)] or synonyms):
        return f"the same office ({offices})"
    for document, _, day, source in a:
        for other_document, _, other_day, other_source in b:
            near = day is not None and other_day is not None and abs((day - other_day).days) <= 366
            if source and source == other_source and near and document != other_document:
                return f"{offices}, both in {source}, on {day} and {other_day}"
    return ""


def _decide(groups: Groups, units: Units, decisions: Sequence[Decision]) -> None:
    wanted = {side for d in decisions if d.kind == "merge" for side in (d.first, d.second)}
    by_id = {id: key for key in units if (id := identity(key)) in wanted} if wanted else {}
    for decision in decisions:
        if decision.kind == "merge" and decision.first in by_id and decision.second in by_id:
            groups.join(by_id[decision.first], by_id[decision.second], f"decided: {decision.note or 'merged by hand'}")
