"""Feeds (RSS, Atom): each entry is a document."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from pipeline.errors import Problem
from pipeline.ingest import dom
from pipeline.ingest.assemble import documents
from pipeline.ingest.blocks import Block, clean
from pipeline.ingest.decode import decode
from pipeline.ingest.html import article
from pipeline.ingest.known import Known
from pipeline.ingest.packed import refuse_entities
from pipeline.ingest.source import Source
from pipeline.segment import is_counter
from pipeline.types import Document


def read_feed(source: Source) -> Iterator[Document | Problem]:
    """The entries of a feed: headline and text of each, with its date, its address and the feed's name as outlet."""
    import feedparser

    data = source.stream.read()
    refuse_entities(data[:4096], "the feed")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("the feed declares XML entities or a document type, which is not allowed")
    # As bytes in a stream: a string could be taken for an address, and fetched.
    found = feedparser.parse(io.BytesIO(_utf8(data)), sanitize_html=False, resolve_relative_uris=False)
    if not found.entries:
        error = found.get("bozo_exception")
        yield Problem(source.name, f"no entry in the feed{f': {error}' if error else ''}")
        return
    outlet = found.feed.get("title")
    for number, entry in enumerate(found.entries, 1):
        link = entry.get("link") or ""
        known = Known()
        known.tell("title", clean(_plain(entry.get("title") or "")), "feed entry")
        known.tell("outlet", clean(outlet or ""), "feed")
        known.tell("byline", entry.get("author"), "feed entry")
        known.tell("url", link if link.startswith(("http://", "https://")) else None, "feed entry")
        for name in ("published", "updated", "created"):
            known.tell_day(entry.get(name), f"feed {name}")
        where = f"entry {number}"
        # An entry's own address stands for it, not the one that the feed was fetched from.
        at = replace(source, url=None if known.values.get("url") else source.url)
        for item in documents(
            at, _blocks(entry, known.values.get("title"), where), known, f"feedparser {version('feedparser')}"
        ):
            if isinstance(item, Document):
                yield replace(item, source=f"{source.name}:{number}")
            else:
                yield replace(item, line=number)


def _utf8(data: bytes) -> bytes:
    """A feed without an encoding of its own, in UTF-8."""
    head = data[:200].lower()
    return (
        data
        if b"encoding=" in head or data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
        else decode(data).encode()
    )


def _plain(text: str) -> str:
    return "".join(dom.parse(f"<p>{text}</p>").itertext()) if "<" in text or "&" in text else text


def _blocks(entry: Any, title: str | None, where: str) -> list[Block]:
    """Headline and text of an entry: its content where it has one, else its summary."""
    texts = [c.get("value") or "" for c in entry.get("content") or ()] + [entry.get("summary") or ""]
    text = max(texts, key=len)
    body: list[Block] = []
    if "<" in text and text.strip():
        body = [replace(block, where=where) for block in article(dom.parse(f"<div>{text}</div>"), Known())]
    elif text.strip():
        body = [Block(text, where)]
    head = [Block(title, where, "heading")] if title and (not body or clean(body[0].text) != title) else []
    return [*head, *(block for block in body if not is_counter(block.text))]
