"""What of a text is read: every part once, with context, or what lies around given places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.model.features import Features
from pipeline.model.pieces import Pieces
from pipeline.model.stage import model_folder
from pipeline.model.windows import LEFT, LIMIT, MARGIN, RIGHT, Encoded, encode, windows
from pipeline.pipeline import Decide, default_pipeline
from pipeline.types import Document, Span


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


# The ministry marked its day. "The hall," it said, was full. The wali ordered the road to be opened.
FILLER = "احتفلت الوزارة بيومها الوطني في قاعة المدينة الكبيرة. وقال المدير «إن القاعة كانت ممتلئة بالحاضرين. "
OPENED = "وشكر الجميع»، ثم انتهى الحفل. "
ORDER = "وأمر الوالي بفتح الطريق قبل نهاية الشهر. "


@pytest.mark.parametrize(
    "text",
    [
        ORDER + 30 * (FILLER + OPENED),
        30 * FILLER + ORDER + 30 * (OPENED + FILLER),  # inside a quotation that was opened far before
        *(20 * FILLER + ORDER + n * FILLER + ORDER + 20 * OPENED for n in (1, 3, 5, 6, 7, 8, 20)),
    ],
)
def test_sentences_out_of_reach_change_nothing(text: str) -> None:
    read = default_pipeline(Decide.RULES)(Document("t", text))
    places = [d.act.trigger for d in read.directives] or [Span(text.index("وأمر"), text.index("وأمر") + 4)]
    pieces = Pieces.load(model_folder() / "tokenizer.json")

    def seen(encoded: Encoded) -> list[tuple[list[int], list[Span], bytes]]:
        features = Features(read, encoded, lexicon.default())
        first = {t.span.start: at for t, at in zip(encoded.tokens, encoded.first, strict=True)}
        found = windows(encoded, sorted(first[max(s for s in first if s <= place.start)] for place in places))
        return [
            (
                encoded.ids[w.start : w.end],
                [encoded.tokens[i].span for i in encoded.between(w.core_start, w.core_end)],
                features.text[w.start : w.end].tobytes(),
            )
            for w in found
        ]

    whole, near = encode(read, pieces), encode(read, pieces, places)
    assert len(near.ids) < len(whole.ids)
    assert seen(near) == seen(whole)
