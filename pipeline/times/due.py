"""The last day that a deadline leaves, and the day on which a directive was issued. Unknown days stay unknown, with the reason."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date, timedelta

from pipeline.normalize import fold
from pipeline.times import lexicon
from pipeline.times.published import publication_date
from pipeline.times.values import add
from pipeline.types import Analysis, Span, TimeExpression, TimeType

_BEFORE = re.compile(r"(?:^|\s)[وف]?(?:ب)?قبل\s")
_AFTER_END = re.compile(r"(?:انقضاء|انتهاء|نهايه|متم|موفي|اخر|اواخر)\s*(?:شهر|سنه|يوم)?\s*$")
_REACHED = re.compile(r"(?:غايه|حتي|اقصاه|اقصاها|الي|يتعدي|تتعدي|يتجاوز|تتجاوز|مع|موعد|لغايه)\b")
_START = re.compile(r"(?:ابتداء|بدءا|اعتبارا|انطلاقا|بدايه)\s+من\s*(?:يوم|صباح|مساء)?\s*$")
_FROM = re.compile(
    r"\s*[،,]?\s*(?:كاملة|كامله|عمل)?\s*(?:ابتداء|بدءا|اعتبارا|انطلاقا|بدايه|تحسب|تحتسب|تسري)?\s*(?:من|بعد|قبل|علي|منذ)\s+(?P<start>.+)"
)
_NOW = re.compile(r"(?:الان|اليوم|تاريخ اليوم|الساعه|هذا اليوم)\b")
_DURATION = re.compile(r"P(?:(\d+)([DWMY])|T(\d+)([HM])(?:\d+[MS])?)")
_AS_SOON = re.compile(r"(?:و|ف)?(?:فور|حال|مباشره بعد|بمجرد)\s+\w")
URGENT = "urgent, without a day"
"""The reason why a deadline that says "at once" has no day."""
_AMONG = frozenset({"deictic", "weekday", "day_month", "numeric"})
# How far behind its trigger the day of a speech event stands: «أمر الوالي، في اجتماع عقده أمس الأحد، …».
_REACH = 90


def _middle(time: TimeExpression) -> date | None:
    if time.earliest is None or time.latest is None:
        return None
    days = (time.latest - time.earliest).days
    return time.earliest + timedelta(14 if 27 <= days <= 30 else days // 2)


def _last_day(time: TimeExpression, lead: str) -> tuple[date | None, str]:
    """The last day before or within a period; ``lead``: the folded words of the deadline before it."""
    if time.earliest is None or time.latest is None:
        return None, time.note or "the day cannot be known"
    if _START.search(lead):
        return None, "a start, not a limit"
    before = _BEFORE.search(f" {lead} ") is not None and not _AFTER_END.search(lead)
    if time.mod == "MID":
        middle = _middle(time)
        return (middle - timedelta(1) if before and middle else middle), ""
    if time.mod == "START":
        if before:
            return time.earliest - timedelta(1), ""
        if _REACHED.search(lead):
            return time.earliest, ""
        return None, "the start of a period has no last day"
    if time.mod == "END" or not before:
        return time.latest, ""
    return time.earliest - timedelta(1), ""


def _counted(time: TimeExpression, start: date) -> tuple[date | None, str]:
    """``start`` plus a duration. Hours of less than a day end on the same day."""
    match = _DURATION.fullmatch(time.value)
    if match is None:
        return None, f"the length {time.value} is not known"
    if match[1]:
        return add(start, int(match[1]), match[2]), ""
    hours = int(match[3]) if match[4] == "H" else 0
    return start + timedelta(-(-hours // 24) if hours >= 24 else 0), ""


def _without_time(text: str) -> str:
    """Why a deadline without a calendar expression has no day."""
    words = re.findall(r"[^\W\d_]+", text)
    context = lexicon.default().context
    bare = {word[1:] for word in words if word[0] in "وفبل" and len(word) > 3} | set(words)
    if _AS_SOON.match(text):
        return _event(text)
    if bare & context["season"]:
        return f"hangs on a season of public life («{text}»), whose day the text does not give"
    if bare & context["urgent"]:
        return URGENT
    if bare & context["elsewhere"]:
        return "in its time, which the text does not give"
    return _event(text)


def _event(text: str) -> str:
    return f"hangs on an event («{text}»), whose day is not known"


def is_urgent(text: str) -> bool:
    """Whether the words of a deadline without a calendar expression ask for something at once.

    >>> is_urgent("فورا"), is_urgent("فور انتهاء الأشغال")  # "at once", "as soon as the works are over"
    (True, False)
    """
    return _without_time(" ".join(fold(text).split())) == URGENT


def due_of(analysis: Analysis, deadline: Span, issued: date | None = None) -> tuple[date | None, str]:
    """The last day that a deadline leaves, or None with the reason. Needs ``analysis.times``.

    «قبل 31 ديسمبر» leaves until the 30th, «إلى غاية 31 ديسمبر» and «قبل نهاية السنة» until the 31st. A length without an event
    («في ظرف 48 ساعة») counts from ``issued``, which is the day of the document where it is None.
    """
    raw = analysis.text(deadline)
    text = " ".join(fold(raw).split())
    inside = [t for t in analysis.times if deadline.overlaps(t.span)]
    dates = [t for t in inside if t.type is TimeType.DATE]
    lengths = [t for t in inside if t.type is TimeType.DURATION]
    if lengths and (not dates or lengths[0].span < dates[0].span):
        return _due_of_length(analysis, deadline, lengths[0], issued)
    if dates:
        lead = " ".join(fold(analysis.document.raw[deadline.start : dates[0].span.start]).split())
        return _last_day(dates[0], lead)
    if any(t.type is TimeType.SET for t in inside):
        return None, "recurs"
    if any(t.type is TimeType.TIME for t in inside):
        return None, "a time of day, without its day"
    return None, _without_time(text)


def _due_of_length(
    analysis: Analysis, deadline: Span, time: TimeExpression, issued: date | None
) -> tuple[date | None, str]:
    raw = analysis.document.raw
    lead, tail = fold(raw[deadline.start : time.span.start]), fold(raw[time.span.end : deadline.end])
    if re.search(r"(?:^|\s)(?:قبل|بعد)\s*$", lead) and tail.strip().startswith("من"):
        return None, f"counts from an event («{tail.strip()}»), whose day is not known"
    if tail.strip().startswith("عمل"):
        return None, "working days: the holidays between are not known"
    start = _FROM.match(tail)
    if start is not None and not _NOW.match(start["start"].strip()):
        own = next(
            (
                t
                for t in analysis.times
                if t.type is TimeType.DATE and time.span.end <= t.span.start and deadline.covers(t.span)
            ),
            None,
        )
        if own is not None and own.earliest is not None and own.earliest == own.latest:
            return _counted(time, own.earliest)
        if re.match(r"(?:الاقل|الاكثر|اقصي|ابعد)", start["start"].strip()) is None:
            return None, f"counts from an event («{start['start'].strip()}»), whose day is not known"
    day = issued or publication_date(analysis)[0]
    return _counted(time, day) if day else (None, "counts from the day of the instruction, which is not known")


def _clause(analysis: Analysis, place: int) -> Span:
    """The sentence around an offset, or its line where the document is not segmented."""
    number = bisect_right(analysis.sentences, place, key=lambda sentence: sentence.span.start) - 1
    if number >= 0 and place < analysis.sentences[number].span.end:
        return analysis.sentences[number].span
    raw = analysis.document.raw
    end = raw.find("\n", place)
    return Span(raw.rfind("\n", 0, place) + 1, len(raw) if end < 0 else end)


def _event_day(time: TimeExpression, published: date | None) -> date | None:
    """The day of an expression that can date a speech event: one day, not a deadline, not after the document."""
    if (
        time.type is not TimeType.DATE
        or time.rule not in _AMONG
        or time.role not in ("event", "publication", "reference")
    ):
        return None
    if time.earliest is None or time.earliest != time.latest or (published is not None and time.earliest > published):
        return None
    return time.earliest


def issued_on(analysis: Analysis, trigger: Span) -> date | None:
    """The day of the speech event of a trigger: one that its clause states («أمس الأحد»), else one that the opening of the
    document states, else the day of the document. None where none is known. Needs ``analysis.times``.
    """
    published, _source = publication_date(analysis)
    clause = _clause(analysis, trigger.start)
    near: list[tuple[int, date]] = []
    for time in analysis.times:
        day = _event_day(time, published)
        if (
            day is None
            or not clause.covers(time.span)
            or not (time.rule in ("deictic", "weekday") or _recent(day, published))
        ):
            continue
        if time.span.end <= trigger.start:
            between, distance = (
                fold(analysis.document.raw[time.span.end : trigger.start]),
                trigger.start - time.span.end,
            )
        else:
            between, distance = (
                fold(analysis.document.raw[trigger.end : time.span.start]),
                time.span.start - trigger.end,
            )
        # A day inside what is said or done, or in a relative clause, dates that, not the speech.
        if (
            distance <= _REACH
            and not re.search(r"(?:^|\s)(?:ان|بان|الذي|التي|الذين|منذ|كان|كانت)\s", between)
            and not _of_another(analysis, time)
        ):
            near.append((distance, day))
    if near:
        return min(near)[1]
    opening = analysis.document.raw.find("\n", 400)
    for time in analysis.times:
        if time.span.start > (opening if opening > 0 else 700) or time.span.start > trigger.start:
            break
        if (
            time.rule in ("deictic", "day_month")
            and time.role in ("event", "publication")
            and time.anchor != ""
            and not _of_another(analysis, time)
        ):
            day = _event_day(time, published)
            if (
                day is not None
                and published is not None
                and (published - day).days <= 7
                and (time.rule == "deictic" or _deictic(analysis, time))
            ):
                return day
    return published


def _recent(day: date, published: date | None) -> bool:
    """A full date further back is that of a law or an earlier event, unless it is the document's own."""
    return published is None or (published - day).days <= 31


def _deictic(analysis: Analysis, time: TimeExpression) -> bool:
    return fold(analysis.text(time.span)).startswith(("اليوم", "امس", "هذا", "اول"))


def _of_another(analysis: Analysis, time: TimeExpression) -> bool:
    """True where the words before a day tie it to another event: «المنعقد أمس», «منذ أمس», «الصادرة الخميس»."""
    lead = fold(analysis.document.raw[max(0, time.span.start - 30) : time.span.start])
    return (
        re.search(
            r"(?:منذ|الي غايه|حتي|ابتداء من|المنعقده?|الصادره?|المورخه?|المسجله?|الموقعه?|وقع|وقعت|انطلقت?)\s*(?:في|يوم|مساء|صباح|صبيحه|ليله)?\s*$",
            lead,
        )
        is not None
    )
