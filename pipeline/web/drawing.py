"""Charts as SVG made on the server: browsers shape the Arabic in them, style sheets colour them, and they print.

In right-to-left languages time runs from right to left and who speaks stands on the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.web.marks import visible

_WIDTH = 960
_LABEL = 38
"""Characters of a name shown; the whole name is in its title."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A column: what it counts, how many, and where it leads."""

    label: str
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class Node:
    """An actor in a chart, known by ``key``: two may have one name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Flow:
    """How often one actor instructs another; ``link`` leads to these instructions."""

    source: Node
    target: Node
    count: int
    link: str


def bars(columns: Sequence[Bar], title: str, is_rtl: bool) -> Markup:
    """Columns over a line, one label for every column where there is room for it."""
    if not columns:
        return Markup("")
    height, base, top, side = 260, 210, 24, 50
    step = min(90.0, (_WIDTH - 2 * side) / len(columns))
    most = max(1, *(column.count for column in columns))
    every = max(1, -(-110 // int(step)))
    out = [_head(height, title)]
    for i, column in enumerate(columns):
        middle = side + (i + 0.5) * step
        x = _WIDTH - middle if is_rtl else middle
        tall = (base - top) * column.count / most
        wide = min(56.0, step * 0.72)
        out.append(
            f'<a href="{escape(column.link)}"><title>{visible(column.label)}: {column.count}</title>'
            f'<rect class="hit-area" x="{x - step / 2:.1f}" y="{top}" width="{step:.1f}" height="{base - top}"/>'
            f'<rect class="bar" x="{x - wide / 2:.1f}" y="{base - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}" rx="2"/>'
        )
        if step >= 22 and column.count:
            out.append(
                f'<text class="value" x="{x:.1f}" y="{base - tall - 6:.1f}" text-anchor="middle">{column.count}</text>'
            )
        out.append("</a>")
        if i % every == 0:
            out.append(
                f'<text class="axis" x="{x:.1f}" y="{base + 22}" text-anchor="middle">{visible(column.label)}</text>'
            )
    out.append(f'<line class="base" x1="0" y1="{base}" x2="{_WIDTH}" y2="{base}"/></svg>')
    return Markup("".join(out))


_NAMES = 300
"""Room for the names on each side."""

_GAP, _LEAST = 8.0, 20.0
"""Room between two names, and for one."""


def flows(links: Sequence[Flow], title: str, is_rtl: bool) -> Markup:
    """Who instructs whom: names on two sides, joined by bands as thick as their numbers."""
    if not links:
        return Markup("")
    scale = 260 / sum(flow.count for flow in links)
    targets = _boxes([(flow.target, flow.count) for flow in links], scale)
    sources = _boxes([(flow.source, flow.count) for flow in links], scale)
    height = max(_stack(targets), _stack(sources))
    for boxes in (sources, targets):
        _spread(boxes, height)
    near, far = (_WIDTH - _NAMES, _NAMES) if is_rtl else (_NAMES, _WIDTH - _NAMES)
    middle = (near + far) / 2
    out = [_head(round(height) + 24, title)]
    for flow in links:
        thick = max(1.5, flow.count * scale)
        y0, y1 = (
            boxes[node.key].take(flow.count * scale) for boxes, node in ((sources, flow.source), (targets, flow.target))
        )
        colour = list(sources).index(flow.source.key) % 6
        out.append(
            f'<a href="{escape(flow.link)}"><title>{visible(flow.source.name)} ← {visible(flow.target.name)}: {flow.count}</title>'
            f'<path class="band band-{colour}" d="M{near} {y0:.1f} C{middle} {y0:.1f} {middle} {y1:.1f} {far} {y1:.1f}" stroke-width="{thick:.1f}"/></a>'
        )
    out += _side(sources, near, is_right=is_rtl, is_rtl=is_rtl)
    out += _side(targets, far, is_right=not is_rtl, is_rtl=is_rtl)
    return Markup("".join([*out, "</svg>"]))


@dataclass(slots=True)
class _Box:
    name: str
    count: int
    size: float
    top: float = 0.0
    used: float = 0.0

    @property
    def room(self) -> float:
        return max(self.size, _LEAST)

    def take(self, size: float) -> float:
        """The middle of the next band of a size."""
        self.used += size
        return self.top + (self.room - self.size) / 2 + self.used - size / 2


def _boxes(nodes: Sequence[tuple[Node, int]], scale: float) -> dict[str, _Box]:
    out: dict[str, _Box] = {}
    for node, count in nodes:
        box = out.setdefault(node.key, _Box(node.name, 0, 0.0))
        box.count += count
        box.size += count * scale
    return out


def _stack(boxes: dict[str, _Box]) -> float:
    """The height of boxes one above the other."""
    return sum(box.room for box in boxes.values()) + _GAP * (len(boxes) - 1)


def _spread(boxes: dict[str, _Box], height: float) -> None:
    """Set boxes over a height, with the same room between them."""
    free = (height - sum(box.room for box in boxes.values())) / max(1, len(boxes))
    y = 12 + free / 2
    for box in boxes.values():
        box.top = y
        y += box.room + free


def _side(boxes: dict[str, _Box], x: int, *, is_right: bool, is_rtl: bool) -> list[str]:
    anchor = "start" if is_right != is_rtl else "end"
    at, direction = (x + 12 if is_right else x - 12), ("rtl" if is_rtl else "ltr")
    return [
        f"<g><title>{visible(box.name)}: {box.count}</title>"
        f'<rect class="node" x="{x - 3}" y="{box.top + (box.room - box.size) / 2:.1f}" width="6" height="{max(2, box.size):.1f}"/>'
        f'<text class="name" x="{at}" y="{box.top + box.room / 2 + 5:.1f}" text-anchor="{anchor}" direction="{direction}">'
        f'{visible(_short(box.name))} <tspan class="value">{box.count}</tspan></text></g>'
        for box in boxes.values()
    ]


def _head(height: int, title: str) -> str:
    return f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="group" aria-label="{escape(title)}"><title>{escape(title)}</title>'


def _short(name: str) -> str:
    return name if len(name) <= _LABEL else name[: _LABEL - 1].rstrip() + "…"
