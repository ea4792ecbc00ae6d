"""Do the rows add up to what papers state? Totals that do not are findings, never quietly mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tramyte.domain.finding import Finding
from tramyte.domain.people import Staff
from tramyte.domain.work import StatedTotal
from tramyte.need.doctors import PREVENTIVE_DOCTOR, DoctorCount, is_doctor
from tramyte.need.standing import Standing, deployed_there, named

HEALTH = "V.08."  # titles of the health professions; every other title is "other"
Counter = Callable[[Standing, DoctorCount], int | None]  # None: it cannot be counted


def _staff(keep: Callable[[Staff], bool]) -> Counter:
    return lambda today, _count: sum(keep(person) for person in today.register.staff)


def _kind(kind: str) -> Counter:
    return lambda today, _count: sum(facility.kind == kind for facility in today.register.facilities)


def _communes(with_doctor: bool) -> Counter:
    return lambda today, count: (
        sum(bool(people) == with_doctor for people in count.communes.places.values()) if today.known else None
    )


COUNTERS: Mapping[str, Counter] = {
    "staff": _staff(lambda _person: True),
    "staff_medical": _staff(lambda person: (person.title_code or "").startswith(HEALTH)),
    "staff_other": _staff(lambda person: bool(person.title_code) and not str(person.title_code).startswith(HEALTH)),
    "staff_without_title": _staff(lambda person: not person.title_code),
    "doctors": _staff(is_doctor),
    "preventive_doctors": _staff(lambda person: (person.title_code or "").startswith(PREVENTIVE_DOCTOR)),
    "doctors_at_stations": lambda _today, count: count.stations.total,
    "communes": lambda today, _count: len({commune.code for commune in today.register.communes}),
    "communes_with_doctor": _communes(with_doctor=True),
    "communes_without_doctor": _communes(with_doctor=False),
    "stations": lambda today, _count: len(today.stations),
    "points": _kind("point"),
    "polyclinics": _kind("polyclinic"),
    "hospitals": _kind("hospital"),
    "centres": _kind("centre"),
    "collaborators": lambda today, _count: len(today.register.collaborators),
    "deployed": lambda today, _count: len({staff for staff, _place in deployed_there(today.register, on=today.on)}),
}


def reconcile(today: Standing, count: DoctorCount) -> tuple[Finding, ...]:
    """
    Compare the totals stated for the day with the rows, and name the people in no group.

    A total stated for another day is left to that day. A measure nobody knows how to count is a finding too.
    """
    stated = sorted(
        (row for row in today.register.totals if row.on == today.on), key=lambda row: (row.measure, row.value)
    )
    found = [_compare(row, today, count) for row in stated]
    found.append(_parts({row.measure: row.value for row in stated}))
    found += _groups(today)
    return tuple(finding for finding in found if finding)


def _compare(row: StatedTotal, today: Standing, count: DoctorCount) -> Finding | None:
    fields = {"measure": row.measure, "on": row.on, "stated": row.value, "source": row.source or "-"}
    counted = COUNTERS[row.measure](today, count) if row.measure in COUNTERS else None
    if counted is None:
        return Finding("D011", "totals", "", fields, "warning")
    if counted == row.value:
        return None
    fields |= {"counted": counted, "difference": row.value - counted}
    if row.measure != "doctors":
        return Finding("D010", "totals", "", fields, "warning")
    both = counted + (COUNTERS["preventive_doctors"](today, count) or 0)
    return Finding("D012", "totals", "", {**fields, "with_preventive": both}, "warning")


def _parts(stated: Mapping[str, int]) -> Finding | None:
    """Return a finding when the paper's own groups do not add up to the paper's own whole."""
    if not {"staff", "staff_medical", "staff_other"} <= stated.keys():
        return None
    whole, parts = stated["staff"], stated["staff_medical"] + stated["staff_other"]
    if whole == parts:
        return None
    return Finding("D013", "totals", "", {"whole": whole, "parts": parts, "difference": whole - parts}, "warning")


def _groups(today: Standing) -> list[Finding | None]:
    staff, total = today.staff, len(today.staff)
    without = (code for code, person in staff.items() if not person.title_code)
    working = {row.staff for row in today.register.appointments}
    return [
        named("D014", without, staff, total=total),
        named("D016", staff.keys() - working if today.known else (), staff, total=total),
    ]
