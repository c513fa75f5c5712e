"""The page in a real browser (headless Chromium): a journalist's way through it, in Arabic and French, and axe's verdict."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.store.sqlite import FILE_NAME
from tests.web.browser import CHROMIUM, DESKTOP, PHONE, chromium, served

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install '.[dev]'")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing: apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser")
    shutil.copy(made / FILE_NAME, folder / FILE_NAME)
    with served(folder) as at:
        yield at


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A window of its own. What the page's policy refuses, or a script breaks, fails the test."""
    context = browser.new_context(base_url=address, viewport=DESKTOP)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert not [fault for fault in faults if "404" not in fault and "422" not in fault]


def results(page: Any) -> int:
    return int(re.sub(r"\D", "", page.locator("h2.count").inner_text().split("\n")[0].split(" ")[0]))


WORDS = {
    "ar": {"search": "ابحث", "order": "أمر", "evidence": "الشواهد", "edit": "صحّح", "save": "احفظ", "corrected": "صُحّحت", "reject": "ليست تعليمة", "rejected": "مرفوضة", "analyse": "تحليل بيان"},
    "fr": {"search": "Chercher", "order": "ordre", "evidence": "Indices", "edit": "Corriger", "save": "Enregistrer", "corrected": "corrigée", "reject": "Pas une instruction", "rejected": "rejetée", "analyse": "Analyser un communiqué"},
}  # fmt: skip


CUT = """() => {
  const panel = document.querySelector(".statement"), top = panel.getBoundingClientRect().top + panel.clientTop;
  const range = document.createRange();
  range.selectNodeContents(panel);
  const cut = [...range.getClientRects()].filter((r) => r.height && r.top < top - 3 && r.bottom > top + 3);
  return [panel.scrollTop, cut.map((r) => [r.top - top, r.bottom - top])];
}"""
"""How far the box of a statement is scrolled, and which pieces of text its upper edge cuts through."""


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_box_of_a_statement_opens_on_a_whole_line(page: Any, language: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 420})
    page.goto(f"/document?id=agadir-2025-02-18&lang={language}")
    addresses = [a.get_attribute("href") for a in page.locator('.entries a[href^="/directive"]').all()]
    opened = []
    for address in addresses:
        page.goto(address)
        scrolled, cut = page.evaluate(CUT)
        assert cut == [], address
        place = page.locator("mark#instruction").first.bounding_box()
        frame = page.locator(".statement").bounding_box()
        assert frame["y"] <= place["y"] < frame["y"] + frame["height"]
        opened.append(scrolled)
    assert min(opened) == 0 < max(opened)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_journalists_way(page: Any, language: str) -> None:
    """Search, filter, open the evidence, correct, export."""
    say = WORDS[language]
    page.goto(f"/?lang={language}")
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    everything = results(page)
    page.get_by_role("searchbox").fill("فتح")
    page.get_by_role("button", name=say["search"], exact=True).click()
    found = results(page)
    assert 0 < found < everything
    assert page.locator("mark.hit").count() > 0
    page.locator("#facets").get_by_role("link", name=re.compile(rf"^{say['order']}\s")).first.click()
    assert "force=order" in page.url
    assert 0 < results(page) <= found
    before = results(page)
    assert page.locator(".card .force-order").count() == page.locator(".card").count() > 0

    title = page.locator(".card .instruction a").first
    words = title.inner_text()
    title.click()
    assert page.locator("h1.instruction").inner_text() == words
    assert page.get_by_role("heading", name=say["evidence"], exact=True).is_visible()
    assert page.locator("table.evidence tbody tr").count() > 0
    marked = page.locator("mark#instruction")
    assert "".join(marked.inner_text().split()).endswith("".join(words.split()))
    assert marked.bounding_box()["y"] > 0

    page.get_by_role("link", name=say["edit"], exact=True).click()
    page.locator('select[name="force"]').select_option("urge")
    page.locator('input[name="author"]').fill("سلمى")
    page.get_by_role("button", name=say["save"], exact=True).click()
    assert page.locator(".record > .badges .verdict").inner_text().endswith(say["corrected"])
    page.locator('textarea[name="note"]').fill("ليس أمرا")
    page.get_by_role("button", name=say["reject"], exact=True).click()
    assert page.locator(".record > .badges .verdict").inner_text().endswith(say["rejected"])
    assert page.locator("ol.log li").count() >= 2

    page.goto("/?q=فتح&force=order")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == before
    assert "reject" in {row["verdict"] for row in rows}


def test_a_statement_is_analysed_as_soon_as_it_is_pasted(page: Any) -> None:
    page.goto("/analyse?lang=ar")
    page.evaluate(
        """() => {
          const box = document.getElementById("text");
          const data = new DataTransfer();
          data.setData("text/plain", "");
          box.value = "أمر الوالي رؤساء البلديات بفتح الطريق <script>document.title='no'</script> قبل نهاية الشهر.";
          box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    page.locator("#found .entries li").first.wait_for()
    assert "فتح الطريق" in page.locator("#found .entries li").first.inner_text()
    assert page.locator("#found .role-deadline").count() > 0
    assert page.title() != "no"


def test_what_is_selected_goes_into_the_form_with_its_place(page: Any) -> None:
    page.goto("/edit?document=b-7")
    page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.getElementById("statement"), NodeFilter.SHOW_TEXT);
          let node, seen = 0;
          while ((node = walker.nextNode())) {
            let at = node.data.indexOf("فتح المسبح");
            while (at >= 0) {
              if (++seen === 3) {
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + "فتح المسبح".length);
                document.getSelection().removeAllRanges();
                document.getSelection().addRange(range);
                return;
              }
              at = node.data.indexOf("فتح المسبح", at + 1);
            }
          }
        }"""
    )
    page.locator('#pick button[data-field="instruction"]').click()
    assert page.locator('textarea[name="instruction"]').input_value() == "فتح المسبح"
    text = page.evaluate("fetch('/api/document?id=b-7').then((answer) => answer.json()).then((found) => found.text)")
    third = [m.start() for m in re.finditer("فتح المسبح", text)][2]
    assert page.locator('input[name="instruction_at"]').input_value() == str(third)


def test_the_keyboard_is_enough(page: Any) -> None:
    page.goto("/?lang=ar")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("فتح")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.card .instruction') !== null"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/directive?*")


PATHS = ("/", "/?q=فتح&force=order&overdue=0", "/documents", "/actors", "/charts", "/saved", "/corrections", "/about", "/analyse", "/document?id=b-7", "/edit?document=b-7", "/nothing")  # fmt: skip


def directive_path(page: Any) -> str:
    page.goto("/?q=فتح")
    return str(page.locator(".card .instruction a").first.get_attribute("href"))


@pytest.mark.parametrize(("language", "scheme"), [("ar", "light"), ("fr", "light"), ("ar", "dark")])
def test_axe_finds_nothing(page: Any, language: str, scheme: str) -> None:
    """WCAG 2.2 A and AA and the best practices of axe-core, on every kind of page in Arabic; in French and in the dark on those with most in them."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed: pip install '.[dev]'"
    )
    page.emulate_media(color_scheme=scheme)
    found = {}
    paths = (
        PATHS
        if (language, scheme) == ("ar", "light")
        else ("/?q=فتح&force=order", "/charts", "/document?id=b-7", "/edit?document=b-7")
    )
    for path in (*paths, directive_path(page)):
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        violations = axe.Axe().run(page, options=options).response["violations"]
        if violations:
            found[path] = [
                (v["impact"], v["id"], v["nodes"][0]["html"][:200], v["nodes"][0].get("failureSummary", "")[:300])
                for v in violations
            ]
    assert not found


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_nothing_is_cut_off_on_a_phone(page: Any, language: str) -> None:
    page.set_viewport_size(PHONE)
    for path in (*PATHS, directive_path(page)):
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_print_leaves_the_page_furniture_out(page: Any) -> None:
    page.goto(directive_path(page))
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert not page.locator(".languages").is_visible()
    assert not page.locator(".review").is_visible()
    assert page.locator(".statement").is_visible()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_arabic_runs_from_the_right_in_every_language_of_the_page(page: Any, language: str) -> None:
    """The labels of roles are words of the page's language and must not turn the statement that holds them."""
    page.goto('/?q="فتح المسبح"&folded=0')
    addresses = [a.get_attribute("href") for a in page.locator('.card .instruction a[href*="b-7"]').all()]
    assert addresses
    lines = 0
    for address in addresses:
        page.goto(f"{address}&lang={language}")
        for part in (".statement", "h1.instruction", ".timeline .words"):
            found = page.locator(part).all()
            lines += len(found)
            assert {e.evaluate("e => getComputedStyle(e).direction") for e in found} <= {"rtl"}, (address, part)
    assert lines > 2 * len(addresses)


def test_corrections_are_read_on_a_phone(page: Any) -> None:
    page.set_viewport_size(PHONE)
    page.goto('/?q="فتح المسبح"')
    page.locator(".card .instruction a").first.click()
    page.locator('[name="author"]').fill("نورة")
    page.locator('[name="note"]').fill("قورن النص بما نُشر في الجريدة الرسمية، سطرا بعد سطر")
    page.get_by_role("button", name="صحيحة").click()
    page.goto("/corrections")
    heights = [badge.bounding_box()["height"] for badge in page.locator("tbody .badge").all()]
    assert heights
    assert max(heights) < 40
    words = page.locator("tbody td:nth-child(2)").first.bounding_box()
    assert words["width"] > 300
