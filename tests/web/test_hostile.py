"""Statements made to do harm change nothing: they are shown, exported and fed as the text they are."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from pipeline.store.sqlite import FILE_NAME, Store
from tests.web.conftest import HOSTILE, token

ATTACKS = ("<script>alert", "<img src=x", "<svg onload", "onerror=alert(2)>")


def pages(client: TestClient) -> dict[str, str]:
    """Every page that shows a hostile statement."""
    out = {path: client.get(path).text for path in ("/?q=المسبح", "/?limit=100", "/documents", "/actors", "/charts")}
    for record in HOSTILE:
        out[f"document {record['id']}"] = client.get("/document", params={"id": record["id"]}).text
        out[f"add {record['id']}"] = client.get("/edit", params={"document": record["id"]}).text
    for row in client.get("/api/search?limit=100&folded=0").json()["results"]:
        if row["document_id"] in {record["id"] for record in HOSTILE}:
            for path in ("/directive", "/edit"):
                out[f"{path} {row['directive_id']}"] = client.get(path, params={"id": row["directive_id"]}).text
    pasted = "\n".join(str(record["text"]) for record in HOSTILE).replace("\0", "")
    out["paste"] = client.post("/analyse", data={"csrf": token(client), "text": pasted}).text
    return out


def test_tags_are_text_and_templates_are_not_run(client: TestClient) -> None:
    found = pages(client)
    assert len(found) > 10
    for where, text in found.items():
        assert not any(attack in text for attack in ATTACKS), where
        assert "javascript:" not in text
        assert "root:x:" not in text
    assert "&lt;script&gt;alert(1)" in found[f"document {HOSTILE[0]['id']}"]
    assert "{{7*7}}" in found[f"document {HOSTILE[2]['id']}"]


def test_what_turns_text_round_is_shown(client: TestClient) -> None:
    for where, text in pages(client).items():
        assert not re.search(
            "[\u202a-\u202e\u2066-\u2069\x00-\x08]", re.sub(r"(?s)<(textarea|input)[^>]*>[^<]*", "", text)
        ), where
    assert 'data-length="1">U+202E</bdi>' in client.get("/document", params={"id": HOSTILE[1]["id"]}).text


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE directives; --", '" OR 1=1', "NEAR(", "*", "^", "a:b", "{", "\\", "\0", "ا" * 999, "((((((", "NOT", '"', "%", "_", "--", "\u202e", "😀"],
)  # fmt: skip
def test_no_search_text_breaks_the_page(client: TestClient, made: Path, text: str) -> None:
    for path in ("/", "/charts", "/feed", "/api/search", "/export", "/actors", "/documents"):
        name = {"/actors": "name", "/documents": "title"}.get(path, "q")
        assert client.get(path, params={name: text[:190] if name != "q" else text}).status_code in (200, 422), (
            path,
            text,
        )
    with Store(made / FILE_NAME) as opened:
        assert opened.connection.execute("SELECT count(*) > 20 FROM directives").fetchone() == (1,)


@pytest.mark.parametrize(
    "path",
    ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2f..%2fpyproject.toml", "/static//etc/passwd"],
)
def test_paths_stay_in_their_folder(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def table(client: TestClient) -> list[list[str]]:
    answer = client.get("/export", params={"format": "csv", "folded": "0"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_no_cell_of_a_csv_is_a_formula(client: TestClient) -> None:
    header, *rows = table(client)
    assert len(rows) == client.get("/api/search?limit=0&folded=0").json()["total"]
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell)]
    titles = {row[header.index("title")] for row in rows}
    assert "'" + str(HOSTILE[0]["title"]) in titles
    assert "'" + str(HOSTILE[2]["title"]) in titles


def test_no_cell_of_a_sheet_is_a_formula(client: TestClient) -> None:
    answer = client.get("/export", params={"format": "xlsx", "folded": "0"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    values = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert str(HOSTILE[0]["title"]) in values
    header, *rows = table(client)
    assert (sheet.max_row, sheet.max_column) == (1 + len(rows), len(header))


def test_json_lines_hold_the_very_text(client: TestClient) -> None:
    answer = client.get("/export", params={"format": "jsonl"})
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert {row["title"] for row in rows} >= {HOSTILE[0]["title"], HOSTILE[2]["title"]}
    assert all(row["sentence"] for row in rows)


def test_a_feed_is_well_formed(client: TestClient) -> None:
    root = ET.fromstring(client.get("/feed", params={"q": ""}).content)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom}entry")
    assert len(entries) == 50 or len(entries) == client.get("/api/search?limit=0").json()["total"]
    for entry in entries:
        for name in ("title", "id", "updated", "author"):
            assert entry.find(f"{atom}{name}") is not None, name
        assert re.fullmatch(r"urn:taalimat:directive:[\w.%~-]+", entry.findtext(f"{atom}id") or "")
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries)
