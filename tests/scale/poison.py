"""Work that does to its process what a poisonous document may do. Importable, because workers import it by name."""

from __future__ import annotations

import os
import re
import signal
import time
from functools import partial
from typing import Any

import pyarrow as pa

from pipeline.engines.attempt import Limits
from pipeline.engines.records import Work, render_batch, rendering
from pipeline.types import Analysis


def render(analysis: Analysis) -> str:
    """The id of a document, unless its id asks for trouble."""
    match analysis.document.id:
        case "dies":
            os._exit(9)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hangs":
            while True:
                time.sleep(0.01)
        case "backtracks":
            re.match("(a*)*b", "a" * 60)
        case "eats":
            eaten: list[Any] = []
            while True:
                eaten.append(bytearray(10_000_000))
        case "recurses":
            return render(analysis) + ""
        case "fails":
            raise RuntimeError("no rule for this")
    return analysis.document.id


def _deaf(batch: pa.RecordBatch, limits: Limits) -> pa.RecordBatch:
    """Like a library that holds the interpreter: signals do not get through."""
    if "deaf" in batch.column("id").to_pylist():
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(600)
    return render_batch(batch, render, limits)


def deaf(limits: Limits) -> Work:
    """Work in which the time limit does not reach the document «deaf»."""
    return Work(partial(_deaf, limits=limits), rendering(render, limits).schema)
