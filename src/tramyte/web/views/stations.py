"""The list of stations, or of communes: worst first; its rows are what the figures of the first page count."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.domain.names import search_key, sort_key
from tramyte.domain.register import Register
from tramyte.need import doctors
from tramyte.web.views.home import MOST, NEEDED, spread_of
from tramyte.web.views.scope import Scope, scope_of

PAGE = 50
TYPE_WORDS = ("Xã ", "Phường ", "Đặc khu ", "Trạm y tế xã ", "Trạm y tế phường ", "Trạm y tế ")


@require_safe
@login_required
def stations(request: HttpRequest) -> HttpResponse:
    """Show every place by how short it is."""
    scope = scope_of(request)
    found = scope.figures(*NEEDED)
    spread = spread_of(scope, doctors(found, on=scope.on))
    rows = [_row(found, scope, place, spread.counts.get(place)) for place in spread.places]
    rows = [row for row in rows if _fits(row, request.GET.get("so-bs"), request.GET.get("tim"))]
    rows.sort(key=lambda row: (-(row["short"] or 0), sort_key(_bare(row["name"]))))
    return render(
        request,
        "stations/list.html",
        {
            "section": "stations", "scope": scope,
            "page": Paginator(rows, PAGE).get_page(request.GET.get("trang")), "count": len(rows),
            "short": sum(row["short"] or 0 for row in rows), "chosen": request.GET.get("so-bs", ""),
            "wanted": request.GET.get("tim", ""),
        },
    )  # fmt: skip


def _row(found: Register, scope: Scope, place: str, count: int | None) -> dict[str, Any]:
    """Return one line of the list."""
    kinds = found.facilities if scope.by == "tram" else found.communes
    own: Any = next(one for one in kinds if one.code == place)
    commune = own if scope.by != "tram" else next((one for one in found.communes if one.code == own.commune), None)
    return {
        "code": place, "name": own.name, "commune": commune.name if commune else "",
        "zone": getattr(commune, "zone", None), "population": getattr(own, "population", None)
        if scope.by != "tram" else own.catchment_population,
        "doctors": count, "short": None if count is None else max(0, scope.level - count),
    }  # fmt: skip


def _bare(name: str) -> str:
    """Return a place's name without its type word, as places sort."""
    return next((name[len(word) :] for word in TYPE_WORDS if name.startswith(word)), name)


def _fits(row: dict[str, Any], doctors_there: str | None, wanted: str | None) -> bool:
    if doctors_there and doctors_there.isdecimal():
        number = int(doctors_there)
        if row["doctors"] is None or (row["doctors"] < MOST if number >= MOST else row["doctors"] != number):
            return False
    return not wanted or search_key(wanted) in search_key(f"{row['name']} {row['commune']} {row['code']}")
