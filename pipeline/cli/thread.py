"""``taalimat thread``: what became of an instruction, and what a person decided about its links."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.cli.decided import HERE, Folder, Json, Note, Number, print_decisions, print_json
from pipeline.errors import TaalimatError

if TYPE_CHECKING:
    from pipeline.link.thread import Entry, Thread


class _Group(TyperGroup):
    """``taalimat thread ID`` shows the thread of a directive; the other commands have names."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


thread_app = typer.Typer(
    cls=_Group,
    help="What became of an instruction: `taalimat thread DIRECTIVE_ID`; list threads, statistics; confirm and cut links.",
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a directive or of a report in a thread.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="Id of another.")]
Today = Annotated[
    str | None, typer.Option("--today", metavar="DATE", help="Day for what is overdue; by default today.")
]


@thread_app.command("show")
def show_command(
    directive: Id,
    links: Annotated[bool, typer.Option("--links", help="Also its links, with what spoke for and against.")] = False,
    as_json: Json = False,
    today: Today = None,
    folder: Folder = HERE,
) -> None:
    """The thread of a directive: each wording in order of time, with force, relation and source. `show` may be left out."""
    from pipeline.cli.common import open_store
    from pipeline.link.thread import links_of, thread_of

    day = _day(today)
    with open_store(folder) as store:
        found = thread_of(store.connection, directive)
        tied = links_of(store.connection, directive) if links else []
    if as_json:
        print_json([{**_fields(found, day), **({"links": tied} if links else {})}])
        return
    _print_thread(found, day)
    for row in tied:
        sign = "one thread" if row["one_thread"] else "not taken"
        print(
            f"\n{row['score']:.2f} {sign}: {row['item_id']}  {_flat(row['text'])}\n     {row['relation']}: {row['reason']}"
        )
        for name, added in sorted(row["evidence"].items(), key=lambda pair: -abs(pair[1])):
            print(f"     {added:+.2f}  {name}")


@thread_app.command("list")
def list_command(
    by: Annotated[str, typer.Option(help="repeated, open, overdue, or tone (of issuers by month).")] = "repeated",
    limit: Annotated[int, typer.Option(min=1, help="Rows.")] = 20,
    as_json: Json = False,
    today: Today = None,
    folder: Folder = HERE,
) -> None:
    """Statistics over threads: most repeated, longest without a report that they were carried out, overdue, tone over time."""
    from pipeline.cli.common import open_store
    from pipeline.link.thread import statistic

    with open_store(folder) as store:
        columns, rows = statistic(store.connection, by, _day(today), limit)
    if as_json:
        print_json(dict(zip(columns, row, strict=True)) for row in rows)
        return
    if not rows:
        print("nothing", file=sys.stderr)
        return
    _print_rows(columns, rows)


@thread_app.command("confirm")
def confirm_command(first: Id, second: Other, note: Note = "", folder: Folder = HERE) -> None:
    """Decide that two say the same instruction. Later runs keep to it."""
    _decide("confirm", first, second, note, folder)


@thread_app.command("cut")
def cut_command(first: Id, second: Other, note: Note = "", folder: Folder = HERE) -> None:
    """Decide that two are different instructions: they are never in one thread again. Later runs keep to it."""
    _decide("cut", first, second, note, folder)


@thread_app.command("decisions")
def decisions_command(as_json: Json = False, folder: Folder = HERE) -> None:
    """What was decided, with numbers for undo."""
    from pipeline.cli.common import open_store
    from pipeline.link.store import decisions

    with open_store(folder) as store:
        made = decisions(store)
    print_decisions([{**asdict(d), "about": f"{d.verdict}  {d.first}  {d.second}"} for d in made], as_json)


@thread_app.command("undo")
def undo_command(number: Number, folder: Folder = HERE) -> None:
    """Take a decision back."""
    from pipeline.cli.common import open_store
    from pipeline.link.linker import undo

    with open_store(folder) as store:
        taken = undo(store, number)
    print(f"undone: {taken.verdict} {taken.first} {taken.second}")


def _decide(verdict: str, first: str, second: str, note: str, folder: Path) -> None:
    from pipeline.cli.common import open_store
    from pipeline.link.linker import decide
    from pipeline.link.thread import thread_of

    with open_store(folder) as store:
        number = decide(store, verdict, first, second, note)
        threads = {t.id: t for t in (thread_of(store.connection, first), thread_of(store.connection, second))}
    print(f"decision {number}: {'one thread' if len(threads) == 1 else 'two threads'}")
    for found in threads.values():
        print(f"  {found.id}: {len(found.entries)} entries, {_flat(found.entries[0].text)}")


def _day(text: str | None) -> datetime.date:
    if text is None:
        return datetime.date.today()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise TaalimatError(f"--today {text!r} is no day; write it as 2025-06-30") from None


def _fields(found: Thread, today: datetime.date) -> dict[str, Any]:
    return {
        "thread": found.id,
        "state": found.state,
        "escalation": found.escalation,
        "overdue": found.overdue(today),
        "entries": [asdict(e) for e in found.entries],
    }


def _flat(text: str) -> str:
    return " ".join(text.split())


def _print_thread(found: Thread, today: datetime.date) -> None:
    late = found.overdue(today)
    given = sum(e.kind == "directive" and e.relation not in ("recalls", "copied") for e in found.entries)
    print(f"thread {found.id}: given {given} times, {found.state}{f', overdue by {late} days' if late else ''}")
    for e in found.entries:
        print(_line(e))


def _line(e: Entry) -> str:
    head = [f"{'' if e.day_known else '≥ '}{e.day or 'no date'}", e.relation or "first", e.force or e.kind]
    if e.days:
        head.append(f"{e.days} days on")
    if e.late:
        head.append(f"{e.late} days after the limit")
    lines = ["  ".join(head), f"    {_flat(e.text)}"]
    people = "، ".join(e.addressees)
    if e.issuer or people:
        lines.append(f"    {e.issuer or '?'}{f' ← {people}' if people else ''}{f'  (due {e.due})' if e.due else ''}")
    if e.why:
        lines.append(f"    {e.why}")
    place = e.title or e.source or e.document_id
    lines.append(f"    {e.item_id}  {_flat(place)} [{e.start}:{e.end}]")
    return "\n".join(lines)


def _print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, no_wrap=name == "thread")
    for row in rows:
        table.add_row(*(Text("" if v is None else f"{v:,.0f}" if isinstance(v, float) else _flat(str(v))) for v in row))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
