"""``taalimat run``: statements into the store and its tables."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.batch import Done, Item, analyse_all
from pipeline.cli.common import read_sources
from pipeline.errors import Problem, TaalimatError
from pipeline.pipeline import DEFAULT, Decide
from pipeline.store.frames import export
from pipeline.store.register import COUNTRY, rebuild
from pipeline.store.rows import Rows, to_rows
from pipeline.store.schema import ACTORS, DATES, DIRECTIVES, DOCUMENTS
from pipeline.store.sqlite import FILE_NAME, Change, Store
from pipeline.types import Document

_COMMIT = 200  # documents a transaction


def run_sources(
    sources: list[str],
    out: Path,
    published: str | None,
    country: str | None,
    workers: int | None,
    decide: Decide = DEFAULT,
) -> bool:
    """Analyse sources into the store in ``out`` and export its tables; True where nothing failed.

    ``country`` is the code of the country of documents that do not give their own. Raises :class:`TaalimatError` where it is none.
    """
    items = read_sources(sources, published)
    if country is not None:
        if not COUNTRY.fullmatch(country):
            raise TaalimatError(f"--country {country!r} is no code; give two letters, as dz or tn")
        items = (
            replace(i, meta={**i.meta, "country": i.meta.get("country") or country}) if isinstance(i, Document) else i
            for i in items
        )
    try:
        return _run(sources, items, out, workers, decide)
    except (sqlite3.Error, OSError) as error:
        raise TaalimatError(
            f"{out}: cannot be written: {error}. What was stored before is whole; run again to go on"
        ) from error


def _run(sources: list[str], items: Iterable[Item], out: Path, workers: int | None, decide: Decide) -> bool:
    console = Console(stderr=True)
    started = time.perf_counter()
    changes: Counter[Change] = Counter()
    problems = words = 0
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Store(out / FILE_NAME) as store:
        run_id = store.begin_run(sources)
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("documents", total=None, rate="")
            for batch in _grouped(analyse_all(items, to_rows, workers, decide)):
                with store.transaction():
                    for item in batch:
                        outcome = _save(store, run_id, item)
                        if isinstance(outcome, Problem):
                            problems += 1
                            store.note(run_id, outcome)
                        elif isinstance(item, Done):
                            changes[outcome] += 1
                            words += item.words
                rate = f"{changes.total():,} read, {problems:,} problems, {words / (time.perf_counter() - started):,.0f} words/s"
                progress.update(task, rate=rate)
            seconds = time.perf_counter() - started
            store.finish_run(run_id, changes.total(), problems)
            progress.update(task, description="register of actors")
            rebuild(store)
            progress.update(task, description="tables")
            files = export(store, out)
        _summarise(store, run_id, changes, words, seconds, [store.path, *files])
    return not problems


def _grouped(items: Iterable[Done[Rows] | Problem]) -> Iterator[list[Done[Rows] | Problem]]:
    stream = iter(items)
    while batch := list(islice(stream, _COMMIT)):
        yield batch


def _save(store: Store, run_id: int, item: Done[Rows] | Problem) -> Change | Problem:
    if isinstance(item, Problem):
        return item
    try:
        return store.save(run_id, item.result)
    except sqlite3.IntegrityError as error:
        return Problem(item.result.document["source"] or "", f"cannot be stored: {error}", document_id=item.document_id)


def _summarise(
    store: Store, run_id: int, changes: Counter[Change], words: int, seconds: float, files: list[Path]
) -> None:
    console = Console(width=None if Console().is_terminal else 120, highlight=False)
    table = Table(show_header=False, box=None)
    table.add_row(
        "read", f"{changes.total():,} documents, {words:,} words in {seconds:.1f} s ({words / seconds:,.0f} words/s)"
    )
    table.add_row(
        "of these",
        ", ".join(f"{changes[change]:,} {_MEANING[change]}" for change in Change if changes[change]) or "none",
    )
    counts = ", ".join(f"{store.count(t):,} {t.name}" for t in (DOCUMENTS, DIRECTIVES, ACTORS, DATES))
    table.add_row("in the store", counts)
    table.add_row("written", escape(f"{files[0]} and {len(files) - 1} tables beside it"))
    console.print(table)
    failures = list(store.problems(run_id))
    if failures:
        console.print(f"{len(failures):,} problems:", style="bold red")
        for problem in failures:
            console.print(f"  {problem}", markup=False, soft_wrap=True)


_MEANING = {Change.NEW: "new", Change.AGAIN: "read before", Change.VERSION: "in a new version (the old one is kept)"}
