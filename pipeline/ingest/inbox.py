"""A folder into which files keep coming: which of them are new or changed, and whole."""

from __future__ import annotations

import time
from pathlib import Path

from pipeline.ingest.sources import files_of

QUIET = 2.0
"""Seconds for which a file must not have changed: one that is still being copied is left for later."""

_State = tuple[int, int]  # bytes, and time of the last change in nanoseconds


class Inbox:
    """The files of a folder and its subfolders, each given once, and again when it has changed."""

    def __init__(self, folder: Path, quiet: float = QUIET) -> None:
        self.folder, self.quiet = folder, quiet
        self._seen: dict[Path, _State] = {}
        self._before: dict[Path, _State] = {}

    def ready(self) -> list[Path]:
        """The files that came or changed since they were last given, and lie still. In order of name.

        A file lies still when it was last changed ``quiet`` seconds ago or, for clocks differ between machines, looks as it did the last
        time this was asked.
        """
        now = {path: state for path in files_of(self.folder) if (state := _state(path)) is not None}
        still = time.time_ns() - int(self.quiet * 1e9)
        found = [
            path
            for path, state in now.items()
            if self._seen.get(path) != state and (state[1] <= still or self._before.get(path) == state)
        ]
        self._before = now
        self._seen = {path: state for path, state in self._seen.items() if path in now}
        self._seen.update((path, now[path]) for path in found)
        return found


def _state(path: Path) -> _State | None:
    try:
        found = path.stat()
    except OSError:  # gone in the meantime
        return None
    return found.st_size, found.st_mtime_ns
