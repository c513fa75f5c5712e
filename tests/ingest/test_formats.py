"""What a file is: by what it holds, and where that is plain text by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.ingest import Passed, read
from pipeline.ingest.fields import field_names
from pipeline.ingest.formats import UnknownFormatError, choose, guess
from pipeline.ingest.sources import files_of
from pipeline.types import Document

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
NAME = "2025-03-11-wali-setif"


@pytest.mark.parametrize(
    ("name", "head", "format"),
    [
        ("a.txt", "أمر الوالي".encode(), "txt"),
        ("a.txt", b"<!DOCTYPE html><html>", "html"),
        ("a.doc", b"<html><body>", "html"),
        ("a.html", "أمر الوالي بفتح".encode(), "html"),
        ("a", b"\xef\xbb\xbf  <html>", "html"),
        ("a.txt", "<html>".encode("utf-16"), "html"),
        ("a.xml", b'<?xml version="1.0"?><!-- x --><rss version="2.0">', "feed"),
        ("a.html", b'<feed xmlns="http://www.w3.org/2005/Atom">', "feed"),
        ("a.txt", b"%PDF-1.7", "pdf"),
        ("a.zip", b"PK\x03\x04 a.pdf %PDF-1.7", "zip"),
        ("a.pdf", b"\x89PNG\r\n", "scan"),
        ("a.bin", b"\xff\xd8\xff\xe0", "scan"),
        ("a.docx", b"PK\x03\x04", "zip"),
        ("a.md", b"<div>", "md"),
        ("A.JSONL.gz", b'{"text"', "jsonl"),
        ("a.TSV", b"id\ttext", "csv"),
    ],
)
def test_content_goes_before_the_name(name: str, head: bytes, format: str) -> None:
    assert choose(name, head).name == format


def test_input_without_a_name_is_known_by_its_content() -> None:
    assert [guess(head).name for head in (b'{"text": 1}', b"id,text\n", "أمر".encode(), b"<html>", b"%PDF-1")] == [
        "jsonl", "csv", "txt", "html", "pdf",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "head"),
    [("a.mp3", b"ID3"), ("a", "أمر".encode()), ("a.pdf", "أمر".encode()), ("a.doc", b"\xd0\xcf\x11\xe0")],
)
def test_what_is_in_no_format_is_refused(name: str, head: bytes) -> None:
    with pytest.raises(UnknownFormatError):
        choose(name, head)


@pytest.mark.parametrize(
    ("file", "name", "reader"),
    [(f"docx/{NAME}.docx", "a.zip", "docx"), (f"pdf-chromium/{NAME}.pdf", "a.txt", "pdf"), (f"news/{NAME}.html", "a.doc", "html")],
)  # fmt: skip
def test_a_file_under_a_wrong_name_is_read(tmp_path: Path, file: str, name: str, reader: str) -> None:
    (tmp_path / name).write_bytes((FIXTURES / file).read_bytes())
    (document,) = read([str(tmp_path)])
    assert isinstance(document, Document)
    assert document.reading is not None
    assert document.reading.reader == reader


def test_of_a_folder_statements_are_read_and_what_tells_about_it_is_not(tmp_path: Path) -> None:
    for name in ("a.txt", "b.DOCX", "old.doc", "README.md", "LICENSE.txt", "song.mp3", ".hidden.txt", "~$b.docx", "sub/c.csv", "out/documents.csv", "out/taalimat.sqlite"):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "page").write_bytes(b"<!doctype html><p>x")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    passed = Passed()
    assert [str(path.relative_to(tmp_path)) for path in files_of(tmp_path, passed)] == [
        "a.txt",
        "b.DOCX",
        "gone.txt",
        "old.doc",
        "page",
        "sub/c.csv",
    ]
    assert [path.name for path in passed.unknown] == ["song.mp3"]


def test_what_is_passed_over_is_told(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "film.mp4"):
        (tmp_path / name).write_text("أمر الوالي بفتح الطريق.", encoding="utf-8")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    passed = Passed()
    document, problem = read([str(tmp_path)], passed=passed)
    assert isinstance(document, Document)
    assert str(problem) == f"{tmp_path}/gone.txt: cannot be opened: No such file or directory"
    assert (passed.repeated, [path.name for path in passed.unknown]) == (1, ["film.mp4"])


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_columns_may_have_arabic_names(tmp_path: Path, suffix: str) -> None:
    header, row = (
        ["المعرّف", "النص", "تاريخ النشر", "الجهة"],
        ["b-1", "أمر الوالي بفتح الطريق.", "2025-01-02", "الولاية"],
    )
    path = tmp_path / f"a.{suffix}"
    if suffix == "csv":
        path.write_text(f"{';'.join(header)}\n{';'.join(row)}\n", encoding="utf-8-sig")
    else:
        book = Workbook()
        book.active.append(header)
        book.active.append(row)
        book.save(path)
    (document,) = read([str(path)])
    assert isinstance(document, Document)
    assert (document.id, document.raw, str(document.published), document.meta) == (*row[:3], {"الجهة": "الولاية"})


def test_a_column_named_as_the_field_goes_before_its_arabic_name() -> None:
    assert field_names(["النص", "Text"]) == ["النص", "text"]


def test_of_an_archive_what_is_in_no_known_format_is_told_as_of_a_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("film.mp4", "__MACOSX/._a.txt", ".DS_Store"):
            archive.writestr(name, b"\0")
        archive.writestr("a.txt", "أمر الوالي بفتح الطريق.")
        archive.writestr("page", "<!doctype html><p>أمر الوالي بغلق السوق.")
    passed = Passed()
    assert [type(item) for item in read([str(tmp_path)], passed=passed)] == [Document, Document]
    assert passed.unknown == [tmp_path / "a.zip" / "film.mp4"]
