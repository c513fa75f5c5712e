"""What people said laid over what the machine found: the row of a directive as readers should see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.corrections.record import Json
from pipeline.corrections.store import Place, Verdict
from pipeline.store.schema import Row
from pipeline.times.due import is_urgent

WRITTEN = frozenset({Verdict.EDIT, Verdict.ADD})
"""Verdicts whose record is a person's."""


def written(place: Place | None) -> Json | None:
    """The record that a person wrote; None where there is none, or it is lost."""
    return place.record if place and place.verdict in WRITTEN else None


def overlay(row: Mapping[str, Any], place: Place | None) -> Row:
    """A row of ``directive_view`` with the values a person put in place of the machine's, and ``verdict``, ``corrected_by``,
    ``corrected``, ``correction_note``, all None where nobody judged it.

    An issuer or addressee keeps its record of the register where its name or place is the machine's; a deadline that was changed has no ``due``.
    """
    out = dict(row)
    out |= {
        "verdict": place.verdict.value if place else None,
        "corrected_by": place.author if place else None,
        "corrected": place.made if place else None,
        "correction_note": (place.note or None) if place else None,
    }
    record = written(place)
    if record is None:
        return out
    issuer, deadline = record["issuer"], record["deadline"]
    is_same = bool(issuer) and issuer["name"] in (row["issuer_name"], row["issuer"])
    records = {a["start"]: a for a in row["addressee_records"]}
    people = [
        records.get(item["start"])
        or {
            "name": item["text"],
            "start": item["start"],
            "end": item["end"],
            "actor_id": None,
            "record": None,
            "record_name": None,
        }
        for item in record["addressees"]
    ]
    out |= {
        "instruction": record["instruction"]["text"],
        "start": record["instruction"]["start"],
        "end": record["instruction"]["end"],
        "trigger": record["trigger"]["text"],
        "force": record["force"],
        "polarity": record["polarity"],
        "recalled": record["recalled"],
        "issuer": issuer["name"] if issuer else None,
        "issuer_mention": issuer["text"] if issuer else None,
        "issuer_name": (row["issuer_name"] if is_same else issuer["name"]) if issuer else None,
        "issuer_record": row["issuer_record"] if is_same else None,
        "addressees": [item["text"] for item in record["addressees"]],
        "addressee_records": people,
        "purposes": [item["text"] for item in record["purposes"]],
    }
    words = deadline["text"] if deadline else None
    if words != row["deadline"]:
        state = "none" if not words else "immediate" if is_urgent(words) else "unknown"
        out |= {"deadline": words, "due": None, "due_note": None, "deadline_state": state}
    return out
