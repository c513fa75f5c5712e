"""Worker processes of this machine, watched over: one that dies or hangs is replaced, and only its culprit is lost."""

from __future__ import annotations

import math
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any

import pyarrow as pa

from pipeline.engines import processes
from pipeline.engines.attempt import Limits, limit_memory
from pipeline.engines.records import Work
from pipeline.errors import TaalimatError
from pipeline.pipeline import Decide, default_pipeline
from pipeline.store.arrow import without_pandas
from pipeline.types import Document

GRACE = 10.0
"""Seconds beyond the time limit after which a worker that did not stop by itself is killed."""

_TRIES = 2  # a document whose worker dies is tried once more: another process may have taken the memory


_FIRST = "أمر الوالي بفتح الطريق قبل 15 جوان 2025."


def first_reading(decide: Decide) -> None:
    """Read a sentence, so that all that is loaded when it is first needed is there."""
    without_pandas()
    default_pipeline(decide)(Document("", _FIRST))


def cores() -> int:
    """CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(eq=False, slots=True)
class _Job:
    batch: pa.RecordBatch
    tries: int = 0
    result: pa.RecordBatch | None = None
    parts: list[_Job] = field(default_factory=list)
    """The documents one by one, where the batch killed its worker."""

    def done(self) -> bool:
        return all(part.done() for part in self.parts) if self.parts else self.result is not None

    def results(self) -> Iterator[pa.RecordBatch]:
        if self.parts:
            for part in self.parts:
                yield from part.results()
        else:
            yield self.result


@dataclass(eq=False, slots=True)
class _Worker:
    process: Any
    connection: Connection
    job: _Job | None = None
    ready: bool = False
    deadline: float = math.inf


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """An engine of worker processes (an ``Engine``), by default one a CPU. Closing its iterator ends the workers.

    ``tell`` hears of workers that had to be replaced.
    """

    workers: int | None = None
    limits: Limits = field(default_factory=Limits)
    tell: Callable[[str], None] = lambda message: None

    def map(self, work: Work, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The results of ``work`` in order. At most two batches a worker are in memory."""
        yield from _Pool(self, work).run(iter(batches))


class _Pool:
    def __init__(self, engine: LocalEngine, work: Work) -> None:
        self.limits, self.tell, self.work = engine.limits, engine.tell, work
        self.size = engine.workers or cores()
        self.workers: list[_Worker] = []
        self.todo: deque[_Job] = deque()
        self.context = processes()

    def run(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        order: deque[_Job] = deque()
        try:
            while True:
                for batch in islice(batches, 2 * self.size - len(order)):
                    job = _Job(batch)
                    order.append(job)
                    self.todo.append(job)
                    self._assign()
                if not order:
                    return
                while not order[0].done():
                    self._assign()
                    self._attend()
                yield from order.popleft().results()
        finally:
            for worker in self.workers:
                worker.connection.close()
                worker.process.kill()
                worker.process.join()

    def _assign(self) -> None:
        while self.todo:
            worker = next((w for w in self.workers if w.job is None), None)
            if worker is None:
                if len(self.workers) == self.size:
                    return
                worker = self._start()
            job = self.todo.popleft()
            job.tries += 1
            worker.job = job
            self._time(worker)
            try:
                worker.connection.send(job.batch)
            except OSError:
                self._lost(worker, "died (out of memory?)")

    def _time(self, worker: _Worker) -> None:
        """Set when a worker that is ready has to be through: each document stops by itself at the limit, so one of a late batch does not."""
        if worker.ready and worker.job:
            worker.deadline = time.monotonic() + min(worker.job.batch.num_rows, 2) * self.limits.seconds + GRACE

    def _start(self) -> _Worker:
        mine, theirs = self.context.Pipe()
        process = self.context.Process(target=_serve, args=(theirs, self.work, self.limits), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, mine)
        self.workers.append(worker)
        return worker

    def _attend(self) -> None:
        """Take what workers have ready; see to those that died or are late."""
        busy = [worker for worker in self.workers if worker.job]
        now = time.monotonic()
        late = [worker for worker in busy if worker.deadline <= now]
        for worker in late:
            self._lost(worker, f"took longer than {self.limits.seconds:g} s and did not stop")
        if late:
            return
        soonest = min(worker.deadline for worker in busy)
        ready = wait([worker.connection for worker in busy], None if soonest == math.inf else soonest - now)
        for worker in busy:
            if worker.connection not in ready:
                continue
            assert worker.job is not None
            try:
                answer = worker.connection.recv()
            except (EOFError, OSError):
                self._lost(worker, "died (out of memory?)")
                continue
            if not worker.ready:
                if answer is not None:
                    raise TaalimatError(answer)
                worker.ready = True
                self._time(worker)
                continue
            if isinstance(answer, str):
                self._again(worker.job, answer)
            else:
                worker.job.result = answer
            worker.job = None
            worker.deadline = math.inf

    def _lost(self, worker: _Worker, how: str) -> None:
        if not worker.ready:
            raise TaalimatError("a worker process died before it was ready; is there memory for it?")
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        self.workers.remove(worker)
        self.tell(f"worker {worker.process.pid} {how}")
        assert worker.job is not None
        self._again(worker.job, f"the worker process {how} on this document")

    def _again(self, job: _Job, reason: str) -> None:
        """After a failure: the documents of a batch one by one, a single one once more, then give it up."""
        if job.batch.num_rows > 1:
            job.parts = [_Job(job.batch.slice(i, 1)) for i in range(job.batch.num_rows)]
            self.todo.extendleft(reversed(job.parts))
        elif job.tries < _TRIES:
            self.todo.appendleft(job)
        else:
            job.result = self.work.failed(job.batch, reason)


def _serve(connection: Connection, work: Work, limits: Limits) -> None:
    """What a worker does: load lexicon and model once, say None for ready (or why not), answer batches until the other side is gone."""
    import gc

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    try:
        first_reading(work.decide)
    except TaalimatError as error:
        connection.send(str(error))
        return
    gc.collect()
    gc.freeze()  # what is loaded stays: the collector need not look at it again
    gc.disable()  # an analysis has next to no cycles: looking for them after each batch is enough
    limit_memory(limits.megabytes)
    try:
        connection.send(None)
        while True:
            batch = connection.recv()
            try:
                answer = work.function(batch)
            except Exception as error:
                answer = f"{type(error).__name__}: {error}"
            connection.send(answer)
            del batch, answer
            gc.collect()
            gc.freeze()  # what is left is what was learnt of words: without this, looking it through again would cost more with each batch
    except (EOFError, OSError):
        return
