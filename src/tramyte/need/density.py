"""The population lens: doctors, nurses, pharmacists per 10,000 people, beside the national figure of a stated year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.people import Staff
from tramyte.domain.register import Register
from tramyte.need.cadres import is_university_pharmacist
from tramyte.need.doctors import is_doctor
from tramyte.need.standing import Standing, named_places, standing
from tramyte.norms import titles
from tramyte.norms.local import LAW, Law

PER = 10_000  # people: the unit of the norms


@dataclass(frozen=True)
class Density:
    """
    People of one cadre per 10,000 inhabitants.

    place      : commune code, or "" for the province; the province counts all staff, a commune those at its stations
    people     : staff codes, sorted
    population : persons; None: unknown, then there is no density
    target     : people per 10,000 wanted by `year`, which is the next year the plan states: nothing is interpolated
    known      : False: nobody is recorded; then there is no density, for blank is not zero
    """

    cadre: str
    place: str
    people: tuple[str, ...]
    population: int | None
    target: float
    year: int
    norm_id: str
    known: bool = True

    @property
    def per_10000(self) -> float | None:
        """People per 10,000 inhabitants; None where people or population are unknown, or nobody lives."""
        return PER * len(self.people) / self.population if self.population and self.known else None

    @property
    def wanted(self) -> float | None:
        """People the stated figure means for this population; None where it is unknown."""
        return None if self.population is None else self.target * self.population / PER

    def to_json(self) -> dict[str, Any]:
        """Return the object; densities with two decimals."""
        density, wanted = self.per_10000, self.wanted
        return {
            "cadre": self.cadre,
            "place": self.place,
            "people": len(self.people) if self.known else None,
            "population": self.population,
            "per_10000": None if density is None else round(density, 2),
            "target": self.target,
            "year": self.year,
            "wanted": None if wanted is None else round(wanted, 2),
            "norm": self.norm_id,
        }


def next_stated(name: str, *, on: date, law: Law = LAW) -> tuple[int, float, str]:
    """
    Return year, value and norm id of the next year that the norm states; after the last, the last.

    raises : NormMissing

    >>> next_stated("doctors_per_10000", on=date(2026, 1, 8))
    (2030, 19, 'doctors_per_10000@2024-02-27')
    """
    found = law.norm(name, on=on)
    year = min((year for year in found.value if year >= on.year), default=max(found.value))
    return year, found.value[year], found.id


def densities(
    register: Register, *, on: date, preventive: bool = False
) -> tuple[tuple[Density, ...], tuple[Finding, ...]]:
    """
    Return the density of every cadre for the province and then for each commune with a station.

    raises : NormMissing, the day is before the plan
    source : Decision 201/QĐ-TTg (2024)
    """
    return measure(standing(register, on=on), preventive=preventive)


def measure(today: Standing, *, preventive: bool = False) -> tuple[tuple[Density, ...], tuple[Finding, ...]]:
    """Return what `densities` does, for a day already laid out."""
    population = {commune.code: commune.population for commune in today.register.communes}
    unknown = sorted(code for code, persons in population.items() if persons is None)
    province = None if unknown or not population else sum(persons or 0 for persons in population.values())
    at_stations = {
        commune: {code for station in stations for code in today.fte[station.code]}
        for commune, stations in today.communes.items()
    }
    rows = []
    for cadre, counts in _cadres(today.on, preventive).items():
        year, target, norm_id = next_stated(f"{cadre}s_per_10000", on=today.on, law=today.law)
        members = {code for code, person in today.staff.items() if counts(person)}
        recorded = today.known or bool(today.staff)
        rows.append(Density(cadre, "", tuple(sorted(members)), province, target, year, norm_id, recorded))
        rows += [
            Density(
                cadre, place, tuple(sorted(members & there)), population.get(place), target, year, norm_id, today.known
            )
            for place, there in at_stations.items()
        ]
    finding = named_places("D034", [(code, code) for code in unknown], sheet="communes")
    return tuple(rows), (finding,) if finding else ()


def _cadres(on: date, preventive: bool) -> Mapping[str, Callable[[Staff], bool]]:
    nurses = {title.code for title in titles.titles(on=on).values() if title.cadre == "nurse"}
    return {
        "doctor": lambda person: is_doctor(person, preventive=preventive),
        "nurse": lambda person: person.title_code in nurses,
        "pharmacist": lambda person: is_university_pharmacist(person.title_code or "", on=on),
    }
