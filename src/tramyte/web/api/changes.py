"""Changes of the register by programs: what a form of the pages records, with the same checks, as the same events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema
from pydantic import BeforeValidator

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.exchange.cells import parser
from tramyte.web.actions import register
from tramyte.web.actions.register import Done
from tramyte.web.api.answers import written
from tramyte.web.api.asking import Day, MaybeDay, account_of, lang_of, plain
from tramyte.web.api.errors import Found, finding
from tramyte.web.api.lists import BESIDE, REFUSALS
from tramyte.web.forms import columns_of
from tramyte.web.nouns import Noun, nouns
from tramyte.web.permissions import visible_to

Value = (
    Annotated[str, BeforeValidator(plain), Field(max_length=2000)]
    | bool
    | Annotated[float, Field(allow_inf_nan=False)]
    | None
)


TRUE: Final = "x"  # as a cell of a workbook has it
FALSE: Final = "0"


class New(Schema):
    """A new record; a person comes with the first appointment."""

    province: str = Field(pattern=r"^\d\d$")
    values: dict[str, Value]
    reason: str | None = Field(None, max_length=500)


class Corrected(Schema):
    """Other values of a record; `seen` is the state that was looked at."""

    seen: int = Field(ge=0, lt=2**63)
    values: dict[str, Value]
    since: MaybeDay = Field(None, description="from this day; none: it was always wrong")
    reason: str | None = Field(None, max_length=500)


class Ended(Schema):
    """The first day on which a record is true no more."""

    seen: int = Field(ge=0, lt=2**63)
    on: Day
    reason: str = Field(max_length=500)


class Withdrawn(Schema):
    """A record that was a mistake."""

    seen: int = Field(ge=0, lt=2**63)
    reason: str = Field(max_length=500)


class Recorded(Schema):
    """What was recorded: its event, the numbers of the rows, and what to look at again."""

    event: int
    rows: list[int]
    warnings: list[Found]


def changes(router: Router) -> None:
    """Add what is recorded of every noun."""
    for name, noun in nouns().items():
        if name not in BESIDE:
            _changes(router, noun)


def _changes(router: Router, noun: Noun) -> None:
    address, name, title = noun.name.replace("_", "-"), noun.name, noun.sheet.title["en"]
    shape: dict[str, Any] = {"tags": ["record"], "response": {200: Recorded, **REFUSALS}}

    @router.post(f"/{address}", operation_id=f"{name}_add", summary=f"{title}: add", **shape)
    def add(request: HttpRequest, new: New) -> HttpResponse:
        values = _values(noun, new.values, is_new=True)
        return _told(request, register.add(
            by=account_of(request), noun=name, province=new.province, values=values, reason=new.reason,
            lang=lang_of(request),
        ))  # fmt: skip

    @router.patch(f"/{address}/{{int:number}}", operation_id=f"{name}_correct", summary=f"{title}: correct", **shape)
    def correct(request: HttpRequest, number: int, new: Corrected) -> HttpResponse:
        row = _row(request, noun, number)
        before = {column.field: getattr(row, column.field) for column in noun.columns}
        return _told(request, register.correct(
            by=account_of(request), noun=name, pk=number, seen=new.seen,
            values=before | _values(noun, new.values, is_new=False), since=new.since, reason=new.reason,
            lang=lang_of(request),
        ))  # fmt: skip

    @router.post(
        f"/{address}/{{int:number}}/withdraw", operation_id=f"{name}_withdraw", summary=f"{title}: withdraw", **shape
    )
    def withdraw(request: HttpRequest, number: int, gone: Withdrawn) -> HttpResponse:
        _row(request, noun, number)
        return _told(request, register.withdraw(
            by=account_of(request), noun=name, pk=number, seen=gone.seen, reason=gone.reason, lang=lang_of(request)
        ))  # fmt: skip

    if noun.has_end:

        @router.post(f"/{address}/{{int:number}}/end", operation_id=f"{name}_end", summary=f"{title}: end", **shape)
        def end(request: HttpRequest, number: int, over: Ended) -> HttpResponse:
            _row(request, noun, number)
            return _told(request, register.end(
                by=account_of(request), noun=name, pk=number, seen=over.seen, on=over.on, reason=over.reason,
                lang=lang_of(request),
            ))  # fmt: skip


def _row(request: HttpRequest, noun: Noun, number: int) -> Any:
    """Return a row that the account sees. raises: Http404"""
    rows = visible_to(noun.model.objects.all(), account_of(request), on=timezone.localdate())
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _values(noun: Noun, given: Mapping[str, Value], *, is_new: bool) -> dict[str, Any]:
    """
    Return field -> value, read as a workbook's cells are.

    raises : BadData, with a finding for each field that is unknown or cannot be read
    """
    columns = {column.field: column for column in columns_of(noun, is_new=is_new)}
    values: dict[str, Any] = {}
    found = [
        Finding("A102", noun.name, name[:60], {"known": ", ".join(columns)}) for name in given if name not in columns
    ]
    for name, column in columns.items():
        if not is_new and (name not in given or name in noun.referred):
            continue
        value = given.get(name)
        value = "" if value is None else TRUE if value is True else FALSE if value is False else value
        cell = parser(column, on=timezone.localdate(), is_text=True)(value)
        values[name] = cell.value
        if cell.code and not cell.code.startswith("W"):
            title = {"column_vi": column.title["vi"], "column_en": column.title["en"]}
            found.append(Finding(cell.code, noun.name, name, {**title, **cell.fields}))
    if found:
        raise BadData(found)
    return values


def _told(request: HttpRequest, done: Done) -> HttpResponse:
    return written({
        "event": done.event.number, "rows": [row.pk for row in done.rows],
        "warnings": [finding(one, lang_of(request)) for one in done.warnings],
    })  # fmt: skip
