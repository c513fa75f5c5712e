"""One record of a table or of JSON lines (a mapping of field names to values) as a document."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline import ids
from pipeline.errors import Problem
from pipeline.normalize import fold
from pipeline.types import Document

MAX_CHARACTERS = 5_000_000
"""Longest text of one document, in code points. The longest statements have some 20,000."""

PUBLISHED_FIELDS = ("published", "date")
"""Where a publication date is looked for, first found first."""

_ARABIC = {
    "النص": "text", "نص": "text", "نص البيان": "text", "العنوان": "title", "عنوان": "title", "التاريخ": "published", "تاريخ": "published",
    "تاريخ النشر": "published", "المعرف": "id", "معرف": "id", "المصدر": "source", "الصحيفة": "outlet", "البلد": "country",
}  # fmt: skip
"""What newsrooms call the columns of their tables."""
_FOLDED = {fold(name): field for name, field in _ARABIC.items()}

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date and where it comes from (``column``, ``option``, ``file name``)."""

    day: datetime.date
    source: str


def field_names(header: Iterable[str]) -> list[str]:
    """The fields that the columns of a table are, from their names in any case or in Arabic; a field that the table names itself goes before.

    >>> field_names(["ID", "النصّ", "تاريخ النشر", "الجهة"])
    ['id', 'text', 'published', 'الجهة']
    """
    names = [name.strip().lower() for name in header]
    fields = (_FOLDED.get(fold(name), name) for name in names)
    return [name if field in names else field for name, field in zip(names, fields, strict=True)]


def parse_date(value: str) -> datetime.date:
    """The day of an ISO date or time, or of day/month/year, as Arab newsrooms write it. Raises ValueError for all else.

    >>> parse_date("2025-01-07"), parse_date("7/1/2025")
    (datetime.date(2025, 1, 7), datetime.date(2025, 1, 7))
    """
    value = value.strip()
    if iso := _ISO.fullmatch(value):
        year, month, day = map(int, iso.groups())
    elif slashed := _DAY_FIRST.fullmatch(value):
        day, month, year = map(int, slashed.groups())
    else:
        raise ValueError(f"{value!r} is no date; write 2025-01-07 or 7/1/2025 (day first)")
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{value!r} is no date: {error}") from None


def fault_of(text: str) -> str | None:
    """Why a text cannot be a document, or None."""
    if not text.strip():
        return "the text is empty"
    if len(text) > MAX_CHARACTERS:
        return f"the text has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}. Split it into its statements"
    if found := _SURROGATE.search(text):
        code = f"U+{ord(found[0]):04X}"
        return f"the text holds half a character (lone surrogate {code} at offset {found.start()}); export it again as UTF-8"
    return None


def _text_of(value: Any) -> str | None:
    return None if value is None or value == "" else _SURROGATE.sub("\ufffd", str(value))


def read_record(
    record: Mapping[str, Any], source: str, line: int | None, fallback: Published | None
) -> Iterator[Document | Problem]:
    """The document of a record with ``text`` and maybe ``id``, ``title``, ``published``, ``source``, ``outlet``.

    ``fallback`` serves where the record has no date of its own. A date that is none is a problem, and the document goes
    without; fields that are not known are kept in ``meta`` where they are plain values.
    """
    text, name = record.get("text"), _text_of(record.get("id"))
    if not isinstance(text, str):
        have = ", ".join(str(key) for key in record) or "nothing"
        what = "has no 'text'" if text is None else f"has a 'text' that is not a string but {type(text).__name__}"
        yield Problem(source, f"the record {what} (fields: {have})", line, name)
        return
    if fault := fault_of(text):
        yield Problem(source, fault, line, name)
        return
    published = fallback
    given = next((str(record[key]) for key in PUBLISHED_FIELDS if record.get(key) not in (None, "")), None)
    if given is not None:
        try:
            published = Published(parse_date(given), "column")
        except ValueError as error:
            published = None
            yield Problem(source, f"publication date: {error}; read without a date", line, name, lost=False)
    known = {"id", "text", "title", "source", "outlet", *PUBLISHED_FIELDS}
    yield Document(
        id=name or ids.document_id(text),
        raw=text,
        title=_text_of(record.get("title")),
        published=published.day if published else None,
        published_source=published.source if published else None,
        source=source if line is None else f"{source}:{line}",
        outlet=_text_of(record.get("outlet") or record.get("source")),
        meta={
            _SURROGATE.sub("\ufffd", key): _text_of(value) if isinstance(value, str) else value
            for key, value in record.items()
            if key not in known and isinstance(value, str | int | float)
        },
    )
