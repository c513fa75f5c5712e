"""Records of the register by id or by name, however the name is spelt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.actors.register import Entry, main_office
from pipeline.actors.units import identity
from pipeline.actors.vocabulary import bare_words
from pipeline.errors import TaalimatError
from pipeline.normalize import fold

_SHOWN = 8
"""Candidates that an error lists."""


def search(entries: Iterable[Entry], name: str) -> Iterator[Entry]:
    """The records one of whose names has, for each word of ``name``, a word that starts with it: hamza, tashkil and article aside."""
    wanted = bare_words(fold(name))
    for entry in entries:
        names = (bare_words(fold(text)) for text in (entry.name, *entry.aliases))
        if any(all(any(word.startswith(part) for word in words) for part in wanted) for words in names):
            yield entry


def find(entries: Sequence[Entry], text: str) -> Entry:
    """The one record with an id, else with a name, else with another name. An id under which a record was known before a merge finds it too.

    Raises :class:`TaalimatError` where there is none, or several, and lists those that may be meant.
    """
    for entry in entries:
        if text == entry.id:
            return entry
    for entry in entries:
        if any(text == identity(key) for key in entry.keys):
            return entry
    wanted = bare_words(fold(text))
    named = [e for e in entries if bare_words(fold(e.name)) == wanted]
    found = named or [e for e in entries if any(bare_words(fold(alias)) == wanted for alias in e.aliases)]
    if len(found) == 1:
        return found[0]
    if found:
        raise TaalimatError(f"«{text}» names {len(found)} records; give the id of one:\n{_listed(found)}")
    near = list(search(entries, text)) if wanted else []
    hint = f"; do you mean one of these?\n{_listed(near)}" if near else ""
    raise TaalimatError(f"no record has the id or name «{text}»{hint}")


def _listed(entries: Sequence[Entry]) -> str:
    lines = [f"  {line(entry)}" for entry in entries[:_SHOWN]]
    more = len(entries) - _SHOWN
    return "\n".join([*lines, f"  … and {more:,} more"] if more > 0 else lines)


def line(entry: Entry) -> str:
    """A record in one line: id, kind, name, level, place and number of documents."""
    told = [text for text in (main_office(entry.tenures), entry.level, entry.wilaya) if text not in ("", "unknown")]
    number = len(entry.documents)
    what = ", ".join([*told, f"{number:,} document{'' if number == 1 else 's'}"])
    return f"{entry.id}  {entry.kind.lower()}  {entry.name} ({what})"
