"""Sentences, list items and zones (headline, dateline, byline, counter) of a statement.

A line break always ends a sentence, since statements are laid out in lines: headline, byline, paragraphs, items. Inside a
line, marks end one («؟ ! . …»), but not the dot of an abbreviation («د. فيصل»), of a number (5.000) or of initials (ق.م).
«؛» parts clauses and items, not sentences: one trigger often governs what stands on both sides of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pipeline.normalize import NormalizedText, fold
from pipeline.tokens import tokenize
from pipeline.types import Analysis, Sentence, Span, Token, Zone

# A dot, or a run of marks, with the quotes and brackets that it closes. The end of a quoted sentence ends the outer one too.
_TERMINATOR = re.compile(r"[!؟?….]+[\"»”’)\]]*")
# One or two letters, or initials, before a dot: د. م. ا.د. ص.ب ق.م
_ABBREVIATION = re.compile(r"(?:^|[\s(«\"/])[وبلف]?(?:[^\W\d_]{1,2}\.)*[^\W\d_]{1,2}$")
_BULLET = re.compile(
    r"[ \t]*(?:[-–—•*▪■●◦‣·▫□◾🔹🔸🔷🔶✅✔❌✖✗✘❎➡⬅👈☑📌📍►▶◄◂▸◆❖➢➤✓➖⦁∙○★✦]\ufe0f?\s*(?=\S)|\(?\d{1,2}\s?[-–.)/:ـ](?!\d)\s*|\(?[ا-ي]\s?[-–)/]\s+"
    r"|(?:اولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا)\s?[:،./\-–]\s*)"
)
_INLINE_BULLET = re.compile(r"(?<=[\s:؛.،])(?:[-–—•▪🔹*](?=\s?[^\W\d_])|\d{1,2}\s?[-–)](?=\s?[^\W\d_]))\s*")
_COUNTER_WORDS = (
    r"مشاهد[هة]|مشاهدات|المشاهدات|قراءه|قراءات|القراءات|الزيارات|زياره|زيارات|تعليق|تعليقات|التعليقات|مشاركه|مشاركات|شارك|اعجاب|طباعه|views?|"
    r"comments?|shares?|عدد|المشاركات|مرات|مره|قرات|likes?|حجم الخط|ارسال|نسخ الرابط|اقرا ايضا|دقيقه|دقائق|للقراءه"
)
_COUNTER = re.compile(rf"[\W\d_]*(?:(?:{_COUNTER_WORDS})[\W\d_]*)*", re.IGNORECASE)
_BYLINE_LEAD = re.compile(
    r"\W*(?:(?:كتبت?|بقلم|حاورته?ا?|حاوره)\s*[:/|]?|(?:اعداد|تحرير|تصوير|مراسل\w*|متابعه|تقرير|حوار|اجري الحوار|ترجمه|تغطيه|عدسه)\s*[:/|])\s+\S"
)
_INITIALS = re.compile(
    r"\W*(?:[^\W\d_]{1,3}\s*[./]\s*){1,3}(?:[^\W\d_]{1,12}(?: [^\W\d_]+)?)?\W*|\W*[^\W\d_]{3,8}\s?\.\s?[^\W\d_]\W*"
)
_NAME_DATED = re.compile(r"\d|\(")
_WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_]\.?")
# Words that a reporter's name does not hold: particles, and heads of headlines and subheads.
_NOT_NAME = re.compile(
    r"(?:في|من|الي|عن|مع|بعد|قبل|هذا|هذه|التي|الذي|لا|لم|لن|ان|كل|نحو|حول|وزير\w*|والي|رييس\w*|مدير\w*|وزاره|مديريه|ولايه|بلديه|دايره|محافظ\w*|مجلس|لجنه|"
    r"هييه|بيان|بلاغ|اعلان|منشور|مذكره|تعميم|الجمهوريه|المملكه|دوله|اداره|الوكاله|الصندوق|الديوان|المكتب|القسم|مصرف|بنك|نص|ما|هل|كيف|متي|لماذا|خليه|مكتب|دايره|"
    r"مصلحه|نشريه|شاكرين|نسال|دمتم|حرر|رياسه|جامعه)"
)
_MONTH = (
    "جانفي|فيفري|مارس|افريل|ماي|جوان|جويليه|اوت|سبتمبر|اكتوبر|نوفمبر|ديسمبر|يناير|فبراير|ابريل|مايو|يونيو|يونيه|يوليو|يوليوز|يوليه|اغسطس|غشت|شتنبر|نونبر|دجنبر|"
    "كانون (?:الاول|الثاني)|شباط|اذار|نيسان|ايار|حزيران|تموز|اب|ايلول|تشرين (?:الاول|الثاني)|محرم|صفر|ربيع (?:الاول|الاخر|الثاني)|جمادي (?:الاولي|الاخره|الثانيه)|رجب|شعبان|رمضان|شوال|ذو القعده|ذو الحجه|ذي القعده|ذي الحجه"
)
_DATE = rf"(?:\d{{1,2}}\s*(?:{_MONTH})(?:\s*\d{{4}})?\s*(?:م|هـ|ه)?|\d{{1,4}}\s*[-/.]\s*\d{{1,2}}(?:\s*[-/.]\s*\d{{2,4}})?\s*م?)"
_PLACE = r"[^\W\d_]+(?: [^\W\d_]+){0,3}"
_AGENCY = (
    r"(?:واج|وات|واس|وام|سونا|بترا|كونا|بنا|وفا|واع|قنا|سبا|سبانت|سانا|ومع|وال|اش ا|ا ش ا|وكالات|خاص|نينا|رويترز|اف ب)"
)
_DASH = r"\s*(?:-{1,2}|–|—|ــ|:|/)+\s*"
# Place, then a date or an agency or both, then a dash; or place and dash alone at the head of a long line.
_DATELINE = re.compile(
    rf"\s*{_PLACE}(?: \([^()]{{2,30}}\))?"
    rf"(?:(?:[،,/\s–-]*{_DATE}(?:\s*(?:الموافق|/|-)?\s*{_DATE})?)(?:\s*\(?\s*{_AGENCY}(?![^\W\d_])[^()\n]{{0,30}}\)?)?(?:{_DASH}|(?<=\))\s*|(?<=واس)\s*(?=\n|\S))"
    rf"|\s*[-–/]?\s*\(\s*{_AGENCY}(?![^\W\d_])[^()\n]{{0,30}}\)(?:{_DASH}|\s+)"
    rf"|\s*[-–—/،]?\s*{_AGENCY}(?:{_DASH}|\s*$)"
    rf"|\s?(?:-{{1,2}}|–|—|ــ)\s+)",
    re.MULTILINE,
)
_DATED = re.compile(r"\d|\(")
_WORD = re.compile(r"[^\W\d_]{2,}")


_HEADLINE = 22  # words of the longest headline
MAX_TOKENS = 1000
"""Longest sentence in tokens: longer ones (797 is the longest of 41,000 news articles) are cut, so that rules stay fast on garbage."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the view (offsets into the view) with its zone, before it becomes a sentence."""

    start: int
    end: int
    zone: Zone
    bullet: bool = False


def is_counter(line: str) -> bool:
    """True where a line is page furniture and nothing else: a counter of views or comments, share buttons.

    >>> is_counter("1204 مشاهدة"), is_counter("شارك في الاجتماع 12 واليا")
    (True, False)
    """
    text = fold(line).strip()
    return bool(text) and _COUNTER.fullmatch(text) is not None and any(letter.isalpha() for letter in text)


def _line_zone(line: str, first: bool, last: bool, in_list: bool) -> Zone:
    """Zone of a folded line: furniture, byline, headline or body. ``first``: no text stands before it."""
    text = line.strip()
    if not text or _COUNTER.fullmatch(text):
        return Zone.COUNTER
    words = [match[0] for match in islice(_WORD.finditer(text), _HEADLINE + 1)]  # a few more or many make no difference
    if (
        len(words) <= 6
        and not in_list
        and not _BULLET.match(text)
        and (_BYLINE_LEAD.match(text) or _INITIALS.fullmatch(text))
    ):
        return Zone.BYLINE
    closed = text[-1] in ".؛:،؟!"
    # A reporter's name: two to four words, no article at the front, nothing of a headline, maybe a counter glued to it.
    if 2 <= len(words) <= 4 and not closed and not first and not in_list and not _BULLET.match(text):
        bare = re.sub(r"[\d\s|]+$", "", text)
        if (
            re.fullmatch(r"[^\W\d_]+(?:[ .][^\W\d_]+)*\.?", bare)
            and not words[0].startswith("ال")
            and not any(_NOT_NAME.fullmatch(w) for w in words)
        ):
            return Zone.BYLINE
    if not closed and len(words) <= _HEADLINE and (first or len(words) <= 7) and not last:
        return Zone.HEADLINE
    return Zone.BODY


def _is_end(text: str, line_start: int, match: re.Match[str], line_end: int) -> bool:
    """True where the marks of ``match`` end a sentence."""
    start, end = match.span()
    if set(match[0]) <= {'"', "»"}:
        return False
    rest = text[end:line_end]
    if not rest.strip():
        return True
    if match[0] == ".":
        before = text[max(line_start, start - 12) : start]
        if _ABBREVIATION.search(before):
            return False
        # A dot glued between two words ends a sentence only where both are long enough to be words.
        if rest[0].isalnum():
            return (
                len(_WORD.findall(before)[-1:] or "") > 0
                and rest[0].isalpha()
                and not rest[:1].isascii()
                and bool(re.search(r"[^\W\d_]{3,}$", before))
            )
        return rest[0].isspace() or rest[0] in '"«»”)'
    if match[0][0] in "!؟?":
        return match[0][-1] in "!؟?" or rest.lstrip()[:1] not in ("،", ",", "؛")
    if match[0][0] in ".…":
        return rest.lstrip()[:1] not in ("،", ",", "؛", ")", "»")
    return True


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentence bounds inside one line of the view. Text inside brackets is not cut."""
    at = start
    for match in _TERMINATOR.finditer(text, start, end):
        if match.start() < at:
            continue
        if _is_end(text, start, match, end) and text.count("(", at, match.start()) <= text.count(")", at, match.end()):
            yield at, match.end()
            at = match.end()
    if at < end:
        yield at, end


def _inline_items(text: str, start: int, end: int) -> list[int]:
    """Where items start in a line that holds a whole list («تقرر ما يلي: - … - …»): offsets into the view."""
    colon = text.find(":", start, end)
    if colon < 0:
        return []
    found = [m.start() for m in _INLINE_BULLET.finditer(text, colon, end)]
    return found if len(found) >= 2 else []


def _pieces(text: str) -> Iterator[_Piece]:
    start, first, in_list, body_seen = 0, True, False, False
    lines = []
    for line in text.split("\n"):
        lines.append((start, start + len(line)))
        start += len(line) + 1
    filled = [bool(text[a:b].strip()) for a, b in lines]
    last_filled = max((i for i, f in enumerate(filled) if f), default=-1)
    for i, (a, b) in enumerate(lines):
        if not filled[i]:
            continue
        line = text[a:b]
        zone = _line_zone(line, first, i == last_filled, in_list)
        if zone in (Zone.COUNTER, Zone.BYLINE):
            yield _Piece(a, b, zone)
            continue
        bullet = _BULLET.match(text, a, b)
        if not bullet and (b - a > 60 or not body_seen):
            dateline = _DATELINE.match(text, a, b)
            if dateline and body_seen and not _DATED.search(dateline[0]):
                dateline = None
            if (
                dateline
                and (len(text) if b - a < 40 else b - dateline.end()) >= 30
                and dateline.end() - a <= 90
                and b > dateline.end()
            ):
                yield _Piece(a, dateline.end(), Zone.DATELINE)
                a = dateline.end()
                zone = Zone.BODY if b - a > 40 else zone
        first = False
        body_seen = body_seen or zone != Zone.HEADLINE
        in_list = line.rstrip()[-1] in ":؛"
        inline = _inline_items(text, a, b)
        for x, y in zip([a, *inline], [*inline, b], strict=True):
            mark = _BULLET.match(text, x, y)
            body = mark.end() if mark and (bullet or inline) else x
            is_item = bool(mark) and bool(bullet or inline)
            for k, (s, e) in enumerate(_cut(text, body, y)):
                yield _Piece(s, e, Zone.ITEM if is_item else zone, bullet=is_item and k == 0)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _tokenized(norm: NormalizedText) -> Iterator[tuple[_Piece, int, int, tuple[Token, ...]]]:
    """Pieces with their bounds in the view, white space aside, and their tokens; none empty or longer than MAX_TOKENS."""
    for piece in _pieces(norm.text):
        start, end = _trim(norm.text, piece.start, piece.end)
        tokens = tokenize(norm, start, end) if start < end else ()
        while len(tokens) > MAX_TOKENS:
            head, tokens = tokens[:MAX_TOKENS], tokens[MAX_TOKENS:]
            yield piece, start, head[-1].norm_start + len(head[-1].norm), head
            start = tokens[0].norm_start
        if tokens:
            yield piece, start, end, tokens


def segment(norm: NormalizedText) -> tuple[Sentence, ...]:
    """Sentences of a text in order, none empty; spans are raw offsets.

    >>> from pipeline.normalize import normalize
    >>> text = "أمر د. سالم بما يلي:\\n- غلق الورشة؛\\n- رفع 1.200 طن."
    >>> [(s.zone.value, text[s.span.start : s.span.end], s.lead) for s in segment(normalize(text))]
    [('body', 'أمر د. سالم بما يلي:', None), ('item', 'غلق الورشة؛', 0), ('item', 'رفع 1.200 طن.', 0)]
    """
    text = norm.text
    out: list[Sentence] = []
    lead: int | None = None
    bulleted = False
    for piece, start, end, tokens in _tokenized(norm):
        zone = piece.zone
        line_end = text.find("\n", end) in (end, end + 1) or end >= len(text.rstrip())
        if zone == Zone.ITEM:
            if piece.bullet:
                bulleted = True
        elif zone in (Zone.BODY, Zone.HEADLINE) and lead is not None:
            # Lines after «أبرزها:» are items without a bullet while they close with «؛» or «،», and the one that follows such a line.
            previous = out[-1]
            opened = previous is out[lead] or (previous.zone == Zone.ITEM and previous.tokens[-1].norm in "؛،;")
            if (
                not bulleted
                and opened
                and (tokens[-1].norm in "؛،;" or previous is not out[lead] or len(tokens) <= 30)
                and line_end
            ):
                zone = Zone.ITEM
            else:
                lead, bulleted = None, False
        out.append(Sentence(Span(*norm.raw_span(start, end)), tokens, zone, lead if zone == Zone.ITEM else None))
        if tokens[-1].norm == ":" and line_end:
            lead, bulleted = len(out) - 1, False
        elif zone == Zone.BODY:
            nxt = text[end : end + 4]
            if ":" in (t.norm for t in tokens[-1:]) and nxt:
                lead, bulleted = len(out) - 1, False
    return tuple(out)


@dataclass(frozen=True, slots=True)
class SegmentStage:
    """Stage that fills ``sentences``."""

    name: str = "segment"
    requires: frozenset[str] = frozenset({"norm"})
    provides: frozenset[str] = frozenset({"sentences"})

    def __call__(self, analysis: Analysis) -> Analysis:
        return replace(analysis, sentences=segment(analysis.norm))
