"""The list of stations, or of communes: worst first; its rows are what the figures of the first page count."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tramyte.domain.names import sort_key
from tramyte.domain.register import Register
from tramyte.need import doctors
from tramyte.web.views.home import MOST, NEEDED, spread_of
from tramyte.web.views.lists import Column, Empty, Filter, Status, listing, sum_of
from tramyte.web.views.scope import Scope, scope_of

TYPE_WORDS = ("Xã ", "Phường ", "Đặc khu ", "Trạm y tế xã ", "Trạm y tế phường ", "Trạm y tế ")


@require_safe
@login_required
def stations(request: HttpRequest) -> HttpResponse:
    """Show every place by how short it is."""
    scope = scope_of(request)
    found = scope.figures(*NEEDED)
    spread = spread_of(scope, doctors(found, on=scope.on))
    rows = [_row(found, scope, place, spread.counts.get(place)) for place in spread.places]
    is_station = scope.by == "tram"
    counts = [(str(count), f"{count}+" if count == MOST else str(count)) for count in range(MOST + 1)]
    return listing(
        request, scope, "tram", "UI_list_stations" if is_station else "UI_list_communes", _columns(scope), rows,
        order="-short,name", filters=[Filter("so-bs", "UI_doctors", _with_doctors, counts)],
        empty=Empty(), context={"section": "stations"},
    )  # fmt: skip


def _columns(scope: Scope) -> list[Column]:
    commune = [Column("commune", "UI_commune", "commune")] if scope.by == "tram" else []
    return [
        Column("name", "UI_name", "name", by=lambda row: sort_key(bare(row["name"]))),
        *commune,
        Column("zone", "UI_zone", "zone", "number"),
        Column("population", "UI_population", "population", "number", total=sum_of("population")),
        Column("doctors", "UI_doctors", "doctors", "number", total=sum_of("doctors")),
        Column("short", "UI_target", _against, "status", total=_short, fields={"level": scope.level}),
    ]


def _against(row: dict[str, Any]) -> Status:
    """Return how a place stands against the target."""
    if row["short"] is None:
        return Status("unknown", "UI_unknown")
    return Status("short", "UI_row_short", {"short": row["short"]}, row["short"]) if row["short"] else MET


MET = Status("met", "UI_met", rank=0)


def _short(rows: list[dict[str, Any]]) -> Status | None:
    known = [row["short"] for row in rows if row["short"] is not None]
    return Status("", "UI_row_short", {"short": sum(known)}) if known else None


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


def bare(name: str) -> str:
    """Return a place's name without its type word, as places sort."""
    return next((name[len(word) :] for word in TYPE_WORDS if name.startswith(word)), name)


def _with_doctors(rows: list[dict[str, Any]], wanted: str) -> list[dict[str, Any]]:
    """Keep the places with so many doctors; the last number stands for more as well."""
    if not wanted.isdecimal():
        return rows
    number = int(wanted)
    known = [row for row in rows if row["doctors"] is not None]
    return [row for row in known if (row["doctors"] >= MOST if number >= MOST else row["doctors"] == number)]
