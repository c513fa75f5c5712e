"""``taalimat evaluate``: agreement with gold records, and precision judged by hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.batch import analyse_all
from pipeline.cli.common import Problems, read_sources
from pipeline.errors import Problem
from pipeline.evaluate import MEASURES, Disagreement, Score, intervals, score, total
from pipeline.pipeline import DEFAULT, Decide
from pipeline.render import standoff_line
from pipeline.sampling import candidates, is_sheet, read_sheet, reservoir, write_sheet
from pipeline.standoff import empty, from_standoff, load
from pipeline.store.rows import to_rows
from pipeline.store.schema import Part
from pipeline.types import Analysis

__all__ = ["draw", "is_sheet", "judge", "measure"]


def measure(gold_file: Path, show_errors: bool, workers: int | None, decide: Decide = DEFAULT) -> bool:
    """Score the pipeline on a gold file and print the measures; True where no document failed."""
    gold = load(gold_file)
    problems = Problems()
    found: dict[str, Analysis] = {}
    for item in analyse_all((analysis.document for analysis in gold), standoff_line, workers, decide):
        if isinstance(item, Problem):
            problems.tell(item)
        else:
            found[item.document_id] = from_standoff(json.loads(item.result))
    scores = [score(g, found.get(g.document.id) or from_standoff(empty(g.document.id, g.document.raw))) for g in gold]
    _print_scores(gold, found, scores)
    if show_errors:
        print()
        for line in _errors(total(scores).disagreements):
            print(line)
    return not problems.count


def _print_scores(gold: list[Analysis], found: dict[str, Analysis], scores: list[Score]) -> None:
    tallies, bounds = total(scores).tallies, intervals(scores)
    without = [analysis.document.id for analysis in gold if not analysis.directives]
    false = sum(len(found[name].directives) for name in without if name in found)
    print(f"{len(gold)} documents; {len(without)} without directive, {false} instructions found there")
    print(f"{'':18}{'P':>7}{'R':>7}{'F1':>7}   95 %           gold found")
    for name in MEASURES:
        tally, (low, high) = tallies[name], bounds[name]
        shares = f"{tally.precision:7.3f}{tally.recall:7.3f}{tally.f1:7.3f}   {low:.3f}-{high:.3f}"
        print(f"{name:18}{shares}   {tally.gold:6}{tally.found:6}")


def _errors(disagreements: tuple[Disagreement, ...]) -> Iterator[str]:
    for d in disagreements:
        detail = f"\n        {d.detail}" if d.detail else ""
        yield f"{d.kind:7} {d.document_id} [{d.trigger}] {' '.join(d.instruction.split())}{detail}"


def draw(
    source: str, size: int, part: Part, sheet: Path, seed: int, workers: int | None, decide: Decide = DEFAULT
) -> bool:
    """Draw ``size`` found records of a source into a sheet; True where no document failed."""
    problems = Problems()

    def found() -> Iterator[dict[str, object]]:
        for item in analyse_all(read_sources([source], None), to_rows, workers, decide):
            if isinstance(item, Problem):
                problems.tell(item)
            else:
                yield from candidates(item.result, part)

    drawn = reservoir(found(), size, seed)
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        write_sheet(stream, drawn)
    print(
        f"{len(drawn)} {part} in {sheet}. Write right or wrong in the column 'verdict', then: taalimat evaluate {sheet}",
        file=sys.stderr,
    )
    return not problems.count


def judge(sheet: Path) -> bool:
    """Print the precision of a filled-in sheet."""
    result = read_sheet(sheet)
    low, high = result.interval
    left = f"; {result.empty} not judged" if result.empty else ""
    print(f"{result.right} of {result.judged} right: precision {result.share:.3f} (95 % {low:.3f}-{high:.3f}){left}")
    return True
