"""Hospitals, centres, centres for disease control: the list; its lines and columns serve a commune as well."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.domain.people import Staff as Person
from tramyte.need.doctors import is_doctor
from tramyte.web import records
from tramyte.web.models import Appointment, Authority, Commune, PastTour, Post, Staff
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.views.lists import Column, Empty, Filter, listing, sum_of
from tramyte.web.views.place import address, facilities, words_of
from tramyte.web.views.scope import Scope, scope_of

OTHERS = ("hospital", "centre", "cdc")
TABLES = ("communes", "facilities", "authorities", "posts", "staff", "appointments", "past_tours")


@require_safe
@login_required
def others(request: HttpRequest) -> HttpResponse:
    """Show hospitals, centres and centres for disease control: who works there, who can be sent."""
    scope = scope_of(request)
    rows = scope.recall(
        "others", TABLES, lambda: lines(scope, [row for row in facilities(scope) if row.kind in OTHERS])
    )
    kinds = [(kind, str(words_of("facilities", "kind", kind, scope.lang))) for kind in OTHERS]
    return listing(
        request, scope, "co-so", "UI_list_facilities", columns(scope), rows, order="name",
        filters=[Filter("loai", "UI_kind", lambda found, kind: [row for row in found if row["kind"] == kind], kinds)],
        context={"section": "facilities"}, empty=Empty("UI_no_facilities", "UI_show_all"),
    )  # fmt: skip


def lines(scope: Scope, found: list[Any]) -> list[dict[str, Any]]:
    """Return one line a facility with its own people, of its building alone."""
    codes = [row.code for row in found]
    on, province = scope.on, scope.province.code

    def at(model: Any, day: Any) -> Any:
        return records.rows(model, on=day, known=scope.moment).filter(province=province, facility__in=codes)

    guests = {(row.staff, row.facility) for row in at(PastTour, on) if row.instrument != "transfer"}
    working = at(Appointment, on)
    pairs = set(working.values_list("staff", "facility")) - guests
    staff = records.rows(Staff, on=on, known=scope.moment).filter(province=province, code__in=working.values("staff"))
    titles = dict(staff.values_list("code", "title_code"))
    people = Counter(facility for one, facility in pairs if one in titles)
    doctors = Counter(facility for one, facility in pairs if one in titles and _is_doctor(titles[one]))
    posts = Counter(at(Post, on).values_list("facility", flat=True))
    managing = dict(at(Authority, on).values_list("facility", "managing"))
    communes = records.rows(Commune, on=on, known=scope.moment).filter(province=province)
    called = dict(communes.values_list("code", "name"))
    names = {row.code: row.name for row in found}
    return [
        {
            "code": row.code, "name": row.name, "kind": row.kind, "address": address(row), "path": row.path,
            "commune": called.get(row.commune, ""), "people": people[row.code], "doctors": doctors[row.code],
            "posts": posts[row.code] or None, "managed": managing.get(row.code),
            "guests": sum(1 for _, facility in guests if facility == row.code), "part_of": names.get(row.parent),
        }
        for row in found
    ]  # fmt: skip


def columns(scope: Scope) -> list[Column]:
    """Return the columns of both lists."""
    state = {name: value for name, value in scope.state().items() if value}
    named = tuple(paths(scope.account, Permission.SEE_PEOPLE, on=timezone.localdate()))

    def to(row: dict[str, Any], tab: str = "", **more: str) -> str:
        return f"{row['address']}{tab}?{urlencode({**state, **more})}"

    def to_people(row: dict[str, Any], **more: str) -> str | None:
        return to(row, "nhan-luc/", noi=row["code"], **more) if row["path"].startswith(named) else None

    return [
        Column("name", "UI_name", "name", "link", link=to),
        Column("kind", "UI_kind", lambda row: words_of("facilities", "kind", row["kind"], scope.lang)),
        Column("commune", "UI_commune", "commune"),
        Column("people", "UI_people_own", "people", "number", link=to_people, total=sum_of("people")),
        Column("doctors", "UI_doctors_own", "doctors", "number",
               link=lambda row: to_people(row, nhom="doctor"), total=sum_of("doctors")),
        Column("posts", "UI_posts_granted", "posts", "number", total=sum_of("posts")),
        Column("guests", "UI_guests", "guests", "number", total=sum_of("guests")),
        Column("part_of", "UI_part_of", "part_of"),
    ]  # fmt: skip


def _is_doctor(title: str | None) -> bool:
    return is_doctor(Person("", "", "", 0, "", title_code=title))
