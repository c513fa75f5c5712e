"""A page as lines: the text of each block element, where it stands, and what kind of place that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from pipeline.ingest.blocks import clean

# Elements that open a line of their own.
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_SKIPPED = frozenset(
    "script style noscript template svg math iframe object embed canvas audio video button select option textarea input head title link meta".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
# What surrounds an article: by element, by role, and by what the class or id says.
_AROUND = frozenset(("nav", "aside", "footer", "form", "figcaption"))
_AROUND_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search"))
_AROUND_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|breadcrumbs?|share\w*|sharing|social\w*|related\w*|comments?|comment-\w+|respond|tags?|tagcloud|sidebar\w*|widgets?|views?|"
    r"counter|post-?views|byline|authors?|author-\w+|post-?meta|entry-?meta|meta|newsletter|subscribe|advert\w*|ads?|banner|ticker|footer|cookie\w*|popup|modal|"
    r"most-?read|read-?more|recommend\w*|print|pagination|copyright|login)(?=$|[\s_-])",
    re.IGNORECASE,
)
# Pages name the whole after its parts: «has-sidebar», «content-with-comments».
_WHOLE = re.compile(r"(?:^|[\s_-])(?:has|with|no|without|is|page|single|layout|template)[_-]", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """A line of a page: its text, the element it stands in, the letters of it that are links, and whether it is around the article."""

    text: str
    element: etree._Element
    tag: str
    linked: int = 0
    around: bool = False
    marker: str = ""
    """What a reader sees before a list item: «- », «1. »."""


@dataclass(slots=True)
class _State:
    """The line that is being gathered."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0


def parse(text: str) -> etree._Element:
    """The tree of a page. Nothing is fetched and no entity is resolved beyond HTML's own. Raises ValueError where there is no element."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\x00", ""))
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = html.document_fromstring(text, parser=parser)
    except etree.ParserError as error:
        raise ValueError(str(error)) from None
    return tree


def path_of(element: etree._Element) -> str:
    """The XPath of an element in the tree that :func:`parse` makes."""
    return str(element.getroottree().getpath(element))


def _is_around(element: etree._Element) -> bool:
    if element.tag in _AROUND or element.get("role", "").lower() in _AROUND_ROLES:
        return True
    if element.tag in ("html", "body", "main", "article"):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_AROUND_NAMES.search(names)) and not _WHOLE.search(names)


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style", "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style or element.get("hidden") is not None


def _marker(item: etree._Element) -> str:
    """«- » or «3. », as the list shows its items."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "- "
    start = parent.get("start", "1")
    before = sum(1 for sibling in item.itersiblings("li", preceding=True))
    return f"{(int(start) if start.isdecimal() else 1) + before}. "


def lines(tree: etree._Element) -> list[Line]:
    """The lines of a page in order, empty ones left out; text that is not shown is left out too."""
    out: list[Line] = []
    state = _State()
    marker = ""  # of the item that has just been opened
    stack: list[tuple[etree._Element, bool]] = []  # open blocks, and whether each is around the article

    def close() -> None:
        nonlocal marker
        text = clean("".join(state.parts).replace("\n", " "))
        if text and stack:
            element, around = stack[-1]
            out.append(Line(text, element, str(element.tag), state.linked, around, marker))
            marker = ""
        state.parts.clear()
        state.linked = 0

    links = 0
    for event, element in _walk(tree):
        tag = str(element.tag)
        if event == "start":
            if tag in _BLOCKS:
                close()
                around = (bool(stack) and stack[-1][1]) or _is_around(element)
                stack.append((element, around))
                if tag == "li":
                    marker = _marker(element)
                elif tag == "hr":
                    out.append(Line("", element, "hr"))
            elif tag == "br":
                close()
            links += tag == "a"
            text = element.text
        else:
            if tag in _BLOCKS:
                close()
            if event == "end":
                if tag in _BLOCKS:
                    stack.pop()
                links -= tag == "a"
            text = element.tail if element is not tree else None
        if text:
            if tag in _BLOCKS and not text.strip():
                continue
            state.parts.append(text)
            if links:
                state.linked += len(clean(text))
    return out


def _walk(tree: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Start and end of each element that is shown; ``tail`` of one that is not, of which only what stands behind it counts."""
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                yield "tail", element
            continue
        if event == "start" and (not isinstance(element.tag, str) or element.tag in _SKIPPED or _is_hidden(element)):
            skipped = element
            continue
        yield event, element
