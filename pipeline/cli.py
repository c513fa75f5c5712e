"""The command line. Heavy imports stay inside the commands, so that ``taalimat --help`` answers at once."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

app = typer.Typer(
    name="taalimat",
    help="Taalimat (تعليمات): Arabic government statements in, located records of dates, actors and instructions out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


class Format(StrEnum):
    """Output of ``extract``."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    STANDOFF = "standoff"


@app.command()
def extract(
    source: Annotated[str, typer.Argument(metavar="[FILE|-]")] = "-",
    format: Annotated[Format, typer.Option("--format", "-f")] = Format.TABLE,
    workers: Annotated[int | None, typer.Option()] = None,
) -> None:
    """Print the records of a file, a folder or standard input."""
    from pipeline.batch import analyse_all
    from pipeline.errors import Problem
    from pipeline.ingest import read
    from pipeline.render import standoff_line, standoff_of_problem

    failed = False
    for item in analyse_all(read([source]), standoff_line, workers):
        if isinstance(item, Problem):
            failed = True
            print(item, file=sys.stderr)
            if line := standoff_of_problem(item):
                print(line)
        else:
            print(item.result)
    if failed:
        raise typer.Exit(1)


@app.callback()
def _root() -> None: ...


def main() -> None:
    """Entry point of the ``taalimat`` command."""
    app()
