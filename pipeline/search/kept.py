"""What is read once from a store and shared by all connections to it until something is written."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_STORES = 4
"""Stores of which something is kept at a time."""


class Kept(Generic[T]):
    """What ``read`` makes of a store, kept until the store changes (table ``stamp``); of a store without a file nothing is kept."""

    def __init__(self, read: Callable[[sqlite3.Connection], T]) -> None:
        self._read = read
        self._of_store: dict[str, tuple[int, T]] = {}
        self._lock = threading.Lock()

    def __call__(self, connection: sqlite3.Connection) -> T:
        path = str(connection.execute("PRAGMA database_list").fetchone()[2])
        (stamp,) = connection.execute("SELECT transactions FROM stamp").fetchone()
        with self._lock:
            kept = self._of_store.get(path)
            if kept is not None and kept[0] == stamp:
                return kept[1]
            value = self._read(connection)
            if path:
                self._of_store.pop(path, None)
                if len(self._of_store) >= _STORES:
                    self._of_store.pop(next(iter(self._of_store)))
                self._of_store[path] = (int(stamp), value)
        return value
