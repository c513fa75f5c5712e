"""The corpus on disk: a text file a statement, its annotations as JSON beside it, and one table of the sets.

``data/annotations/dz1/dz1-01.txt`` is the text, one line feed behind it; all offsets count its code points. ``dz1-01.json``
holds id, title, date, country, directives, dates and actors, one to a line. ``sets.toml`` says which split a set belongs to:
a split is a property of a set, so that no writer stands on both sides.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipeline.errors import TaalimatError
from pipeline.standoff import from_standoff
from pipeline.types import Analysis

Json = dict[str, Any]

LISTS = ("directives", "dates", "actors")
"""What is annotated, in the order of the files."""

_HEAD = ("id", "title", "published", "country")
_COUNTRY = re.compile("[A-Z]{2}")


class Split(StrEnum):
    """What a set may be used for: to develop and train on, or only to measure."""

    TRAIN = "train"
    HELD_OUT = "held-out"


@dataclass(frozen=True, slots=True)
class WriterSet:
    """The texts of one writer about one region. ``about`` says which."""

    id: str
    split: Split
    region: str
    about: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A text with its annotations. ``record`` is the stand-off form of :mod:`pipeline.standoff`; ``country`` is ISO 3166-1 alpha-2."""

    set: WriterSet
    country: str
    record: Json

    @property
    def id(self) -> str:
        """Set and number: ``dz1-01``."""
        return str(self.record["id"])

    @property
    def text(self) -> str:
        """The text that all offsets refer to."""
        return str(self.record["text"])

    @property
    def directives(self) -> list[Json]:
        """Entries of the stand-off form: the instructions of one trigger that share their other parts."""
        return list(self.record["directives"])

    def analysis(self) -> Analysis:
        """The annotations as the pipeline would have found them."""
        return from_standoff(self.record)


@dataclass(frozen=True, slots=True)
class Corpus:
    """All statements, by set and number."""

    sets: tuple[WriterSet, ...]
    statements: tuple[Statement, ...]

    def of(self, split: Split | None = None, set_id: str | None = None) -> list[Statement]:
        """The statements of a split, of a set, or of both; all where neither is given."""
        return [s for s in self.statements if split in (None, s.set.split) and set_id in (None, s.set.id)]


def default_folder() -> Path:
    """``data/annotations`` of the checkout; of the working directory where the package is installed elsewhere."""
    beside = Path(__file__).parents[2] / "data" / "annotations"
    return beside if beside.is_dir() else Path("data/annotations")


def read_sets(folder: Path) -> tuple[WriterSet, ...]:
    """The sets of ``sets.toml``. Raises :class:`TaalimatError` naming every fault."""
    path = folder / "sets.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("set", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TaalimatError(f"{path}: cannot be read: {error}") from error
    sets: list[WriterSet] = []
    faults: list[str] = []
    for number, entry in enumerate(entries, 1):
        keys = {"id", "split", "region", "about"}
        if entry.keys() != keys:
            faults.append(f"set {number}: needs the keys {', '.join(sorted(keys))}, has {', '.join(sorted(entry))}")
        elif entry["split"] not in set(Split):
            faults.append(f"set {entry['id']}: split {entry['split']!r}; valid: {', '.join(Split)}")
        elif entry["id"] in {s.id for s in sets}:
            faults.append(f"set {entry['id']}: stands twice, and so could belong to two splits")
        else:
            sets.append(WriterSet(entry["id"], Split(entry["split"]), entry["region"], entry["about"]))
    if not sets and not faults:
        faults.append("no [[set]] in it")
    if faults:
        raise TaalimatError(f"{path}:\n" + "\n".join(f"  {fault}" for fault in faults))
    return tuple(sets)


def read_statement(path: Path, writers: WriterSet) -> Statement:
    """The statement of a ``.json`` file and the ``.txt`` beside it.

    Raises ValueError where a key is missing or unknown, an offset is wrong, or the id is not the file's; OSError where a file is missing.
    """
    with path.with_suffix(".txt").open(encoding="utf-8", newline="") as stream:
        text = stream.read()
    if not text.endswith("\n"):
        raise ValueError("the text does not end in a line feed")
    data = json.loads(path.read_text(encoding="utf-8"))
    if unknown := data.keys() - {*_HEAD, *LISTS}:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    if data.get("id") != path.stem:
        raise ValueError(f"the id is {data.get('id')!r}, not {path.stem!r}")
    if not _COUNTRY.fullmatch(country := str(data.get("country", ""))):
        raise ValueError(f"country {country!r}; write two capital letters, as DZ (ISO 3166-1)")
    if missing := [key for key in LISTS if key not in data]:
        raise ValueError(f"the keys {', '.join(missing)} are missing")
    record = {
        **{key: data[key] for key in _HEAD[:-1] if key in data},
        "text": text[:-1],
        **{key: data[key] for key in LISTS},
    }
    try:
        from_standoff(record)
    except KeyError as error:
        raise ValueError(f"the key {error} is missing") from None
    return Statement(writers, country, record)


def load(folder: Path) -> Corpus:
    """The corpus in a folder, in the order of ``sets.toml``. Raises :class:`TaalimatError` naming every file that is faulty."""
    sets = read_sets(folder)
    statements, faults = [], []
    for writers in sets:
        paths = sorted((folder / writers.id).glob("*.json"))
        if not paths:
            faults.append(f"{folder / writers.id}: no statement in it")
        lone = {p.stem for p in (folder / writers.id).glob("*.txt")} - {p.stem for p in paths}
        faults += [f"{folder / writers.id / name}.txt: no annotations beside it" for name in sorted(lone)]
        for path in paths:
            try:
                statements.append(read_statement(path, writers))
            except (OSError, ValueError, TypeError, AttributeError) as error:
                faults.append(f"{path}: {error}")
    for path in sorted(folder.glob("*/*-*.json")):
        if path.parent.name not in {s.id for s in sets}:
            faults.append(f"{path}: the set {path.parent.name} is not in sets.toml")
    if faults:
        raise TaalimatError("the corpus has faults:\n" + "\n".join(f"  {fault}" for fault in faults))
    return Corpus(sets, tuple(statements))


def lines(statement: Statement) -> Iterator[str]:
    """The lines of the ``.json`` file of a statement: one directive, date or actor each, so that a correction is one line."""

    def dump(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    head: Mapping[str, Any] = {**statement.record, "country": statement.country}
    yield "{"
    for key in _HEAD:
        if head.get(key) is not None:
            yield f"  {dump(key)}: {dump(head[key])},"
    for key in LISTS:
        items = head[key]
        comma = "" if key == LISTS[-1] else ","
        if not items:
            yield f'  "{key}": []{comma}'
            continue
        yield f'  "{key}": ['
        yield from (f"    {dump(item)}{',' if n < len(items) else ''}" for n, item in enumerate(items, 1))
        yield f"  ]{comma}"
    yield "}"


def save(statement: Statement, folder: Path) -> None:
    """Write a statement's two files under ``folder``; what is written reads back the same, byte for byte."""
    place = folder / statement.set.id
    place.mkdir(parents=True, exist_ok=True)
    for suffix, content in ((".txt", statement.text + "\n"), (".json", "\n".join(lines(statement)) + "\n")):
        with (place / f"{statement.id}{suffix}").open("w", encoding="utf-8", newline="") as stream:
            stream.write(content)
