"""The pages: in three languages, every search an address, evidence and provenance with each record, repeats folded."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from pipeline.store.sqlite import FILE_NAME, Store
from tests.web.conftest import HOSTILE, token

PAGES = ("/", "/analyse", "/documents", "/actors", "/charts", "/saved", "/corrections", "/about")
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Checker(HTMLParser):
    """Collects links, and faults of nesting."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and "a" in self.open:
            self.faults.append(f"a link inside a link: {given}")
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()


def checked(client: TestClient, path: str) -> Checker:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    checker = Checker()
    checker.feed(answer.text)
    assert not checker.faults, (path, checker.faults)
    assert not checker.open, (path, checker.open)
    assert len(checker.ids) == len(set(checker.ids)), path
    return checker


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_answers_in_every_language(client: TestClient, language: str) -> None:
    for path in PAGES:
        text = client.get(path, params={"lang": language}).text
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in text, path
        checked(client, f"{path}?lang={language}")


def test_arabic_comes_first_and_the_choice_is_remembered(client: TestClient) -> None:
    assert 'lang="ar" dir="rtl"' in client.get("/", headers={"accept-language": "fr"}).text
    client.get("/?lang=fr")
    assert 'lang="fr" dir="ltr"' in client.get("/about").text
    assert 'lang="fr"' in client.get("/about?lang=xx").text


def test_every_link_of_the_first_pages_leads_somewhere(client: TestClient) -> None:
    seen: set[str] = set()
    for start in ("/", "/actors", "/documents", "/charts"):
        for link in checked(client, start).links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link.startswith("#") or parts.path == "/export":
                continue
            seen.add(link)
    kinds: dict[str, int] = {}
    for link in sorted(seen):
        path = urlsplit(link).path
        kinds[path] = kinds.get(path, 0) + 1
        if kinds[path] <= 12:
            answer = client.get(link)
            assert answer.status_code == 200, link
    assert {"/", "/directive", "/document", "/actor"} <= set(kinds)


def count(text: str) -> int:
    found = re.search(r'class="count">([\d\u202f]+)', text)
    assert found
    return int(found[1].replace("\u202f", ""))


def test_a_facet_counts_what_its_link_finds(client: TestClient) -> None:
    text = client.get("/").text
    facets = text.partition('id="facets"')[2]
    found = re.findall(r'<li><a href="([^"]+)"[^>]*>.*?<span class="n">([\d\u202f]+)</span>', facets)
    assert len(found) > 20
    for link, number in found[:25]:
        assert count(client.get(link.replace("&amp;", "&")).text) == int(number.replace("\u202f", "")), link


def test_words_find_their_forms_and_are_shown(client: TestClient) -> None:
    text = client.get("/", params={"q": "فتح المسبح"}).text
    assert count(text) >= 1
    assert '<mark class="hit">' in text


def test_pairs_of_the_charts_are_searches_with_that_many_results(client: TestClient) -> None:
    text = client.get("/charts").text.partition("من يأمر مَن")[2]
    found = re.findall(r'<td class="num"><a href="([^"]+)">(\d+)</a>', text)
    assert len(found) > 5
    for link, number in found[:12]:
        assert count(client.get(link.replace("&amp;", "&")).text) == int(number), link


def test_a_page_that_is_kept_bears_each_readers_own_token_and_name(page: FastAPI) -> None:
    readers = [TestClient(page, base_url="http://localhost") for _ in range(2)]
    readers[1].cookies.set("taalimat_author", "%22%3E%3Cb%3E")
    texts = [[reader.get("/document?id=b-7").text for _ in range(2)][1] for reader in readers]
    own = [re.findall(r'name="csrf" value="(\w+)"', text) for text in texts]
    assert len(set(own[0])) == len(set(own[1])) == 1
    assert own[0] != own[1]
    assert own[0][0] == token(readers[0])
    assert 'value="&quot;&gt;&lt;b&gt;"' in texts[1]


def test_an_answer_is_kept_until_the_store_changes(writer: TestClient) -> None:
    first = count(writer.get("/").text)
    assert count(writer.get("/").text) == first
    row = writer.get("/api/search?limit=1").json()["results"][0]
    data = {"csrf": token(writer), "document": row["document_id"], "id": row["directive_id"], "verdict": "accept"}
    writer.post("/correct", data=data | {"author": "نورة"})
    assert 'class="badge verdict verdict-accept"' in writer.get("/").text


def test_a_search_that_cannot_be_read_says_why(client: TestClient) -> None:
    answer = client.get("/", params={"force": "maybe", "month": "June", "lang": "en"})
    assert answer.status_code == 422
    assert "order, demand, insist" in answer.text
    assert "June" in answer.text


def test_nothing_found_is_said(client: TestClient) -> None:
    assert "لا نتائج" in client.get("/", params={"q": "خخخخخخ", "near": "0"}).text


def directives(client: TestClient, **params: str) -> list[dict[str, object]]:
    results = client.get("/api/search", params={"limit": "100", **params}).json()["results"]
    assert isinstance(results, list)
    return results


def test_every_directive_shows_its_place_evidence_and_versions(client: TestClient, made: Path) -> None:
    with Store(made / FILE_NAME) as opened:
        ((code, lexicon),) = opened.connection.execute("SELECT code_version, lexicon_version FROM runs")
    for row in directives(client):
        checker_text = client.get("/directive", params={"id": str(row["directive_id"])}).text
        assert 'class="role role-instruction" id="instruction"' in checker_text
        assert "role-trigger" in checker_text
        assert code in checker_text
        assert lexicon in checker_text
        assert '<table class="evidence">' in checker_text
        checked(
            client,
            "/directive?"
            + str(client.build_request("GET", "/", params={"id": row["directive_id"]}).url.query, "ascii"),
        )


def test_the_model_that_decided_is_named(writer: TestClient, store: Path) -> None:
    with Store(store) as opened, opened.transaction():
        opened.connection.execute("UPDATE runs SET model_version = 'a1b2c3d4'")
    page = writer.get("/document", params={"id": "b-7"}).text
    assert "النموذج <bdi>a1b2c3d4</bdi>" in page


def test_the_marked_statement_is_the_statement(client: TestClient, made: Path) -> None:
    """Without tags and shown controls, the text on the page is the text of the document."""
    import html

    with Store(made / FILE_NAME) as opened:
        texts = dict(opened.connection.execute("SELECT document_id, text FROM documents"))
    for name, text in texts.items():
        page = client.get("/document", params={"id": name}).text
        body = re.search(r'<div class="statement"[^>]*>(.*?)</div>', page, re.DOTALL)
        assert body
        shown = re.sub(r'<bdi class="tag">.*?</bdi>', "", body[1])
        shown = re.sub(r'<bdi class="control"[^>]*>U\+([0-9A-F]+)</bdi>', lambda m: chr(int(m[1], 16)), shown)
        assert html.unescape(re.sub(r"<[^>]+>", "", shown)) == text, name


def test_repeats_are_folded_and_can_be_unfolded(client: TestClient) -> None:
    folded, unfolded = count(client.get("/").text), count(client.get("/?folded=0").text)
    assert folded < unfolded
    (row, *_) = [r for r in directives(client) if r["times"] > 1]  # type: ignore[operator]
    page = client.get("/directive", params={"id": str(row["directive_id"])}).text
    assert "مواضع أخرى تقول الشيء نفسه" in page


def test_an_actor_has_its_names_offices_and_instructions(client: TestClient) -> None:
    facets = client.get("/api/search").json()["facets"]["issuer"]
    record = next(v for v in facets if re.fullmatch(r"[0-9a-f]{12}", v["value"]))
    page = client.get("/actor", params={"id": record["value"]}).text
    assert f"تعليمات صدرت عنه: {record['count']}" in page
    assert client.get("/actor", params={"id": "nobody"}).status_code == 404


def test_actors_are_found_however_spelt(client: TestClient) -> None:
    everyone = client.get("/actors").text
    assert "وزير" in everyone
    plain = client.get("/actors", params={"name": "وزير"}).text
    assert client.get("/actors", params={"name": "الوَزِير"}).text.count("<tr>") == plain.count("<tr>")


def test_charts_hold_the_numbers_of_the_search(client: TestClient) -> None:
    text = client.get("/charts").text
    (chart, *_) = re.findall(r'<svg class="chart".*?</svg>', text, re.DOTALL)
    assert ET.fromstring(chart).tag == "svg"
    found = client.get("/api/search").json()
    months = {v["value"]: v["count"] for v in found["facets"]["month"]}
    shown = {dict(parse_qsl(urlsplit(link.replace("&amp;", "&")).query))["month"]: int(n) for link, n in re.findall(r'<a href="([^"]+)"><title>[^<]*: (\d+)</title><rect class="hit-area"', chart)}  # fmt: skip
    assert {m: n for m, n in shown.items() if n} == months


def test_a_pasted_statement_is_analysed_and_not_kept(client: TestClient, made: Path) -> None:
    with Store(made / FILE_NAME) as opened:
        before = opened.connection.execute("SELECT count(*) FROM documents").fetchone()
    data = {
        "csrf": token(client),
        "text": "أمر الوالي رؤساء البلديات بفتح الطريق قبل نهاية الشهر.",
        "published": "2025-05-02",
    }
    answer = client.post("/analyse", data=data)
    assert "وُجدت 1 تعليمات" in answer.text
    assert "31 ماي 2025" in answer.text
    part = client.post("/analyse", data=data, headers={"x-part": "1"}).text
    assert "<html" not in part
    assert "فتح الطريق" in part
    for text, published, words in (("", "", "لا نص"), ("نص", "غدا", "ليس هذا تاريخا")):
        answer = client.post("/analyse", data={**data, "text": text, "published": published})
        assert answer.status_code == 422
        assert words in answer.text
    with Store(made / FILE_NAME) as opened:
        assert opened.connection.execute("SELECT count(*) FROM documents").fetchone() == before


def test_the_api_gives_the_gold_form(client: TestClient) -> None:
    record = client.post("/api/analyse", json={"text": "أمر الوالي بفتح الطريق."}).json()
    (directive,) = record["directives"]
    span = directive["instructions"][0]
    assert record["text"][span["start"] : span["end"]] == "فتح الطريق"


@pytest.mark.parametrize(
    "path",
    ["/directive?id=x", "/document?id=x", "/actor?id=x", "/edit?id=x", "/nothing", "/feed?id=x", "/directive?about=9"],
)
def test_what_is_not_there_is_a_page_of_its_own(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "لا شيء هنا بهذا الاسم" in answer.text


def test_hostile_ids_have_pages(client: TestClient) -> None:
    for record in HOSTILE:
        answer = client.get("/document", params={"id": record["id"]})
        assert answer.status_code == 200
        assert client.get("/api/document", params={"id": record["id"]}).json()["document_id"] == record["id"]
