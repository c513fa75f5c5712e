"""The table of near-copies: kept up with the documents, so that a run looks only at what is new."""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter

import numpy as np

from pipeline import ids
from pipeline.copies.bands import Signatures, candidates
from pipeline.copies.group import HEAD, Member, groups, order_of
from pipeline.copies.minhash import signature_of
from pipeline.copies.similarity import Traits, compare, traits
from pipeline.normalize import fold
from pipeline.store.sqlite import Store

_GONE = "(SELECT document_id FROM copy_signature EXCEPT SELECT document_id FROM documents)"
# A signature that was stored with its document is of version 0 until it was compared.
_NEW = """
CREATE TEMP TABLE unpaired AS SELECT d.document_id, d.version, s.version IS 0 AS signed
FROM documents AS d LEFT JOIN copy_signature AS s USING (document_id) WHERE s.version IS NOT d.version
"""
_SIGN = "UPDATE copy_signature AS s SET version = u.version FROM temp.unpaired AS u WHERE u.document_id = s.document_id AND u.signed"
_SIGNED = """
CREATE TEMP TABLE signed AS SELECT document_id, document_id IN (SELECT document_id FROM temp.unpaired) AS new
FROM copy_signature WHERE signature <> x'' ORDER BY document_id
"""
_TEXT = "SELECT text FROM documents WHERE document_id = ?"
_KEPT = 2_000
"""Documents whose traits are kept while pairs are compared."""
_AT_ONCE = 1_000
"""Pairs that are entered at a time."""
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


def link_copies(store: Store, run_id: int) -> int:
    """Find the near-copies of documents that are new since the last time, and write the table ``copies`` anew; how many rows it has.

    All in one transaction. Texts are compared with the text that the store has; those without a word are no copies of each other. In memory are
    eight bytes a document, those pairs of signatures that agree, and the traits of some texts.
    """
    with store.transaction():
        execute = store.connection.execute
        for side in ("left", "right"):
            execute(f"DELETE FROM copy_pair WHERE {side} IN {_GONE}")
        execute(f"DELETE FROM copy_signature WHERE document_id IN {_GONE}")
        execute(_NEW)
        execute("CREATE UNIQUE INDEX temp.unpaired_document ON unpaired (document_id)")
        execute(_SIGN)
        for name, version in execute("SELECT document_id, version FROM temp.unpaired WHERE NOT signed"):
            (text,) = execute(_TEXT, (name,)).fetchone()
            execute("INSERT OR REPLACE INTO copy_signature VALUES (?, ?, ?)", (name, version, signature_of(fold(text))))
        for side in ("left", "right"):
            execute(f"DELETE FROM copy_pair WHERE {side} IN (SELECT document_id FROM temp.unpaired)")
        execute(_SIGNED)
        if execute("SELECT EXISTS (SELECT 1 FROM temp.signed WHERE new)").fetchone()[0]:
            _pair(store)
        _write(store, run_id)
        for table in ("unpaired", "signed", "paired"):
            execute(f"DROP TABLE temp.{table}")
        return int(execute("SELECT count(*) FROM copies").fetchone()[0])


def _pair(store: Store) -> None:
    """Enter the pairs of near-copies of which one is new."""
    execute = store.connection.execute
    stored = execute("SELECT signature FROM copy_signature JOIN temp.signed AS s USING (document_id) ORDER BY s.rowid")
    with Signatures(data for (data,) in stored) as signatures:
        new = np.fromiter((n for (n,) in execute("SELECT new FROM temp.signed ORDER BY rowid")), bool, len(signatures))

        @lru_cache(maxsize=_KEPT)
        def known(place: int) -> tuple[str, Traits]:
            query = (
                "SELECT document_id, text FROM documents JOIN temp.signed AS s USING (document_id) WHERE s.rowid = ?"
            )
            name, text = execute(query, (place + 1,)).fetchone()
            return name, traits(text)

        def near() -> Iterator[tuple[str, str, float]]:
            for i, j in candidates(signatures, new):
                (left, one), (right, other) = known(i), known(j)
                if similarity := compare(one, other):
                    yield left, right, round(similarity, 3)

        found = near()
        while pairs := list(islice(found, _AT_ONCE)):
            store.connection.executemany("INSERT OR REPLACE INTO copy_pair VALUES (?, ?, ?)", pairs)


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


def _roots(edges: Iterable[tuple[int, int]], count: int) -> Iterator[tuple[int, int]]:
    """The group of each of ``count`` documents, numbered from 1, that edges make: (group, document)."""
    root = array("q", range(count + 1))

    def find(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for left, right in edges:
        root[find(left)] = find(right)
    for place in range(1, count + 1):
        yield find(place), place
