"""The table of near-copies: kept up with the documents, so that a run looks only at what is new."""

from __future__ import annotations

import datetime
import signal
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from itertools import groupby, islice
from multiprocessing.connection import Connection
from operator import itemgetter
from pathlib import Path

import numpy as np

from pipeline import ids
from pipeline.copies.bands import Signatures, candidates
from pipeline.copies.group import HEAD, Member, groups, order_of
from pipeline.copies.minhash import signature_of
from pipeline.copies.similarity import Traits, compare, traits
from pipeline.disjoint import root_of
from pipeline.engines import processes
from pipeline.normalize import fold
from pipeline.store.sqlite import Store

_GONE = "(SELECT document_id FROM copy_signature EXCEPT SELECT document_id FROM documents)"
# A signature that was stored with its document is of version 0 until it was compared.
_UNSIGNED = """
SELECT d.document_id, d.text FROM documents AS d LEFT JOIN copy_signature AS s USING (document_id)
WHERE s.version IS NOT d.version AND s.version IS NOT 0 LIMIT ?
"""
_SIGNED = """
CREATE TEMP TABLE signed AS SELECT document_id, s.version = 0 AS new FROM copy_signature AS s JOIN documents USING (document_id)
WHERE signature <> x'' ORDER BY document_id
"""
_COMPARED = """
UPDATE copy_signature AS s SET version = (SELECT version FROM documents AS d WHERE d.document_id = s.document_id) WHERE version = 0
"""
_KEPT = 2_000
"""Documents whose traits are kept while pairs are compared."""
_AT_ONCE = 1_000
"""Pairs, or documents, that are worked on at a time."""
_PAIRED = "CREATE TEMP TABLE paired AS SELECT left AS document_id, 0 AS root FROM copy_pair UNION SELECT right, 0 FROM copy_pair"
_EDGES = """
SELECT a.rowid, b.rowid FROM copy_pair JOIN temp.paired AS a ON a.document_id = left JOIN temp.paired AS b ON b.document_id = right
"""
_MEMBERS = """
SELECT p.root, d.document_id, d.published, d.rowid, d.title, d.text, coalesce(json_extract(d.meta, '$.url') || coalesce(' ' || h.reader, ''), d.source),
  r.started
FROM temp.paired AS p JOIN documents AS d USING (document_id) JOIN runs AS r USING (run_id) LEFT JOIN readings AS h USING (document_id)
ORDER BY p.root
"""
_PAIRS = "SELECT p.root, left, right, similarity FROM copy_pair JOIN temp.paired AS p ON p.document_id = left ORDER BY p.root"


Pair = tuple[str, str, float]
"""Two near-copies and how near they are."""


def link_copies(store: Store, run_id: int, pairs: Iterable[Pair] | None = None) -> int:
    """Find the near-copies of documents that are new since the last time, and write the table ``copies`` anew; how many rows it has.

    Texts are compared with the text that the store has; those without a word are no copies of each other. In memory are eight bytes a document,
    those pairs of signatures that agree, and the traits of some texts. ``pairs`` are those of :func:`pairing`, in whose transaction this is.
    """
    with store.transaction():
        execute = store.connection.execute
        if pairs is None:
            sign(store)
            pairs = near_pairs(store.connection)
        for side in ("left", "right"):
            execute(f"DELETE FROM copy_pair WHERE {side} IN {_GONE}")
            execute(f"DELETE FROM copy_pair WHERE {side} IN (SELECT document_id FROM copy_signature WHERE version = 0)")
        execute(f"DELETE FROM copy_signature WHERE document_id IN {_GONE}")
        found = iter(pairs)
        while some := list(islice(found, _AT_ONCE)):
            store.connection.executemany("INSERT OR REPLACE INTO copy_pair VALUES (?, ?, ?)", some)
        execute(_COMPARED)
        _write(store, run_id)
        return int(execute("SELECT count(*) FROM copies").fetchone()[0])


def sign(store: Store) -> None:
    """Make the signatures of documents that were stored without one."""
    with store.transaction():
        while some := store.connection.execute(_UNSIGNED, (_AT_ONCE,)).fetchall():
            made = [(name, signature_of(fold(text))) for name, text in some]
            store.connection.executemany("INSERT OR REPLACE INTO copy_signature VALUES (?, 0, ?)", made)


@contextmanager
def pairing(store: Store) -> Iterator[Iterator[Pair]]:
    """A process that looks for the pairs while this one goes on, inside a transaction; what is given waits for them.

    They are those of the store as it was when the transaction began: change no document before they are all there.
    """
    context = processes()
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, store.path), daemon=True)
    process.start()
    theirs.close()

    def pairs() -> Iterator[Pair]:
        while True:
            try:
                answer = mine.recv()
            except EOFError:
                raise OSError("the process that looks for near-copies died; is there memory for it?") from None
            if isinstance(answer, Exception):
                raise answer
            if not answer:
                return
            yield from answer

    try:
        yield pairs()
    finally:
        mine.close()
        process.kill()
        process.join()


def _serve(connection: Connection, database: Path) -> None:
    """What that process does: answer with pairs, some at a time, then with none; or with an error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    with suppress(OSError):  # nobody waits any more
        try:
            with closing(
                sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
            ) as store:
                store.execute(
                    "CREATE TEMP TABLE pair (left TEXT, right TEXT, similarity REAL)"
                )  # nobody takes them before the register is built
                found = near_pairs(store)
                while some := list(islice(found, _AT_ONCE)):
                    store.executemany("INSERT INTO temp.pair VALUES (?, ?, ?)", some)
                pairs = store.execute("SELECT left, right, similarity FROM temp.pair ORDER BY rowid")
                while some := pairs.fetchmany(_AT_ONCE):
                    connection.send(some)
                connection.send([])
        except (sqlite3.Error, MemoryError) as error:
            connection.send(error)


def near_pairs(connection: sqlite3.Connection) -> Iterator[Pair]:
    """The pairs of near-copies of which one is new, by the signatures that the store has."""
    execute = connection.execute
    execute(_SIGNED)
    if execute("SELECT EXISTS (SELECT 1 FROM temp.signed WHERE new)").fetchone()[0]:
        stored = execute(
            "SELECT signature FROM copy_signature JOIN temp.signed AS s USING (document_id) ORDER BY s.rowid"
        )
        with Signatures(data for (data,) in stored) as signatures:
            flags = (flag for (flag,) in execute("SELECT new FROM temp.signed ORDER BY rowid"))
            new = np.fromiter(flags, bool, len(signatures))

            @lru_cache(maxsize=_KEPT)
            def known(place: int) -> tuple[str, Traits]:
                query = "SELECT document_id, text FROM documents JOIN temp.signed AS s USING (document_id) WHERE s.rowid = ?"
                name, text = execute(query, (place + 1,)).fetchone()
                return name, traits(text)

            for i, j in candidates(signatures, new):
                (left, one), (right, other) = known(i), known(j)
                if similarity := compare(one, other):
                    yield left, right, round(similarity, 3)
    execute("DROP TABLE temp.signed")


def _write(store: Store, run_id: int) -> None:
    """The table from all pairs, a group at a time."""
    execute = store.connection.execute
    execute(_PAIRED)
    execute("CREATE UNIQUE INDEX temp.paired_document ON paired (document_id)")
    roots = _roots(execute(_EDGES), execute("SELECT count(*) FROM temp.paired").fetchone()[0])
    store.connection.executemany("UPDATE temp.paired SET root = ? WHERE rowid = ?", roots)
    execute("DELETE FROM copies")
    pairs = groupby(execute(_PAIRS), itemgetter(0))
    for (_, found), (_, edges) in zip(groupby(execute(_MEMBERS), itemgetter(0)), pairs, strict=True):
        members = {}
        for _, name, day, number, title, text, address, started in found:
            order = order_of(datetime.date.fromisoformat(day) if day else None, f"{started} {number:012d}")
            members[name] = Member(name, order, title or "", text[:HEAD], address or "", ids.document_id(text))
        for group in groups((edge[1:] for edge in edges), members):
            rows: Iterable[tuple[object, ...]] = (
                (name, group.first, near, group.corrects.get(name), run_id) for name, near in group.others.items()
            )
            store.connection.executemany("INSERT INTO copies VALUES (?, ?, ?, ?, ?)", rows)
    execute("DROP TABLE temp.paired")


def _roots(edges: Iterable[tuple[int, int]], count: int) -> Iterator[tuple[int, int]]:
    """The group of each of ``count`` documents, numbered from 1, that edges make: (group, document)."""
    parents = array("q", range(count + 1))
    for left, right in edges:
        parents[root_of(parents, left)] = root_of(parents, right)
    for place in range(1, count + 1):
        yield root_of(parents, place), place
