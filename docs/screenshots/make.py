"""Makes the screenshots of docs/page.md: serves a store and takes pictures of it in headless Chromium.

taalimat run data/raw --country dz --out FOLDER && python docs/screenshots/make.py FOLDER
python docs/screenshots/make.py --thread                   the time line of an instruction, of one series of data/threads
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from pipeline.link import linker, series  # noqa: E402
from pipeline.link.evaluate import fill  # noqa: E402
from pipeline.store.sqlite import FILE_NAME, Store  # noqa: E402
from tests.web.browser import DESKTOP, PHONE, chromium, served  # noqa: E402

SERIES = "01"
"""The series of data/threads whose first instruction is shown through time."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="what `taalimat run --out` wrote")
    parser.add_argument("--out", type=Path, default=HERE, help="where the pictures go")
    parser.add_argument("--all", action="store_true", help="every kind of page, in Arabic and French, wide and narrow")
    parser.add_argument("--thread", action="store_true", help="the time line only")
    given = parser.parse_args()
    if given.thread:
        shoot_thread(given.out)
        return
    if given.folder is None:
        parser.error("give the folder of a store, or --thread")
    with served(given.folder) as address:
        shoot(address, given.out, given.all)


def shoot_thread(out: Path) -> None:
    """Take the pictures of the time line."""
    with TemporaryDirectory() as folder:
        with Store(Path(folder) / FILE_NAME) as store:
            told = [s.document for s in series.load(HERE.parents[1] / "data" / "threads") if s.series == SERIES]
            fill(store, told)
            linker.link(store)
            query = "SELECT thread FROM thread_view GROUP BY thread ORDER BY count(*) DESC, thread LIMIT 1"
            (thread,) = store.connection.execute(query).fetchone()
        with served(Path(folder)) as address, chromium() as browser:
            page = browser.new_context(base_url=address).new_page()
            for name, language, size in (("thread-ar", "ar", DESKTOP), ("thread-fr-phone", "fr", PHONE)):
                page.set_viewport_size(size)
                page.goto(f"/directive?id={thread}&lang={language}")
                page.locator('section[aria-labelledby="thread-title"]').screenshot(path=out / f"{name}.png")


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
