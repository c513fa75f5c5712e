"""Many documents through the pipeline: in this process while they are few, in worker processes when they are many.

Results come in the order of the input, and only a bounded number of documents is in memory at a time.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from typing import Generic, TypeVar

from pipeline.errors import Problem
from pipeline.pipeline import DEFAULT, Decide, StageError, default_pipeline
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
Batch = list[Item]


def _analyse_one(item: Item, render: Callable[[Analysis], T], decide: Decide) -> Done[T] | Problem:
    if isinstance(item, Problem):
        return item
    try:
        return Done(item.id, render(default_pipeline(decide)(item)), len(item.raw.split()))
    except StageError as error:
        return Problem(item.source or "", str(error), document_id=item.id)


def _analyse(batch: Batch, render: Callable[[Analysis], T], decide: Decide) -> list[Done[T] | Problem]:
    return [_analyse_one(item, render, decide) for item in batch]


def _batches(items: Iterable[Item]) -> Iterator[Batch]:
    batch: Batch = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.raw) if isinstance(item, Document) else 100
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _one_by_one(batch: Batch, render: Callable[[Analysis], T], decide: Decide) -> Iterator[Done[T] | Problem]:
    """A batch on which a worker died: each document alone, so that only the one that kills its worker is lost."""
    pool = _pool(1)
    for item in batch:
        try:
            yield from pool.submit(_analyse, [item], render, decide).result()
        except BrokenProcessPool:
            pool = _pool(1)
            assert isinstance(item, Document)
            yield Problem(
                item.source or "", "the worker process died on this document (out of memory?)", document_id=item.id
            )
    pool.shutdown()


def _pool(workers: int) -> ProcessPoolExecutor:
    # spawn: the same on every system, and safe beside the threads of a progress bar.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _pooled(
    batches: Iterator[Batch], render: Callable[[Analysis], T], workers: int, decide: Decide
) -> Iterator[Done[T] | Problem]:
    pool = _pool(workers)
    waiting: deque[tuple[Batch, Future[list[Done[T] | Problem]] | None]] = deque()

    def submit(batch: Batch) -> None:
        try:
            waiting.append((batch, pool.submit(_analyse, batch, render, decide)))
        except BrokenProcessPool:
            waiting.append((batch, None))

    try:
        while True:
            for batch in islice(batches, 2 * workers - len(waiting)):
                submit(batch)
            if not waiting:
                return
            batch, future = waiting.popleft()
            try:
                results = future.result() if future else None
            except BrokenProcessPool:
                results = None
            if results is not None:
                yield from results
                continue
            yield from _one_by_one(batch, render, decide)
            pool = _pool(workers)
            again = [batch for batch, _ in waiting]
            waiting.clear()
            for batch in again:
                submit(batch)
    finally:
        pool.shutdown(cancel_futures=True)


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
    workers = workers or os.cpu_count() or 1
    batches = _batches(items)
    if workers == 1:
        for batch in batches:
            yield from _analyse(batch, render, decide)
        return
    head: list[Batch] = []
    for batch in batches:
        head.append(batch)
        if len(head) * BATCH > SMALL:
            yield from _pooled(chain(head, batches), render, workers, decide)
            return
    for batch in head:
        yield from _analyse(batch, render, decide)
