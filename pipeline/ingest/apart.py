"""Reading in a process apart: a file that is made to hang, to eat memory or to crash its reader costs that file and nothing else.

The process is bounded in time and, where the system can, in memory. It cannot reach the network, and starts no program but those of OCR.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO, Any

from pipeline.errors import Problem
from pipeline.ingest.decode import DecodeError
from pipeline.ingest.formats import FORMATS, Format
from pipeline.ingest.limits import MEMORY, LimitError
from pipeline.ingest.source import HEAD, ScannedError, Source
from pipeline.types import Document

Item = Document | Problem

_START = "import sys; sys.path[:] = {path!r}; from pipeline.ingest.apart import serve; serve()"
_CRASHED = "its reader crashed"
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Request:
    """A file to be read, and by which reader."""

    format: str
    source: Source
    """Without its stream."""
    data: bytes
    second: bool = False
    """Whether the second reader of the format is asked."""


def parse(request: Request) -> list[Item]:
    """The documents and problems of a file. Raises :class:`ScannedError` where it needs OCR; whatever else fails is a problem."""
    source = replace(request.source, stream=io.BufferedReader(io.BytesIO(request.data), HEAD))
    items: list[Item] = []
    try:
        for item in FORMATS[request.format].load(request.second)(source):
            if isinstance(item, Document) and item.reading:
                item = replace(item, reading=replace(item.reading, reader=request.format))
            items.append(item)
    except ScannedError:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        items.append(Problem(source.name, _reason(error, request.format)))
    return items


def _reason(error: BaseException, format: str) -> str:
    """Why a file could not be read, in a line."""
    if isinstance(error, DecodeError | LimitError) or type(error) is ValueError:
        return " ".join(str(error).split())[:400] or f"damaged, or no {format} file"
    if isinstance(error, MemoryError):
        return "reading it takes more memory than the limit"
    if isinstance(error, RecursionError):
        return "its parts are nested too deeply"
    if isinstance(error, ModuleNotFoundError):
        return f"the package {error.name} is missing; install taalimat anew"
    detail = " ".join(str(error).split())[:200]
    return f"damaged, or no {format} file ({type(error).__name__}{f': {detail}' if detail else ''})"


class Reader:
    """The process apart, started with the first file. A context manager: leaving it ends the process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, format: Format, source: Source, data: bytes) -> list[Item]:
        """The documents and problems of a file, within the limits of its format; a file that needs OCR is read with the limits of that."""
        request = Request(format.name, replace(source, stream=None), data)  # type: ignore[arg-type]
        answer = self._ask(request, format.seconds)
        if isinstance(answer, str) and answer.startswith(_CRASHED) and format.second:
            answer = self._ask(replace(request, second=True), format.seconds)
        if isinstance(answer, ScannedError):
            return self.read(FORMATS["scan"], source, data)
        if isinstance(answer, str):
            return [Problem(source.name, answer)]
        return answer

    def _ask(self, request: Request, seconds: float) -> list[Item] | ScannedError | str:
        process = self._process or self._start()
        late = threading.Event()

        def give_up() -> None:
            late.set()
            _kill(process)

        timer = threading.Timer(seconds, give_up)
        timer.daemon = True
        timer.start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            _send(process.stdin, request)
            answer: list[Item] | ScannedError = _receive(process.stdout)
            return answer
        except (OSError, EOFError, pickle.UnpicklingError):
            self._stop()
            if late.is_set():
                return f"reading it takes longer than {seconds:.0f} seconds, the limit"
            return f"{_CRASHED} on it ({_end(process.returncode)})"
        finally:
            timer.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        path = [os.getcwd() if entry == "" else entry for entry in sys.path]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START.format(path=path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process, and what it started, which is of its own session."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _end(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _send(stream: IO[bytes], message: Any) -> None:
    data = pickle.dumps(message, protocol=5)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    data = stream.read(_LENGTH.unpack(head)[0])
    return pickle.loads(data)


# --- the process itself


def _messages(stream: IO[bytes]) -> Iterator[Request]:
    while True:
        try:
            yield _receive(stream)
        except EOFError:
            return


def serve() -> None:
    """Read the files that come in through standard input, until it closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is not an answer
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    _bound_memory()
    scanning = threading.Event()
    sys.addaudithook(lambda event, args: _watch(event, scanning))
    for request in _messages(sys.stdin.buffer):
        (scanning.set if request.format == "scan" else scanning.clear)()
        try:
            answer: list[Item] | ScannedError = parse(request)
        except ScannedError as error:
            answer = error
        _send(answers, answer)


def _bound_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass  # Windows has no such limits; macOS does not keep the first


_NETWORK = frozenset(
    ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")
)
_PROGRAMS = frozenset(
    ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.startfile")
)


def _watch(event: str, scanning: threading.Event) -> None:
    """Refuse what no document may cause: reaching the network, and starting programs other than for OCR."""
    if event in _NETWORK or event in _PROGRAMS and not scanning.is_set():
        raise PermissionError(f"the file made its reader ask for {event}, which is not allowed")
