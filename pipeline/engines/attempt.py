"""One document through the pipeline within limits of time and memory."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import Problem
from pipeline.pipeline import DEFAULT, Decide, StageError, default_pipeline, place_of
from pipeline.types import Analysis, Document


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` (wall clock) for one document, ``megabytes`` for a worker process beyond what it has when it is ready."""

    seconds: float = 120
    megabytes: int = 2048


class TimeLimit(BaseException):
    """A document took too long. Not an ``Exception``, so that no rule that guards against errors swallows it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`TimeLimit` inside the block after ``seconds``.

    Regular expressions are interrupted too. Where there are no timers (Windows, threads) nothing happens; there the pool kills the worker.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TimeLimit

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # again each second, should a finalizer have swallowed the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def limit_memory(megabytes: int) -> None:
    """Let this process have ``megabytes`` more than now; then allocation fails with :class:`MemoryError`. Linux only."""
    if sys.platform != "linux":
        return
    import resource

    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    data = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData:"))
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = (data + megabytes * 1024) * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def attempt(document: Document, limits: Limits, render: Callable[[Analysis], Any], decide: Decide = DEFAULT) -> Any:
    """``render`` of the analysis of a document, or the :class:`Problem` that kept it from being made."""
    try:
        with time_limit(limits.seconds):
            return render(default_pipeline(decide)(document))
    except TimeLimit:
        reason = f"took longer than {limits.seconds:g} s"
    except StageError as error:
        small = isinstance(error.__cause__, MemoryError)
        reason = f"needs more than {limits.megabytes:,} MB of memory" if small else str(error)
    except MemoryError:
        reason = f"needs more than {limits.megabytes:,} MB of memory"
    except Exception as error:
        reason = f"{type(error).__name__}: {error} ({place_of(error)})"
    return Problem(document.source or "", reason, document_id=document.id)
