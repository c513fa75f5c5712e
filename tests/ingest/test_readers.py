"""The ten statements in every format: all words in order, fields with their sources, and the map back into the original."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.ingest import read
from pipeline.ingest.dom import parse, path_of
from pipeline.ingest.scan import missing
from pipeline.types import Document

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"
EXPECTED = json.loads((FORMATS / "expected.json").read_text(encoding="utf-8"))
WORD = re.compile(r"\w+")


def documents(path: Path) -> dict[str, Document]:
    """The documents of a fixture by the name of the statement; a problem fails the test."""
    found = {}
    for item in read([str(path)]):
        assert isinstance(item, Document), item
        trace = " ".join((item.id, item.source or "", str(item.meta.get("url", ""))))
        found[next(name for name in EXPECTED if name in trace)] = item
    return found


@pytest.mark.parametrize(
    ("fixture", "holds"),
    [
        ("txt", "text"), ("all.csv", "text"), ("all.jsonl", "text"), ("all.xlsx", "text"), ("md", "article"), ("html", "article"),
        ("html-1256", "article"), ("docx", "letter"), ("news", "page"), ("rss.xml", "page"), ("atom.xml", "page"),
        ("pdf-chromium", "text"), ("pdf-weasyprint", "text"),
    ],
)  # fmt: skip
def test_all_words_come_in_order(fixture: str, holds: str) -> None:
    found = documents(FORMATS / fixture)
    assert set(found) == set(EXPECTED)
    for name, document in found.items():
        assert WORD.findall(document.raw) == WORD.findall(EXPECTED[name][holds]), name


def test_lines_of_pages_are_those_of_the_statement_with_their_bullets() -> None:
    for name, document in documents(FORMATS / "news").items():
        assert document.raw.splitlines() == [" ".join(line.split()) for line in EXPECTED[name]["page"].splitlines()]


def test_a_pdf_whose_marks_are_drawn_apart_keeps_its_words() -> None:
    """LibreOffice draws harakat as glyphs of their own: they may move to the letter beside, the letters may not."""
    marks = re.compile("[\u064b-\u0652]")
    for name, document in documents(FORMATS / "pdf-libreoffice").items():
        assert WORD.findall(marks.sub("", document.raw)) == WORD.findall(marks.sub("", EXPECTED[name]["letter"])), name


@pytest.mark.parametrize("fixture", ["news", "html", "docx", "all.xlsx", "pdf-weasyprint", "md", "rss.xml"])
def test_places_cover_the_text_and_do_not_overlap(fixture: str) -> None:
    for document in documents(FORMATS / fixture).values():
        assert document.reading is not None
        assert document.reading.version.split()[0] in (
            "trafilatura",
            "python-docx",
            "openpyxl",
            "qalam",
            "markdown-it-py",
            "feedparser",
        )
        assert re.fullmatch("[0-9a-f]{64}", document.reading.original or "")
        end = 0
        for place in document.reading.places:
            assert document.raw[end : place.span.start].strip() == ""
            assert place.span.start >= end
            end = place.span.end
        assert end == len(document.raw)


def test_the_place_of_a_page_leads_to_the_element() -> None:
    for name, document in documents(FORMATS / "news").items():
        tree = parse((FORMATS / "news" / f"{name}.html").read_text(encoding="utf-8"))
        assert document.reading is not None
        for place in document.reading.places:
            (element,) = tree.xpath(place.where)
            text = " ".join("".join(element.itertext()).split())
            assert text == place.span.text(document.raw).removeprefix("- ").partition(". ")[
                2
            ] or text in place.span.text(document.raw)
            assert path_of(element) == place.where


def test_fields_of_a_news_page_come_with_their_sources() -> None:
    for name, document in documents(FORMATS / "news").items():
        told = EXPECTED[name]
        assert (document.title, str(document.published), document.published_source) == (
            told["title"],
            told["published"],
            "json-ld",
        )
        assert document.outlet == "صحيفة الميدان"
        assert document.meta["byline"] == (told["byline"] or "مراسل الميدان")
        assert document.meta["country"] == "dz"
        assert str(document.meta["url"]).endswith(f"/{name}.html")
        assert document.reading is not None
        assert dict(document.reading.sources) == {
            "title": "json-ld", "byline": "json-ld", "outlet": "json-ld", "url": "canonical", "country": "lang", "published": "json-ld"
        }  # fmt: skip


def test_dates_of_feeds_are_read_in_mail_form_and_in_arabic() -> None:
    for feed, source in (("rss.xml", "feed published"), ("atom.xml", "feed updated")):
        for name, document in documents(FORMATS / feed).items():
            assert (str(document.published), document.published_source) == (EXPECTED[name]["published"], source)
            assert document.outlet == "صحيفة الميدان"


def test_an_archive_is_read_file_by_file() -> None:
    found = documents(FORMATS / "all.zip")
    assert {name: d.reading.reader for name, d in found.items() if d.reading} == dict(
        zip(EXPECTED, ["txt", "html", "docx", "html", "md"] * 2, strict=True)
    )
    assert all("all.zip/بيانات/" in (d.source or "") for d in found.values())


def test_the_same_statement_as_word_and_as_pdf_is_two_documents() -> None:
    name = "2025-04-15-hasilat-naql"
    word, pdf = (
        documents(FORMATS / f"{kind}/{name}.{kind[:4].removesuffix('-')}")[name] for kind in ("docx", "pdf-libreoffice")
    )
    assert word.raw == pdf.raw
    assert word.id != pdf.id


@pytest.mark.skipif(missing() is not None, reason=f"{missing()} is missing (extra scan)")
def test_a_skewed_scan_is_recognised() -> None:
    stem = "agadir-2025-02-18"
    document = documents(FORMATS / "scan" / f"{stem}.pdf")[stem]
    want, got = WORD.findall(EXPECTED[stem]["text"]), set(WORD.findall(document.raw))
    assert sum(word in got for word in want) >= 0.85 * len(want)
    assert document.reading is not None
    assert (document.reading.reader, document.reading.pages, document.reading.ocr_pages) == ("scan", 1, (1,))
    assert [place.where for place in document.reading.places] == ["page 1"]
    assert document.reading.version.startswith("tesseract ")


def test_without_the_programs_a_scan_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    (problem,) = read([str(FORMATS / "scan" / "berrahal-2026-01-15.png")])
    assert not isinstance(problem, Document)
    assert "it holds pictures of text, and" in problem.reason
    assert "pip install 'taalimat[scan]'" in problem.reason
