"""Makes the screenshots of docs/page.md: serves a store and takes pictures of it in headless Chromium.

taalimat run data/raw --country dz --out FOLDER && python docs/screenshots/make.py FOLDER
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
QUIET = "--headless --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split()
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", help="what `taalimat run --out` wrote")
    words = [
        sys.executable,
        "-c",
        "from pipeline.cli import main; main()",
        "serve",
        "--store",
        parser.parse_args().folder,
        "--port",
        "0",
    ]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert process.stderr
        found = re.search(r"http://\S+", process.stderr.readline())
        assert found, "taalimat serve did not start"
        shoot(found[0].rstrip("/"))
    finally:
        process.terminate()
        process.wait()


def shoot(address: str) -> None:
    """Take the pictures."""
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*QUIET, *sandbox])
        page = browser.new_context(base_url=address, viewport=DESKTOP).new_page()
        page.goto("/?deadline_state=overdue&sort=due")
        record = page.locator(".card .instruction a").first.get_attribute("href")
        statement = page.locator('.card a[href^="/document"]').first.get_attribute("href")
        pictures = (
            ("search-ar", "/?q=السكن", "ar", DESKTOP, "light"),
            ("search-fr", "/?q=السكن", "fr", DESKTOP, "light"),
            ("directive-ar", record, "ar", DESKTOP, "light"),
            ("statement-ar-dark", statement, "ar", DESKTOP, "dark"),
            ("charts-ar", "/charts", "ar", DESKTOP, "light"),
            ("search-ar-phone", "/?q=السكن", "ar", PHONE, "light"),
            ("directive-fr-phone", record, "fr", PHONE, "light"),
        )
        for name, path, language, size, scheme in pictures:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{path}{'&' if '?' in str(path) else '?'}lang={language}")
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
