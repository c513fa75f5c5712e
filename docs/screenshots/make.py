"""Makes the screenshots of docs/page.md: serves a store and takes pictures of it in headless Chromium.

taalimat run data/raw --country dz --out FOLDER && python docs/screenshots/make.py FOLDER
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.web.browser import DESKTOP, PHONE, chromium, served  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="what `taalimat run --out` wrote")
    parser.add_argument("--out", type=Path, default=HERE, help="where the pictures go")
    parser.add_argument("--all", action="store_true", help="every kind of page, in Arabic and French, wide and narrow")
    given = parser.parse_args()
    with served(given.folder) as address:
        shoot(address, given.out, given.all)


def shoot(address: str, out: Path, every: bool) -> None:
    """Take the pictures."""
    with chromium() as browser:
        page = browser.new_context(base_url=address, viewport=DESKTOP).new_page()
        page.goto("/?deadline_state=overdue&sort=due")
        record = page.locator(".card .instruction a").first.get_attribute("href")
        statement = page.locator('.card a[href^="/document"]').first.get_attribute("href")
        page.goto("/actors")
        actor = page.locator('a[href^="/actor?"]').first.get_attribute("href")
        pictures = [
            ("search-ar", "/?q=السكن", "ar", DESKTOP, "light"),
            ("search-fr", "/?q=السكن", "fr", DESKTOP, "light"),
            ("directive-ar", record, "ar", DESKTOP, "light"),
            ("statement-ar-dark", statement, "ar", DESKTOP, "dark"),
            ("charts-ar", "/charts", "ar", DESKTOP, "light"),
            ("search-ar-phone", "/?q=السكن", "ar", PHONE, "light"),
            ("directive-fr-phone", record, "fr", PHONE, "light"),
        ]
        if every:
            pages = {
                "search": "/?q=السكن",
                "directive": record,
                "document": statement,
                "actors": "/actors",
                "actor": actor,
            }
            pages |= {name: f"/{name}" for name in ("charts", "analyse", "saved", "corrections", "documents", "about")}
            pictures = [
                (f"{name}-{language}-{size['width']}", path, language, size, "light")
                for name, path in pages.items()
                for language in ("ar", "fr")
                for size in (DESKTOP, PHONE)
            ]
        for name, path, language, size, scheme in pictures:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{path}{'&' if '?' in str(path) else '?'}lang={language}")
            page.screenshot(path=out / f"{name}.png")


if __name__ == "__main__":
    main()
