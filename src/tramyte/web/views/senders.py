"""The desk of a sending unit: what it is asked for, what it still owes, what it keeps at home."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.web import records
from tramyte.web.models import AwayLimit, Call, Conduct, Draft, Facility, Sender
from tramyte.web.models.base import below
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.views.desk import called, to_answer
from tramyte.web.views.place import address, skill_words
from tramyte.web.views.scope import Scope, scope_of


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """Show the units somebody answers for: calls, opinions, limits, and where their people are."""
    scope = scope_of(request).everywhere
    units = units_of(scope)
    if not units:
        raise Http404
    tasks = [one for row in units.values() for one in to_answer(scope, side="sender", path=row.path)]
    limits = records.rows(AwayLimit).filter(province=scope.province.code, facility__in=list(units))
    state = urlencode({"pv": scope.pv})
    return render(request, "senders/desk.html", {
        "scope": scope, "section": "campaigns", "tasks": tasks, "calls": called(scope, list(units)),
        "units": [
            {"row": row, "address": f"{address(row)}?{state}", "people": f"{address(row)}nhan-luc/?{state}",
             "limits": [(skill_words(one.skill, scope.lang, on=scope.on), one.max_away)
                        for one in limits if one.facility == code]}
            for code, row in units.items()
        ],
    })  # fmt: skip


def landing(path: str) -> str:
    """Return the page that a unit sees first: the call due first, until the campaign is issued; else its desk."""
    rows = Call.objects.filter(below(path), province=path[:2], count__gt=0)
    over = Conduct.objects.filter(province=path[:2], state="ended").values("campaign")
    issued = Draft.objects.filter(province=path[:2], stage="issued").values("campaign")
    first = rows.exclude(campaign__in=over).exclude(campaign__in=issued).order_by("due", "pk").first()
    return f"/dot/{first.campaign}/de-xuat/{first.unit}/?pv={path[:2]}" if first else f"/don-vi-cu/?pv={path[:2]}"


def units_of(scope: Scope) -> dict[str, Any]:
    """Return code -> facility of the units for which the account may name people."""
    mine = tuple(paths(scope.account, Permission.NOMINATE, on=timezone.localdate()))
    rows = records.rows(Sender).filter(province=scope.province.code).order_by("facility")
    codes = [one.facility for one in rows if mine and one.path.startswith(mine)]
    there = records.rows(Facility, on=scope.on).filter(province=scope.province.code, code__in=codes)
    return {one.code: one for one in there.order_by("code")}
