"""People: the list, sorted as Vietnamese lists run, and the page of one person on any day, as known on any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.domain.errors import NormMissing, NotAllowed
from tramyte.domain.messages import say
from tramyte.need.cadres import CADRES, NO_TITLE
from tramyte.norms.titles import Title, titles
from tramyte.web import records
from tramyte.web.models import Facility, Licence, Staff
from tramyte.web.models.base import below
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.views.lists import Column, Empty, Filter, Status, listing
from tramyte.web.views.may_go import may_go
from tramyte.web.views.person import Person, sections
from tramyte.web.views.person_changes import changes
from tramyte.web.views.place import SOON, address_of, seen, title_words
from tramyte.web.views.scope import Scope, scope_of
from tramyte.web.views.stays import duties

UNITS = 500  # more are not offered as a filter


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody in service on the day whom the account may see."""
    scope = scope_of(request)
    if not paths(request.user, Permission.SEE_PEOPLE, on=timezone.localdate()):
        raise NotAllowed(Permission.SEE_PEOPLE.value, "")
    there = records.rows(Facility, on=scope.on, known=scope.moment).filter(province=scope.province.code)
    units = {row.code: row for row in there}
    rows = with_licence(seen(Staff, scope, on=scope.on), scope)
    return listing(
        request, scope, "nguoi", "UI_people_count", _columns(scope, units), rows, order="name",
        filters=_filters(scope, units), empty=Empty(), template="people/list.html",
        context={"section": "people", "at": _adds_at(scope)},
    )  # fmt: skip


@require_safe
@login_required
def person(request: HttpRequest, code: str) -> HttpResponse:
    """Show one person: where they work, what they may do, when they are away, where they went, what changed."""
    scope = scope_of(request).everywhere
    row = person_of(scope, code)
    found = Person(scope, row)
    return render(
        request, "people/person.html",
        {
            "section": "people", "scope": scope, "person": found, "sections": sections(found),
            "changes": changes(found), "title": found.name, "may_go": may_go(request, scope, row),
            "duties": duties(found.went(), on=scope.on, lang=scope.lang),
        },
    )  # fmt: skip


def _adds_at(scope: Scope) -> str:
    """Return the place where the account may record new people; blank: nowhere in this province."""
    mine = paths(scope.account, Permission.EDIT_PEOPLE, on=timezone.localdate())
    root = f"{scope.province.code}/"
    return next((path or root for path in mine if not path or path.startswith(root)), "")


def person_of(scope: Scope, code: str) -> Any:
    """Return the row of a person. raises: Http404, there is nobody that the account may see."""
    row = seen(Staff, scope, on=None).filter(code=code).first()
    if row is None:
        raise Http404
    return row


def with_licence(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Return the rows with the last day of the licence that lasts longest (`ends`), and whether there is one."""
    mine = records.rows(Licence, known=scope.moment).filter(province=scope.province.code, staff=OuterRef("code"))
    longest = mine.order_by(F("expires").desc(nulls_first=True)).values("expires")[:1]
    found: QuerySet[Any] = rows.annotate(ends=Subquery(longest), has_licence=Exists(mine))
    return found


def annotated(row: Any, name: str) -> Any:
    """Return what the database worked out for a row; a row known earlier keeps it with its history."""
    return getattr(getattr(row, "_history", row), name)


def licence_state(ends: Any, on: Any, *, has_licence: bool) -> Status | None:
    """Return how a licence stands on the day; None: there is none."""
    if not has_licence:
        return None
    if ends is None:
        return Status("met", "UI_licence_open", rank=3)
    if ends < on:
        return Status("short", "UI_licence_over", rank=0)
    return Status("near", "UI_licence_soon", rank=1) if ends <= on + SOON else Status("met", "UI_licence_on", rank=2)


def _columns(scope: Scope, units: dict[str, Any]) -> list[Column]:
    on, lang = scope.on, scope.lang
    state = urlencode([(name, value) for name, value in scope.state().items() if value])

    def unit(row: Any) -> Any:
        return units.get(row.path.rstrip("/").rpartition("/")[2])

    def to_unit(row: Any) -> str | None:
        found = unit(row)
        return found and f"{address_of(found.kind, found.code, found.name)}?{state}"

    def licence(row: Any) -> Status | None:
        return licence_state(annotated(row, "ends"), on, has_licence=annotated(row, "has_licence"))

    return [
        Column("name", "UI_name", lambda row: f"{row.family_names} {row.given_name}", "link", by="sort_key",
               link=lambda row: f"/nguoi/{quote(row.code, safe='')}/?{state}"),
        Column("code", "UI_person_code", "code", by="code"),
        Column("title", "UI_title", lambda row: title_words(row.title_code, lang, on=on), by="title_code"),
        Column("unit", "UI_person_unit", lambda row: getattr(unit(row), "name", None), "link", link=to_unit, by="path"),
        Column("born", "UI_born", lambda row: str(row.birth_year), by="birth_year"),
        Column("ends", "UI_expires", lambda row: annotated(row, "ends"), "day", by="ends"),
        Column("licence", "UI_licence", licence, "status"),
    ]  # fmt: skip


def _titles(scope: Scope) -> Mapping[str, Title]:
    """Return the titles of the day; before the first list of them, none."""
    try:
        return titles(on=scope.on)
    except NormMissing:
        return {}


def _filters(scope: Scope, units: dict[str, Any]) -> list[Filter]:
    table = _titles(scope)

    def of_cadre(rows: Any, value: str) -> Any:
        if value == NO_TITLE:
            return rows.exclude(title_code__in=list(table))
        return rows.filter(title_code__in=[code for code, one in table.items() if one.cadre == value])

    def of_unit(rows: Any, value: str) -> Any:
        return rows.filter(below(units[value].path)) if value in units else rows.none()

    def of_licence(rows: Any, value: str) -> Any:
        kept: dict[str, dict[str, Any]] = {
            "het": {"ends__lt": scope.on}, "sap": {"ends__gte": scope.on, "ends__lte": scope.on + SOON},
            "khong": {"has_licence": False},
        }  # fmt: skip
        return rows.filter(**kept.get(value, {}))

    mine = scope.paths(Permission.SEE_PEOPLE)
    own = [(code, row.name) for code, row in units.items() if row.path.startswith(tuple(mine))]
    words = [("het", "UI_licence_over"), ("sap", "UI_licence_soon"), ("khong", "UI_licence_none")]
    return [
        Filter("nhom", "UI_cadre", of_cadre, [(one, say(f"UI_cadre_{one}", scope.lang)) for one in CADRES]),
        Filter("noi", "UI_person_unit", of_unit, sorted(own, key=lambda one: one[1]) if len(own) <= UNITS else ()),
        Filter("gphn", "UI_licence", of_licence, [(one, say(code, scope.lang)) for one, code in words]),
    ]
