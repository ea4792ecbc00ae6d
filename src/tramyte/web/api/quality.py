"""What does not add up, is missing or stands twice: the kinds with their counts, and the rows of a kind."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from tramyte.domain.messages import say
from tramyte.web.api.answers import written
from tramyte.web.api.asking import MOST, AskedFigures, demand, scope_asked
from tramyte.web.api.lists import REFUSALS
from tramyte.web.quality import CHECKS
from tramyte.web.roles import Permission
from tramyte.web.views.quality import counts, may_see, rows_of, said


class AskedWrong(AskedFigures):
    """A question for the rows of a kind."""

    after: int = Field(0, ge=0, le=1_000_000, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=MOST, description="rows of a page")


class KindRow(Schema):
    """One kind of finding; `sheet` is the list whose records it is about."""

    kind: str
    name: str
    sheet: str
    count: int


class Kinds(Schema):
    """Every kind that the account may see."""

    province: str
    on: date
    known: date | None
    rows: list[KindRow]


class WrongRow(Schema):
    """One record to look at; `what` says what is wrong where the kind does not say it all."""

    code: str
    name: str
    what: str | None
    on: date | None


class Wrong(Schema):
    """A page of the rows of a kind."""

    count: int
    rows: list[WrongRow]
    next: str | None


def quality(router: Router) -> None:
    """Add the questions of quality."""

    @router.get("/quality", operation_id="quality", tags=["need"], response={200: Kinds, **REFUSALS})
    def kinds(request: HttpRequest, asked: Query[AskedFigures]) -> HttpResponse:
        demand(request, Permission.SEE_PLACES)
        scope = scope_asked(request, asked)
        found = [
            {"kind": kind, "name": say(CHECKS[kind][0], scope.lang), "sheet": CHECKS[kind][1], "count": count}
            for kind, count in counts(scope).items()
        ]  # fmt: skip
        return written({"province": scope.province.code, "on": scope.on, "known": scope.known, "rows": found})

    @router.get("/quality/{slug:kind}", operation_id="quality_rows", tags=["need"], response={200: Wrong, **REFUSALS})
    def wrong(request: HttpRequest, kind: str, asked: Query[AskedWrong]) -> HttpResponse:
        demand(request, Permission.SEE_PLACES)
        scope = scope_asked(request, asked)
        if kind not in CHECKS or not may_see(scope, CHECKS[kind][1]):
            raise Http404
        every = rows_of(scope, kind)
        found: list[dict[str, Any]] = [
            {"code": one.code, "name": one.name, "what": said(one, scope), "on": one.on}
            for one in every[asked.after : asked.after + asked.limit]
        ]
        last = asked.after + len(found)
        return written({"count": len(every), "rows": found, "next": str(last) if last < len(every) else None})
