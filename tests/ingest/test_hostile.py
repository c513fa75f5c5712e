"""Broken and hostile files: each is named with a reason, within its limits, and the file beside it is read."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import Problem
from pipeline.ingest import apart, read
from pipeline.ingest.apart import Reader
from pipeline.ingest.formats import FORMATS, Format
from pipeline.ingest.limits import MAX_MEMBERS
from pipeline.ingest.source import Source
from pipeline.types import Document

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
NAME = "2025-03-11-wali-setif"
TEXT = "أمر والي الولاية رؤساء البلديات بفتح المسابح قبل نهاية الشهر الجاري."


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def reason(path: Path, data: bytes) -> str:
    """The one problem of a file; a good file beside it is read, and nothing is written outside."""
    path.write_bytes(data)
    (path.parent / "zz.txt").write_text(TEXT, encoding="utf-8")
    before = sorted(path.parent.parent.rglob("*"))
    items = list(read([str(path), str(path.parent / "zz.txt")]))
    assert sorted(path.parent.parent.rglob("*")) == before
    problems = [item for item in items if isinstance(item, Problem)]
    assert [item.raw for item in items if isinstance(item, Document)] == [TEXT]
    assert len(problems) == 1, problems
    assert problems[0].source.startswith(str(path))
    return problems[0].reason


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A Word file or workbook with parts of it changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: change(name, archive.read(name)) for name in archive.namelist()})


def encrypted_zip() -> bytes:
    data = bytearray(packed({"a.txt": TEXT.encode()}))
    data[6] |= 1  # the flag in the local header, and in the central directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.zip", lambda: packed({"bomb.txt": b"0" * 300_000_000}), "zip bomb"),
        ("a.docx", lambda: repacked(fixture(f"docx/{NAME}.docx"), lambda n, d: d + b" " * 300_000_000 if n == "word/document.xml" else d), "it unpacks to"),
        ("b.docx", lambda: repacked(fixture(f"docx/{NAME}.docx"), lambda n, d: ENTITIES + d if n == "word/document.xml" else d), "declares XML entities"),
        ("a.xlsx", lambda: repacked(fixture("all.xlsx"), lambda n, d: ENTITIES + d if n.endswith("sheet1.xml") else d), "declares XML entities"),
        ("a.rss", lambda: ENTITIES + fixture("rss.xml"), "declares XML entities"),
        ("b.rss", lambda: fixture("rss.xml").replace(b"<channel>", b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><channel>'), "declares XML entities"),
        ("b.zip", lambda: packed({"../../etc/evil.txt": TEXT.encode()}), "its name leads out of the archive"),
        ("c.zip", lambda: packed({"/etc/evil.txt": TEXT.encode()}), "its name leads out of the archive"),
        ("d.zip", encrypted_zip, "it is encrypted"),
        ("e.zip", lambda: packed({f"{n}.x": b"" for n in range(MAX_MEMBERS + 1)}), "the limit is 10,000"),
        ("f.zip", lambda: packed({"1.zip": packed({"2.zip": packed({"3.zip": packed({"a.txt": TEXT.encode()})})})}), "deeper than 3"),
        ("g.zip", lambda: fixture("all.zip")[:5000], "damaged"),
        ("h.zip", lambda: packed({}), "no file in this archive"),
        ("a.pdf", lambda: fixture(f"pdf-chromium/{NAME}.pdf")[:3000], "damaged"),
        ("b.pdf", lambda: b"%PDF-1.7\n" + b"x" * 5000, "damaged"),
        ("c.docx", lambda: fixture(f"docx/{NAME}.docx")[:20_000], "damaged"),
        ("d.docx", lambda: TEXT.encode(), "it is named .docx but is no such file"),
        ("e.docx", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "an old Office file"),
        ("a.rtf", lambda: b"{\\rtf1 x}", "an RTF file; save it as .docx"),
        ("a.html", lambda: b"", "the text is empty"),
        ("b.html", lambda: b"<html><body><nav><a href=x>y</a></nav></body></html>", "the text is empty"),
        ("c.html", lambda: "<p>Le préfet a décidé l'ouverture à Sétif.".encode("cp1252") * 9, "the encoding is not UTF-8"),
        ("d.html", lambda: b"<html>" + b"<div>" * 200_000, "the text is empty"),
        ("a.md", lambda: b"", "the text is empty"),
        ("c.rss", lambda: b'<rss version="2.0"><channel></channel></rss>', "no entry in the feed"),
        ("b.xlsx", lambda: repacked(fixture("all.xlsx"), lambda n, d: d.replace(b">text<", b">body<")), "no sheet has a column 'text'"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_and_costs_nothing_else(
    tmp_path: Path, name: str, data: Callable[[], bytes], why: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    assert why in reason(folder / name, data())


def test_an_encrypted_pdf_is_named(tmp_path: Path) -> None:
    """A PDF whose trailer asks for a password: enough for a reader to refuse it."""
    data = fixture(f"pdf-weasyprint/{NAME}.pdf")
    key = b"<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -44>>"
    assert data.count(b"trailer") == 0 or b"/Root" in data
    locked = data.replace(b"/Root", b"/Encrypt " + key + b"/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]/Root", 1)  # fmt: skip
    (tmp_path / "in").mkdir()
    assert any(word in reason(tmp_path / "in" / "a.pdf", locked) for word in ("encrypted", "damaged"))


def test_a_file_over_the_size_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Format("html", (".html",), "html:read_html", bytes=100)
    monkeypatch.setitem(FORMATS, "html", small)
    (tmp_path / "in").mkdir()
    assert "longer than" in reason(tmp_path / "in" / "a.html", fixture(f"html/{NAME}.html"))


def blob(name: str) -> Source:
    return Source(name, io.BufferedReader(io.BytesIO(b"")))


def test_a_reader_that_hangs_is_ended_and_the_next_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_START", apart._START.replace("; serve()", HANG))
    with Reader() as reader:
        slow = Format("html", (".html",), "html:read_html", seconds=2)
        started = time.monotonic()
        (problem,) = reader.read(slow, blob("slow.html"), b"<p>hang</p>")
        assert time.monotonic() - started < 10
        assert str(problem) == "slow.html: reading it takes longer than 2 seconds, the limit"
        (problem,) = reader.read(FORMATS["html"], blob("crash.html"), b"<p>crash</p>")
        assert str(problem) == "crash.html: its reader crashed on it (SIGSEGV)"
        (problem,) = reader.read(FORMATS["html"], blob("memory.html"), b"<p>memory</p>")
        assert "memory" in str(problem)
        (document,) = reader.read(FORMATS["html"], blob("good.html"), fixture(f"html/{NAME}.html"))
        assert isinstance(document, Document)


def test_a_pdf_on_which_qalam_crashes_is_read_by_pdfium(monkeypatch: pytest.MonkeyPatch) -> None:
    start = apart._START.removesuffix("; serve()")
    crash = "; import os, pipeline.ingest.pdf_text as t; t._EXTRACTORS['qalam'] = lambda path: os.abort(); serve()"
    monkeypatch.setattr(apart, "_START", start + crash)
    with Reader() as reader:
        (document,) = reader.read(FORMATS["pdf"], blob("a.pdf"), fixture(f"pdf-weasyprint/{NAME}.pdf"))
    assert isinstance(document, Document)
    assert document.reading is not None
    assert document.reading.version.startswith("pypdfium2 ")
    assert "عرض قدمه مدير السكن حول 3.400 وحدة" in document.raw


def test_a_pdf_on_which_both_readers_crash_is_named_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    start = apart._START.removesuffix("; serve()")
    crash = "; import os, pipeline.ingest.pdf as p; real = p.open_pdf; p.open_pdf = lambda d: os.abort() if b'%%crash' in d else real(d); serve()"
    monkeypatch.setattr(apart, "_START", start + crash)
    good = fixture(f"pdf-weasyprint/{NAME}.pdf")
    with Reader() as reader:
        (problem,) = reader.read(FORMATS["pdf"], blob("crash.pdf"), good + b"%%crash")
        (document,) = reader.read(FORMATS["pdf"], blob("good.pdf"), good)
    assert str(problem) == "crash.pdf: its reader crashed on it (SIGABRT)"
    assert isinstance(document, Document)


HANG = (
    "; import pipeline.ingest.html as h, os, signal, time; real = h.decode_page; "
    "h.decode_page = lambda d, c=None: time.sleep(60) if b'>hang' in d else os.kill(os.getpid(), signal.SIGSEGV) if b'>crash' in d "
    "else ' ' * 2**40 if b'>memory' in d else real(d, c); serve()"
)
"""The reader of pages, made to hang, crash or eat memory on certain words."""


def test_a_document_cannot_make_its_reader_reach_out(monkeypatch: pytest.MonkeyPatch) -> None:
    reach = "; import pipeline.ingest.html as h, socket, subprocess; h.decode_page = lambda d, c=None: {}; serve()"
    start = apart._START.removesuffix("; serve()")
    for call in (
        "socket.create_connection(('127.0.0.1', 9))",
        "subprocess.run(['true'])",
        "__import__('os').system('true')",
    ):
        monkeypatch.setattr(apart, "_START", start + reach.replace("{}", call))
        with Reader() as reader:
            (problem,) = reader.read(FORMATS["html"], blob("a.html"), b"<p>x</p>")
        assert isinstance(problem, Problem)
        assert "which is not allowed" in problem.reason
