"""The second reader of PDF files: what PDFium gives, put in order by where it stands on the page."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from pipeline.ingest.pdf import read_pdf_plainly
from pipeline.ingest.pdf_glyphs import Glyph, in_order, line_text, lines
from pipeline.ingest.pdf_text import extract
from pipeline.ingest.source import Source
from pipeline.types import Document

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"
EXPECTED = json.loads((FORMATS / "expected.json").read_text(encoding="utf-8"))
WORD = re.compile(r"\w+")


def read(path: Path) -> Document:
    with path.open("rb") as stream:
        (document,) = read_pdf_plainly(Source(path.name, io.BufferedReader(io.BytesIO(stream.read()))))
    assert isinstance(document, Document)
    return document


def drawn(letters: str, width: float = 6.0) -> Iterator[Glyph]:
    """Letters as they stand on the page, from left to right; «_» is a gap without a glyph, marks lie over the letter on their left."""
    x = 0.0
    for letter in letters:
        if "\u064b" <= letter <= "\u0652":
            yield Glyph(letter, x - width, 3.0, x - 0.7 * width, x - 0.4 * width, 12.0)
        else:
            if letter != "_":
                yield Glyph(letter, x, 0.0, x, x + width, 12.0)
            x += width


@pytest.mark.parametrize(
    ("fixture", "holds"), [("chromium", "text"), ("libreoffice", "letter"), ("weasyprint", "text")]
)
def test_all_words_come_in_order(fixture: str, holds: str) -> None:
    for name, expected in EXPECTED.items():
        document = read(FORMATS / f"pdf-{fixture}" / f"{name}.pdf")
        assert WORD.findall(document.raw) == WORD.findall(expected[holds]), name
        assert document.reading is not None
        assert document.reading.version.startswith("pypdfium2 ")


def test_places_cover_the_text_page_by_page(tmp_path: Path) -> None:
    both = pypdfium2.PdfDocument.new()
    names = ("2025-03-11-wali-setif", "berrahal-2026-01-15")
    for name in names:
        both.import_pages(pypdfium2.PdfDocument(FORMATS / "pdf-chromium" / f"{name}.pdf"))
    both.save(tmp_path / "both.pdf")
    document = read(tmp_path / "both.pdf")
    assert document.reading is not None
    assert [place.where for place in document.reading.places] == ["page 1", "page 2"]
    for name, place in zip(names, document.reading.places, strict=True):
        assert WORD.findall(place.span.text(document.raw)) == WORD.findall(EXPECTED[name]["text"])


def test_a_title_that_is_no_text_costs_only_the_title(tmp_path: Path) -> None:
    name = "2025-03-11-wali-setif"
    data = (FORMATS / "pdf-chromium" / f"{name}.pdf").read_bytes()
    assert data.count(b"<FEFF0648") == 1
    (tmp_path / "a.pdf").write_bytes(data.replace(b"<FEFF0648", b"<FEFFD800"))  # half a character
    document = read(tmp_path / "a.pdf")
    assert document.title is None or "\ud800" not in document.title
    assert WORD.findall(document.raw) == WORD.findall(EXPECTED[name]["text"])


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("ةيالولا", "الولاية"),
        ("قيرطلا حتف", "فتح الطريق"),
        ("قيرطلا_حتف", "فتح الطريق"),  # no space is drawn
        ("25/06/2025 لبق", "قبل 25/06/2025"),
        ("10:30 ةعاسلا", "الساعة 10:30"),
        ("04-20 مقر", "رقم 20-04"),  # after Arabic letters the parts of a number with a hyphen stand from right to left
        ("%50 صيصخت", "تخصيص 50%"),
        ("85 63 021 مقرلا", "الرقم 021 63 85"),
        ("تايدلب Air Algérie ةيناز", "زانية Air Algérie بلديات"),
        ("wali@setif.dz ىلإ", "إلى wali@setif.dz"),
        ("٢٠٢٥/٦/١٢ يف", "في ٢٠٢٥/٦/١٢"),
        ("رمأ )ةنجللا سيئر( يلاولا", "الوالي (رئيس اللجنة) أمر"),
        ("Ministère de la Santé", "Ministère de la Santé"),
        ("85 63", "63 85"),
        ("ًاروف", "فوراً"),
        ("ةلك\u064e\u0651", "ك\u0651\u064eلة"),
    ],
)  # fmt: skip
def test_a_line_is_read_as_it_was_written(page: str, text: str) -> None:
    glyphs = list(drawn(page))
    assert line_text(glyphs) == text
    assert line_text(glyphs[::-1]) == text


def test_what_is_drawn_at_one_place_is_read_widest_first() -> None:
    """Some fonts draw «لا» as two glyphs that begin at one place."""
    glyphs = [Glyph("ا", 10, 0, 10, 16, 12), Glyph("ل", 10, 0, 10, 18, 12), Glyph("ف", 18, 0, 18, 24, 12)]
    assert line_text(glyphs) == "فلا"


def test_a_latin_word_keeps_its_ligature() -> None:
    glyphs = [*drawn("o"), Glyph("ffi", 6, 0, 6, 12, 12), Glyph("c", 12, 0, 12, 18, 12)]
    glyphs += [Glyph(letter, 24 + 6 * n, 0, 24 + 6 * n, 30 + 6 * n, 12) for n, letter in enumerate("ةسسؤم")]
    assert line_text(glyphs) == "مؤسسة offic"


def test_latin_words_do_not_swallow_arabic_ones() -> None:
    assert in_order("ten.b الموقع moc.a") == "b.net الموقع a.com"


@pytest.fixture
def turned(tmp_path: Path) -> Path:
    """A statement whose text stands upright on a page that is lying."""
    source = pypdfium2.PdfDocument(FORMATS / "pdf-weasyprint" / "berrahal-2026-01-15.pdf")
    page = source[0]
    for part in page.get_objects(max_depth=1):
        part.transform(pypdfium2.PdfMatrix().rotate(90).translate(0, 700))
    page.gen_content()
    path = tmp_path / "turned.pdf"
    source.save(path)
    return path


def test_text_at_an_angle_is_read_along_it(turned: Path) -> None:
    wanted = EXPECTED["berrahal-2026-01-15"]["text"]
    _, pages = extract(turned, ("pypdfium2",))
    text = " ".join(line.text for page in pages for line in page.lines)
    assert WORD.findall(text) == WORD.findall(wanted)


def test_letters_have_their_size_and_paragraphs_their_distance() -> None:
    page = pypdfium2.PdfDocument(FORMATS / "pdf-weasyprint" / "2025-03-11-wali-setif.pdf")[0]
    found = list(lines(page.get_textpage()))
    assert {line.size for line in found} == {14.0}
    assert len({line.paragraph for line in found}) == len(EXPECTED["2025-03-11-wali-setif"]["text"].splitlines())


def test_a_page_of_pictures_alone_needs_recognition() -> None:
    _, pages = extract(FORMATS / "scan" / "agadir-2025-02-18.pdf", ("pypdfium2",))
    assert [(page.is_picture, page.lines) for page in pages] == [(True, ())]


def test_raw_calls_are_those_of_this_pdfium() -> None:
    """The second reader calls PDFium itself: a newer one must still have what it calls."""
    for name in ("GetCharOrigin", "GetLooseCharBox", "GetMatrix", "GetFontSize", "IsGenerated", "HasUnicodeMapError"):  # fmt: skip
        assert callable(getattr(raw, f"FPDFText_{name}"))
