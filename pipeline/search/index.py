"""The search index: the words of each directive as stems and roots, in tables that any SQLite client can read and FTS5 can search.

Written with a document, in its transaction; a directive that goes takes its row along (foreign key), and triggers keep FTS5 in step.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable

from pipeline.resources import lexicon_version
from pipeline.search.words import keys, split
from pipeline.types import Span

_FORM = 6
"""Grows when what is written for a word changes."""

_LONGEST = 1_200
"""Characters of a context, at most."""

_DIRECTIVES = """
SELECT d.directive_id, d.instruction, d.start, d."end", d.spans ->> '$.trigger[0]', d.issuer, d.issuer_mention, a.office, d.addressees,
  doc.title, doc.text, (SELECT p.record FROM correction_places AS p JOIN corrections AS c USING (correction_id)
    WHERE p.directive_id = d.directive_id AND c.verdict = 'edit')
FROM directives AS d JOIN documents AS doc USING (document_id) LEFT JOIN actors AS a ON a.actor_id = d.issuer_id
"""


def version() -> str:
    """What the present code and lexicon would write: an index of another version is to be built anew."""
    return f"{_FORM}-{lexicon_version()}"


def index_document(connection: sqlite3.Connection, document_id: str) -> None:
    """Write the index rows of the directives of one document, anew where they are there. What a person edited is found by the words it has now."""
    _write(connection, connection.execute(f"{_DIRECTIVES} WHERE d.document_id = ?", (document_id,)).fetchall())


def is_stale(connection: sqlite3.Connection) -> bool:
    """Whether the index is of another version or lacks directives."""
    (written,) = connection.execute("SELECT version FROM search_state").fetchone()
    if written != version():
        return True
    lacking = (
        "SELECT EXISTS (SELECT 1 FROM directives WHERE directive_id NOT IN (SELECT directive_id FROM search_text))"
    )
    return bool(connection.execute(lacking).fetchone()[0])


def refresh(connection: sqlite3.Connection) -> None:
    """Bring the index up to date; call it in a transaction. A lexicon that changed writes all rows anew, which keep their ids and vectors."""
    where = "WHERE d.directive_id NOT IN (SELECT directive_id FROM search_text)"
    if connection.execute("SELECT version FROM search_state").fetchone()[0] != version():
        where = ""
        connection.execute("UPDATE search_state SET version = ?", (version(),))
    rows = connection.execute(f"{_DIRECTIVES} {where}")
    while chunk := rows.fetchmany(2_000):
        _write(connection, chunk)


def _write(connection: sqlite3.Connection, rows: Iterable[sqlite3.Row | tuple[object, ...]]) -> None:
    names = ("instruction", "parties", "other", "title", "context", "roots")
    anew = ", ".join(f"{name} = excluded.{name}" for name in names)
    write = f"""INSERT INTO search_text (directive_id, {", ".join(names)}) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (directive_id) DO UPDATE SET {anew}"""
    connection.executemany(write, map(_index_row, rows))


def _index_row(row: sqlite3.Row | tuple[object, ...]) -> tuple[str, ...]:
    name, instruction, start, end, trigger, issuer, mention, office, addressees, title, text, edited = row
    named = [issuer, mention, office, *json.loads(str(addressees))]
    if edited:
        record = json.loads(str(edited))
        instruction, start, end = (record["instruction"][part] for part in ("text", "start", "end"))
        trigger, by = record["trigger"]["start"], record["issuer"]
        issuers = (by["name"], by["text"], office if by["name"] == issuer else None) if by else ()
        named = [*issuers, *(addressee["text"] for addressee in record["addressees"])]
    parties = " ؛ ".join(dict.fromkeys(str(p) for p in named if p))
    place = context(str(text), min(int(str(start)), int(str(trigger))), int(str(end)))
    done = split(str(instruction)), split(parties)
    found = [keys(word) for part in done for word in part]
    return (
        str(name),
        _stems(done[0]),
        _stems(done[1]),
        " ".join(dict.fromkeys(stem for key in found for stem in key.stems[1:])),
        _stems(split(str(title or ""))),
        _stems(split(place.text(str(text)))),
        " ".join(dict.fromkeys(root for key in found for root in key.roots)),
    )


def _stems(folded: Iterable[str]) -> str:
    """The likeliest stems of words, one for each, so that words in a row are stems in a row."""
    return " ".join(keys(word).stems[0] for word in folded)


_END = re.compile(r"[.!?؟…]+(?=\s|$|»|\")|\n")


def context(text: str, start: int, end: int) -> Span:
    """The sentence around ``text[start:end]``, cut where it is very long; offsets in code points of ``text``.

    >>> span = context("عاين الوالي الورشة. وأمر بتسليمها قبل الصيف. ثم غادر.", 25, 42)  # "… He ordered it handed over before summer. …"
    >>> "عاين الوالي الورشة. وأمر بتسليمها قبل الصيف. ثم غادر."[span.start : span.end]
    'وأمر بتسليمها قبل الصيف.'
    """
    low = max(0, start - _LONGEST // 2)
    first = low
    for mark in _END.finditer(text, low, start):
        first = mark.end()
    if first == low and low:
        first = text.find(" ", low, start) + 1 or low
    high = min(len(text), end + _LONGEST // 2)
    after = _END.search(text, max(first, end - 1), high)
    last = after.end() if after else high
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return Span(first, last)
