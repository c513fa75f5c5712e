"""The register of actors across documents: stable ids, explained merges, offices with the dates that the documents show.

Pure functions. What goes in is one :class:`Appearance` for each actor of each document, the decisions that people took, and the ids
given in earlier runs; what comes out is the same however often it is run. What is one designation in one scope is a unit
(:mod:`pipeline.actors.units`); units are one record only with evidence (:mod:`pipeline.actors.joins`).
"""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from pipeline.actors import vocabulary
from pipeline.actors.joins import Groups, Units, join_all
from pipeline.actors.places import describe
from pipeline.actors.units import (
    Appearance,
    Decision,
    Seen,
    cuts,
    designation,
    fields_of,
    gather,
    identity,
    office_key,
    unit_of,
)
from pipeline.actors.vocabulary import Vocabulary
from pipeline.types import Kind


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
    v = v or vocabulary.default()
    splits = cuts(decisions)
    borne: dict[str, list[Appearance]] = defaultdict(list)
    for appearance in appearances:
        borne[unit_of(appearance, splits, v)].append(appearance)
    units = gather((key, fields_of(a)) for key, found in borne.items() for a in found)
    entries = []
    for entry in records(units, decisions, known or {}, v):
        found = [a for key in entry.keys for a in borne[key]]
        documents, actors = {a.document_id for a in found}, [a.actor.id for a in found]
        entries.append(replace(entry, documents=tuple(sorted(documents)), actors=tuple(sorted(actors))))
    return sorted(entries, key=lambda e: (-len(e.documents), e.name, e.id))


def records(
    units: Units, decisions: Sequence[Decision], known: Mapping[str, str], v: Vocabulary | None = None
) -> Iterator[Entry]:
    """The records that units make, in the order of their first keys, without their documents and actors.

    The units may be a part of all where no unit of it is joined with one outside, or bears the id of one: see
    :func:`pipeline.store.register.rebuild`. Raises :class:`ValueError` as :func:`build` does.
    """
    if wrong := [d.kind for d in decisions if d.kind not in ("merge", "split")]:
        raise ValueError(f"unknown decisions {sorted(set(wrong))}; valid: merge, split")
    v = v or vocabulary.default()
    groups = join_all(units, decisions, v)
    ids = _ids(groups, units, known, decisions)
    for root, keys in groups.members(units):
        yield _entry(ids[root], keys, units, groups.reasons.get(root, ()), v)


def _entry(id: str, keys: Sequence[str], units: Units, reasons: Sequence[str], v: Vocabulary) -> Entry:
    found = [units[key] for key in keys]
    names = found[0].names()
    if len(found) > 1:
        names = Counter(dict(names))
        for unit in found[1:]:
            names.update(unit.names())
    full = {designation(name, found[0].country, v)[:2] for name in names}
    listed = [name for name, folded in full if folded in v.listed]
    name = listed[0] if len(listed) == 1 else max(names, key=lambda n: (names[n], len(n), n))
    tenures = _tenures([seen for unit in found for seen in unit.seen])
    described = describe(main_office(tenures) or name, v)
    return Entry(
        id,
        name,
        found[0].kind,
        tuple(sorted({*names, *(alias for unit in found for alias, _ in unit.aliases)} - {name})),
        described.level,
        described.wilaya,
        (),
        tenures,
        tuple(sorted(reasons)),
        tuple(keys),
    )


def _ids(groups: Groups, units: Units, known: Mapping[str, str], decisions: Sequence[Decision]) -> dict[str, str]:
    """An id for each record, no two the same: that of its best known key, else a new one.

    The first of a merge by hand goes before the second; a key that made an id, before others that bear it, unless something was split
    off it; many appearances, before few.
    """
    merges = [d for d in decisions if d.kind == "merge"]
    first = {d.first for d in merges} - {d.second for d in merges}
    split_off = cuts(decisions)

    def rank(key: str) -> tuple[bool, bool, int, str]:
        own = identity(key)
        return own not in first, known[key] != own or own in split_off, -units[key].count, key

    ids: dict[str, str] = {}
    taken: set[str] = set()
    for key in sorted((key for key in units if key in known), key=rank):
        root = groups.find(key)
        if root not in ids and known[key] not in taken:
            ids[root] = known[key]
            taken.add(known[key])
    for root, keys in groups.members(units):
        if root not in ids:
            own = chain(keys, (f"{keys[0]}#{n}" for n in count(2)))
            ids[root] = next(made for made in map(identity, own) if made not in taken)
            taken.add(ids[root])
    return ids


def main_office(tenures: Sequence[Tenure]) -> str:
    """The office in which most documents show a person; empty where none does."""
    return max(tenures, key=lambda t: t.documents).office if tenures else ""


def _tenures(found: Iterable[Seen]) -> tuple[Tenure, ...]:
    held: dict[str, list[Seen]] = defaultdict(list)
    for seen in found:
        if seen[1]:
            held[office_key(seen[1])].append(seen)
    out = []
    for shown in held.values():
        spelt = Counter([re.sub(r"\s+", " ", office) for _, office, _, _ in shown if office])
        days = sorted(day for _, _, day, _ in shown if day is not None)
        out.append(
            Tenure(
                max(spelt, key=lambda office: (spelt[office], office)),
                days[0] if days else None,
                days[-1] if days else None,
                len({document for document, _, _, _ in shown}),
            )
        )
    return tuple(sorted(out, key=lambda t: (t.first or datetime.date.max, t.office)))
