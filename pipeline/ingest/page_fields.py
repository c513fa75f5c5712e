"""Title, outlet, byline, publication date, address and country of a page: from JSON-LD, from its meta tags, from what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipeline.ingest.known import Known

_ARTICLE = re.compile(r"Article|BlogPosting|Report|WebPage|PressRelease", re.IGNORECASE)
_META_TITLE = ("og:title", "twitter:title", "dc.title")
_META_OUTLET = ("og:site_name", "application-name", "dc.publisher", "publisher")
_META_BYLINE = ("author", "article:author", "dc.creator", "parsely-author")
_META_DAY = (
    "article:published_time", "og:published_time", "datepublished", "dc.date.issued", "dc.date", "dcterms.created", "date", "pubdate", "publishdate",
    "publish-date", "parsely-pub-date", "sailthru.date", "article:published",
)  # fmt: skip
_MAX_JSON = 2_000_000
_SHOWN_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author(?:-?name)?|writer)(?=$|[\s_-])", re.IGNORECASE)
_BY = re.compile(r"^\s*(?:بقلم|كتبت?|إعداد|by)\s*[:/]?\s*", re.IGNORECASE)


def read_fields(tree: etree._Element) -> Known:
    """The fields of a page. Dates that a page's furniture shows (of comments, of related links) are not looked at."""
    known = Known()
    for item in _linked_data(tree):
        known.tell("title", item.get("headline"), "json-ld")
        known.tell("byline", _name(item.get("author")), "json-ld")
        known.tell("outlet", _name(item.get("publisher")), "json-ld")
        known.tell_day(item.get("datePublished"), "json-ld")
        url = item.get("url") or item.get("mainEntityOfPage")
        known.tell("url", url.get("@id") if isinstance(url, dict) else url, "json-ld")
    _read_meta(tree, known)
    _read_shown(tree, known)
    return known


def _read_meta(tree: etree._Element, known: Known) -> None:
    tags: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
        if name and tag.get("content"):
            tags.setdefault(name, tag.get("content"))
    for field, names in (("title", _META_TITLE), ("outlet", _META_OUTLET), ("byline", _META_BYLINE)):
        for name in names:
            value = tags.get(name, "")
            known.tell(field, None if value.startswith("http") else value, name)
    for name in _META_DAY:
        known.tell_day(tags.get(name), name)
    for link in tree.iter("link"):
        if "canonical" in link.get("rel", "").lower() and link.get("href", "").startswith("http"):
            known.tell("url", link.get("href"), "canonical")
    known.tell("url", tags.get("og:url"), "og:url")
    language = tree.get("lang", "") or tags.get("og:locale", "")
    if found := re.fullmatch(r"ar[-_]([a-z]{2})", language.strip(), re.IGNORECASE):
        known.tell("country", found[1].lower(), "lang" if tree.get("lang") else "og:locale")


def _read_shown(tree: etree._Element, known: Known) -> None:
    heads = [" ".join("".join(h.itertext()).split()) for h in tree.iter("h1")]
    if len(heads) == 1:
        known.tell("title", heads[0], "h1")
    title = tree.find(".//title")
    if title is not None:
        known.tell("title", title.text, "title")
    for time in tree.iter("time"):
        # The date of the article stands beside its headline, before any list of comments or other articles.
        if not any(a.tag in ("li", "aside", "footer", "nav") for a in time.iterancestors()):
            known.tell_day(time.get("datetime") or "".join(time.itertext()), "time")
            break
    for element in tree.iter("span", "div", "p", "a", "address"):
        names = f"{element.get('class', '')} {element.get('rel', '')} {element.get('itemprop', '')}"
        if _SHOWN_BYLINE.search(names):
            text = _BY.sub("", " ".join("".join(element.itertext()).split()))
            if 0 < len(text) <= 60:
                known.tell("byline", text, "byline of the page")
                break


def _name(value: Any) -> str | None:
    """The name of a person or body, of the first where there are several."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return value if isinstance(value, str) and not value.startswith("http") else None


def _linked_data(tree: etree._Element) -> Iterator[dict[str, Any]]:
    """The articles that the JSON-LD of a page describes."""
    for script in tree.iter("script"):
        if "ld+json" not in script.get("type", "").lower() or not script.text or len(script.text) > _MAX_JSON:
            continue
        try:
            data = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        items = data if isinstance(data, list) else [data]
        for item in items:
            graph = item.get("@graph") if isinstance(item, dict) else None
            for entry in graph if isinstance(graph, list) else [item]:
                if isinstance(entry, dict) and _ARTICLE.search(str(entry.get("@type", ""))):
                    yield entry
