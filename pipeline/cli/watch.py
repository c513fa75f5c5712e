"""``taalimat run FOLDER --watch``: a run for every batch of files that comes into a folder, until it is interrupted."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from pipeline.cli.run import Options, run_sources
from pipeline.errors import TaalimatError
from pipeline.ingest.inbox import QUIET, Inbox


def watch(sources: list[str], options: Options, stop: threading.Event | None = None, pause: float = QUIET) -> bool:
    """Read what lies in some folders, then what comes; True where nothing failed before ``stop`` is set or Ctrl-C is pressed.

    ``pause`` is the time between two looks, in seconds. Raises :class:`TaalimatError` where a source is no folder, or a run cannot go on.
    """
    folders = [Path(source) for source in sources]
    for folder in folders:
        if not folder.is_dir():
            raise TaalimatError(f"--watch is for folders; {folder} is none")
        if folder.resolve() == options.out.resolve():
            raise TaalimatError(f"{folder} is where the tables are written; watch another folder")
    if options.published is not None:
        raise TaalimatError("--published is for one file; with --watch give dates in a column, or in file names")
    stop = stop or threading.Event()
    inboxes = [Inbox(folder, pause) for folder in folders]
    print(f"watching {', '.join(sources)}; Ctrl-C ends it", file=sys.stderr)
    clean = True
    try:
        while not stop.is_set():
            files = [str(path) for inbox in inboxes for path in inbox.ready()]
            if files:
                clean = run_sources(files, options) and clean
            stop.wait(pause)
    except KeyboardInterrupt:
        print("ended; what was read is stored", file=sys.stderr)
    return clean
