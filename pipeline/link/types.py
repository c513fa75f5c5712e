"""The records of linking."""

from __future__ import annotations

from enum import StrEnum


class Relation(StrEnum):
    """What an entry of a thread is to the instruction given before it."""

    REPEATED = "repeated"
    TIGHTENED = "tightened"
    EXTENDED = "extended"
    RECALLS = "recalls"
    EXECUTED = "executed"
    WITHDRAWN = "withdrawn"
