"""Every operation of the OpenAPI schema, with whatever schemathesis thinks of: nothing is answered with a fault of ours."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings

from pipeline.store.sqlite import FILE_NAME, Store
from pipeline.web.app import create_app
from pipeline.web.guard import COOKIE, CSRF_FIELD, Session
from pipeline.web.settings import Settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: pip install '.[dev]'")


@pytest.fixture(scope="module")
def app(made: Path, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder = tmp_path_factory.mktemp("openapi")
    return create_app(Settings(Path(shutil.copy(made / FILE_NAME, folder / FILE_NAME)), author="نورة"))


@pytest.fixture(scope="module")
def schema(app: FastAPI) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", app, headers={"host": "localhost"})


OPERATIONS = [
    (method, path)
    for path, methods in create_app(Settings(Path("nowhere"))).openapi()["paths"].items()
    for method in methods
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_fault_of_ours(schema: Any, app: FastAPI, method: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.web.pages.session._WAIT", 0.0)
    site = app.state.site
    session = Session("schemathesis", knows_password=False)
    value = site.sessions.cookie(session).partition("=")[2].partition(";")[0]
    headers = {"host": "localhost", "cookie": f"{COOKIE}={value}"}

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(schema[path][method].as_strategy())
    def ask(case: Any) -> None:
        if isinstance(case.body, dict) and CSRF_FIELD in case.body:
            case.body[CSRF_FIELD] = site.sessions.token(session)
            if not case.body.get("document"):
                case.body["document"] = "b-7"
        response = case.call(headers=headers)
        assert response.status_code < 500, (case.formatted_path, response.status_code, response.text[-2000:])
        assert response.status_code != 421

    ask()


def test_the_store_is_whole_afterwards(app: FastAPI) -> None:
    with Store(app.state.site.settings.store) as store:
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_page_is_described(app: FastAPI) -> None:
    described = app.openapi()["paths"]
    routes = {getattr(route, "path", "") for route in app.routes} - {"/openapi.json", "/static", ""}
    assert {path for path in routes if not path.startswith("/static")} <= set(described)
