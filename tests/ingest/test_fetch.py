"""Fetching, from a server of this machine only: robots, redirects, private addresses, sizes, times."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.errors import Problem
from pipeline.ingest import fetch as module
from pipeline.ingest import read
from pipeline.ingest.fetch import FetchError, fetch, is_public
from pipeline.types import Document

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
NAME = "2025-03-11-wali-setif"
NEWS = (FIXTURES / "news" / f"{NAME}.html").read_bytes()
HERE = frozenset(("127.0.0.1",))
ROBOTS = b"User-agent: *\nDisallow: /all-others\n\nUser-agent: taalimat\nDisallow: /not-for-us\n"
FILES = {
    "/robots.txt": (ROBOTS, "text/plain"),
    "/news": (NEWS, "text/html"),
    "/all-others": (NEWS, "text/html"),
    "/not-for-us": (NEWS, "text/html"),
    "/old": ((FIXTURES / "html-1256" / f"{NAME}.html").read_bytes(), "text/html; charset=windows-1256"),
    "/feed": ((FIXTURES / "rss.xml").read_bytes(), "application/rss+xml"),
    "/pdf": ((FIXTURES / "pdf-weasyprint" / f"{NAME}.pdf").read_bytes(), "application/pdf"),
}
REDIRECTS = {
    "/there": "/news",
    "/to-private": "/not-for-us",
    "/inside": "http://10.0.0.1/admin",
    "/local": "http://[::1]:9/",
    "/file": "file:///etc/passwd",
    "/round": "/round",
}


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        if self.path in FILES:
            self.answer(*FILES[self.path])
        elif self.path in REDIRECTS:
            self.send_response(302)
            self.send_header("Location", REDIRECTS[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/bomb":
            self.answer(gzip.compress(b"0" * 40_000_000), "text/html", {"Content-Encoding": "gzip"})
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(40):
                self.wfile.write(b"x" * 70_000)
                time.sleep(0.05)
        elif self.path == "/silent":
            time.sleep(2)
        else:
            self.send_error(404)

    def answer(self, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client has had enough
            super().handle()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize(
    ("path", "count", "reader"),
    [("/news", 1, "html"), ("/there", 1, "html"), ("/old", 1, "html"), ("/feed", 10, "feed"), ("/pdf", 1, "pdf")],
)
def test_a_page_a_feed_and_a_file_are_read_from_an_address(
    server: str, monkeypatch: pytest.MonkeyPatch, path: str, count: int, reader: str
) -> None:
    monkeypatch.setattr(module, "fetch", lambda url: fetch(url, HERE))
    items = [item for item in read([server + path]) if isinstance(item, Document)]
    assert len(items) == count
    for item in items:
        assert item.reading is not None
        assert (item.reading.reader, item.reading.original is None) == (reader, False)
        told = path not in ("/old", "/pdf")
        assert item.reading.sources["url"] == (
            "fetched" if not told else "canonical" if reader == "html" else "feed entry"
        )
        assert (item.meta["url"] == server + path) is not told


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/not-for-us", r"robots\.txt"), ("/to-private", r"robots\.txt"), ("/missing", "404"), ("/inside", "10.0.0.1, which is inside a network"),
        ("/local", "inside a network"), ("/file", "no address of the web"), ("/round", "more than 5 redirects"), ("/bomb", "longer than 16 MB"),
    ],
)  # fmt: skip
def test_what_must_not_be_fetched_is_not(server: str, path: str, why: str) -> None:
    with pytest.raises(FetchError, match=why):
        fetch(server + path, HERE)


def test_rules_for_us_go_before_those_for_all(server: str) -> None:
    assert fetch(f"{server}/all-others", HERE).data == NEWS


def test_a_server_that_drips_or_says_nothing_is_given_up(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchError, match="takes too long"):
        fetch(f"{server}/slow", HERE, seconds=0.3)
    monkeypatch.setattr(module, "CONNECT_SECONDS", 0.3)
    with pytest.raises(FetchError, match="no answer within"):
        fetch(f"{server}/silent", HERE)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/", "http://localhost:9/", "http://[::ffff:127.0.0.1]:9/", "http://169.254.169.254/latest/", "http://0.0.0.0/"],
)  # fmt: skip
def test_addresses_inside_a_network_are_not_reached(url: str) -> None:
    (problem,) = read([url])
    assert isinstance(problem, Problem)
    assert problem.source == url
    assert "inside a network" in problem.reason


@pytest.mark.parametrize(
    "url", ["http://", "http://user:secret@example.org/", "https://exa mple.org/", "http://example.org:99999/"]
)
def test_what_is_no_address_is_named(url: str) -> None:
    (problem,) = read([url])
    assert isinstance(problem, Problem)
    assert problem.reason


def test_public_addresses() -> None:
    inside = ("192.168.1.1", "172.16.0.1", "100.64.0.1", "fe80::1%eth0", "fc00::1", "::1", "224.0.0.1", "2002:7f00:1::")
    assert not any(map(is_public, inside))
    assert is_public("2001:4860:4860::8888")
