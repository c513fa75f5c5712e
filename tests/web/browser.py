"""``taalimat serve`` in a process of its own, and a headless Chromium that calls nobody: for the tests and for docs/screenshots/make.py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)

_QUIET = (
    "--headless --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()
"""Chromium looks up hosts of its maker at every start without these."""


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser of Playwright."""
    from playwright.sync_api import sync_playwright

    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_QUIET, *sandbox])
        yield opened
        opened.close()


@contextmanager
def served(folder: Path, *options: str) -> Iterator[str]:
    """The address of ``taalimat serve`` in a process of its own, on a free port."""
    words = [
        sys.executable,
        "-c",
        "from pipeline.cli import main; main()",
        "serve",
        "--store",
        str(folder),
        "--port",
        "0",
        *options,
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=env) as process:
        try:
            assert process.stderr
            line = process.stderr.readline()
            found = re.search(r"http://[\w.:\[\]]+/", line)
            assert found, line + process.stderr.read()
            yield found[0].rstrip("/")
        finally:
            process.terminate()
            process.wait(timeout=20)
