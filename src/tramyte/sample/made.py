"""A register in the making: sheets to append to, and the one stream of chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from random import Random
from typing import Any

from tramyte.domain import people, place, work
from tramyte.domain.register import Register

SHEETS: dict[type, str] = {
    work.Campaign: "campaign", work.Weight: "weights", place.Commune: "communes", place.Facility: "facilities",
    place.Authority: "authorities", people.Post: "posts", people.Staff: "staff", people.StaffSkill: "skills",
    people.Licence: "licences", people.Appointment: "appointments", people.Absence: "absences",
    work.PastTour: "past_tours", people.Collaborator: "collaborators", work.ServiceCount: "service_counts",
    work.Requirement: "requirements", work.Sender: "senders", work.AwayLimit: "away_limits", work.Lock: "locks",
    work.Travel: "travel", place.Project: "projects", place.Assessment: "assessments", work.StatedTotal: "totals",
}  # fmt: skip


class Made:
    """
    A province being made up.

    prefix : of its people's codes ("DB": DB-0001)
    rng    : seeded with place and seed, so that no province changes another; never the clock, never hash()
    """

    def __init__(self, province: str, prefix: str, *, seed: int, families: tuple[str, ...]) -> None:
        self.province, self.prefix, self.families = province, prefix, families
        self.rng = Random(f"{province}/{seed}")  # a text is seeded by its SHA-512: the same everywhere
        self.sheets: dict[str, list[Any]] = {field.name: [] for field in fields(Register)}
        self._people = 0
        self._desks: dict[str, int] = {}

    def add(self, *rows: Any) -> None:
        """Append each row to the sheet of its kind."""
        for row in rows:
            self.sheets[SHEETS[type(row)]].append(row)

    def next_person(self) -> str:
        """Return the code of the next person."""
        self._people += 1
        return f"{self.prefix}-{self._people:04}"

    def appoint(self, row: people.Appointment) -> None:
        """Append an appointment, and remember it as the person's present one."""
        self._desks[row.staff] = len(self.sheets["appointments"])
        self.add(row)

    def end_appointment(self, staff: str, *, on: date) -> None:
        """End the person's present appointment on the day."""
        rows, index = self.sheets["appointments"], self._desks[staff]
        rows[index] = replace(rows[index], end=on)

    def change(self, row: Any, **values: Any) -> None:
        """Put a changed copy in the place of a row."""
        rows = self.sheets[SHEETS[type(row)]]
        rows[rows.index(row)] = replace(row, **values)

    def register(self) -> Register:
        """Return the finished register."""
        return Register(**{name: tuple(rows) for name, rows in self.sheets.items()})


def parts(total: int, weights: Sequence[float]) -> list[int]:
    """
    Return whole numbers in proportion to the weights that add up to `total`: the largest remainders get the rest.

    >>> parts(10, [1, 1, 1])
    [4, 3, 3]
    """
    exact = [total * weight / sum(weights) for weight in weights]
    found = [int(share) for share in exact]
    rest = sorted(range(len(found)), key=lambda index: (found[index] - exact[index], index))
    for index in rest[: total - sum(found)]:
        found[index] += 1
    return found
