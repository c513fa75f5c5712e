"""What every page shares: the store, the sessions, the templates with their words, and the helpers that templates call."""

from __future__ import annotations

import datetime
import getpass
import html
import secrets
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any
from urllib.parse import parse_qs, quote, urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.resources import code_version, lexicon_version
from pipeline.types import Force, Polarity
from pipeline.web.database import Database
from pipeline.web.guard import CSRF_FIELD, Sessions
from pipeline.web.i18n import LANGUAGES, Words, words
from pipeline.web.marks import ROLES, plain, visible
from pipeline.web.notes import reason
from pipeline.web.settings import MAX_PASTE, Settings

LANGUAGE_COOKIE = "taalimat_lang"
AUTHOR_COOKIE = "taalimat_author"
_YEAR = 365 * 86_400


class Kept:
    """The latest pages by what they depend on: readers ask for the first page, go back, and open what others opened.

    Pages of more than LONGEST characters are made anew each time.
    """

    LONGEST = 500_000

    def __init__(self, most: int = 256) -> None:
        self._pages: OrderedDict[Hashable, str] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> str | None:
        """The page that is kept, or None."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def keep(self, key: Hashable, page: str) -> str:
        """Keep a page in place of the oldest; the page."""
        if len(page) > self.LONGEST:
            return page
        with self._lock:
            self._pages[key] = page
            if len(self._pages) > self._most:
                self._pages.popitem(last=False)
        return page


@dataclass(slots=True)
class Site:
    """The state of a served page."""

    settings: Settings
    database: Database
    sessions: Sessions
    templates: Environment
    kept: Kept = field(default_factory=Kept)
    blanks: tuple[str, str] = field(default_factory=lambda: (secrets.token_hex(16), secrets.token_hex(16)))
    """What stands for the token and the name of a reader in pages that are kept; nobody can guess it."""

    def html(self, request: Request, template: str, /, status: int = 200, **values: Any) -> HTMLResponse:
        """A page from a template, in the language of the request."""
        token, author = self._own(request)
        return self._answer(request, self._render(request, template, token, author, values), status)

    def page(
        self, request: Request, template: str, make: Callable[[sqlite3.Connection, Words], dict[str, Any]]
    ) -> HTMLResponse:
        """A page that depends on its address, the language, the day and the store alone: kept until something is written to the store.

        ``make`` gives the values of the template from a read-only connection.
        """
        with self.database.reading() as connection:
            (stamp,) = connection.execute("SELECT transactions FROM stamp").fetchone()
            language = language_of(request)
            key = (template, request.url.path, request.url.query, language, datetime.date.today(), stamp)
            text = self.kept.get(key)
            if text is None:
                values = make(connection, words(language))
                text = self.kept.keep(key, self._render(request, template, *self.blanks, values))
        for blank, own in zip(self.blanks, self._own(request), strict=True):
            text = text.replace(blank, html.escape(own))
        return self._answer(request, text, 200)

    def _own(self, request: Request) -> tuple[str, str]:
        return self.sessions.token(request.state.session), author_of(request, self.settings)

    def _render(self, request: Request, template: str, token: str, author: str, values: dict[str, Any]) -> str:
        context = {
            "t": words(language_of(request)),
            "request": request,
            "here": Here(request),
            "csrf": token,
            "author": author,
            "has_password": bool(self.settings.password),
            "is_known": request.state.session.knows_password or not self.settings.password,
        }
        return self.templates.get_template(template).render(context | values)

    def _answer(self, request: Request, text: str, status: int) -> HTMLResponse:
        response = HTMLResponse(text, status)
        language = language_of(request)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, samesite="lax", httponly=True)
        response.headers["content-language"] = language
        return response


class Here:
    """The address of the page that is shown."""

    def __init__(self, request: Request) -> None:
        self.path = request.url.path
        self.pairs = list(request.query_params.multi_items())

    def in_language(self, code: str) -> str:
        """This page in another language."""
        pairs = [] if self.path == "/login" else [(k, v) for k, v in self.pairs if k != "lang"]
        return f"{quote(self.path)}?{urlencode([*pairs, ('lang', code)])}"


def link(path: str, pairs: Iterable[tuple[str, str]] = (), /, **values: object) -> str:
    """An address on this page: ``link("/directive", id="b-1:3:9")``. Values that are None are left out."""
    listed = [*pairs, *((name, str(value)) for name, value in values.items() if value is not None)]
    return f"{path}?{urlencode(listed)}" if listed else path


@cache
def environment() -> Environment:
    """The templates, all escaping, with the helpers they call. An undefined name is an error."""
    env = Environment(
        loader=PackageLoader("pipeline.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["visible"] = lambda text: visible(str(text or ""))
    env.filters["plain"] = lambda text: plain(str(text or ""))
    env.filters["number"] = lambda value: f"{value:,}".replace(",", "\u202f")
    env.filters["percent"] = lambda value: f"{100 * float(value):.0f}\u202f%"
    env.globals.update(
        link=link,
        languages=LANGUAGES,
        roles=ROLES,
        forces=[force.value for force in Force],
        polarities=[polarity.value for polarity in Polarity],
        code_version=code_version(),
        lexicon_version=lexicon_version(),
        max_paste=MAX_PASTE,
        reason=reason,
        bdi=lambda text: Markup(f"<bdi>{visible(str(text or ''))}</bdi>"),
    )
    return env


def language_of(request: Request) -> str:
    """The language asked for in the address, else the one chosen before, else Arabic."""
    for code in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if code in LANGUAGES:
            return str(code)
    return next(iter(LANGUAGES))


def author_of(request: Request, settings: Settings) -> str:
    """The name that corrections of this reader bear."""
    given = request.cookies.get(AUTHOR_COOKIE, "")
    name = parse_qs(f"v={given}").get("v", [""])[0]
    return name or settings.author


def remember_author(response: HTMLResponse | Any, name: str) -> None:
    """Keep the name of a reader for later corrections."""
    response.set_cookie(AUTHOR_COOKIE, quote(name), max_age=_YEAR, samesite="lax", httponly=True)


def system_author() -> str:
    """The name of who is logged in on this machine; empty where it cannot be known."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def site_of(request: Request) -> Site:
    """The site that serves a request."""
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(site_of)]


class Refused(Exception):
    """A request that is not answered as asked; the page of faults says why, in the reader's language: ``key`` of the words."""

    def __init__(self, status: int, key: str, **values: object) -> None:
        super().__init__(key)
        self.status, self.key, self.values = status, key, values


async def posted(request: Request, site: TheSite) -> dict[str, list[str]]:
    """The fields of a form that carries the token of the session. Raises :class:`Refused` for any other."""
    form = await request.form(max_files=0, max_fields=200)
    fields: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
    if not site.sessions.is_token(request.state.session, fields.get(CSRF_FIELD, [""])[0]):
        raise Refused(403, "fault_csrf")
    return fields


Posted = Annotated[dict[str, list[str]], Depends(posted)]


def form(*names: str, **choices: list[str]) -> dict[str, Any]:
    """The OpenAPI description of a form with some fields of text, and others with the values to choose from."""
    fields: dict[str, Any] = {name: {"type": "string"} for name in (CSRF_FIELD, *names)}
    fields |= {name: {"type": "string", "enum": values} for name, values in choices.items()}
    schema = {"type": "object", "properties": fields, "required": [CSRF_FIELD]}
    return {"requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}}


def first(fields: dict[str, list[str]], name: str, default: str = "") -> str:
    """The first value of a field of a form."""
    return next(iter(fields.get(name, ())), default)
