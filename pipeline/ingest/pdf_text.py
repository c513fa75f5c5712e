"""The text of a PDF's pages, behind one interface: qalam, and PDFium where qalam fails or its text is broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from pipeline.ingest import pdf_glyphs
from pipeline.ingest.blocks import clean
from pipeline.ingest.decode import arabic_share
from pipeline.ingest.quality import broken_words

_BROKEN = 0.1
"""Share of broken words from which the other extractor is asked too."""

_STRAY_MARK = re.compile("(\\s*[^\\w\\s\u064b-\u0652]+)([\u064b-\u0652]+)|(?:(?<=\\s)|^)[\u064b-\u0652]+")
_GLUED = re.compile("(\u064bا|ا\u064b)(?=\\w)")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a page: its text in reading order, the size of its letters (points), and the paragraph it is in as far as known."""

    text: str
    size: float
    page: int
    block: int = 0
    has_blocks: bool = False
    """True where the extractor tells paragraphs apart."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, from 1, with its lines; ``is_picture`` where it has no text of its own but shows something."""

    number: int
    lines: tuple[TextLine, ...]
    is_picture: bool = False


def extract(path: Path, extractors: Sequence[str] = ()) -> tuple[str, list[Page]]:
    """The pages of a typed PDF and the extractor that read them, with its version. Raises ValueError where none can read it.

    ``extractors`` are asked in their order, all known ones unless said; a later one only where the text of those before is broken.
    """
    faults = []
    best: tuple[float, str, list[Page]] | None = None
    for name in extractors or EXTRACTORS:
        try:
            pages = list(_EXTRACTORS[name](path))
        except Exception as error:
            faults.append(f"{name}: {error or type(error).__name__}")
            continue
        text = " ".join(line.text for page in pages for line in page.lines)
        broken = broken_words(text) if arabic_share(text) > 0.3 or not text else 1.0
        if best is None or broken < best[0]:
            best = broken, f"{name} {version(name)}", pages
        if broken <= _BROKEN:
            break
    if best is None:
        raise ValueError(f"damaged: {'; '.join(faults)}")
    return best[1:]


def _qalam(path: Path) -> Iterator[Page]:
    import qalam

    for page in qalam.Document(str(path)).pages:
        lines: list[TextLine] = []
        several = sum(block.kind == "text" for block in page.blocks) > 1
        for number, block in enumerate(page.blocks):
            if block.kind == "text":
                lines += [TextLine(line.text, line.size, page.number, number, several) for line in block.lines]
            elif block.kind == "table":
                cells = (cell for row in block.to_rows() for cell in row if cell)
                lines += [
                    TextLine(cell, 0.0, page.number, 10_000 * number + n, True) for n, cell in enumerate(cells, 1)
                ]
        lines = [replace(line, text=text) for line in lines if (text := _with_marks(clean(line.text)))]
        yield Page(page.number, () if page.needs_ocr else tuple(lines), page.needs_ocr and _shows(page))


def _with_marks(text: str) -> str:
    """A line whose harakat stand on letters again: some programs draw them behind the next mark, and leave out the space after tanwin.

    >>> _with_marks("إيقاف المنشآت فورا.ً ثم حفاظاًعلى السلامة")
    'إيقاف المنشآت فوراً. ثم حفاظاً على السلامة'
    """
    text = _STRAY_MARK.sub(lambda match: (match[2] or "") + (match[1] or ""), text)
    return _GLUED.sub(r"\1 ", text).strip()


def _shows(page: object) -> bool:
    """A page without text that is not simply blank."""
    return bool(getattr(page, "images", ())) or bool(getattr(page, "lines", ()))


def _pypdfium2(path: Path) -> Iterator[Page]:
    import pypdfium2
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    with pypdfium2.PdfDocument(path) as pdf:
        for number in range(1, len(pdf) + 1):
            page = pdf[number - 1]
            textpage = page.get_textpage()
            found = [
                TextLine(text, line.size, number, line.paragraph, True)
                for line in pdf_glyphs.lines(textpage)
                if (text := _with_marks(clean(line.text)))
            ]
            has_picture = not found and any(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]))
            yield Page(number, tuple(found), has_picture)
            textpage.close()
            page.close()


_EXTRACTORS: dict[str, Callable[[Path], Iterator[Page]]] = {"qalam": _qalam, "pypdfium2": _pypdfium2}
"""In the order in which they are asked; the names are those of the distributions."""

EXTRACTORS = tuple(_EXTRACTORS)
