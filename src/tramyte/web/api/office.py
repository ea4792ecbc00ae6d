"""What an office asks of its register beside the rows: provinces, norms, the log, accounts and grants."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from tramyte.domain.messages import say
from tramyte.domain.week import in_force
from tramyte.norms import Norm, every, names
from tramyte.norms.local import Law
from tramyte.web import events as log
from tramyte.web.api.answers import written
from tramyte.web.api.asking import (
    MOST,
    Asked,
    Cursor,
    MaybeDay,
    PlacePath,
    ProvinceCode,
    Text,
    account_of,
    cut,
    demand,
    lang_of,
)
from tramyte.web.api.lists import REFUSALS
from tramyte.web.models import Account, Event, Grant
from tramyte.web.models.base import below
from tramyte.web.norms import law_of
from tramyte.web.permissions import allowed, paths, visible_to, within
from tramyte.web.roles import Permission
from tramyte.web.views.audit import details
from tramyte.web.views.health import checks
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

    province: ProvinceCode = Field(None, description="as this province reads them; none: as they stand")
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
    """A rule of the law as it stood on the day; `own`: what the province asked for set of it, part by part."""

    id: str
    name: str
    title: dict[str, str]
    unit: dict[str, str]
    value: Any
    source: str
    article: str
    confidence: str
    draft: bool
    own: dict[str, Any]
    start: date
    end: date | None
    note: str


class Norms(Schema):
    """The norms of a day."""

    on: date
    rows: list[NormRow]


class EventRow(Schema):
    """One thing somebody did; before and after stand in the answer about it alone."""

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


class EventLine(Schema):
    """One value that changed: of which record, before and after; what is masked stays so."""

    noun: str
    key: str
    field: str
    before: str
    after: str


class EventFact(Schema):
    """What else an event tells."""

    name: str
    value: str


class EventOne(EventRow):
    """One event with what was before and after; `is_sound`: its own hash holds."""

    lines: list[EventLine]
    facts: list[EventFact]
    is_sound: bool


class CheckRow(Schema):
    """One thing an administrator must know; `look`: short, near, met or unknown."""

    what: str
    look: str
    told: str


class Health(Schema):
    """Whether the installation is well."""

    rows: list[CheckRow]


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
    _law_and_places(router)
    _log(router)
    _accounts(router)


def _law_and_places(router: Router) -> None:
    @router.get("/provinces", operation_id="provinces", tags=["register"], response={200: Provinces, **REFUSALS})
    def provinces(request: HttpRequest, asked: Query[AskedProvinces]) -> HttpResponse:
        found = [one for one in provinces_of(account_of(request)) if asked.code in (None, one.code)]
        return written({"rows": [{name: getattr(one, name) for name in ProvinceRow.model_fields} for one in found]})

    @router.get("/norms", operation_id="norms", tags=["law"], response={200: Norms, **REFUSALS})
    def norms(request: HttpRequest, asked: Query[AskedNorms]) -> HttpResponse:
        on = asked.on or timezone.localdate()
        law = _law(request, asked.province)
        wanted = [name for name in names() if asked.name in (None, name)]
        found = [one for name in wanted for one in every(name) if one.start <= on and (one.end is None or on < one.end)]
        return written({"on": on, "rows": [_norm(one, law, on) for one in found]})


def _log(router: Router) -> None:
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

    @router.get("/events/{int:number}", operation_id="event", tags=["office"], response={200: EventOne, **REFUSALS})
    def event(request: HttpRequest, number: int) -> HttpResponse:
        demand(request, Permission.SEE_AUDIT)
        account, today = account_of(request), timezone.localdate()
        rows = visible_to(Event.objects.all(), account, on=today, may=Permission.SEE_AUDIT)
        found = rows.filter(number=number).select_related("account").first()
        if found is None:
            raise Http404
        sees = allowed(account, Permission.SEE_PEOPLE, found.path, on=today)
        lines, facts = details(found, lang_of(request), sees_people=sees)
        own = {name: getattr(found, name) for name in EventRow.model_fields if name != "account"}
        return written({
            **own, "account": found.account.username if found.account else None, "lines": [vars(one) for one in lines],
            "facts": [{"name": name, "value": value} for name, value in facts],
            "is_sound": found.hash == log.digest(found),
        })  # fmt: skip

    @router.get("/health", operation_id="health", tags=["office"], response={200: Health, **REFUSALS})
    def health(request: HttpRequest) -> HttpResponse:
        demand(request, Permission.SEE_HEALTH)
        lang = lang_of(request)
        rows = [{"what": say(one.word, lang), "look": one.look, "told": one.told} for one in checks(request, lang)]
        return written({"rows": rows})


def _accounts(router: Router) -> None:
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


def _law(request: HttpRequest, province: str | None) -> Law:
    """Return the norms as a province reads them. raises: Http404, the account has nothing to do with it."""
    if province is None:
        return Law()
    account, today = account_of(request), timezone.localdate()
    own = [path for may in (Permission.SEE_PLACES, Permission.SEE_RULES) for path in paths(account, may, on=today)]
    if not any(path.startswith(f"{province}/") or not path for path in own):
        raise Http404
    return law_of(province)


def _norm(one: Norm, law: Law, on: date) -> dict[str, Any]:
    own = {change.part: change.value for change in law.changes if change.name == one.name and in_force(change, on)}
    row = law.norm(one.name, on=on)
    return {name: getattr(row, name) for name in NormRow.model_fields if name != "own"} | {"own": own}
