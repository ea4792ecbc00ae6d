"""Lists of the register: one operation a noun, made from the table of nouns; what is masked is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import create_model

from tramyte.domain.names import search_key
from tramyte.web import models, records
from tramyte.web.api.answers import written
from tramyte.web.api.asking import AskedInPages, Text, account_of, cut, demand, moment_asked, scope_asked
from tramyte.web.api.errors import Refusal
from tramyte.web.models.base import Dated, Record, below
from tramyte.web.nouns import MASKED, nouns
from tramyte.web.permissions import PEOPLE, visible_to
from tramyte.web.roles import Permission

REFUSALS: Final = dict.fromkeys((401, 403, 404, 422), Refusal)
TYPES: Final = {
    "CharField": str, "IntegerField": int, "BigIntegerField": int, "FloatField": float, "BooleanField": bool,
    "DateField": date, "BigAutoField": int, "DateTimeField": str,
}  # fmt: skip
EVER: Final = ("past_tours", "absences", "tours")  # listed whenever they are, unless a day is asked for
BESIDE: Final = ("contacts",)  # nothing of them is left when what is masked is taken out


@dataclass(frozen=True)
class Listed:
    """
    One list.

    name    : of the operation and, with "-" for "_", of the address
    columns : name in the answer -> field of the model
    filters : names that must be equal when asked for
    title   : what it is called, in English as the description of the API is
    """

    name: str
    model: type[Record]
    columns: dict[str, str]
    filters: tuple[str, ...]
    title: str

    @property
    def is_of_people(self) -> bool:
        """Whether grants to see people count, and not those to see places."""
        return self.model.__name__ in PEOPLE

    @property
    def has_find(self) -> bool:
        """Whether a row is found by its name."""
        return any(one.name == "search_key" for one in self.model._meta.get_fields())


def listed() -> list[Listed]:
    """Return every list: the nouns that people correct by hand, and the tables that plans and mergers write."""
    found = []
    for name, noun in nouns().items():
        if name not in BESIDE:
            masked = MASKED.get(name, frozenset())
            own = [one for one in noun.columns if one.field not in masked]
            equal = [one.field for one in own if one.type in ("code", "choice")]
            found.append(_listed(name, noun.model, [one.field for one in own], equal, noun.sheet.title["en"]))
    tours = ["staff", "facility", "sending_facility", "skill", "start", "end", "instrument", "state", "campaign"]
    came = ["kind", "predecessor", "successor", "extent", "on", "decision"]
    wanted = ["campaign", "facility", "skill", "first_week", "last_week", "count", "critical", "source"]
    drive = ["code", "name", "first_monday", "weeks", "instrument", "max_tours", "rest_weeks", "max_travel_min"]
    return [
        *found,
        _listed(
            "tours", models.Deployment, tours, ["staff", "facility", "sending_facility", "state", "campaign"], "Tours"
        ),
        _listed("successions", models.Succession, came, ["kind", "predecessor", "successor"], "Successions"),
        _listed("requirements", models.Requirement, wanted, ["campaign", "facility", "skill"], "Requirements"),
        _listed("campaigns", models.Campaign, drive, ["code"], "Campaigns"),
    ]


def _listed(name: str, model: type[Record], own: list[str], equal: list[str], title: str) -> Listed:
    columns = {one: one for one in ("id", "province", *own)}
    return Listed(name, model, columns, tuple(equal), title)


def row_schema(one: Listed) -> type[Schema]:
    """Return what a row is, from the columns of the table."""
    shape: dict[str, Any] = {}
    for name, column in one.columns.items():
        kind: Any = one.model._meta.get_field(column)
        python = TYPES[next(base.__name__ for base in type(kind).__mro__ if base.__name__ in TYPES)]
        shape[name] = (python | None if kind.null else python, ...)
    return create_model(f"{_camel(one.name)}Row", __base__=Schema, **shape)


def page_schema(name: str, row: type[Schema]) -> type[Schema]:
    """Return what a page of rows is."""
    return create_model(
        f"{_camel(name)}Page", __base__=Schema, on=(date | None, ...), known=(date | None, ...),
        count=(int | None, ...), rows=(list[row], ...), next=(str | None, ...),  # type: ignore[valid-type]
    )  # fmt: skip


def _camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def rows_asked(request: HttpRequest, one: Listed, asked: Any) -> QuerySet[Any]:
    """
    Return the rows of a list that fit, never beyond what the account may see.

    raises : NotAllowed, it may see none anywhere; Http404, no such province for it
    """
    demand(request, Permission.SEE_PEOPLE if one.is_of_people else Permission.SEE_PLACES, or_self=one.is_of_people)
    if asked.province:
        scope_asked(request, asked)
    rows = records.rows(one.model, on=day_asked(one, asked), known=moment_asked(asked))
    rows = visible_to(rows, account_of(request), on=timezone.localdate())
    if asked.province:
        rows = rows.filter(province=asked.province)
    if asked.place:
        rows = rows.filter(below(asked.place))
    equal = {name: value for name in one.filters if (value := getattr(asked, name)) is not None}
    if one.has_find and asked.find:
        equal["search_key__contains"] = search_key(asked.find)
    return rows.filter(**equal)


def day_asked(one: Listed, asked: Any) -> date | None:
    """Return the day on which rows must be true; None: whenever."""
    if one.name in EVER or not issubclass(one.model, Dated):
        return asked.on if one.name in EVER else None
    return asked.on or timezone.localdate()


def answer(request: HttpRequest, one: Listed, asked: Any) -> HttpResponse:
    """Return one page of a list, written straight from the rows."""
    rows = rows_asked(request, one, asked)
    count = None if asked.after else rows.count()
    found, last = cut(rows, ("id",), asked.after, asked.limit, one.columns)
    on = day_asked(one, asked)
    return written({"on": on, "known": asked.known, "count": count, "rows": found, "next": last})


def _operation(one: Listed) -> Callable[..., HttpResponse]:
    """Return the operation of a list."""
    names: dict[str, Any] = dict.fromkeys(one.filters, (Text, None))
    if one.has_find:
        names["find"] = (Text, None)
    shape = create_model(f"{_camel(one.name)}Asked", __base__=AskedInPages, **names)

    def operation(request: HttpRequest, asked: Any) -> HttpResponse:
        return answer(request, one, asked)

    operation.__annotations__ = {"request": HttpRequest, "asked": Query[shape], "return": HttpResponse}  # type: ignore[misc,valid-type]
    return operation


def _single(one: Listed) -> Callable[..., HttpResponse]:
    """Return the operation of one row of a list, with the number of its newest state, which a correction names."""

    def operation(request: HttpRequest, number: int) -> HttpResponse:
        permission = Permission.SEE_PEOPLE if one.is_of_people else Permission.SEE_PLACES
        demand(request, permission, or_self=one.is_of_people)
        rows = visible_to(one.model.objects.all(), account_of(request), on=timezone.localdate())
        found, _ = cut(rows.filter(pk=number), ("id",), None, 1, one.columns)
        if not found:
            raise Http404
        newest = one.model.history.filter(id=number).order_by("-history_id").values_list("history_id", flat=True)
        return written({**found[0], "seen": newest.first()})

    operation.__annotations__ = {"request": HttpRequest, "number": int, "return": HttpResponse}
    return operation


def lists(router: Router) -> None:
    """Add every list, and every row of one."""
    for one in listed():
        row = row_schema(one)
        address = one.name.replace("_", "-")
        router.get(
            f"/{address}", operation_id=one.name, summary=one.title, tags=["register"],
            response={200: page_schema(one.name, row), **REFUSALS},
        )(_operation(one))  # fmt: skip
        router.get(
            f"/{address}/{{int:number}}", operation_id=f"{one.name}_one", tags=["register"],
            summary=f"{one.title}: one row",
            response={200: create_model(f"{_camel(one.name)}One", __base__=row, seen=(int | None, ...)), **REFUSALS},
        )(_single(one))  # fmt: skip
