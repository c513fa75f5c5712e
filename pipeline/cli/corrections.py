"""``taalimat corrections``: what people said of the records, and its export as training data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

corrections_app = typer.Typer(help="Corrections made on the page: list them, export them.", no_args_is_help=True)

Folder = Annotated[Path, typer.Option("--store", metavar="FOLDER", help="What `taalimat run --out` wrote.")]
_HERE = Path("data/processed")


@corrections_app.command("list")
def list_command(folder: Folder = _HERE) -> None:
    """The corrections in force, one a line: number, verdict, state in the latest text, who, when, document, instruction."""
    from pipeline.cli.common import open_store
    from pipeline.corrections.store import corrected_documents, places

    with open_store(folder) as store:
        found = [p for name in corrected_documents(store.connection) for p in places(store.connection, name)]
    for p in found:
        words = " ".join(p.record["instruction"]["text"].split()) if p.record else ""
        print(f"{p.correction_id}  {p.verdict:8}  {p.state:7}  {p.author}  {p.made[:10]}  {p.document_id}  {words}")
    if not found:
        print("no corrections", file=sys.stderr)


@corrections_app.command("export")
def export_command(
    partial: Annotated[
        bool,
        typer.Option("--partial", help="Also documents that nobody declared complete, with what is unjudged in them."),
    ] = False,
    folder: Folder = _HERE,
) -> None:
    """Print the corrected documents in the form of gold files, one a line, for training."""
    from pipeline.cli.common import open_store
    from pipeline.corrections.training import training
    from pipeline.store.text import to_json

    number = 0
    with open_store(folder) as store:
        for record in training(store.connection, partial):
            print(to_json(record))
            number += 1
    print(f"{number:,} documents", file=sys.stderr)
