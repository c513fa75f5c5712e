"""The search index: the words of each directive as stems and roots, in tables that any SQLite client can read and FTS5 can search.

Written with a document, in its transaction; a directive, or a record that a person added, takes its row along when it goes (foreign keys), and
triggers keep FTS5 in step.
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
    WHERE p.directive_id = d.directive_id AND c.verdict IN ('edit', 'add'))
FROM directives AS d JOIN documents AS doc USING (document_id) LEFT JOIN actors AS a ON a.actor_id = d.issuer_id
"""
_ADDED = """
SELECT v.about, v.instruction, v.start, v."end", v.spans ->> '$.trigger[0]', v.issuer, v.issuer_mention, v.issuer_office, v.addressees,
  doc.title, doc.text, NULL
FROM added_view AS v JOIN documents AS doc USING (document_id)
"""
_LACKING = "NOT EXISTS (SELECT 1 FROM search_text AS t WHERE t.{key} = {row}.{key})"


def version() -> str:
    """What the present code and lexicon would write: an index of another version is to be built anew."""
    return f"{_FORM}-{lexicon_version()}"


def index_document(connection: sqlite3.Connection, document_id: str) -> None:
    """Write the index rows of one document, anew where they are there: of its directives, by the words that a person gave them where one did, and
    of records that people added."""
    values = (document_id,)
    _write(connection, "directive_id", connection.execute(f"{_DIRECTIVES} WHERE d.document_id = ?", values).fetchall())
    _write(connection, "about", connection.execute(f"{_ADDED} WHERE v.document_id = ?", values).fetchall())


def is_stale(connection: sqlite3.Connection) -> bool:
    """Whether the index is of another version or lacks records."""
    (written,) = connection.execute("SELECT version FROM search_state").fetchone()
    if written != version():
        return True
    lacking = f"""SELECT EXISTS (SELECT 1 FROM directives AS d WHERE {_LACKING.format(key="directive_id", row="d")})
      OR EXISTS (SELECT 1 FROM added_view AS v WHERE {_LACKING.format(key="about", row="v")})"""
    return bool(connection.execute(lacking).fetchone()[0])


def refresh(connection: sqlite3.Connection) -> None:
    """Bring the index up to date; call it in a transaction. A lexicon that changed writes all rows anew, which keep their ids and vectors."""
    is_other = connection.execute("SELECT version FROM search_state").fetchone()[0] != version()
    if is_other:
        connection.execute("UPDATE search_state SET version = ?", (version(),))
    for sql, key, row in ((_DIRECTIVES, "directive_id", "d"), (_ADDED, "about", "v")):
        rows = connection.execute(sql if is_other else f"{sql} WHERE {_LACKING.format(key=key, row=row)}")
        while chunk := rows.fetchmany(2_000):
            _write(connection, key, chunk)


def _write(connection: sqlite3.Connection, key: str, rows: Iterable[sqlite3.Row | tuple[object, ...]]) -> None:
    names = ("instruction", "parties", "other", "title", "context", "roots")
    anew = ", ".join(f"{name} = excluded.{name}" for name in names)
    write = f"""INSERT INTO search_text ({key}, {", ".join(names)}) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT ({key}) DO UPDATE SET {anew}"""
    connection.executemany(write, map(_index_row, rows))


def _index_row(row: sqlite3.Row | tuple[object, ...]) -> tuple[object, ...]:
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
        name,
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
