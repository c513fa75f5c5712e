"""The same work on a Spark cluster, by ``DataFrame.mapInArrow``. Needs ``pip install 'taalimat[spark]'`` here and taalimat on the executors."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.engines.attempt import Limits
from pipeline.engines.records import DOCUMENT_SCHEMA, Work, analysis
from pipeline.errors import TaalimatError
from pipeline.pipeline import DEFAULT, Decide

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

JOB = 32
"""Batches a Spark job: enough that starting the job does not count, and what comes back fits in the driver's memory."""


def session() -> SparkSession:
    """The running Spark session, or a new one: on the cluster that Spark's configuration names, else on this machine.

    Raises :class:`TaalimatError` where pyspark or Java is missing.
    """
    try:
        from pyspark import SparkConf
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise TaalimatError("--engine spark needs pyspark; run pip install 'taalimat[spark]'") from None
    builder: Any = SparkSession.builder
    if not SparkConf().contains("spark.master"):
        builder = builder.master("local[*]")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        made: SparkSession = builder.appName("taalimat").config("spark.ui.showConsoleProgress", "false").getOrCreate()
    except (PySparkRuntimeError, OSError) as error:
        raise TaalimatError(
            f"Spark cannot be started: {error}. It needs Java 17 or newer on the path or in JAVA_HOME"
        ) from error
    return made


def extract(frame: DataFrame, limits: Limits | None = None, decide: Decide = DEFAULT) -> DataFrame:
    """The results of a frame of documents, computed where its partitions are (columns: ``records.RESULT_SCHEMA``).

    ``frame`` has ``id`` and ``text``, and may have the other columns of ``records.DOCUMENT_SCHEMA``; ids must be unique.
    Nothing is computed before an action, such as ``extract(frame).write.parquet(…)``.
    """
    from pyspark.sql import functions
    from pyspark.sql.pandas.types import from_arrow_schema

    if missing := {"id", "text"} - set(frame.columns):
        raise TaalimatError(f"the frame has no column {' and '.join(sorted(missing))}; it has {frame.columns}")
    columns = [
        functions.col(f.name) if f.name in frame.columns else functions.lit(None).cast(t.dataType).alias(f.name)
        for f, t in zip(DOCUMENT_SCHEMA, from_arrow_schema(DOCUMENT_SCHEMA), strict=True)
    ]
    return _map(frame.select(*columns), analysis(limits or Limits(), decide))


def _map(frame: DataFrame, work: Work) -> DataFrame:
    from pyspark.sql.pandas.types import from_arrow_schema

    function = work.function

    def over(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield function(batch)

    return frame.mapInArrow(over, from_arrow_schema(work.schema))


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """An engine that sends batches through a Spark session. Time limits hold; memory is limited by Spark's own settings."""

    session: SparkSession = field(default_factory=session)

    def map(self, work: Work, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The results of ``work`` in order; JOB batches are in memory at a time."""
        stream = iter(batches)
        while job := list(islice(stream, JOB)):
            table = pa.Table.from_batches(job, DOCUMENT_SCHEMA)
            found = _map(self.session.createDataFrame(table), work).toArrow().cast(work.schema)
            place = {id: i for i, id in enumerate(found.column("id").to_pylist())}
            yield from found.take([place[id] for id in table.column("id").to_pylist()]).to_batches(max_chunksize=200)
