"""Counting rows by hand, so that a story does not lean on the code it judges."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

from tramyte.domain.people import Staff
from tramyte.domain.register import Register, roots
from tramyte.sample import sample

told = cache(sample)  # a register is frozen: the stories of a place may share it


def at_work(register: Register, on: date) -> dict[str, set[str]]:
    """Return facility code -> staff codes with an appointment in force there on the day."""
    today = register.as_of(on)
    employed = {person.code for person in today.staff}
    found: dict[str, set[str]] = {}
    for row in today.appointments:
        if row.staff in employed:
            found.setdefault(row.facility, set()).add(row.staff)
    return found


def at_stations(register: Register, on: date) -> dict[str, set[str]]:
    """Return station code -> staff codes there, points and child stations rolled up."""
    today = register.as_of(on)
    rolled = roots(today.facilities)
    found: dict[str, set[str]] = {station: set() for station in rolled.values()}
    for facility, people in at_work(register, on).items():
        if facility in rolled:
            found[rolled[facility]] |= people
    return found


def titled(register: Register, group: str) -> set[str]:
    """Return the codes of the staff whose title begins so."""
    return {person.code for person in register.staff if (person.title_code or "").startswith(group)}


def by_code(register: Register) -> dict[str, Staff]:
    """Return staff code -> person."""
    return {person.code: person for person in register.staff}


def primary_skills(register: Register) -> Counter[str]:
    """Return skill -> people whose first skill it is."""
    return Counter(row.skill for row in register.skills if row.rank == 1)
