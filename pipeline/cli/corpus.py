"""``taalimat corpus``: what is in the annotated corpus, whether it keeps its rules, and its records for training."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.corpus import Corpus
    from pipeline.corpus.stats import Counts
    from pipeline.evaluate import Tally

corpus_app = typer.Typer(help="The annotated corpus of data/annotations.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option("--folder", help="Folder of the corpus; by default data/annotations of the checkout.")
]


def _open(folder: Path | None) -> tuple[Path, Corpus]:
    from pipeline.corpus import default_folder, load

    place = folder or default_folder()
    return place, load(place)


@corpus_app.command("stats")
def stats_command(folder: Folder = None) -> None:
    """Statements, directives, instructions and dates by set, country and split; distinct triggers, heads and 8-grams."""
    from pipeline.corpus.stats import Counts, by, variety

    _, corpus = _open(folder)
    statements = corpus.statements
    for title, groups in (
        ("set", by(statements, lambda s: s.set.id)),
        ("country", dict(sorted(by(statements, lambda s: s.country).items(), key=lambda kv: -kv[1].statements))),
        ("split", by(statements, lambda s: str(s.set.split))),
    ):
        _table(title, {**groups, "all": sum(groups.values(), Counts())})
    found = variety(statements)
    heads = sum(found.heads.values())
    print(f"forces: {', '.join(f'{name} {number}' for name, number in found.forces.most_common())}")
    print(
        f"distinct triggers: {len(found.triggers)} of {found.triggers.total()}; distinct heads: {len(found.heads)} of {heads}"
    )
    print(
        f"8-grams: {found.grams}, {found.repeated} in two statements or more, {found.frequent} in more than three (fixed phrases)"
    )


def _table(title: str, groups: dict[str, Counts]) -> None:
    names = ("statements", "empty", "words", "directives", "instructions", "avoid", "recalled", "deadlines", "purposes", "dates", "actors")  # fmt: skip
    print(f"{title:10}" + "".join(f"{name:>13}" for name in names))
    for group, counts in groups.items():
        print(f"{group:10}" + "".join(f"{getattr(counts, name):>13}" for name in names))
    print()


@corpus_app.command("check")
def check_command(
    against: Annotated[
        list[Path] | None,
        typer.Option(
            help="Records (JSON lines with id and text) that must stay out: report statements too near to one."
        ),
    ] = None,
    folder: Folder = None,
) -> None:
    """Test the corpus against the rules that a program can test; exit code 1 where one is broken."""
    from pipeline.corpus.checks import check_corpus, check_statement, overlaps, read_words, records

    place, corpus = _open(folder)
    lists = read_words(place)
    faults = [fault for s in corpus.statements for fault in check_statement(s, lists)]
    faults += check_corpus(corpus, lists)
    for path in against or []:
        faults += overlaps(corpus, records(path))
    for fault in faults:
        print(fault)
    print(f"{len(corpus.statements)} statements, {len(faults)} faults", file=sys.stderr)
    raise typer.Exit(1 if faults else 0)


@corpus_app.command("export")
def export_command(
    split: Annotated[str | None, typer.Option(help="train or held-out; all where not given.")] = None,
    set_id: Annotated[str | None, typer.Option("--set", help="One set only.")] = None,
    folder: Folder = None,
) -> None:
    """Print the stand-off records of a split, one a line: the form of gold files."""
    from pipeline.corpus.files import Split
    from pipeline.errors import TaalimatError

    if split is not None and split not in set(Split):
        raise TaalimatError(f"--split {split!r}; valid: {', '.join(Split)}")
    _, corpus = _open(folder)
    if set_id is not None and set_id not in {s.id for s in corpus.sets}:
        raise TaalimatError(f"--set {set_id!r}; valid: {', '.join(s.id for s in corpus.sets)}")
    for statement in corpus.of(Split(split) if split else None, set_id):
        print(json.dumps({**statement.record, "country": statement.country}, ensure_ascii=False))


@corpus_app.command("agreement")
def agreement_command(
    errors: Annotated[bool, typer.Option("--errors", help="List where the two readings differ.")] = False,
    folder: Folder = None,
) -> None:
    """Agreement of two independent readings, as F1 of the second against the first, by set and in all."""
    from pipeline.corpus.agreement import by_set, scores
    from pipeline.evaluate import MEASURES, intervals, total

    place, corpus = _open(folder)
    found = scores(place, corpus)
    groups = by_set(found)
    names = MEASURES[:12]
    print(f"{'set':6}{'texts':>6}{'instr.':>7}" + "".join(f"{name.removeprefix('instruction_'):>12}" for name in names))
    for group, values in groups.items():
        tallies = total(values).tallies
        shares = "".join(f"{_share(tallies[name]):>12}" for name in names)
        print(f"{group:6}{len(values):>6}{tallies['instruction'].gold:>7}{shares}")
    bounds, tallies = intervals(groups["all"]), total(groups["all"]).tallies
    for name in MEASURES:
        print(f"{name:18} {tallies[name].f1:.3f}  95 % {bounds[name][0]:.3f}-{bounds[name][1]:.3f}")
    if errors:
        for d in total(groups["all"]).disagreements:
            print(f"{d.kind:7} {d.document_id} [{d.trigger}] {d.instruction} {d.detail}")


def _share(tally: Tally) -> str:
    """F1, or a dash where neither reading has any."""
    return f"{tally.f1:.3f}" if tally.gold or tally.found else "-"


class Part(StrEnum):
    """The files of Tunisian items."""

    FIRST = "first"
    SECOND = "second"
    JUDGED = "judged"

    @property
    def file(self) -> str:
        return "tunisia.jsonl" if self is Part.FIRST else f"tunisia_{self}.jsonl"


@corpus_app.command("rebuild-tunisia")
def rebuild_command(
    path: Annotated[Path, typer.Argument(help="Folder of a copy of github.com/antcorpus/antcorpus.data.")],
    folder: Folder = None,
    part: Annotated[
        Part,
        typer.Option(
            help="Which items: tunisia.jsonl, tunisia_second.jsonl, or tunisia_judged.jsonl (triggers and instructions only)."
        ),
    ] = Part.FIRST,
) -> None:
    """Print the Tunisian items as stand-off records, with texts from a local copy of their repository; hashes are verified."""
    from pipeline.cli.common import Problems
    from pipeline.corpus import default_folder
    from pipeline.corpus.tunisia import read_packed, rebuild
    from pipeline.errors import Problem

    problems, done = Problems(), 0
    for item in rebuild(read_packed(folder or default_folder(), part.file), path):
        if isinstance(item, Problem):
            problems.tell(item)
        else:
            done += 1
            print(json.dumps(item, ensure_ascii=False))
    print(f"{done} items rebuilt, {problems.count} not", file=sys.stderr)
    raise typer.Exit(1 if problems.count else 0)
