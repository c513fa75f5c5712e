"""Annotations of real Tunisian radio items whose texts are not ours to ship: offsets, ids and hashes.

The items are files of the ANT corpus (github.com/antcorpus/antcorpus.data), one a ``.txt`` file in a TREC-like markup.
``tunisia.jsonl`` holds one item a line: its id, the SHA-256 of its text and of its title, and all annotations as offsets.
`rebuild` reads the texts from a copy of that repository, compares the hashes and gives back stand-off records.

A string of the annotations (a trigger, a name) is a list of ``[start, end]`` over the text, a line feed and the title,
to be joined: names that the text holds in another form («للوحدات» for الوحدات) are put together from several pieces.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import Problem, TaalimatError
from pipeline.ingest.fields import parse_date

Json = dict[str, Any]
Pieces = list[list[int]]

_FIELD = re.compile(r"<(DOCNO|TITLE|TIME|TEXT)>(.*?)</\1>", re.DOTALL)
_SPACES = re.compile(" {2,}")
_LINE_ENDS = re.compile(" *\r?\n *")

_CLEANINGS: tuple[Callable[[str], str], ...] = (
    str.strip,
    lambda text: _LINE_ENDS.sub("\n", text).strip(),
    lambda text: _SPACES.sub(" ", _LINE_ENDS.sub("\n", text)).strip(),
)
"""Ways in which a copy may differ in spaces from the text that was annotated; the hash says which one is meant."""


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def pieces(pool: str, text: str) -> Pieces:
    """``text`` as offsets into ``pool``, the longest piece first each time. Raises ValueError where a character is in no place.

    >>> pieces("للوحدات", "الوحدات")  # "to the units", "the units": the alef is found elsewhere in the pool
    [[5, 6], [1, 7]]
    """
    out: Pieces = []
    at = 0
    while at < len(text):
        size = len(text) - at
        while size and text[at : at + size] not in pool:
            size -= 1
        if not size:
            raise ValueError(f"the pool has no {text[at]!r} at {at} of {text!r}")
        start = pool.index(text[at : at + size])
        out.append([start, start + size])
        at += size
    return out


def join(pool: str, found: Pieces) -> str:
    """The string that `pieces` took apart."""
    return "".join(pool[start:end] for start, end in found)


def _pool(text: str, title: str) -> str:
    return f"{text}\n{title}"


def _place(span: Json | None) -> list[int] | None:
    return None if span is None else [span["start"], span["end"]]


def pack(record: Json) -> Json:
    """A stand-off record without its strings. The inverse is `unpack`."""
    text, title = record["text"], record["title"]
    pool = _pool(text, title)

    def directive(d: Json) -> Json:
        return {
            "trigger": _place(d["trigger"]),
            "force": d["force"],
            "polarity": d["polarity"],
            "issuer": _place(d["issuer"]),
            "issuer_name": d["issuer"] and pieces(pool, d["issuer"]["name"]),
            **{key: [_place(span) for span in d[key]] for key in ("addressees", "instructions", "purposes")},
            "deadline": _place(d["deadline"]),
            "recalled": d["recalled"],
        }

    def actor(a: Json) -> Json:
        office = {"office": pieces(pool, a["office"])} if a.get("office") else {}
        mentions = [pieces(text, mention) for mention in a["mentions"]]
        return {"name": pieces(pool, a["name"]), "kind": a["kind"], **office, "mentions": mentions}

    return {
        "id": record["id"],
        "published": parse_date(record["published"]).isoformat(),
        "text_sha256": digest(text),
        "title_sha256": digest(title),
        "directives": [directive(d) for d in record["directives"]],
        "dates": [{"at": _place(d), "type": d["type"], "value": d["value"]} for d in record["dates"]],
        "actors": [actor(a) for a in record["actors"]],
    }


def unpack(packed: Json, text: str, title: str) -> Json:
    """The stand-off record of a packed item over its text and title."""
    pool = _pool(text, title)

    def span(place: list[int] | None) -> Json | None:
        return None if place is None else {"text": text[place[0] : place[1]], "start": place[0], "end": place[1]}

    def directive(d: Json) -> Json:
        issuer = span(d["issuer"])
        return {
            "trigger": span(d["trigger"]),
            "force": d["force"],
            "polarity": d["polarity"],
            "issuer": issuer and {**issuer, "name": join(pool, d["issuer_name"])},
            **{key: [span(place) for place in d[key]] for key in ("addressees", "instructions", "purposes")},
            "deadline": span(d["deadline"]),
            "recalled": d["recalled"],
        }

    def actor(a: Json) -> Json:
        office = {"office": join(pool, a["office"])} if "office" in a else {}
        mentions = [join(pool, mention) for mention in a["mentions"]]
        return {"name": join(pool, a["name"]), "kind": a["kind"], **office, "mentions": mentions}

    return {
        "id": packed["id"],
        "title": title,
        "published": packed["published"],
        "text": text,
        "directives": [directive(d) for d in packed["directives"]],
        "dates": [{**(span(d["at"]) or {}), "type": d["type"], "value": d["value"]} for d in packed["dates"]],
        "actors": [actor(a) for a in packed["actors"]],
    }


def read_packed(folder: Path, name: str = "tunisia.jsonl") -> list[Json]:
    """The items of ``tunisia.jsonl``, or of another file of that form. Raises :class:`TaalimatError` where it cannot be read."""
    path = folder / name
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    except (OSError, ValueError) as error:
        raise TaalimatError(f"{path}: cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the repository: raw fields of the markup, spaces untouched."""

    title: str
    text: str


def read_item(path: Path) -> Item:
    """The title and text of one file of the repository. Raises ValueError where it has none, OSError where it cannot be read."""
    with path.open(encoding="utf-8", newline="") as stream:
        fields: dict[str, str] = dict(_FIELD.findall(stream.read()))
    if missing := {"TITLE", "TEXT"} - fields.keys():
        raise ValueError(f"no <{'>, <'.join(sorted(missing))}> in it")
    return Item(fields["TITLE"], fields["TEXT"])


def _matching(raw: str, sha256: str) -> str | None:
    return next((text for clean in _CLEANINGS if digest(text := clean(raw)) == sha256), None)


def rebuild(packed: list[Json], copy: Path) -> Iterator[Json | Problem]:
    """The stand-off records of the packed items, with the texts of a local copy; a Problem where a file is missing or differs.

    Raises :class:`TaalimatError` where ``copy`` is no folder.
    """
    if not copy.is_dir():
        raise TaalimatError(f"{copy}: no folder. Clone github.com/antcorpus/antcorpus.data and name its folder")
    paths = {path.stem: path for path in sorted(copy.rglob("*.txt"))}
    for item in packed:
        path = paths.get(item["id"])
        if path is None:
            yield Problem(str(copy), f"no file {item['id']}.txt", document_id=item["id"])
            continue
        try:
            found = read_item(path)
        except (OSError, ValueError) as error:
            yield Problem(str(path), str(error), document_id=item["id"])
            continue
        text, title = _matching(found.text, item["text_sha256"]), _matching(found.title, item["title_sha256"])
        if text is None or title is None:
            yield Problem(
                str(path),
                f"the {'text' if text is None else 'title'} is not the one that was annotated: its hash differs",
            )
        else:
            yield unpack(item, text, title)
