"""One document with all its records as one JSON value, there and back: what spaCy docs and exports carry.

The value holds the rows of docs/data.md: ``document`` and the lists ``directives``, ``actors`` and ``dates``. Sentences, rejected
candidates and the evidence of mentions are not kept. :mod:`pipeline.bridges.schema` describes it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from pipeline.errors import TaalimatError
from pipeline.normalize import normalize
from pipeline.store.rows import to_rows
from pipeline.store.schema import Part
from pipeline.store.text import to_json
from pipeline.types import (
    Act,
    Actor,
    Analysis,
    Directive,
    Document,
    Evidence,
    Force,
    Kind,
    Mention,
    Polarity,
    Span,
    TimeExpression,
    TimeType,
)

VERSION = 1
"""Version of the form; it grows when a key changes its meaning or goes."""

Json = dict[str, Any]


def to_record(analysis: Analysis) -> Json:
    """A document and its records as plain JSON values (dates are ISO strings).

    >>> import pipeline
    >>> record = to_record(pipeline.analyze("أمر الوالي بفتح الطريق.", id="a-1"))  # "The governor ordered the road to be opened."
    >>> record["version"], record["document"]["document_id"], record["directives"][0]["instruction"]
    (1, 'a-1', 'فتح الطريق')
    """
    rows = to_rows(analysis)
    value = {"version": VERSION, "document": rows.document, **{part.value: rows.records[part] for part in Part}}
    found: Json = json.loads(to_json(value))
    return found


def from_record(record: Mapping[str, Any]) -> Analysis:
    """The analysis that a record describes. Raises :class:`TaalimatError` where a key is missing or a string is not at its place."""
    if record.get("version") != VERSION:
        raise TaalimatError(f"a record of version {record.get('version')!r}; this taalimat reads version {VERSION}")
    try:
        document = _document(record["document"])
        actors = tuple(_actor(document, row) for row in record["actors"])
        mentions = tuple(Mention(s, actor.kind, actor.id) for actor in actors for s in actor.mentions)
        return Analysis(
            document,
            normalize(document.raw),
            times=tuple(_time(document, row) for row in record["dates"]),
            mentions=tuple(sorted(mentions, key=lambda m: m.span)),
            actors=actors,
            directives=tuple(_directive(document, row, mentions) for row in record["directives"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TaalimatError(f"{type(error).__name__}: {error}: no record of taalimat") from error


def _date(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None


def _document(row: Mapping[str, Any]) -> Document:
    return Document(
        row["document_id"], row["text"], row["title"], _date(row["published"]), row["published_source"], row["source"],
        row["outlet"], row["meta"],
    )  # fmt: skip


def _at(document: Document, pair: list[int], text: str) -> Span:
    span = Span(*pair)
    if span.text(document.raw) != text:
        raise ValueError(f"{document.id}: text[{span.start}:{span.end}] is {span.text(document.raw)!r}, not {text!r}")
    return span


def _own(document: Document, actor_id: str | None) -> str | None:
    return None if actor_id is None else actor_id.removeprefix(f"{document.id}:")


def _actor(document: Document, row: Mapping[str, Any]) -> Actor:
    places = tuple(_at(document, pair, text) for pair, text in zip(row["spans"], row["mentions"], strict=True))
    name = _own(document, row["actor_id"]) or ""
    aliases = tuple(row["aliases"])
    return Actor(name, row["name"], Kind(row["kind"]), row["office"], row["organisation"], aliases, places)


def _time(document: Document, row: Mapping[str, Any]) -> TimeExpression:
    return TimeExpression(
        _at(document, [row["start"], row["end"]], row["text"]), TimeType(row["type"]), row["value"], _date(row["earliest"]),
        _date(row["latest"]), row["mod"], row["calendar"], row["role"], row["anchor"], row["rule"] or "", row["note"] or "",
    )  # fmt: skip


def _directive(document: Document, row: Mapping[str, Any], mentions: tuple[Mention, ...]) -> Directive:
    spans = row["spans"]
    known = {mention.span: mention for mention in mentions}

    def mention(pair: list[int], text: str, actor_id: str | None = None) -> Mention:
        span = _at(document, pair, text)
        named = known.get(span)
        return Mention(span, named.kind if named else None, actor_id or (named.actor_id if named else None))

    def several(key: str) -> tuple[Span, ...]:
        return tuple(_at(document, pair, text) for pair, text in zip(spans[key], row[key], strict=True))

    issuer = spans["issuer"] and mention(spans["issuer"], row["issuer_mention"], _own(document, row["issuer_id"]))
    act = Act(
        row["act_id"], _at(document, spans["trigger"], row["trigger"]), Force(row["force"]), row["lexeme"], issuer, row["issuer"],
        tuple(mention(pair, text) for pair, text in zip(spans["addressees"], row["addressees"], strict=True)), row["recalled"],
    )  # fmt: skip
    return Directive(
        row["directive_id"],
        act,
        _at(document, [row["start"], row["end"]], row["instruction"]),
        Polarity(row["polarity"]),
        several("purposes"),
        spans["deadline"] and _at(document, spans["deadline"], row["deadline"]),
        _date(row["due"]),
        row["due_note"] or "",
        several("places"),
        _date(row["issued_on"]),
        row["confidence"],
        tuple(Evidence(e["source"], Span(e["start"], e["end"]), e["weight"], e["note"]) for e in row["evidence"]),
    )
