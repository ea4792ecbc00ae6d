"""The register: every record of one province, as a workbook or a database hands it over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from tramyte.domain.people import Absence, Appointment, Collaborator, Licence, Post, Staff, StaffSkill
from tramyte.domain.place import Assessment, Authority, Commune, Facility, Project
from tramyte.domain.week import Dated, in_force
from tramyte.domain.work import (
    AwayLimit,
    Campaign,
    Lock,
    PastTour,
    Requirement,
    Sender,
    ServiceCount,
    StatedTotal,
    Travel,
    Weight,
)

D = TypeVar("D", bound=Dated)


@dataclass(frozen=True)
class Register:
    """All records of one province. A field is a sheet of the workbook, and has its name."""

    campaign: tuple[Campaign, ...] = ()
    weights: tuple[Weight, ...] = ()
    communes: tuple[Commune, ...] = ()
    facilities: tuple[Facility, ...] = ()
    authorities: tuple[Authority, ...] = ()
    posts: tuple[Post, ...] = ()
    staff: tuple[Staff, ...] = ()
    skills: tuple[StaffSkill, ...] = ()
    licences: tuple[Licence, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    absences: tuple[Absence, ...] = ()
    past_tours: tuple[PastTour, ...] = ()
    collaborators: tuple[Collaborator, ...] = ()
    service_counts: tuple[ServiceCount, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    senders: tuple[Sender, ...] = ()
    away_limits: tuple[AwayLimit, ...] = ()
    locks: tuple[Lock, ...] = ()
    travel: tuple[Travel, ...] = ()
    projects: tuple[Project, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    totals: tuple[StatedTotal, ...] = ()

    def as_of(self, on: date) -> Register:
        """Return the records in force on the day; what has no dates stays."""
        return replace(
            self,
            communes=_on(self.communes, on),
            facilities=_on(self.facilities, on),
            authorities=_on(self.authorities, on),
            posts=_on(self.posts, on),
            staff=_on(self.staff, on),
            appointments=_on(self.appointments, on),
            collaborators=_on(self.collaborators, on),
        )


def _on(rows: Iterable[D], on: date) -> tuple[D, ...]:
    return tuple(row for row in rows if in_force(row, on))


def roots(facilities: Sequence[Facility]) -> dict[str, str]:
    """
    Return facility code -> code of the station it rolls up to.

    A station is a station or polyclinic with no station or polyclinic above it; points and child stations
    roll up to it. Hospitals, centres and what hangs below none of them are not in the answer.
    """
    by_code = {facility.code: facility for facility in facilities}
    found: dict[str, str] = {}
    for facility in facilities:
        station, current, seen = "", facility, {facility.code}
        while True:
            if current.kind in ("station", "polyclinic"):
                station = current.code
            above = by_code.get(current.parent or "")
            if above is None or above.code in seen:
                break
            seen.add(above.code)
            current = above
        if station and facility.kind in ("station", "polyclinic", "point"):
            found[facility.code] = station
    return found
