"""Why a deadline has no day (``due_note``), in the language of the page."""

from __future__ import annotations

import re

from pipeline.times.context import EVERY_YEAR, NO_ANCHOR
from pipeline.times.due import URGENT
from pipeline.web.i18n import Words

_QUOTED = r"\(«(?P<words>.*)»\)"
_REASONS = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        (re.escape(URGENT), "note_urgent"),
        (f"hangs on a season of public life {_QUOTED}.*", "note_season"),
        (f"hangs on an event {_QUOTED}.*", "note_event"),
        (f"counts from an event {_QUOTED}.*", "note_from_event"),
        ("counts from the day of the instruction.*", "note_from_issued"),
        ("in its time, which.*", "note_elsewhere"),
        ("working days:.*", "note_working_days"),
        (f"recurs|{re.escape(EVERY_YEAR)}", "note_recurs"),
        ("a time of day.*", "note_clock"),
        ("a start, not a limit|the start of a period.*", "note_start"),
        ("the length .* is not known", "note_length"),
        (f"{re.escape(NO_ANCHOR)}|no (?:year|month|day) before it.*", "note_no_anchor"),
    )
)


def reason(t: Words, note: str) -> str:
    """The reason in words; one that is none of the known ones only as "the day is not known".

    >>> from pipeline.web.i18n import words
    >>> reason(words("en"), "recurs")
    'recurs'
    """
    for pattern, key in _REASONS:
        if match := pattern.fullmatch(note):
            return t(key, words=match["words"]) if "words" in match.groupdict() else t(key)
    return t("note_unknown")
