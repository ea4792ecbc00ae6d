"""What every question of a program may say: province, place, day, what was known, and where its last page ended."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language_from_request
from ninja import Field, Schema
from pydantic import BeforeValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang
from tramyte.web.models import Account
from tramyte.web.permissions import grants, paths
from tramyte.web.roles import Permission
from tramyte.web.views.scope import YEARS, Scope, moment_of, scope_for

MOST: Final = 1000  # rows of one answer
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
PLACE: Final = r"^(\d{2}/([0-9A-Za-z._-]+/)*)?$"


def _day(value: Any) -> Any:
    """Return a day of YEARS from its ISO form, and nothing that merely looks like one."""
    if value is None or type(value) is date:
        return value
    try:
        found = date.fromisoformat(value) if isinstance(value, str) and DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise PydanticCustomError("day", "a day")
    return found


def plain(value: Any) -> Any:
    """Return text without signs that a database refuses or nobody can type."""
    if isinstance(value, str) and any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in value):
        raise PydanticCustomError("text", "text")
    return value


Day = Annotated[date, BeforeValidator(_day)]
MaybeDay = Annotated[date | None, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Text = Annotated[
    str | None, BeforeValidator(plain), Field(max_length=60), WithJsonSchema({"type": "string", "maxLength": 60})
]
Cursor = Annotated[
    str | None, BeforeValidator(plain), Field(max_length=300), WithJsonSchema({"type": "string", "maxLength": 300})
]
ProvinceCode = Annotated[str | None, Field(pattern=r"^\d\d$"), WithJsonSchema({"type": "string", "pattern": r"^\d\d$"})]
PlacePath = Annotated[
    str | None, Field(pattern=PLACE, max_length=200), WithJsonSchema({"type": "string", "pattern": PLACE})
]


class Asked(Schema):
    """A question's address: a name it does not know is refused, not passed over."""

    @model_validator(mode="before")
    @classmethod
    def _known_names(cls, data: Any, info: Any) -> Any:
        request = (info.context or {}).get("request")
        known = {one.alias or name for name, one in cls.model_fields.items()}
        for name in sorted(set(request.GET) - known) if request else ():
            raise PydanticCustomError("unknown", "unknown", {"name": name[:60], "known": ", ".join(sorted(known))})
        return data


class AskedAtPlace(Asked):
    """A question about places: which, on which day, as known when."""

    province: ProvinceCode = Field(None, description="code of a province; none: every province seen")
    place: PlacePath = Field(None, description="at and below this place: 08/01234/")
    on: MaybeDay = Field(None, description="true on this day; none: today")
    known: MaybeDay = Field(None, description="as known at the end of this day; none: as known now")


class AskedInPages(AskedAtPlace):
    """A question that is answered page by page."""

    after: Cursor = Field(None, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=MOST, description="rows of a page")


class AskedFigures(Asked):
    """A question for figures of one province."""

    province: ProvinceCode = Field(None, description="code of a province; none: the first one seen")
    on: MaybeDay = Field(None, description="true on this day; none: today")
    known: MaybeDay = Field(None, description="as known at the end of this day; none: as known now")


def lang_of(request: HttpRequest) -> Lang:
    """Return the language of sentences: what Accept-Language asks for, else Vietnamese."""
    asked = get_language_from_request(request) if request.headers.get("Accept-Language") else "vi"
    return "en" if asked == "en" else "vi"


def account_of(request: HttpRequest) -> Account:
    """Return who asks; only behind the door of the API."""
    assert isinstance(request.user, Account)  # noqa: S101
    return request.user


def scope_asked(request: HttpRequest, asked: AskedFigures | AskedAtPlace) -> Scope:
    """Return the scope of a question, the same as a page has. raises: Http404, no such province for this account."""
    return scope_for(account_of(request), asked.province, on=asked.on, known=asked.known, lang=lang_of(request))


def moment_asked(asked: AskedAtPlace) -> datetime | None:
    """Return the moment whose knowledge counts; None: now."""
    return moment_of(asked.known)


def demand(request: HttpRequest, permission: Permission, *, or_self: bool = False) -> list[str]:
    """
    Return the places at which the account may do this.

    or_self : rotated staff may too, about themselves
    raises  : NotAllowed, it may nowhere
    """
    account, today = account_of(request), timezone.localdate()
    found = paths(account, permission, on=today)
    if not found and not (or_self and any(one.staff for one in grants(account, on=today))):
        raise NotAllowed(permission.value, "")
    return found


def cut(
    rows: QuerySet[Any], key: Sequence[str], after: str | None, limit: int, columns: Mapping[str, str]
) -> tuple[list[dict[str, Any]], str | None]:
    """
    Return one page of rows and the cursor of the next; rows that come later never move what was given already.

    key     : fields that order the rows and name each, "-" before the first for newest first
    columns : name in the answer -> field
    raises  : BadData, the cursor is not one of this list
    """
    names, turned = [one.lstrip("-") for one in key], key[0].startswith("-")
    if after:
        rows = rows.filter(_beyond(names, _read(rows.model, names, after), "lt" if turned else "gt"))
    rows = rows.order_by(*(f"-{name}" if turned else name for name in names))
    wanted = list(dict.fromkeys([*columns.values(), *names]))
    found = list(rows.values_list(*wanted)[: limit + 1])
    at = [wanted.index(name) for name in names]
    last = _write([found[limit - 1][index] for index in at]) if len(found) > limit else None
    places = [(name, wanted.index(field)) for name, field in columns.items()]
    return [{name: row[index] for name, index in places} for row in found[:limit]], last


def _beyond(names: Sequence[str], values: Sequence[Any], sign: str) -> Q:
    found, same = Q(), Q()
    for name, value in zip(names, values, strict=True):
        found |= same & Q(**{f"{name}__{sign}": value})
        same &= Q(**{name: value})
    return found


def _write(values: Sequence[Any]) -> str:
    """Return a cursor: opaque, so that nobody builds one."""
    text = json.dumps([value if isinstance(value, int) else str(value) for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(model: type[Model], names: Sequence[str], text: str) -> list[Any]:
    try:
        told = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(told, list) or len(told) != len(names) or any(isinstance(one, list | dict) for one in told):
            raise ValueError(text)
        kinds: list[Any] = [model._meta.get_field(name) for name in names]
        values = [kind.to_python(value) for kind, value in zip(kinds, told, strict=True)]
        if any(value is None or (isinstance(value, int) and abs(value) >= 2**63) for value in values):
            raise ValueError(text)
        return values
    except (ValueError, binascii.Error, RecursionError, OverflowError, ValidationError) as error:
        raise BadData([Finding("A103", "after")]) from error
