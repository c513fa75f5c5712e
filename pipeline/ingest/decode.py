"""Bytes to text: which encoding a file is in, and whether it is text at all.

UTF-8 and byte order marks are certain. Without them, the one-byte Arabic encodings and UTF-16 are tried, and a reading
is taken only where its letters are Arabic; otherwise the file is refused, since a wrong guess is worse than none.
"""

from __future__ import annotations

import codecs
import re

from pyarabic import araby

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSED = ("cp1256", "iso8859_6", "utf_16_le", "utf_16_be")
_MAGIC = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP or Office file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "a gzip file",
    b"\xfd7zXZ": "an xz file",
    b"SQLite format 3": "an SQLite database",
    b"\x7fELF": "a program",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LETTERS = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile(f"[{''.join(araby.LETTERS)}]+")
_FOREIGN = re.compile(rf"[^\W\d_{''.join(araby.LETTERS)}]")
_SAMPLE = 65_536  # bytes that a guess looks at


class DecodeError(ValueError):
    """Bytes that are no text we can read, and why."""


def arabic_share(text: str) -> float:
    """Share of the letters of ``text`` that are letters of the Arabic alphabet; 0 where it has none.

    >>> arabic_share("الصندوق CNAS")
    0.6363636363636364
    """
    if not _FOREIGN.search(text):
        return 1.0 if _ARABIC.search(text) else 0.0
    letters = sum(map(len, _LETTERS.findall(text)))
    return sum(map(len, _ARABIC.findall(text))) / letters if letters else 0.0


def _is_binary(text: str) -> bool:
    return len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 100


def detect(data: bytes, complete: bool = True) -> str:
    """The encoding of ``data``. ``complete`` is False where more bytes follow, so that a character may be cut.

    Raises :class:`DecodeError` for binary data, and for bytes that are no Arabic text in any encoding we know.

    >>> detect("أمر الوالي بفتح الطريق أمام أصحاب الشاحنات".encode("cp1256"))
    'cp1256'
    """
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            raise DecodeError(f"this is {name}, not text")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data, final=complete)
    broken = text.count("\ufffd")
    # UTF-16 of plain letters is valid UTF-8 full of zero bytes. Damaged UTF-8 stays UTF-8: decoding it will name the place.
    if (not broken or len(_ARABIC.findall(text)) > 2 * broken) and not _is_binary(text):
        return "utf-8"
    from charset_normalizer import from_bytes  # most files are UTF-8 and need no guess

    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_GUESSED), threshold=0.5).best()
    if best is not None:
        text = str(best)
        if arabic_share(text) >= 0.5 and not _is_binary(text):
            return str(best.encoding)
    if _is_binary(data[:_SAMPLE].decode("latin-1")):
        raise DecodeError("this is binary data, not text")
    raise DecodeError("the encoding is not UTF-8, UTF-16, windows-1256 or ISO-8859-6; save the file as UTF-8")


def decode(data: bytes) -> str:
    """``data`` as text, without byte order mark; line ends stay as they are. Raises :class:`DecodeError`."""
    encoding = detect(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DecodeError(f"not valid {encoding}: byte {error.start} cannot be read; save the file as UTF-8") from None
