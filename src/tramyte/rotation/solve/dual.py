"""
The proven lower bound of one part, by prices on people at a station and on people away from home.

For any prices pi >= 0 on a cell's week and sigma >= 0 on a cap's week

    L = sum_jt min_y [price_jt(y) + pi_jt y]  -  sum_ct sigma_ct left_ct  -  sum_p (best worth of person p)

is at most the cost of every plan: it lets each person and each cell choose alone, and charges the difference.
Polyak steps towards a moving level raise it. Prices are multiples of 1/SCALE, so L is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tramyte.rotation.solve.arrays import FAR, Columns, Floats, Ints, Part
from tramyte.rotation.solve.journeys import EXACT, Journeys, grain, magnitude, quantised

MEMORY = 0.93  # share of the last direction kept in the next
PATIENCE = 20  # steps without progress before the level comes closer
CLOSER, FARTHER = 0.6, 1.5  # how the distance to the level changes
CLOSE_ENOUGH = 1e-4  # of the bound: nearer levels are noise


@dataclass
class Prices:
    """Where the ascent stands: prices in force, the best ones and their bound."""

    earn: Floats
    absent: Floats
    bound: float = -np.inf


class Dual:
    """One part's ascent. `step` moves once; `best` holds the best bound and its prices."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.journeys = Journeys(part)
        most = part.price.shape[2] - 1
        self.top = part.price[:, :, 0] - part.price[:, :, min(1, most)]
        self.scale = grain(part)
        # sums of whole numbers beyond 2^50 may round: then the bound gives way by more than they can
        self.doubt = magnitude(part) * 1e-9 if magnitude(part) * self.scale >= EXACT else 0.0
        self.level = 0.0
        self.quiet = 0
        self.is_done = False
        self.steps = 0
        self.begin(self.top, 0.0)
        self._direction: tuple[Floats, Floats] = (np.zeros(self.top.shape), np.zeros(part.left.shape))

    def begin(self, earn: Floats, upper: float) -> None:
        """Start from these prices; upper: cost of a plan in hand."""
        self.now = Prices(quantised(earn, self.scale), np.zeros(self.part.left.shape))
        self.best = Prices(self.now.earn, self.now.absent)
        self.upper = upper

    def value(self, earn: Floats, absent: Floats) -> tuple[float, Ints, Columns]:
        """Return the bound at these prices, how many people each cell's week would buy, and everybody's tours."""
        part = self.part
        worth, tours = self.journeys.best(self.journeys.offers(earn, absent))
        buy = part.price + earn[:, :, None] * np.arange(part.price.shape[2])
        bound = buy.min(axis=2).sum() - (absent * part.left).sum() - worth.sum() - self.doubt
        return float(bound), buy.argmin(axis=2), tours

    def step(self) -> None:
        """Look at the prices in force, note a better bound, and move on."""
        self.steps += 1
        bound, buy, tours = self.value(self.now.earn, self.now.absent)
        self._note(bound)
        cover, away = self._counts(tours)
        earn, absent = self._direction
        self._direction = (MEMORY * earn + (buy - cover), MEMORY * absent + (away - self.part.left))
        self._move(bound)

    def _counts(self, tours: Columns) -> tuple[Ints, Ints]:
        part = self.part
        cover = np.zeros(self.top.shape, np.int64)
        away = np.zeros(part.left.shape, np.int64)
        weeks = part.lengths[tours.length]
        for more in range(int(part.lengths.max(initial=0))):
            on = weeks > more
            np.add.at(cover, (tours.cell[on], tours.start[on] + more), 1)
            np.add.at(away, (part.cap[tours.person[on]], tours.start[on] + more), 1)
        return cover, away

    def _note(self, bound: float) -> None:
        gain = bound - self.best.bound
        if self.steps == 1:
            self.level = self.upper - bound
        if gain > 0:
            self.best = Prices(self.now.earn, self.now.absent, bound)
            self.level *= FARTHER if gain > 0.3 * self.level else 1.0
        self.quiet = 0 if gain > 0.02 * self.level else self.quiet + 1
        if self.quiet >= PATIENCE:
            self.level *= CLOSER
            self.quiet = 0
            self.now = Prices(self.best.earn, self.best.absent)
        self.level = min(self.level, self.upper - self.best.bound)
        self.is_done = self.level <= max(CLOSE_ENOUGH * abs(self.best.bound), 1 / 1024)

    def _move(self, bound: float) -> None:
        earn, absent = self._direction
        up = np.where((self.now.earn <= 0) & (earn < 0), 0.0, earn)
        out = np.where((self.now.absent <= 0) & (absent < 0), 0.0, absent)
        size = float((up**2).sum() + (out**2).sum())
        if size == 0:
            self.is_done = True
            return
        stride = (self.best.bound + self.level - bound) / size
        self.now = Prices(
            quantised(np.clip(self.now.earn + stride * up, 0.0, self.top), self.scale),
            quantised(self.now.absent + stride * out, self.scale),
        )

    def reduced_costs(self, columns: Columns) -> Floats:
        """
        Return, for each column, by how much the bound rises at the best prices if the column must be chosen.

        The loads before and after the tour are priced apart; fairness is convex, so that only lowers the answer.
        """
        part = self.part
        offers = self.journeys.offers(self.best.earn, self.best.absent)
        worth, _ = self.journeys.best(offers)
        before, after = self.journeys.both_ways(offers)
        end = columns.start + part.lengths[columns.length]
        sums = np.concatenate([np.zeros((len(part.cells), 1)), np.cumsum(self.best.earn, axis=1)], axis=1)
        gone = np.concatenate([np.zeros((len(part.left), 1)), np.cumsum(self.best.absent, axis=1)], axis=1)
        cap = part.cap[columns.person]
        own = sums[columns.cell, end] - sums[columns.cell, columns.start] - columns.cost
        own -= gone[cap, end] - gone[cap, columns.start]
        if part.excess.shape[1] > 1:
            own -= part.excess[columns.person, part.lengths[columns.length]]
        most = before.shape[2] - 1
        room = np.minimum(part.most[columns.person] - 1, most)
        best = np.full(len(columns), FAR)
        for used in range(most + 1):
            rest = room - used
            fits = rest >= 0
            both = before[columns.person, columns.start, used] + after[columns.person, end, np.maximum(rest, 0)]
            best = np.where(fits, np.maximum(best, both), best)
        rise: Floats = worth[columns.person] - (best + own)
        return rise
