"""Readers: formats, encodings and dates; and that bad input is named and stops nothing else."""

from __future__ import annotations

import datetime
import gzip
import json
import lzma
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import ids
from pipeline.errors import Problem
from pipeline.ingest import read
from pipeline.ingest.decode import DecodeError, decode
from pipeline.ingest.fields import MAX_CHARACTERS, parse_date
from pipeline.ingest.formats import SUFFIXES
from pipeline.ingest.source import MAX_LINE
from pipeline.types import Document

TEXT = "شدد والي الولاية على ضرورة فتح الطريق أمام الشاحنات، وأمر بتزويد القرى بالماء."


def documents(*paths: Path | str, published: datetime.date | None = None) -> list[Document]:
    return [item for item in read(map(str, paths), published) if isinstance(item, Document)]


def problems(*paths: Path | str) -> list[Problem]:
    return [item for item in read(map(str, paths)) if isinstance(item, Problem)]


def write(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def line(**record: object) -> str:
    return json.dumps({"text": TEXT, **record}, ensure_ascii=False) + "\n"


# --- formats


def test_a_text_file_is_a_document_and_its_id_a_hash_of_the_text(tmp_path: Path) -> None:
    (document,) = documents(write(tmp_path / "a.txt", TEXT))
    assert (document.raw, document.id, document.published) == (TEXT, ids.document_id(TEXT), None)


def test_line_ends_and_marks_of_the_text_stay_as_they_are(tmp_path: Path) -> None:
    text = "أَمَرَ الوالي\u200f\r\nبفتـــح الطريق.\r\n"
    (document,) = documents(write(tmp_path / "a.txt", text))
    assert document.raw == text


def test_json_lines_keep_id_title_and_other_plain_fields(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", line(id=7, title="خبر", published="2025-01-07", source="جريدة", url="u", tags=["x"])
    )
    (document,) = documents(path)
    assert (document.id, document.title, document.outlet, dict(document.meta)) == ("7", "خبر", "جريدة", {"url": "u"})
    assert (document.published, document.published_source) == (datetime.date(2025, 1, 7), "column")
    assert document.source == f"{path}:1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_may_be_parted_by_commas_semicolons_or_tabs(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "Text", "published"], ["1", f'"{TEXT}\nسطر ثان"', "2025-01-07"], [], ["2", f'"{TEXT}"', ""]]
    data = "\n".join(delimiter.join(row) for row in rows)
    first, second = documents(write(tmp_path / "a.csv", b"\xef\xbb\xbf" + data.encode()))
    assert (first.id, first.raw, first.published) == ("1", f"{TEXT}\nسطر ثان", datetime.date(2025, 1, 7))
    assert (second.id, second.raw, second.published) == ("2", TEXT, None)


def test_compressed_files_are_read(tmp_path: Path) -> None:
    xz = write(tmp_path / "a.jsonl.xz", lzma.compress(line(id="x").encode()))
    gz = write(tmp_path / "b.txt.gz", gzip.compress(TEXT.encode()))
    assert [d.id for d in documents(xz, gz)] == ["x", ids.document_id(TEXT)]


def test_a_folder_is_read_whole_in_order_of_names(tmp_path: Path) -> None:
    write(tmp_path / "b" / "z.txt", TEXT + "1")
    write(tmp_path / "a.txt", TEXT + "2")
    write(tmp_path / ".hidden" / "x.txt", TEXT + "3")
    write(tmp_path / "README.md", "not read")
    write(tmp_path / "song.mp3", "not read")
    assert [Path(d.source or "").name for d in documents(tmp_path)] == ["a.txt", "z.txt"]


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "iso8859-6"])
def test_encodings_of_arabic_are_recognised(tmp_path: Path, encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT
    (document,) = documents(write(tmp_path / "a.csv", f"id,text\n1,{TEXT}\n".encode(encoding)))
    assert document.raw == TEXT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (TEXT.encode()[:40] + b"\xff" + TEXT.encode()[40:], "not valid utf-8: byte 40"),
        ("Le préfet a décidé l'ouverture à Sétif. ".encode("cp1252") * 9, "the encoding is not UTF-8"),
        (bytes(range(256)) * 8, "binary data"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF file"),
        (b"PK\x03\x04\x14\x00\x06\x00", "a ZIP or Office file"),
    ],
)
def test_what_is_no_arabic_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        decode(data)


@given(st.binary(max_size=400))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except DecodeError:
        return
    assert isinstance(text, str)


# --- publication dates


def test_the_date_of_a_column_goes_before_the_option_and_this_before_the_file_name(tmp_path: Path) -> None:
    path = write(tmp_path / "2025-03-02_bulletin.jsonl", line(id="a", published="2025-01-07") + line(id="b"))
    day = datetime.date(2025, 5, 5)
    assert [(d.published, d.published_source) for d in documents(path, published=day)] == [
        (datetime.date(2025, 1, 7), "column"),
        (day, "option"),
    ]
    assert [d.published_source for d in documents(path)] == ["column", "file name"]


@pytest.mark.parametrize(
    ("value", "day"),
    [("2025-01-07", (2025, 1, 7)), ("2025-01-07T10:30:00+01:00", (2025, 1, 7)), ("27/05/2017", (2017, 5, 27)), (" 7/1/2025 ", (2025, 1, 7))],
)  # fmt: skip
def test_dates_are_iso_or_day_first(value: str, day: tuple[int, int, int]) -> None:
    assert parse_date(value) == datetime.date(*day)


@pytest.mark.parametrize(
    "value", ["2025-13-01", "2025-02-30", "31/06/2025", "05/27/2017", "7-1-2025", "25/1/7", "أمس", "2025"]
)
def test_a_date_that_is_none_is_reported_and_never_guessed(tmp_path: Path, value: str) -> None:
    path = write(tmp_path / "a.jsonl", line(id="a", published=value))
    problem, document = read([str(path)])
    assert isinstance(problem, Problem)
    assert isinstance(document, Document)
    assert value in problem.reason
    assert (problem.lost, problem.line, document.published) == (False, 1, None)


def test_an_impossible_date_in_a_file_name_is_reported(tmp_path: Path) -> None:
    problem, document = read([str(write(tmp_path / "2025-02-31_x.txt", TEXT))])
    assert isinstance(problem, Problem)
    assert isinstance(document, Document)
    assert "2025-02-31" in problem.reason
    assert document.published is None


# --- bad input: named, and the rest goes on


def test_each_broken_line_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    bad = {
        2: b'{"id": "x", "text": "',
        3: b"[1, 2]",
        4: b'{"id": "no-text"}',
        5: b'{"id": "number", "text": 5}',
        6: b'{"id": "half", "text": "\\ud83d"}',
        7: b'{"id": "blank", "text": " \\n"}',
        8: b'{"id": "bytes", "text": "\xff\xfe"}',
        9: b"[" * 100_000,
    }
    lines = [line(id="first").encode().strip(), *bad.values(), line(id="last").encode().strip()]
    path = write(tmp_path / "a.jsonl", b"\n".join(lines))
    assert [d.id for d in documents(path)] == ["first", "last"]
    found = problems(path)
    assert [problem.line for problem in found] == list(bad)
    assert [problem.document_id for problem in found] == [None, None, "no-text", "number", "half", "blank", None, None]
    assert all(str(path) in str(problem) for problem in found)
    assert "lone surrogate U+D83D at offset 0" in found[4].reason


def test_a_line_of_50_megabytes_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    long = b'{"id": "long", "text": "' + b"x" * 50_000_000 + b'"}\n'
    path = write(tmp_path / "a.jsonl", line(id="a").encode() + long + line(id="b").encode())
    assert [d.id for d in documents(path)] == ["a", "b"]
    (problem,) = problems(path)
    assert (problem.line, f"longer than {MAX_LINE // 2**20} MB" in problem.reason) == (2, True)


def test_a_text_over_the_limit_of_a_document_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(write(tmp_path / "a.txt", "ش " * (MAX_CHARACTERS // 2 + 1)))
    assert f"the limit is {MAX_CHARACTERS:,}" in problem.reason
    (problem,) = problems(write(tmp_path / "b.txt", b"x" * (4 * MAX_CHARACTERS + 1)))
    assert "longer than 20 MB" in problem.reason


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "the text is empty"),
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"id,body\n1,x\n", "no column 'text' or 'النص' in the header (columns: id, body)"),
        ("a.docx", b"PK", "it is named .docx but is no such file"),
        ("a.mp4", b"x", "the format .mp4 is not known; known are .txt, .jsonl"),
        ("README", b"x", "the format of a file without suffix is not known"),
        ("a.jsonl.xz", b"hello", "cannot be read"),
        ("a.jsonl.gz", gzip.compress(line(id="x").encode() * 99)[:-30], "cannot be read"),
        ("a.jsonl", bytes(range(256)) * 8, "binary data"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = write(tmp_path / name, data)
    problem = problems(path)[-1]
    assert problem.source == str(path)
    assert reason in problem.reason


def test_missing_files_and_empty_folders_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert [problem.reason for problem in problems(tmp_path / "none.txt", tmp_path / "empty")] == [
        "there is no such file or folder",
        f"no file in this folder that can be read ({', '.join(SUFFIXES)})",
    ]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom file permissions bind")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", TEXT)
    path.chmod(0)
    (problem,) = problems(path)
    assert "Permission denied" in problem.reason


def test_broken_rows_of_a_table_are_named_by_the_line_they_start_on(tmp_path: Path) -> None:
    data = f'id,text\n1,"{TEXT}\nسطر"\n2,{TEXT},x,y\n3,"{TEXT}" bad\n4,\n5,{TEXT}\n6,"{TEXT}'
    path = write(tmp_path / "a.csv", data)
    assert [d.id for d in documents(path)] == ["1", "5"]
    found = problems(path)
    assert [problem.line for problem in found] == [4, 5, 6, 8]
    assert [problem.reason.split(":")[0] for problem in found] == [
        "the row has 4 fields, the header 2",
        "broken row",
        "the text is empty",
        "broken row",
    ]


def test_an_id_that_comes_twice_is_read_once_and_another_text_is_reported(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", line(id="a") + line(id="a") + line(id="a", text="نص آخر"))
    assert [d.raw for d in documents(path, path)] == [TEXT]
    assert [problem.reason for problem in problems(path)] == [
        "the id 'a' came before with another text; give each document one of its own"
    ]
