"""Tours for programs: one's own, what is said of one, what people ask for, what breaks a plan, and the timeline."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from tramyte.web import records
from tramyte.web.actions import tours as said
from tramyte.web.actions import wishes
from tramyte.web.api.answers import written
from tramyte.web.api.asking import Asked, AskedFigures, Day, MaybeDay, account_of, demand, lang_of, plain, scope_asked
from tramyte.web.api.lists import REFUSALS
from tramyte.web.models import Deployment, Province, Wish
from tramyte.web.permissions import grants, visible_to
from tramyte.web.planning import SERVING, campaign_of
from tramyte.web.replan import situation
from tramyte.web.roles import Permission
from tramyte.web.views.scope import Scope
from tramyte.web.views.stays import Stay, Stays
from tramyte.web.views.timeline import MOST, entries, monday_of
from tramyte.web.views.wishes import mine as answerable

Words = Annotated[str, BeforeValidator(plain), Field(max_length=300)]
MaybeWords = Annotated[str, BeforeValidator(plain), Field("", max_length=300)]


class WishRow(Schema):
    """What the person of a tour asks for; `end`: the first day on which they can go again."""

    id: int
    tour: int
    kind: str
    paper: str | None
    start: date | None
    end: date | None
    state: str
    answer: str | None
    at: datetime


class TourOne(Schema):
    """One tour; `end` is the day after the last one, `minutes` one way by the method in `way`."""

    id: int
    province: str
    staff: str
    facility: str
    station: str
    sending_facility: str | None
    skill: str
    start: date
    end: date
    instrument: str
    state: str
    campaign: str | None
    decision: str | None
    minutes: int | None
    way: str
    heads: list[str]
    received_at: datetime | None
    wishes: list[WishRow]


class MyTours(Schema):
    """The tours of whoever asks, by date."""

    rows: list[TourOne]


class Wishes(Schema):
    """What was asked for: by whoever looks, or of them."""

    rows: list[WishRow]


class AskedMine(Asked):
    """A question for one's own tours."""

    on: MaybeDay = Field(None, description="those not over on this day; none: all")


class NewWish(Schema):
    """What somebody asks for about the own tour: the number of a paper, never what ails anybody."""

    kind: Literal["change", "exempt"]
    paper: Words
    start: Day
    end: MaybeDay = Field(None, description="first day on which one can go again; none: nobody knows yet")


class Answer(Schema):
    """What is answered to a wish."""

    answer: MaybeWords


class Cut(Schema):
    """The first day on which somebody is not there any more, and why."""

    on: Day
    reason: Words


class Reason(Schema):
    """Why something is taken back."""

    reason: Words


class Broken(Schema):
    """A tour of the issued plan that cannot stand any more; `why`: a sentence a reason."""

    tour: int
    staff: str
    facility: str
    start: date
    end: date
    why: list[str]


class BrokenPlan(Schema):
    """What of an issued plan cannot stand; `clashing`: rules that the others break together."""

    campaign: str
    rows: list[Broken]
    clashing: list[str]


class AskedTimeline(AskedFigures):
    """A question for what happens."""

    days: int = Field(28, ge=1, le=90, description="days from the day asked for")


class EntryRow(Schema):
    """One thing that happens on a day."""

    day: date
    kind: str
    words: str


class GapRow(Schema):
    """A station that lacks people of a skill in the week of the Monday."""

    facility: str
    skill: str
    missing: int
    critical: int


class Timeline(Schema):
    """Next Monday: numbers of the tours that begin, and of those that have ended; then what happens, day by day."""

    province: str
    on: date
    monday: date
    arrive: list[int]
    leave: list[int]
    gaps: list[GapRow]
    count: int
    rows: list[EntryRow]


def tours(router: Router) -> None:
    """Add the questions and orders about tours."""
    _own(router)
    _wishes(router)
    _said(router)
    _looking(router)


def _own(router: Router) -> None:
    @router.get("/my-tours", operation_id="my_tours", tags=["campaigns"], response={200: MyTours, **REFUSALS})
    def mine(request: HttpRequest, asked: Query[AskedMine]) -> HttpResponse:
        account = account_of(request)
        rows: list[dict[str, Any]] = []
        for one in grants(account, on=timezone.localdate()):
            if one.role == "staff":
                found = records.rows(Deployment).filter(province=one.path[:2], staff=one.staff, state__in=SERVING)
                found = found.filter(end__gt=asked.on) if asked.on else found
                rows += [_tour(stay) for stay in _stays(request, one.path[:2], found.order_by("start", "pk"))]
        return written({"rows": rows})

    @router.post(
        "/tours/{int:number}/receipt", operation_id="tour_receipt", tags=["campaigns"],
        response={200: TourOne, **REFUSALS},
    )  # fmt: skip
    def receipt(request: HttpRequest, number: int) -> HttpResponse:
        wishes.receive(by=account_of(request), deployment=_row(request, number))
        return _answer(request, number)

    @router.post(
        "/tours/{int:number}/wishes", operation_id="tour_wish", tags=["campaigns"], response={200: TourOne, **REFUSALS}
    )
    def wish(request: HttpRequest, number: int, new: NewWish) -> HttpResponse:
        wishes.wish(
            by=account_of(request), deployment=_row(request, number), kind=new.kind, paper=new.paper, start=new.start,
            end=new.end,
        )  # fmt: skip
        return _answer(request, number)


def _wishes(router: Router) -> None:
    @router.get("/wishes", operation_id="wishes", tags=["campaigns"], response={200: Wishes, **REFUSALS})
    def listing(request: HttpRequest, asked: Query[AskedFigures]) -> HttpResponse:
        account = account_of(request)
        if any(one.role == "staff" for one in grants(account, on=timezone.localdate())):
            found = list(Wish.objects.filter(account=account).order_by("pk"))
        else:
            found = list(answerable(scope_asked(request, asked)).order_by("pk")[:1000])
        return written({"rows": [_wish(one) for one in found]})

    @router.post(
        "/wishes/{int:number}/take", operation_id="wish_take", tags=["campaigns"], response={200: WishRow, **REFUSALS}
    )
    def take(request: HttpRequest, number: int, new: Answer) -> HttpResponse:
        wishes.take(by=account_of(request), wish=_asked(request, number), answer=new.answer)
        return written(_wish(Wish.objects.get(pk=number)))

    @router.post(
        "/wishes/{int:number}/decline", operation_id="wish_decline", tags=["campaigns"],
        response={200: WishRow, **REFUSALS},
    )  # fmt: skip
    def decline(request: HttpRequest, number: int, new: Answer) -> HttpResponse:
        wishes.decline(by=account_of(request), wish=_asked(request, number), answer=new.answer)
        return written(_wish(Wish.objects.get(pk=number)))


def _said(router: Router) -> None:
    for name, act in (("arrive", said.arrive), ("finish", said.finish), ("confirm", said.confirm)):
        _order(router, name, act)

    shape: dict[str, Any] = {"tags": ["campaigns"], "response": {200: TourOne, **REFUSALS}}

    @router.post("/tours/{int:number}/cut", operation_id="tour_cut", **shape)
    def cut(request: HttpRequest, number: int, new: Cut) -> HttpResponse:
        said.cut(by=account_of(request), deployment=_row(request, number), on=new.on, reason=new.reason)
        return _answer(request, number)

    @router.post("/tours/{int:number}/back", operation_id="tour_back", **shape)
    def back(request: HttpRequest, number: int, new: Reason) -> HttpResponse:
        said.back(by=account_of(request), deployment=_row(request, number), reason=new.reason)
        return _answer(request, number)


def _order(router: Router, name: str, act: Any) -> None:
    @router.post(
        f"/tours/{{int:number}}/{name}", operation_id=f"tour_{name}", tags=["campaigns"],
        response={200: TourOne, **REFUSALS},
    )  # fmt: skip
    def order(request: HttpRequest, number: int) -> HttpResponse:
        act(by=account_of(request), deployments=[_row(request, number)])
        return _answer(request, number)


def _looking(router: Router) -> None:
    @router.get(
        "/campaigns/{str:code}/broken", operation_id="campaign_broken", tags=["campaigns"],
        response={200: BrokenPlan, **REFUSALS},
    )  # fmt: skip
    def broken(request: HttpRequest, code: str, asked: Query[AskedFigures]) -> HttpResponse:
        mine, scope = demand(request, Permission.PLAN), scope_asked(request, asked)
        if not any(f"{scope.province.code}/".startswith(path) for path in mine):
            raise Http404
        campaign = campaign_of(scope.province.code, code)
        found, lang = situation(campaign, on=scope.on), lang_of(request)
        rows = [
            {
                "tour": one.deployment.pk, "staff": one.deployment.staff, "facility": one.deployment.facility,
                "start": one.deployment.start, "end": one.deployment.end,
                "why": [reason.sentence(lang) for reason in one.change.reasons],
            }
            for one in (found.broken if found else ())
        ]  # fmt: skip
        clashing = [one.sentence(lang) for one in (found.clashing if found else ())]
        return written({"campaign": campaign.code, "rows": rows, "clashing": clashing})

    @router.get("/timeline", operation_id="timeline", tags=["campaigns"], response={200: Timeline, **REFUSALS})
    def timeline(request: HttpRequest, asked: Query[AskedTimeline]) -> HttpResponse:
        demand(request, Permission.SEE_PEOPLE)
        scope = scope_asked(request, asked)
        monday, found = monday_of(scope), entries(scope, until=scope.on + timedelta(days=asked.days))
        return written({
            "province": scope.province.code, "on": scope.on, "monday": monday.day,
            "arrive": [row.pk for row in monday.arrive], "leave": [row.pk for row in monday.leave],
            "gaps": [vars(one) for one in monday.gaps], "count": len(found),
            "rows": [{"day": one.day, "kind": one.kind, "words": one.words} for one in found[:MOST]],
        })  # fmt: skip


def _row(request: HttpRequest, number: int) -> Deployment:
    """Return a signed tour that the account sees. raises: Http404."""
    rows = visible_to(records.rows(Deployment), account_of(request), on=timezone.localdate())
    found: Deployment | None = rows.filter(pk=number, state__in=SERVING).select_related("decision").first()
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest, number: int) -> Wish:
    """Return a wish that the account may answer. raises: Http404."""
    found = Wish.objects.filter(pk=number).first()
    if found is None or not wishes.may_answer(account_of(request), found):
        raise Http404
    return found


def _stays(request: HttpRequest, province: str, rows: Any) -> list[Stay]:
    scope = Scope(
        province=Province.objects.get(code=province), account=account_of(request), on=timezone.localdate(), known=None,
        wanted=None, by="xa", lang=lang_of(request),
    )  # fmt: skip
    return Stays(scope, tuple(rows)).each


def _answer(request: HttpRequest, number: int) -> HttpResponse:
    row = Deployment.objects.select_related("decision").get(pk=number)
    return written(_tour(_stays(request, row.province, [row])[0]))


def _tour(stay: Stay) -> dict[str, Any]:
    row = stay.row
    names = ("province", "staff", "facility", "sending_facility", "skill", "start", "end", "instrument", "state")
    return {name: getattr(row, name) for name in (*names, "campaign")} | {
        "id": row.pk, "station": stay.station, "decision": row.decision.number if row.decision else None,
        "minutes": stay.minutes, "way": stay.way_words, "heads": stay.heads,
        "received_at": stay.receipt.at if stay.receipt else None, "wishes": [_wish(one) for one in stay.wishes],
    }  # fmt: skip


def _wish(one: Wish) -> dict[str, Any]:
    names = ("kind", "paper", "start", "end", "state", "answer", "at")
    return {"id": one.pk, "tour": one.deployment_id} | {name: getattr(one, name) for name in names}
