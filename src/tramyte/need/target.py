"""The target lens: who reaches the doctors a resolution wants, per station and per commune; distribution first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tramyte.domain.errors import NormMissing
from tramyte.domain.register import Register
from tramyte.need.doctors import DoctorCount, Spread, doctors
from tramyte.norms import Norm
from tramyte.norms.local import LAW, Law

DOCTORS = "doctors_per_station"
Per = Literal["station", "commune"]


@dataclass(frozen=True)
class Target:
    """
    One reading of one target: so many doctors at each place, by the end of a year.

    level : doctors a place; "at least 4-5" is read as 4 and as 5, and both are shown
    per   : station or commune: the text says station, and a commune may have two
    """

    level: int
    per: Per
    by: int
    spread: Spread
    norm_id: str

    @property
    def missing(self) -> dict[str, int]:
        """Place code -> doctors missing there, worst first, places that reach the level left out."""
        short = {place: self.level - count for place, count in self.spread.counts.items() if count < self.level}
        return dict(sorted(short.items(), key=lambda item: (-item[1], item[0])))

    @property
    def short(self) -> int | None:
        """Doctors missing in all; None: not known."""
        return sum(self.missing.values()) if self.spread.known else None

    @property
    def met(self) -> int | None:
        """Places that reach the level; None: not known."""
        return len(self.spread.places) - len(self.missing) if self.spread.known else None

    def to_json(self) -> dict[str, Any]:
        """Return the object: the distribution first, then what is short, the mean, and last the places."""
        return {
            "per": self.per,
            "level": self.level,
            "by": self.by,
            "places": len(self.spread.places),
            "distribution": {str(count): number for count, number in self.spread.distribution.items()},
            "met": self.met,
            "short": self.short,
            "mean": self.spread.mean,
            "missing": self.missing,
            "norm": self.norm_id,
        }


def targets(register: Register, *, on: date, preventive: bool = False) -> tuple[Target, ...]:
    """
    Return every reading of the target on the day: both levels, per station and per commune.

    raises : NormMissing, no target is stated on the day
    source : Resolution 72-NQ/TW, 4-5 doctors a station by 2027
    """
    return read_targets(doctors(register, on=on, preventive=preventive))


def read_targets(count: DoctorCount, *, law: Law = LAW) -> tuple[Target, ...]:
    """Return every reading of the target for doctors already counted: `targets` without the register."""
    found = law.norm(DOCTORS, on=count.on)
    places: tuple[tuple[Per, Spread], ...] = (("station", count.stations), ("commune", count.communes))
    return tuple(
        Target(level, per, found.value["by"], spread, found.id) for per, spread in places for level in levels(found)
    )


def stated(law: Law, *, on: date) -> Norm | None:
    """Return the norm that says how many doctors a place shall have; None: there is none on the day."""
    try:
        return law.norm(DOCTORS, on=on)
    except NormMissing:
        return None


def levels(found: Norm | None) -> tuple[int, ...]:
    """Return the doctors that a place shall have by the norm, the lower reading first."""
    return tuple(sorted({found.value["min"], found.value["max"]})) if found else ()
