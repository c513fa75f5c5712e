"""Items kept as offsets: the strings come back from a copy with the right hashes, and only then."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.corpus import default_folder
from pipeline.corpus.files import Json
from pipeline.corpus.tunisia import pack, pieces, read_packed, rebuild, unpack
from pipeline.errors import Problem, TaalimatError

TEXT = 'دعا مدير الصحة، اليوم، للوحدات المتنقلة بالعودة.\nوأكد "ضرورة" غلق المسبح\u00a0قبل ماي.'


def span(text: str) -> Json:
    return {"text": text, "start": TEXT.index(text), "end": TEXT.index(text) + len(text)}


RECORD: Json = {
    "id": "XX-test-1-20170503",
    "title": "المدير: لا سباحة",
    "published": "2017-05-03",
    "text": TEXT,
    "directives": [
        {
            "trigger": span("أكد"),
            "force": "emphasise",
            "polarity": "do",
            "issuer": {**span("مدير الصحة"), "name": "المدير"},
            "addressees": [span("لوحدات المتنقلة")],
            "instructions": [span("غلق المسبح\u00a0قبل ماي")],
            "purposes": [],
            "deadline": span("قبل ماي"),
            "recalled": False,
        }
    ],
    "dates": [{**span("اليوم"), "type": "DATE", "value": "2017-05-03"}],
    "actors": [
        {"name": "المدير", "kind": "PERSON", "office": "مدير الصحة", "mentions": ["مدير الصحة"]},
        {"name": "الوحدات المتنقلة", "kind": "GROUP", "mentions": ["لوحدات المتنقلة"]},
    ],
}
ITEM = "<DOC>\n<DOCNO>{id}</DOCNO>\n<URL>http://x</URL> \n<TITLE>{title}</TITLE>\n<TIME>03/05/2017</TIME>\n<ABSTRACT>\n\n</ABSTRACT>\n<TEXT>\n {text} \r\n</TEXT>\n</DOC>\n"


def write(folder: Path, text: str = TEXT, title: str = RECORD["title"]) -> None:
    (folder / "society").mkdir(exist_ok=True)
    content = ITEM.format(id=RECORD["id"], title=title, text=text)
    (folder / "society" / f"{RECORD['id']}.txt").write_text(content, encoding="utf-8", newline="")


def test_a_record_is_packed_without_any_arabic_and_comes_back() -> None:
    packed = pack(RECORD)
    assert not re.search("[\u0600-\u06ff]", json.dumps(packed, ensure_ascii=False))
    assert unpack(json.loads(json.dumps(packed)), TEXT, RECORD["title"]) == RECORD


def test_a_name_is_put_together_from_pieces() -> None:
    assert pieces("للوحدات", "الوحدات") == [[5, 6], [1, 7]]
    with pytest.raises(ValueError, match="no 'ء' at 3"):
        pieces("شيخ", "شيخء")


def test_a_copy_gives_the_texts_back(tmp_path: Path) -> None:
    write(tmp_path, text=TEXT.replace("\n", " \r\n"))
    assert list(rebuild([pack(RECORD)], tmp_path)) == [RECORD]


@pytest.mark.parametrize(("change", "reason"), [({"text": TEXT + "!"}, "the text"), ({"title": "غيره"}, "the title")])
def test_another_text_is_refused(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    write(tmp_path, **change)
    (problem,) = rebuild([pack(RECORD)], tmp_path)
    assert isinstance(problem, Problem)
    assert reason in problem.reason


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    (problem,) = rebuild([pack(RECORD)], tmp_path)
    assert isinstance(problem, Problem)
    assert RECORD["id"] in problem.reason
    with pytest.raises(TaalimatError, match=r"antcorpus\.data"):
        list(rebuild([], tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("name", "count"), [("tunisia.jsonl", 333), ("tunisia_second.jsonl", 586), ("tunisia_judged.jsonl", 280)]
)
def test_the_items_on_record_hold_no_text(name: str, count: int) -> None:
    items = read_packed(default_folder(), name)
    assert len(items) == count
    assert len({item["id"] for item in items}) == count
    assert not re.search("[\u0600-\u06ff]", (default_folder() / name).read_text(encoding="utf-8"))
    for item in items:
        assert re.fullmatch("[0-9a-f]{64}", item["text_sha256"])
        for directive in item["directives"]:
            assert directive["instructions"]
            for start, end in (directive["trigger"], *directive["instructions"], *directive["addressees"]):
                assert 0 <= start < end
