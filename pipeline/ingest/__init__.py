"""Readers, one a format: whatever arrives becomes a stream of documents and of problems, in the order of the input."""

from pipeline.ingest.formats import FORMATS
from pipeline.ingest.sources import Passed, read

__all__ = ["FORMATS", "Passed", "read"]
