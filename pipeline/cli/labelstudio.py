"""``taalimat labelstudio``: correcting records in Label Studio (``extract --format labelstudio`` writes its tasks)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

labelstudio_app = typer.Typer(
    help="Label Studio: its labelling interface, and its corrections back.", no_args_is_help=True
)


@labelstudio_app.command("config")
def config_command() -> None:
    """Print the labelling interface to paste into the settings of a project."""
    from pipeline.bridges.labelstudio import config

    print(config(), end="")


@labelstudio_app.command("import")
def import_command(
    export: Annotated[Path, typer.Argument(metavar="EXPORT", help="A JSON export of Label Studio.")],
    folder: Annotated[
        Path | None, typer.Option("--store", metavar="FOLDER", help="Also keep them as corrections in this store.")
    ] = None,
    author: Annotated[str, typer.Option(help="Who corrected, for --store.")] = "Label Studio",
) -> None:
    """Print the annotated statements as gold records (stand-off JSON lines). Tasks with faults are told and passed over."""
    from contextlib import nullcontext

    from pipeline.bridges.corrected import apply
    from pipeline.bridges.labelstudio import read_export
    from pipeline.cli.common import Problems, open_store
    from pipeline.errors import Problem, TaalimatError
    from pipeline.store.text import to_json

    problems = Problems()
    with open_store(folder) if folder else nullcontext() as store:
        for record in read_export(export):
            if isinstance(record, Problem):
                problems.tell(record)
                continue
            print(to_json(record))
            if store is not None:
                try:
                    counts = apply(store, record, author)
                    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.items()) or "no directive"
                    print(f"{record['id']}: {told}", file=sys.stderr)
                except TaalimatError as error:
                    problems.tell(Problem(str(export), str(error), document_id=record["id"]))
    raise typer.Exit(1 if problems.count else 0)
