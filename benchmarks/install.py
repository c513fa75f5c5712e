"""How large a fresh install is, how long it takes, and what is large in it.

    python benchmarks/install.py [--extras notebooks,scan] [--top 12]

Makes a new environment, runs ``pip install .`` in it, reads a file of every format there, with the model too, and counts blocks on disk as
``du -sm`` does, bytecode included. The environment is deleted again. Exit code 1 where a format cannot be read, or the core alone is over
600 MB or 4 minutes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
FORMATS = ROOT / "tests" / "fixtures" / "formats"
FILES = [
    "all.zip", "all.csv", "all.jsonl", "all.xlsx", "rss.xml", "atom.xml", "news", "html-1256", "docx", "md", "txt", "pdf-chromium", "pdf-libreoffice",
]  # fmt: skip
"""Read to see that all is there; scans need programs beside Python."""
MEGABYTES, SECONDS = 600, 240


def size(folder: Path) -> float:
    """Blocks of all files below a folder, in MB of 2**20 bytes."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*")) / 2**20


def packages(site: Path) -> Counter[str]:
    """MB of each folder or file of an environment's packages."""
    return Counter({entry.name: round(size(entry), 1) for entry in site.iterdir() if entry.is_dir()})


def main() -> int:
    """Install, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extras", default="", help="extras to install along, parted by commas")
    parser.add_argument("--top", type=int, default=12, help="how many packages to name")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="taalimat-install-") as scratch:
        folder = Path(scratch) / "venv"
        venv.create(folder, with_pip=True)
        bare = size(folder)
        programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
        target = f"{ROOT}[{asked.extras}]" if asked.extras else str(ROOT)
        started = time.perf_counter()
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", target], check=True)
        seconds = time.perf_counter() - started
        for command in (["run", *FILES, "--out", scratch], ["extract", FILES[0]]):
            subprocess.run([programs / "taalimat", *command], check=True, stdout=subprocess.DEVNULL, cwd=FORMATS)
        full = size(folder)
        largest = packages(next(folder.rglob("site-packages"))).most_common(asked.top)
    print(f"empty environment {bare:.0f} MB, with Taalimat {full:.0f} MB, so {full - bare:.0f} MB; {seconds:.0f} s")
    for name, megabytes in largest:
        print(f"{megabytes:6.1f}  {name}")
    return int(not asked.extras and (full > MEGABYTES or seconds > SECONDS))


if __name__ == "__main__":
    sys.exit(main())
