"""What an office asks of its register beside the rows: provinces, norms, the log, accounts and grants."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from tramyte.norms import Norm, every, names
from tramyte.web.api.answers import written
from tramyte.web.api.asking import MOST, Asked, Cursor, MaybeDay, PlacePath, ProvinceCode, Text, account_of, cut, demand
from tramyte.web.api.lists import REFUSALS
from tramyte.web.models import Account, Event, Grant
from tramyte.web.models.base import below
from tramyte.web.permissions import paths, visible_to, within
from tramyte.web.roles import Permission
from tramyte.web.views.scope import provinces_of


class AskedInOffice(Asked):
    """A question that is answered page by page."""

    place: PlacePath = Field(None, description="at and below this place: 08/")
    after: Cursor = Field(None, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=MOST, description="rows of a page")


class AskedEvents(AskedInOffice):
    """A question for the log, newest first."""

    action: Text = Field(None, description="imports.accept")
    account: Text = Field(None, description="name somebody signs in with")
    since: MaybeDay = Field(None, description="from this day")


class AskedNorms(Asked):
    """A question for the norms."""

    on: MaybeDay = Field(None, description="in force on this day; none: today")
    name: Text = Field(None, description="one norm: doctors_per_station")


class AskedProvinces(Asked):
    """A question for provinces."""

    code: ProvinceCode = Field(None, description="one province: 08")


class ProvinceRow(Schema):
    """A province that the account sees something of."""

    code: str
    name: str
    kind: str
    is_sample: bool


class Provinces(Schema):
    """Every province seen."""

    rows: list[ProvinceRow]


class NormRow(Schema):
    """A rule of the law as it stood on the day."""

    id: str
    name: str
    title: dict[str, str]
    unit: dict[str, str]
    value: Any
    source: str
    article: str
    confidence: str
    draft: bool
    start: date
    end: date | None
    note: str


class Norms(Schema):
    """The norms of a day."""

    on: date
    rows: list[NormRow]


class EventRow(Schema):
    """One thing somebody did; before and after stand in the page of the log alone."""

    number: int
    at: datetime
    account: str | None
    action: str
    province: str
    path: str
    about: str | None
    reason: str | None
    before_hash: str
    hash: str


class Events(Schema):
    """A page of the log."""

    count: int | None
    rows: list[EventRow]
    next: str | None


class AccountRow(Schema):
    """Somebody who signs in."""

    id: int
    username: str
    full_name: str
    unit: str | None
    is_active: bool
    last_login: datetime | None


class Accounts(Schema):
    """A page of accounts."""

    count: int | None
    rows: list[AccountRow]
    next: str | None


class GrantRow(Schema):
    """A role of an account at a place, for some time."""

    id: int
    account: str
    role: str
    path: str
    staff: str | None
    start: date | None
    end: date | None
    waits: bool


class Grants(Schema):
    """A page of grants."""

    count: int | None
    rows: list[GrantRow]
    next: str | None


EVENTS = {name: name for name in EventRow.model_fields} | {"account": "account__username"}
ACCOUNTS = {name: name for name in AccountRow.model_fields}
GRANTS = {name: name for name in GrantRow.model_fields} | {"account": "account__username"}


def office(router: Router) -> None:
    """Add the questions of an office."""

    @router.get("/provinces", operation_id="provinces", tags=["register"], response={200: Provinces, **REFUSALS})
    def provinces(request: HttpRequest, asked: Query[AskedProvinces]) -> HttpResponse:
        found = [one for one in provinces_of(account_of(request)) if asked.code in (None, one.code)]
        return written({"rows": [{name: getattr(one, name) for name in ProvinceRow.model_fields} for one in found]})

    @router.get("/norms", operation_id="norms", tags=["law"], response={200: Norms, **REFUSALS})
    def norms(request: HttpRequest, asked: Query[AskedNorms]) -> HttpResponse:
        on = asked.on or timezone.localdate()
        wanted = [name for name in names() if asked.name in (None, name)]
        found = [one for name in wanted for one in every(name) if one.start <= on and (one.end is None or on < one.end)]
        return written({"on": on, "rows": [_norm(one) for one in found]})

    @router.get("/events", operation_id="events", tags=["office"], response={200: Events, **REFUSALS})
    def events(request: HttpRequest, asked: Query[AskedEvents]) -> HttpResponse:
        demand(request, Permission.SEE_AUDIT)
        rows = visible_to(
            Event.objects.all(), account_of(request), on=timezone.localdate(), may=Permission.SEE_AUDIT
        ).filter(below(asked.place or ""))
        if asked.action:
            rows = rows.filter(action=asked.action)
        if asked.account:
            rows = rows.filter(account__username=asked.account)
        if asked.since:
            rows = rows.filter(at__date__gte=asked.since)
        return _page(rows, ("-number",), asked, EVENTS)

    @router.get("/accounts", operation_id="accounts", tags=["office"], response={200: Accounts, **REFUSALS})
    def accounts(request: HttpRequest, asked: Query[AskedInOffice]) -> HttpResponse:
        mine = demand(request, Permission.MANAGE_ACCOUNTS)
        seen = Grant.objects.filter(within(mine), below(asked.place or ""))
        rows = Account.objects.all()
        if asked.place or "" not in mine:
            rows = rows.filter(pk__in=seen.values("account"))
        return _page(rows, ("id",), asked, ACCOUNTS)

    @router.get("/grants", operation_id="grants", tags=["office"], response={200: Grants, **REFUSALS})
    def grants(request: HttpRequest, asked: Query[AskedInOffice]) -> HttpResponse:
        demand(request, Permission.MANAGE_ACCOUNTS)
        mine = paths(account_of(request), Permission.MANAGE_ACCOUNTS, on=timezone.localdate())
        return _page(Grant.objects.filter(within(mine), below(asked.place or "")), ("id",), asked, GRANTS)


def _page(rows: Any, key: tuple[str, ...], asked: AskedInOffice, columns: dict[str, str]) -> HttpResponse:
    count = None if asked.after else rows.count()
    found, last = cut(rows, key, asked.after, asked.limit, columns)
    return written({"count": count, "rows": found, "next": last})


def _norm(one: Norm) -> dict[str, Any]:
    return {name: getattr(one, name) for name in NormRow.model_fields}
