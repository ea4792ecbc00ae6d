"""
The rows of `rotation/2` in a small model: handovers (R13) among some people, the others as they are, and R14.

For each span of weeks: missed + people there throughout + weeks with nobody >= 1, the price on the missed. Who is
there throughout is the sum of his tours that hold the span; where tours may adjoin, a variable of its own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tramyte.rotation.solve.arrays import Bools, Columns, Ints, Part

if TYPE_CHECKING:
    from tramyte.rotation.solve.mip import Model


@dataclass
class Stints:
    """Who may serve one cell: by staff the columns of each week, the weeks of those who are there anyway."""

    columns: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    fixed: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    may_adjoin: set[str] = field(default_factory=set)

    def may_be_staffed(self, week: int) -> bool:
        """Whether somebody is there or may come."""
        return self.is_staffed(week) or any(week in own for own in self.columns.values())

    def is_staffed(self, week: int) -> bool:
        """Whether somebody is there anyway."""
        return any(week in weeks for weeks in self.fixed.values())

    def is_bridged(self, weeks: range) -> bool:
        """Whether somebody is there throughout anyway."""
        return any(served.issuperset(weeks) for served in self.fixed.values())

    def may_bridge(self, staff: str, weeks: range) -> bool:
        """Whether somebody's tours may hold a span."""
        own, fixed = self.columns[staff], self.fixed.get(staff, set())
        return all(week in own or week in fixed for week in weeks)


class Handovers:
    """The rows of handovers of a model, and what its variables are for a choice of tours."""

    def __init__(self, model: Model, part: Part, hint: Ints) -> None:
        self.model, self.part = model, part
        self.hint = set(hint.tolist())
        self.known: dict[int, float] = {}

    def add(self, columns: Columns, others: Columns) -> None:
        """Add the rows of every cell that a column meets."""
        for cell, stints in _stints(self.part, columns, others).items():
            self._cell(cell, stints)

    def _cell(self, cell: int, stints: Stints) -> None:
        nobody: dict[int, int] = {}
        for need in self.part.second.hands[cell]:
            for first in need.spans:
                weeks = range(first, first + need.handover + 1)
                if stints.is_bridged(weeks) or not all(map(stints.may_be_staffed, weeks)):
                    continue
                empty = [week for week in weeks if not stints.is_staffed(week)]
                for week in empty:
                    if week not in nobody:
                        nobody[week] = self._nobody(stints, week)
                throughout = self._throughout(stints, weeks)
                there = [*throughout, *(nobody[week] for week in empty)]
                is_missed = not any(self._value(column) for column in there)
                missed = self._variable(float(is_missed), float(self.part.problem.handover_price))
                self._row([missed, *there], -1.0, -1.0)

    def _nobody(self, stints: Stints, week: int) -> int:
        """Return the variable of a week with nobody: at most one less whoever comes."""
        comers = [own[week] for own in stints.columns.values() if week in own]
        found = self._variable(float(not any(column in self.hint for own in comers for column in own)))
        for own in comers:
            self._row([found, *own], 1.0, 1.0)
        return found

    def _throughout(self, stints: Stints, weeks: range) -> list[int]:
        """Return variables that add up to people who are there in all these weeks."""
        found: list[int] = []
        for staff, own in stints.columns.items():
            if not stints.may_bridge(staff, weeks):
                continue
            if staff not in stints.may_adjoin:
                found += set(own[weeks[0]]).intersection(*(own[week] for week in weeks[1:]))
                continue
            asked = [own[week] for week in weeks if week not in stints.fixed.get(staff, ())]
            is_there = all(any(column in self.hint for column in columns) for columns in asked)
            found.append(self._variable(float(is_there)))
            for columns in asked:
                self._row([found[-1]], 1.0, 0.0, columns)
        return sorted(set(found))  # two who go together may be there by one column: HiGHS wants it once

    def _value(self, column: int) -> float:
        return self.known.get(column, float(column in self.hint))

    def _variable(self, value: float, cost: float = 0.0) -> int:
        column = int(self.model.add_columns(np.array([cost]), np.ones(1))[0])
        self.known[column] = value
        return column

    def _row(self, columns: list[int], sign: float, upper: float, less: list[int] | None = None) -> None:
        index = np.array([*columns, *(less or ())], np.int64)
        value = np.concatenate([np.full(len(columns), sign), np.full(len(less or ()), -sign)])
        self.model.add_rows(np.zeros(len(index), np.int64), index, value, np.array([upper]))


def _stints(part: Part, columns: Columns, others: Columns) -> dict[int, Stints]:
    """Return who may serve each cell with a handover that a column meets, and who is there anyway."""
    found: defaultdict[int, Stints] = defaultdict(Stints)
    for index, cell, seat in zip(*(side.tolist() for side in part.seats(columns.cell)), strict=True):
        if cell in part.second.hands:
            person = int(columns.person[index])
            staff = str(part.people[person].people[seat].id)
            own = found[cell].columns.setdefault(staff, {})
            start = int(columns.start[index])
            for week in range(start, start + int(part.lengths[columns.length[index]])):
                own.setdefault(week, []).append(index)
            if part.rest[person] == 0:
                found[cell].may_adjoin.add(staff)
    for index, cell, seat in zip(*(side.tolist() for side in part.seats(others.cell)), strict=True):
        if cell in found:
            staff = str(part.people[int(others.person[index])].people[seat].id)
            start = int(others.start[index])
            found[cell].fixed[staff].update(range(start, start + int(part.lengths[others.length[index]])))
    for cell, stints in found.items():
        for staff, first, until in part.second.stays[cell]:
            stints.fixed[staff].update(range(first, until))
    return dict(found)


def barred(part: Part, columns: Columns, others: Columns) -> Bools:
    """Return which columns R14 forbids because of locked tours and of others who stay as they are."""
    found: Bools = np.zeros(len(columns), dtype=np.bool_)
    if not part.second.rivals:
        return found
    station, until = part.station[columns.cell], columns.start + part.lengths[columns.length]
    for person in np.unique(columns.person).tolist():
        blocks = list(part.second.bans[person])
        for index in np.flatnonzero(np.isin(others.person, part.second.rivals[person])).tolist():
            first = int(others.start[index])
            place = int(part.station[others.cell[index]])
            blocks.append((place, first, first + int(part.lengths[others.length[index]])))
        for place, first, last in blocks:
            meets = (columns.start < last) & (first < until)
            found |= (columns.person == person) & (station == place) & meets
    return found


def apart_rows(model: Model, part: Part, columns: Columns) -> None:
    """Of the tours of one group over one week at one station, at most one is chosen."""
    for group in part.second.groups:
        own = np.flatnonzero(np.isin(columns.person, group))
        weeks = part.lengths[columns.length[own]]
        tour = np.repeat(own, weeks)
        week = np.repeat(columns.start[own], weeks) + np.arange(len(tour)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
        _, row = np.unique(part.station[columns.cell[tour]] * part.weeks + week, return_inverse=True)
        if len(row):
            model.add_rows(row, tour, np.ones(len(tour)), np.ones(int(row.max()) + 1))
