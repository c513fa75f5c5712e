"""The stand-off form of the gold files: one JSON object a document, every string with its offsets into ``text``.

A directive entry there holds the instructions of one trigger that share issuer, addressees, purposes, polarity and recalled,
and at most one deadline: one that lies inside an instruction is that instruction's, one outside all is every instruction's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline import ids
from pipeline.errors import TaalimatError
from pipeline.ingest.fields import parse_date
from pipeline.normalize import normalize
from pipeline.types import (
    Act,
    Actor,
    Analysis,
    Directive,
    Document,
    Force,
    Kind,
    Mention,
    Polarity,
    Span,
    TimeExpression,
    TimeType,
)

Json = dict[str, Any]


def _span(raw: str, span: Span) -> Json:
    return {"text": span.text(raw), "start": span.start, "end": span.end}


def _by_deadline(directives: list[Directive]) -> Iterator[list[Directive]]:
    """Directives that are alike but for their deadlines, parted so that an entry with one deadline says the same."""
    free = [d for d in directives if d.deadline is None]
    groups: dict[tuple[Span, bool], list[Directive]] = {}
    for d in directives:
        if d.deadline is not None:
            groups.setdefault((d.deadline, d.instruction.covers(d.deadline)), []).append(d)
    for (deadline, inside), group in groups.items():
        if inside and len(group) == 1 and not any(d.instruction.covers(deadline) for d in free):
            group, free = [*group, *free], []
        yield group
    if free:
        yield free


def _entries(directives: Iterable[Directive]) -> list[list[Directive]]:
    alike: dict[object, list[Directive]] = {}
    for d in directives:
        issuer = d.act.issuer and d.act.issuer.span
        addressees = tuple(mention.span for mention in d.act.addressees)
        key = (d.act.trigger, d.act.force, d.polarity, issuer, addressees, d.purposes, d.act.recalled)
        alike.setdefault(key, []).append(d)
    entries = [sorted(e, key=lambda d: d.instruction) for group in alike.values() for e in _by_deadline(group)]
    return sorted(entries, key=lambda entry: (entry[0].act.trigger, entry[0].instruction))


def _entry(raw: str, directives: list[Directive]) -> Json:
    first, act = directives[0], directives[0].act
    issuer = act.issuer and {**_span(raw, act.issuer.span), "name": act.issuer_name or act.issuer.span.text(raw)}
    deadline = next((d.deadline for d in directives if d.deadline is not None), None)
    return {
        "trigger": _span(raw, act.trigger),
        "force": act.force.value,
        "polarity": first.polarity.value,
        "issuer": issuer,
        "addressees": [_span(raw, mention.span) for mention in act.addressees],
        "instructions": [_span(raw, d.instruction) for d in directives],
        "purposes": [_span(raw, purpose) for purpose in first.purposes],
        "deadline": deadline and _span(raw, deadline),
        "recalled": act.recalled,
    }


def _actor(raw: str, actor: Actor) -> Json:
    office = {"office": actor.office} if actor.office else {}
    aliases = {"aliases": list(actor.aliases)} if actor.aliases else {}
    mentions = list(dict.fromkeys(span.text(raw) for span in actor.mentions))
    return {"name": actor.name, "kind": actor.kind.value, **office, **aliases, "mentions": mentions}


def head(document: Document) -> Json:
    """The keys that identify a document: ``id``, ``title`` and ``published`` where known, ``text``."""
    out: Json = {"id": document.id}
    if document.title is not None:
        out["title"] = document.title
    if document.published is not None:
        out["published"] = document.published.isoformat()
    return {**out, "text": document.raw}


def empty(document_id: str, text: str = "") -> Json:
    """The record of a document that failed."""
    return {"id": document_id, "text": text, "directives": [], "dates": [], "actors": []}


def to_standoff(analysis: Analysis) -> Json:
    """An analysis in the stand-off form; offsets are code points of ``text``."""
    raw = analysis.document.raw
    return {
        **head(analysis.document),
        "directives": [_entry(raw, entry) for entry in _entries(analysis.directives)],
        "dates": [{**_span(raw, t.span), "type": t.type.value, "value": t.value} for t in analysis.times],
        "actors": [_actor(raw, actor) for actor in analysis.actors],
    }


def _read_span(raw: str, item: Mapping[str, Any], where: str) -> Span:
    span = Span(int(item["start"]), int(item["end"]))
    if span.text(raw) != item["text"]:
        raise ValueError(f"{where}: text[{span.start}:{span.end}] is {span.text(raw)!r}, not {item['text']!r}")
    return span


def _read_entry(document: Document, entry: Mapping[str, Any], actor_ids: Mapping[str, str]) -> Iterator[Directive]:
    raw = document.raw

    def read(item: Mapping[str, Any]) -> Span:
        return _read_span(raw, item, document.id)

    issuer = entry.get("issuer")
    trigger = read(entry["trigger"])
    act = Act(
        id=ids.act_id(document.id, trigger),
        trigger=trigger,
        force=Force(entry["force"]),
        lexeme="",
        issuer=Mention(read(issuer), None, actor_ids.get(issuer["name"])) if issuer else None,
        issuer_name=issuer["name"] if issuer else None,
        addressees=tuple(Mention(read(item), None) for item in entry["addressees"]),
        recalled=bool(entry.get("recalled", False)),
    )
    spans = [read(item) for item in entry["instructions"]]
    deadline = read(entry["deadline"]) if entry.get("deadline") else None
    owners = [span for span in spans if deadline is not None and span.covers(deadline)]
    for span in spans:
        yield Directive(
            id=ids.directive_id(document.id, trigger, span),
            act=act,
            instruction=span,
            polarity=Polarity(entry["polarity"]),
            purposes=tuple(read(item) for item in entry["purposes"]),
            deadline=deadline if not owners or span in owners else None,
        )


def _read_actor(document: Document, number: int, item: Mapping[str, Any]) -> Actor:
    places = [(document.raw.find(text), text) for text in item["mentions"]]
    if missing := [text for start, text in places if start < 0]:
        raise ValueError(f"{document.id}: the text does not contain the mentions {missing} of {item['name']!r}")
    spans = tuple(Span(start, start + len(text)) for start, text in places)
    aliases = tuple(item.get("aliases", ()))
    return Actor(f"a{number}", item["name"], Kind(item["kind"]), item.get("office"), aliases=aliases, mentions=spans)


def from_standoff(record: Mapping[str, Any]) -> Analysis:
    """The analysis that a stand-off record describes. A mention of an actor is given its first place in the text.

    Raises :class:`ValueError`, naming the document, where a span is not the text's, and KeyError where a key is missing.
    """
    published = record.get("published")
    document = Document(
        id=str(record["id"]),
        raw=record["text"],
        title=record.get("title"),
        published=parse_date(published) if published else None,
        published_source="column" if published else None,
    )
    actors = tuple(_read_actor(document, number, item) for number, item in enumerate(record["actors"]))
    actor_ids = {actor.name: actor.id for actor in actors}
    return Analysis(
        document=document,
        norm=normalize(document.raw),
        times=tuple(
            TimeExpression(_read_span(document.raw, item, document.id), TimeType(item["type"]), item["value"])
            for item in record["dates"]
        ),
        actors=actors,
        directives=tuple(d for entry in record["directives"] for d in _read_entry(document, entry, actor_ids)),
    )


def load(path: Path) -> list[Analysis]:
    """The analyses of a gold file. Raises :class:`TaalimatError` naming every line that is none."""
    analyses, faults = [], []
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    analyses.append(from_standoff(json.loads(line)))
                except KeyError as error:
                    faults.append(f"line {number}: the key {error} is missing")
                except (ValueError, TypeError, AttributeError) as error:
                    faults.append(f"line {number}: {error}")
    except (OSError, UnicodeDecodeError) as error:
        raise TaalimatError(f"{path}: cannot be read: {error}") from error
    if not analyses and not faults:
        faults.append("no record in it")
    if faults:
        raise TaalimatError(f"{path} is no gold file:\n" + "\n".join(f"  {fault}" for fault in faults))
    return analyses
