"""Search by meaning: a vector for each instruction, by the encoder of ``taalimat models build``. Optional: without it all else works.

The sentences of one genre lie close together in the encoder's space; their mean and main directions are taken out first (whitening, Su
et al., "Whitening sentence representations", 2021). The signs of what is left, 384 bits a vector, are compared for all directives, in
milliseconds for hundreds of thousands; the nearest are then compared in full.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.errors import TaalimatError
from pipeline.search.columns import Positions

if TYPE_CHECKING:
    from pipeline.model.encoder import Encoder
    from pipeline.store.sqlite import Store

Vectors = npt.NDArray[np.float32]

_WIDTH = 384
_POWER = 0.5
"""How far the main directions are levelled: 0 not at all, 1 wholly."""
_ENOUGH = 400
"""Vectors from which a space can be fitted; with fewer they are compared as they are."""
_SAMPLE = 20_000
_CHUNK = 256
_NEAREST = 100
"""Vectors that are compared in full."""
_VALUES = 900
"""Values of one statement, at most."""


@cache
def default_encoder() -> Encoder | None:
    """The encoder of this machine, loaded once; None where none is built."""
    from pipeline.model.encoder import Encoder

    try:
        return Encoder()
    except TaalimatError:
        return None


def lacking(connection: sqlite3.Connection, encoder: Encoder) -> int:
    """How many directives have no vector of this encoder."""
    sql = "SELECT count(*) FROM search_text WHERE id NOT IN (SELECT id FROM search_vector WHERE model = ?)"
    return int(connection.execute(sql, (encoder.id,)).fetchone()[0])


def refresh(store: Store, encoder: Encoder, progress: Callable[[int], None] = lambda done: None) -> None:
    """Give a vector to each directive that has none of this encoder, some hundreds a transaction. Takes about 10 ms each."""
    connection = store.connection
    connection.execute("DELETE FROM search_vector WHERE model <> ?", (encoder.id,))
    sql = """SELECT t.id, coalesce(d.instruction, p.record ->> '$.instruction.text') FROM search_text AS t
      LEFT JOIN directives AS d USING (directive_id) LEFT JOIN correction_places AS p USING (about)
      WHERE t.id NOT IN (SELECT id FROM search_vector) ORDER BY t.id LIMIT ?"""
    while rows := connection.execute(sql, (_CHUNK,)).fetchall():
        texts = list(dict.fromkeys(text for _, text in rows))
        vectors = dict(zip(texts, np.round(encoder.embed(texts) * 127).astype(np.int8), strict=True))
        lines = [(number, encoder.id, vectors[text].tobytes()) for number, text in rows]
        with store.transaction():
            # A directive that went while its vector was made stays gone.
            connection.executemany(
                "INSERT INTO search_vector SELECT id, ?2, ?3, x'' FROM search_text WHERE id = ?1", lines
            )
        progress(len(rows))
    with store.transaction():
        _fit(connection, encoder.id)


def _fit(connection: sqlite3.Connection, model: str) -> None:
    """Fit the space anew where the vectors became many times more since; then the bits of all vectors that have none."""
    (count,) = connection.execute("SELECT count(*) FROM search_vector").fetchone()
    kept = connection.execute("SELECT vectors FROM search_space WHERE model = ?", (model,)).fetchone()
    if kept is None or count >= 4 * kept[0] and kept[0] < _SAMPLE:
        sample = _read(connection, "SELECT vector FROM search_vector ORDER BY id % 97, id LIMIT ?", (_SAMPLE,))
        mean, turn = np.zeros(_WIDTH, np.float32), np.eye(_WIDTH, dtype=np.float32)
        if len(sample) >= _ENOUGH:
            mean = sample.mean(axis=0)
            _, lengths, directions = np.linalg.svd(_unit(sample - mean), full_matrices=False)
            turn = (directions.T / np.maximum(lengths, 1e-6) ** _POWER).astype(np.float32)
        space = (model, len(sample), mean.tobytes(), turn.tobytes())
        connection.execute("DELETE FROM search_space")
        connection.execute("INSERT INTO search_space VALUES (?, ?, ?, ?)", space)
        connection.execute("UPDATE search_vector SET bits = x''")
    space_of = _space(connection, model)
    assert space_of is not None
    while rows := connection.execute("SELECT id, vector FROM search_vector WHERE bits = x'' LIMIT 4096").fetchall():
        turned = _turn(_ints([row[1] for row in rows]), *space_of)
        bits = np.packbits(turned > 0, axis=1)
        connection.executemany(
            "UPDATE search_vector SET bits = ? WHERE id = ?",
            ((line.tobytes(), row[0]) for line, row in zip(bits, rows, strict=True)),
        )


def _space(connection: sqlite3.Connection, model: str) -> tuple[Vectors, Vectors] | None:
    row = connection.execute("SELECT mean, turn FROM search_space WHERE model = ?", (model,)).fetchone()
    if row is None:
        return None
    return np.frombuffer(row[0], np.float32), np.frombuffer(row[1], np.float32).reshape(_WIDTH, -1)


def _unit(vectors: Vectors) -> Vectors:
    out: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return out


def _turn(vectors: Vectors, mean: Vectors, turn: Vectors) -> Vectors:
    """Vectors in the fitted space, of length 1."""
    return _unit(_unit(_unit(vectors) - mean) @ turn)


def _ints(blobs: Sequence[bytes]) -> Vectors:
    return np.frombuffer(b"".join(blobs), np.int8).reshape(-1, _WIDTH).astype(np.float32)


def _read(connection: sqlite3.Connection, sql: str, values: Sequence[object]) -> Vectors:
    return _unit(_ints([row[0] for row in connection.execute(sql, values)]))


_kept: dict[str, tuple[int, Positions, npt.NDArray[np.uint64]]] = {}
_lock = threading.Lock()


def _bits(connection: sqlite3.Connection) -> tuple[Positions, npt.NDArray[np.uint64]]:
    """Ids and bits of all vectors, the bits in words of 64, one row a word; read anew where something was written since."""
    path = str(connection.execute("PRAGMA database_list").fetchone()[2])
    (stamp,) = connection.execute("SELECT transactions FROM stamp").fetchone()
    with _lock:
        kept = _kept.get(path) if path else None
        if kept is None or kept[0] != stamp:
            rows = connection.execute("SELECT id, bits FROM search_vector WHERE bits <> x'' ORDER BY id").fetchall()
            bits = np.frombuffer(b"".join(row[1] for row in rows), np.uint64).reshape(-1, _WIDTH // 64)
            kept = (stamp, np.array([row[0] for row in rows], np.int64), np.ascontiguousarray(bits.T))
            if len(_kept) >= 4:
                _kept.pop(next(iter(_kept)))
            _kept[path] = kept
    return kept[1], kept[2]


def asked(connection: sqlite3.Connection, text: str) -> Vectors | None:
    """The vector of a text in the space of the store's vectors, of length 1; None without encoder or vectors."""
    if not connection.execute("SELECT EXISTS (SELECT 1 FROM search_space)").fetchone()[0]:
        return None
    encoder = default_encoder()
    space = encoder and _space(connection, encoder.id)
    if not encoder or not space or not len(_bits(connection)[0]):
        return None
    vector: Vectors = _turn(encoder.embed([text]), *space)[0]
    return vector


def vectors(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Vectors]:
    """Vectors of directives in the space of the store, by id in the search index; those that have none are left out."""
    encoder = default_encoder()
    space = encoder and _space(connection, encoder.id)
    rows: list[tuple[int, bytes]] = []
    for start in range(0, len(ids), _VALUES):
        part = ids[start : start + _VALUES]
        marks = ", ".join("?" * len(part))
        sql = f"SELECT id, vector FROM search_vector WHERE id IN ({marks})"
        rows += ((int(row[0]), row[1]) for row in connection.execute(sql, list(part)))
    if not space or not rows:
        return {}
    return dict(zip((row[0] for row in rows), _turn(_ints([row[1] for row in rows]), *space), strict=True))


def towards(vector: Vectors, liked: Sequence[tuple[float, Vectors]]) -> Vectors:
    """A vector moved to the middle between it and some others, each with its weight (Rocchio, 1971); of length 1."""
    if not liked:
        return vector
    total = sum(weight for weight, _ in liked)
    moved: Vectors = vector + sum(weight / total * other for weight, other in liked)
    return moved / np.float32(max(float(np.linalg.norm(moved)), 1e-9))


def nearest(connection: sqlite3.Connection, vector: Vectors) -> list[int]:
    """The directives whose bits differ least from those of a vector: ids in the search index."""
    ids, bits = _bits(connection)
    if not len(ids):
        return []
    signs = np.packbits(vector > 0).view(np.uint64)
    apart = np.zeros(len(ids), np.uint16)
    for word, sign in zip(bits, signs, strict=True):
        apart += np.bitwise_count(word ^ sign)
    return [int(number) for number in ids[np.argpartition(apart, min(_NEAREST, len(ids)) - 1)[:_NEAREST]]]
