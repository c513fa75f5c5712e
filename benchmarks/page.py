"""Readers of the page at once: how long each kind of page takes while 50 people search, read, filter and look at charts.

    taalimat run data/raw --out /somewhere
    python benchmarks/page.py /somewhere --readers 50 --seconds 30 --think 1

Starts ``taalimat serve`` on a free port in a process of its own and sends requests from this one, so both share the machine. Each reader follows
links as a journalist does: a search, a facet of it, a directive, its statement, its issuer, now and then charts. ``--think`` is the mean time in seconds
between a page and the next click (drawn from half to one and a half of it); 0 clicks at once, which no reader does and shows the limit.
Prints milliseconds by kind of page (to the last byte), and exits 1 where p95 of all is over ``--most``.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import random
import re
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.web.browser import served

WORDS = (
    "المياه",
    "الرقمنة",
    "البناء",
    "قبل نهاية السنة",
    "المدارس",
    "الطرقات",
    "المواطنين",
    "التكوين",
    "السكن",
    "النقل",
    "فتح",
    "تسريع المشاريع",
)


async def reader(
    client: httpx.AsyncClient, seed: int, until: float, think: float, took: dict[str, list[float]]
) -> None:
    """One reader's clicks until the time is up."""
    rng = random.Random(seed)

    async def click(kind: str, address: str) -> str:
        await asyncio.sleep(rng.uniform(0.5, 1.5) * think)
        start = time.perf_counter()
        answer = await client.get(html.unescape(address))
        took[kind].append(1000 * (time.perf_counter() - start))
        if answer.status_code != 200:
            took["failed"].append(answer.status_code)
        return answer.text

    def one(pattern: str, text: str) -> str | None:
        found = re.findall(pattern, text)
        return rng.choice(found) if found else None

    await asyncio.sleep(rng.uniform(0, think))
    while time.perf_counter() < until:
        page = await click("search", f"/?q={rng.choice(WORDS)}&lang={rng.choice(('ar', 'ar', 'fr'))}")
        facet = one(r'<li><a href="(/\?[^"]+)" rel="nofollow">', page)
        if facet:
            page = await click("filter", facet)
        record = one(r'href="(/directive\?id=[^"]+)"', page)
        if record:
            page = await click("directive", record)
            statement = one(r'href="(/document\?id=[^"]+)"', page)
            if statement:
                await click("statement", statement)
            actor = one(r'href="(/actor\?id=[^"]+)"', page)
            if actor and rng.random() < 0.5:
                await click("actor", actor)
        if rng.random() < 0.2:
            await click("charts", f"/charts?q={rng.choice(WORDS)}")


async def measure(address: str, readers: int, seconds: float, think: float) -> dict[str, list[float]]:
    """Milliseconds of every page, by kind."""
    took: dict[str, list[float]] = defaultdict(list)
    limits = httpx.Limits(max_connections=readers, max_keepalive_connections=readers)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as client:
        for path in 4 * ("/", "/charts", "/actors"):  # the first answer of a worker reads the store
            await asyncio.gather(*(client.get(path) for _ in range(4)))
        until = time.perf_counter() + seconds
        await asyncio.gather(*(reader(client, seed, until, think, took) for seed in range(readers)))
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="what `taalimat run --out` wrote")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2, help="of taalimat serve")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--think", type=float, default=1.0, help="mean seconds between a page and the next click")
    parser.add_argument("--most", type=float, default=300, help="p95 of all pages, in milliseconds, at most")
    given = parser.parse_args()
    with served(given.folder, "--workers", str(given.workers)) as address:
        took = asyncio.run(measure(address, given.readers, given.seconds, given.think))
    failed = took.pop("failed", [])
    every = [ms for values in took.values() for ms in values]
    print(
        f"{given.readers} readers, {given.think:g} s between clicks: {len(every) / given.seconds:.0f} pages/s, {len(failed)} failed"
    )
    print(f"{'page':10}{'number':>8}{'median':>9}{'p95':>8}{'p99':>8}  ms")
    for kind, values in [*sorted(took.items()), ("all", every)]:
        cuts = statistics.quantiles(values, n=100) if len(values) > 1 else [values[0]] * 99
        print(f"{kind:10}{len(values):8}{cuts[49]:9.0f}{cuts[94]:8.0f}{cuts[98]:8.0f}")
    sys.exit(bool(failed) or statistics.quantiles(every, n=100)[94] > given.most)


if __name__ == "__main__":
    main()
