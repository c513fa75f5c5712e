"""A query: what somebody asks a store, and the one language in which command line, page and Python write it.

The parameters of a URL, the options of ``taalimat query`` and the fields of :class:`Query` have the same names and values:
``?q=رقمنة&force=order&since=2025-01`` is ``taalimat query "رقمنة" --force order --since 2025-01`` is
``Query("رقمنة", force=("order",), since="2025-01")``. Only the name of the text differs: ``q`` in a URL, for short.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from pipeline.errors import TaalimatError
from pipeline.normalize import fold
from pipeline.types import Force

Sort = Literal["relevance", "newest", "oldest", "due", "confidence"]

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "due", "confidence")
"""Orders of results; without a text ``relevance`` is ``newest``. ``due``: the earliest last day first, those without one last."""

STATES = ("none", "due", "overdue", "immediate", "unknown")
"""States of a deadline: none stated; the last day is still to come (today included); it is past; at once, without a day; stated, but its
day is not known, because it is tied to an event."""

MAX_LIMIT = 10_000
"""Rows of one page of results, at most; exports ask for all with :func:`pipeline.search.engine.search_all`."""

MAX_TEXT = 1_000
"""Characters of a search text, at most."""

_LISTS = ("issuer", "addressee", "force", "country", "wilaya", "month", "deadline_state", "document_id", "actor")
_TEXTS = ("text", "since", "until", "due_before", "sort")
_FLAGS = ("overdue", "near", "folded")
_NUMBERS = ("limit", "offset")
_ALIASES = {"q": "text", "document": "document_id"}
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})


class QueryError(TaalimatError):
    """A query that cannot be understood. ``faults`` are all of them, each with the valid values."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. Values of one field are alternatives, fields restrict each other. Values are checked: :class:`QueryError`.

    Days are written ``2025``, ``2025-01``, ``2025-01-07``, ``today``, ``yesterday``, ``tomorrow`` or days from today as
    ``-30d``, ``+7d``; they stay as written, so that a saved search goes with the calendar. All bounds are inclusive but ``due_before``.
    """

    text: str = ""
    """Words (all must be there), ``"a phrase"``, ``AND``, ``OR``, ``NOT`` or ``-word``, round brackets. See docs/search.md."""
    issuer: tuple[str, ...] = ()
    """Words of the issuer's name, however spelt, or the id of a record of the register, as facets give it."""
    addressee: tuple[str, ...] = ()
    """The same of those who are to act."""
    force: tuple[str, ...] = ()
    """``order``, ``demand``, ``insist``, ``urge``, ``call``, ``emphasise``, ``recommend``."""
    country: tuple[str, ...] = ()
    """ISO 3166-1 codes, ``DZ``."""
    wilaya: tuple[str, ...] = ()
    """Names of wilayas or other regions, as facets give them or spelt otherwise."""
    month: tuple[str, ...] = ()
    """Months of the speech act, ``2025-01``."""
    since: str = ""
    """First day of the speech act."""
    until: str = ""
    """Last day of the speech act."""
    due_before: str = ""
    """The deadline's last day lies before this day."""
    overdue: bool = False
    """Only what was due before today."""
    deadline_state: tuple[str, ...] = ()
    """States of the deadline: ``none``, ``due``, ``overdue``, ``unknown``."""
    document_id: tuple[str, ...] = ()
    """Ids of documents."""
    actor: tuple[str, ...] = ()
    """Ids of records of the register that speak or are to act."""
    sort: str = "relevance"
    """``relevance``, ``newest``, ``oldest``, ``due`` or ``confidence``."""
    limit: int = 20
    offset: int = 0
    folded: bool = True
    """One row for an instruction that a statement says several times; else one a time it is said."""
    near: bool = True
    """Behind the exact matches also the near ones: most words, kindred words, and meaning where vectors are built. Only for texts
    without operators, and only to fill the first 50 places."""

    def __post_init__(self) -> None:
        faults = []
        if len(self.text) > MAX_TEXT:
            faults.append(f"text: longer than {MAX_TEXT} characters")
        for name, valid in (("force", tuple(f.value for f in Force)), ("deadline_state", STATES)):
            faults += [f"{name} {v!r}; valid: {', '.join(valid)}" for v in getattr(self, name) if v not in valid]
        if self.sort not in SORTS:
            faults.append(f"sort {self.sort!r}; valid: {', '.join(SORTS)}")
        faults += [f"month {m!r}; write it as 2025-01" for m in self.month if not _MONTH.fullmatch(m)]
        for name in ("since", "until", "due_before"):
            if (value := getattr(self, name)) and not _is_day(value):
                faults.append(
                    f"{name} {value!r} is no day; write 2025, 2025-01, 2025-01-07, today, yesterday, tomorrow, -30d or +7d"
                )
        if not 0 <= self.limit <= MAX_LIMIT:
            faults.append(f"limit {self.limit}; valid: 0 to {MAX_LIMIT:,}")
        if not 0 <= self.offset < 2**40:
            faults.append(f"offset {self.offset}; valid: 0 and more")
        if faults:
            raise QueryError(faults)

    @classmethod
    def from_params(cls, params: Mapping[str, object] | Iterable[tuple[str, str]]) -> Query:
        """A query from the parameters of a URL: a mapping to strings or lists of strings, or pairs such as
        ``request.query_params.multi_items()`` gives. Empty values and names that are none of a query's (``lang``, …) are passed over.

        Raises :class:`QueryError` with all faults.

        >>> Query.from_params([("q", "رقمنة"), ("force", "order"), ("force", "call"), ("since", "2025-01")])  # digitization
        Query(q=رقمنة&force=order&force=call&since=2025-01)
        """
        given: dict[str, list[str]] = {}
        for name, value in params.items() if isinstance(params, Mapping) else params:
            values = value if isinstance(value, (list, tuple)) else [value]
            given.setdefault(_ALIASES.get(name, name), []).extend(
                text for v in values if v is not None and (text := str(v).strip())
            )
        made: dict[str, object] = {}
        faults: list[str] = []
        for name, values in given.items():
            if not values:
                continue
            if name in _LISTS:
                made[name] = tuple(dict.fromkeys(_tidy(name, v) for v in values))
            elif name in _TEXTS:
                made[name] = values[-1] if name == "text" else fold(values[-1]).lower()
            elif name in _FLAGS:
                if values[-1].lower() not in _YES | _NO:
                    faults.append(f"{name} {values[-1]!r}; valid: 1 or 0")
                made[name] = values[-1].lower() in _YES
            elif name in _NUMBERS:
                if re.fullmatch(r"\d{1,12}", values[-1]):
                    made[name] = int(values[-1])
                else:
                    faults.append(f"{name} {values[-1][:20]!r} is no number")
        try:
            query = cls(**made)  # type: ignore[arg-type]
        except QueryError as error:
            faults += error.faults
        if faults:
            raise QueryError(faults)
        return query

    def to_params(self) -> list[tuple[str, str]]:
        """The parameters of the URL of this query, pairs in a fixed order, without those at their default.

        >>> Query("رقمنة", country=("DZ",), overdue=True).to_params()
        [('q', 'رقمنة'), ('country', 'DZ'), ('overdue', '1')]
        """
        out: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            name = "q" if field.name == "text" else field.name
            if isinstance(value, tuple):
                out += [(name, v) for v in value]
            else:
                out.append((name, str(int(value)) if isinstance(value, (bool, int)) else value))
        return out

    def __repr__(self) -> str:
        return f"Query({'&'.join(f'{name}={value}' for name, value in self.to_params())})"


_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_SHIFT = re.compile(r"([+-]\d{1,5})d")
_NAMED = {"today": 0, "yesterday": -1, "tomorrow": 1}


def day(text: str, today: datetime.date, *, last: bool = False) -> datetime.date:
    """The day that a bound of a query means: of a year or month the first day, or the ``last``. Raises ValueError.

    >>> day("2025-02", datetime.date(2025, 6, 1), last=True), day("-30d", datetime.date(2025, 6, 1))
    (datetime.date(2025, 2, 28), datetime.date(2025, 5, 2))
    """
    if text in _NAMED:
        return today + datetime.timedelta(_NAMED[text])
    if shift := _SHIFT.fullmatch(text):
        return today + datetime.timedelta(int(shift[1]))
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no day")
    year = int(match[1])
    month = int(match[2]) if match[2] else 12 if last else 1
    if not 1 <= month <= 12 or not year:
        raise ValueError(f"{text!r} is no day")
    number = int(match[3]) if match[3] else calendar.monthrange(year, month)[1] if last else 1
    return datetime.date(year, month, number)


def _is_day(text: str) -> bool:
    try:
        day(text, datetime.date(2025, 1, 1))
    except (ValueError, OverflowError):
        return False
    return True


def _tidy(name: str, value: str) -> str:
    if name == "country":
        return value.upper()
    return value.lower() if name in ("force", "deadline_state") else fold(value) if name == "month" else value
