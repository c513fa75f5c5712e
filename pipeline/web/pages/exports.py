"""Any result as a file."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from typing import IO, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from pipeline.search.engine import search_all
from pipeline.search.export import FORMATS, rows, write_csv, write_jsonl, write_xlsx
from pipeline.web.asked import TheQuery
from pipeline.web.site import TheSite

router = APIRouter()

_IN_MEMORY = 8 * 2**20
"""Bytes of an export kept in memory; more goes to a temporary file."""


@router.get("/export", summary="All results of a search as CSV, XLSX or JSON lines", response_class=StreamingResponse)
def export(site: TheSite, query: TheQuery, format: Literal["csv", "xlsx", "jsonl"] = "csv") -> StreamingResponse:
    """The whole result, in its order; the parameters are those of the search."""
    body: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed when it has been sent)
    with site.database.reading() as connection:
        found = rows(connection, search_all(connection, query))
        if format == "xlsx":
            write_xlsx(body, found)
        else:
            text = io.TextIOWrapper(body, encoding="utf-8", newline="", write_through=True)
            (write_csv if format == "csv" else write_jsonl)(text, found)
            text.detach()
    body.seek(0)
    headers = {"content-disposition": f'attachment; filename="taalimat.{format}"'}
    return StreamingResponse(_sent(body), media_type=FORMATS[format], headers=headers)


def _sent(body: IO[bytes]) -> Iterator[bytes]:
    with body:
        while chunk := body.read(1 << 16):
            yield chunk
