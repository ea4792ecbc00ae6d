"""The first page: how far stations are from the target, worst first, and what must be decided."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tramyte.need import doctors
from tramyte.need.doctors import DoctorCount, Spread
from tramyte.web.views.scope import Scope, scope_of

NEEDED = ("communes", "facilities", "staff", "appointments", "past_tours")
MOST = 5  # the last row: so many and more


@require_safe
@login_required
def root(request: HttpRequest) -> HttpResponse:
    """Lead to the page of the role."""
    return redirect("/tong-quan/")


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the distribution of doctors, and how many close the gap."""
    scope = scope_of(request)
    count = counted(scope)
    spread = spread_of(scope, count)
    return render(
        request,
        "home/home.html",
        {
            "section": "home", "scope": scope, "spread": spread, "rows": rows(spread, scope.level),
            "places": len(spread.places),
            "short": spread.short.get(scope.level), "other_level": 9 - scope.level,
            "other_short": spread.short.get(9 - scope.level),
            "reached": sum(1 for doctors in spread.counts.values() if doctors >= scope.level),
            "findings": [finding.sentence(scope.lang) for finding in scope.told(count.findings)],
        },
    )  # fmt: skip


def counted(scope: Scope) -> DoctorCount:
    """Return the doctors of every place of the scope."""
    return doctors(scope.figures(*NEEDED), on=scope.on)


def spread_of(scope: Scope, count: DoctorCount) -> Spread:
    """Return the doctors by the places that the scope counts."""
    return count.stations if scope.by == "tram" else count.communes


def rows(spread: Spread, level: int) -> list[dict[str, Any]]:
    """Return one row a number of doctors, 0 to 5 and more: places, and doctors short there; None where not known."""
    found = []
    for doctors_there in range(MOST + 1):
        there = [one for one in spread.counts.values() if min(one, MOST) == doctors_there]
        short = max(0, level - doctors_there) * len(there)
        found.append({
            "doctors": doctors_there, "is_last": doctors_there == MOST, "places": len(there) if spread.known else None,
            "short": short, "squares": range(len(there)), "is_met": doctors_there >= level,
            "is_line": doctors_there == level,
        })  # fmt: skip
    return found
