"""Corrections and saved searches through the page."""

from __future__ import annotations

import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline.store.sqlite import Store
from tests.web.conftest import REPEATING, token

DOCUMENT = str(REPEATING["id"])
TEXT = str(REPEATING["text"])


@pytest.fixture
def client(writer: TestClient) -> TestClient:
    """Every test here writes."""
    return writer


def rows(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/search", params={"document_id": DOCUMENT, "folded": "0"}).json()[
        "results"
    ]
    return sorted(found, key=lambda row: int(row["start"]))


def send(client: TestClient, verdict: str, **fields: Any) -> Any:
    data = {"csrf": token(client), "document": DOCUMENT, "verdict": verdict, "author": "نورة", **fields}
    return client.post("/correct", data=data)


def form_of(row: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "trigger": row["trigger"],
        "instruction": row["instruction"],
        "force": row["force"],
        "polarity": row["polarity"],
        "issuer": row["issuer_mention"] or "",
        "issuer_name": row["issuer"] or "",
        "addressees": "\r\n".join(row["addressees"]),
        "deadline": row["deadline"] or "",
        "instruction_at": str(row["start"]),
        **changes,
    }


def records(store: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(store) as connection:
        return connection.execute("SELECT * FROM directives ORDER BY 1").fetchall()


def test_accept_reject_and_withdraw(client: TestClient, store: Path) -> None:
    before = records(store)
    first = rows(client)[0]["directive_id"]
    for verdict, words in (("accept", "صحيحة"), ("reject", "مرفوضة")):
        answer = send(client, verdict, id=first, note="انظر السطر الأول")
        assert answer.status_code == 303
        page = client.get(answer.headers["location"]).text
        assert words in page
        assert "نورة" in page
        assert "انظر السطر الأول" in page
        assert rows(client)[0]["verdict"] == verdict
    assert "is-rejected" in client.get("/document", params={"id": DOCUMENT}).text
    listed = client.get("/corrections").text
    assert listed.count("<tr>") == 3
    assert send(client, "withdraw", id=first).status_code == 303
    assert rows(client)[0]["verdict"] is None
    assert records(store) == before


def test_an_edit_is_laid_over_the_record(client: TestClient, store: Path) -> None:
    before = records(store)
    row = rows(client)[0]
    answer = send(
        client,
        "edit",
        id=row["directive_id"],
        **form_of(row, force="urge", instruction="المسبح البلدي", instruction_at=""),
    )
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert '<h1 class="instruction" dir="auto" lang="ar">المسبح البلدي</h1>' in page
    assert "قالت الآلة" in page
    edited = rows(client)[0] if rows(client)[0]["verdict"] else next(r for r in rows(client) if r["verdict"])
    assert (edited["verdict"], edited["force"], edited["instruction"], edited["corrected_by"]) == (
        "edit",
        "urge",
        "المسبح البلدي",
        "نورة",
    )
    exported = [json.loads(line) for line in client.get("/export?format=jsonl&folded=0").text.splitlines()]
    assert [r["instruction"] for r in exported if r["verdict"] == "edit"] == ["المسبح البلدي"]
    assert records(store) == before
    form = client.get("/edit", params={"id": row["directive_id"]}).text
    assert '<option value="urge" selected>' in form


def test_an_edit_is_found_by_the_words_and_values_it_has_now(client: TestClient) -> None:
    def found(**params: str) -> set[str]:
        answer = client.get("/api/search", params={"folded": "0", "near": "0", **params})
        return {row["directive_id"] for row in answer.json()["results"]}

    row = rows(client)[0]
    name, whole = row["directive_id"], row["instruction"]
    assert name in found(q=f'"{whole}"')
    send(client, "edit", id=name, **form_of(row, force="urge", instruction="المسبح البلدي", instruction_at=""))
    assert name not in found(q=f'"{whole}"')
    assert name in found(q='"المسبح البلدي"', force="urge")
    assert name not in found(force=row["force"])
    send(client, "withdraw", id=name)
    assert name in found(q=f'"{whole}"', force=row["force"])


def test_faults_of_a_form_are_shown_beside_the_fields(client: TestClient) -> None:
    row = rows(client)[0]
    answer = send(
        client, "edit", id=row["directive_id"], **form_of(row, instruction="بناء جسر جديد", deadline="غدا", trigger="")
    )
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 3
    assert "بناء جسر جديد" in answer.text
    assert "هذه الكلمات ليست في النص" in answer.text
    assert client.get("/corrections").text.count("<tr>") == 0


def test_a_missing_record_is_added_and_the_statement_exported(client: TestClient) -> None:
    page = client.get("/edit", params={"document": DOCUMENT}).text
    assert 'name="verdict" value="add"' in page
    fields = {
        "trigger": "أمر",
        "instruction": "سلامة الأطفال",
        "force": "order",
        "polarity": "do",
        "issuer": "كمال زروق",
    }
    answer = send(client, "add", **fields)
    assert answer.status_code == 303
    assert "about=" in answer.headers["location"]
    assert "أضافها إنسان" in client.get(answer.headers["location"]).text
    assert "سلامة الأطفال" in client.get("/document", params={"id": DOCUMENT}).text
    assert client.get("/corrections/export").text == ""
    assert send(client, "complete").status_code == 303
    assert "البيان مراجَع كاملا" in client.get("/document", params={"id": DOCUMENT}).text
    (gold,) = [json.loads(line) for line in client.get("/corrections/export").text.splitlines()]
    spans = [span for d in gold["directives"] for span in d["instructions"]]
    assert "سلامة الأطفال" in [span["text"] for span in spans]
    assert all(gold["text"][s["start"] : s["end"]] == s["text"] for s in spans)
    assert gold["unjudged"] == []
    about = re.search(r"about=(\d+)", answer.headers["location"])
    assert about
    assert client.get("/edit", params={"about": about[1]}).status_code == 200
    assert send(client, "withdraw", about=about[1]).status_code == 303
    assert "سلامة الأطفال</a>" not in client.get("/document", params={"id": DOCUMENT}).text


ADDED = {
    "trigger": "أمر",
    "instruction": "سلامة الأطفال",
    "force": "insist",
    "polarity": "do",
    "issuer": "كمال زروق",
    "addressees": "مدير الشباب",
    "deadline": "قبل 15 جوان 2025",
}


def test_what_a_person_added_is_found_and_shown_as_such(client: TestClient) -> None:
    def found(**params: str) -> list[dict[str, Any]]:
        given = {"q": '"سلامة الأطفال"', "near": "0", "document_id": DOCUMENT, "folded": "0", **params}
        results = client.get("/api/search", params=given).json()["results"]
        return [row for row in results if row["verdict"] == "add"]

    assert found() == []
    send(client, "add", **ADDED)
    (row,) = found(force="insist", issuer="كمال زروق", addressee="مدير الشباب", overdue="1")
    name = row["directive_id"]
    assert (row["instruction"], row["corrected_by"], row["due"]) == ("سلامة الأطفال", "نورة", "2025-06-14")
    assert (row["confidence"], row["run_id"], row["code_version"]) == (None, None, None)
    assert row["context"]["text"][row["start"] - row["context"]["start"] :].startswith("سلامة الأطفال")
    assert found(force="urge") == []
    cards = client.get("/", params={"force": "insist", "document_id": DOCUMENT}).text
    assert "أضافها إنسان" in cards
    address = re.search(r'href="(/directive\?id=[^"]+added[^"]+)"', cards)
    assert address
    page = client.get(address[1]).text
    assert "أضافها إنسان" in page
    assert "deadline-overdue" in page
    assert client.get("/edit", params={"id": name}).status_code == 200
    assert client.get("/api/directive", params={"id": name}).json()["verdict"] == "add"
    exported = [json.loads(line) for line in client.get("/export?format=jsonl&force=insist").text.splitlines()]
    assert [r["corrected_by"] for r in exported if r["directive_id"] == name] == ["نورة"]
    for form in ("csv", "xlsx"):
        assert client.get("/export", params={"format": form, "force": "insist"}).status_code == 200
    assert client.get("/feed", params={"force": "insist"}).status_code == 200
    assert client.get("/charts", params={"force": "insist"}).status_code == 200


def test_an_added_record_is_edited_rejected_and_taken_back(client: TestClient) -> None:
    def found(text: str) -> list[str]:
        given = {"q": f'"{text}"', "near": "0", "document_id": DOCUMENT, "folded": "0"}
        rows = client.get("/api/search", params=given).json()["results"]
        return [row["directive_id"] for row in rows if ":added:" in row["directive_id"]]

    send(client, "add", **ADDED)
    (name,) = found("سلامة الأطفال")
    about = name.rpartition(":")[2]
    send(client, "edit", about=about, **(ADDED | {"instruction": "قرب السدود"}))
    assert found("قرب السدود") == [name]
    send(client, "accept", id=rows(client)[0]["directive_id"])
    assert found("قرب السدود") == [name]
    send(client, "reject", id=name)
    assert found("قرب السدود") == []
    assert client.get("/directive", params={"id": name}).status_code == 200
    send(client, "withdraw", about=about)
    assert client.get("/directive", params={"id": name}).status_code == 404
    assert client.get("/api/directive", params={"id": name}).status_code == 404
    assert client.get("/api/directive", params={"id": "b-8:added:1"}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"verdict": "destroy"}, 422),
        ({"author": ""}, 422),
        ({"author": "ا" * 101}, 422),
        ({"note": "ا" * 2001}, 422),
        ({"document": "nowhere"}, 422),
        ({"about": "77", "id": ""}, 422),
        ({"about": "7" * 40, "id": ""}, 422),
        ({"id": "b-7:0:999"}, 422),
    ],
)
def test_what_is_no_decision_is_refused(client: TestClient, fields: dict[str, str], status: int) -> None:
    given = {"verdict": "accept", "id": str(rows(client)[0]["directive_id"]), **fields}
    assert send(client, given.pop("verdict"), **given).status_code == status
    assert "لا تصحيحات بعد" in client.get("/corrections").text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_correction_leads_nowhere_else(client: TestClient, back: str) -> None:
    answer = send(client, "accept", id=rows(client)[0]["directive_id"], back=back)
    assert answer.headers["location"].startswith("/directive?")


def test_the_name_is_remembered(client: TestClient) -> None:
    send(client, "accept", id=rows(client)[0]["directive_id"], author="سميرة بن علي")
    page = client.get("/directive", params={"id": rows(client)[1]["directive_id"]}).text
    assert 'name="author" required maxlength="100" dir="auto" value="سميرة بن علي"' in page


def test_a_correction_moves_with_a_new_version_of_the_text(client: TestClient, store: Path) -> None:
    from pipeline.pipeline import analyze
    from pipeline.store.rows import to_rows

    row = rows(client)[-1]
    send(client, "reject", id=row["directive_id"])
    with Store(store) as opened:
        opened.save(opened.begin_run(["test"]), to_rows(analyze("بلاغ رقم 9\n" + TEXT, id=DOCUMENT)))
    moved = next(r for r in rows(client) if r["verdict"])
    assert moved["instruction"] == row["instruction"]
    assert moved["start"] == row["start"] + len("بلاغ رقم 9\n")
    assert moved["directive_id"] != row["directive_id"]
    assert "انتقلت مع النص" in client.get("/directive", params={"id": moved["directive_id"]}).text


def test_a_saved_search_has_a_feed(client: TestClient, store: Path) -> None:
    own = token(client)
    answer = client.post(
        "/saved",
        data={"csrf": own, "name": "  أوامر   الولاة ", "query": "force=order&q=فتح&nonsense=1", "author": "نورة"},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/saved")
    page = client.get("/saved").text
    assert "أوامر الولاة" in page
    feed = re.search(r'href="(/feed\?id=[\w-]+)"', page)
    assert feed
    sent = client.get(feed[1])
    assert sent.headers["content-type"].startswith("application/atom+xml")
    root = ET.fromstring(sent.content)
    atom = "{http://www.w3.org/2005/Atom}"
    total = client.get("/api/search", params={"force": "order", "q": "فتح", "near": "0"}).json()["total"]
    assert len(root.findall(f"{atom}entry")) == min(50, total) > 0
    assert "أوامر الولاة" in (root.findtext(f"{atom}title") or "")
    assert f'<span class="n">{total}</span>' in page
    name = feed[1].partition("=")[2]
    client.post("/saved/delete", data={"csrf": own, "id": name})
    assert "لا أسئلة محفوظة" in client.get("/saved").text
    assert client.get(feed[1]).status_code == 404


def test_a_search_that_is_none_is_not_saved(client: TestClient) -> None:
    own = token(client)
    assert client.post("/saved", data={"csrf": own, "name": "x", "query": "force=maybe"}).status_code == 422
    assert client.post("/saved", data={"csrf": own, "name": " ", "query": "q=a"}).status_code == 422
    assert "لا أسئلة محفوظة" in client.get("/saved").text
