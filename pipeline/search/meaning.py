"""Search by meaning: a vector for each instruction, by the encoder of ``taalimat models build``. Optional: without it all else works.

The sentences of one genre lie close together in the encoder's space; their mean and main directions are taken out first (whitening, Su
et al., "Whitening sentence representations", 2021). The signs of what is left, 384 bits a vector, are compared for all directives, in
milliseconds for hundreds of thousands; the nearest are then compared in full.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.errors import TaalimatError
from pipeline.search.columns import Mask, Positions, columns
from pipeline.search.kept import Kept

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
_BLOCK = 16_384
"""Vectors whose signs are compared at a time: what the processor's own memory holds."""


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


@dataclass(frozen=True, slots=True)
class Space:
    """The vectors of a store: how they are turned, and the signs of all."""

    mean: Vectors
    turn: Vectors
    places: Positions
    """Positions in the columns, ascending."""
    signs: npt.NDArray[np.uint64]
    """The signs in words of 64, one row a word."""


def _load(connection: sqlite3.Connection) -> Space | None:
    encoder = default_encoder()
    space = encoder and _space(connection, encoder.id)
    rows = connection.execute("SELECT id, bits FROM search_vector WHERE bits <> x'' ORDER BY id").fetchall()
    if not space or not rows:
        return None
    bits = np.frombuffer(b"".join(row[1] for row in rows), np.uint64).reshape(-1, _WIDTH // 64)
    places = columns(connection).places(np.array([row[0] for row in rows], np.int64))
    return Space(*space, places, np.ascontiguousarray(bits.T))


_kept = Kept(_load)


def space(connection: sqlite3.Connection) -> Space | None:
    """The space of the store's vectors; None without encoder or vectors."""
    return _kept(connection)


@lru_cache(maxsize=256)
def _embedded(encoder: Encoder, text: str) -> Vectors:
    """The encoder's vector of a text; a text is asked for again with each filter and each page of its results."""
    return encoder.embed([text])


def asked(space: Space, text: str) -> Vectors:
    """The vector of a text, of length 1."""
    encoder = default_encoder()
    assert encoder is not None
    vector: Vectors = _turn(_embedded(encoder, text), space.mean, space.turn)[0]
    return vector


def vectors(connection: sqlite3.Connection, space: Space, ids: Positions) -> Vectors:
    """Vectors of directives by their ids in the search index, shape (ids, 384), of length 1; zeros where there is none."""
    out = np.zeros((len(ids), _WIDTH), np.float32)
    marks = ", ".join("?" * len(ids))
    rows = connection.execute(f"SELECT id, vector FROM search_vector WHERE id IN ({marks})", ids.tolist()).fetchall()
    if rows:
        place = {number: i for i, number in enumerate(ids.tolist())}
        out[[place[row[0]] for row in rows]] = _turn(_ints([row[1] for row in rows]), space.mean, space.turn)
    return out


def towards(vector: Vectors, weights: npt.NDArray[np.float64], others: Vectors) -> Vectors:
    """A vector moved to the middle between it and some others, each with its weight (Rocchio, 1971); of length 1."""
    if not len(others):
        return vector
    moved: Vectors = vector + (weights / weights.sum()).astype(np.float32) @ others
    return moved / np.float32(max(float(np.linalg.norm(moved)), 1e-9))


def nearest(space: Space, vector: Vectors, allowed: Mask, number: int) -> Positions:
    """The ``allowed`` directives whose signs differ least from those of a vector: positions in the columns."""
    own = np.packbits(vector > 0).view(np.uint64)
    apart = np.zeros(len(space.places), np.uint16)
    for start in range(0, len(apart), _BLOCK):
        part = apart[start : start + _BLOCK]
        for word, sign in zip(space.signs[:, start : start + _BLOCK], own, strict=True):
            part += np.bitwise_count(word ^ sign)
    apart[~allowed[space.places]] = _WIDTH + 1
    far = np.partition(apart, min(number, len(apart)) - 1)[min(number, len(apart)) - 1]
    close = np.flatnonzero(apart <= min(int(far), _WIDTH))
    out: Positions = space.places[close[np.argsort(apart[close], kind="stable")[:number]]]
    return out
