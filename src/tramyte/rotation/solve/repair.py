"""
A re-plan starts from the plan in force: what still may stand is kept, and what the event tore open is mended.

The mending grows from the event: cells' weeks that had more people in the plan in force than they have now, and
those that people leave when they step in.
"""

from __future__ import annotations

import numpy as np

from tramyte.rotation.problem import Problem
from tramyte.rotation.solve.arrays import Ints, Part
from tramyte.rotation.solve.compiled import Kernel, Whole
from tramyte.rotation.solve.draft import Draft

Plan = list[tuple[int, int, int]]  # person, cell, slot


class InForce:
    """The plan in force of one part, as far as it is not locked."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, self.part = kernel, kernel.part
        self.tours = _free(self.part)
        self._lost = False
        self.cover: Whole = np.zeros((len(self.part.cells), self.part.weeks), np.int32)
        for cell, start, weeks in _places(self.part, self.part.problem):
            self.cover[cell, max(0, start) : start + weeks] += 1

    @property
    def has_lost(self) -> bool:
        """Whether a tour in force cannot stand any more."""
        return self._lost

    def load(self, draft: Draft) -> None:
        """Put every tour that still may stand into an empty draft."""
        part, weeks = self.part, self.part.weeks
        own: dict[int, list[tuple[int, int]]] = {}
        for person, cell, slot in self.tours:
            length, start = divmod(slot, weeks)
            end, rest = start + int(part.lengths[length]), int(part.rest[person])
            mine = own.setdefault(person, [])
            if (
                part.open[person, start, length]
                and part.reach[part.pair[person], cell]
                and len(mine) < part.most[person]
                and draft.has_room(person, cell, slot)
                and all(end + rest <= first or last + rest <= start for first, last in mine)
            ):
                draft.add(person, cell, slot)
                mine.append((start, end))
        self._lost = bool((self.cover > draft.cover).any())

    def torn(self, draft: Draft, gain: np.ndarray) -> Ints:
        """Return the cells' weeks, flat, that lost people since and that one more person would relieve."""
        return np.flatnonzero(((self.cover > draft.cover) & (gain > 0)).ravel())


def _free(part: Part) -> Plan:
    """Return the tours of the plan in force that are free to stay or to go, in order of weeks."""
    found = [(person, cell, length * part.weeks + start) for person, cell, start, length in part.kept]
    return sorted(found, key=lambda tour: tour[2] % part.weeks)


def _places(part: Part, problem: Problem) -> list[tuple[int, int, int]]:
    """Return cell, start and weeks of every tour in force that is not locked, whether it still may stand or not."""
    station = {str(place.id): index for index, place in enumerate(problem.stations)}
    cell = {key: index for index, key in enumerate(part.cells)}
    found = []
    for tour in {tour.key: tour for tour in problem.incumbent}.values():
        key = (station[str(tour.station)], str(tour.skill))
        if key in cell and tour.key not in problem.locked_keys:
            found.append((cell[key], tour.start, tour.weeks))
    return found
