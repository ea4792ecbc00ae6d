"""Places of care, and who is in charge of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

KINDS = ("station", "point", "polyclinic", "centre", "hospital", "cdc")


@dataclass(frozen=True)
class Commune:
    """
    An administrative unit, not a station: a commune may have two stations.

    code       : NSO code, text of 5 digits; dated, since a new commune keeps the code of one predecessor
    zone       : 1, 2 or 3 of the national criteria, as the province lists it; None: not given
    population : persons, None: unknown
    successor  : code of the commune it was joined to
    """

    code: str
    name: str
    province: str
    kind: str
    zone: int | None = None
    population: int | None = None
    start: date | None = None
    end: date | None = None
    successor: str | None = None


@dataclass(frozen=True)
class Facility:
    """
    A place of care. People work at points; targets count per station.

    kind                 : station, point, polyclinic, centre, hospital, cdc
    parent               : code of the facility above (station of a point, polyclinic of a station)
    catchment_population : persons it answers for; None: unknown
    terrain, very_hard, km_to_hospital : what the zone follows from
    lon, lat             : degrees, own coordinates of the building
    land_m2              : m2 of land; building_grade: good, worn, bad
    """

    code: str
    name: str
    kind: str
    commune: str
    parent: str | None = None
    catchment_population: int | None = None
    zone: int | None = None
    terrain: str | None = None
    very_hard: bool | None = None
    km_to_hospital: float | None = None
    lon: float | None = None
    lat: float | None = None
    land_m2: int | None = None
    building_grade: str | None = None
    start: date | None = None
    end: date | None = None

    def __repr__(self) -> str:
        return f"<Facility {self.name}, {self.kind} {self.code}>"


@dataclass(frozen=True)
class Authority:
    """Who administers a facility (managing) and who guides it professionally (supervising), by dates."""

    facility: str
    managing: str
    supervising: str
    decision: str | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Project:
    """
    Something the province does to a facility or to all: a building, an upgrade, a pilot, a policy, a plan.

    kind : works, upgrade, inspection, plan, policy, pilot, household_review
    """

    code: str
    kind: str
    name: str
    facility: str | None = None
    start: date | None = None
    end: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class Assessment:
    """One facility against one set of national criteria in one year."""

    facility: str
    criteria_set: str
    year: int
    is_met: bool
    score: float | None = None
