"""The first page: how far stations are from the target, worst first, where, and what must be decided."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.domain.names import sort_key
from tramyte.domain.register import Register
from tramyte.domain.week import in_force
from tramyte.need import doctors
from tramyte.need.doctors import DoctorCount, Spread
from tramyte.need.target import DOCTORS
from tramyte.web.models import Commune, Facility, Grant
from tramyte.web.permissions import allowed, grants
from tramyte.web.roles import ROLES, Permission
from tramyte.web.views import senders
from tramyte.web.views.imports import paths_for
from tramyte.web.views.map import drawing, look
from tramyte.web.views.place import address_of, commune_address
from tramyte.web.views.scope import Scope, provinces_of, scope_of
from tramyte.web.views.timeline import monday_of
from tramyte.web.views.waiting import waiting

NEEDED = ("communes", "facilities", "staff", "appointments", "past_tours")
FIRST = "/tong-quan/"
STEPS = (
    (Permission.IMPORT, "/nhap/", "UI_first_places"),
    (Permission.IMPORT, "/nhap/", "UI_first_people"),
    (Permission.SEE_RULES, "/quan-tri/quy-dinh/", "UI_first_target"),
)
WORST = 10  # places shown on the first page


@require_safe
@login_required
def root(request: HttpRequest) -> HttpResponse:
    """Lead to the page of the role, and of who works in one commune or one unit to the page of that."""
    return redirect(next(map(_landing, grants(request.user, on=timezone.localdate())), FIRST))


def _landing(own: Grant) -> str:
    """Return the page that somebody with a grant sees first."""
    landing, parts = ROLES[own.role].landing, own.path.strip("/").split("/")
    if landing != FIRST or len(parts) == 1:
        return landing
    if own.role == "sender":
        return senders.landing(own.path)
    for model, address in ((Facility, "/tram/"), (Commune, "/xa/")):
        if model.objects.filter(province=parts[0], path=own.path).exists():
            return f"{address}{quote(parts[-1], safe='')}/?pv={parts[0]}"
    return landing


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the distribution of doctors, how many close the gap, where they are missing, and what waits."""
    scope = scope_of(request)
    found, count = scope.figures("communes", "facilities"), counted(scope)
    spread = spread_of(scope, count)
    places = _places(found, scope, spread)
    return render(
        request,
        "home/home.html",
        {
            "section": "home", "scope": scope, "spread": spread, "rows": rows(spread, scope),
            "places": len(spread.places), "short": _short(spread, scope.level),
            "reached": sum(1 for doctors in spread.counts.values() if doctors >= (scope.level or 0)),
            "others": [(level, _short(spread, level)) for level in scope.levels if level != scope.level],
            "levels": [(level, level if index else None) for index, level in enumerate(scope.levels)],
            "worst": _with_doctors(places[:WORST], found, scope, count), **_basis(scope),
            **(_where(found, scope, count) if scope.sees_communes else {}),
            "monday": monday_of(scope) if scope.everywhere.paths(Permission.SEE_PEOPLE) else None,
            "waiting": waiting(scope, count), **({} if spread.places or scope.place else _empty(scope)),
            "drop": paths_for(scope),
        },
    )  # fmt: skip


def _basis(scope: Scope) -> dict[str, Any]:
    """Return what the target rests on, papers of the province included; by: the year it is to be reached."""
    if scope.target is None:
        return {}
    own = (one for one in scope.law.changes if one.name == DOCTORS and one.source and in_force(one, scope.on))
    papers = dict.fromkeys((scope.target.source.strip(), *(one.source for one in own)))
    sees_rules = bool(scope.paths(Permission.SEE_RULES))
    return {
        "by": str(scope.target.value["by"]), "basis": "; ".join(papers),
        "basis_at": f"/quan-tri/quy-dinh/{DOCTORS}/" if sees_rules else None,
    }  # fmt: skip


def _with_doctors(
    worst: list[dict[str, Any]], found: Register, scope: Scope, count: DoctorCount
) -> list[dict[str, Any]]:
    """Return places with the list of their doctors, for who may see people; of several stations no one list has all."""
    known = {one.code: one for one in found.facilities}
    inside: dict[str, list[Any]] = {}
    for one in (known[code] for code in count.stations.places if code in known):
        inside.setdefault(one.code if scope.by == "tram" else one.commune, []).append(one)
    if scope.paths(Permission.SEE_PEOPLE):
        for row in worst:
            there = inside.get(row["code"], [])
            at = address_of(there[0].kind, there[0].code, there[0].name) if len(there) == 1 else None
            row["doctors_at"] = at and f"{at}nhan-luc/"
    return worst


def _empty(scope: Scope) -> dict[str, Any]:
    """Return what an empty province begins with: the steps of who may do them, or a sample province to look at."""
    path, today = f"{scope.province.code}/", timezone.localdate()
    steps = [step for may, *step in STEPS if allowed(scope.account, may, path, on=today)]
    samples = [one for one in provinces_of(scope.account) if one.is_sample and one.code != scope.province.code]
    return {"steps": steps, "samples": samples}


def _where(found: Register, scope: Scope, count: DoctorCount) -> dict[str, Any]:
    """Return the map of the communes, and the table that says the same."""
    counts = {one: count.communes.counts.get(one) for one in count.communes.places}
    return {
        "map": drawing(
            scope.province.code, counts, {one.code: one.name for one in found.communes},
            look=lambda doctors: look(min(doctors, scope.most), scope.level),
        ),
        "communes": _places(found, scope, count.communes, by="xa"),
    }  # fmt: skip


def counted(scope: Scope) -> DoctorCount:
    """Return the doctors of every place of the scope."""
    return scope.recall(
        "doctors", NEEDED, lambda: doctors(scope.figures(*NEEDED), on=scope.on),
        size=lambda found: len(found.stations.places),
    )  # fmt: skip


def spread_of(scope: Scope, count: DoctorCount) -> Spread:
    """Return the doctors by the places that the scope counts."""
    return count.stations if scope.by == "tram" else count.communes


def rows(spread: Spread, scope: Scope) -> list[dict[str, Any]]:
    """Return one row a number of doctors, the last and more: places, and doctors short there; None where not known."""
    found, level = [], scope.level
    for doctors_there in range(scope.most + 1):
        there = [one for one in spread.counts.values() if min(one, scope.most) == doctors_there]
        found.append({
            "doctors": doctors_there, "is_last": doctors_there == scope.most, "squares": range(len(there)),
            "places": len(there) if spread.known else None, "look": look(doctors_there, level),
            "short": None if level is None else max(0, level - doctors_there) * len(there),
            "is_line": doctors_there == level,
        })  # fmt: skip
    return found


def _short(spread: Spread, level: int | None) -> int | None:
    """Return the doctors missing so that every place has so many; None: not known, or no target is stated."""
    return None if level is None else spread.short_of(level)


def missing(scope: Scope, doctors: int | None) -> int | None:
    """Return the doctors missing where so many are; None: not known, or no target is stated."""
    return None if doctors is None or scope.level is None else max(0, scope.level - doctors)


def _places(found: Register, scope: Scope, spread: Spread, by: str | None = None) -> list[dict[str, Any]]:
    """Return every place with its doctors, the shortest first, then by name."""
    is_station = (by or scope.by) == "tram"
    known: dict[str, Any] = {one.code: one for one in (found.facilities if is_station else found.communes)}
    listed = []
    for code in spread.places:
        one, count = known.get(code), spread.counts.get(code)
        listed.append({
            "code": code, "doctors": count, "short": missing(scope, count),
            **(_told(one, is_station=is_station) if one else {"name": code, "population": None, "address": None}),
        })  # fmt: skip
    return sorted(listed, key=lambda one: (-(one["short"] or 0), sort_key(one["name"])))


def _told(one: Any, *, is_station: bool) -> dict[str, Any]:
    """Return what is told of a place that is seen; of a commune of which only a station is seen, the code is all."""
    if is_station:
        population, address = one.catchment_population, address_of(one.kind, one.code, one.name)
    else:
        population, address = one.population, commune_address(one.code, one.name)
    return {"name": one.name, "population": population, "address": address}
