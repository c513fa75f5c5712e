"""Disjoint sets as a table of parents: what is its own parent stands for its set."""

from __future__ import annotations

from typing import Protocol, TypeVar

Element = TypeVar("Element")


class Parents(Protocol[Element]):
    """A mapping by element, or a sequence by place."""

    def __getitem__(self, element: Element, /) -> Element: ...
    def __setitem__(self, element: Element, parent: Element, /) -> None: ...


def root_of(parents: Parents[Element], element: Element) -> Element:
    """What stands for the set of ``element``; the way there is made shorter. Raises KeyError or IndexError where it is in no set.

    >>> root_of({"a": "a", "b": "a", "c": "b"}, "c")
    'a'
    """
    while (above := parents[element]) != element:
        parents[element] = element = parents[above]
    return element
