"""The originals of documents, kept beside the store by the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

FOLDER = "originals"


def sha256(data: bytes) -> str:
    """The name of an original: SHA-256 of its bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


class Originals:
    """The folder ``originals`` of a store: ``originals/ab/ab12….pdf``. One original is kept once, however often it comes."""

    def __init__(self, store_folder: Path) -> None:
        self.folder = store_folder / FOLDER

    def keep(self, data: bytes, suffix: str) -> None:
        """Keep the bytes of a file, under the ``suffix`` of its format. Raises OSError where it cannot be written."""
        digest = sha256(data)
        if self.find(digest):
            return
        path = self.folder / digest[:2] / (digest + suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_bytes(data)
        partial.replace(path)

    def find(self, digest: str) -> Path | None:
        """The kept original of a hash, as ``readings.original`` names it."""
        return next((self.folder / digest[:2]).glob(f"{digest}*"), None)
