"""The state of every document that was ever read: pending, done, or failed with a reason. By it a run goes on where one was cut off."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice

from pipeline.errors import Problem
from pipeline.pipeline import DEFAULT, Decide
from pipeline.resources import code_version, lexicon_version, model_version
from pipeline.store.sqlite import Store
from pipeline.store.text import to_json
from pipeline.types import Document

_CHUNK = 200  # documents a transaction


class State(StrEnum):
    """What became of a document."""

    PENDING = "pending"
    """Read, and its records not yet stored: a run is at it, or was cut off."""
    DONE = "done"
    FAILED = "failed"


def digest(document: Document, decide: Decide) -> str:
    """A hash of all that the analysis of a document hangs on beside code and lexicon: its text and fields, who decides, by which model."""
    day = document.published.isoformat() if document.published else None
    decided = [decide, None if decide is Decide.RULES else model_version()]
    parts = [
        document.raw,
        document.title,
        day,
        document.published_source,
        document.outlet,
        dict(document.meta),
        decided,
    ]
    return hashlib.sha256(to_json(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Ledger:
    """Tells which documents a run has to work on, and writes down what becomes of them.

    A document is passed over where this version of code and lexicon has been through with it and it did not change: where it
    is done, or (unless ``retry``) where it failed. With ``resume`` False none is. ``passed`` counts those that were done.
    """

    def __init__(
        self, store: Store, run_id: int, decide: Decide = DEFAULT, resume: bool = True, retry: bool = False
    ) -> None:
        self.store, self.run_id, self.decide, self.resume, self.retry = store, run_id, decide, resume, retry
        self.passed = 0

    def admit(self, items: Iterable[Document | Problem]) -> Iterator[Document | Problem]:
        """The documents to work on, each entered as pending before it is handed out; and problems, those of documents that failed before among them."""
        stream = iter(items)
        while chunk := list(islice(stream, _CHUNK)):
            with self.store.transaction():
                admitted = [self._admit(item) if isinstance(item, Document) else item for item in chunk]
            yield from (item for item in admitted if item is not None)

    def _admit(self, document: Document) -> Document | Problem | None:
        mark = digest(document, self.decide)
        if self.resume:
            found = self.store.connection.execute(_FOUND, (document.id, mark, code_version(), lexicon_version()))
            state, reason, run_id = found.fetchone() or (None, None, None)
            if state == State.DONE:
                self.passed += 1
                move = "UPDATE documents SET source = ? WHERE document_id = ? AND source IS NOT ?"
                self.store.connection.execute(move, (document.source, document.id, document.source))
                return None
            if state == State.FAILED and not self.retry:
                reason = f"{reason} (in run {run_id}; passed over, --retry tries it again)"
                return Problem(document.source or "", reason, document_id=document.id)
        values = (document.id, State.PENDING, mark, document.source, None, self.run_id)
        self.store.connection.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?, ?)", values)
        return document

    def done(self, document_id: str) -> None:
        """Note that the records of a document are stored; in the transaction that stores them."""
        move = "UPDATE states SET state = ?, reason = NULL, run_id = ? WHERE document_id = ?"
        self.store.connection.execute(move, (State.DONE, self.run_id, document_id))

    def failed(self, problem: Problem) -> None:
        """Note a document of which nothing can be made. One that is done already (by a run beside this, from another file) stays so."""
        if problem.document_id is not None and problem.lost:
            values = (problem.document_id, State.FAILED, "", problem.source, problem.reason, self.run_id)
            self.store.connection.execute(_FAIL, values)


_FOUND = """
SELECT s.state, s.reason, s.run_id FROM states AS s JOIN runs AS r USING (run_id)
WHERE s.document_id = ? AND s.digest = ? AND r.code_version = ? AND r.lexicon_version = ?
"""

_FAIL = """
INSERT INTO states VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (document_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, run_id = excluded.run_id WHERE state = 'pending'
"""


def count(store: Store) -> dict[State, int]:
    """How many documents are in each state."""
    found = dict(store.connection.execute("SELECT state, count(*) FROM states GROUP BY state"))
    return {state: found.get(state, 0) for state in State}
