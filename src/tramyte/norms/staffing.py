"""How many posts does Circular 03/2023 grant one station? One number a reading, and every reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from tramyte.norms.local import LAW, Law


@dataclass(frozen=True)
class Reading:
    """
    One way to read the circular where its words leave room.

    coef_on        : total, base                  what the zone factor multiplies
    step           : lo, hi                       people for one more post, lower or higher end of the band
    rounding       : floor, ceil                  of the last, unfilled step
    merged         : one_station, sum_of_former   a merged commune counts once, or as its former stations did
    population     : registered, actual           which people are counted
    zone_of_merged : worst, weighted, main        whose zone a merged commune has
    """

    coef_on: str
    step: str
    rounding: str
    merged: str
    population: str
    zone_of_merged: str

    def __repr__(self) -> str:
        return f"<Reading {self.coef_on}, {self.step}, {self.rounding}, {self.merged}>"


def reading(*, on: date, law: Law = LAW, **chosen: str) -> Reading:
    """
    Return the default reading of the day, with what was chosen otherwise.

    law    : the norms as a province reads them
    raises : ValueError, no such option or choice; NormMissing

    >>> reading(on=date(2026, 1, 8), step="lo").step
    'lo'
    """
    options = law.norm("staffing_03_2023", on=on).value["readings"]
    for name, choice in chosen.items():
        if choice not in options.get(name, ()):
            raise ValueError(f"{name} is {choice!r}, give one of {dict(options).get(name, tuple(options))}")
    return Reading(**{name: chosen.get(name, choices[0]) for name, choices in options.items()})


def readings(*, on: date, law: Law = LAW) -> Iterator[Reading]:
    """
    Yield every combination that changes the number of one station; the default comes first.

    How a merged commune counts, its zone and its population are input to `staffing`, and stay at their defaults here.
    """
    options = law.norm("staffing_03_2023", on=on).value["readings"]
    names = ("coef_on", "step", "rounding")
    for choices in product(*(options[name] for name in names)):
        yield reading(on=on, law=law, **dict(zip(names, choices, strict=True)))


def staffing(population: int, *, zone: int, on: date, reading: Reading, law: Law = LAW) -> float:
    """
    Return the posts of one station under one reading, not rounded to whole persons.

    population : people the station answers for; with merged="sum_of_former" call once a former station and add
    zone       : 1, 2, 3
    returns    : persons; `posts` rounds
    raises     : ValueError, a population below zero or no such zone; NormMissing
    source     : Circular 03/2023/TT-BYT, Article 5

    >>> staffing(15700, zone=2, on=date(2026, 1, 8), reading=reading(on=date(2026, 1, 8)))
    9.6
    """
    return _hundredths(population, zone, on, reading, law) / 100


def posts(population: int, *, zone: int, on: date, reading: Reading, law: Law = LAW) -> int:
    """Return the posts of one station in whole persons, a half counted up. Arguments and errors as `staffing`."""
    return (_hundredths(population, zone, on, reading, law) + 50) // 100


def _hundredths(population: int, zone: int, on: date, reading: Reading, law: Law) -> int:
    # counted in hundredths of a person, so that 8 x 1.2 is 9.6 and no float stands between a station and its post
    if population < 0:
        raise ValueError(f"population is {population}, give 0 or more")
    value = law.norm("staffing_03_2023", on=on).value
    if zone not in value["zones"]:
        raise ValueError(f"zone is {zone!r}, give 1, 2 or 3")
    rule, base = value["zones"][zone], value["base"]
    step, above = rule[f"step_{reading.step}"], max(0, population - rule["above"])
    added = above // step if reading.rounding == "floor" else -(-above // step)
    if reading.coef_on == "total":
        return int((base + added) * rule["coefficient_percent"])
    return int(base * rule["coefficient_percent"] + added * 100)
