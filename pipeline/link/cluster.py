"""Threads from links: agglomeration by mean link (UPGMA), guarded against chains.

Of all groups that a link leads across, the two with the highest mean score of all pairs across are joined, until no mean is high
enough. Two groups never join where a decision of a person keeps two of their items apart, or where they hold two different
instructions of one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heappop, heappush

from pipeline.disjoint import root_of
from pipeline.link.types import Item, ItemKind

Pair = tuple[str, str]
PAIRS = 64
"""Most pairs across two groups that are looked at for their mean."""


def components(ids: Iterable[str], links: Iterable[Pair]) -> list[list[str]]:
    """The connected components of a graph, each in the order of ``ids``."""
    parents = {name: name for name in ids}
    for a, b in links:
        if a in parents and b in parents:
            parents[root_of(parents, b)] = root_of(parents, a)
    groups: dict[str, list[str]] = {}
    for name in parents:
        groups.setdefault(root_of(parents, name), []).append(name)
    return list(groups.values())


def threads(
    items: Mapping[str, Item],
    links: Mapping[Pair, float],
    mean: float,
    score: Callable[[Item, Item], float],
    confirmed: Iterable[Pair] = (),
    cut: Iterable[Pair] = (),
) -> list[list[str]]:
    """Groups of ids, each in the order of time. ``score`` gives the score of a pair that has no link.

    ``confirmed`` pairs are joined first, whatever their score; ``cut`` pairs never are in one group, not even through others.
    """
    apart = {frozenset(pair) for pair in cut}
    group: dict[str, list[str]] = {name: [name] for name in items}
    known = {frozenset(pair): value for pair, value in links.items()}

    def pair_score(a: str, b: str) -> float:
        key = frozenset((a, b))
        if key not in known:
            first, second = sorted((items[a], items[b]), key=lambda item: item.order)
            known[key] = score(first, second)
        return known[key]

    def likeness(a: Sequence[str], b: Sequence[str]) -> float:
        if any(frozenset((x, y)) in apart for x in a for y in b):
            return 0.0
        if any(_rivals(items[x], items[y]) and frozenset((x, y)) not in linked for x in a for y in b):
            return 0.0
        across = [(x, y) for x in a for y in b if may_score(items[x], items[y])][:PAIRS]
        return sum(pair_score(x, y) for x, y in across) / len(across) if across else 1.0

    def join(a: list[str], b: list[str]) -> list[str]:
        joined = a + b
        group.update(dict.fromkeys(joined, joined))
        return joined

    linked = set(known)
    for a, b in confirmed:
        first, second = group.get(a, []), group.get(b, [])
        if first is not second and not any(frozenset((x, y)) in apart for x in first for y in second):
            join(first, second)
    beside: dict[str, set[str]] = {name: set() for name in items}
    for a, b in links:
        beside[a].add(b)
        beside[b].add(a)
    heap: list[tuple[float, str, str, int, int]] = []

    def propose(members: list[str]) -> None:
        others = {id(group[other]): group[other] for name in members for other in beside[name]}
        for other in others.values():
            if other is not members and (value := likeness(members, other)) >= mean:
                heappush(heap, (-value, min(members), min(other), len(members), len(other)))

    for members in {id(found): found for found in group.values()}.values():
        propose(members)
    while heap:
        _, a, b, *sizes = heappop(heap)
        if group[a] is not group[b] and sizes == [len(group[a]), len(group[b])]:
            propose(join(group[a], group[b]))
    unique = {id(members): members for members in group.values()}
    return [sorted(members, key=lambda name: items[name].order) for members in unique.values()]


def may_score(a: Item, b: Item) -> bool:
    """True where two items can be scored as a pair: one at least is a directive."""
    return ItemKind.DIRECTIVE in (a.kind, b.kind)


def _rivals(a: Item, b: Item) -> bool:
    """True where two items are different instructions of one statement."""
    return (
        a.document_id == b.document_id
        and a.fold != b.fold
        and a.kind is ItemKind.DIRECTIVE
        and b.kind is ItemKind.DIRECTIVE
    )
