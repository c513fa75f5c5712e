"""Label Studio: statements with the records found, to be corrected there, and the corrected ones back as gold records.

A region is a mark; a relation leads from each part to the trigger of its act, or to its instruction (purposes, deadlines). Force and
*recalled* are chosen on the trigger, polarity on the instruction, the name on the issuer. Label Studio 1.5 and newer counts code points;
what an older one counted in UTF-16 units is mended where the text tells (its issue 1347).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from pipeline.errors import Problem, TaalimatError
from pipeline.highlight import COLOURS
from pipeline.marks import Role
from pipeline.resources import code_version, lexicon_version
from pipeline.standoff import from_standoff, head, to_standoff
from pipeline.types import Analysis, Force, Polarity, Span

Json = dict[str, Any]

_PARTS = (Role.TRIGGER, Role.INSTRUCTION, Role.ISSUER, Role.ADDRESSEE, Role.PURPOSE, Role.DEADLINE)


def config() -> str:
    """The labelling interface (XML) to paste into the settings of a Label Studio project."""
    labels = "".join(f"\n    <Label value={quoteattr(r)} background={quoteattr(COLOURS[r])}/>" for r in _PARTS)

    def choices(name: str, role: Role, values: Iterable[str]) -> str:
        listed = "".join(f"\n    <Choice value={quoteattr(value)}/>" for value in values)
        return f'  <Choices name="{name}" toName="text" perRegion="true" whenTagName="role" whenLabelValue="{role}">{listed}\n  </Choices>\n'

    return (
        '<View style="direction: rtl; text-align: right; line-height: 2">\n'
        f'  <Labels name="role" toName="text">{labels}\n  </Labels>\n'
        '  <Text name="text" value="$text" granularity="symbol"/>\n'
        + choices("force", Role.TRIGGER, Force)
        + choices("recalled", Role.TRIGGER, ["recalled"])
        + choices("polarity", Role.INSTRUCTION, Polarity)
        + '  <TextArea name="name" toName="text" perRegion="true" whenTagName="role" whenLabelValue="issuer" maxSubmissions="1"/>\n'
        '  <Relations>\n    <Relation value="of"/>\n  </Relations>\n</View>\n'
    )


def to_task(analysis: Analysis) -> Json:
    """A task with the records of ``analysis`` as its prediction. ``data`` holds the text and what identifies the document."""
    results: list[Json] = []
    for number, entry in enumerate(to_standoff(analysis)["directives"]):
        results += _regions(number, entry)
    versions = f"taalimat {code_version()}, lexicon {lexicon_version()}"
    return {"data": head(analysis.document), "predictions": [{"model_version": versions, "result": results}]}


def _regions(number: int, entry: Json) -> Iterator[Json]:
    def region(role: Role, item: Json, index: int = 0) -> tuple[str, Json]:
        name = f"d{number}-{role.value}-{index}"
        value = {"start": item["start"], "end": item["end"], "text": item["text"], "labels": [role.value]}
        return name, {"id": name, "from_name": "role", "to_name": "text", "type": "labels", "value": value}

    def chosen(of: Json, name: str, kind: str, values: list[str]) -> Json:
        # What is typed stands under "text", where a region has its words.
        key = "text" if kind == "textarea" else kind
        value = {**{k: of["value"][k] for k in ("start", "end", "text")}, key: values}
        return {"id": of["id"], "from_name": name, "to_name": "text", "type": kind, "value": value}

    def related(source: str, target: str) -> Json:
        return {"type": "relation", "from_id": source, "to_id": target, "direction": "right", "labels": ["of"]}

    root, trigger = region(Role.TRIGGER, entry["trigger"])
    yield trigger
    yield chosen(trigger, "force", "choices", [entry["force"]])
    if entry["recalled"]:
        yield chosen(trigger, "recalled", "choices", ["recalled"])
    instructions = [region(Role.INSTRUCTION, item, i) for i, item in enumerate(entry["instructions"])]
    for name, instruction in instructions:
        yield instruction
        yield chosen(instruction, "polarity", "choices", [entry["polarity"]])
        yield related(name, root)
    if entry["issuer"]:
        name, issuer = region(Role.ISSUER, entry["issuer"])
        yield issuer
        yield chosen(issuer, "name", "textarea", [entry["issuer"]["name"]])
        yield related(name, root)
    for i, item in enumerate(entry["addressees"]):
        name, addressee = region(Role.ADDRESSEE, item, i)
        yield addressee
        yield related(name, root)
    deadline = [entry["deadline"]] if entry["deadline"] else []
    for role, items in ((Role.PURPOSE, entry["purposes"]), (Role.DEADLINE, deadline)):
        for i, item in enumerate(items):
            part, own = region(role, item, i)
            yield own
            inside = [
                n for n, x in instructions if x["value"]["start"] <= item["start"] and item["end"] <= x["value"]["end"]
            ]
            for target in inside if inside and role is Role.DEADLINE else [n for n, _ in instructions]:
                yield related(part, target)


@dataclass
class _Region:
    role: Role
    span: Span
    force: str | None = None
    polarity: str | None = None
    recalled: bool = False
    name: str | None = None
    parts: list[_Region] = field(default_factory=list)
    """The regions that lead here by a relation."""

    def of(self, role: Role) -> list[_Region]:
        """Its parts with a role, in the order of the text."""
        return sorted((part for part in self.parts if part.role is role), key=lambda part: part.span)


def from_task(task: Mapping[str, Any]) -> Json:
    """The gold record (stand-off form) of an annotated task: its last annotation that was not cancelled.

    Raises ValueError that names all faults: regions that are not in the text, parts that lead to no trigger, triggers without force.
    """
    data = task["data"]
    text = data["text"]
    done = [a for a in task.get("annotations") or [] if not a.get("was_cancelled")]
    if not done:
        raise ValueError("no annotation in it")
    faults: list[str] = []
    regions = _read(text, done[-1]["result"], faults)
    triggers = sorted((r for r in regions if r.role is Role.TRIGGER), key=lambda r: r.span)
    entries = [entry for trigger in triggers for entry in _entries(text, trigger, faults)]
    led = {id(part) for region in regions for part in region.parts}
    faults += [
        f"{region.role} «{region.span.text(text)}» leads nowhere; draw a relation from it"
        for region in regions
        if region.role is not Role.TRIGGER and id(region) not in led
    ]
    if faults:
        raise ValueError("; ".join(faults))
    name = str(data.get("id") or task.get("id"))
    record = {**data, "id": name, "text": text, "directives": entries, "dates": [], "actors": []}
    return to_standoff(from_standoff(record))


def _read(text: str, results: Iterable[Mapping[str, Any]], faults: list[str]) -> list[_Region]:
    regions: dict[str, _Region] = {}
    for item in results:
        if item["type"] == "labels":
            span = _place(text, item["value"])
            label = item["value"]["labels"][0]
            if label not in set(_PARTS):
                faults.append(f"label {label!r}; valid: {', '.join(_PARTS)}")
            elif span is None:
                faults.append(f"{label} «{item['value'].get('text')}» is not in the text at {item['value']['start']}")
            else:
                regions[item["id"]] = _Region(Role(label), span)
    for item in results:
        region = regions.get(item.get("id", ""))
        if item["type"] == "relation":
            source, target = regions.get(item["from_id"]), regions.get(item["to_id"])
            if source and target:
                if item.get("direction") == "left":
                    source, target = target, source
                target.parts.append(source)
        elif region is not None and item["type"] in ("choices", "textarea"):
            value = item["value"].get("choices") or item["value"].get("text") or [""]
            value = value[0] if isinstance(value, list) else value
            if item["from_name"] == "recalled":
                region.recalled = True
            elif item["from_name"] in ("force", "polarity", "name"):
                setattr(region, item["from_name"], value)
    return list(regions.values())


def _place(text: str, value: Mapping[str, Any]) -> Span | None:
    """The span of a region: as given where the text agrees, else counted in UTF-16 units, else None."""
    span = Span(int(value["start"]), int(value["end"]))
    words = value.get("text")
    if words is None or span.text(text) == words:
        return span if 0 <= span.start < span.end <= len(text) else None
    units = text.encode("utf-16-le")
    try:
        start = len(units[: 2 * span.start].decode("utf-16-le"))
        end = len(units[: 2 * span.end].decode("utf-16-le"))
    except UnicodeDecodeError:
        return None
    return Span(start, end) if text[start:end] == words else None


def _entries(text: str, trigger: _Region, faults: list[str]) -> Iterator[Json]:
    """One gold entry an instruction of the act."""

    def span(region: _Region) -> Json:
        return {"text": region.span.text(text), "start": region.span.start, "end": region.span.end}

    named = f"trigger «{trigger.span.text(text)}» at {trigger.span.start}"
    if trigger.force not in set(Force):
        faults.append(f"{named}: choose its force")
        return
    issuers, instructions = trigger.of(Role.ISSUER), trigger.of(Role.INSTRUCTION)
    if not instructions:
        faults.append(f"{named}: no instruction leads to it")
    if len(issuers) > 1:
        faults.append(f"{named}: {len(issuers)} issuers lead to it")
    issuer = issuers[0] if issuers else None
    for instruction in instructions:
        deadlines = instruction.of(Role.DEADLINE) or trigger.of(Role.DEADLINE)
        if len(deadlines) > 1:
            faults.append(f"«{instruction.span.text(text)}»: {len(deadlines)} deadlines lead to it")
        yield {
            "trigger": span(trigger),
            "force": trigger.force,
            "polarity": instruction.polarity or Polarity.DO.value,
            "issuer": issuer and {**span(issuer), "name": (issuer.name or issuer.span.text(text)).strip()},
            "addressees": [span(part) for part in trigger.of(Role.ADDRESSEE)],
            "instructions": [span(instruction)],
            "purposes": [span(part) for part in (*instruction.of(Role.PURPOSE), *trigger.of(Role.PURPOSE))],
            "deadline": span(deadlines[0]) if deadlines else None,
            "recalled": trigger.recalled,
        }


def read_export(path: Path) -> Iterator[Json | Problem]:
    """The gold records of a JSON export of Label Studio; a task that is none is a problem, the rest goes on.

    Raises :class:`TaalimatError` where the file is no such export.
    """
    try:
        tasks = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise TaalimatError(f"{path}: cannot be read: {error}") from error
    if not isinstance(tasks, list):
        raise TaalimatError(f"{path} is no JSON export of Label Studio: a list of tasks is expected")
    for number, task in enumerate(tasks, 1):
        name = None
        try:
            name = str(task["data"].get("id") or task.get("id"))
            yield from_task(task)
        except KeyError as error:
            yield Problem(str(path), f"task {number}: the key {error} is missing", document_id=name)
        except (ValueError, TypeError, AttributeError) as error:
            yield Problem(str(path), f"task {number}: {error}", document_id=name)
