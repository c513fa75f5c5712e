"""What is known of a document beside its text, each field with its source."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from pipeline.ingest.fields import Published, parse_date

# States of the Arab League whose code is the end of the addresses of their sites. Left out: codes that are sold to everybody (.ly aside, .dj, .so).
_COUNTRIES = frozenset("ae bh dz eg iq jo km kw lb ly ma mr om ps qa sa sd sy tn ye".split())


_CLOCK = re.compile(r"[\s،,|/–-]*(?:على )?(?:الساعة )?\d{1,2}:\d{2}.*$", re.DOTALL)


def written_day(text: str) -> datetime.date | None:
    """The day that a text names: ISO, day/month/year, as mail and feeds write it, or in Arabic. None unless it names exactly one.

    >>> written_day("الثلاثاء 7 جانفي 2025 - 10:00"), written_day("Tue, 07 Jan 2025 10:00:00 +0100")
    (datetime.date(2025, 1, 7), datetime.date(2025, 1, 7))
    """
    text = text.strip()[:200]
    try:
        return parse_date(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        pass
    from pipeline.times.stage import find_times

    found = find_times(_CLOCK.sub("", text))
    days = {
        t.earliest
        for t in found
        if t.earliest and t.earliest == t.latest and t.calendar == "gregorian" and not t.anchor
    }
    return days.pop() if len(days) == 1 else None


def country_of(url: str) -> str | None:
    """The country whose code an address ends with.

    >>> country_of("https://www.interieur.gov.dz/ar/")
    'dz'
    """
    try:
        code = (urlsplit(url).hostname or "").rpartition(".")[2]
    except ValueError:
        return None
    return code if code in _COUNTRIES else None


@dataclass(slots=True)
class Known:
    """Fields with their sources; the first that is told of a field counts, so tell the surest first."""

    values: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    published: Published | None = None

    def tell(self, name: str, value: object, source: str) -> None:
        """A field (``title``, ``outlet``, ``byline``, ``url``, ``country``, …), unless it is empty or known."""
        text = " ".join(value.split())[:1000] if isinstance(value, str) else ""
        if text and name not in self.values:
            self.values[name] = text
            self.sources[name] = source

    def tell_day(self, value: object, source: str) -> None:
        """The publication date, unless ``value`` names no day or one is known."""
        if self.published is None and isinstance(value, str) and (day := written_day(value)):
            self.published = Published(day, source)

    def finish(self) -> Known:
        """Itself, with what follows from the rest: the country from the address."""
        if url := self.values.get("url"):
            self.tell("country", country_of(url), "address")
        return self

    def meta(self) -> Iterator[tuple[str, str]]:
        """The fields that have no place of their own in a document."""
        return ((name, value) for name, value in self.values.items() if name not in ("title", "outlet"))
