"""What pages count and gather beside the rows: lists of places, one place, tasks, search, hierarchies, proposals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from tramyte.domain.names import search_key
from tramyte.web.actions import proposals
from tramyte.web.api.answers import written
from tramyte.web.api.asking import AskedFigures, Text, demand, scope_asked
from tramyte.web.api.lists import REFUSALS
from tramyte.web.roles import Permission
from tramyte.web.views import authorities, facilities, station, stations
from tramyte.web.views import place as places
from tramyte.web.views import proposals as told
from tramyte.web.views.home import counted
from tramyte.web.views.scope import Scope
from tramyte.web.views.search import LEAST, groups_of
from tramyte.web.views.waiting import waiting

FACTS = (
    "managing",
    "supervising",
    "population",
    "people",
    "doctors",
    "posts",
    "posts_filled",
    "guests",
    "buildings",
    "machines",
)  # fmt: skip  in the order of station.figures
HIDDEN = ("address", "people_at", "path")  # of a page, not of an answer


class AskedPlaces(AskedFigures):
    """A question for the list of places."""

    by: Literal["commune", "station"] = Field("commune", description="what one line is")


class AskedWords(AskedFigures):
    """A question for whatever is called so."""

    find: Text = Field(None, description="two letters at least, with or without marks; old names too")


class AskedLine(AskedFigures):
    """A question for one of the two hierarchies."""

    line: Literal["managing", "supervising"] = Field("managing", description="who administers, or who guides")


class Figures(Schema):
    """What a page counts: one object a line, as its columns are; null: not known."""

    province: str
    on: date
    known: date | None
    rows: list[dict[str, Any]]


class PlaceFigures(Schema):
    """One station, polyclinic, hospital or centre with everything below it."""

    province: str
    on: date
    known: date | None
    code: str
    name: str
    kind: str
    commune: str | None
    former: list[str]
    successors: list[str]
    is_open: bool
    figures: dict[str, Any]


def figures(router: Router) -> None:
    """Add the questions for what pages count."""
    _places(router)
    _gathered(router)


def _places(router: Router) -> None:
    @router.get("/places", operation_id="places", tags=["need"], response={200: Figures, **REFUSALS})
    def lines(request: HttpRequest, asked: Query[AskedPlaces]) -> HttpResponse:
        scope = _scope(request, asked)
        scope = replace(scope, by="tram") if asked.by == "station" else scope
        return _answer(scope, [_plain(row) for row in stations.lines(scope)])

    @router.get("/units", operation_id="units", tags=["need"], response={200: Figures, **REFUSALS})
    def units(request: HttpRequest, asked: Query[AskedFigures]) -> HttpResponse:
        scope = _scope(request, asked)
        own = [row for row in places.facilities(scope) if row.kind in facilities.OTHERS]
        return _answer(scope, [_plain(row) for row in facilities.lines(scope, own)])

    @router.get("/places/{code}", operation_id="place", tags=["need"], response={200: PlaceFigures, **REFUSALS})
    def one(request: HttpRequest, code: str, asked: Query[AskedFigures]) -> HttpResponse:
        scope = _scope(request, asked)
        place = places.Place(scope, places.facility_at(scope, code))
        counts = [value for _, value, _, _ in station.figures(place)]
        return written({
            **_state(scope), "code": place.code, "name": place.facility.name, "kind": place.facility.kind,
            "commune": place.facility.commune, "former": list(place.former),
            "successors": [code for code, _ in place.successors], "is_open": place.is_open,
            "figures": dict(zip(FACTS, counts, strict=True)),
        })  # fmt: skip


def _gathered(router: Router) -> None:
    @router.get("/tasks", operation_id="tasks", tags=["need"], response={200: Figures, **REFUSALS})
    def tasks(request: HttpRequest, asked: Query[AskedFigures]) -> HttpResponse:
        scope = _scope(request, asked)
        found = waiting(scope, counted(scope))
        return _answer(scope, [{"look": one.look, "text": one.text, "page": one.address} for one in found])

    @router.get("/search", operation_id="search", tags=["register"], response={200: Figures, **REFUSALS})
    def search(request: HttpRequest, asked: Query[AskedWords]) -> HttpResponse:
        scope, wanted = _scope(request, asked), search_key(asked.find or "")
        groups = groups_of(scope, wanted) if len(wanted) >= LEAST else []
        return _answer(scope, [
            {"kind": kind, "name": one.name, "why": one.why or None, "page": one.address}
            for kind, found, _ in groups for one in found
        ])  # fmt: skip

    @router.get("/hierarchies", operation_id="hierarchies", tags=["register"], response={200: Figures, **REFUSALS})
    def hierarchies(request: HttpRequest, asked: Query[AskedLine]) -> HttpResponse:
        scope = _scope(request, asked)
        return _answer(scope, authorities.counted(scope, asked.line))

    @router.get("/proposals", operation_id="proposals", tags=["record"], response={200: Figures, **REFUSALS})
    def proposed(request: HttpRequest, asked: Query[AskedFigures]) -> HttpResponse:
        scope = _scope(request, asked)
        rows = [(one, told.told(scope, one)) for one in proposals.for_me(scope.account, scope.province.code)]
        return _answer(scope, [
            {
                "event": one.number, "at": one.at, "by": one.account.username if one.account else None,
                "reason": one.reason, "noun": one.details["noun"], "record": one.details["pk"],
                "about": words["about"], "changes": words["changes"],
            }
            for one, words in rows
        ])  # fmt: skip


def _scope(request: HttpRequest, asked: AskedFigures) -> Scope:
    demand(request, Permission.SEE_PLACES)
    return scope_asked(request, asked)


def _state(scope: Scope) -> dict[str, Any]:
    return {"province": scope.province.code, "on": scope.on, "known": scope.known}


def _answer(scope: Scope, rows: list[dict[str, Any]]) -> HttpResponse:
    return written({**_state(scope), "rows": rows})


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a line of a list as an answer has it; a range is a list of two."""
    return {name: list(one) if isinstance(one, tuple) else one for name, one in row.items() if name not in HIDDEN}
