"""``taalimat doctor``: what is installed, which versions of lexicon and model, and how a store is."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline import resources
from pipeline.errors import TaalimatError
from pipeline.store.manifest import faults, read_manifest
from pipeline.store.sqlite import FILE_NAME, Store
from pipeline.store.states import State, count

_SIGNS = {True: "[green]ok[/]", False: "[bold red]fault[/]", None: "–"}
_EXTRAS = {
    "camel": "named entities and morphology of CAMeL Tools",
    "farahidi": "morphological analyses of Farahidi",
    "notebooks": "the notebooks",
    "scan": "scanned PDFs",
    "spacy": "spaCy documents and components",
    "spark": "taalimat run --engine spark",
    "stanza": "named entities of Stanza",
    "train": "training and building models",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is as it should be (None: it need not be there), and what was seen."""

    what: str
    is_well: bool | None
    seen: str


def check(store: Path) -> bool:
    """Print all findings; True where nothing is broken. ``store`` is the folder that ``run`` wrote."""
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    findings = [*installation(), *of_lexicon(), *of_models(), *extras(), *of_store(store)]
    table = Table(show_header=False, box=None)
    for finding in findings:
        table.add_row(_SIGNS[finding.is_well], finding.what, escape(finding.seen))
    console.print(table)
    return all(finding.is_well is not False for finding in findings)


def installation() -> Iterator[Finding]:
    """Taalimat, Python, machine, and packages that the distribution requires."""
    from pipeline.engines.local import cores

    yield Finding("taalimat", True, f"{resources.code_version()} in {Path(resources.__file__).parent}")
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {cores()} CPUs"
    yield Finding("machine", True, system + _memory())
    missing = [name for name in _required("") if not _version(name)]
    yield Finding("packages", not missing, f"missing: {', '.join(missing)}" if missing else "all that are required")


def _memory() -> str:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return ""
    return f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1e9:.1f} GB of memory"


def _required(extra: str) -> list[str]:
    """Distributions that taalimat requires for an extra; without extra, those it cannot do without."""
    try:
        lines = importlib.metadata.requires("taalimat") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    found = []
    for line in lines:
        name, _, marker = line.partition(";")
        named = re.search(r"extra == ['\"]([\w-]+)['\"]", marker)
        match = re.match(r"[\w.-]+", name)
        if match and (named[1] if named else "") == extra:
            found.append(match[0])
    return found


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def of_lexicon() -> Iterator[Finding]:
    """The lexicon, and whether it can be read."""
    from pipeline import lexicon
    from pipeline.pipeline import default_pipeline

    try:
        default_pipeline()
        triggers, forms = lexicon.default().triggers, lexicon.default().forms
    except (TaalimatError, OSError) as error:
        yield Finding("lexicon", False, str(error))
        return
    seen = f"{resources.lexicon_version()}, {len(triggers):,} triggers in {len(forms):,} forms, in {resources.models_dir()}"
    yield Finding("lexicon", True, seen)


def of_models() -> Iterator[Finding]:
    """The trained models under ``models/``: which, and what a run uses them for."""
    from pipeline.pipeline import DEFAULT

    folders = sorted({path.parent for path in resources.models_dir().rglob("*.onnx")})
    for folder in folders:
        size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) / 1e6
        yield Finding("model", True, f"{folder.name}, {size:.0f} MB")
    if not folders:
        yield Finding("model", None, "none: rules decide alone")
    yield Finding("model version", None, f"{resources.model_version() or 'none'}; by default decide: {DEFAULT}")


def extras() -> Iterator[Finding]:
    """What ``pip install 'taalimat[EXTRA]'`` adds, and programs beside Python that some need."""
    for extra, purpose in _EXTRAS.items():
        names = _required(extra)
        missing = [name for name in names if not _version(name)]
        have = ", ".join(f"{name} {_version(name)}" for name in names if name not in missing)
        told = f"{have or 'installed'}" if not missing else f"not installed; pip install 'taalimat\\[{extra}]'"
        yield Finding(extra, None if missing else True, f"{told.replace(chr(92), '')} ({purpose})")
    for program, purpose in (("java", "Spark"), ("tesseract", "scanned PDFs"), ("soffice", "old .doc files")):
        place = shutil.which(program)
        yield Finding(program, True if place else None, f"{place or 'not found'} ({purpose})")


def of_store(folder: Path) -> Iterator[Finding]:
    """States of documents, soundness of the file, fit of the tables beside it."""
    path = folder / FILE_NAME
    if not path.is_file():
        yield Finding("store", None, f"none in {folder}; taalimat run makes one")
        return
    try:
        with Store(path) as store:
            yield from _inside(store)
    except (TaalimatError, sqlite3.Error) as error:
        yield Finding("store", False, str(error))
        return
    found = read_manifest(folder)
    if found is None:
        yield Finding("tables", None, f"no manifest in {folder}: no run has come to its end yet")
        return
    wrong = faults(folder, found)
    made = f"of run {found['run_id']}, digest {found['digest']}, lexicon {found['lexicon_version']}"
    yield Finding("tables", not wrong, f"{'; '.join(wrong)}; the next run mends it" if wrong else made)


def _inside(store: Store) -> Iterator[Finding]:
    query = store.connection.execute
    size = store.path.stat().st_size / 1e6
    broken = [row[0] for row in query("PRAGMA quick_check(5)") if row[0] != "ok"]
    broken += [f"{row[0]} {row[1]} refers to no {row[2]}" for row in query("PRAGMA foreign_key_check").fetchmany(5)]
    yield Finding("store", not broken, "; ".join(broken) or f"{store.path}, {size:,.1f} MB, sound")
    states = count(store)
    lost = query("SELECT count(*) FROM states LEFT JOIN documents USING (document_id) WHERE state = 'done' AND text IS NULL").fetchone()[0]  # fmt: skip
    stray = query("SELECT count(*) FROM documents LEFT JOIN states USING (document_id) WHERE state IS NULL").fetchone()[0]  # fmt: skip
    told = ", ".join(f"{number:,} {state}" for state, number in states.items())
    if lost or stray:
        told += f"; {lost:,} done without records, {stray:,} with records and no state"
    yield Finding("documents", not lost and not stray, told)
    if states[State.PENDING]:
        sources = query("SELECT DISTINCT substr(source, 1, 80) FROM states WHERE state = 'pending' ORDER BY 1 LIMIT 3")
        names = ", ".join(row[0] or "?" for row in sources)
        yield Finding("pending", None, f"a run is at them, or was cut off; run again over their sources: {names}, …")
    for reason, number in query(
        "SELECT reason, count(*) FROM states WHERE state = 'failed' GROUP BY reason ORDER BY 2 DESC LIMIT 5"
    ):
        yield Finding("failed", None, f"{number:,}: {reason}")
    last = query("SELECT run_id, started, finished, code_version, lexicon_version FROM runs ORDER BY run_id DESC LIMIT 1").fetchone()  # fmt: skip
    if last:
        run_id, started, finished, code, lexicon = last
        end = f"finished {finished}" if finished else "not finished: at work, or cut off"
        yield Finding("last run", None, f"{run_id}, started {started}, {end}; code {code}, lexicon {lexicon}")
    old = query("SELECT count(*) FROM documents JOIN runs USING (run_id) WHERE lexicon_version != ?", (resources.lexicon_version(),)).fetchone()[0]  # fmt: skip
    if old:
        yield Finding(
            "lexicon", None, f"{old:,} documents were read with another lexicon; running again reads them anew"
        )
