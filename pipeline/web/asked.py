"""The search that an address asks for: one dependency of all pages that show results."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi import Query as Parameter

from pipeline.search.query import Query


def asked(
    request: Request,
    q: Annotated[str, Parameter(description='Words, "a phrase", AND, OR, NOT, brackets')] = "",
    issuer: Annotated[list[str] | None, Parameter(description="Words of a name, or the id of an actor")] = None,
    addressee: Annotated[list[str] | None, Parameter(description="Words of a name, or the id of an actor")] = None,
    force: Annotated[
        list[str] | None, Parameter(description="order, demand, insist, urge, call, emphasise, recommend")
    ] = None,
    country: Annotated[list[str] | None, Parameter(description="ISO 3166 codes")] = None,
    wilaya: Annotated[list[str] | None, Parameter(description="Names of wilayas")] = None,
    month: Annotated[list[str] | None, Parameter(description="2025-01")] = None,
    deadline_state: Annotated[list[str] | None, Parameter(description="none, due, overdue, immediate, unknown")] = None,
    document_id: Annotated[list[str] | None, Parameter(description="Ids of statements")] = None,
    actor: Annotated[list[str] | None, Parameter(description="Ids of actors, as issuer or addressee")] = None,
    since: Annotated[str, Parameter(description="First day: 2025-01-07, 2025-01, 2025, today, -30d")] = "",
    until: Annotated[str, Parameter(description="Last day")] = "",
    due_before: Annotated[str, Parameter(description="The deadline ends before this day")] = "",
    overdue: Annotated[str, Parameter(description="1: only what was due before today")] = "",
    folded: Annotated[str, Parameter(description="0: an instruction as often as its statement says it")] = "",
    near: Annotated[str, Parameter(description="0: exact matches only")] = "",
    sort: Annotated[str, Parameter(description="relevance, newest, oldest, due, confidence")] = "",
    limit: Annotated[str, Parameter(description="Results on a page")] = "",
    offset: Annotated[str, Parameter(description="Results passed over")] = "",
) -> Query:
    """The query in the address. Raises :class:`pipeline.search.query.QueryError` with all its faults.

    The parameters are declared for the OpenAPI schema; :class:`Query` reads and checks them.
    """
    return Query.from_params(request.query_params.multi_items())


TheQuery = Annotated[Query, Depends(asked)]
