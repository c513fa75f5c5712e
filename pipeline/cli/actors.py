"""``taalimat actors``: who is who across the documents of a store, and what a person decided about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.decided import HERE, Folder, Json, Note, Number, print_decisions, print_json
from pipeline.errors import TaalimatError

if TYPE_CHECKING:
    from pipeline.actors.decisions import Decided
    from pipeline.actors.register import Entry, Tenure
    from pipeline.store.sqlite import Store

actors_app = typer.Typer(
    help="Who is who across the documents of a store; merge and split records.", no_args_is_help=True
)

Actor = Annotated[str, typer.Argument(metavar="ACTOR", help="Id or name of a record.")]

_DOCUMENTS = 20
"""Documents of a record that ``show`` prints."""


@contextmanager
def _open(folder: Path) -> Iterator[Store]:
    from pipeline.cli.common import open_store
    from pipeline.store.register import refresh

    with open_store(folder) as store:
        refresh(store)
        yield store


@actors_app.command("list")
def list_command(
    name: Annotated[str, typer.Option(help="Words of a name, or their beginnings, however spelt.")] = "",
    kind: Annotated[str, typer.Option(help="person, office, organisation or group.")] = "",
    level: Annotated[str, typer.Option(help="central, wilaya, commune, agency, …")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Rows of the table; 0 shows all.")] = 50,
    as_json: Json = False,
    folder: Folder = HERE,
) -> None:
    """The records, most documents first."""
    from pipeline.actors.search import search
    from pipeline.store.register import entries
    from pipeline.types import Kind

    with _open(folder) as store:
        records = entries(store)
    if kind:
        _check("--kind", kind.upper(), set(Kind))
        records = [e for e in records if e.kind == kind.upper()]
    if level:
        _check("--level", level, {e.level for e in records})
        records = [e for e in records if e.level == level]
    if name:
        records = list(search(records, name))
    if as_json:
        print_json(_fields(e) for e in records)
        return
    if not records:
        print("no records", file=sys.stderr)
        return
    _print_records(records[: limit or None])
    if limit and len(records) > limit:
        print(f"{limit:,} of {len(records):,} records; --limit 0 shows all", file=sys.stderr)


@actors_app.command("show")
def show_command(actor: Actor, as_json: Json = False, folder: Folder = HERE) -> None:
    """One record: its names, offices with their dates, documents, and the evidence of every merge."""
    from pipeline.actors.search import find
    from pipeline.actors.units import identity
    from pipeline.store.register import decisions, entries

    with _open(folder) as store:
        entry = find(entries(store), actor)
        about = [d for d in decisions(store) if {d.decision.first, d.decision.second} & set(map(identity, entry.keys))]
        documents = _documents(store, entry)
    about = list({d.number: d for d in about}.values())
    if as_json:
        print_json([{**_fields(entry), "documents": documents, "decisions": [_decision(d) for d in about]}])
        return
    _print_record(entry, documents, about)


@actors_app.command("merge")
def merge_command(
    first: Actor,
    second: Annotated[str, typer.Argument(metavar="OTHER", help="Id or name of the record that is the same actor.")],
    note: Note = "",
    folder: Folder = HERE,
) -> None:
    """Decide that two records are one actor. Later runs keep to it."""
    from pipeline.actors.decisions import merge
    from pipeline.actors.search import find, line
    from pipeline.store.register import decide, decisions, entries

    with _open(folder) as store:
        records = entries(store)
        a, b = find(records, first), find(records, second)
        wanted = merge(a, b, decisions(store), note)
        number = decide(store, wanted, f"merge «{a.name}» and «{b.name}»")
        (record,) = (e for e in entries(store) if a.actors[0] in e.actors)
        print(f"decision {number}: one record\n  {line(record)}")


@actors_app.command("split")
def split_command(
    actor: Actor,
    names: Annotated[
        list[str],
        typer.Argument(metavar="WHAT...", help="Names, offices or document ids that belong to another actor."),
    ],
    note: Note = "",
    folder: Folder = HERE,
) -> None:
    """Decide that what bears a name or an office of a record, or is in a document, is another actor. Later runs keep to it."""
    from pipeline.actors.decisions import split
    from pipeline.actors.search import find, line
    from pipeline.store.register import appearances, decide, decisions, entries

    with _open(folder) as store:
        entry = find(entries(store), actor)
        wanted, rest = split(entry, names, appearances(store), decisions(store), note)
        number = decide(store, wanted, f"split {'، '.join(f'«{name}»' for name in names)} off «{entry.name}»", rest)
        print(f"decision {number}: now apart")
        for record in entries(store):
            if set(record.actors) & set(entry.actors):
                print(f"  {line(record)}")


@actors_app.command("decisions")
def decisions_command(as_json: Json = False, folder: Folder = HERE) -> None:
    """What was decided, with numbers for undo."""
    from pipeline.store.register import decisions

    with _open(folder) as store:
        made = list({d.number: d for d in reversed(decisions(store))}.values())[::-1]
    print_decisions([_decision(d) for d in made], as_json)


@actors_app.command("undo")
def undo_command(number: Number, folder: Folder = HERE) -> None:
    """Take a decision back."""
    from pipeline.store.register import undo

    with _open(folder) as store:
        print(f"undone: {undo(store, number)}")


def _check(option: str, value: str, valid: set[str]) -> None:
    if value not in valid:
        raise TaalimatError(f"{option} {value!r}; valid: {', '.join(sorted(valid)).lower()}")


def _fields(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "kind": entry.kind.value,
        "level": entry.level,
        "wilaya": entry.wilaya,
        "aliases": entry.aliases,
        "tenures": [
            {"office": t.office, "first": t.first, "last": t.last, "documents": t.documents} for t in entry.tenures
        ],
        "reasons": entry.reasons,
        "documents": entry.documents,
        "actors": entry.actors,
        "keys": entry.keys,
    }


def _decision(d: Decided) -> dict[str, Any]:
    return {
        "number": d.number,
        "kind": d.decision.kind,
        "about": d.about,
        "note": d.decision.note,
        "decided": d.decided,
    }


def _documents(store: Store, entry: Entry) -> list[dict[str, Any]]:
    """The documents of a record, newest first, those without a date last."""
    names = ("document_id", "published", "title", "source")
    query = f"SELECT DISTINCT {', '.join(names)} FROM documents JOIN actor_document USING (document_id) WHERE id = ? ORDER BY published DESC, document_id"
    return [dict(zip(names, row, strict=True)) for row in store.connection.execute(query, (entry.id,))]


def _print_records(records: Sequence[Entry]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipeline.actors.register import main_office
    from pipeline.actors.vocabulary import bare_words
    from pipeline.normalize import fold

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "kind", "level", "place", "documents", "name", "office", "other names"):
        table.add_column(column, no_wrap=column == "id", justify="right" if column == "documents" else "left")
    for e in records:
        names = {bare_words(fold(name)): name for name in (*reversed(e.aliases), e.name)}
        others = [name for name in names.values() if name != e.name]  # other spellings of one name aside
        shown = "، ".join(others[:2]) + (f" +{len(others) - 2}" if len(others) > 2 else "")
        cells = (
            e.id,
            e.kind.lower(),
            e.level.replace("unknown", ""),
            e.wilaya,
            f"{len(e.documents):,}",
            e.name,
            main_office(e.tenures),
            shown,
        )
        table.add_row(*map(Text, cells))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _print_record(entry: Entry, documents: Sequence[dict[str, Any]], about: Sequence[Decided]) -> None:
    print(f"{entry.name}\n{entry.id} · {' · '.join(filter(None, (entry.kind.lower(), entry.level, entry.wilaya)))}")
    _section("other names", entry.aliases)
    _section("offices", [_tenure(t) for t in entry.tenures])
    _section("why this is one record", entry.reasons)
    _section("decided by hand", [str(d) for d in about])
    lines = ["  ".join(filter(None, (d["published"], d["document_id"], d["title"] or d["source"]))) for d in documents]
    more = [f"… and {len(lines) - _DOCUMENTS:,} more; --json has all"] if len(lines) > _DOCUMENTS else []
    _section(f"{len(lines):,} document{'' if len(lines) == 1 else 's'}", [*lines[:_DOCUMENTS], *more])


def _section(title: str, lines: Sequence[str]) -> None:
    if lines:
        print(f"\n{title}", *(f"  {text}" for text in lines), sep="\n")


def _tenure(t: Tenure) -> str:
    days = f"{t.first} to {t.last}" if t.first != t.last else str(t.first or "no date")
    return f"{t.office}: {days}, {t.documents:,} document{'' if t.documents == 1 else 's'}"
