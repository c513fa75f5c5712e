"""What people corrected in another tool, written into the store as corrections: accepted, edited, rejected, added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.corrections.record import Json, from_row
from pipeline.corrections.store import Verdict, correct, places
from pipeline.errors import TaalimatError
from pipeline.store.schema import DIRECTIVES, DOCUMENTS

if TYPE_CHECKING:
    from pipeline.store.sqlite import Store


def apply(store: Store, gold: Mapping[str, Any], author: str) -> Counter[Verdict]:
    """Correct a document of the store so that its directives are those of a gold record, and declare it complete; how many of each verdict.

    What a person changed is known by its place: the machine's record under the same trigger whose instruction shares most with it.
    Raises :class:`TaalimatError` where the document is not in the store, or has another text there.
    """
    name = str(gold["id"])
    document = next(store.rows(DOCUMENTS, name), None)
    if document is None:
        raise TaalimatError(f"there is no document {name!r} in the store")
    if document["text"] != gold["text"]:
        raise TaalimatError(f"the text of {name!r} in the store is another")
    machine = {row["directive_id"]: from_row(row, document["text"]) for row in store.rows(DIRECTIVES, name)}
    added = [place.record for place in places(store.connection, name) if place.verdict is Verdict.ADD]
    counts: Counter[Verdict] = Counter()
    free = dict(machine)
    for record in sorted(_atoms(gold), key=lambda r: r not in machine.values()):  # what was left as it is goes first
        found = max(free, key=lambda known: _shared(free[known], record), default=None)
        if found is None or not _shared(free[found], record):
            if record in added:  # by an earlier import
                continue
            verdict = Verdict.ADD
            correct(store, name, verdict, author, record=record)
        elif free.pop(found) == record:
            verdict = Verdict.ACCEPT
            correct(store, name, verdict, author, directive_id=found)
        else:
            verdict = Verdict.EDIT
            correct(store, name, verdict, author, directive_id=found, record=record)
        counts[verdict] += 1
    for found in free:
        correct(store, name, Verdict.REJECT, author, directive_id=found)
        counts[Verdict.REJECT] += 1
    correct(store, name, Verdict.COMPLETE, author)
    return counts


def _atoms(gold: Mapping[str, Any]) -> Iterator[Json]:
    """The single instructions of a gold record, each with the deadline that is its own."""
    for entry in gold["directives"]:
        deadline = entry["deadline"]
        inside = [
            i
            for i in entry["instructions"]
            if deadline and _overlap(i, deadline) == deadline["end"] - deadline["start"]
        ]
        for instruction in entry["instructions"]:
            own = deadline if not inside or instruction in inside else None
            parts = {key: value for key, value in entry.items() if key != "instructions"}
            yield {**parts, "instruction": instruction, "deadline": own}


def _overlap(a: Json, b: Json) -> int:
    return int(max(0, min(a["end"], b["end"]) - max(a["start"], b["start"])))


def _shared(machine: Json, record: Json) -> int:
    """Code points that the instructions share; 0 where the triggers are others."""
    return (
        _overlap(machine["instruction"], record["instruction"])
        if _overlap(machine["trigger"], record["trigger"])
        else 0
    )
