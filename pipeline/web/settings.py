"""How the page is served."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import TaalimatError

MAX_PASTE = 50_000
"""Characters of a pasted statement, at most. The longest statements have some 20,000."""

MAX_BODY = 512 * 1024
"""Bytes of a request, at most: a pasted statement in percent-encoded UTF-8, and the rest of its form."""

MIN_PASSWORD = 8
"""Characters of a password, at least."""

_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``taalimat serve`` was told. ``names`` are the hosts in whose name a browser may ask; others are refused."""

    store: Path
    password: str | None = None
    names: frozenset[str] = frozenset(_LOCAL_NAMES)
    author: str = ""
    """The name that corrections bear where nobody gives another."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Signs sessions and tokens. Made anew at each start, so that a restart ends all sessions."""


def is_local(host: str) -> bool:
    """True where only this machine can reach ``host``.

    >>> is_local("127.0.0.1"), is_local("localhost"), is_local("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def settings_for(
    store: Path, host: str, password: str | None = None, names: Iterable[str] = (), author: str = ""
) -> Settings:
    """Settings that are safe for a host. Raises :class:`TaalimatError` for one beyond this machine without a good password."""
    if not is_local(host) and not password:
        raise TaalimatError(
            f"--host {host} can be reached from other machines and needs a password: "
            "put one into a file and give --password-file, or set TAALIMAT_PASSWORD"
        )
    if password is not None and len(password) < MIN_PASSWORD:
        raise TaalimatError(f"the password has {len(password)} characters; it needs {MIN_PASSWORD} or more")
    own = () if host in ("0.0.0.0", "::") else (host,)
    allowed = frozenset(name.lower().strip("[]") for name in (*_LOCAL_NAMES, *own, *names))
    return Settings(store, password, allowed, author)
