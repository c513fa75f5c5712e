"""Where batches of documents are analysed: worker processes of this machine (``local.py``) or a Spark cluster (``spark.py``).

Both apply one pure function, ``records.analyse_batch``: an Arrow ``RecordBatch`` of documents in, one of results out. An engine
has one method, ``map(work, batches)``: results in the order of the batches, only a bounded number of them in memory, and for a
document that cannot be worked on (it hangs, eats memory, kills its process) a row that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pipeline.engines.records import Work


class Engine(Protocol):
    """Applies a pure function to batches."""

    def map(self, work: Work, batches: Iterable[Any]) -> Iterator[Any]:
        """The results of ``work``, ``pyarrow.RecordBatch`` each."""
        ...
