"""How much a file may ask for. A file over a limit is a problem that names the limit; nothing is read by half."""

from __future__ import annotations

MEGABYTE = 2**20

MAX_FILE = 64 * MEGABYTE
"""Longest file of a format that is read whole (pages, Word, PDF, pictures, workbooks, feeds), in bytes."""

MAX_ARCHIVE = 512 * MEGABYTE
"""Longest .zip, in bytes; and the most that its files may unpack to."""

MAX_UNPACKED = 256 * MEGABYTE
"""Most that a Word file or a workbook may unpack to, in bytes."""

MAX_RATIO = 200
"""Most that one part of a packed file may grow, where it is longer than a megabyte: text packs to a tenth, a zip bomb to a thousandth."""

MAX_MEMBERS = 10_000
"""Most files in an archive."""

MAX_DEPTH = 3
"""Archives within archives."""

MAX_PAGES = 1_000
"""Most pages of a PDF."""

MAX_PIXELS = 100_000_000
"""Largest picture: an A3 sheet at 600 dots an inch."""

MAX_ROWS = 1_000_000
"""Most rows of a sheet of a workbook."""

SECONDS = 60
"""Longest that one file is read, in seconds."""

SCAN_SECONDS = 480
"""Longest that a scanned file is read, in seconds."""

MEMORY = 4096 * MEGABYTE
"""Most address space of the process that reads, in bytes, where the system can bound it."""


class LimitError(ValueError):
    """A file asks for more than a limit allows."""


def megabytes(size: int) -> str:
    """A size as it is told: ``64 MB``."""
    return f"{size / MEGABYTE:,.0f} MB"
