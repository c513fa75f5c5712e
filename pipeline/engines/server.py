"""What the fork server loads when it starts, by importing this module: imports, lexicons and rules, which all workers then share.

No other process imports it. What is wrong with a lexicon the workers tell.
"""

from __future__ import annotations

import gc
from contextlib import suppress

import pyarrow.parquet  # noqa: F401  for the process that writes the tables

from pipeline.engines.local import first_reading
from pipeline.errors import TaalimatError
from pipeline.pipeline import Decide

with suppress(TaalimatError):
    first_reading(Decide.RULES)
gc.freeze()  # pages that no collector looks at stay shared
