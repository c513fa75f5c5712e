"""Pages and files as they are in the wild: encodings, digests, furniture inside articles, fields that contradict each other."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from pipeline.errors import Problem
from pipeline.ingest.apart import Request, parse
from pipeline.ingest.blocks import Block, clean
from pipeline.ingest.digest import split
from pipeline.ingest.known import country_of, written_day
from pipeline.ingest.quality import broken_words
from pipeline.ingest.source import Source
from pipeline.types import Document

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))
BODIES = [told["page"].splitlines() for told in EXPECTED.values()]
TEXT = "أمر والي الولاية رؤساء البلديات بفتح المسابح قبل نهاية الشهر الجاري، وشدد على توظيف منقذين في كل مسبح."


def documents(data: bytes | str, format: str = "html", charset: str | None = None) -> list[Document]:
    raw = data if isinstance(data, bytes) else data.encode()
    source = Source(f"a.{format}", io.BufferedReader(io.BytesIO()), charset=charset, original="0" * 64)
    items = parse(Request(format, source, raw))
    assert not [item for item in items if isinstance(item, Problem)], items
    return [item for item in items if isinstance(item, Document)]


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def paragraphs(lines: list[str]) -> str:
    return f"<h2>{lines[0]}</h2>" + "".join(f"<p>{line}</p>" for line in lines[1:])


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256", "iso8859-6"])
@pytest.mark.parametrize("said", [True, False])
def test_a_page_is_read_in_its_encoding_said_or_not(encoding: str, said: bool) -> None:
    name = {"cp1256": "windows-1256", "iso8859-6": "iso-8859-6"}.get(encoding, "utf-8")
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={name}">' if said else ""
    (document,) = documents(page(f"<p>{TEXT}</p>", head).encode(encoding))
    assert document.raw == TEXT


def test_what_the_server_says_goes_before_the_page_and_a_lie_counts_for_nothing() -> None:
    data = page(f"<p>{TEXT}</p>", '<meta charset="utf-8">').encode("cp1256")
    assert documents(data, charset="windows-1256")[0].raw == TEXT
    assert documents(data)[0].raw == TEXT
    assert documents(page(f"<p>{TEXT}</p>", '<meta charset="iso-8859-1">').encode())[0].raw == TEXT


def test_a_letter_lost_in_a_page_costs_that_letter(tmp_path: Path) -> None:
    data = page(f"<p>{TEXT}</p>" * 9 + "<p>الأول ثم الثاني</p>").encode()
    (document,) = documents(data.replace("الأول".encode(), "الأول".encode()[:-1]))
    assert "الأو\ufffd ثم الثاني" in document.raw


def test_presentation_forms_become_letters_and_marks_stay() -> None:
    (document,) = documents(page("<p>ﺃﻣﺮ ﺍﻟﻮﺍﻟﻲ ﺑﻔﺘﺢ ﺍﻟﻄﺮﻳﻖ\u200f أَمام\u200d الشاحنات\xa0 كلها</p>"))
    assert document.raw == "أمر الوالي بفتح الطريق\u200f أَمام\u200d الشاحنات كلها"
    assert clean("\uf0b7 فتح") == "• فتح"


# --- what is the article


def test_a_page_without_an_article_keeps_what_is_not_around_it() -> None:
    (document,) = documents(
        page(f"<nav><a href=/>الرئيسية</a></nav><div>{TEXT}</div><footer>جميع الحقوق محفوظة</footer>")
    )
    assert document.raw == TEXT


def test_counters_and_links_to_other_news_inside_the_article_are_left_out() -> None:
    body = "".join(f"<p>{line}</p>" for line in BODIES[3])
    inside = '<p>1204 مشاهدة</p><p><a href="/x">اقرأ أيضا: الوالي يزور الدائرة</a></p><p style="display: none">مخفي</p>'
    (document,) = documents(page(f"<article>{body}{inside}<p>انتهى البيان.</p></article>"))
    assert document.raw.splitlines() == [*BODIES[3], "انتهى البيان."]


def test_numbers_and_bullets_of_lists_are_read_as_they_are_shown() -> None:
    body = f"<p>{TEXT}</p><ol start=3><li>غلق الحفر</li><li><p>تسييج الورشة</p></li></ol><ul><li>تنظيف المحيط</li></ul>"
    (document,) = documents(page(body))
    assert document.raw.splitlines()[1:] == ["3. غلق الحفر", "4. تسييج الورشة", "- تنظيف المحيط"]


def test_scripts_are_not_run_and_not_read() -> None:
    (document,) = documents(page(f"<p>{TEXT}</p><script>document.write('x')</script><p>تم<br>الأمر</p>"))
    assert document.raw.splitlines() == [TEXT, "تم", "الأمر"]


# --- digests


def test_a_page_of_several_articles_is_taken_apart() -> None:
    body = "".join(f"<article>{paragraphs(lines)}</article>" for lines in BODIES[1:4])
    found = documents(page(f"<h1>بيانات اليوم</h1>{body}"))
    assert [d.raw.splitlines() for d in found] == BODIES[1:4]
    assert [d.title for d in found] == [lines[0] for lines in BODIES[1:4]]
    assert [(d.source, d.meta["part"]) for d in found] == [("a.html#1", 1), ("a.html#2", 2), ("a.html#3", 3)]
    assert len({d.id for d in found}) == 3
    for d in found:
        assert d.reading is not None
        assert d.reading.places[0].span.start == 0


def test_an_article_with_teasers_below_is_one_statement() -> None:
    teasers = "".join(f"<article><h3>{lines[0]}</h3></article>" for lines in BODIES[4:7])
    (document,) = documents(page(f"<article>{paragraphs(BODIES[3])}</article>{teasers}"))
    assert document.raw.splitlines() == BODIES[3]


def test_rules_part_statements_of_a_markdown_file() -> None:
    found = documents("\n\n---\n\n".join("# " + "\n\n".join(lines) for lines in BODIES[7:]), "md")
    assert [d.raw.splitlines()[0] for d in found] == [lines[0] for lines in BODIES[7:]]


@pytest.mark.parametrize("rule", ["***", "* * *", "-----", "=====", "• • •"])
def test_a_rule_parts_statements_only_where_both_sides_are_some(rule: str) -> None:
    lines = [Block(line) for line in BODIES[3]]
    from pipeline.ingest.blocks import lines_of

    other = [Block(line) for line in BODIES[7]]
    assert len(split(list(lines_of([*lines, Block(rule), *other])))) == 2
    signed = [*lines, Block(rule), Block("عن الوالي"), Block("الأمين العام")]
    assert [len(part) for part in split(list(lines_of(signed)))] == [len(lines) + 2]


def test_headings_alone_part_nothing() -> None:
    body = "".join(paragraphs(lines) for lines in BODIES[1:4])
    assert len(documents(page(f"<h1>بيان اجتماع مجلس الحكومة</h1>{body}"))) == 1


# --- fields


def test_json_ld_goes_before_meta_tags_and_these_before_what_is_shown() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": "عنوان",
        "datePublished": "2025-03-02",
        "author": [{"name": "ن. بركاني"}],
    }
    head = (
        '<title>عنوان - الموقع</title><meta property="og:title" content="عنوان آخر"><meta name="author" content="غيره">'
        '<meta property="og:site_name" content="الميدان"><meta property="og:url" content="https://x.example.tn/1">'
        f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script><script type="application/ld+json">{{broken</script>'
    )
    (document,) = documents(page(f"<time>1 جانفي 2020</time><p>{TEXT}</p>", head))
    assert (document.title, str(document.published), document.outlet) == ("عنوان", "2025-03-02", "الميدان")
    assert dict(document.meta) == {"byline": "ن. بركاني", "url": "https://x.example.tn/1", "country": "tn"}
    assert document.reading is not None
    assert document.reading.sources["country"] == "address"


def test_a_date_shown_beside_the_headline_is_read_and_one_of_a_comment_is_not() -> None:
    (document,) = documents(page(f"<h1>بيان</h1><time>الثلاثاء 7 جانفي 2025 - 10:30</time><p>{TEXT}</p>"))
    assert (str(document.published), document.published_source) == ("2025-01-07", "time")
    (document,) = documents(page(f"<p>{TEXT}</p><ul><li><time datetime='2020-01-01'>قديم</time><p>تعليق</p></li></ul>"))
    assert document.published is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-01-07T21:40:00+01:00", "2025-01-07"), ("7/1/2025", "2025-01-07"), ("Tue, 07 Jan 2025 10:00:00 GMT", "2025-01-07"),
        ("07 يناير، 2025 10:30 ص", "2025-01-07"), ("نشر في 3 أفريل 2024", "2024-04-03"), ("أمس", "None"), ("جانفي 2025", "None"), ("", "None"),
    ],
)  # fmt: skip
def test_days_as_they_are_written(text: str, day: str) -> None:
    assert str(written_day(text)) == day


def test_countries_by_address() -> None:
    assert [country_of(url) for url in ("http://a.gov.dz/x", "https://b.ma", "https://c.com", "https://d.io", "x")] == [
        "dz",
        "ma",
        None,
        None,
        None,
    ]


def test_broken_words_tell_of_a_bad_reading() -> None:
    assert broken_words(" ".join(map("\n".join, BODIES))) < 0.01
    assert broken_words("\n".join(BODIES[3])[::-1]) > 0.15
    assert broken_words("ا ل و ا ل ي أ م ر") > 0.3
