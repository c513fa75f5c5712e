"""How far a run is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipeline.cli.progress import Extent


def test_share_follows_the_bytes_of_files_and_the_lines_in_them(tmp_path: Path) -> None:
    lines, one, packed = tmp_path / "a.jsonl", tmp_path / "b.txt", tmp_path / "c.jsonl.gz"
    lines.write_text("{}\n" * 100, encoding="utf-8")  # 300 bytes
    one.write_text("نص" * 25, encoding="utf-8")  # 100 bytes
    packed.write_bytes(gzip.compress(b"{}\n" * 50))
    extent = Extent([str(lines), str(one)])
    seen = [
        extent.share(source) for source in (None, f"{lines}:1", f"{lines}:50", f"{lines}:20", f"{lines}:100", str(one))
    ]
    assert seen == pytest.approx([0, 0.0075, 0.375, 0.375, 0.75, 1])
    extent = Extent([str(packed), str(one)])
    assert extent.share(f"{packed}:50") == pytest.approx(0)
    assert extent.share(str(one)) == 1
    assert Extent([str(tmp_path)]).total == 400 + packed.stat().st_size


def test_share_of_what_has_no_size_stays_zero() -> None:
    assert Extent(["-", "none.txt"]).share("<stdin>:9") == 0
