"""The application: pages, guard and the answers to what goes wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import anyio
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from pipeline.errors import TaalimatError
from pipeline.resources import code_version
from pipeline.search.query import QueryError
from pipeline.web.database import Database
from pipeline.web.guard import Guard, Sessions
from pipeline.web.pages import actors, api, charts, documents, exports, paste, records, results, review, saved, session
from pipeline.web.settings import Settings
from pipeline.web.site import Refused, Site, environment

_THREADS = 8
"""Pages made at once: more would only take turns."""

_STATUS_KEYS = {400: "fault_bad", 404: "fault_missing", 405: "fault_method", 413: "fault_large", 422: "fault_bad"}


def create_app(settings: Settings) -> FastAPI:
    """The page of a store, as an ASGI application."""
    database, sessions = Database(settings.store), Sessions(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        yield
        database.close()

    app = FastAPI(
        title="Taalimat",
        version=code_version(),
        summary="Directives in Arabic government statements: search, evidence, corrections.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.site = Site(settings, database, sessions, environment())
    for module in (results, records, documents, actors, charts, exports, paste, review, saved, session, api):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=Path(str(files("pipeline.web") / "static"))), name="static")
    app.add_middleware(Guard, settings=settings, sessions=sessions)
    _answer_faults(app)
    return app


def _answer_faults(app: FastAPI) -> None:
    def answer(request: Request, status: int, key: str, detail: str = "", **values: object) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"detail": detail or key}, status)
        return site(request).html(request, "fault.html", status, key=key, detail=detail, values=values)

    def site(request: Request) -> Site:
        found: Site = request.app.state.site
        return found

    @app.exception_handler(Refused)
    def _refused(request: Request, error: Any) -> Response:
        return answer(request, error.status, error.key, **error.values)

    @app.exception_handler(QueryError)
    def _query(request: Request, error: Any) -> Response:
        return answer(request, 422, "fault_query", "\n".join(error.faults))

    @app.exception_handler(TaalimatError)
    def _taalimat(request: Request, error: Any) -> Response:
        return answer(request, 422, "fault_bad", str(error))

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, error: Any) -> Response:
        told = "\n".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
        return answer(request, 422, "fault_bad", told)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: Any) -> Response:
        response = answer(request, error.status_code, _STATUS_KEYS.get(error.status_code, "fault_bad"))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(sqlite3.OperationalError)
    def _busy(request: Request, error: Any) -> Response:
        if "locked" not in str(error) and "busy" not in str(error):
            raise error
        response = answer(request, 503, "fault_busy")
        response.headers["retry-after"] = "5"
        return response
