"""How many are missing, and where: the figures of the first pages, as the commands of the terminal give them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from tramyte.need import doctors
from tramyte.need.doctors import LEVELS
from tramyte.web.api.answers import written
from tramyte.web.api.asking import AskedFigures, demand, scope_asked
from tramyte.web.api.errors import Found, finding
from tramyte.web.api.lists import REFUSALS
from tramyte.web.roles import Permission
from tramyte.web.views.home import NEEDED
from tramyte.web.views.need import report_of
from tramyte.web.views.scope import Scope


class AskedDoctors(AskedFigures):
    """A question for doctors."""

    preventive: bool = Field(False, description="count preventive doctors, V.08.02, as doctors too")


class DoctorsHere(Schema):
    """Doctors by commune: the distribution first, then how many are short of each level, the mean last."""

    communes: int
    total: int | None
    distribution: dict[str, int]
    mean: float | None
    short: dict[str, int]


class DoctorsByStation(Schema):
    """The same by station."""

    stations: int
    total: int | None
    distribution: dict[str, int]
    mean: float | None
    short: dict[str, int]


class DoctorsAnswer(Schema):
    """The object `doctors` is that of `tramyte need --json`."""

    province: str
    on: str
    known: str | None
    preventive: bool
    doctors: DoctorsHere
    doctors_by_station: DoctorsByStation
    findings: list[Found]


class NeedAnswer(Schema):
    """The object that `tramyte need --json` prints: every lens side by side, by station and cadre."""

    province: str
    on: str
    known: str | None
    doctors: DoctorsHere
    doctors_by_station: DoctorsByStation
    targets: list[dict[str, Any]]
    stations: list[dict[str, Any]]
    density: list[dict[str, Any]]
    workload: dict[str, Any] | None
    norms: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]
    findings: list[dict[str, Any]]


def need(router: Router) -> None:
    """Add the questions of need."""

    @router.get("/need/doctors", operation_id="need_doctors", tags=["need"], response={200: DoctorsAnswer, **REFUSALS})
    def count(request: HttpRequest, asked: Query[AskedDoctors]) -> HttpResponse:
        scope = _scope(request, asked)
        levels = sorted({*LEVELS, *scope.levels})
        found = doctors(scope.figures(*NEEDED), on=scope.on, preventive=asked.preventive, levels=levels)
        told = [finding(one, scope.lang) for one in scope.told(found.findings)]
        return written({**_state(scope), "preventive": asked.preventive, **found.to_json(), "findings": told})

    @router.get("/need", operation_id="need", tags=["need"], response={200: NeedAnswer, **REFUSALS})
    def lenses(request: HttpRequest, asked: Query[AskedDoctors]) -> HttpResponse:
        scope = _scope(request, asked)
        report = report_of(scope, preventive=asked.preventive)
        told: dict[str, Any] = replace(report, findings=tuple(scope.told(report.findings))).to_json(scope.lang)
        if not scope.names_people:
            for station in told["stations"]:
                for cadre in station["cadres"]:
                    del cadre["existing"]["staff"]
        return written({**told, **_state(scope)})


def _scope(request: HttpRequest, asked: AskedFigures) -> Scope:
    demand(request, Permission.SEE_FIGURES)
    return scope_asked(request, asked)


def _state(scope: Scope) -> dict[str, Any]:
    return {"province": scope.province.code, "on": scope.on, "known": scope.known}
