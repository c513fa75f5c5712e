"""``taalimat extract`` and ``taalimat explain``: records on standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from pipeline.batch import Done, analyse_all
from pipeline.cli.common import Problems, read_sources
from pipeline.errors import Problem
from pipeline.pipeline import DEFAULT, Decide
from pipeline.render import LINES, explanation, task
from pipeline.standoff import empty
from pipeline.store.rows import Rows, to_rows
from pipeline.store.schema import RECORDS, Part, Row
from pipeline.store.text import CsvWriter, to_json

if TYPE_CHECKING:
    from rich.table import Table

# The columns that a terminal has room for.
_SHOWN = {
    Part.DIRECTIVES: ("force", "polarity", "issuer", "addressees", "instruction", "deadline", "due", "start", "end"),
    Part.ACTORS: ("kind", "name", "office", "mentions"),
    Part.DATES: ("text", "type", "value", "start", "end"),
}


def extract_source(
    source: str, format: str, only: Part | None, published: str | None, workers: int | None, decide: Decide = DEFAULT
) -> bool:
    """Print the records of a source in a format; True where nothing failed."""
    items = read_sources([source], published)
    problems = Problems()
    if format in LINES:
        for item in analyse_all(items, partial(LINES[format], only=only), workers, decide):
            if isinstance(item, Done):
                print(item.result)
                continue
            problems.tell(item)
            if format == "standoff" and item.lost and item.document_id is not None:
                print(to_json(empty(item.document_id)))
        return not problems.count
    if format == "labelstudio":
        _print_list(analyse_all(items, task, workers, decide), problems)
        return not problems.count
    part = only or Part.DIRECTIVES
    write = CsvWriter(sys.stdout, RECORDS[part]).write if format == "csv" else None
    for rows in analyse_all(items, to_rows, workers, decide):
        if isinstance(rows, Problem):
            problems.tell(rows)
        elif write:
            write(rows.result.records[part])
        else:
            _print_tables(rows.result, only)
    return not problems.count


def explain_source(source: str, published: str | None, workers: int | None, decide: Decide = DEFAULT) -> bool:
    """Print how the records of a source were decided; True where nothing failed."""
    problems = Problems()
    for item in analyse_all(read_sources([source], published), explanation, workers, decide):
        if isinstance(item, Problem):
            problems.tell(item)
        else:
            print(item.result, end="\n\n")
    return not problems.count


def _print_list(items: Iterable[Done[str] | Problem], problems: Problems) -> None:
    """Print values of JSON as one list, as they come."""
    lead = "["
    for item in items:
        if isinstance(item, Problem):
            problems.tell(item)
        else:
            print(f"{lead}\n{item.result}", end="")
            lead = ","
    print("[]" if lead == "[" else "\n]")


def _print_tables(rows: Rows, only: Part | None) -> None:
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else 160)
    document = rows.document
    heading = " · ".join(str(document[key]) for key in ("document_id", "published", "title") if document[key])
    console.print(f"\n{heading}", style="bold", highlight=False, markup=False)
    for part in [only] if only else Part:
        records = rows.records[part]
        if records:
            console.print(_table(part, records))
        else:
            console.print(f"no {part}", style="dim")


def _table(part: Part, records: list[Row]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=part, title_justify="left", show_lines=part is Part.DIRECTIVES)
    for name in _SHOWN[part]:
        table.add_column(name, overflow="fold")
    for record in records:
        table.add_row(*(Text(_cell(record[name])) for name in _SHOWN[part]))
    return table


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "، ".join(map(str, value))
    return "" if value is None else str(value)
