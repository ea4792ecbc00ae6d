"""
The kernels in C, as Python sees them, and one independent part laid out for them.

The library is built at installation (tools/kernel.py) and called through ctypes, which lets other threads run
meanwhile. Whoever calls keeps the arrays alive: every wrapper holds those it has lent.
"""

from __future__ import annotations

import ctypes
import hashlib
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tramyte.rotation.solve.arrays import Floats, Ints, Part
from tramyte.rotation.solve.beyond import EXTRAS, alone_rows, beyond, bonuses, rows_of
from tramyte.rotation.solve.states import states

FOLDER = Path(__file__).parent / "kernel"
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
LIBRARY = FOLDER / f"kernel{SUFFIX}"
CURE = "run `make demo` or `python tools/kernel.py`, or install tramyte again"

Bytes = NDArray[np.uint8]
Whole = NDArray[np.int32]
Array = NDArray[Any]
_SIZES = (
    "people", "cells", "weeks", "lengths", "caps", "levels", "lanes", "loads", "tours", "states", "rows", "homes",
    "hands",
)  # fmt: skip
_ARRAYS: dict[str, Any] = {
    "length": np.int32, "cap": np.int32, "rest": np.int32, "pair": np.int32, "kind": np.int32, "open": np.uint8,
    "price": np.float64, "fare": np.float64, "excess": np.float64, "lane_start": np.int32, "lane_cell": np.int32,
    "lane_fare": np.float64, "lane_lengths": np.uint8, "own_start": np.int32, "own_lane": np.int32,
    "bonus_start": np.int32, "bonus_cell": np.int32, "bonus_gain": np.float64, "kept_start": np.int32,
    "kept_cell": np.int32, "kept_slot": np.int32, "kept_gain": np.float64, "state_start": np.int32,
    "state_load": np.int32, "state_next": np.int32, "able_start": np.int32, "able_person": np.int32,
    "mate_start": np.int32, "mate_person": np.int32, **EXTRAS,
}  # fmt: skip
LONG, DOUBLE, POINTER = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p


class _Part(ctypes.Structure):
    _fields_ = [(name, LONG) for name in _SIZES] + [(name, POINTER) for name in _ARRAYS]


class _Space(ctypes.Structure):
    _fields_ = [
        (name, POINTER) for name in ("sums", "gone", "lanes", "worth", "value", "forward", "lanes_at", "at", "asked")
    ]


@cache
def library() -> ctypes.CDLL:
    """
    Return the compiled kernels.

    raises : ImportError, they were not built, or not from the sources beside them: the installation did not finish
    """
    try:
        found = ctypes.CDLL(str(LIBRARY))
    except OSError as problem:
        raise ImportError(f"{LIBRARY.name} is missing: {CURE}") from problem
    here = _sources(FOLDER)
    if here is not None and here != _built_from(found):
        raise ImportError(f"{LIBRARY.name} was built from other sources than those beside it: {CURE}")
    for name, answer in (("bound_at", DOUBLE), ("ascend", LONG), ("shake", LONG), ("reduced", LONG)):
        getattr(found, name).restype = answer
    return found


def _sources(folder: Path) -> int | None:
    """Return a number that tells these sources from others, as tools/kernel.py counts it; None: a wheel has none."""
    paths = sorted(folder.glob("*.[ch]"))
    text = b"".join(path.read_bytes() for path in paths)
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") >> 1 if paths else None


def _built_from(found: ctypes.CDLL) -> int:
    """Return the number of the sources that a library was built from; 0: it is so old that it does not say."""
    if not hasattr(found, "sources"):
        return 0
    found.sources.restype = LONG
    return int(found.sources())


def at(array: Array) -> ctypes.c_void_p:
    """Return an array, as an argument."""
    return POINTER(array.ctypes.data)


def lend(structure: ctypes.Structure, arrays: Mapping[str, Array | None]) -> None:
    """Let a structure point to arrays, which the caller keeps alive."""
    for name, array in arrays.items():
        setattr(structure, name, None if array is None else array.ctypes.data)


class Kernel:
    """One part, laid out for the kernels."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.slots = len(part.lengths) * part.weeks
        lanes, own = _lanes(part)
        tables = states(part)
        arrays: dict[str, Array | None] = {
            "length": part.lengths, "cap": part.cap, "rest": part.rest, "pair": part.pair, "kind": tables.kind,
            "open": part.open.transpose(0, 2, 1), "price": part.price, "fare": part.fare, "excess": tables.excess,
            "lane_lengths": np.array([lane[2] for lane in lanes], np.uint8).reshape(len(lanes), len(part.lengths)),
            "state_start": tables.start, "state_load": tables.load, "state_next": tables.next,
        }  # fmt: skip
        arrays["lane_start"], arrays["lane_cell"] = rows_of([list(lane[0]) for lane in lanes])
        arrays["lane_fare"] = rows_of([list(lane[1]) for lane in lanes])[1]
        arrays["own_start"], arrays["own_lane"] = rows_of(own)
        arrays["able_start"], arrays["able_person"] = rows_of(_able(part, lanes, own))
        mates = [[p for p, mine in enumerate(own) if mine and cap in _caps(part, p)] for cap in range(len(part.left))]
        arrays["mate_start"], arrays["mate_person"] = rows_of(mates)
        arrays |= bonuses(part)
        arrays |= beyond(part)
        self._arrays: dict[str, Array | None] = {
            name: None if (array := arrays[name]) is None else np.ascontiguousarray(array, kind)
            for name, kind in _ARRAYS.items()
        }
        self.struct = _Part()
        sizes = (
            len(part.people), len(part.cells), part.weeks, len(part.lengths), len(part.left), part.price.shape[2],
            len(lanes), tables.excess.shape[1], tables.tours, tables.most, part.rows, len(part.left) + len(part.homes),
            len(part.second.hands),
        )  # fmt: skip
        for name, size in zip(_SIZES, sizes, strict=True):
            setattr(self.struct, name, size)
        lend(self.struct, self._arrays)
        self.tours: int = max(1, tables.tours)
        self.states = tables.most
        self.lanes = len(lanes)
        self.can_go = np.array([bool(mine) for mine in own])

    @property
    def ref(self) -> Any:
        """The part, as an argument."""
        return ctypes.byref(self.struct)

    def windows(self, rows: Floats) -> Floats:
        """Return the sum of every slot's weeks, row by row: (rows, T) -> (rows, slots)."""
        rows = np.ascontiguousarray(rows, float)
        found = np.zeros((len(rows), self.slots))
        for row, target in zip(rows, found, strict=True):
            library().windows(self.ref, at(row), at(target))
        return found

    def earnings(self, earn: Floats) -> Floats:
        """Return the sum of every slot's weeks, of cells and crews: (J, T) -> (rows, slots)."""
        earn = np.ascontiguousarray(earn, float)
        found = np.zeros((self.part.rows, self.slots))
        library().spread(self.ref, at(earn), at(found))
        return found

    def absences(self, absent: Floats) -> Floats:
        """Return the sum of every slot's weeks, of caps and homes: (C, T) -> (homes, slots)."""
        absent = np.ascontiguousarray(absent, float)
        found = np.zeros((int(self.struct.homes), self.slots))
        library().spread_homes(self.ref, at(absent), at(found))
        return found


class Space:
    """Room to work in, for one thread."""

    def __init__(self, kernel: Kernel) -> None:
        part, slots = kernel.part, kernel.slots
        table = (part.weeks + 1) * kernel.states
        self._arrays: dict[str, Array] = {
            "sums": np.zeros(part.rows * slots), "gone": np.zeros(int(kernel.struct.homes) * slots),
            "lanes": np.zeros(kernel.lanes * slots), "worth": np.zeros(slots), "value": np.zeros(table),
            "forward": np.zeros(table), "lanes_at": np.zeros(kernel.lanes * slots, np.int64),
            "at": np.zeros(slots, np.int64), "asked": np.zeros(kernel.lanes, np.uint8),
        }  # fmt: skip
        self.struct = _Space()
        lend(self.struct, self._arrays)


class Flag:
    """A word that tells a running kernel to stop."""

    def __init__(self) -> None:
        self._word = np.zeros(1, np.int32)

    def raise_(self) -> None:
        """Ask every kernel that was given this flag to stop at its next step."""
        self._word[0] = 1

    def is_up(self) -> bool:
        """Whether it was raised."""
        return bool(self._word[0])

    @property
    def ref(self) -> ctypes.c_void_p:
        """The flag, as an argument."""
        return at(self._word)


def ramp(sizes: Ints) -> Ints:
    """Return 0..n-1 for each n, joined."""
    ends = np.cumsum(sizes)
    found: Ints = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)
    return found


Lane = tuple[Ints, Floats, list[bool]]  # rows, fares, admitted lengths


def _lanes(part: Part) -> tuple[list[Lane], list[list[int]]]:
    """Return lanes, and the lanes of each person who may go at all: one for every pair and role, or one's own."""
    by_role = [np.flatnonzero(part.role == role) for role in range(len(part.skills))]
    alone = alone_rows(part)
    found: dict[tuple[int, int, int], int] = {}
    lanes: list[Lane] = []
    own = []
    for person in range(len(part.people)):
        mine: list[int] = []
        may_go = part.open[person].any() and part.most[person] > 0
        apart = alone.get(person, ())
        choices = list(enumerate(by_role)) if not part.people[person].is_team else [(-1, np.arange(part.rows))]
        for role, rows in choices:
            if not may_go or (role >= 0 and not part.holds[person, role]):
                continue
            pair = int(part.pair[person])
            key = pair, role, person if len(apart) else -1
            if key not in found:
                rows = np.setdiff1d(rows[part.reach[pair, rows]], apart)
                admits = [index in part.admits(person) for index in range(len(part.lengths))]
                found[key] = len(lanes)
                lanes.append((rows, part.fare[pair, rows], admits))
            if len(lanes[found[key]][0]) or (len(apart) and not mine):
                mine.append(found[key])
        own.append(mine)
    return lanes, own


def _able(part: Part, lanes: Sequence[Lane], own: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return who may be sent to each cell."""
    found: list[list[int]] = [[] for _ in part.cells]
    alone = alone_rows(part)
    for person, mine in enumerate(own):
        rows = [*(row for lane in mine for row in lanes[lane][0]), *(alone.get(person, ()) if mine else ())]
        _, cells, _ = part.seats(np.array(rows, np.int64))
        for cell in cells if not part.people[person].is_team else np.unique(cells):
            found[cell].append(person)
    return found


def _caps(part: Part, person: int) -> tuple[int, ...]:
    """Return the caps under which a person is, or people who go together are."""
    cap, caps = int(part.cap[person]), len(part.left)
    return (cap,) if cap < caps else part.homes[cap - caps]
