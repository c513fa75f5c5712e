"""The time line of an instruction on the page of a directive."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from tests.web.conftest import REPEATING


def test_the_page_shows_each_wording_with_force_and_source(client: TestClient) -> None:
    listed = client.get("/", params={"q": "المسبح"}).text
    found = {name.replace("&amp;", "&") for name in re.findall(r'/directive\?id=(b-7[^"&]+)', listed)}
    pages = [client.get(f"/directive?id={name}&lang=en").text for name in sorted(found)]
    (page, *_) = [text for text in pages if "timeline" in text]
    entries = re.findall(r'<li class="relation-(\w+)"', page)
    assert entries[0] == "first"
    assert len(entries) == 4  # a hostile statement gives the same order
    assert set(entries[1:]) <= {"repeated", "tightened"}
    line = page.partition('<ol class="timeline">')[2].partition("</ol>")[0]
    assert line.count("force force-order") == 3
    assert line.count('aria-current="true"') == 1
    assert "<img" not in line
    assert line.count(REPEATING["title"]) >= 3
    assert "first time" in line


def test_an_instruction_that_nothing_is_linked_to_has_no_time_line(client: TestClient) -> None:
    listed = client.get("/", params={"q": "منقذين"}).text
    (name, *_) = re.findall(r'/directive\?id=(b-7[^"&]+)', listed)
    assert "timeline" not in client.get(f"/directive?id={name}").text
