"""A start made role by role: exact models bind the people of the scarcest roles first, prices settle between."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tramyte.rotation.solve.arrays import Bools, Columns, Floats, Ints, Part
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.compiled import Flag, Kernel
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.mip import Answer, Market, improve
from tramyte.rotation.solve.models import lowest
from tramyte.rotation.solve.prices import Prices

MOST = 100  # people bound by one model: the rest dive
PER_PERSON, NEAR = 60, 0.25  # columns of one person; by the usual price, the loss up to which one is offered
STEPS, STRIDE, FALL, MEMORY = 2000, 0.045, math.exp(-6), 0.9  # of the ascent after each model, by the usual price
GAP = 0.03  # by the usual price: a model may miss its best by so much
POOR = 1.0  # by the usual price: a choice that may miss it by more binds nobody
NODES = 50  # of one model
PIVOT = 0.5  # steps of prices that one pivot is worth


def suits(part: Part) -> bool:
    """Return whether there are several roles, and none of the rules that join what people do."""
    return len(part.skills) > 1 and not (part.crews or part.second.hands or part.second.groups)


class Roles:
    """A plan in the making; `draft` holds those who are bound."""

    def __init__(self, kernel: Kernel, prices: Prices, usual: float, seed: int) -> None:
        """Prices: to begin from; usual: price of a week; seed: of HiGHS."""
        self.kernel, self.part, self.usual, self.seed = kernel, kernel.part, usual, seed
        self.draft, self.prices = Draft(kernel), Prices(kernel)
        self.prices.bound_at(prices.earn, prices.absent)
        self.prices.remember()
        self.is_free: Bools = kernel.can_go.copy()
        self.is_bound: Bools = np.zeros(len(self.part.skills), np.bool_)
        self.is_tried = self.is_bound.copy()

    @property
    def next_role(self) -> int | None:
        """The role with the fewest free people among those not tried; None: the rest is for a dive."""
        people = (self.part.holds & self.is_free[:, None]).sum(axis=0)
        waiting = np.flatnonzero(~self.is_tried & (people > 0))
        if not len(waiting):
            return None
        role = int(waiting[np.argmin(people[waiting])])
        return role if people[role] <= MOST else None

    def bind_all(self, budget: Budget, step: float, until: float, stop: Flag) -> Iterator[None]:
        """Bind role after role until that share of the limit; step: what a step of prices costs in units of work."""
        while (role := self.next_role) is not None and budget.share < until:
            left = budget.seconds_until(until) if budget.work is None else None
            budget.used += step * self.bind(role, stop, None if left is None else left / 2)
            yield

    def bind(self, role: int, stop: Flag, seconds: float | None) -> float:
        """
        Choose exactly for who may serve in a role, other roles paying their prices; bind those who serve in no other.

        Who would serve elsewhere too stays free until the last of their roles. Returns its cost in steps of prices.
        """
        people = np.flatnonzero(self.part.holds[:, role] & self.is_free)
        self.is_tried[role] = self.is_bound[role] = True
        found = self._columns(people)
        nobody: Ints = np.zeros(0, np.int64)
        answer = Answer(nobody, 0.0, 0, short=0.0) if not len(found) else improve(
            self.part, found, self.draft.cover, self.draft.left, hint=nobody, stop=stop.is_up,
            nodes=NODES, seconds=seconds, seed=self.seed % 2**31, gap=GAP * self.usual,
            market=Market(~self.is_bound[self.part.role], self.prices.earn),
        )  # fmt: skip
        self.is_bound[role] = answer.chosen is not None and answer.short <= POOR * self.usual
        if self.is_bound[role] and answer.chosen is not None:
            self._settle(people, found.take(answer.chosen))
            self._ascend(stop)
        return STEPS + PIVOT * answer.pivots

    def _columns(self, people: Ints) -> Columns:
        """Return promising tours, their costs less what other roles pay, plus what leave from a shared cap costs."""
        earn, absent, part = self.prices.earn, self.prices.absent, self.part
        asked = np.zeros(len(part.people), np.uint8)
        asked[people] = 1
        found, rise = self.prices.columns(earn, absent, NEAR * self.usual, asked)
        found = found.take(np.flatnonzero(lowest(found.person, rise, PER_PERSON)))
        slot = found.length * part.weeks + found.start
        is_open = ~self.is_bound[part.role[found.cell]]
        paid: Floats = np.where(is_open, self.kernel.earnings(earn)[found.cell, slot], 0.0)
        others = np.unique(part.cap[self.is_free & (asked == 0)])
        cap = part.cap[found.person]
        leave = np.where(np.isin(cap, others), self.kernel.absences(absent)[cap, slot], 0.0)
        return replace(found, cost=found.cost - paid + leave)

    def _settle(self, people: Ints, chosen: Columns) -> None:
        """Bind people to what was chosen, but those who serve in another role that is still to come."""
        waits = np.zeros(len(self.part.people), np.bool_)
        waits[chosen.person[~self.is_bound[self.part.role[chosen.cell]]]] = True
        slot = chosen.length * self.part.weeks + chosen.start
        for index in np.flatnonzero(~waits[chosen.person]).tolist():
            self.draft.add(int(chosen.person[index]), int(chosen.cell[index]), int(slot[index]))
        self.is_free[people] = waits[people]

    def _ascend(self, stop: Flag) -> None:
        """Let prices settle for those who are free."""
        earn, absent = self.prices.earn.copy(), self.prices.absent.copy()
        self.prices.bind(self.is_free.astype(np.uint8), self.draft)
        self.prices.start(earn, absent)
        self.prices.ascend(STEPS, (STRIDE * self.usual, STRIDE * FALL * self.usual), MEMORY, stop)
