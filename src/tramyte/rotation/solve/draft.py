"""A plan of one part under change, in the hands of the kernels."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from tramyte.rotation.solve.arrays import Floats
from tramyte.rotation.solve.beyond import through
from tramyte.rotation.solve.compiled import DOUBLE, LONG, POINTER, Array, Flag, Kernel, Space, Whole, at, lend, library

if TYPE_CHECKING:
    from tramyte.rotation.solve.prices import Hints


class _Draft(ctypes.Structure):
    _fields_ = [
        *((name, POINTER) for name in ("cover", "left", "count", "tours", "served", "sums", "span")),
        *((name, POINTER) for name in ("guide", "gone", "cap", "through", "missed", "room")),
        ("cost", DOUBLE),
    ]


class _Best(ctypes.Structure):
    _fields_ = [("cost", DOUBLE), ("count", POINTER), ("tours", POINTER)]


class Draft:
    """A plan of one part under change: who goes where, how many are there, who may still leave."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, part = kernel, kernel.part
        people, cells, weeks = len(part.people), len(part.cells), part.weeks
        self.cover: Whole = np.zeros((cells, weeks), np.int32)
        self.left: Whole = np.ascontiguousarray(part.left, np.int32)
        self.count: Whole = np.zeros(people, np.int32)
        self.tours: Whole = np.zeros((people, kernel.tours, 2), np.int32)
        self._room = Space(kernel)
        self._gone = np.zeros((int(kernel.struct.homes), kernel.slots))
        self.sums: Floats = np.zeros((part.rows, kernel.slots))  # what one more person saves; of crews not kept
        self._arrays: dict[str, Array] = {
            "cover": self.cover, "left": self.left, "count": self.count, "tours": self.tours,
            "served": np.zeros(people, np.int32), "sums": self.sums,
            "span": np.zeros((part.rows, len(part.lengths), 2), np.int32),
            "through": through(part), "missed": np.zeros(len(part.second.hands), np.int32),
        }  # fmt: skip
        self.struct = _Draft()
        lend(self.struct, self._arrays)
        self.struct.room = ctypes.addressof(self._room.struct)
        self.struct.cost = float(part.price[:, :, 0].sum())
        library().hand_over_all(kernel.ref, self.ref)
        self._best_count: Whole = np.zeros(people, np.int32)
        self._best_tours: Whole = np.zeros_like(self.tours)
        self._best = _Best(self.struct.cost, self._best_count.ctypes.data, self._best_tours.ctypes.data)
        self._draw = ctypes.c_uint64(1)
        self.refresh()

    @property
    def ref(self) -> Any:
        """The draft, as an argument."""
        return ctypes.byref(self.struct)

    @property
    def cost(self) -> float:
        """Cost of the plan in hand."""
        return float(self.struct.cost)

    def seed(self, seed: int) -> None:
        """Set what the shaking draws from."""
        self._draw = ctypes.c_uint64(seed)

    def refresh(self) -> None:
        """Count again what one more person saves, without any prices of others."""
        self.struct.guide = self.struct.gone = None
        library().refresh_all(self.kernel.ref, self.ref)

    def add(self, person: int, cell: int, slot: int) -> None:
        """Let a person go; the cost follows."""
        library().add(self.kernel.ref, self.ref, LONG(person), ctypes.c_int32(int(cell)), ctypes.c_int32(int(slot)))

    def has_room(self, person: int, row: int, slot: int) -> bool:
        """Return whether others leave room for a tour: under the caps, and where people are to be kept apart."""
        asked = LONG(person), ctypes.c_int32(int(row)), ctypes.c_int32(int(slot))
        return bool(library().has_room(self.kernel.ref, self.ref, *asked))

    def clear(self, person: int) -> None:
        """Send a person home from every tour."""
        library().clear(self.kernel.ref, self.ref, LONG(person))

    def own(self, person: int) -> list[tuple[int, int]]:
        """Return cell and slot of each tour of a person."""
        return [(int(cell), int(slot)) for cell, slot in self.tours[person, : self.count[person]]]

    def others(self, people: Iterable[int]) -> Array:
        """Return the tours of everybody but these, where it matters who they are: rows of person, row, slot."""
        second = self.kernel.part.second
        if not (second.hands or second.groups):
            return np.zeros((0, 3), np.int64)
        asked = set(people)
        rows = [
            (person, *tour) for person in map(int, np.flatnonzero(self.count)) if person not in asked
            for tour in self.own(person)
        ]  # fmt: skip
        return np.array(rows, np.int64).reshape(-1, 3)

    def load(self, count: Whole, tours: Whole) -> None:
        """Take over another plan."""
        changed = [
            person
            for person in range(len(count))
            if count[person] != self.count[person]
            or (tours[person, : count[person]] != self.tours[person, : count[person]]).any()
        ]
        for person in changed:
            self.clear(person)
        for person in changed:
            for cell, slot in tours[person, : count[person]]:
                self.add(person, cell, slot)

    def copy_of(self) -> tuple[Whole, Whole]:
        """Return the plan in hand, to be loaded again."""
        return self.count.copy(), self.tours.copy()

    def rounds(self, order: Iterable[int], stop: Flag) -> None:
        """Let people go home and choose again, one after the other."""
        people = np.fromiter(order, np.int32)
        library().rounds(self.kernel.ref, self.ref, at(people), LONG(len(people)), stop.ref)

    def shake(
        self, times: int, sizes: tuple[int, int], heat: tuple[float, float], stop: Flag, hints: Hints | None = None
    ) -> int:
        """Shake small groups so often, the heat falling; the best plan met is kept. Returns how often it was done."""
        done = library().shake(
            self.kernel.ref, self.ref, hints.ref if hints else None, ctypes.byref(self._draw), LONG(times),
            LONG(sizes[0]), LONG(sizes[1]), DOUBLE(heat[0]), DOUBLE(heat[1]), ctypes.byref(self._best), stop.ref,
        )  # fmt: skip
        return int(done)

    def wastes(self, hints: Hints) -> Whole:
        """Return what the plan in hand wastes: indices of people, and number of people plus cell's week."""
        library().find_wastes(self.kernel.ref, self.ref, hints.ref)
        return hints.wasted[: hints.struct.wastes].copy()

    def forget_best(self) -> None:
        """Count as best what comes from now on."""
        self._best.cost = np.inf

    @property
    def best_cost(self) -> float:
        """Cost of the best plan met."""
        return float(self._best.cost)

    def best(self) -> tuple[Whole, Whole]:
        """Return the best plan that shaking has met."""
        return self._best_count, self._best_tours
