"""Where batches of documents are analysed: worker processes of this machine (``local.py``) or a Spark cluster (``spark.py``).

Both apply one pure function, ``records.analyse_batch``: an Arrow ``RecordBatch`` of documents in, one of results out. An engine
has one method, ``map(work, batches)``: results in the order of the batches, only a bounded number of them in memory, and for a
document that cannot be worked on (it hangs, eats memory, kills its process) a row that says so.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pipeline.engines.records import Work


class Engine(Protocol):
    """Applies a pure function to batches."""

    def map(self, work: Work, batches: Iterable[Any]) -> Iterator[Any]:
        """The results of ``work``, ``pyarrow.RecordBatch`` each."""
        ...


def processes() -> Any:
    """Where worker processes come from (a context of ``multiprocessing``): a fork server, or where there is none (Windows) each anew.

    The server loads ``server.py`` once, before it has threads; each worker is a copy of it and starts at once.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipeline.cli", "pipeline.engines.server"])
    return context


def start_server() -> None:
    """Let the fork server load while this process goes on; nothing where there is none, or it is there already."""
    if processes().get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        ensure_running()
