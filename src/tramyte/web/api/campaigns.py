"""Drafts of a campaign for programs: the list, and one with its tours and what it leaves empty; scopes as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from tramyte.domain.plan import Tour, Unmet
from tramyte.rotation.check import unmet
from tramyte.web import comparison
from tramyte.web.api.answers import written
from tramyte.web.api.asking import AskedFigures, demand, scope_asked
from tramyte.web.api.lists import REFUSALS
from tramyte.web.models import Draft
from tramyte.web.planning import campaign_of, conduct_of
from tramyte.web.roles import Permission
from tramyte.web.views.campaign import Place


class DraftRow(Schema):
    """One draft of a campaign; `least_unmet`: what solving proved that no plan can be below."""

    number: int
    name: str | None
    stage: str
    origin: str
    parent: int | None
    revision: int
    tours: int
    pins: int
    bound: int | None
    least_unmet: int | None
    status: str | None
    made_at: datetime
    changed_at: datetime


class Drafts(Schema):
    """The drafts of a campaign, the newest first."""

    province: str
    campaign: str
    count: int
    rows: list[DraftRow]


class TourRow(Schema):
    """One tour of a draft; `week` counts from 1, `end` is the day after the last one."""

    staff: str
    station: str
    skill: str
    week: int
    weeks: int
    start: date | None
    end: date | None


class UnmetRow(Schema):
    """People missing at a station in one week of one need; `critical` of them critically."""

    station: str
    skill: str
    week: int
    count: int
    critical: int


class DraftOne(DraftRow):
    """One draft; `problem` is the sha256 of the problem file it was made for. Points of the plan, rule by rule."""

    province: str
    campaign: str
    problem: str
    each: list[TourRow]
    unmet: list[UnmetRow]
    points: dict[str, int] | None


def campaigns(router: Router) -> None:
    """Add the questions about drafts."""

    @router.get(
        "/campaigns/{str:code}/drafts", operation_id="drafts", tags=["campaigns"], response={200: Drafts, **REFUSALS}
    )
    def listing(request: HttpRequest, code: str, asked: Query[AskedFigures]) -> HttpResponse:
        place = place_asked(request, asked, code, None)
        rows = [_row(one, one.tours) for one in place.drafts()]
        return written({
            "province": place.campaign.province, "campaign": place.campaign.code, "count": len(rows), "rows": rows,
        })  # fmt: skip

    @router.get(
        "/campaigns/{str:code}/drafts/{int:number}", operation_id="draft", tags=["campaigns"],
        response={200: DraftOne, **REFUSALS},
    )  # fmt: skip
    def one(request: HttpRequest, code: str, number: int, asked: Query[AskedFigures]) -> HttpResponse:
        place = place_asked(request, asked, code, number)
        if place.draft is None:
            raise Http404
        return written(_one(place, place.draft))


def place_asked(request: HttpRequest, asked: AskedFigures, code: str, number: int | None = None) -> Place:
    """Return the campaign asked about. raises: NotAllowed; Http404, it is not there for this account."""
    demand(request, Permission.SEE_PEOPLE)
    scope = scope_asked(request, asked)
    if not scope.paths(Permission.SEE_PEOPLE):
        raise Http404
    campaign = campaign_of(scope.province.code, code)
    return Place(scope, campaign, conduct_of(campaign), number)


def _row(draft: Draft, tours: Any) -> dict[str, Any]:
    names = ("number", "name", "stage", "origin", "revision", "bound", "least_unmet", "status", "made_at", "changed_at")
    return {name: getattr(draft, name) for name in names} | {
        "parent": draft.parent.number if draft.parent else None, "tours": len(tours), "pins": len(draft.pins),
    }  # fmt: skip


def _one(place: Place, draft: Draft) -> dict[str, Any]:
    """Return a draft as the account may see it: of others' people nothing, of the whole plan no points."""
    problem, tours = place.sheet.problem, place.sheet.tours
    empty = unmet(problem, tours)
    points = None
    if place.sees_all:
        points = comparison.totals(problem, tours).parts
    else:
        mine = place.mine
        units = {str(one.id): str(one.unit) for one in problem.staff}
        tours = tuple(one for one in tours if units[str(one.staff)] in mine or str(one.station) in mine)
        empty = [one for one in empty if str(one.station) in mine]
    return _row(draft, tours) | {
        "province": place.campaign.province, "campaign": place.campaign.code, "problem": draft.frozen_id,
        "each": [_tour(place, one) for one in tours], "unmet": [_unmet(one) for one in empty], "points": points,
    }  # fmt: skip


def _tour(place: Place, tour: Tour) -> dict[str, Any]:
    problem = place.sheet.problem
    return {
        "staff": str(tour.staff), "station": str(tour.station), "skill": str(tour.skill), "week": tour.start + 1,
        "weeks": tour.weeks, "start": problem.day(tour.start), "end": problem.day(tour.end),
    }  # fmt: skip


def _unmet(row: Unmet) -> dict[str, Any]:
    return {
        "station": str(row.station), "skill": str(row.skill), "week": row.week + 1, "count": row.count,
        "critical": row.critical,
    }  # fmt: skip
