"""``taalimat run``: statements into the store and its tables."""

from __future__ import annotations

import gc
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.batch import Item, records_of_all
from pipeline.cli.common import read_sources
from pipeline.cli.progress import Bar
from pipeline.engines import Engine
from pipeline.engines.attempt import Limits
from pipeline.errors import Problem, TaalimatError
from pipeline.ingest import Passed
from pipeline.ingest.originals import Originals
from pipeline.link.linker import built_encoder, link
from pipeline.link.store import pending
from pipeline.log import Log
from pipeline.pipeline import DEFAULT, Decide
from pipeline.resources import code_version, lexicon_version, model_version
from pipeline.store.arrow import without_pandas
from pipeline.store.copies import link_copies, pairing, sign
from pipeline.store.export import MANY, exporting
from pipeline.store.manifest import faults, read_manifest
from pipeline.store.readings import Readings
from pipeline.store.register import COUNTRY, rebuild
from pipeline.store.rows import Rows
from pipeline.store.schema import ACTORS, DATES, DIRECTIVES, DOCUMENTS
from pipeline.store.sqlite import FILE_NAME, Change, Store
from pipeline.store.states import Ledger
from pipeline.types import Document

_COMMIT = 200  # documents a transaction
_NAMED = 5
"""Files of no known format that the summary names."""
_LINKED_AT_ONCE = 1_000
"""New documents up to which a run ties the threads itself: linking an archive takes longer than reading it."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes: the options of ``taalimat run``."""

    out: Path
    published: str | None = None
    country: str | None = None
    """Code of the country of documents that do not give their own."""
    workers: int | None = None
    decide: Decide = DEFAULT
    engine: str = "local"
    resume: bool = True
    retry: bool = False
    limits: Limits = field(default_factory=Limits)
    log: Path | None = None


def run_sources(sources: list[str], options: Options) -> bool:
    """Analyse sources into the store in ``options.out`` and export its tables; True where nothing failed.

    Raises :class:`TaalimatError` where an option cannot be, or the store not be written.
    """
    without_pandas()
    passed = Passed()
    items: Iterable[Item] = read_sources(sources, options.published, Originals(options.out), passed)
    country = options.country
    if country is not None:
        if not COUNTRY.fullmatch(country):
            raise TaalimatError(f"--country {country!r} is no code; give two letters, as dz or tn")
        items = (
            replace(i, meta={**i.meta, "country": i.meta.get("country") or country}) if isinstance(i, Document) else i
            for i in items
        )
    try:
        with Log(options.log) as log:
            return _Run(sources, options, log, passed).go(items)
    except (sqlite3.Error, OSError) as error:
        raise TaalimatError(
            f"{options.out}: cannot be written: {error}. What was stored before is whole; run again to go on"
        ) from error


class _Run:
    def __init__(self, sources: list[str], options: Options, log: Log, passed: Passed) -> None:
        self.sources, self.options, self.log, self.passed = sources, options, log, passed
        self.started = time.perf_counter()
        self.changes: Counter[Change] = Counter()
        self.problems = self.words = 0

    def go(self, items: Iterable[Item]) -> bool:
        out = self.options.out
        with Store(out / FILE_NAME) as store:
            run_id = store.begin_run(self.sources)
            ledger = Ledger(store, run_id, self.options.decide, self.options.resume, self.options.retry)
            readings = Readings(store, run_id)
            versions = {"code": code_version(), "lexicon": lexicon_version(), "model": model_version()}
            self.log("started", run=run_id, sources=self.sources, decide=self.options.decide, **versions)
            with Bar(self.sources) as bar:
                for batch in _grouped(self._outcomes(readings.watch(ledger.admit(bar.watch(items))))):
                    with store.transaction():
                        for item in batch:
                            self._take(store, ledger, readings, run_id, item)
                    bar.tell(self._rate())
                    self.log("stored", run=run_id, **self._counts(ledger))
                seconds = time.perf_counter() - self.started
                store.finish_run(run_id, self.changes.total() + ledger.passed, self.problems)
                tables = self._tables(store, run_id, out, bar)
            self.log("finished", run=run_id, **self._counts(ledger), tables=bool(tables))
            self._summarise(store, run_id, ledger, seconds, tables)
        return not self.problems

    def _outcomes(self, items: Iterable[Item]) -> Iterator[Rows | Problem]:
        return records_of_all(items, self._engine(), self.options.limits, self.options.decide)

    def _engine(self) -> Engine:
        from pipeline.engines.local import LocalEngine

        if self.options.engine == "spark":
            from pipeline.engines.spark import SparkEngine

            return SparkEngine()
        return LocalEngine(self.options.workers, self.options.limits, lambda message: self.log("worker", note=message))

    def _take(self, store: Store, ledger: Ledger, readings: Readings, run_id: int, item: Rows | Problem) -> None:
        """Store what came of a document, and its state with it."""
        if isinstance(item, Rows):
            document = item.document
            try:
                self.changes[store.save(run_id, item)] += 1
                readings.save(document["document_id"])
                self.words += document["words"]
                ledger.done(document["document_id"])
                return
            except sqlite3.IntegrityError as error:
                item = Problem(
                    document["source"] or "", f"cannot be stored: {error}", document_id=document["document_id"]
                )
        self.problems += 1
        readings.forget(item.document_id)
        store.note(run_id, item)
        ledger.failed(item)
        self.log("problem", source=item.source, line=item.line, document=item.document_id, reason=item.reason)

    def _tables(self, store: Store, run_id: int, out: Path, bar: Bar) -> list[Path]:
        """Build the register and write the tables; nothing where the present ones have all that the store has."""
        found = read_manifest(out)
        last = store.connection.execute("SELECT coalesce(max(run_id), 0) FROM documents").fetchone()[0]
        if found and not self.changes and found["run_id"] >= last and not faults(out, found):
            return []
        with exporting(store, out) as tables, _uncollected():
            self._register(store, run_id, bar)
            bar.begin("threads")
            waiting = len(pending(store))
            if waiting <= _LINKED_AT_ONCE:
                link(store, encoder=built_encoder())
            else:
                Console(stderr=True).print(
                    f"{waiting:,} documents are not tied into threads yet: `taalimat link` does it, and takes its time"
                )
            bar.begin("tables")
            return tables()

    def _register(self, store: Store, run_id: int, bar: Bar) -> None:
        """Build the register of actors, and find near-copies, beside it where there are many documents."""
        if store.count(DOCUMENTS) < MANY:
            bar.begin("near-copies")
            link_copies(store, run_id)
            bar.begin("register of actors")
            rebuild(store)
            return
        sign(store)
        with store.transaction(), pairing(store) as pairs:  # no other run changes what the pairs are looked for in
            bar.begin("register of actors")
            rebuild(store)
            bar.begin("near-copies")
            link_copies(store, run_id, pairs)

    def _counts(self, ledger: Ledger) -> dict[str, object]:
        seconds = time.perf_counter() - self.started
        return {
            "documents": self.changes.total(),
            "passed": ledger.passed,
            "problems": self.problems,
            "words": self.words,
            "seconds": round(seconds, 3),
        }

    def _rate(self) -> str:
        rate = self.words / (time.perf_counter() - self.started)
        return f"{self.changes.total():,} read, {self.problems:,} problems, {rate:,.0f} words/s"

    def _summarise(self, store: Store, run_id: int, ledger: Ledger, seconds: float, files: list[Path]) -> None:
        console = Console(width=None if Console().is_terminal else 120, highlight=False)
        table = Table(show_header=False, box=None)
        total, rate = self.changes.total(), self.words / seconds
        table.add_row("read", f"{total:,} documents, {self.words:,} words in {seconds:.1f} s ({rate:,.0f} words/s)")
        told = [f"{self.changes[change]:,} {_MEANING[change]}" for change in Change if self.changes[change]]
        table.add_row("of these", ", ".join(told) or "none")
        if ledger.passed:
            table.add_row("passed over", f"{ledger.passed:,} documents that were done, with this lexicon, before")
        if self.passed.repeated:
            table.add_row("repeated", f"{self.passed.repeated:,} documents, the same text under the same id, read once")
        if unknown := self.passed.unknown:
            names = ", ".join(path.name for path in unknown[:_NAMED]) + (", …" if len(unknown) > _NAMED else "")
            table.add_row("not read", escape(f"{len(unknown):,} files in no known format: {names}"))
        counts = ", ".join(f"{store.count(t):,} {t.name}" for t in (DOCUMENTS, DIRECTIVES, ACTORS, DATES))
        table.add_row("in the store", counts)
        written = (
            f"{store.path} and {len(files) - 1} tables beside it" if files else f"nothing new to {store.path.parent}"
        )
        table.add_row("written", escape(written))
        console.print(table)
        failures = list(store.problems(run_id))
        if failures:
            console.print(f"{len(failures):,} problems:", style="bold red")
            for problem in failures:
                console.print(f"  {problem}", markup=False, soft_wrap=True)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles inside, which takes a fifth of the time where there are none among many objects."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _grouped(items: Iterable[Rows | Problem]) -> Iterator[list[Rows | Problem]]:
    stream = iter(items)
    while batch := list(islice(stream, _COMMIT)):
        yield batch


_MEANING = {Change.NEW: "new", Change.AGAIN: "read before", Change.VERSION: "in a new version (the old one is kept)"}
