"""Readers, one a format: whatever arrives becomes a stream of documents and of problems, in the order of the input."""

from pipeline.ingest.sources import READERS, read

__all__ = ["READERS", "read"]
