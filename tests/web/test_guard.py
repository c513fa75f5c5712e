"""What stands before every page: hosts, origins, tokens, sizes, the password, and what a browser may do."""

from __future__ import annotations

import base64
import sqlite3
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipeline.errors import TaalimatError
from pipeline.store.sqlite import FILE_NAME
from pipeline.web.database import Database
from pipeline.web.settings import MAX_BODY, MAX_PASTE, settings_for
from tests.web.conftest import Serve, token

PASSWORD = "كلمة سر طويلة"


def test_no_script_or_style_may_stand_in_the_page(client: TestClient) -> None:
    for path in ("/", "/charts", "/analyse", "/nothing", "/static/page.css"):
        policy = client.get(path).headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy


def test_the_pages_hold_nothing_that_the_policy_forbids(client: TestClient) -> None:
    for path in ("/", "/charts", "/analyse", "/about", "/documents"):
        text = client.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count('<script src="/static/')
        assert "//" not in text.replace("http://www.w3.org", "").partition("<body>")[0].replace("<!doctype", "")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "", "[::2]"])
def test_a_foreign_name_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_the_names_of_this_machine_are_served(client: TestClient, host: str) -> None:
    assert client.get("/about", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/analyse", "/correct", "/saved", "/saved/delete", "/login", "/logout"])
def test_no_form_is_taken_without_its_token(client: TestClient, path: str) -> None:
    own = token(client)
    client.cookies.clear()
    stranger = token(client)
    assert own != stranger
    for given in ({}, {"csrf": ""}, {"csrf": own}, {"csrf": "ا"}):
        assert client.post(path, data={"text": "نص", **given}).status_code == 403


def test_another_site_cannot_send_a_form(client: TestClient) -> None:
    data = {"csrf": token(client), "text": "أمر الوالي بفتح الطريق."}
    assert client.post("/analyse", data=data, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post("/analyse", data=data, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/analyse", data=data, headers={"origin": "http://localhost"}).status_code == 200


def test_a_session_that_was_tampered_with_is_none(client: TestClient) -> None:
    client.get("/analyse")
    value = client.cookies["taalimat_session"]
    name, until, _, signature = value.split(".")
    client.cookies.clear()
    answer = client.get("/analyse", headers={"cookie": f"taalimat_session={name}.{until}.1.{signature}"})
    assert "set-cookie" in answer.headers


def test_a_first_visit_with_a_language_begins_a_session(client: TestClient) -> None:
    client.get("/analyse?lang=fr")
    assert {"taalimat_session", "taalimat_lang"} <= set(client.cookies)


def test_long_requests_are_refused(client: TestClient) -> None:
    own = token(client)
    long = {"csrf": own, "text": "ا" * (MAX_PASTE + 1)}
    assert client.post("/analyse", data=long).status_code == 422
    assert client.post("/analyse", content=b"x" * (MAX_BODY + 1)).status_code == 413

    def chunks():  # type: ignore[no-untyped-def]
        for _ in range(MAX_BODY // 1000 + 2):
            yield b"x" * 1000

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/analyse", content=chunks(), headers=headers).status_code in (400, 413)
    assert client.post("/api/analyse", json={"text": "ا" * (MAX_PASTE + 1)}).status_code == 422


def test_reading_cannot_write(made: Path) -> None:
    database = Database(made / FILE_NAME)
    with database.reading() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM directives")
    database.close()


def test_beyond_this_machine_a_password_is_needed(tmp_path: Path) -> None:
    with pytest.raises(TaalimatError, match="needs a password"):
        settings_for(tmp_path, "0.0.0.0")
    with pytest.raises(TaalimatError, match="needs 8 or more"):
        settings_for(tmp_path, "0.0.0.0", "short")
    with pytest.raises(TaalimatError, match="needs a password"):
        settings_for(tmp_path, "newsroom.example")
    made = settings_for(tmp_path, "192.0.2.7", "long enough", ["Page.example"])
    assert {"192.0.2.7", "page.example", "localhost"} <= made.names
    assert settings_for(tmp_path, "127.0.0.1").password is None


def test_the_password_opens_the_page(serve: Serve, made: Path) -> None:
    client = serve(made / FILE_NAME, password=PASSWORD)
    assert client.get("/").status_code == 401
    sent = client.get("/?q=a", headers={"accept": "text/html"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=%2F%3Fq%3Da")
    assert client.get("/api/search").status_code == 401
    assert client.get("/static/page.css").status_code == 200
    own = token(client, "/login")
    wrong = client.post("/login", data={"csrf": own, "password": "wrong"})
    assert wrong.status_code == 403
    assert client.get("/").status_code == 401
    right = client.post("/login", data={"csrf": own, "password": PASSWORD, "next": "/?q=a"})
    assert (right.status_code, right.headers["location"]) == (303, "/?q=a")
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    client.post("/logout", data={"csrf": token(client)})
    assert client.get("/").status_code == 401


def test_feed_readers_send_the_password(serve: Serve, made: Path) -> None:
    client = serve(made / FILE_NAME, password=PASSWORD)
    for given, status in ((PASSWORD, 200), ("wrong", 401)):
        value = base64.b64encode(f"any:{given}".encode()).decode()
        assert client.get("/feed", headers={"authorization": f"Basic {value}"}).status_code == status
    assert client.get("/feed", headers={"authorization": "Basic ###"}).status_code == 401


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_login_leads_nowhere_else(serve: Serve, made: Path, target: str) -> None:
    client = serve(made / FILE_NAME, password=PASSWORD)
    data = {"csrf": token(client, "/login"), "password": PASSWORD, "next": target}
    assert client.post("/login", data=data).headers["location"] == "/"
