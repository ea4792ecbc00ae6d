"""Which cadre is a person in, by title code on the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tramyte.domain.finding import Finding
from tramyte.need.standing import Standing, named
from tramyte.norms import titles

ALL = "all"  # the row of a station over all cadres
NO_TITLE = "no_title"  # nobody knows: in no group
CADRES = (
    "doctor", "preventive_doctor", "assistant_doctor", "public_health", "nurse", "midwife", "technician",
    "pharmacist", "nutrition", "population", "optometry", "other", NO_TITLE,
)  # fmt: skip
SUB_UNIVERSITY = "IV"  # grade of the titles below university level


def cadre_of(today: Standing) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """
    Return staff code -> cadre of everybody in force, and findings that name whose title is unknown.

    raises : NormMissing, the list of titles is not known on the day
    """
    table = titles.titles(on=today.on)
    found: dict[str, str] = {}
    unknown: list[str] = []
    for code, person in today.staff.items():
        title = table.get(person.title_code or "")
        found[code] = title.cadre if title else NO_TITLE
        if person.title_code and not title:
            unknown.append(code)
    finding = named("D015", unknown, today.staff, codes=", ".join(_written(today, unknown)))
    return found, (finding,) if finding else ()


def is_university_pharmacist(code: str, *, on: date) -> bool:
    """Return whether the title is a pharmacist's of university level, which is what Decision 201/2024 counts."""
    title = titles.title(code, on=on)
    return title is not None and title.cadre == "pharmacist" and title.grade != SUB_UNIVERSITY


def by_cadre(people: Mapping[str, float], cadres: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Return cadre -> staff code -> FTE of the people of one station; only cadres that occur."""
    found: dict[str, dict[str, float]] = {}
    for code in sorted(people):
        found.setdefault(cadres[code], {})[code] = people[code]
    return found


def _written(today: Standing, people: list[str]) -> list[str]:
    return sorted({str(today.staff[code].title_code) for code in people})
