"""One part from first plan to proof: choose in turn, price, shake, solve small models, prove."""

from __future__ import annotations

import math

import numpy as np

from tramyte.rotation.solve.arrays import Bools, Columns, Floats, Ints, Part
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.dual import Dual
from tramyte.rotation.solve.improve import Draft, Own, marginal, rounds, shake
from tramyte.rotation.solve.journeys import magnitude
from tramyte.rotation.solve.mip import improve

EXACT = 15_000  # columns: a larger model tells HiGHS nothing in time
SHAKE, MODEL, NODE = 0.1, 30.0, 4.0  # units of work of one shake, one small model, one node
BLEND = 0.3  # share of the true gain against the price when people choose at prices
PER_PERSON, PER_CELL = 40, 4  # columns kept for small models
GROUP = 50  # people of a small model
GRACE = 5.0  # seconds in which everybody may choose once, however short the limit: a plan of few is no plan
FIRST, GUIDED = 0.5, 0.6  # shares of the limit at which the first plan, and the plan at prices, end
# steps of prices at most, by columns: a small part is proved faster by its one model
STEPS, MOST_STEPS = ((2_000, 150), (40_000, 450)), 1500
TRUST = 1e-9  # of all costs: by so much the bound of HiGHS, in floating point, gives way
QUIET = 4  # small models without gain before a proof is tried


class Search:
    """The state of one part: the plan in hand, its cost, and the proven bound."""

    def __init__(self, part: Part, seed: int) -> None:
        self.part = part
        self.draft = Draft(part)
        # nobody to send: the plan in hand is the only one
        self.bound: float = -math.inf if part.open.any() else self.draft.cost
        self.rng = np.random.default_rng(seed)
        self.seed = seed
        self.dual = Dual(part)
        self.most_steps = next((steps for size, steps in STEPS if part.size <= size), MOST_STEPS)
        empty = np.zeros(0, np.int64)
        self.alive = self.pool = Columns(empty, empty, empty, empty, np.zeros(0))
        self.is_priced = False  # whether `alive` holds every column that a better plan may need
        self.is_settled = False  # whether HiGHS is through with it, whatever floating point lets us claim
        self.group = max(8, min(GROUP, len(part.people) * 2 // 5))
        self.models = 0

    @property
    def is_proved(self) -> bool:
        """Whether nothing better exists."""
        return self.draft.cost - self.bound < 1 - 1e-6

    @property
    def slack(self) -> float:
        """How much better a plan could be, as far as is proved."""
        return max(0.0, self.draft.cost - self.bound)

    def first(self, budget: Budget) -> None:
        """Let people choose in turn, those with the fewest roles first, until nobody gains."""
        order = np.argsort(self.part.holds.sum(axis=1), kind="stable")
        before = math.inf
        while self.draft.cost < before and budget.allows(FIRST, grace=GRACE if before == math.inf else 0.0):
            grace = GRACE if before == math.inf else 0.0
            before = self.draft.cost
            for person in order:
                if not budget.allows(FIRST, grace=grace):
                    return
                rounds(self.draft, [int(person)])
            order = self.rng.permutation(order)

    def shake(self, budget: Budget, times: int) -> None:
        """Shake small groups."""
        for _ in range(times):
            if self.is_proved or len(self.part.people) < 2 or budget.is_stopped:
                return
            shake(self.draft, self.rng, int(self.rng.integers(3, 12)))
            budget.used += SHAKE

    @property
    def can_rise(self) -> bool:
        """Whether more steps of prices may raise the bound."""
        return not self.is_proved and not self.dual.is_done and self.dual.steps < self.most_steps

    def price(self, budget: Budget, steps: int) -> None:
        """Raise the bound by some steps; the first is taken in any case, so that there is a bound."""
        if self.is_proved:
            return
        if not self.dual.steps:
            nothing = np.zeros(self.dual.top.shape), np.zeros(self.part.left.shape)
            self.raise_bound(self.dual.value(*nothing)[0])  # if everybody could be everywhere
            self.dual.begin(marginal(self.draft), self.draft.cost)
            self.dual.step()
        for _ in range(steps - 1):
            if not self.can_rise or budget.is_stopped:
                break
            self.dual.step()
            budget.used += 1
        self.raise_bound(self.dual.best.bound)

    def raise_bound(self, value: float) -> None:
        """Note a bound; costs are whole numbers, so it rounds up. Minus infinity says nothing."""
        if value > self.bound:
            self.bound = min(math.ceil(value - 1e-6), self.draft.cost)

    def guided(self, budget: Budget) -> None:
        """Make a second plan from nothing, at prices, and keep the better one."""
        if self.is_proved:
            return
        other = Draft(self.part)
        order = np.argsort(self.part.holds.sum(axis=1), kind="stable")
        for turn in range(5):
            for person in order:
                if not budget.allows(GUIDED):
                    return
                other.clear(int(person))
                gain = marginal(other)
                at_price = BLEND * gain + (1 - BLEND) * np.minimum(self.dual.best.earn, gain)
                other.choose(int(person), np.where(gain > 0, at_price, 0.0) if turn < 3 else None)
        if other.cost < self.draft.cost:
            self.draft = other

    def fill_pool(self) -> None:
        """Price every column, drop those that no better plan can hold, keep the promising ones for small models."""
        columns = self.part.columns()
        rise = self.dual.reduced_costs(columns)
        # a plan that beats the one in hand costs at least one less, for costs are whole numbers
        alive = np.asarray(self.dual.best.bound + rise <= self.draft.cost - 1 + 1e-6)
        self.alive = columns.take(np.flatnonzero(alive))
        if not alive.any():
            self.raise_bound(self.draft.cost)
        rise = rise[alive]
        spot = self.alive.cell * self.part.weeks + self.alive.start
        self.is_priced = True
        keep = _lowest(self.alive.person, rise, PER_PERSON) | _lowest(spot, rise, PER_CELL)
        self.pool = self.alive.take(np.flatnonzero(keep))

    @property
    def is_small(self) -> bool:
        """Whether the columns still alive fit into one model."""
        return self.is_priced and len(self.alive) <= EXACT

    def settle(self, budget: Budget, until: float) -> None:
        """Solve small models until several in a row gain nothing: the better the plan, the fewer columns to prove."""
        quiet = 0
        while quiet < QUIET and not self.is_proved and budget.allows(until):
            before = self.draft.cost
            self.small_model(budget, until)
            quiet = 0 if self.draft.cost < before else quiet + 1
        self.fill_pool()

    def prove(self, budget: Budget, until: float) -> None:
        """Solve the whole part on the columns that are left, as far as the budget allows."""
        if self.is_proved or not budget.allows(until):
            return
        everybody = np.arange(len(self.part.people))
        bound = self._model(everybody, self.alive, budget, until=until, nodes=budget.nodes_until(until, NODE))
        self.raise_bound(bound - magnitude(self.part) * TRUST)
        self.is_settled = self.draft.cost - bound < 1 - 1e-6

    def small_model(self, budget: Budget, until: float) -> None:
        """Solve exactly for one group of people, everybody else as they are; the group grows as this is easy."""
        people = self._group()
        seconds = min(3.0, budget.seconds_until(until))
        before = self.draft.cost
        began = budget.elapsed
        self._model(people, self.pool, budget, until=until, nodes=60, seconds=seconds)
        if budget.work is None:
            took = budget.elapsed - began
            self.group = max(8, min(110, self.group + (1 if took < 0.3 else -3 if took > 1.5 else 0)))
        if self.draft.cost == before:
            self.shake(budget, 5)

    def _group(self) -> Ints:
        """Return people who can replace each other: holders of one role, then of roles near it."""
        part = self.part
        short = np.argwhere(self.draft.shortage() > 0)
        if len(short) and self.rng.random() < 0.6:
            role = int(part.role[short[self.rng.integers(len(short))][0]])
        else:
            role = int(self.rng.integers(len(part.skills)))
        fit = self.rng.permutation(np.flatnonzero(part.holds[:, role]))[: self.group]
        if len(fit) < self.group:
            kin: Bools = np.asarray(part.holds[:, part.holds[fit].any(axis=0)].any(axis=1))
            kin[fit] = False
            fit = np.concatenate([fit, self.rng.permutation(np.flatnonzero(kin))[: self.group - len(fit)]])
        return np.sort(fit)

    def _model(
        self,
        people: Ints,
        columns: Columns,
        budget: Budget,
        *,
        until: float,
        nodes: int,
        seconds: float | None = None,
    ) -> float:
        """Choose again for some people; return the proven bound on the whole part, if people are everybody."""
        part, draft = self.part, self.draft
        before = {int(person): list(draft.tours[int(person)]) for person in people}
        cost = draft.cost
        some: Bools = np.zeros(len(part.people), dtype=np.bool_)
        some[people] = True
        candidates, hint = _with_own(columns.take(np.flatnonzero(some[columns.person])), draft, before)
        for person in before:
            draft.clear(person)
        limit = budget.seconds_until(until) if seconds is None else seconds
        answer = improve(
            part, candidates, draft.cover, draft.left,
            hint=hint, stop=lambda: not budget.allows(until), nodes=nodes, seconds=limit, seed=self.seed % 2**31,
        )  # fmt: skip
        self.models += 1
        budget.used += MODEL + NODE * answer.nodes
        for index in answer.chosen if answer.chosen is not None else ():
            draft.add(
                int(candidates.person[index]),
                (int(candidates.cell[index]), int(candidates.start[index]), int(candidates.length[index])),
            )
        if answer.chosen is None or draft.cost > cost + 1e-6:
            draft.restore(before)
        return cost - answer.slack


def _with_own(columns: Columns, draft: Draft, own: dict[int, Own]) -> tuple[Columns, Ints]:
    """Return the columns and the tours that people have now, each once, and where the latter stand."""
    rows = [(person, *tour) for person, tours in own.items() for tour in tours]
    costs = [draft.own_cost(row[0], (row[1], row[2], row[3])) for row in rows]
    mine = np.array(rows, np.int64).reshape(-1, 4)
    joined = np.concatenate([mine, np.stack([columns.person, columns.cell, columns.start, columns.length], axis=1)])
    cost: Floats = np.concatenate([np.array(costs, float), columns.cost])
    _, first, where = np.unique(joined, axis=0, return_index=True, return_inverse=True)
    kept = joined[first]
    return (
        Columns(kept[:, 0], kept[:, 1], kept[:, 2], kept[:, 3], cost[first]),
        where.reshape(-1)[: len(rows)],
    )


def _lowest(key: Ints, value: Floats, count: int) -> Bools:
    """Return which entries are among the `count` lowest values of their key."""
    order = np.lexsort((value, key))
    keys = key[order]
    fresh = np.ones(len(keys), bool)
    fresh[1:] = keys[1:] != keys[:-1]
    first = np.flatnonzero(fresh)
    rank = np.arange(len(keys)) - first[np.cumsum(fresh) - 1] if len(keys) else np.zeros(0, np.int64)
    keep = np.zeros(len(keys), bool)
    keep[order] = rank < count
    return keep
