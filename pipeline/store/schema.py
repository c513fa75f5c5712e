"""The tables: one description from which SQL, Parquet, CSV and JSON lines are made, and against which docs/data.md is tested."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from pipeline.types import Force

Type = Literal["text", "int", "real", "bool", "date", "time", "list", "json"]
"""``list`` is a list of strings, ``json`` a value of several parts; both are JSON in SQLite."""

Row = dict[str, Any]


class Part(StrEnum):
    """A kind of record."""

    DIRECTIVES = "directives"
    ACTORS = "actors"
    DATES = "dates"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column with its type and what it means. One is itself alone, as is a table: what is kept by them is found at once."""

    name: str
    type: Type
    doc: str
    refers: str = ""
    """Table and column that its values stand in, as ``actors (actor_id)``."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table; its first column is the key, and every table but ``runs`` refers to the run that wrote the row."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    parent: str | None = None

    @property
    def key(self) -> str:
        """Name of the primary key."""
        return self.columns[0].name

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(column.name for column in self.columns)


_RUN = Column("run_id", "int", "The run that wrote the row.")
_DOCUMENT = Column("document_id", "text", "The document the record is in.")

RUNS = Table(
    "runs",
    "One row a run: which code and lexicon made which records.",
    (
        Column("run_id", "int", "Number of the run."),
        Column("started", "time", "Start, UTC."),
        Column("finished", "time", "End, UTC; empty where the run was cut off."),
        Column("code_version", "text", "Version of taalimat, and a digest of its source."),
        Column("lexicon_version", "text", "Digest of the lexicon and gazetteers."),
        Column("model_version", "text", "Digest of the trained model; empty where rules alone decided."),
        Column("sources", "list", "What was read."),
        Column("documents", "int", "Documents read."),
        Column("problems", "int", "Problems met."),
    ),
)

DOCUMENTS = Table(
    "documents",
    "One row a statement, in its latest version.",
    (
        Column("document_id", "text", "The id it came with, else a hash of its text."),
        Column("version", "int", "1, and one more each time the id came with another text."),
        Column("title", "text", "Title given beside the text."),
        Column("published", "date", "Publication date."),
        Column(
            "published_source", "text", "Where that date comes from: `column`, `option`, `file name`, `dateline`, …"
        ),
        Column("source", "text", "File, with the line for formats that hold several documents."),
        Column("outlet", "text", "Who published it, where the source says."),
        Column("text", "text", "The text all offsets refer to, unchanged."),
        Column("characters", "int", "Length of the text, in code points."),
        Column("words", "int", "Words of the text, parted by white space."),
        Column(
            "arabic_share",
            "real",
            "Share of its letters that are Arabic, 0 to 1: low values tell of a wrong encoding or language.",
        ),
        Column("meta", "json", "Other fields of the source."),
        _RUN,
    ),
)

DIRECTIVES = Table(
    "directives",
    "One row an atomic instruction.",
    (
        Column("directive_id", "text", "Document, start of the trigger, start of the instruction."),
        _DOCUMENT,
        Column("act_id", "text", "The speech act: shared by the instructions of one trigger."),
        Column("instruction", "text", "What is to be done or left, as written."),
        Column("start", "int", "Start of the instruction in `documents.text`, in code points."),
        Column("end", "int", "End of it, exclusive."),
        Column("trigger", "text", "The word that carries the force."),
        Column("force", "text", "`order`, `demand`, `insist`, `urge`, `call`, `emphasise`, `recommend`: strongest first."),
        Column("polarity", "text", "`do`, or `avoid` for bans and abstentions."),
        Column("issuer", "text", "Who speaks: the fullest designation in the document."),
        Column("issuer_mention", "text", "Who speaks, as written beside the trigger."),
        Column("issuer_id", "text", "The issuer in `actors`, where it is one.", "actors (actor_id)"),
        Column("addressees", "list", "Who is to act, as written."),
        Column("purposes", "list", "What for, as written."),
        Column("deadline", "text", "The time limit, as written."),
        Column("due", "date", "The last day the deadline leaves."),
        Column("due_note", "text", "Why `due` is not known, where a deadline is stated."),
        Column("issued_on", "date", "The day of the speech act."),
        Column("recalled", "bool", "Whether the statement only recalls an earlier instruction."),
        Column("places", "list", "Places named in the instruction."),
        Column("confidence", "real", "How sure the extraction is, 0 to 1."),
        Column("repeats", "text", "Id of the first instruction in the document that says the same; its own where it is the first.", "directives (directive_id)"),
        Column("lexeme", "text", "Entry of the trigger lexicon."),
        Column("spans", "json", "Offsets `[start, end]` of `trigger`, `issuer`, `deadline`, and lists of them of `addressees`, `purposes`, `places`."),
        Column("evidence", "json", "What spoke for and against: source, start, end, weight, note."),
        _RUN,
    ),
    parent="documents",
)  # fmt: skip

ACTORS = Table(
    "actors",
    "One row a person, office, organisation or group of officials in a document.",
    (
        Column("actor_id", "text", "Document, and the id of the actor in it."),
        _DOCUMENT,
        Column("name", "text", "Fullest designation in the document, without honorifics."),
        Column("kind", "text", "`PERSON`, `OFFICE`, `ORGANISATION` or `GROUP`."),
        Column("office", "text", "The office a person holds."),
        Column("organisation", "text", "The body an actor belongs to."),
        Column("aliases", "list", "Other names in the document."),
        Column("mentions", "list", "The places that name it, as written."),
        Column("spans", "json", "Offsets `[start, end]` of the mentions, in the same order."),
        _RUN,
    ),
    parent="documents",
)

DATES = Table(
    "dates",
    "One row a calendar expression (TIMEX3).",
    (
        Column("date_id", "text", "Document, start and end of the expression."),
        _DOCUMENT,
        Column("text", "text", "The expression as written."),
        Column("start", "int", "Start in `documents.text`, in code points."),
        Column("end", "int", "End, exclusive."),
        Column("type", "text", "`DATE`, `TIME`, `DURATION` or `SET`."),
        Column("value", "text", "ISO 8601 value; X where a part is not known."),
        Column("earliest", "date", "First day meant."),
        Column("latest", "date", "Last day meant."),
        Column("mod", "text", "`START`, `MID`, `END`, `APPROX`, `BEFORE` or `AFTER`."),
        Column("calendar", "text", "`gregorian` or `hijri`."),
        Column("role", "text", "`publication`, `event`, `deadline`, `start` or `reference`."),
        Column("anchor", "text", "The day or event a relative expression hangs on."),
        Column("rule", "text", "What resolved the value."),
        Column("note", "text", "Why a value stays unresolved."),
        _RUN,
    ),
    parent="documents",
)

READINGS = Table(
    "readings",
    "One row a document: how it was read, from which original, and how well its text came through.",
    (
        _DOCUMENT,
        Column("reader", "text", "Format, as `html` or `pdf`; `scan` where text was recognised from pictures."),
        Column("version", "text", "What read it: library and version."),
        Column("original", "text", "SHA-256 of the original, kept in `originals/`; empty where the text is the file's own."),
        Column("pages", "int", "Pages of a PDF or scan."),
        Column("ocr_pages", "json", "Pages, from 1, whose text was recognised from a picture."),
        Column("broken_words", "real", "Share of its Arabic words that can be no words, 0 to 1: lost letters, words torn or glued."),
        Column("sources", "json", "Where each field comes from, as `title`: `og:title`, `country`: `address`."),
        Column("places", "json", "`[start, end, place]` of stretches of the text, in code points; `place` is a page, an element (XPath), a paragraph or a cell of the original."),
        _RUN,
    ),
    parent="documents",
)  # fmt: skip

COPIES = Table(
    "copies",
    "One row a document that says again what an earlier one said, in nearly the same words.",
    (
        _DOCUMENT,
        Column("first_id", "text", "The first document of the group, by publication date."),
        Column("similarity", "real", "Share of the runs of three words of both that they have in common, 0 to 1; with the nearest of the group."),
        Column("corrects", "text", "The document that it corrects, where it is a corrected version."),
        _RUN,
    ),
    parent="documents",
)  # fmt: skip

RECORDS = {Part.DIRECTIVES: DIRECTIVES, Part.ACTORS: ACTORS, Part.DATES: DATES}
"""Tables whose rows are the records of one document."""

TABLES = (RUNS, DOCUMENTS, *RECORDS.values(), READINGS, COPIES)
"""All tables that are exported."""

_SQL = {
    "text": "TEXT",
    "int": "INTEGER",
    "real": "REAL",
    "bool": "INTEGER",
    "date": "TEXT",
    "time": "TEXT",
    "list": "TEXT",
    "json": "TEXT",
}


def _table(table: Table, name: str, later: str = "", refers: bool = False) -> str:
    """The SQL of a table under a name, without the column that a later step adds; ``refers``: with the references of its columns."""
    columns = [f'"{c.name}" {_SQL[c.type]}' for c in table.columns if c.name != later]
    columns[0] += " PRIMARY KEY NOT NULL"
    constraints = []
    if table.parent:
        constraints.append("FOREIGN KEY (document_id) REFERENCES documents (document_id) ON DELETE CASCADE")
    if table is not RUNS:
        constraints.append("FOREIGN KEY (run_id) REFERENCES runs (run_id)")
    if refers:
        constraints += [f"FOREIGN KEY ({c.name}) REFERENCES {c.refers}" for c in table.columns if c.refers]
    body = ",\n  ".join([*columns, *constraints])
    return f"CREATE TABLE {name} (\n  {body}\n);\n"


def _create(table: Table, later: str = "") -> str:
    """The SQL of a table and its index, as the first steps made them."""
    keyed = table.parent and table.key != "document_id"
    index = f"CREATE INDEX {table.name}_document ON {table.name} (document_id);\n" if keyed else ""
    return _table(table, table.name, later) + index


def _rank() -> str:
    return "CASE d.force " + " ".join(f"WHEN '{force.value}' THEN {i}" for i, force in enumerate(Force)) + " END"


_INSTRUCTIONS = f"""
CREATE VIEW instructions AS
WITH ranked AS (
  SELECT d.*, row_number() OVER (PARTITION BY d.document_id, d.repeats ORDER BY {_rank()}, d.start) AS place FROM directives AS d
), folded AS (
  SELECT d.document_id, d.repeats, count(*) AS times, min(d.due) AS due, min(d.issued_on) AS issued_on, min(d.recalled) AS recalled,
    max(d.confidence) AS confidence,
    json_group_array(json_object('directive_id', d.directive_id, 'start', d.start, 'end', d."end", 'instruction', d.instruction,
      'trigger', d.trigger, 'force', d.force, 'issuer', d.issuer, 'addressees', json(d.addressees), 'deadline', d.deadline)) AS evidence
  FROM (SELECT * FROM directives ORDER BY document_id, start) AS d
  GROUP BY d.document_id, d.repeats
)
SELECT best.repeats AS instruction_id, best.document_id, documents.title, documents.published, documents.source,
  best.instruction, best.force, best.polarity, best.issuer, best.issuer_id, best.addressees, best.purposes,
  folded.due, folded.issued_on, folded.recalled, folded.confidence, folded.times, folded.evidence
FROM ranked AS best
JOIN folded ON folded.document_id = best.document_id AND folded.repeats = best.repeats
JOIN documents ON documents.document_id = best.document_id
WHERE best.place = 1;
"""

_STATEMENTS = (
    "".join(_create(table, later="model_version") for table in (RUNS, DOCUMENTS, *RECORDS.values()))
    + """
CREATE TABLE versions (
  document_id TEXT NOT NULL, version INTEGER NOT NULL, title TEXT, published TEXT, source TEXT, text TEXT NOT NULL,
  records TEXT NOT NULL, run_id INTEGER NOT NULL REFERENCES runs (run_id), replaced_by INTEGER NOT NULL REFERENCES runs (run_id),
  PRIMARY KEY (document_id, version)
);
CREATE TABLE problems (
  run_id INTEGER NOT NULL REFERENCES runs (run_id), source TEXT NOT NULL, line INTEGER, document_id TEXT, reason TEXT NOT NULL
);
CREATE INDEX directives_issuer ON directives (issuer_id);
CREATE INDEX directives_due ON directives (due);
"""
    + _INSTRUCTIONS
)

_REGISTER = """
CREATE TABLE actor_record (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, level TEXT NOT NULL, wilaya TEXT NOT NULL);
CREATE TABLE actor_key (key TEXT PRIMARY KEY NOT NULL, id TEXT NOT NULL);
CREATE TABLE actor_alias (id TEXT NOT NULL REFERENCES actor_record (id), alias TEXT NOT NULL, PRIMARY KEY (id, alias));
CREATE TABLE actor_document (
  actor_id TEXT PRIMARY KEY NOT NULL REFERENCES actors (actor_id) ON DELETE CASCADE,
  document_id TEXT NOT NULL, id TEXT NOT NULL REFERENCES actor_record (id)
);
CREATE INDEX actor_document_record ON actor_document (id);
CREATE TABLE tenure (
  id TEXT NOT NULL REFERENCES actor_record (id), office TEXT NOT NULL, first TEXT, last TEXT, documents INTEGER NOT NULL,
  PRIMARY KEY (id, office)
);
CREATE TABLE actor_reason (id TEXT NOT NULL REFERENCES actor_record (id), reason TEXT NOT NULL);
CREATE TABLE actor_decision (
  number INTEGER NOT NULL, kind TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL, note TEXT NOT NULL,
  about TEXT NOT NULL, rest TEXT NOT NULL, decided TEXT NOT NULL
);
"""

ADDRESSEES = """
INSERT INTO addressee SELECT d.directive_id, s.key, substr(doc.text, (s.value ->> 0) + 1, (s.value ->> 1) - (s.value ->> 0)),
  s.value ->> 0, s.value ->> 1, (SELECT a.actor_id FROM actors AS a, json_each(a.spans) AS m WHERE a.document_id = d.document_id
    AND m.value ->> 0 = s.value ->> 0 AND m.value ->> 1 = s.value ->> 1)
FROM directives AS d JOIN documents AS doc USING (document_id), json_each(d.spans, '$.addressees') AS s
"""
"""Fills the table of addressees from the spans of directives, each with the actor whose mention stands there."""

_ADDRESSEE = (
    """
CREATE TABLE addressee (
  directive_id TEXT NOT NULL REFERENCES directives (directive_id) ON DELETE CASCADE, place INTEGER NOT NULL,
  name TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, actor_id TEXT REFERENCES actors (actor_id) ON DELETE SET NULL,
  PRIMARY KEY (directive_id, place)
);
CREATE INDEX addressee_actor ON addressee (actor_id);
CREATE TABLE stamp (transactions INTEGER NOT NULL);
INSERT INTO stamp VALUES (abs(random()) >> 11);
"""
    + ADDRESSEES.strip()
    + ";"
)

_DIRECTIVE_VIEW = """
CREATE VIEW directive_view AS
SELECT d.directive_id, d.document_id, doc.title, doc.published, doc.outlet, doc.source, upper(json_extract(doc.meta, '$.country')) AS country,
  json_extract(doc.meta, '$.url') AS url, coalesce(d.issued_on, doc.published) AS date,
  d.issuer, d.issuer_mention, issuer.id AS issuer_record, coalesce(issuer.name, d.issuer) AS issuer_name,
  d.addressees, (SELECT json_group_array(json_object('name', a.name, 'start', a.start, 'end', a."end", 'actor_id', a.actor_id, 'record', l.id,
    'record_name', r.name)) FROM addressee AS a LEFT JOIN actor_document AS l USING (actor_id) LEFT JOIN actor_record AS r USING (id)
    WHERE a.directive_id = d.directive_id) AS addressee_records,
  d.force, d.polarity, d.trigger, d.instruction, d.start, d."end", d.purposes, d.deadline, d.due, d.due_note,
  CASE WHEN d.deadline IS NULL THEN 'none' WHEN d.due < date('now') THEN 'overdue' WHEN d.due IS NOT NULL THEN 'due'
    WHEN d.due_note = 'urgent, without a day' THEN 'immediate' ELSE 'unknown' END
    AS deadline_state,
  d.issued_on, d.recalled, d.places, d.confidence, d.repeats, d.act_id, d.lexeme, d.spans, d.evidence,
  d.run_id, runs.code_version, runs.lexicon_version
FROM directives AS d
JOIN documents AS doc USING (document_id)
JOIN runs ON runs.run_id = d.run_id
LEFT JOIN actor_document AS link ON link.actor_id = d.issuer_id
LEFT JOIN actor_record AS issuer ON issuer.id = link.id;
"""

# What people write. No key leads from it to `documents`: a document is replaced as a whole, and what was said of it stays.
_PEOPLE = """
CREATE TABLE corrections (
  correction_id INTEGER PRIMARY KEY NOT NULL, about INTEGER NOT NULL REFERENCES corrections (correction_id),
  document_id TEXT NOT NULL, version INTEGER NOT NULL, directive_id TEXT,
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'edit', 'reject', 'add', 'complete', 'withdraw')),
  record TEXT, machine TEXT, note TEXT NOT NULL, author TEXT NOT NULL, made TEXT NOT NULL, run_id INTEGER REFERENCES runs (run_id)
);
CREATE INDEX corrections_document ON corrections (document_id);
CREATE INDEX corrections_about ON corrections (about);
CREATE TABLE correction_places (
  about INTEGER PRIMARY KEY NOT NULL REFERENCES corrections (correction_id), correction_id INTEGER NOT NULL REFERENCES corrections (correction_id),
  document_id TEXT NOT NULL, directive_id TEXT, version INTEGER NOT NULL, record TEXT,
  state TEXT NOT NULL CHECK (state IN ('same', 'moved', 'changed', 'lost'))
);
CREATE INDEX correction_places_document ON correction_places (document_id);
CREATE INDEX correction_places_directive ON correction_places (directive_id);
CREATE TABLE saved_searches (search_id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, author TEXT NOT NULL, made TEXT NOT NULL);
"""

# A document that an earlier schema holds is done, with a digest that no text has: the next run looks at it again.
_STATES = """
CREATE TABLE states (
  document_id TEXT PRIMARY KEY NOT NULL, state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
  digest TEXT NOT NULL, source TEXT, reason TEXT, run_id INTEGER NOT NULL REFERENCES runs (run_id)
);
CREATE INDEX states_state ON states (state);
INSERT INTO states SELECT document_id, 'done', '', source, NULL, run_id FROM documents;
"""

_SEARCHED = ("instruction", "parties", "other", "title", "context", "roots")


def _mirror(event: str) -> str:
    """A trigger that keeps FTS5 in step with ``search_text``."""
    names = ", ".join(_SEARCHED)
    row = {side: ", ".join(f"{side}.{name}" for name in _SEARCHED) for side in ("old", "new")}
    gone = f"INSERT INTO search_index (search_index, rowid, {names}) VALUES ('delete', old.id, {row['old']});"
    come = f"INSERT INTO search_index (rowid, {names}) VALUES (new.id, {row['new']});"
    body = {"INSERT": come, "DELETE": gone, "UPDATE": f"{gone} {come}"}[event]
    return f"CREATE TRIGGER search_text_{event.lower()} AFTER {event} ON search_text BEGIN {body} END;\n"


_SEARCH = f"""
CREATE TABLE search_text (
  id INTEGER PRIMARY KEY, directive_id TEXT NOT NULL UNIQUE REFERENCES directives (directive_id) ON DELETE CASCADE,
  {", ".join(f"{name} TEXT NOT NULL" for name in _SEARCHED)}
);
CREATE VIRTUAL TABLE search_index USING fts5 (
  {", ".join(_SEARCHED)}, content = 'search_text', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE search_term USING fts5vocab (search_index, row);
CREATE TABLE search_vector (
  id INTEGER PRIMARY KEY REFERENCES search_text (id) ON DELETE CASCADE, model TEXT NOT NULL, vector BLOB NOT NULL, bits BLOB NOT NULL
);
CREATE TABLE search_space (model TEXT PRIMARY KEY NOT NULL, vectors INTEGER NOT NULL, mean BLOB NOT NULL, turn BLOB NOT NULL);
CREATE TABLE search_state (version TEXT NOT NULL);
INSERT INTO search_state VALUES ('');
""" + "".join(map(_mirror, ("INSERT", "DELETE", "UPDATE")))

# Threads: see pipeline/link. Decisions have no key to items, which come and go with their documents.
_THREADS = """
CREATE TABLE link_document (document_id TEXT PRIMARY KEY NOT NULL REFERENCES documents (document_id) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE link_item (
  item INTEGER PRIMARY KEY, item_id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL REFERENCES documents (document_id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('directive', 'report', 'reference')), start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
  day TEXT, fold TEXT NOT NULL, features TEXT NOT NULL, thread TEXT NOT NULL, relation TEXT, why TEXT
);
CREATE INDEX link_item_document ON link_item (document_id);
CREATE INDEX link_item_thread ON link_item (thread);
CREATE INDEX link_item_day ON link_item (day);
CREATE TABLE link_word (
  word TEXT NOT NULL, item INTEGER NOT NULL REFERENCES link_item (item) ON DELETE CASCADE, PRIMARY KEY (word, item)
) WITHOUT ROWID;
CREATE INDEX link_word_item ON link_word (item);
CREATE TABLE links (
  earlier TEXT NOT NULL REFERENCES link_item (item_id) ON DELETE CASCADE, later TEXT NOT NULL REFERENCES link_item (item_id) ON DELETE CASCADE,
  score REAL NOT NULL, relation TEXT NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (earlier, later)
);
CREATE INDEX links_later ON links (later);
CREATE TABLE link_decision (
  number INTEGER PRIMARY KEY AUTOINCREMENT, verdict TEXT NOT NULL CHECK (verdict IN ('confirm', 'cut')), first TEXT NOT NULL, second TEXT NOT NULL,
  note TEXT NOT NULL, decided TEXT NOT NULL, UNIQUE (first, second)
);
CREATE INDEX link_decision_second ON link_decision (second);
"""

_THREAD_VIEW = """
CREATE VIEW thread_view AS
WITH member AS (
  SELECT thread, item_id, relation, why FROM link_item WHERE kind <> 'reference'
  UNION
  SELECT DISTINCT l.thread, r.item_id, 'recalls', min(k.reason) FROM link_item AS r JOIN links AS k ON k.earlier = r.item_id
    JOIN link_item AS l ON l.item_id = k.later WHERE r.kind = 'reference' GROUP BY l.thread, r.item_id
)
SELECT m.thread, m.item_id, i.kind, i.day, i.kind = 'reference' OR coalesce(d.issued_on, doc.published) IS NOT NULL AS day_known, m.relation, m.why, i.text, i.start, i."end", d.force, d.trigger, d.issuer, d.addressees, d.deadline,
  d.due, d.recalled, i.document_id, doc.title, doc.published, doc.source, doc.outlet
FROM member AS m JOIN link_item AS i USING (item_id) JOIN documents AS doc USING (document_id)
LEFT JOIN directives AS d ON d.directive_id = i.item_id;
"""


# What near-copies are found by. No key leads to `documents`: a document that is read again keeps them, one that is gone loses them when
# copies are next looked for.
_INGEST = (
    _create(READINGS)
    + _create(COPIES)
    + """CREATE INDEX copies_first ON copies (first_id);
CREATE TABLE copy_signature (document_id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, signature BLOB NOT NULL);
CREATE TABLE copy_pair (left TEXT NOT NULL, right TEXT NOT NULL, similarity REAL NOT NULL, PRIMARY KEY (left, right));
CREATE VIEW statements AS
WITH member AS (
  SELECT d.document_id, coalesce(c.first_id, d.document_id) AS first_id, c.corrects, d.title, d.published, d.outlet, d.source
  FROM documents AS d LEFT JOIN copies AS c USING (document_id)
), ranked AS (
  SELECT member.*, row_number() OVER (PARTITION BY first_id ORDER BY corrects IS NULL, CASE WHEN corrects IS NOT NULL THEN published END DESC,
    document_id <> first_id) AS place FROM member
)
SELECT best.first_id AS statement_id, best.document_id, best.title, best.published, best.outlet, best.source, best.corrects,
  (SELECT count(*) FROM member WHERE member.first_id = best.first_id) AS documents,
  (SELECT json_group_array(document_id) FROM (SELECT document_id FROM member WHERE member.first_id = best.first_id ORDER BY published, document_id))
    AS document_ids
FROM ranked AS best WHERE best.place = 1;
"""
)

_VECTORS = """
CREATE TABLE link_vector (
  item_id TEXT PRIMARY KEY NOT NULL REFERENCES link_item (item_id) ON DELETE CASCADE, encoder TEXT NOT NULL, vector BLOB NOT NULL
);
"""

_MODEL = "ALTER TABLE runs ADD COLUMN model_version TEXT;\n"

# SQLite cannot give a table another foreign key: it is made anew, and what looks at it with it (https://sqlite.org/lang_altertable.html, 7).
_names = ", ".join(f'"{name}"' for name in DIRECTIVES.names)
_REFERENCES = f"""
DROP VIEW instructions;
DROP VIEW directive_view;
DROP VIEW thread_view;
{_table(DIRECTIVES, "directives_anew", refers=True)}
INSERT INTO directives_anew ({_names}) SELECT {_names} FROM directives;
UPDATE directives_anew SET issuer_id = NULL WHERE issuer_id NOT IN (SELECT actor_id FROM actors);
UPDATE directives_anew SET repeats = directive_id WHERE repeats NOT IN (SELECT directive_id FROM directives);
DROP TABLE directives;
ALTER TABLE directives_anew RENAME TO directives;
CREATE INDEX directives_document ON directives (document_id);
CREATE INDEX directives_issuer ON directives (issuer_id);
CREATE INDEX directives_due ON directives (due);
CREATE INDEX directives_repeats ON directives (repeats);
{_INSTRUCTIONS}{_DIRECTIVE_VIEW}{_THREAD_VIEW}"""

# Instructions and reports are indexed apart, so what was linked before is linked anew; decisions stay.
_PRIOR = """
CREATE TABLE link_prior (kind TEXT NOT NULL, odds INTEGER NOT NULL, pairs INTEGER NOT NULL, PRIMARY KEY (kind, odds)) WITHOUT ROWID;
DELETE FROM links;
DELETE FROM link_vector;
DELETE FROM link_word;
DELETE FROM link_item;
DELETE FROM link_document;
"""

# Records that a person has and the machine does not find, as rows of `directive_view`. What hangs on more than the record is taken from where the
# statement has it: the record of the register of a mention, the day of an act with the same trigger, the last day of the same words of a deadline.
_ADDED_VIEW = """
CREATE VIEW added_view AS
WITH added AS (
  SELECT p.about, p.document_id, p.document_id || ':added:' || p.about AS directive_id, p.record AS r,
    (SELECT a.actor_id FROM actors AS a WHERE a.document_id = p.document_id AND (a.name = p.record ->> '$.issuer.name'
      OR p.record ->> '$.issuer.name' = p.record ->> '$.issuer.text' AND EXISTS (SELECT 1 FROM json_each(a.spans) AS m
        WHERE m.value ->> 0 = p.record ->> '$.issuer.start' AND m.value ->> 1 = p.record ->> '$.issuer.end')) LIMIT 1) AS issuer_id,
    (SELECT d.issued_on FROM directives AS d WHERE d.document_id = p.document_id AND d.spans ->> '$.trigger[0]' = p.record ->> '$.trigger.start'
      AND d.issued_on IS NOT NULL LIMIT 1) AS issued_on,
    (SELECT d.due FROM directives AS d WHERE d.document_id = p.document_id AND d.spans ->> '$.deadline[0]' = p.record ->> '$.deadline.start'
      AND d.spans ->> '$.deadline[1]' = p.record ->> '$.deadline.end' AND d.due IS NOT NULL LIMIT 1) AS due,
    (SELECT d.due_note FROM directives AS d WHERE d.document_id = p.document_id AND d.spans ->> '$.deadline[0]' = p.record ->> '$.deadline.start'
      AND d.spans ->> '$.deadline[1]' = p.record ->> '$.deadline.end' AND d.due_note IS NOT NULL LIMIT 1) AS due_note
  FROM correction_places AS p JOIN corrections AS c USING (correction_id)
  WHERE p.directive_id IS NULL AND p.record IS NOT NULL AND c.verdict IN ('accept', 'edit', 'add')
)
SELECT x.directive_id, x.document_id, doc.title, doc.published, doc.outlet, doc.source, upper(json_extract(doc.meta, '$.country')) AS country,
  json_extract(doc.meta, '$.url') AS url, coalesce(x.issued_on, doc.published) AS date,
  x.r ->> '$.issuer.name' AS issuer, x.r ->> '$.issuer.text' AS issuer_mention, issuer.id AS issuer_record,
  coalesce(issuer.name, x.r ->> '$.issuer.name') AS issuer_name,
  (SELECT json_group_array(s.value ->> '$.text') FROM json_each(x.r, '$.addressees') AS s) AS addressees,
  (SELECT json_group_array(json_object('name', s.value ->> '$.text', 'start', s.value ->> '$.start', 'end', s.value ->> '$.end', 'actor_id', a.actor_id,
    'record', l.id, 'record_name', n.name)) FROM json_each(x.r, '$.addressees') AS s
    LEFT JOIN actors AS a ON a.actor_id = (SELECT b.actor_id FROM actors AS b, json_each(b.spans) AS m WHERE b.document_id = x.document_id
      AND m.value ->> 0 = s.value ->> '$.start' AND m.value ->> 1 = s.value ->> '$.end' LIMIT 1)
    LEFT JOIN actor_document AS l ON l.actor_id = a.actor_id LEFT JOIN actor_record AS n ON n.id = l.id) AS addressee_records,
  x.r ->> '$.force' AS force, x.r ->> '$.polarity' AS polarity, x.r ->> '$.trigger.text' AS trigger, x.r ->> '$.instruction.text' AS instruction,
  x.r ->> '$.instruction.start' AS start, x.r ->> '$.instruction.end' AS "end",
  (SELECT json_group_array(s.value ->> '$.text') FROM json_each(x.r, '$.purposes') AS s) AS purposes,
  x.r ->> '$.deadline.text' AS deadline, x.due, x.due_note,
  CASE WHEN x.r ->> '$.deadline.text' IS NULL THEN 'none' WHEN x.due < date('now') THEN 'overdue' WHEN x.due IS NOT NULL THEN 'due'
    WHEN x.due_note = 'urgent, without a day' THEN 'immediate' ELSE 'unknown' END
    AS deadline_state,
  x.issued_on, x.r ->> '$.recalled' AS recalled, '[]' AS places, NULL AS confidence, x.directive_id AS repeats, NULL AS act_id, NULL AS lexeme,
  json_object('trigger', json_array(x.r ->> '$.trigger.start', x.r ->> '$.trigger.end')) AS spans, '[]' AS evidence,
  NULL AS run_id, NULL AS code_version, NULL AS lexicon_version, x.about, issuing.office AS issuer_office
FROM added AS x
JOIN documents AS doc USING (document_id)
LEFT JOIN actors AS issuing ON issuing.actor_id = x.issuer_id
LEFT JOIN actor_document AS link ON link.actor_id = x.issuer_id
LEFT JOIN actor_record AS issuer ON issuer.id = link.id;
"""

# A row of the search index is about a directive or about a record that people added; ids and vectors are kept.
_FOUND = f"""
CREATE TABLE search_text_anew (
  id INTEGER PRIMARY KEY, directive_id TEXT UNIQUE REFERENCES directives (directive_id) ON DELETE CASCADE,
  {", ".join(f"{name} TEXT NOT NULL" for name in _SEARCHED)},
  about INTEGER UNIQUE REFERENCES correction_places (about) ON DELETE CASCADE,
  CHECK ((directive_id IS NULL) <> (about IS NULL))
);
INSERT INTO search_text_anew SELECT id, directive_id, {", ".join(_SEARCHED)}, NULL FROM search_text;
DROP TABLE search_text;
ALTER TABLE search_text_anew RENAME TO search_text;
""" + "".join(map(_mirror, ("INSERT", "DELETE", "UPDATE")))

_SETTLED = "CREATE TABLE link_settled (kind TEXT PRIMARY KEY, shift REAL NOT NULL) WITHOUT ROWID;\n"

# «فورا» is no deadline that hangs on an event.
_IMMEDIATE = "DROP VIEW directive_view;\nDROP VIEW added_view;\n" + _DIRECTIVE_VIEW + _ADDED_VIEW

STEPS = (
    *(
        _STATEMENTS,
        _REGISTER,
        _ADDRESSEE + _DIRECTIVE_VIEW,
        _PEOPLE,
        _STATES,
        _SEARCH,
        _THREADS + _THREAD_VIEW,
        _INGEST,
    ),
    *(_VECTORS, _MODEL, _REFERENCES, _PRIOR, _ADDED_VIEW + _FOUND, _SETTLED, _IMMEDIATE),
)
"""The SQL that leads from each version of the schema to the next; a store keeps its version in SQLite's ``user_version``.

They run while foreign keys are not looked after."""

VERSION = len(STEPS)
"""Version of the schema that this code reads and writes."""
