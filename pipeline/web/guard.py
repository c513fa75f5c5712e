"""What stands before every page: whose name was asked for, how much is sent, who asks, and what a browser may do with the answer."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.settings import MAX_BODY, Settings

COOKIE = "taalimat_session"
CSRF_FIELD = "csrf"

_DAYS = 30
_OPEN = ("/login", "/static/", "/favicon.ico")
"""Paths that need no password."""

_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True, slots=True)
class Session:
    """Who asks: a random id, and whether the password was given. ``is_new`` where the browser has no cookie of it yet."""

    id: str
    knows_password: bool
    is_new: bool = False


class Sessions:
    """Sessions as signed cookies, and the tokens that prove that a form came from this page."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._password = _derived(settings.password, settings.secret) if settings.password else b""

    def _sign(self, *parts: str) -> str:
        return hmac.new(self.settings.secret, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()

    def read(self, headers: Headers) -> Session:
        """The session of a request, or a new one."""
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            cookies = SimpleCookie()
        value = cookies[COOKIE].value if COOKIE in cookies else ""
        name, _, rest = value.partition(".")
        until, _, rest = rest.partition(".")
        level, _, signature = rest.partition(".")
        genuine = hmac.compare_digest(self._sign("session", name, until, level).encode(), signature.encode())
        if genuine and until.isdigit() and int(until) > time.time():
            return Session(name, level == "1" or self._has_basic(headers))
        return Session(secrets.token_urlsafe(18), self._has_basic(headers), is_new=True)

    def _has_basic(self, headers: Headers) -> bool:
        """Readers of feeds send the password with each request."""
        kind, _, value = headers.get("authorization", "").partition(" ")
        if not self._password or kind.lower() != "basic":
            return False
        try:
            given = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return False
        return self.is_password(given.partition(":")[2])

    def is_password(self, given: str) -> bool:
        """True for the password of the settings."""
        return bool(self._password) and hmac.compare_digest(self._password, _derived(given, self.settings.secret))

    def cookie(self, session: Session) -> str:
        """The value of a ``Set-Cookie`` header that keeps the session."""
        until, level = str(int(time.time()) + _DAYS * 86_400), str(int(session.knows_password))
        signature = self._sign("session", session.id, until, level)
        return f"{COOKIE}={session.id}.{until}.{level}.{signature}; Path=/; HttpOnly; SameSite=Lax; Max-Age={_DAYS * 86_400}"

    def token(self, session: Session) -> str:
        """The token that forms of a session carry."""
        return self._sign("csrf", session.id)

    def is_token(self, session: Session, given: str) -> bool:
        """True for the token of the session."""
        return hmac.compare_digest(self.token(session).encode(), given.encode("utf-8", "replace"))


def _derived(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=2**12, r=8, p=1)


class _TooLarge(Exception):
    pass


class Guard:
    """ASGI middleware. Refuses foreign hosts (against DNS rebinding), foreign origins, long bodies and strangers; adds headers."""

    def __init__(self, app: ASGIApp, settings: Settings, sessions: Sessions) -> None:
        self.app = app
        self.settings = settings
        self.sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        session = self.sessions.read(headers)
        scope.setdefault("state", {})["session"] = session
        sent = False

        async def answer(message: Message) -> None:
            nonlocal sent
            if message["type"] == "http.response.start":
                sent = True
                out = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    out.setdefault(name, value)
                out.setdefault("cache-control", "no-store" if self.settings.password else "no-cache")
                has_one = any(value.startswith(f"{COOKIE}=") for value in out.getlist("set-cookie"))
                if session.is_new and not has_one and not scope["path"].startswith("/static/"):
                    out.append("set-cookie", self.sessions.cookie(Session(session.id, knows_password=False)))
            await send(message)

        refusal = self._refusal(scope, headers, session)
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MAX_BODY:
                raise _TooLarge
            return message

        try:
            await self.app(scope, limited, answer)
        except _TooLarge:
            if not sent:
                await _too_large()(scope, receive, answer)

    def _refusal(self, scope: Scope, headers: Headers, session: Session) -> Response | None:
        if host_name(headers.get("host", "")) not in self.settings.names:
            return PlainTextResponse("This name is not served here; see taalimat serve --name.\n", 421)
        if headers.get("content-length", "0").isdigit() and int(headers.get("content-length", "0")) > MAX_BODY:
            return _too_large()
        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            origin = headers.get("origin")
            if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or (
                origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
            ):
                return PlainTextResponse("Refused: the request came from another site.\n", 403)
        if self.settings.password and not session.knows_password and not scope["path"].startswith(_OPEN):
            if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                query = scope["query_string"].decode("latin-1")
                target = quote(scope["path"] + (f"?{query}" if query else ""), safe="")
                return RedirectResponse(f"/login?next={target}", 303)
            return PlainTextResponse("A password is needed.\n", 401, {"www-authenticate": 'Basic realm="taalimat"'})
        return None


def host_name(header: str) -> str:
    """The name in a Host header, without port and brackets, in lower case.

    >>> host_name("Localhost:8000"), host_name("[::1]:8000")
    ('localhost', '::1')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


def _too_large() -> Response:
    return PlainTextResponse(f"The request is longer than {MAX_BODY} bytes.\n", 413, {"connection": "close"})
