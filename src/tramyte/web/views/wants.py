"""People that a station or a commune asks for, with number and date of the letter; the planner answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.domain.names import sort_key
from tramyte.norms import norm
from tramyte.web.actions import requirements
from tramyte.web.models import Commune
from tramyte.web.models.base import FIRST_ON
from tramyte.web.roles import Permission
from tramyte.web.views.desk import wishes
from tramyte.web.views.place import CARE, address, commune_address, facilities, facility_at, seen
from tramyte.web.views.scope import day_of, scope_of

FIELDS = ("chuyen-khoa", "so-nguoi", "tu", "den", "ly-do", "so-cong-van", "ngay-cong-van")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def want(request: HttpRequest) -> HttpResponse:
    """Ask for people at one station; where none is named yet, choose one of one's own."""
    scope = scope_of(request).everywhere
    if not request.GET.get("co-so"):
        return _choose(request, scope)
    facility = facility_at(scope, request.GET.get("co-so", ""))
    if not requirements.may_want(scope.account, facility.path):
        raise NotAllowed(Permission.ANSWER.value, facility.path)
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    found: list[Finding] = []
    if request.method == "POST":
        try:
            _ask(scope, facility, typed)
        except BadData as error:
            found = list(error.findings)
        else:
            messages.success(request, say("UI_ca_want_sent", scope.lang, name=facility.name))
            return redirect(_back(scope, facility))
    known = norm("specialties", on=timezone.localdate()).value
    return render(request, "communes/want.html", {
        "scope": scope, "section": "stations", "facility": facility, "typed": typed, "back": _back(scope, facility),
        "skills": [(code, row[scope.lang]) for code, row in known.items()], "wishes": wishes(scope, facility.path),
        "summary": [(one.cell, one.sentence(scope.lang)) for one in found],
    })  # fmt: skip


def _choose(request: HttpRequest, scope: Any) -> HttpResponse:
    """Show the stations at which whoever looks may ask. raises: NotAllowed, at none."""
    mine = [one for one in facilities(scope) if one.kind in CARE and requirements.may_want(scope.account, one.path)]
    if not mine:
        raise NotAllowed(Permission.ANSWER.value, f"{scope.province.code}/")
    stations = [(one.name, f"/de-nghi-nguoi/?{urlencode({'pv': scope.pv, 'co-so': one.code})}") for one in mine]
    context = {"scope": scope, "section": "stations", "stations": sorted(stations, key=lambda one: sort_key(one[0]))}
    return render(request, "communes/want_where.html", context)


def _back(scope: Any, facility: Any) -> str:
    """Return the page to go back to: the commune's, for who sees it, else the station's."""
    own = seen(Commune, scope, on=None).filter(code=facility.commune).order_by(*FIRST_ON).last()
    there = commune_address(own.code, own.name) if own is not None and scope.sees_communes else address(facility)
    return f"{there}?pv={scope.pv}"


def _ask(scope: Any, facility: Any, typed: dict[str, str]) -> None:
    """Record what was typed. raises: BadData, with every field that is missing or does not fit."""
    days = {name: day_of(typed[name]) for name in ("tu", "den", "ngay-cong-van")}
    found = [
        Finding("E708", "", name, {"read": typed[name] or "—"})
        for name, value in days.items() if value is None and (typed[name] or name != "ngay-cong-van")
    ]  # fmt: skip
    count = typed["so-nguoi"]
    if not (count.isascii() and count.isdecimal() and len(count) < 5):
        found.append(Finding("E707", "", "so-nguoi", {"read": count or "—"}))
    if not typed["ly-do"]:
        found.append(Finding("E716", "", "ly-do"))
    start, last = days["tu"], days["den"]
    if found or start is None or last is None:
        raise BadData(found)
    requirements.want(
        by=scope.account, facility=facility, skill=typed["chuyen-khoa"], count=int(count),
        span=(start, last + timedelta(days=1)), reason=typed["ly-do"], letter=typed["so-cong-van"],
        letter_on=days["ngay-cong-van"],
    )  # fmt: skip
