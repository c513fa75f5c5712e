"""What the tests share: the command line in-process, statements composed for tests, and the switch that updates goldens."""

from __future__ import annotations

import dataclasses
import datetime
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from typer.testing import CliRunner, Result

from pipeline import ids
from pipeline.cli import app
from pipeline.ingest import read
from pipeline.normalize import normalize
from pipeline.store.schema import STEPS
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
    Rejected,
    Span,
    TimeExpression,
    TimeType,
)

settings.register_profile("suite", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew from the present output")


Run = Callable[..., Result]


@pytest.fixture
def taalimat(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command line in an empty folder: ``taalimat("extract", "a.txt", input=b"…")``."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str, input: bytes | str | None = None) -> Result:
        return CliRunner().invoke(app, [str(arg) for arg in args], input=input, catch_exceptions=False)

    return run


def as_of_schema(path: Path, version: int) -> None:
    """Make a store what it would be had a taalimat of an earlier schema written it."""
    old = path.with_name("old.sqlite")
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.executescript("".join(STEPS[:version]) + f"PRAGMA user_version = {version};")
        tables = [
            row[1]
            for row in connection.execute("PRAGMA table_list")
            if row[2] == "table" and row[0] == "main" and "sqlite_" not in row[1]
        ]
        connection.execute("ATTACH ? AS new", (str(path),))
        for table in tables:
            names = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    old.rename(path)


STATEMENT = (
    "والي الولاية يأمر بفتح المسبح البلدي\n"
    "أمر والي الولاية، كمال زروق، مدير الشباب بفتح المسبح البلدي قبل 15 جوان 2025، وبتوظيف عشرة منقذين، حفاظا على سلامة الأطفال.\n"
    "وشدد الوالي على ضرورة فتح المسبح البلدي، داعيا الأولياء إلى عدم ترك أطفالهم قرب السدود."
)
"""A statement of ours: one order repeated from headline to body, two deadlines' worth of structure, one ban."""


@dataclasses.dataclass
class Builder:
    """Makes an analysis by hand, so that a test of the store does not depend on what the rules find."""

    analysis: Analysis

    def span(self, text: str, occurrence: int = 0) -> Span:
        start = -1
        for _ in range(occurrence + 1):
            start = self.analysis.document.raw.index(text, start + 1)
        return Span(start, start + len(text))

    def directive(
        self,
        trigger: str,
        force: Force,
        instruction: tuple[str, int],
        *,
        nth_trigger: int = 0,
        issuer: tuple[str, int] | None = None,
        to: str | None = None,
        polarity: Polarity = Polarity.DO,
        purpose: str | None = None,
        deadline: str | None = None,
    ) -> Directive:
        name = self.analysis.document.id
        place, what = self.span(trigger, nth_trigger), self.span(*instruction)
        act = Act(
            ids.act_id(name, place),
            place,
            force,
            "test",
            Mention(self.span(*issuer), Kind.PERSON, "a1") if issuer else None,
            "كمال زروق" if issuer else None,
            (Mention(self.span(to), Kind.OFFICE),) if to else (),
        )
        return Directive(
            ids.directive_id(name, place, what),
            act,
            what,
            polarity,
            (self.span(purpose),) if purpose else (),
            self.span(deadline) if deadline else None,
            due=datetime.date(2025, 6, 14) if deadline else None,
            issued_on=datetime.date(2025, 5, 2),
            evidence=(Evidence("lexicon:test", place, 1.5, "said"), Evidence("rule:far", what, -0.25)),
        )


@pytest.fixture
def composed() -> Analysis:
    """STATEMENT with the records that a careful reader would mark."""
    document = Document("b-7", STATEMENT, "المسبح البلدي", datetime.date(2025, 5, 2), "column", "b.jsonl:1")
    b = Builder(Analysis(document, normalize(STATEMENT)))
    opening, pool = "فتح المسبح البلدي", "مدير الشباب"
    directives = (
        b.directive("يأمر", Force.ORDER, (opening, 0), issuer=("والي الولاية", 0)),
        b.directive(
            "أمر", Force.ORDER, (f"{opening} قبل 15 جوان 2025", 0), nth_trigger=1, issuer=("والي الولاية، كمال زروق", 0),
            to=pool, purpose="حفاظا على سلامة الأطفال", deadline="قبل 15 جوان 2025",
        ),
        b.directive(
            "أمر", Force.ORDER, ("توظيف عشرة منقذين", 0), nth_trigger=1, issuer=("والي الولاية، كمال زروق", 0),
            to=pool, purpose="حفاظا على سلامة الأطفال",
        ),
        b.directive("شدد", Force.INSIST, (opening, 2), issuer=("الوالي", 0)),
        b.directive("داعيا", Force.CALL, ("عدم ترك أطفالهم قرب السدود", 0), issuer=("الوالي", 0), to="الأولياء", polarity=Polarity.AVOID),
    )  # fmt: skip
    wali = Actor(
        "a1", "كمال زروق", Kind.PERSON, "والي الولاية", aliases=("الوالي",),
        mentions=(b.span("والي الولاية"), b.span("والي الولاية، كمال زروق"), b.span("الوالي")),
    )  # fmt: skip
    day = datetime.date(2025, 6, 15)
    return dataclasses.replace(
        b.analysis,
        directives=directives,
        actors=(wali,),
        times=(TimeExpression(b.span("15 جوان 2025"), TimeType.DATE, "2025-06-15", day, day, rule="day"),),
        rejected=(
            Rejected(b.span("زروق"), "name", "a name is no trigger", (Evidence("rule:name", b.span("زروق"), -1.0),)),
        ),
    )


def samples() -> list[Document]:
    """The sample statements of data/raw."""
    items = read([str(Path(__file__).parents[1] / "data" / "raw")])
    return [item for item in items if isinstance(item, Document)]
