"""What of a text is read: every part once, with context, or what lies around given places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.windows import LEFT, LIMIT, MARGIN, RIGHT, Encoded, windows


def text(pieces: int) -> Encoded:
    return Encoded([5] * pieces, [], [], [], [0] * pieces)


@given(st.integers(0, 3000))
def test_cores_cover_a_text_once(pieces: int) -> None:
    found = list(windows(text(pieces)))
    assert [i for w in found for i in range(w.core_start, w.core_end)] == list(range(pieces))
    for w in found:
        assert w.start <= w.core_start < w.core_end <= w.end <= w.start + LIMIT
        assert w.core_start - w.start >= min(MARGIN, w.core_start)
        assert w.end - w.core_end >= min(MARGIN, pieces - w.core_end)


@given(st.integers(1, 3000), st.data())
def test_what_lies_around_places_is_read_once(pieces: int, data: st.DataObject) -> None:
    places = sorted(data.draw(st.sets(st.integers(0, pieces - 1), max_size=6)))
    cores = [i for w in windows(text(pieces), places) for i in range(w.core_start, w.core_end)]
    near = {i for p in places for i in range(max(0, p - LEFT), min(pieces, p + RIGHT))}
    assert len(cores) == len(set(cores))
    assert near == set(cores)


@pytest.mark.parametrize(("places", "count"), [([], 0), ([300], 1), ([300, 350], 1), ([100, 900], 2)])
def test_near_places_share_a_window(places: list[int], count: int) -> None:
    assert len(list(windows(text(1200), places))) == count
