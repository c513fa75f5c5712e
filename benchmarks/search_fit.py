"""Fits the weights of search: one after another is moved to the value with the best score, until none moves.

    python benchmarks/search_fit.py                # the weights that the code should have
    python benchmarks/search_fit.py --half 0       # fitted on the even queries only; what the odd ones gain (cross validation)

Fitted on the 235 queries of ``search_fit.toml`` and the 120 of ``search.toml``, both sets alike, and in both the kinds of queries as often as in
``search.toml``. The score of a query is its recall, the mean of that among the first 10, 15, 20, 25, 30 and 40 (which moves in smaller steps than
that among 20), nine tenths, and the reciprocal rank of the first right one, one tenth; with the encoder (it must be built) three quarters, by
words only one quarter. Queries of ``search_unseen.toml`` are measured and fit nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from search import QUERIES, UNSEEN, Case, cases, stored

from pipeline.search import asked, match, meaning
from pipeline.search.columns import columns
from pipeline.search.engine import connect_readonly
from pipeline.search.text import parse

FIT = QUERIES.with_name("search_fit.toml")
DEPTHS = (10, 15, 20, 25, 30, 40)
LEAST_GAIN = 3e-4
ROUNDS = 2

Place = tuple[ModuleType, str, int | None]
"""A module, one of its names and, where that is a tuple, the place in it."""

WEIGHTS: dict[str, tuple[Place, tuple[float, ...]]] = {
    "synonym": ((asked, "SYNONYM", None), (0.7, 0.8, 0.9, 0.95, 1.0)),
    "root": ((asked, "ROOT", None), (0.55, 0.65, 0.75, 0.85)),
    "weak root": ((asked, "WEAK_ROOT", None), (0.3, 0.4, 0.5, 0.6)),
    "held by parties": ((asked, "HOLDS", 1), (0.7, 0.8, 0.85, 0.95)),
    "held by another reading": ((asked, "HOLDS", 2), (0.7, 0.8, 0.9)),
    "held by the title": ((asked, "HOLDS", 3), (0.4, 0.5, 0.6, 0.7)),
    "held by the sentence": ((asked, "HOLDS", 4), (0.2, 0.25, 0.3, 0.35, 0.4, 0.45)),
    "all words, synonyms, roots": ((asked, "BESIDES", None), (0.2, 0.3, 0.4, 0.5, 0.6)),
    "of it: the instruction": ((asked, "ADDS", 0), (0.6, 0.9, 1.2)),
    "of it: the sentence": ((asked, "ADDS", 4), (0.5, 0.9, 1.3)),
    "of it: roots": ((asked, "ADDS", 5), (0.5, 1.0, 1.5)),
    "of it: shorter first": ((asked, "SHORTER", None), (1.0, 1.2, 1.6)),
    "meaning": ((match, "MEANING", None), (0.25, 0.3, 0.35, 0.4, 0.45)),
    "saying the same": ((match, "SAME", None), (0.5, 0.6, 0.7, 0.85)),
    "best by words": ((match, "LIKED", None), (2, 3, 4, 6, 8)),
    "of the statement": ((match, "BESIDE", None), (0.0, 0.03, 0.06)),
}


def get(place: Place) -> float:
    module, name, at = place
    value = getattr(module, name)
    return float(value if at is None else value[at])


def put(place: Place, value: float) -> None:
    module, name, at = place
    old = getattr(module, name)
    setattr(module, name, type(old)(value) if at is None else (*old[:at], value, *old[at + 1 :]))


class Collection:
    """A store, and what is found in it."""

    def __init__(self, path: Path) -> None:
        self.connection = connect_readonly(path)
        sql = """SELECT document_id || ':' || start FROM search_text JOIN directives USING (directive_id) ORDER BY id"""
        self.keys = np.array([row[0] for row in self.connection.execute(sql)])
        self.all = np.ones(len(columns(self.connection).ids), dtype=bool)

    def measure(self, queries: Sequence[Case]) -> NDArray[np.float64]:
        """Recall at each of DEPTHS and reciprocal rank, one row a query."""
        return np.array([self._measure(case) for case in queries])

    def _measure(self, case: Case) -> list[float]:
        found = match.find(self.connection, case.text, parse(case.text), self.all, True)
        ranked = self.keys[found.positions[np.argsort(-found.scores, kind="stable")]]
        right = np.flatnonzero(np.isin(ranked, list(case.relevant)))
        recall = [np.count_nonzero(right < depth) / len(case.relevant) for depth in DEPTHS]
        return [*recall, 1 / (1 + right[0]) if len(right) and right[0] < 20 else 0.0]


def weighed(queries: Sequence[Case], mix: Counter[str]) -> NDArray[np.float64]:
    """Weights of queries, of sum 1, by which each kind counts as in ``mix``."""
    own = Counter(case.kinds[0] for case in queries)
    weights = np.array([mix[case.kinds[0]] / own[case.kinds[0]] for case in queries])
    return weights / weights.sum()


def score(collections: Sequence[tuple[Collection, float]], sets: Sequence[Sequence[Case]]) -> float:
    mix = Counter(case.kinds[0] for case in cases())
    parts = [
        share * float(weighed(queries, mix) @ (0.9 * found[:, :-1].mean(axis=1) + 0.1 * found[:, -1]))
        for collection, share in collections
        for queries, found in ((queries, collection.measure(queries)) for queries in sets)
    ]
    return sum(parts) / len(sets)


def fit(collections: Sequence[tuple[Collection, float]], sets: Sequence[Sequence[Case]]) -> None:
    """Move the weights to where ``sets`` score best."""
    best = score(collections, sets)
    print(f"score {best:.4f}", flush=True)
    for _ in range(ROUNDS):
        moved = False
        for name, (place, choices) in WEIGHTS.items():
            old = get(place)
            tried = []
            for value in choices:
                if value != old:
                    put(place, value)
                    tried.append((score(collections, sets), value))
            gained, value = max(tried)
            put(place, value if gained > best + LEAST_GAIN else old)
            if gained > best + LEAST_GAIN:
                best, moved = gained, True
                print(f"score {best:.4f}: {name} {value}", flush=True)
        if not moved:
            break


def show(what: str, collections: Sequence[tuple[Collection, float]], sets: dict[str, Sequence[Case]]) -> None:
    for name, queries in sets.items():
        for (collection, _), how in zip(collections, ("with the encoder", "words only"), strict=True):
            found = collection.measure(queries).mean(axis=0)
            print(f"{what}, {name} ({len(queries)}), {how}: recall@20 {found[2]:.3f}, MRR {found[-1]:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", type=int, choices=(0, 1), help="fit on every second query only")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where stores are kept, to be used again")
    args = parser.parse_args()
    meaning._embedded = cache(meaning._embedded.__wrapped__)  # type: ignore[attr-defined,assignment]
    with tempfile.TemporaryDirectory() as folder:
        collections = [
            (Collection(stored(args.keep or Path(folder), 0, vectors)), share)
            for vectors, share in ((True, 0.75), (False, 0.25))
        ]
        sets = {"search_fit.toml": cases(FIT), "search.toml": cases()}
        fitted = {name: queries[args.half or 0 :: 2 if args.half is not None else 1] for name, queries in sets.items()}
        other = {name: queries[1 - (args.half or 0) :: 2] for name, queries in sets.items()}
        shown = {**(sets if args.half is None else other), "search_unseen.toml": cases(UNSEEN)}
        show("before", collections, shown)
        fit(collections, list(fitted.values()))
        show("after", collections, shown)
    print("\n".join(f"{name}: {get(place)}" for name, (place, _) in WEIGHTS.items()))


if __name__ == "__main__":
    main()
