"""What commands share whose decisions last (`taalimat actors`, `taalimat thread`): their options, records as JSON, the list of decisions."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

Folder = Annotated[Path, typer.Option("--store", metavar="FOLDER", help="What `taalimat run --out` wrote.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON: one record a line.")]
Note = Annotated[str, typer.Option(help="Why; kept with the decision.")]
Number = Annotated[int, typer.Argument(help="Number of the decision.")]
HERE = Path("data/processed")


def print_json(records: Iterable[Any]) -> None:
    """Print records, one a line."""
    from pipeline.store.text import to_json

    for record in records:
        print(to_json(record))


def print_decisions(records: list[dict[str, Any]], as_json: bool) -> None:
    """Print decisions that have a ``number``, when they were ``decided``, what they are ``about`` and a ``note``."""
    if as_json:
        print_json(records)
        return
    for d in records:
        print("  ".join((str(d["number"]), d["decided"][:10], ": ".join(filter(None, (d["about"], d["note"]))))))
    if not records:
        print("no decisions", file=sys.stderr)
