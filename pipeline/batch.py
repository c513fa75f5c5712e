"""Many documents rendered: in this process while they are few, by the engine of worker processes when they are many.

Results come in the order of the input, and only a bounded number of documents is in memory at a time.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from pipeline.engines import Engine
from pipeline.engines.attempt import Limits, attempt
from pipeline.errors import Problem
from pipeline.pipeline import DEFAULT, Decide
from pipeline.store.rows import Rows
from pipeline.types import Analysis, Document

T = TypeVar("T")

BATCH = 150_000
"""Characters that go to a worker at once."""

SMALL = 600_000
"""Characters up to which starting workers does not pay."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What ``render`` made of the analysis of one document. ``words`` counts its words (runs without white space)."""

    document_id: str
    result: T
    words: int


Item = Document | Problem


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Items in groups of about BATCH characters."""
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.raw) if isinstance(item, Document) else 100
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _here(items: Iterable[Item], render: Callable[[Analysis], T], decide: Decide) -> Iterator[Done[T] | Problem]:
    for item in items:
        if isinstance(item, Problem):
            yield item
            continue
        made = attempt(item, Limits(), render, decide)
        yield made if isinstance(made, Problem) else Done(item.id, made, len(item.raw.split()))


def _by_workers(
    groups: Iterator[list[Item]], render: Callable[[Analysis], T], workers: int | None, decide: Decide
) -> Iterator[Done[T] | Problem]:
    from pipeline.engines.local import LocalEngine
    from pipeline.engines.records import failure_of, rendering, to_batch

    sent: deque[Item] = deque()

    def send() -> Iterator[object]:
        for group in groups:
            sent.extend(group)
            if documents := [item for item in group if isinstance(item, Document)]:
                yield to_batch(documents)

    for batch in LocalEngine(workers).map(rendering(render, Limits(), decide), send()):
        for row in batch.to_pylist():
            while isinstance(item := sent.popleft(), Problem):
                yield item
            yield failure_of(row) or Done(row["id"], pickle.loads(row["rendered"]), row["words"])
    while sent:
        problem = sent.popleft()
        assert isinstance(problem, Problem)
        yield problem


def records_of_all(
    items: Iterable[Item], engine: Engine, limits: Limits, decide: Decide = DEFAULT
) -> Iterator[Rows | Problem]:
    """The rows of each document in ``items``, in their order, by an engine; problems pass through, failures become problems."""
    from pipeline.engines.records import analysis, results, to_batch

    problems: deque[Problem] = deque()

    def send() -> Iterator[object]:
        for group in batches(items):
            problems.extend(item for item in group if isinstance(item, Problem))
            if documents := [item for item in group if isinstance(item, Document)]:
                yield to_batch(documents)

    for batch in engine.map(analysis(limits, decide), send()):
        while problems:
            yield problems.popleft()
        yield from results(batch)
    yield from problems


def analyse_all(
    items: Iterable[Item],
    render: Callable[[Analysis], T],
    workers: int | None = None,
    decide: Decide = DEFAULT,
) -> Iterator[Done[T] | Problem]:
    """``render(analysis)`` of each document in ``items``, in their order; problems pass through, failures become problems.

    ``render`` runs where the analysis is made and must be importable by name; what it returns must be picklable.
    ``workers`` is the number of processes, by default one a CPU; with 1, or little text, all runs in this process.
    """
    groups = batches(items)
    if workers == 1:
        yield from _here(chain.from_iterable(groups), render, decide)
        return
    head: list[list[Item]] = []
    for group in groups:
        head.append(group)
        if len(head) * BATCH > SMALL:
            yield from _by_workers(chain(head, groups), render, workers, decide)
            return
    yield from _here(chain.from_iterable(head), render, decide)
