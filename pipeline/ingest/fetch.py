"""A page or feed from the web, fetched only where the user names its address.

The size and the time are bounded, robots.txt is respected, and no connection is made to an address inside a network, whatever a name
resolves to or a server redirects to.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpcore
import httpx

from pipeline.ingest.limits import megabytes

AGENT = "taalimat"
"""By this name robots.txt can speak of us."""

MAX_REDIRECTS = 5
MAX_BYTES = 16 * 2**20
CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 40.0
_MAX_ROBOTS = 512 * 1024


class FetchError(Exception):
    """An address that could not or must not be fetched, and why."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched: its bytes, the address it came from in the end, and the encoding that the server names."""

    data: bytes
    url: str
    charset: str | None


class _PublicOnly(httpcore.SyncBackend):
    """Connects to addresses of the open internet only. It is asked with the name at the moment of connecting and connects to the very
    address it has looked at, so that a name that resolves differently the second time gains nothing."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self.allowed = allowed

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Iterable[Any] | None = None) -> httpcore.NetworkStream:  # fmt: skip
        """A connection to the first address of a host that is public."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} is not known: {error}") from None
        addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
        for address in addresses:
            if address not in self.allowed and not is_public(address):
                raise FetchError(
                    f"{host} is at {address}, which is inside a network; only public addresses are fetched"
                )
        return super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Never."""
        raise FetchError("only addresses of the web are fetched")


def is_public(address: str) -> bool:
    """True for an IP address of the open internet.

    >>> is_public("193.194.64.1"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or bool(mapped.is_global))


def _client(allowed: frozenset[str]) -> httpx.Client:
    transport = httpx.HTTPTransport(trust_env=False)
    transport._pool._network_backend = _PublicOnly(allowed)  # httpx has no argument for it
    headers = {"User-Agent": f"{AGENT} (reads public statements)", "Accept": "text/html, application/xhtml+xml, application/xml, application/pdf, */*;q=0.5"}  # fmt: skip
    timeout = httpx.Timeout(CONNECT_SECONDS)
    return httpx.Client(transport=transport, headers=headers, timeout=timeout, follow_redirects=False, trust_env=False)


def fetch(url: str, allowed: frozenset[str] = frozenset(), seconds: float = TOTAL_SECONDS) -> Page:
    """A page, feed or file at an address. Raises :class:`FetchError`.

    ``allowed`` are IP addresses inside a network that may be reached all the same, as a newsroom's own server. Each redirect, five at most,
    is checked like the first address: scheme, network and robots.txt.
    """
    deadline = time.monotonic() + seconds
    with _client(allowed) as client:
        for _ in range(MAX_REDIRECTS + 1):
            _check(url)
            if not _robots_allow(client, url, deadline):
                raise FetchError("robots.txt of the site does not allow it")
            response, data = _get(client, url, MAX_BYTES, deadline)
            if response.is_redirect:
                url = urljoin(url, response.headers["location"])
                continue
            if response.status_code != 200:
                raise FetchError(f"the server answers {response.status_code} {response.reason_phrase}".rstrip())
            return Page(data, url, response.charset_encoding)
    raise FetchError(f"more than {MAX_REDIRECTS} redirects")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise FetchError(f"{url!r} is no address: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError(f"{url!r} is no address of the web (http or https)")
    if parts.username or parts.password:
        raise FetchError("an address with a password in it is not fetched")


def _get(client: httpx.Client, url: str, most: int, deadline: float) -> tuple[httpx.Response, bytes]:
    """A response and its bytes, unpacked; FetchError where they are too many or come too slowly."""
    try:
        with client.stream("GET", url) as response:
            data = bytearray()
            for chunk in response.iter_bytes(65_536):
                data += chunk
                if len(data) > most:
                    raise FetchError(f"longer than {megabytes(most)}, the limit")
                if time.monotonic() > deadline:
                    raise FetchError("it takes too long")
            return response, bytes(data)
    except httpx.TimeoutException:
        raise FetchError(f"no answer within {CONNECT_SECONDS:.0f} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
        raise FetchError(f"cannot be fetched: {str(error) or type(error).__name__}") from None


def _robots_allow(client: httpx.Client, url: str, deadline: float) -> bool:
    """What robots.txt says (RFC 9309): a site without one allows all, one whose robots.txt fails on the server's side allows nothing."""
    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.netloc}/robots.txt"
    for _ in range(MAX_REDIRECTS):
        _check(where)
        response, data = _get(client, where, _MAX_ROBOTS, deadline)
        if not response.is_redirect:
            break
        where = urljoin(where, response.headers["location"])
    if response.status_code >= 500:
        raise FetchError(f"its robots.txt cannot be read: the server answers {response.status_code}")
    if response.status_code != 200:
        return True
    robots = RobotFileParser()
    robots.parse(data.decode("utf-8", "replace").splitlines())
    return robots.can_fetch(AGENT, url)
