"""Pages: which lines of a page are the statement, and what surrounds it.

trafilatura says what the article is; the text itself is taken from the page, so that each line keeps its element, list items keep their
marks, and a headline or short line that trafilatura left out inside the article is read too.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from importlib.metadata import version

from lxml import etree

from pipeline.errors import Problem
from pipeline.ingest import dom
from pipeline.ingest.assemble import documents
from pipeline.ingest.blocks import Block
from pipeline.ingest.decode import DecodeError, arabic_share, decode
from pipeline.ingest.known import Known
from pipeline.ingest.page_fields import read_fields
from pipeline.ingest.source import Source
from pipeline.segment import is_counter
from pipeline.types import Document

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_LETTERS = re.compile(r"[\W_]+")
_SEE_ALSO = re.compile(
    r"[\W\d_]*(?:[اإ]قر[أا](?:وا)?\s+[أا]يضا|طالع\s+[أا]يضا|شاهد\s+[أا]يضا|مواضيع\s+ذات\s+صلة|[إا]قر[أا]\s+المزيد|للمزيد\s*:)"
)
_RELATED = re.compile(r"[\W\d_]*(?:مواضيع|مقالات|أخبار)\s+(?:ذات\s+صلة|متعلقة|مشابهة)[\W\d_]*")
_MAX_LOST = 0.002  # share of letters that may be lost
MAX_LINES = 50_000
"""Lines of a page that are looked at."""


def decode_page(data: bytes, charset: str | None = None) -> str:
    """A page as text: in the encoding that its server or its head names, where that reads as text; else in the one its bytes tell. A page of UTF-8 may
    have lost a letter in five hundred: U+FFFD stands in its place.

    Raises :class:`pipeline.ingest.decode.DecodeError`.
    """
    marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    named = _CHARSET.search(data[:4096])
    for name in () if marked else (charset, named[1].decode("ascii") if named else None):
        try:
            text = data.decode(name) if name else ""
        except (LookupError, UnicodeError):
            continue
        if text and (name or "").lower() not in ("iso-8859-1", "latin-1", "windows-1252"):
            return text
    try:
        return decode(data)
    except DecodeError:
        # A page cut together from others often holds half a letter somewhere. It is read, and the letter is lost where it stands.
        text = data.decode("utf-8", "replace")
        if arabic_share(text) < 0.5 or text.count("\ufffd") > _MAX_LOST * len(text):
            raise
        return text


def read_html(source: Source) -> Iterator[Document | Problem]:
    """The statement of a page, or its statements where it is a digest of several articles."""
    text = decode_page(source.stream.read(), source.charset)
    if not text.strip():
        yield Problem(source.name, "the text is empty")
        return
    tree = dom.parse(text)
    known = read_fields(tree)
    yield from documents(source, article(tree, known), known, f"trafilatura {version('trafilatura')}")


def article(tree: etree._Element, known: Known) -> list[Block]:
    """The lines of a page that are the article, with their elements (XPath)."""
    lines = dom.lines(tree)[:MAX_LINES]
    if parts := _own_articles(lines):
        out: list[Block] = []
        for part in parts:
            out += [Block("", kind="break"), *_blocks([line for line in part if not _is_furniture(line)])]
        return out
    taken = _taken(lines, _extracted(tree))
    if not taken:
        taken = [i for i, line in enumerate(lines) if not line.around]
    chosen = set(taken)
    title = _key(known.values.get("title", ""))
    for i in range(taken[0], taken[-1]) if taken else ():
        # Inside the article, what is not furniture: trafilatura leaves out short lines and some lists.
        if not lines[i].around and not _is_linked(lines[i]):
            chosen.add(i)
    heads = [i for i, line in enumerate(lines[: taken[0]] if taken else ()) if line.tag == "h1" and not line.around]
    above = [i for i in heads if title and _key(lines[i].text) in title or len(heads) == 1]
    if above and above[-1] not in chosen:
        chosen.add(above[-1])
    kept = [line for line in (lines[i] for i in sorted(chosen)) if not _is_furniture(line)]
    # The headline is often said again at the head of the text.
    return _blocks([line for n, line in enumerate(kept) if line.tag == "hr" or n == 0 or line.text != kept[n - 1].text])


def _blocks(lines: Sequence[dom.Line]) -> list[Block]:
    return [
        Block("", kind="break")
        if line.tag == "hr"
        else Block(
            line.marker + line.text, dom.path_of(line.element), "heading" if line.tag in ("h1", "h2", "h3") else "text"
        )
        for line in lines
    ]


def _key(text: str) -> str:
    return _LETTERS.sub("", text)


def _is_linked(line: dom.Line) -> bool:
    return line.linked > 0.6 * len(line.text)


def _is_furniture(line: dom.Line) -> bool:
    """Counters, «read also» and the heading of related links; they stand inside articles too."""
    if line.tag == "hr":
        return False
    if line.tag == "h1":
        return is_counter(line.text)
    return (
        is_counter(line.text) or bool(_RELATED.fullmatch(line.text)) or bool(_SEE_ALSO.match(line.text) and line.linked)
    )


def _extracted(tree: etree._Element) -> list[str]:
    """The lines that trafilatura takes for the article."""
    from trafilatura import bare_extraction

    found = bare_extraction(
        copy.deepcopy(tree), include_comments=False, include_tables=True, favor_recall=True, with_metadata=False
    )
    body = getattr(found, "body", None)
    if body is None:
        return []
    out = [
        _key("".join(e.itertext()))
        for e in body.iter("p", "head", "item", "cell", "quote", "code", "ab", "fw")
        if not len(e)
    ]
    out += [_key(part) for e in body.iter() if len(e) for part in (e.text, *(child.tail for child in e)) if part]
    return [key for key in out if key]


def _taken(lines: Sequence[dom.Line], extracted: list[str]) -> list[int]:
    """Which lines of the page the extracted ones are, in order. A text that stands twice on a page, as in a menu, counts where its neighbours are."""
    keys = [_key(line.text) for line in lines]
    wanted = set(extracted)
    known = [i for i, key in enumerate(keys) if key in wanted and not lines[i].around]
    matcher = SequenceMatcher(
        None, [keys[i] for i in known], [key for key in extracted if key in set(keys)], autojunk=False
    )
    taken = [known[block.a + n] for block in matcher.get_matching_blocks() for n in range(block.size)]
    found, asked = sum(len(keys[i]) for i in taken), sum(map(len, extracted))
    return taken if found >= 0.5 * asked else []


def _own_articles(lines: Sequence[dom.Line]) -> list[list[dom.Line]]:
    """The articles of a digest page: several elements ``article``, each with a heading and a text; [] where the page is no such."""
    groups: dict[etree._Element, list[dom.Line]] = {}
    for line in lines:
        if line.around:
            continue
        inside = next((a for a in (line.element, *line.element.iterancestors()) if a.tag == "article"), None)
        if inside is not None:
            groups.setdefault(inside, []).append(line)
    if len(groups) < 2:
        return []
    full = [g for g in groups.values() if any(x.tag in ("h1", "h2", "h3", "h4") for x in g) and _plain_words(g) >= 40]
    # One long article with teasers below it is a page like any other.
    return full if len(full) >= 2 and len(full) >= 0.8 * len(groups) else []


def _plain_words(lines: Sequence[dom.Line]) -> int:
    text = " ".join(line.text for line in lines if not _is_linked(line))
    return len(text.split()) if arabic_share(text) > 0.3 else 0
