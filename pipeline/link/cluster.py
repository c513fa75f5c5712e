"""Threads from links: agglomeration by mean link, guarded against chains.

Two groups of items are joined, the surest link first, only where the mean score of all pairs across is high enough, no decision of
a person keeps two of them apart, and no two of them are different instructions of one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pipeline.link.types import Item, ItemKind

Pair = tuple[str, str]
PAIRS = 64
"""Most pairs across two groups that are looked at for their mean."""


def components(ids: Iterable[str], links: Iterable[Pair]) -> list[list[str]]:
    """The connected components of a graph, each in the order of ``ids``."""
    parent = {name: name for name in ids}

    def find(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for a, b in links:
        if a in parent and b in parent:
            parent[find(b)] = find(a)
    groups: dict[str, list[str]] = {}
    for name in parent:
        groups.setdefault(find(name), []).append(name)
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

    def allowed(a: Sequence[str], b: Sequence[str], sure: bool) -> bool:
        if any(frozenset((x, y)) in apart for x in a for y in b):
            return False
        if sure:
            return True
        if any(_rivals(items[x], items[y]) and frozenset((x, y)) not in known_links for x in a for y in b):
            return False
        across = [(x, y) for x in a for y in b if may_score(items[x], items[y])][:PAIRS]
        return not across or sum(pair_score(x, y) for x, y in across) / len(across) >= mean

    known_links = {frozenset(pair) for pair in links}
    ordered = [(pair, True) for pair in confirmed if pair[0] in group and pair[1] in group]
    ordered += [(pair, False) for pair, _ in sorted(links.items(), key=lambda entry: (-entry[1], entry[0]))]
    for (a, b), sure in ordered:
        first, second = group[a], group[b]
        if first is second or not allowed(first, second, sure):
            continue
        first += second
        for name in second:
            group[name] = first
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
