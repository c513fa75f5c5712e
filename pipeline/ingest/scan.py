"""Scanned PDF files and pictures: text recognised by tesseract, through ocrmypdf, which also straightens pages (extra ``scan``)."""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pipeline.errors import Problem
from pipeline.ingest.assemble import documents
from pipeline.ingest.known import Known
from pipeline.ingest.limits import MAX_PIXELS, SCAN_SECONDS, LimitError
from pipeline.ingest.pdf import blocks, fields, open_pdf
from pipeline.ingest.pdf_text import Page, TextLine, extract
from pipeline.ingest.source import Source
from pipeline.types import Document

LANGUAGES = "ara"
_DPI = 200  # of pictures that do not say theirs
_REMEDY = "install it with: pip install 'taalimat[scan]', and the programs tesseract (with Arabic) and ghostscript (Debian: tesseract-ocr-ara ghostscript)"


def missing() -> str | None:
    """Which part of the extra ``scan`` is not there, or None.

    The programs are asked once; recognising needs ocrmypdf, tesseract with the data for Arabic, and ghostscript.
    """
    if importlib.util.find_spec("ocrmypdf") is None:
        return "ocrmypdf"
    for program in ("tesseract", "gs"):
        if not shutil.which(program):
            return f"the program {program}"
    known = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    return None if "ara" in known.stdout.split() else "the data of tesseract for Arabic"


def read_scan(source: Source) -> Iterator[Document | Problem]:
    """The statements of a picture, or of a PDF of which pages are pictures. Raises ValueError where the extra is missing."""
    data = source.stream.read()
    if lacks := missing():
        raise ValueError(f"it holds pictures of text, and {lacks} is missing; {_REMEDY}")
    how = f"tesseract {_tesseract()}, ocrmypdf {version('ocrmypdf')}"
    with tempfile.TemporaryDirectory(prefix="taalimat-") as folder:
        if data.startswith(b"%PDF"):
            path = Path(folder) / "original.pdf"
            path.write_bytes(data)
            opened = open_pdf(data)
            engine, pages = extract(path)
            wanted = tuple(page.number for page in pages if page.is_picture)
            read = dict(zip(wanted, recognise(path, wanted), strict=False)) if wanted else {}
            pages = [_page(p.number, read[p.number]) if p.number in read else p for p in pages]
            known, count = fields(opened), opened.pages
            how = f"{engine}, {how}" if len(wanted) < count else how
        else:
            path = Path(folder) / f"original.{_check_picture(data)}"
            path.write_bytes(data)
            pages = [_page(n, text) for n, text in enumerate(recognise(path), 1)]
            known, count, wanted = Known(), len(pages), tuple(range(1, len(pages) + 1))
    yield from documents(source, blocks(pages), known, how, count, wanted)


def recognise(path: Path, pages: tuple[int, ...] = ()) -> list[str]:
    """The text of each page (of ``pages``, from 1, or all) as ocrmypdf's sidecar file gives it. Raises ValueError where it fails."""
    sidecar = path.with_suffix(".txt")
    command = [sys.executable, "-m", "ocrmypdf", "-l", LANGUAGES, "--deskew", "--force-ocr", "--jobs", "2", "--quiet"]
    command += [
        "--output-type",
        "pdf",
        "--optimize",
        "0",
        "--max-image-mpixels",
        str(MAX_PIXELS // 10**6),
        "--sidecar",
        str(sidecar),
    ]
    command += ["--pages", ",".join(map(str, pages))] if pages else []
    command += ["--image-dpi", str(_DPI)] if path.suffix != ".pdf" else []
    command += [str(path), str(path.with_suffix(".out.pdf"))]
    # One thread a page: tesseract's own threads wait for each other most of the time.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    result = subprocess.run(command, capture_output=True, text=True, timeout=SCAN_SECONDS, check=False, env=environment)
    if result.returncode:
        last = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ValueError(f"the text in its pictures cannot be recognised: {last[:300]}")
    return [
        page
        for page in sidecar.read_text(encoding="utf-8").removesuffix("\f").split("\f")
        if not page.startswith("[OCR skipped")
    ]


def _page(number: int, text: str) -> Page:
    """Recognised text; tesseract parts paragraphs by empty lines, and takes «،» for «,»."""
    lines = []
    block = 0
    for line in text.splitlines():
        block += not line.strip()
        if line.strip():
            lines.append(TextLine(line.replace(",", "،") if not line.isascii() else line, 0.0, number, block, True))
    return Page(number, tuple(lines))


def _check_picture(data: bytes) -> str:
    """The suffix of a picture. Raises ValueError where it is damaged, LimitError where it is too large."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise LimitError(f"the picture has {image.width * image.height:,} points; the limit is {MAX_PIXELS:,}")
            image.load()
            return {"PNG": "png", "JPEG": "jpg", "TIFF": "tif"}[image.format or ""]
    except LimitError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValueError(f"damaged: {error}") from None


def _tesseract() -> str:
    told = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, timeout=30, check=False)
    return (told.stdout or told.stderr).split()[1]
