"""Linking the documents of a store: items, candidates, scores, threads. Only new documents are read; what they touch is put together anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.errors import TaalimatError
from pipeline.link import cluster
from pipeline.link import store as kept
from pipeline.link.candidates import Candidates
from pipeline.link.items import day_of, name_words
from pipeline.link.pairs import may_pair, score, weights
from pipeline.link.prior import Prior
from pipeline.link.references import bound, references
from pipeline.link.relation import relation
from pipeline.link.reports import reports
from pipeline.link.reprints import printed_before
from pipeline.link.types import Issuer, Item, ItemKind, Link, Relation
from pipeline.normalize import normalize
from pipeline.segment import SegmentStage
from pipeline.store.sqlite import Store
from pipeline.types import Analysis, Document, Span

if TYPE_CHECKING:
    from pipeline.model.encoder import Encoder

_BATCH = 200
"""Documents a transaction."""
PLAUSIBLE = 0.01
"""Score by words alone from which the encoder is asked about a pair."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What one linking did: documents read, items and links made, threads put together anew."""

    documents: int
    items: int
    links: int
    threads: int


def built_encoder() -> Encoder | None:
    """The sentence encoder, where `taalimat models build` made it and onnxruntime is there."""
    from pipeline.model.encoder import Encoder, default_folder

    try:
        return Encoder() if default_folder().is_dir() else None
    except TaalimatError:
        return None


def link(store: Store, again: bool = False, encoder: Encoder | None = None) -> Linked:
    """Link all documents that are new since the last time; with ``again`` all, from the beginning. Decisions of people are kept to.

    With an ``encoder`` the similarity of what two plausible items say counts too.
    """
    totals = [0, 0, 0, 0]
    if again:
        with store.transaction():
            kept.forget(store)
    index, prior = Candidates(store), Prior.of(store, encoder is not None)
    for waiting in kept.chunks(kept.pending(store), _BATCH):
        with store.transaction():
            names = kept.unlinked(store, waiting)  # another run on this store may have linked some meanwhile
            prior.refresh(store)
            items = [item for name in names for item in _read(store, name)]
            kept.save_items(store, items)
            marks = [(name,) for name in names]
            store.connection.executemany("INSERT INTO link_document VALUES (?)", marks)
            found = proposals(index, items, prior, encoder) + _recalls(store, items)
            kept.save_links(store, found)
            prior.save(store)
            threads = settle(store, {item.id for item in items}, prior)
        totals = [t + n for t, n in zip(totals, (len(names), len(items), len(found), threads), strict=True)]
    with store.transaction():
        totals[3] += settle(store, kept.orphans(store), prior)
        prior.refresh(store)
        if prior.moved():
            settle(store, kept.linked(store), prior)
            prior.settled(store)
    return Linked(*totals)


def _read(store: Store, document_id: str) -> list[Item]:
    """The items of a document: its directives, reports and references."""
    directives = kept.directives_of(store, document_id)
    query = "SELECT title, text, published, meta ->> '$.country' FROM documents WHERE document_id = ?"
    title, text, published, country = store.connection.execute(query, (document_id,)).fetchone()
    day = day_of(published) or day_of(kept.last_day(store, document_id))
    sectors: set[str] = set()
    for name, office in store.connection.execute(
        "SELECT name, office FROM actors WHERE document_id = ? AND kind <> 'GROUP'", (document_id,)
    ):
        sectors |= name_words(office or name)
    analysis = SegmentStage()(Analysis(Document(document_id, text, title, day_of(published)), normalize(text)))
    taken = [Span(item.start, item.end) for item in directives]
    issuer = Issuer(sector=frozenset(sectors))
    told = list(references(analysis, kept.days_of(store, document_id), taken, issuer, country or ""))
    taken += [Span(item.start, item.end) for item in told]
    return [*directives, *told, *reports(analysis, taken, day, issuer, country or "")]


def _recalls(store: Store, items: Sequence[Item]) -> list[Link]:
    """The links of references to the directives of their statements."""
    out: list[Link] = []
    for reference in items:
        if reference.kind is ItemKind.REFERENCE and reference.named:
            own = [i for i in items if i.document_id == reference.document_id and i.kind is ItemKind.DIRECTIVE]
            sector = reference.issuer.sector.union(*(i.issuer.sector for i in own))
            out += bound(reference, own, kept.statement_of(store, reference.named, sector, reference.document_id))
    return out


def proposals(index: Candidates, items: Iterable[Item], prior: Prior, encoder: Encoder | None = None) -> list[Link]:
    """Links from some items to all that are indexed: those above half of the threshold, one counterpart a document at most.

    ``prior`` learns from the scores of all candidates. The score of a link hangs on its two items only.
    """
    pairs = plausible(index.of([item for item in items if item.kind is not ItemKind.REFERENCE]))
    implausible: list[ItemKind] = []
    if encoder is not None:
        likely = {key: pair for key, pair in pairs.items() if score(*map(_plain, pair))[0] >= PLAUSIBLE}
        implausible = [b.kind for key, (_, b) in pairs.items() if key not in likely]
        items_of = {i.id: i for pair in likely.values() for i in pair}
        known = kept.with_vectors(index.store, items_of.values(), encoder)
        pairs = {key: (known[key[0]], known[key[1]]) for key in likely}
    scored = [(*score(a, b), a, b) for a, b in pairs.values()]
    kinds = (ItemKind.DIRECTIVE, ItemKind.REPORT)
    prior.learn(
        {kind: [s for s, _, _, b in scored if b.kind is kind] + [0.0] * implausible.count(kind) for kind in kinds}
    )
    floor = weights(encoder is not None)["threshold"] / 2
    found = [entry for entry in scored if prior.adjusted(entry[0], entry[3].kind) >= floor]
    return [Link(a.id, b.id, value, *relation(a, b), evidence) for value, evidence, a, b in _best(found)]


def plausible(candidates: Iterable[tuple[Item, Sequence[Item]]]) -> dict[tuple[str, str], tuple[Item, Item]]:
    """By their ids the pairs that may be tied among items and their candidates, the earlier first."""
    pairs: dict[tuple[str, str], tuple[Item, Item]] = {}
    for item, others in candidates:
        for other in others:
            a, b = sorted((item, other), key=lambda i: i.order)
            if a.kind is not ItemKind.DIRECTIVE and a.document_id != b.document_id and not (a.day and b.day):
                a, b = b, a  # without dates a report is taken to follow
            if may_pair(a, b):
                pairs[a.id, b.id] = (a, b)
    return pairs


def _plain(item: Item) -> Item:
    return item if item.vector is None else replace(item, vector=None)


def _best(
    found: list[tuple[float, dict[str, float], Item, Item]],
) -> list[tuple[float, dict[str, float], Item, Item]]:
    """Of the links between two statements those of the best assignment: an instruction answers one of the other statement, the likeliest."""
    taken: dict[tuple[str, str], set[str]] = defaultdict(set)
    out = []
    for value, evidence, a, b in sorted(found, key=lambda f: (-f[0], f[2].id, f[3].id)):
        ours, theirs = taken[a.fold, b.document_id], taken[b.fold, a.document_id]
        if ours - {b.fold} or theirs - {a.fold}:
            continue
        ours.add(b.fold)
        theirs.add(a.fold)
        out.append((value, evidence, a, b))
    return out


def settle(store: Store, ids: Iterable[str], prior: Prior) -> int:
    """Put together anew the threads that some items touch; how many there are now."""
    touched = kept.neighbours(store, ids, prior.least(_least()))
    items = {name: i for name, i in kept.items_of(store, touched).items() if i.kind is not ItemKind.REFERENCE}
    if not items:
        return 0
    known = weights(any(item.vector is not None for item in items.values()))
    links = {pair: prior.adjusted(value, items[pair[1]].kind) for pair, value in kept.links_of(store, items).items()}
    decided = kept.decisions(store)
    confirmed = [(d.first, d.second) for d in decided if d.verdict == "confirm"]
    cut = [(d.first, d.second) for d in decided if d.verdict == "cut"]
    apart = {frozenset(pair) for pair in cut}
    sure = {
        pair: value for pair, value in links.items() if value >= known["threshold"] and frozenset(pair) not in apart
    }
    folds = [
        (a.id, a.fold)
        for a in items.values()
        if a.fold != a.id and a.fold in items and frozenset((a.id, a.fold)) not in apart
    ]

    def likely(a: Item, b: Item) -> float:
        return prior.adjusted(score(a, b)[0], b.kind) if may_pair(a, b) else 0.0

    count = 0
    for ids_of_one in cluster.components(items, [*sure, *folds, *confirmed]):
        members = {name: items[name] for name in ids_of_one}
        own = {pair: value for pair, value in sure.items() if pair[0] in members and pair[1] in members}
        joined = [pair for pair in [*confirmed, *folds] if pair[0] in members and pair[1] in members]
        for group in cluster.threads(members, own, known["mean"], likely, joined, cut):
            kept.save_thread(store, _entries(store, [members[name] for name in group]))
            count += len(group) > 1
    return count


def _least() -> float:
    """The least score of a link that counts."""
    return min(weights(similarity)["threshold"] for similarity in (False, True))


def _entries(store: Store, group: list[Item]) -> list[tuple[str, str | None, str]]:
    """Ids of a thread in order, each with its relation to the last instruction before it. A report cannot come first.

    A copy of an earlier entry is none of its own: what follows is compared with the entry that it is a copy of.
    """
    first = next((i for i, item in enumerate(group) if item.kind is ItemKind.DIRECTIVE), 0)
    ordered = [group[first], *group[:first], *group[first + 1 :]]
    out: list[tuple[str, str | None, str]] = []
    before: Item | None = None
    for at, item in enumerate(ordered):
        if before is None:
            out.append((item.id, None, ""))
        elif copied := printed_before(store, item, ordered[:at]):
            first_print, near = copied
            why = f"published before in {first_print.document_id}: {near:.0%} of the words around it are the same"
            out.append((item.id, Relation.COPIED.value, why))
            continue
        else:
            name, why = relation(before, item)
            out.append((item.id, name.value, why))
        if item.kind is ItemKind.DIRECTIVE and not item.recalled:
            before = item
        before = before or item
    return out


def decide(store: Store, verdict: str, first: str, second: str, note: str = "") -> int:
    """Keep what a person decided about two items, and put their threads together anew; the number of the decision.

    Raises :class:`TaalimatError` where one of them is not in the store.
    """
    with store.transaction():
        number = kept.decide(store, verdict, first, second, note)
        settle(store, (first, second), Prior.of(store))
    return number


def undo(store: Store, number: int) -> kept.Decided:
    """Take a decision back and put the threads together anew. Raises :class:`TaalimatError` where there is none of that number."""
    with store.transaction():
        touched = kept.neighbours(
            store, [name for d in kept.decisions(store) if d.number == number for name in (d.first, d.second)], _least()
        )
        taken = kept.undo(store, number)
        settle(store, touched, Prior.of(store))
    return taken
