"""Golden records of every statement in data/raw, as readable Arabic. After a wanted change: ``pytest --update-golden``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.ingest import read
from pipeline.ingest.sources import files_of
from pipeline.pipeline import default_pipeline
from pipeline.types import Analysis, Document, Span, Zone

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
STATEMENTS = files_of(ROOT / "data" / "raw")


def report(analysis: Analysis) -> Iterator[str]:
    def show(span: Span | None) -> str:
        return "-" if span is None else f"{' '.join(analysis.text(span).split())} [{span.start}:{span.end}]"

    published = (
        f"{analysis.document.published} ({analysis.document.published_source})" if analysis.document.published else "-"
    )
    yield f"published {published}"
    yield "\n== directives"
    for d in sorted(analysis.directives, key=lambda d: (d.act.trigger, d.instruction)):
        act = d.act
        yield f"\n{act.force.value} {d.polarity.value}{' recalled' if act.recalled else ''}: {show(d.instruction)}"
        yield f"  trigger   {show(act.trigger)}"
        yield f"  issuer    {show(act.issuer.span if act.issuer else None)} = {act.issuer_name or '-'}"
        yield from (f"  addressee {show(mention.span)}" for mention in act.addressees)
        yield from (f"  purpose   {show(purpose)}" for purpose in d.purposes)
        if d.deadline:
            yield f"  deadline  {show(d.deadline)}, due {d.due or '-'}"
    yield "\n== dates"
    yield from (f"{t.type.value} {t.value}: {show(t.span)}" for t in analysis.times)
    yield "\n== actors"
    for actor in analysis.actors:
        office = f", {actor.office}" if actor.office else ""
        yield f"{actor.kind.value} {actor.name}{office}: {' | '.join(show(span) for span in actor.mentions)}"
    yield "\n== not content"
    aside = (Zone.BYLINE, Zone.COUNTER, Zone.DATELINE)
    yield from (f"{s.zone.value}: {show(s.span)}" for s in analysis.sentences if s.zone in aside)


def golden_of(path: Path) -> Path:
    return GOLDEN / f"{path.stem}.golden.txt"


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.name)
def test_records_are_the_golden_ones(path: Path, request: pytest.FixtureRequest) -> None:
    documents = list(read([str(path)]))
    assert all(isinstance(document, Document) for document in documents), documents
    parts = [
        "\n".join(report(default_pipeline()(document))) for document in documents if isinstance(document, Document)
    ]
    found = "\n\n".join(parts) + "\n"
    if request.config.getoption("--update-golden"):
        GOLDEN.mkdir(exist_ok=True)
        golden_of(path).write_text(found, encoding="utf-8")
    expected = (
        golden_of(path).read_text(encoding="utf-8")
        if golden_of(path).exists()
        else "no golden yet: pytest --update-golden"
    )
    assert found.splitlines() == expected.splitlines()


def test_there_are_eight_statements_and_no_golden_without_one() -> None:
    assert len(STATEMENTS) >= 8
    assert {path.name for path in GOLDEN.iterdir()} == {golden_of(path).name for path in STATEMENTS}
