"""How many doctors stand at each station and in each commune: people, not full-time equivalents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.people import Staff
from tramyte.domain.register import Register
from tramyte.need.standing import Standing, named, standing

DOCTOR = "V.08.01."  # the three grades of doctor
PREVENTIVE_DOCTOR = "V.08.02."  # the three grades of preventive doctor: counted only when asked
LEVELS = (2, 3, 4, 5)  # the steps of the published tables; what the law wants is in norm doctors_per_station


@dataclass(frozen=True)
class Spread:
    """
    Doctors of each place: the distribution first, then how many are short of each level, the mean last.

    places : place code -> staff codes of its doctors, sorted; a place without doctors has an empty tuple
    levels : doctors a place; `short` counts the doctors missing so that every place has at least that many
    known  : False: nobody's appointment is recorded; every figure is None or empty, for blank is not zero
    """

    places: Mapping[str, tuple[str, ...]]
    levels: tuple[int, ...] = LEVELS
    known: bool = True

    @property
    def counts(self) -> dict[str, int]:
        """Place code -> doctors; empty where they are not known."""
        return {place: len(people) for place, people in self.places.items()} if self.known else {}

    @property
    def total(self) -> int | None:
        """The sum over places: a person with two places counts at both, and a finding names them; None: not known."""
        return sum(self.counts.values()) if self.known else None

    @property
    def distribution(self) -> dict[int, int]:
        """Doctors -> number of places that have so many; only counts that occur, in order."""
        return dict(sorted(Counter(self.counts.values()).items()))

    @property
    def short(self) -> dict[int, int]:
        """Level -> doctors missing so that each place reaches it; empty where they are not known."""
        return {level: short for level in self.levels if (short := self.short_of(level)) is not None}

    def short_of(self, level: int) -> int | None:
        """Return the doctors missing so that each place has at least so many; None: not known."""
        return sum(max(0, level - count) for count in self.counts.values()) if self.known else None

    @property
    def mean(self) -> float | None:
        """Doctors a place, two decimals, half up; None without places, or where they are not known."""
        if not self.counts:
            return None
        return float((Decimal(sum(self.counts.values())) / len(self.places)).quantize(Decimal("0.01"), ROUND_HALF_UP))

    def to_json(self, places: str) -> dict[str, Any]:
        """Return the object, the number of places under the name given: communes or stations."""
        return {
            places: len(self.places),
            "total": self.total,
            "distribution": {str(count): number for count, number in self.distribution.items()},
            "mean": self.mean,
            "short": {str(level): number for level, number in self.short.items()},
        }


@dataclass(frozen=True)
class DoctorCount:
    """Doctors by commune and by station on one day, with the people behind every figure."""

    on: date
    preventive: bool
    communes: Spread
    stations: Spread
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return `doctors` (by commune) and `doctors_by_station`."""
        return {
            "doctors": self.communes.to_json("communes"),
            "doctors_by_station": self.stations.to_json("stations"),
        }


def doctors(register: Register, *, on: date, preventive: bool = False, levels: Sequence[int] = LEVELS) -> DoctorCount:
    """
    Count the doctors of each commune and each station on the day.

    A doctor is a person with a title V.08.01.* (with `preventive` also V.08.02.*) and an appointment at the
    station, one of its points or its child stations, all in force on the day. Who is there on deployment is not
    counted. A person counts once a place, also with two appointments there.
    Communes are those with at least one station on the day.
    """
    return count_doctors(standing(register, on=on), preventive=preventive, levels=levels)


def count_doctors(today: Standing, *, preventive: bool = False, levels: Sequence[int] = LEVELS) -> DoctorCount:
    """Count the doctors of what stands on the day: `doctors`, when the day is already laid out."""
    by_station = {
        station.code: tuple(
            sorted(code for code in today.fte[station.code] if is_doctor(today.staff[code], preventive=preventive))
        )
        for station in today.stations
    }
    by_commune = {
        commune: tuple(sorted({code for station in stations for code in by_station[station.code]}))
        for commune, stations in today.communes.items()
    }
    twice = Counter(code for people in by_station.values() for code in people)
    finding = named("D003", (code for code, times in twice.items() if times > 1), today.staff)
    return DoctorCount(
        on=today.on,
        preventive=preventive,
        communes=Spread(by_commune, tuple(levels), today.known),
        stations=Spread(by_station, tuple(levels), today.known),
        findings=today.findings + ((finding,) if finding else ()),
    )


def is_doctor(person: Staff, *, preventive: bool = False) -> bool:
    """Return whether the title is a doctor's; a preventive doctor's only when asked."""
    groups = (DOCTOR, PREVENTIVE_DOCTOR) if preventive else (DOCTOR,)
    return (person.title_code or "").startswith(groups)
