"""Entering with the password, leaving, and what the page is."""

from __future__ import annotations

import threading
import time

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.web.database import many, one
from pipeline.web.guard import Session, Sessions
from pipeline.web.site import Posted, TheSite, first, form

router = APIRouter()

_WAIT = 0.7
"""Seconds that a wrong password takes; one is tried at a time."""

_one_at_a_time = threading.Lock()


@router.get("/login", response_class=HTMLResponse, summary="The form for the password")
def login_page(request: Request, site: TheSite, next: str = "/") -> HTMLResponse:
    """Asks for the password of ``taalimat serve``."""
    return site.html(request, "login.html", target=next, is_wrong=False)


@router.post("/login", response_class=HTMLResponse, summary="Enter", openapi_extra=form("password", "next"))
async def login(request: Request, site: TheSite, fields: Posted) -> Response:
    """Enter with ``password`` and go on to ``next``, an address on this page."""
    target = first(fields, "next", "/")
    if not await run_in_threadpool(_is_right, site.sessions, first(fields, "password")):
        return site.html(request, "login.html", 403, target=target, is_wrong=True)
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        target = "/"
    return _go(site.sessions, Session(_fresh_id(), knows_password=True), target)


def _is_right(sessions: Sessions, given: str) -> bool:
    with _one_at_a_time:
        if sessions.is_password(given):
            return True
        time.sleep(_WAIT)
        return False


def _fresh_id() -> str:
    import secrets

    return secrets.token_urlsafe(18)


def _go(sessions: Sessions, session: Session, target: str) -> Response:
    response = RedirectResponse(target, 303)
    response.headers.append("set-cookie", sessions.cookie(session))
    return response


@router.post("/logout", summary="Leave", response_class=RedirectResponse, openapi_extra=form())
async def logout(request: Request, site: TheSite, fields: Posted) -> Response:
    """End the session."""
    return _go(site.sessions, Session(_fresh_id(), knows_password=False), "/login")


@router.get("/about", response_class=HTMLResponse, summary="How to read the page")
def about_page(request: Request, site: TheSite) -> HTMLResponse:
    """The roles and their signs, how to search, which code and lexicon made the records."""
    with site.database.reading() as connection:
        runs = many(connection, "SELECT * FROM runs ORDER BY run_id DESC LIMIT 10")
        counts = one(
            connection,
            """SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM directives) AS directives,
              (SELECT count(*) FROM actor_record) AS actors, (SELECT count(*) FROM correction_places) AS corrections""",
        )
    return site.html(request, "about.html", runs=runs, counts=counts)
