"""Agreement of linking with the composed series: pairs of entries in one thread, and relations.

The statements of a split go through the whole pipeline into one store and are linked together, so that a link between two series
is an error too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pipeline.link import linker
from pipeline.link.series import Mark, Statement
from pipeline.link.store import items_of
from pipeline.link.types import Item, ItemKind
from pipeline.pipeline import default_pipeline
from pipeline.store.register import rebuild
from pipeline.store.rows import to_rows
from pipeline.store.sqlite import FILE_NAME, Store
from pipeline.types import Document, Span

if TYPE_CHECKING:
    from pipeline.model.encoder import Encoder

Key = tuple[str, int]
"""A mark: its statement and its place among the marks of it."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of pairs of entries: ``right`` of ``given`` by linking, ``wanted`` by the series, ``reachable`` of these where both were found as
    directives or reports; and of relations ``named`` rightly among ``linked`` entries."""

    right: int
    given: int
    wanted: int
    reachable: int
    named: int
    linked: int
    entries: int
    confusion: Counter[tuple[str, str]]

    @property
    def precision(self) -> float:
        """Right pairs among those given."""
        return self.right / max(1, self.given)

    def f1(self, reachable: bool = True) -> float:
        """F1 over pairs; ``reachable``: of entries that extraction found, else of all that the series have."""
        return 2 * self.right / max(1, self.given + (self.reachable if reachable else self.wanted))

    @property
    def relations(self) -> float:
        """Share of entries linked to their thread whose relation is right."""
        return self.named / max(1, self.linked)


def fill(store: Store, documents: Iterable[Document]) -> None:
    """Analyse documents into a store, with its register of actors."""
    run = store.begin_run(["series"])
    with store.transaction():
        for document in documents:
            store.save(run, to_rows(default_pipeline()(document)))
    store.finish_run(run, 0, 0)
    rebuild(store)


def align(statements: Iterable[Statement], items: Iterable[Item]) -> dict[str, tuple[Key, Mark]]:
    """For each item the mark it is or is part of: half of a directive, or most of a report or of the mark in it, is common to both.

    One mark may be several items, where extraction parted what stands in one mark; of reports only one, and none beside directives.
    """
    by_document: dict[str, list[Item]] = {}
    for item in items:
        by_document.setdefault(item.document_id, []).append(item)
    out: dict[str, tuple[Key, Mark]] = {}
    for statement in statements:
        own = by_document.get(statement.document.id, [])
        directives = [item for item in own if item.kind is ItemKind.DIRECTIVE]
        taken = set()
        for item in directives:
            place = max(range(len(statement.marks)), key=lambda k: _common(statement.marks[k].span, item), default=None)
            common = 0 if place is None else _common(statement.marks[place].span, item)
            if place is not None and common >= min(
                0.5 * (item.end - item.start), 0.9 * len(statement.marks[place].span)
            ):
                out[item.id] = ((statement.document.id, place), statement.marks[place])
                taken.add(place)
        for place, mark in enumerate(statement.marks):
            reports = [item for item in own if item.kind is ItemKind.REPORT and item.id not in out]
            best = max(reports, key=lambda item: _common(mark.span, item), default=None)
            if (
                place not in taken
                and best
                and _common(mark.span, best) >= 0.6 * min(len(mark.span), best.end - best.start)
            ):
                out[best.id] = ((statement.document.id, place), mark)
    return out


def _common(span: Span, item: Item) -> int:
    return max(0, min(span.end, item.end) - max(span.start, item.start))


def measure(statements: Sequence[Statement], verbose: bool = False, encoder: Encoder | None = None) -> Agreement:
    """Analyse, link and compare statements of the series."""
    with TemporaryDirectory() as folder, Store(Path(folder) / FILE_NAME) as store:
        fill(store, (s.document for s in statements))
        linker.link(store, encoder=encoder)
        return compare(store, statements, verbose)


def compare(store: Store, statements: Sequence[Statement], verbose: bool = False) -> Agreement:
    """Compare the threads of a store with those of the statements in it."""
    rows = store.connection.execute("SELECT item_id, thread, relation FROM link_item").fetchall()
    items = items_of(store, [name for name, *_ in rows])
    thread = {name: thread for name, thread, _ in rows}
    relation = {name: relation for name, _, relation in rows}
    mark_of = align(statements, items.values())
    item_of = {key: name for name, (key, _) in reversed(mark_of.items())}
    threads_of: dict[Key, set[str]] = {}
    for name, (key, _) in mark_of.items():
        threads_of.setdefault(key, set()).add(thread[name])
    groups: dict[str, list[str]] = {}
    for name, group in thread.items():
        groups.setdefault(group, []).append(name)
    pairs: dict[frozenset[object], bool] = {}
    for members in groups.values():
        for x, y in combinations(members, 2):
            one, other = mark_of.get(x), mark_of.get(y)
            same = one is not None and other is not None and one[1].thread == other[1].thread is not None
            pairs[frozenset((one[0] if one else x, other[0] if other else y))] = same
            if verbose and not same:
                print(f"WRONG {x} «{items[x].text}»\n      {y} «{items[y].text}»")
    pairs = {pair: same for pair, same in pairs.items() if len(pair) == 2}
    gold: dict[str, list[tuple[Key, Mark]]] = {}
    for statement in statements:
        for place, mark in enumerate(statement.marks):
            if mark.thread:
                gold.setdefault(mark.thread, []).append(((statement.document.id, place), mark))
    wanted = reachable = named = linked = entries = 0
    confusion: Counter[tuple[str, str]] = Counter()
    for title, marked in gold.items():
        for (a, _), (b, _) in combinations(marked, 2):
            wanted += 1
            both = a in item_of and b in item_of
            reachable += both
            if verbose and not (both and threads_of[a] & threads_of[b]):
                print(
                    f"MISSED {title} {a} {b}"
                    + (": " + items[item_of[a]].text + " || " + items[item_of[b]].text if both else " (not found)")
                )
        for at, (key, mark) in enumerate(marked[1:], 1):
            entries += 1
            item = item_of.get(key, "")
            earlier = {thread[item_of[other]] for other, _ in marked[:at] if other in item_of}
            if not item or thread[item] not in earlier:
                continue
            linked += 1
            named += relation[item] == mark.relation
            confusion[str(mark.relation), str(relation[item])] += 1
            if verbose and relation[item] != mark.relation:
                print(f"RELATION {title} {item} wants {mark.relation}, has {relation[item]}: {items[item].text}")
    return Agreement(sum(pairs.values()), len(pairs), wanted, reachable, named, linked, entries, confusion)
