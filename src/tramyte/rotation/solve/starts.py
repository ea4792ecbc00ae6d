"""Plans to begin from: dives at prices that settle as people are bound, each a little different; and the best plans."""

from __future__ import annotations

import math

import numpy as np

from tramyte.rotation.solve.arrays import Columns, Floats, Ints, Part
from tramyte.rotation.solve.compiled import Flag, Kernel, Whole
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.prices import Prices, columns

Dive = tuple[int, float, float]  # steps between two bindings, share of the people bound each time, cost in steps
DIVES: tuple[Dive, ...] = (
    (200, 0.05, 5400.0), (100, 0.05, 2700.0), (60, 0.08, 1050.0), (30, 0.12, 450.0), (15, 0.2, 130.0),
)  # fmt: skip
STRIDES = (0.02, 0.014, 0.028, 0.01) * 2  # first stride of each start, by the usual price
FALL = math.exp(-3)  # last stride of a dive, by the first
FEWEST = 3  # starts, where time is short
ROUNDS = 4  # everybody chooses so often after a dive
MEMORY = 0.9  # share of the last direction kept in the next
ELITE = 6  # good plans kept


def fitting(room: float) -> Dive | None:
    """Return the longest dive that costs at most so many steps."""
    return next((dive for dive in DIVES if dive[2] <= room), None)


def starts(room: float) -> tuple[float, ...]:
    """Return the first stride of each start: as many as long dives, and as much shaking, fit into so many steps."""
    return STRIDES[: max(FEWEST, int(room / (2 * DIVES[1][2])))]


def dive(kernel: Kernel, prices: Prices, how: Dive, stride: float, rng: np.random.Generator, stop: Flag) -> Draft:
    """Return a plan made from nothing: the surest people are bound first, prices settle, everybody chooses again."""
    draft, own = Draft(kernel), Prices(kernel)
    own.start(prices.earn, prices.absent)
    own.dive(draft, how[0], how[1], (stride, stride * FALL), MEMORY, stop)
    for _ in range(ROUNDS):
        draft.rounds(rng.permutation(len(kernel.part.people)), stop)
    return draft


class Elite:
    """The best plans met, different ones: what they hold, small models may choose again."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.plans: list[tuple[float, tuple[Whole, Whole]]] = []

    def add(self, cost: float, plan: tuple[Whole, Whole]) -> None:
        """Keep a plan, unless one that costs the same is kept already, or only better ones are."""
        if all(abs(cost - other) > 0.5 for other, _ in self.plans):
            self.plans = sorted([*self.plans, (cost, (plan[0].copy(), plan[1].copy()))], key=lambda kept: kept[0])
            del self.plans[ELITE:]

    def columns(self) -> Columns:
        """Return every tour of a kept plan, each once."""
        rows = [
            (person, *tour)
            for _, (count, tours) in self.plans
            for person in np.flatnonzero(count).tolist()
            for tour in tours[person, : count[person]].tolist()
        ]
        return columns(self.part, np.unique(np.array(rows, np.int64).reshape(-1, 3), axis=0))


def joined(own: Columns, others: Columns) -> tuple[Columns, Ints]:
    """Return both sets of columns, each column once, and where the own ones stand."""
    both = [np.concatenate([getattr(own, name), getattr(others, name)]) for name in _KEYS]
    cost: Floats = np.concatenate([own.cost, others.cost])
    kept, first, where = np.unique(np.stack(both, axis=1), axis=0, return_index=True, return_inverse=True)
    return Columns(kept[:, 0], kept[:, 1], kept[:, 2], kept[:, 3], cost[first]), where.reshape(-1)[: len(own)]


def of_people(found: Columns, people: Ints) -> Columns:
    """Return the columns of some people."""
    return found.take(np.flatnonzero(np.isin(found.person, people)))


_KEYS = ("person", "cell", "start", "length")
