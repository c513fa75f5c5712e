"""The JSON Schema (draft 2020-12) of everything that is written as JSON, made from the one description of the tables."""

from __future__ import annotations

from typing import Any

from pipeline.bridges.record import VERSION
from pipeline.store.schema import ACTORS, DATES, DIRECTIVES, DOCUMENTS, TABLES, Column, Part, Table
from pipeline.types import Force, Kind, Polarity, TimeType

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_OFFSET: Json = {"type": "integer", "minimum": 0}
_PAIR: Json = {"type": "array", "items": _OFFSET, "minItems": 2, "maxItems": 2}
_PAIRS: Json = {"type": "array", "items": _PAIR}
_TYPES: dict[str, Json] = {
    "text": _TEXT,
    "int": {"type": "integer"},
    "real": {"type": "number"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string"},
    "list": {"type": "array", "items": _TEXT},
    "json": {},
}
_EVIDENCE = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"source": _TEXT, "start": _OFFSET, "end": _OFFSET, "weight": {"type": "number"}, "note": _TEXT},
        "required": ["source", "start", "end", "weight", "note"],
        "additionalProperties": False,
    },
}


def _enum(values: type[Force] | type[Polarity] | type[Kind] | type[TimeType]) -> Json:
    return {"enum": [value.value for value in values]}


def _object(properties: dict[str, Json], optional: frozenset[str] = frozenset()) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_SPANS = _object(
    {
        **{name: {"anyOf": [_PAIR, {"type": "null"}]} for name in ("trigger", "issuer", "deadline")},
        **dict.fromkeys(("addressees", "purposes", "places"), _PAIRS),
    }
)
# What the type of a column does not tell.
_NARROWER: dict[tuple[str, str], Json] = {
    ("directives", "force"): _enum(Force),
    ("directives", "polarity"): _enum(Polarity),
    ("directives", "spans"): _SPANS,
    ("directives", "evidence"): _EVIDENCE,
    ("directives", "confidence"): {"type": "number", "minimum": 0, "maximum": 1},
    ("actors", "kind"): _enum(Kind),
    ("actors", "spans"): _PAIRS,
    ("dates", "type"): _enum(TimeType),
    ("documents", "meta"): {"type": "object"},
    ("documents", "arabic_share"): {"type": "number", "minimum": 0, "maximum": 1},
}
_ALWAYS = {
    "directives": {"directive_id", "document_id", "act_id", "instruction", "start", "end", "trigger", "force", "polarity", "addressees", "purposes",
                   "recalled", "places", "confidence", "repeats", "lexeme", "spans", "evidence"},
    "actors": {"actor_id", "document_id", "name", "kind", "aliases", "mentions", "spans"},
    "dates": {"date_id", "document_id", "text", "start", "end", "type", "value", "calendar", "role"},
    "documents": {"document_id", "text", "characters", "words", "arabic_share", "meta"},
    "runs": {"run_id", "started", "code_version", "lexicon_version", "sources"},
}  # fmt: skip
"""Columns that are never null."""

_STORED = frozenset({"version", "run_id"})
"""Columns that only the store fills."""


def _column(table: Table, column: Column) -> Json:
    kind = _OFFSET if column.name in ("start", "end") else _TYPES[column.type]
    kind = _NARROWER.get((table.name, column.name), kind)
    if column.name not in _ALWAYS.get(table.name, set()) and kind:
        kind = {"anyOf": [kind, {"type": "null"}]}
    return {**kind, "description": column.doc}


def _row(table: Table, *, stored: bool) -> Json:
    columns = [c for c in table.columns if stored or c.name not in _STORED or table.name == "runs"]
    return {**_object({c.name: _column(table, c) for c in columns}), "description": table.doc}


def _standoff() -> Json:
    span = _object({"text": _TEXT, "start": _OFFSET, "end": _OFFSET})
    spans: Json = {"type": "array", "items": span}
    maybe: Json = {"anyOf": [span, {"type": "null"}]}
    issuer = _object({"text": _TEXT, "start": _OFFSET, "end": _OFFSET, "name": _TEXT})
    entry = _object(
        {
            "trigger": span, "force": _enum(Force), "polarity": _enum(Polarity), "issuer": {"anyOf": [issuer, {"type": "null"}]},
            "addressees": spans, "instructions": {**spans, "minItems": 1}, "purposes": spans, "deadline": maybe, "recalled": _TYPES["bool"],
        }
    )  # fmt: skip
    date = _object({"text": _TEXT, "start": _OFFSET, "end": _OFFSET, "type": _enum(TimeType), "value": _TEXT})
    actor = _object(
        {"name": _TEXT, "kind": _enum(Kind), "office": _TEXT, "aliases": _TYPES["list"], "mentions": _TYPES["list"]},
        frozenset({"office", "aliases"}),
    )
    lists = {"directives": entry, "dates": date, "actors": actor}
    properties = {"id": _TEXT, "title": _TEXT, "published": _TYPES["date"], "text": _TEXT}
    properties |= {name: {"type": "array", "items": item} for name, item in lists.items()}
    return {**_object(properties, frozenset({"title", "published"})), "description": "The form of gold files."}


def schema() -> Json:
    """The schema. A value is valid under ``$defs/NAME``; the whole describes ``taalimat extract --format record``.

    >>> schema()["$id"], sorted(schema()["$defs"])[:3]
    ('urn:taalimat:schema:1', ['actor', 'actors-row', 'copies-row'])
    """
    lists = {part.value: {"type": "array", "items": {"$ref": f"#/$defs/{part.value[:-1]}"}} for part in Part}
    heading = {name: _column(DOCUMENTS, c) for c in DOCUMENTS.columns for name in [c.name]}
    line = {name: heading[name] for name in ("document_id", "title", "published", "source")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:taalimat:schema:{VERSION}",
        "title": "Records of Taalimat",
        **_object({"version": {"const": VERSION}, "document": {"$ref": "#/$defs/document"}, **lists}),
        "$defs": {
            "document": _row(DOCUMENTS, stored=False),
            "directive": _row(DIRECTIVES, stored=False),
            "actor": _row(ACTORS, stored=False),
            "date": _row(DATES, stored=False),
            "line": {**_object({**line, **lists}, frozenset(lists)), "description": "taalimat extract --format jsonl"},
            "standoff": _standoff(),
            **{f"{table.name}-row": _row(table, stored=True) for table in TABLES},
        },
    }
