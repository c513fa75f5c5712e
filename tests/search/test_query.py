"""One query language: URL, command line and Python say the same."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.search.query import Query, QueryError, day
from pipeline.types import Force

TODAY = datetime.date(2025, 6, 1)

TEXT = st.text(max_size=30).map(str.strip)
QUERIES = st.builds(
    Query,
    text=TEXT,
    issuer=st.lists(TEXT.filter(bool), max_size=2, unique=True).map(tuple),
    force=st.lists(st.sampled_from([f.value for f in Force]), max_size=3, unique=True).map(tuple),
    country=st.sampled_from([(), ("DZ",), ("DZ", "TN")]),
    month=st.sampled_from([(), ("2025-01",)]),
    since=st.sampled_from(["", "2025", "2025-01", "today", "-30d"]),
    due_before=st.sampled_from(["", "today", "2025-02-03"]),
    overdue=st.booleans(),
    deadline_state=st.sampled_from([(), ("unknown", "due")]),
    sort=st.sampled_from(["relevance", "newest", "due"]),
    limit=st.integers(0, 100),
    offset=st.integers(0, 1000),
    folded=st.booleans(),
    near=st.booleans(),
)


@given(QUERIES)
def test_a_query_survives_the_url(query: Query) -> None:
    assert Query.from_params(query.to_params()) == query


def test_a_url_may_hold_single_values_lists_and_what_is_not_of_the_query() -> None:
    query = Query.from_params(
        {"q": " رقمنة ", "force": ["order", "call"], "country": "dz", "lang": "fr", "issuer": "", "folded": "0"}
    )
    assert query == Query("رقمنة", force=("order", "call"), country=("DZ",), folded=False)


def test_all_faults_are_told_at_once_with_the_valid_values() -> None:
    with pytest.raises(QueryError) as error:
        Query.from_params(
            {"force": "shout", "sort": "size", "since": "soon", "limit": "many", "month": "2025-13", "overdue": "maybe"}
        )
    assert len(error.value.faults) == 6
    assert "valid: order, demand" in str(error.value)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-1-7", "2025-01-07", "2025-01-07"),
        ("today", "2025-06-01", "2025-06-01"),
        ("-30d", "2025-05-02", "2025-05-02"),
        ("tomorrow", "2025-06-02", "2025-06-02"),
    ],
)
def test_days(text: str, first: str, last: str) -> None:
    assert (day(text, TODAY).isoformat(), day(text, TODAY, last=True).isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["2025-02-30", "0000", "-99999999d", "01/02/2025", "٢٠٢٥-١٣"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(QueryError):
        Query(since=text)
