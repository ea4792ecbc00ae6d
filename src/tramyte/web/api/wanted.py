"""What a campaign asks for, and people that stations and communes ask for, for programs: as the pages record it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from tramyte.web import records
from tramyte.web.actions import requirements as actions
from tramyte.web.api.answers import written
from tramyte.web.api.asking import AskedFigures, Day, MaybeDay, account_of, demand, plain, scope_asked
from tramyte.web.api.campaigns import place_asked
from tramyte.web.api.lists import REFUSALS
from tramyte.web.models import Requirement, Wanted
from tramyte.web.permissions import visible_to
from tramyte.web.roles import Permission
from tramyte.web.views.campaign import Place
from tramyte.web.views.place import facility_at

Words = Annotated[str, BeforeValidator(plain), Field(max_length=500)]
Code = Annotated[str, BeforeValidator(plain), Field(max_length=30)]
Source = Literal["norm", "wisn", "target", "request", "surge"]
SHAPE: Final[Mapping[str, Any]] = {"tags": ["campaigns"]}
WEEK = Field(ge=1, le=104)
PEOPLE = Field(ge=0, le=actions.MOST)


class NewRow(Schema):
    """How many people of a skill a facility wants in the weeks first..last, both in, from 1."""

    facility: Code
    skill: Code
    first_week: int = WEEK
    last_week: int = WEEK
    count: int = PEOPLE
    critical: int = Field(0, ge=0, le=actions.MOST)
    source: Source = "request"


class NewRows(Schema):
    """Rows of need to record together."""

    rows: list[NewRow] = Field(max_length=1000)
    reason: Words = ""


class Surge(Schema):
    """The same need at every station of some communes."""

    communes: list[Code] = Field(max_length=500)
    skills: list[Code] = Field(max_length=60)
    first_week: int = WEEK
    last_week: int = WEEK
    count: int = PEOPLE
    critical: int = Field(0, ge=0, le=actions.MOST)
    reason: Words


class ChangedRow(Schema):
    """Other weeks or counts of a row."""

    first_week: int = WEEK
    last_week: int = WEEK
    count: int = PEOPLE
    critical: int = Field(0, ge=0, le=actions.MOST)
    reason: Words = ""


class Why(Schema):
    """A reason."""

    reason: Words


class Numbers(Schema):
    """Numbers of the rows."""

    rows: list[int]


class WantedRow(Schema):
    """People asked for; `end`: the day after the last one; `letter`, `letter_on`: both or none."""

    id: int
    province: str
    facility: str
    skill: str
    count: int
    start: date
    end: date
    reason: str
    letter: str | None
    letter_on: date | None
    state: str
    campaign: str | None
    answer: str | None
    asked_at: datetime


class WantedRows(Schema):
    """What was asked for, the newest first."""

    rows: list[WantedRow]


class NewWanted(Schema):
    """People to ask for at a station."""

    facility: Code
    skill: Code
    count: int = PEOPLE
    start: Day
    end: Day
    reason: Words
    letter: Annotated[str, BeforeValidator(plain), Field(max_length=80)] = ""
    letter_on: MaybeDay = None


class Taken(Schema):
    """As what a request goes into a campaign."""

    campaign: Code
    first_week: int = WEEK
    last_week: int = WEEK
    count: int = PEOPLE
    critical: int = Field(0, ge=0, le=actions.MOST)


def wanted(router: Router) -> None:
    """Add what is asked for."""
    _rows(router)
    _requests(router)


def _rows(router: Router) -> None:
    at = "/campaigns/{str:code}/requirements"

    @router.post(at, operation_id="campaign_require", response={200: Numbers, **REFUSALS}, **SHAPE)
    def add(request: HttpRequest, code: str, asked: Query[AskedFigures], new: NewRows) -> HttpResponse:
        place = place_asked(request, asked, code)
        rows = [actions.Row(**one.dict()) for one in new.rows]
        made = actions.add(by=place.account, campaign=place.campaign, rows=rows, reason=new.reason)
        return written({"rows": [one.pk for one in made]})

    @router.post(f"{at}/surge", operation_id="campaign_surge", response={200: Numbers, **REFUSALS}, **SHAPE)
    def surge(request: HttpRequest, code: str, asked: Query[AskedFigures], new: Surge) -> HttpResponse:
        place = place_asked(request, asked, code)
        made = actions.surge(
            by=place.account, campaign=place.campaign, communes=new.communes, skills=new.skills, count=new.count,
            weeks=(new.first_week, new.last_week), critical=new.critical, reason=new.reason,
        )  # fmt: skip
        return written({"rows": [one.pk for one in made]})

    @router.patch(
        f"{at}/{{int:row}}", operation_id="campaign_require_edit", response={200: Numbers, **REFUSALS}, **SHAPE
    )
    def edit(request: HttpRequest, code: str, row: int, asked: Query[AskedFigures], new: ChangedRow) -> HttpResponse:
        place = place_asked(request, asked, code)
        actions.edit(
            by=place.account, campaign=place.campaign, row=_row(place, row), weeks=(new.first_week, new.last_week),
            count=new.count, critical=new.critical, reason=new.reason,
        )  # fmt: skip
        return written({"rows": [row]})

    @router.post(
        f"{at}/{{int:row}}/withdraw", operation_id="campaign_require_withdraw", response={200: Numbers, **REFUSALS},
        **SHAPE,
    )  # fmt: skip
    def withdraw(request: HttpRequest, code: str, row: int, asked: Query[AskedFigures], why: Why) -> HttpResponse:
        place = place_asked(request, asked, code)
        actions.withdraw(by=place.account, campaign=place.campaign, row=_row(place, row), reason=why.reason)
        return written({"rows": [row]})


def _row(place: Place, number: int) -> Requirement:
    rows = records.rows(Requirement).filter(province=place.campaign.province, campaign=place.campaign.code, pk=number)
    found: Requirement | None = visible_to(rows, place.account, on=timezone.localdate()).first()
    if found is None:
        raise Http404
    return found


def _requests(router: Router) -> None:
    @router.get("/wanted", operation_id="wanted", response={200: WantedRows, **REFUSALS}, **SHAPE)
    def listing(request: HttpRequest, asked: Query[AskedFigures]) -> HttpResponse:
        return _told(_seen(request, asked).order_by("-asked_at", "-pk"))

    @router.post("/wanted", operation_id="want", response={200: WantedRows, **REFUSALS}, **SHAPE)
    def want(request: HttpRequest, asked: Query[AskedFigures], new: NewWanted) -> HttpResponse:
        demand(request, Permission.SEE_PEOPLE)
        facility = facility_at(scope_asked(request, asked).everywhere, new.facility)
        made = actions.want(
            by=account_of(request), facility=facility, skill=new.skill, count=new.count, span=(new.start, new.end),
            reason=new.reason, letter=new.letter, letter_on=new.letter_on,
        )  # fmt: skip
        return _told([made])

    @router.post("/wanted/{int:number}/take", operation_id="want_take", response={200: WantedRows, **REFUSALS}, **SHAPE)
    def take(request: HttpRequest, number: int, asked: Query[AskedFigures], new: Taken) -> HttpResponse:
        found = _one(request, asked, number)
        place = place_asked(request, asked, new.campaign)
        row = actions.Row(found.facility, found.skill, new.first_week, new.last_week, new.count, new.critical)
        actions.take(by=place.account, wanted=found, campaign=place.campaign, row=row)
        return _told([_one(request, asked, number)])

    @router.post(
        "/wanted/{int:number}/decline", operation_id="want_decline", response={200: WantedRows, **REFUSALS}, **SHAPE
    )
    def decline(request: HttpRequest, number: int, asked: Query[AskedFigures], why: Why) -> HttpResponse:
        actions.decline(by=account_of(request), wanted=_one(request, asked, number), reason=why.reason)
        return _told([_one(request, asked, number)])


def _seen(request: HttpRequest, asked: AskedFigures) -> Any:
    """Return the requests of the places whose people the account sees. raises: NotAllowed; Http404."""
    demand(request, Permission.SEE_PEOPLE)
    scope = scope_asked(request, asked)
    rows = Wanted.objects.filter(province=scope.province.code)
    return visible_to(rows, account_of(request), on=timezone.localdate(), may=Permission.SEE_PEOPLE)


def _one(request: HttpRequest, asked: AskedFigures, number: int) -> Wanted:
    found: Wanted | None = _seen(request, asked).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _told(rows: Any) -> HttpResponse:
    return written({"rows": [{name: getattr(one, name) for name in WantedRow.model_fields} for one in rows]})
