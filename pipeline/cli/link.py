"""``taalimat link``: ties the instructions of a store into threads."""

from __future__ import annotations

import time
from pathlib import Path


def link_store(folder: Path, again: bool) -> None:
    """Link what is new in the store of a folder, or all of it ``again``, and say what was done."""
    from pipeline.cli.common import open_store
    from pipeline.link.linker import built_encoder, link

    with open_store(folder) as store:
        started = time.perf_counter()
        done = link(store, again, built_encoder())
        seconds = time.perf_counter() - started
        threads = store.connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM link_item GROUP BY thread HAVING count(*) > 1)"
        ).fetchone()[0]
    print(
        f"{done.documents:,} documents linked in {seconds:.1f} s: {done.links:,} links; {threads:,} threads in the store"
    )
