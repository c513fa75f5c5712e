"""The table of near-copies: kept up with the documents, so that a run looks only at what is new."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from pipeline import ids
from pipeline.copies.group import HEAD, Member, groups, order_of
from pipeline.copies.minhash import candidates, signature_of
from pipeline.copies.similarity import Traits, compare, traits
from pipeline.normalize import fold
from pipeline.store.sqlite import Store
from pipeline.store.text import to_json

_GONE = "(SELECT document_id FROM copy_signature EXCEPT SELECT document_id FROM documents)"
# A signature that was stored with its document is of version 0 until it was compared.
_NEW = """
SELECT d.document_id, d.version, CASE s.version WHEN 0 THEN s.signature END FROM documents AS d LEFT JOIN copy_signature AS s USING (document_id)
WHERE s.version IS NOT d.version ORDER BY d.document_id
"""
_TEXT = "SELECT text FROM documents WHERE document_id = ?"
_KEPT = 2_000
"""Documents whose traits are kept while pairs are compared."""
_MEMBERS = """
SELECT d.document_id, d.published, d.rowid, d.title, d.text, coalesce(json_extract(d.meta, '$.url') || coalesce(' ' || h.reader, ''), d.source),
  r.started
FROM documents AS d JOIN runs AS r USING (run_id) LEFT JOIN readings AS h USING (document_id) WHERE d.document_id IN (SELECT left FROM copy_pair UNION SELECT right FROM copy_pair)
"""


def link_copies(store: Store, run_id: int) -> int:
    """Find the near-copies of documents that are new since the last time, and write the table ``copies`` anew; how many rows it has.

    All in one transaction. Texts are compared with the text that the store has; those without a word are no copies of each other.
    """
    with store.transaction():
        execute = store.connection.execute
        for side in ("left", "right"):
            execute(f"DELETE FROM copy_pair WHERE {side} IN {_GONE}")
        execute(f"DELETE FROM copy_signature WHERE document_id IN {_GONE}")
        signed: list[tuple[str, int, bytes]] = []
        for name, version, signature in execute(_NEW).fetchall():
            if signature is None:
                (text,) = execute(_TEXT, (name,)).fetchone()
                signature = signature_of(fold(text))
            signed.append((name, version, signature))
        store.connection.executemany("INSERT OR REPLACE INTO copy_signature VALUES (?, ?, ?)", signed)
        changed = to_json([name for name, _, _ in signed])
        for side in ("left", "right"):
            execute(f"DELETE FROM copy_pair WHERE {side} IN (SELECT value FROM json_each(?))", (changed,))
        new = {name for name, _, signature in signed if signature}
        if new:
            _pair(store, new)
        return _write(store, run_id)


def _pair(store: Store, new: set[str]) -> None:
    """Enter the pairs of near-copies of which one is new."""
    execute = store.connection.execute
    signed = execute(
        "SELECT document_id, signature FROM copy_signature WHERE signature <> x'' ORDER BY document_id"
    ).fetchall()
    names = [name for name, _ in signed]
    signatures = np.stack([np.frombuffer(data, dtype=np.uint32) for _, data in signed])

    @lru_cache(maxsize=_KEPT)
    def known(place: int) -> Traits:
        (text,) = execute(_TEXT, (names[place],)).fetchone()
        return traits(text)

    found = []
    for i, j in candidates(signatures, [name in new for name in names]):
        if near := compare(known(i), known(j)):
            found.append((names[i], names[j], round(near, 3)))
    store.connection.executemany("INSERT OR REPLACE INTO copy_pair VALUES (?, ?, ?)", found)


def _write(store: Store, run_id: int) -> int:
    """The table from all pairs."""
    execute = store.connection.execute
    members = {}
    for name, day, number, title, text, address, started in execute(_MEMBERS):
        order = order_of(datetime.date.fromisoformat(day) if day else None, f"{started} {number:012d}")
        members[name] = Member(name, order, title or "", text[:HEAD], address or "", ids.document_id(text))
    found = groups(execute("SELECT left, right, similarity FROM copy_pair").fetchall(), members)
    execute("DELETE FROM copies")
    rows: Iterable[tuple[object, ...]] = [
        (name, group.first, near, group.corrects.get(name), run_id)
        for group in found
        for name, near in group.others.items()
    ]
    store.connection.executemany("INSERT INTO copies VALUES (?, ?, ?, ?, ?)", rows)
    return int(execute("SELECT count(*) FROM copies").fetchone()[0])
