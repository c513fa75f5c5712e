"""The command: it serves, and says what it needs before it does."""

from __future__ import annotations

import re
import shutil
import socket
import urllib.parse
import urllib.request
from pathlib import Path

from pipeline.store.sqlite import FILE_NAME
from tests.conftest import Run
from tests.web.browser import served


def test_the_command_serves(store: Path) -> None:
    with served(store.parent) as address, urllib.request.urlopen(f"{address}/about", timeout=60) as answer:
        assert answer.status == 200
        assert "عن الصفحة" in answer.read().decode("utf-8")
        assert "server" not in {name.lower() for name in answer.headers}


def test_several_processes_share_a_session(store: Path) -> None:
    with served(store.parent, "--workers", "2") as address:
        with urllib.request.urlopen(f"{address}/analyse", timeout=60) as answer:
            cookie = answer.headers["set-cookie"].partition(";")[0]
            found = re.search(r'name="csrf" value="(\w+)"', answer.read().decode("utf-8"))
        assert found
        data = urllib.parse.urlencode({"csrf": found[1], "text": "أمر الوالي بفتح الطريق."}).encode()
        for _ in range(8):
            request = urllib.request.Request(f"{address}/analyse", data, {"cookie": cookie, "connection": "close"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                assert answer.status == 200


def test_without_a_store_it_says_how_to_make_one(taalimat: Run) -> None:
    result = taalimat("serve", "--store", "nowhere")
    assert result.exit_code == 1
    assert "taalimat run" in result.stderr


def test_beyond_this_machine_it_asks_for_a_password(taalimat: Run, made: Path) -> None:
    shutil.copy(made / FILE_NAME, FILE_NAME)
    result = taalimat("serve", "--store", ".", "--host", "0.0.0.0")
    assert result.exit_code == 1
    assert "--password-file" in result.stderr
    Path("secret").write_text("short\n", encoding="utf-8")
    assert "needs 8" in taalimat("serve", "--store", ".", "--password-file", "secret").stderr
    Path("secret").write_text("\n", encoding="utf-8")
    assert "no password" in taalimat("serve", "--store", ".", "--password-file", "secret").stderr
    assert "cannot be read" in taalimat("serve", "--store", ".", "--password-file", "none").stderr


def test_a_port_that_is_taken_is_named(taalimat: Run, made: Path) -> None:
    shutil.copy(made / FILE_NAME, FILE_NAME)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        result = taalimat("serve", "--store", ".", "--port", port)
    assert result.exit_code == 1
    assert port in result.stderr
