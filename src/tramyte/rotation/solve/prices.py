"""Prices of one part: their ascent to the best bound, plans made at prices, and what prices say of plans."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from tramyte.rotation.solve.arrays import Columns, Floats, Part
from tramyte.rotation.solve.compiled import (
    DOUBLE,
    LONG,
    POINTER,
    Array,
    Bytes,
    Flag,
    Kernel,
    Space,
    Whole,
    at,
    lend,
    library,
    ramp,
)
from tramyte.rotation.solve.draft import Draft

SCALE = 1024
EXACT = 2.0**50  # grains up to here are added without rounding, with room to spare
MET = 6  # as in prices.c


class _Hints(ctypes.Structure):
    _fields_ = [
        *((name, POINTER) for name in ("earn", "sums", "gone", "worth", "near_start", "near_person", "wasted")),
        ("least", DOUBLE), ("wastes", LONG),
    ]  # fmt: skip


class _Prices(ctypes.Structure):
    _fields_ = [
        *((name, POINTER) for name in ("earn", "absent", "earn_way", "absent_way", "best_earn", "best_absent")),
        *((name, POINTER) for name in ("asked_earn", "asked_absent")),
        ("best", DOUBLE), ("grains", DOUBLE),
        *((name, POINTER) for name in ("cover", "away", "buy", "tours")),
        *((name, POINTER) for name in ("met", "met_times", "met_size", "met_tours", "share", "room")),
    ]  # fmt: skip


def magnitude(part: Part) -> float:
    """Return more than any cost or saving of the part can add up to."""
    fares = float(part.fare.max(initial=0.0)) * part.weeks * len(part.people)
    rewards = float(sum(part.kept.values())) + float(sum(part.bonus.values())) * part.weeks
    if part.second.toll is not None:
        rewards += float(np.abs(part.second.toll).max(axis=(1, 2)).sum()) * part.weeks
    rewards += float(sum(np.abs(points).max(initial=0.0) for points in part.second.wish.values())) * part.weeks
    for needs in part.second.hands.values():
        rewards += float(part.problem.handover_price * sum(need.end - need.start for need in needs))
    return float(part.price[:, :, 0].sum()) + float(part.excess[:, -1].sum()) + fares + rewards


def grain(part: Part) -> int:
    """Return in how many grains a point is cut: SCALE, or fewer for weights so large that sums would round."""
    scale = SCALE
    while scale > 1 and magnitude(part) * scale >= EXACT:
        scale //= 2
    return scale


class Prices:
    """Prices of one part and their bound: where the ascent stands, and the best met."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, part = kernel, kernel.part
        people, shape, caps = len(part.people), (len(part.cells), part.weeks), part.left.shape
        self.scale = grain(part)
        # sums of whole numbers beyond EXACT may round: then the bound gives way by more than they can
        self.doubt = magnitude(part) * 1e-9 if magnitude(part) * self.scale >= EXACT else 0.0
        self._room = Space(kernel)
        floats = {name: np.zeros(shape) for name in ("earn", "earn_way", "best_earn", "asked_earn")}
        floats |= {name: np.zeros(caps) for name in ("absent", "absent_way", "best_absent", "asked_absent")}
        self.arrays: dict[str, Array] = {
            **floats,
            "cover": np.zeros(shape, np.int32), "away": np.zeros(caps, np.int32), "buy": np.zeros(shape, np.int32),
            "tours": np.zeros((people * kernel.tours, 3), np.int32), "met": np.zeros((people, MET), np.uint64),
            "met_times": np.zeros((people, MET), np.int32), "met_size": np.zeros((people, MET), np.int32),
            "met_tours": np.zeros((people, MET, kernel.tours, 2), np.int32), "share": np.zeros(people, np.int32),
        }  # fmt: skip
        self.struct = _Prices()
        lend(self.struct, self.arrays)
        self.struct.room = ctypes.addressof(self._room.struct)
        self.struct.grains = float(self.scale)
        self.struct.best = -np.inf
        self._nobody = np.zeros(shape, np.int32)
        self._left = np.ascontiguousarray(part.left, np.int32)
        self._all = np.ones(people, np.uint8)
        self._wanted: Floats | None = None
        self._last = -np.inf

    @property
    def ref(self) -> Any:
        """The prices, as an argument."""
        return ctypes.byref(self.struct)

    @property
    def best(self) -> float:
        """The best bound met."""
        return float(self.struct.best) - self.doubt

    @property
    def earn(self) -> Floats:
        """Best prices of a cell's week, (J, T), in whole grains."""
        found: Floats = self.arrays["best_earn"]
        return found

    @property
    def absent(self) -> Floats:
        """Best prices of a week away, (C, T), in whole grains."""
        found: Floats = self.arrays["best_absent"]
        return found

    def start(self, earn: Floats, absent: Floats | None = None) -> None:
        """Set prices to go on from."""
        self.arrays["earn"][:] = earn
        self.arrays["absent"][:] = 0.0 if absent is None else absent
        self.arrays["earn_way"][:] = 0.0
        self.arrays["absent_way"][:] = 0.0

    def remember(self) -> None:
        """Count the prices asked last as the best met."""
        self.struct.best = self._last
        self.arrays["best_earn"][:] = self.arrays["asked_earn"]
        self.arrays["best_absent"][:] = self.arrays["asked_absent"]

    def bound_at(self, earn: Floats, absent: Floats) -> float:
        """Return the bound at these prices."""
        self.start(earn, absent)
        value = library().bound_at(self.kernel.ref, self.ref, at(self._all), at(self._nobody), at(self._left))
        self._last = float(value)
        return self._last - self.doubt

    def ascend(self, steps: int, strides: tuple[float, float], memory: float, stop: Flag) -> int:
        """Take steps, from the first stride to the last; the best prices met are kept. Returns the steps taken."""
        taken = library().ascend(
            self.kernel.ref, self.ref, at(self._all), at(self._nobody), at(self._left), LONG(steps),
            DOUBLE(strides[0]), DOUBLE(strides[1] / strides[0]), DOUBLE(memory), LONG(0), stop.ref,
        )  # fmt: skip
        return int(taken)

    def dive(
        self, draft: Draft, steps: int, share: float, strides: tuple[float, float], memory: float, stop: Flag
    ) -> None:
        """Make a plan from nothing in an empty draft: the surest people are bound first, prices settle between."""
        who = np.ascontiguousarray(self.kernel.can_go, np.uint8)
        draft.struct.gone = draft._gone.ctypes.data
        library().dive(
            self.kernel.ref, draft.ref, self.ref, at(who), LONG(steps), LONG(round(1024 * share)),
            DOUBLE(strides[0]), DOUBLE(strides[1] / strides[0]), DOUBLE(memory), stop.ref,
        )  # fmt: skip
        draft.refresh()

    def worth(self, earn: Floats, absent: Floats) -> Floats:
        """Return what each person earns at best at these prices; (P,)."""
        found = np.zeros(len(self.kernel.part.people))
        earn, absent = np.ascontiguousarray(earn), np.ascontiguousarray(absent)
        library().worths(
            self.kernel.ref, at(earn), at(absent), at(self._all), at(found), ctypes.byref(self._room.struct)
        )
        return found

    def columns(self, earn: Floats, absent: Floats, slack: float, who: Bytes | None = None) -> tuple[Columns, Floats]:
        """Return every tour by which the bound at these prices rises by at most `slack`, and by how much it does."""
        part = self.kernel.part
        if self._wanted is None:
            wanted = np.asarray(part.price[:, :, 0] > 0, float)
            wanted[list(part.second.hands)] = 1.0  # who is wanted nowhere may still bridge a handover
            self._wanted = self.kernel.earnings(wanted)
        earn, absent = np.ascontiguousarray(earn), np.ascontiguousarray(absent)
        asked = self._all if who is None else np.ascontiguousarray(who, np.uint8)
        room = 1 << 14
        while True:
            found, rise = np.zeros((room, 3), np.int32), np.zeros(room)
            count = library().reduced(
                self.kernel.ref, at(earn), at(absent), at(asked), at(self._wanted), DOUBLE(slack), LONG(room),
                at(found), at(rise), ctypes.byref(self._room.struct),
            )  # fmt: skip
            if count <= room:
                break
            room = int(count)
        return columns(part, found[:count]), rise[:count]


class Hints:
    """What prices say of plans: where they waste, and who could help."""

    def __init__(self, kernel: Kernel, prices: Prices | None, near: float, least: float) -> None:
        """Near: loss up to which a tour helps; least: waste from which a place is worth a look, -1: never look."""
        part = kernel.part
        prices, near = (prices, near) if prices else (Prices(kernel), -np.inf)
        earn, absent = prices.earn.copy(), prices.absent.copy()
        found, _ = prices.columns(earn, absent, near)
        tour = np.repeat(np.arange(len(found)), part.lengths[found.length])
        week = found.start[tour] + ramp(part.lengths[found.length])
        index, cell, _ = part.seats(found.cell[tour])
        spot = cell * part.weeks + week[index]
        pairs = np.unique(np.stack([spot, found.person[tour[index]]], axis=1), axis=0)
        self.near_start = np.searchsorted(pairs[:, 0], np.arange(len(part.cells) * part.weeks + 1)).astype(np.int32)
        self.near_person = np.ascontiguousarray(pairs[:, 1], np.int32)
        self.wasted: Whole = np.zeros(len(part.people) + len(part.cells) * part.weeks, np.int32)
        self._arrays: dict[str, Array] = {
            "earn": earn, "sums": kernel.earnings(earn), "gone": kernel.absences(absent),
            "worth": prices.worth(earn, absent),
            "near_start": self.near_start, "near_person": self.near_person, "wasted": self.wasted,
        }  # fmt: skip
        self.struct = _Hints()
        lend(self.struct, self._arrays)
        self.struct.least = least

    @classmethod
    def blank(cls, kernel: Kernel) -> Hints:
        """Return hints without prices: everybody who may serve is near; what is wasted must be said."""
        return cls(kernel, None, 0.0, -1.0)

    def point_at(self, wastes: Array) -> None:
        """Set what is wasted, for hints that do not look themselves (least below 0)."""
        self.wasted[: len(wastes)] = wastes
        self.struct.wastes = len(wastes)

    @property
    def ref(self) -> Any:
        """The hints, as an argument."""
        return ctypes.byref(self.struct)


def columns(part: Part, rows: Array) -> Columns:
    """Return tours given as rows of person, cell, slot, with their own costs."""
    person, cell, slot = (np.asarray(rows[:, index], np.int64) for index in range(3))
    length, start = np.divmod(slot, part.weeks)
    return Columns(person, cell, start, length, part.own_costs(person, cell, start, length))
