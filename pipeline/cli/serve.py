"""``taalimat serve``: the page of a store."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.common import open_store, store_file
from pipeline.errors import TaalimatError
from pipeline.store.register import refresh

if TYPE_CHECKING:
    from pipeline.web.settings import Settings


_MOST_WORKERS = 4
"""Processes that answer where nobody says how many, at most."""


def serve(
    folder: Path,
    host: str,
    port: int,
    names: list[str],
    password_file: Path | None,
    workers: int | None,
    open_browser: bool,
) -> None:
    """Serve the store in ``folder`` until it is interrupted, from one process or several.

    Raises :class:`TaalimatError` where there is no store, the host needs a password, or the port is taken.
    """
    from pipeline.web.settings import is_local, settings_for
    from pipeline.web.site import system_author

    author = system_author() if is_local(host) else ""
    settings = settings_for(store_file(folder), host, _password(password_file), names, author)
    with open_store(folder) as store:  # carried to the present schema before anybody reads it
        refresh(store)
    listener = _bound(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"
    print(f"taalimat serves {folder} at {address} (Ctrl+C ends it)", file=sys.stderr, flush=True)
    if open_browser:
        import webbrowser

        webbrowser.open(address)
    workers = workers or min(
        _MOST_WORKERS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    if workers == 1:
        _work(settings, listener)
    else:
        _work_together(settings, listener, workers)


def _work(settings: Settings, listener: socket.socket) -> None:
    """Answer what comes in at a socket."""
    import uvicorn

    from pipeline.pipeline import default_pipeline
    from pipeline.web.app import create_app

    default_pipeline()
    app = create_app(settings)
    options = {"log_level": "warning", "access_log": False, "server_header": False, "timeout_keep_alive": 60}
    uvicorn.Server(uvicorn.Config(app, **options)).run(sockets=[listener])  # type: ignore[arg-type]


def _work_together(settings: Settings, listener: socket.socket, workers: int) -> None:
    """Answer from several processes that share the socket, and the secret, so that a session is known to all."""
    import multiprocessing
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_work, args=(settings, listener), daemon=True) for _ in range(workers)]
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.join()
    except KeyboardInterrupt:
        pass
    finally:
        for process in processes:
            process.terminate()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(512)  # from now on who asks is heard
    except OSError as error:
        made.close()
        raise TaalimatError(f"{host}:{port} cannot be served: {error.strerror}; choose another --port") from error
    made.set_inheritable(True)
    return made


def _password(path: Path | None) -> str | None:
    if path is None:
        return os.environ.get("TAALIMAT_PASSWORD") or None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TaalimatError(f"{path}: cannot be read: {error}") from error
    if not lines or not lines[0].strip():
        raise TaalimatError(f"{path}: the first line holds no password")
    return lines[0].strip()
