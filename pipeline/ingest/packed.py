"""Packed files (.zip, and .docx and .xlsx, which are zip files too): what is in them, and that it is bounded before it is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from pipeline.ingest.limits import MAX_ARCHIVE, MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, MEGABYTE, LimitError, megabytes

_ENTITY = re.compile(
    rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)", re.IGNORECASE
)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    KeyError,
    OverflowError,
)
"""What ``zipfile`` raises for damaged, encrypted or strangely packed files."""


def refuse_entities(data: bytes, what: str) -> None:
    """Raise ValueError where XML declares a document type or entities: our formats never need them, attacks do."""
    if _ENTITY.search(data):
        raise ValueError(f"{what} declares XML entities or a document type, which is not allowed")


def open_zip(data: bytes, most: int) -> zipfile.ZipFile:
    """A zip file whose parts together are at most ``most`` bytes long and no bombs. Raises LimitError or ValueError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except BROKEN as error:
        raise ValueError(f"damaged: {error}") from None
    if len(members) > MAX_MEMBERS:
        raise LimitError(f"it holds {len(members):,} files; the limit is {MAX_MEMBERS:,}")
    total = sum(member.file_size for member in members)
    if total > most:
        raise LimitError(f"it unpacks to {megabytes(total)}; the limit is {megabytes(most)}")
    for member in members:
        if member.file_size > MEGABYTE and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise LimitError(
                f"{member.filename!r} in it unpacks to {member.file_size // max(member.compress_size, 1):,} times its size: a zip bomb"
            )
    return archive


def kind_of(data: bytes) -> str:
    """``docx``, ``xlsx`` or ``zip``: what a packed file is by what it holds. Raises ValueError where it is damaged."""
    names = set(open_zip(data, MAX_ARCHIVE).namelist())
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def check_package(data: bytes) -> None:
    """Raise LimitError or ValueError where a Word file or workbook is damaged, a bomb, encrypted or declares entities."""
    archive = open_zip(data, MAX_UNPACKED)
    for member in archive.infolist():
        if member.flag_bits & 1:
            raise ValueError("it is encrypted; save it without a password")
        if member.filename.endswith((".xml", ".rels")):
            try:
                part = archive.read(member)
            except BROKEN as error:
                raise ValueError(f"damaged: {error}") from None
            refuse_entities(part, f"{member.filename!r} in it")


def members(data: bytes) -> Iterator[tuple[str, bytes | str]]:
    """The files of an archive: name, and bytes or why there are none. Nothing is written to disk, whatever the names say."""
    archive = open_zip(data, MAX_ARCHIVE)
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if (
            member.is_dir()
            or any(part.startswith(".") and part != ".." for part in path.parts)
            or path.parts[:1] == ("__MACOSX",)
        ):
            continue
        if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", member.filename):
            yield member.filename, "its name leads out of the archive; it is not read"
        elif member.flag_bits & 1:
            yield member.filename, "it is encrypted; pack it without a password"
        else:
            try:
                yield member.filename, archive.read(member)
            except BROKEN as error:
                yield member.filename, f"damaged: {error}"
