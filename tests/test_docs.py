"""What the documents say is so: columns, commands, options, and the example of the README."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer

from pipeline.cli import app
from pipeline.ingest.fields import MAX_CHARACTERS
from pipeline.ingest.source import MAX_LINE
from pipeline.store.schema import TABLES
from tests.conftest import Run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DATA = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_documented(table: object) -> None:
    assert isinstance(table, type(TABLES[0]))
    section = DATA.partition(f"\n## {table.name}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", section, re.MULTILINE)
    assert rows == [(column.name, column.type, column.doc) for column in table.columns]


def test_limits_are_documented() -> None:
    assert f"{MAX_CHARACTERS:,} characters a document, {MAX_LINE // 2**20} MB a line" in DATA


def test_every_command_and_option_is_in_the_readme() -> None:
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        assert f"taalimat {name}" in README, name
        for parameter in command.params:
            if parameter.name != "help" and parameter.opts[0].startswith("--"):
                assert parameter.opts[0] in README, f"{name} {parameter.opts[0]}"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_example_in_the_readme_is_what_the_command_finds(taalimat: Run) -> None:
    (statement,) = blocks("text")
    Path("bulletin.txt").write_text(statement, encoding="utf-8")
    result = taalimat("extract", "bulletin.txt", "--published", "2025-05-02", "--format", "jsonl")
    found = [
        [d["force"], d["polarity"], d["issuer"], "، ".join(d["addressees"]), d["instruction"], d["due"] or "", f"{d['start']}–{d['end']}"]
        for d in json.loads(result.stdout)["directives"]
    ]  # fmt: skip
    shown = README.partition("| force | polarity |")[2].partition("\n\n")[0].splitlines()[2:]
    assert [[cell.strip() for cell in row.strip("|").split("|")] for row in shown] == found


def test_the_two_lines_of_the_readme() -> None:
    run, test = (line for block in blocks("bash")[:2] for line in block.strip().splitlines())
    assert run == "python3 -m venv .venv && .venv/bin/pip install --quiet . && .venv/bin/taalimat run data/raw"
    assert test == "bash .ci/run"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
