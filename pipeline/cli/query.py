"""``taalimat query``: the directives of a store that a question asks for; ``taalimat index``: its search index brought up to date."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.common import open_store, store_file
from pipeline.errors import TaalimatError

if TYPE_CHECKING:
    import sqlite3

    from pipeline.search.engine import Hit, Results

_WIDTH = 160
_FACETS_SHOWN = 12


def run_query(folder: Path, params: Mapping[str, object], form: str, output: Path | None, facets: bool) -> bool:
    """Print what a store has for the parameters of a query, or write it to ``output``; True.

    A table shows one page; the other forms hold all results unless the parameters set a limit. Raises :class:`TaalimatError` where there
    is no store, the query is faulty, or the file cannot be written.
    """
    from pipeline.search.engine import FACETS, connect_readonly, search
    from pipeline.search.query import Query

    query = Query.from_params(params)
    if output and form == "table":
        form = output.suffix.lstrip(".").lower()
        if form not in ("csv", "jsonl", "xlsx"):
            raise TaalimatError(f"--output {output}: say which --format: csv, jsonl or xlsx")
    if form == "xlsx" and output is None:
        raise TaalimatError("--format xlsx needs --output FILE.xlsx")
    connection = connect_readonly(store_file(folder))
    try:
        if facets:
            found = search(connection, query)
            for name in FACETS:
                _print_facet(name, found)
        elif form == "table":
            _print_table(connection, search(connection, query))
        else:
            from pipeline.search.engine import search_all
            from pipeline.search.export import rows

            paged = {"limit", "offset"} & params.keys()
            hits: Iterable[Hit] = search(connection, query).hits if paged else search_all(connection, query)
            _write(form, rows(connection, hits), output)
    except OSError as error:
        raise TaalimatError(f"{output}: cannot be written: {error.strerror}") from error
    finally:
        connection.close()
    return True


def _write(form: str, found: Iterable[dict[str, object]], output: Path | None) -> None:
    """All results as a file; a file that is there is replaced when the new one is whole."""
    from pipeline.search.export import write_csv, write_jsonl, write_xlsx

    if output is None:
        (write_csv if form == "csv" else write_jsonl)(sys.stdout, found)
        return
    part = output.with_name(f".{output.name}.part")
    try:
        if form == "xlsx":
            with part.open("wb") as binary:
                write_xlsx(binary, found)
        else:
            with part.open("w", encoding="utf-8", newline="") as text:
                (write_csv if form == "csv" else write_jsonl)(text, found)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    print(f"{output} written", file=sys.stderr)


def _print_table(connection: sqlite3.Connection, found: Results) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipeline.corrections.overlay import overlay
    from pipeline.corrections.store import places_of

    if not found.hits:
        print("nothing found", file=sys.stderr)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("date", "force", "issuer", "addressees", "instruction", "due", "document"):
        table.add_column(column, no_wrap=column in ("date", "force", "due"))
    placed = places_of(connection, [hit.id for hit in found.hits])
    if placed:
        table.add_column("people")
    for hit in found.hits:
        row = overlay(hit.row, placed.get(hit.id))
        instruction = Text(" ".join(row["instruction"].split(" ")))
        for mark in hit.highlights:
            if row["start"] <= mark.start and mark.end <= row["end"]:
                instruction.stylize("bold", mark.start - row["start"], mark.end - row["start"])
        due = row["due"] or row["deadline"] or ""
        state = {"overdue": " !", "unknown": " ?"}.get(row["deadline_state"], "")
        cells = (row["date"] or "", row["force"], row["issuer_name"] or "", "، ".join(row["addressees"]))
        people = [Text(f"{row['verdict']}: {row['corrected_by']}" if row["verdict"] else "")] if placed else []
        table.add_row(*map(Text, cells), instruction, Text(due + state), Text(row["document_id"]), *people)
    Console(width=None if sys.stdout.isatty() else _WIDTH).print(table)
    first = found.query.offset + 1
    near = (
        f", {found.total - found.exact:,} of them only near" if found.query.text and found.total > found.exact else ""
    )
    told = f"{first:,} to {first + len(found.hits) - 1:,} of {found.total:,}{near}"
    more = first + len(found.hits) - 1 < found.total
    hint = f"; --offset {first + len(found.hits) - 1} shows what follows, --format csv writes all" if more else ""
    print(told + hint, file=sys.stderr)


def _print_facet(name: str, found: Results) -> None:
    values = found.facets[name]
    if not values:
        return
    print(name)
    for value in values[:_FACETS_SHOWN]:
        told = value.label if value.label == value.value else f"{value.label} ({value.value})"
        print(f"  {value.count:>7,}  {told}")
    if len(values) > _FACETS_SHOWN:
        print(f"  … and {len(values) - _FACETS_SHOWN:,} more")


def run_index(folder: Path) -> bool:
    """Bring the search index of a store up to date, with vectors of meaning where the encoder is built; True."""
    from rich.console import Console
    from rich.progress import Progress

    from pipeline.search import index, meaning
    from pipeline.store.schema import DIRECTIVES

    with open_store(folder) as store:
        with store.transaction():
            index.refresh(store.connection)
        encoder = meaning.default_encoder()
        if encoder is None:
            told = "without meaning: `taalimat models build` makes the encoder"
        else:
            with Progress(console=Console(stderr=True), transient=True) as progress:
                task = progress.add_task("vectors", total=meaning.lacking(store.connection, encoder))
                meaning.refresh(store, encoder, lambda done: progress.advance(task, done))
            told = f"with meaning by {encoder.id}"
        print(f"{store.path}: {store.count(DIRECTIVES):,} directives, {told}")
    return True
