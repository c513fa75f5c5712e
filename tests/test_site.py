"""The documentation site: it builds strictly, needs no network, and its references are those of the code."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from pipeline import lexicon
from pipeline.cli import app
from pipeline.lexicon import _KEYS, ADDRESSEES, FRAMES

ROOT = Path(__file__).parents[1]
DOCS = sorted(p for p in (ROOT / "docs").rglob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "README.ar.md", ROOT / "CONTRIBUTING.md", *DOCS]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("mkdocs") is None:
        pytest.skip("mkdocs is not installed (extra docs)")
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(out)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return out


def test_the_site_needs_no_network(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=\"?(https?:[^\s\">]+)", page.read_text(encoding="utf-8")
        )
        assert not [url for url in loaded if "localhost" not in url], page.name
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?https?:|@import", sheet.read_text(encoding="utf-8")), sheet.name


def test_the_site_can_be_searched_in_both_languages(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert index["config"]["lang"] == ["en", "ar"]
    text = " ".join(entry["text"] for entry in index["docs"])
    assert "تكثيف" in text
    assert "addressee" in text
    assert (site / "search" / "search_index.js").is_file(), "searched from files too"
    assert (site / "assets" / "iframe-worker.js").is_file()


def commands(command: Any, name: str = "taalimat") -> Iterator[tuple[str, Any]]:
    yield name, command
    for sub, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{name} {sub}")


def test_every_command_and_option_is_in_the_reference(site: Path) -> None:
    page = re.sub(r"<[^>]+>", "", (site / "reference" / "commands.html").read_text(encoding="utf-8"))
    for name, command in commands(typer.main.get_command(app)):
        assert name in page
        for parameter in command.params:
            for option in parameter.opts if parameter.name != "help" else ():
                if option.startswith("-"):
                    assert option in page, f"{name} {option}"


def test_every_entry_of_the_lexicon_is_in_the_reference(site: Path) -> None:
    page = (site / "reference" / "lexicon.html").read_text(encoding="utf-8")
    assert not [t.id for t in lexicon.default().triggers if f"<code>{t.id}</code>" not in page]


def test_every_key_of_the_lexicon_is_documented() -> None:
    told = (ROOT / "models" / "lexicon" / "README.md").read_text(encoding="utf-8")
    for word in (*_KEYS, *FRAMES, *ADDRESSEES):
        assert f"`{word}`" in told, word
    for path in (ROOT / "models" / "lexicon").iterdir():
        assert f"`{path.name}`" in told or path.name == "README.md", path.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    generated = {"reference/commands.md", "reference/lexicon.md", "contributing.md", "changes.md"}
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        path = (page.parent / target).resolve()
        assert path.exists() or any(path == (ROOT / "docs" / name).resolve() for name in generated), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_pages_exist(page: Path) -> None:
    known = dict(commands(typer.main.get_command(app)))
    for line in re.findall(
        r"(?<![\w/'\[-])taalimat ((?:[a-z-]+ ?)+)", re.sub(r"^#.*$", "", page.read_text(encoding="utf-8"), flags=re.M)
    ):
        words = line.split()
        if f"taalimat {words[0]}" not in known:
            continue  # the word in a sentence
        found = known[f"taalimat {words[0]}"]
        subcommands = getattr(found, "commands", {})
        assert not subcommands or len(words) == 1 or words[1] in subcommands, line


def python_examples() -> Iterator[Any]:
    for page in PAGES:
        if "audits" in page.parts:  # they tell what was run once, on files of their own
            continue
        text = page.read_text(encoding="utf-8")
        for number, block in enumerate(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)):
            yield pytest.param(block, id=f"{page.stem}-{number}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `taalimat run data/raw` was run."""
    out = tmp_path_factory.mktemp("here")
    command = [sys.executable, "-m", "pipeline", "run", str(ROOT / "data" / "raw"), "--workers", "1"]
    subprocess.run(command, cwd=out, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return out


@pytest.mark.parametrize("block", list(python_examples()))
def test_examples_in_python_run(block: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "spark" in block:
        pytest.skip("needs files and a cluster; tests/scale runs Spark")
    for package in re.findall(r"^(?:import|from) (\w+)", block, re.MULTILINE):
        pytest.importorskip(package, reason=f"needs {package}")
    monkeypatch.chdir(folder)
    exec(compile(block, "example", "exec"), {})


def test_options_in_the_pages_exist() -> None:
    known = {
        o for _, c in commands(typer.main.get_command(app)) for p in c.params for o in (*p.opts, *p.secondary_opts)
    } | {"--help"}
    for page in PAGES:
        for line in re.findall(r"`(taalimat [^`]+)`", page.read_text(encoding="utf-8")):
            for option in re.findall(r"(?<=\s)--[a-z][a-z-]+", line):
                assert option in known, f"{page.name}: {line}"
