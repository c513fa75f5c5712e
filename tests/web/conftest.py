"""A store that the tests of the page share: the sample statements, and statements made to do harm."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.store.sqlite import FILE_NAME
from pipeline.web.app import create_app
from pipeline.web.settings import Settings
from tests.conftest import STATEMENT

RAW = Path(__file__).parents[2] / "data" / "raw"

HOSTILE = (
    {
        "id": "../../etc/passwd?x=1&y=<b>",
        "title": '=HYPERLINK("http://example.org";"فوز")',
        "outlet": "@SUM(1+1)*cmd|' /C calc'!A0",
        "published": "2025-05-02",
        "text": "أمر والي الولاية، <script>alert(1)</script> كمال زروق، مدير الشباب بفتح المسبح البلدي <img src=x onerror=alert(2)> قبل 15 جوان 2025.",
    },
    {
        "id": "'; DROP TABLE directives; --",
        "title": '"><svg onload=alert(3)>',
        "published": "2025-05-03",
        "text": "دعا وزير الري \u202eنيمويلا\u202c المواطنين إلى \u2066ترشيد\u2069 استهلاك المياه '\"; DROP TABLE documents; --\u0000\u0007 قبل نهاية السنة.",
    },
    {
        "id": "{{7*7}}${7*7}%s",
        "title": "-2+3+cmd|' /C calc'!A0",
        "text": "=1+1 أمر الوزير بفتح المكاتب. {{7*7}} {% include '/etc/passwd' %}\n+شدد المدير على ضرورة غلق السد.",
    },
)
"""Statements that hold tags, a formula cell, bidi overrides, SQL, paths and template code."""


REPEATING = {"id": "b-7", "title": "المسبح البلدي", "published": "2025-05-02", "text": STATEMENT}
"""A statement that says one instruction in its headline and again."""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with the sample statements and the hostile ones; by rules alone, so that no weights of a model decide what there is."""
    folder = tmp_path_factory.mktemp("page")
    lines = [json.dumps(record, ensure_ascii=False) for record in (*HOSTILE, REPEATING)]
    (folder / "hostile.jsonl").write_text("\n".join(lines), encoding="utf-8")
    words = [
        "run",
        str(RAW),
        str(folder / "hostile.jsonl"),
        "--out",
        str(folder / "out"),
        "--country",
        "dz",
        "--rules-only",
        "--workers",
        "1",
    ]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder / "out"


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """A copy of that store, to be written to."""
    return Path(shutil.copy(made / FILE_NAME, tmp_path / FILE_NAME))


Serve = Callable[..., TestClient]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve a store with some settings: ``serve(path, password="…")``."""
    opened: list[TestClient] = []

    def make(path: Path, **settings: object) -> TestClient:
        page = create_app(Settings(path, **settings))  # type: ignore[arg-type]
        opened.append(TestClient(page, base_url="http://localhost", follow_redirects=False))
        return opened[-1]

    yield make
    for client in opened:
        client.close()


@pytest.fixture(scope="session")
def page(made: Path) -> FastAPI:
    """The page of the shared store, which no test writes to."""
    return create_app(Settings(made / FILE_NAME))


@pytest.fixture
def client(page: FastAPI) -> TestClient:
    """A reader of the shared store."""
    return TestClient(page, base_url="http://localhost", follow_redirects=False)


@pytest.fixture
def writer(serve: Serve, store: Path) -> TestClient:
    """A reader who may write: the store is the test's own."""
    return serve(store, author="نورة")


def token(client: TestClient, page: str = "/analyse") -> str:
    """The token of the forms of a client's session."""
    found = re.search(r'name="csrf" value="(\w+)"', client.get(page).text)
    assert found
    return found[1]
