"""What a run does, as JSON lines in a file: for those who watch it by machine."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from pipeline.errors import TaalimatError
from pipeline.store.sqlite import now
from pipeline.store.text import to_json


class Log:
    """Appends events to a file, each a line with ``time`` (UTC), ``event`` and what belongs to it; without a file it does nothing.

    Raises :class:`TaalimatError` where the file cannot be opened.
    """

    def __init__(self, path: Path | None) -> None:
        try:
            self._stream = path.open("a", encoding="utf-8", buffering=1) if path else None
        except OSError as error:
            raise TaalimatError(f"--log {path}: cannot be opened: {error.strerror or error}") from error

    def __call__(self, event: str, **fields: object) -> None:
        """Write an event."""
        if self._stream:
            self._stream.write(to_json({"time": now(), "event": event, **fields}) + "\n")

    def __enter__(self) -> Log:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream:
            if error is not None:
                self("stopped", reason=f"{type(error).__name__}: {error}")
            self._stream.close()
