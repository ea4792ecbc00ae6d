"""
One part from first plan to proof: choose in turn, price, dive, shake, solve small models, prove.

`stages` is a generator: after every bite of work it gives the word back, so that threads can share the parts and
somebody can stop. What the search knows at such a moment stands in `found` and `bound`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np

from tramyte.rotation.solve.arrays import Columns, Floats, Ints, Part
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.compiled import Flag, Kernel, Whole
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.least import least_unmet
from tramyte.rotation.solve.mip import improve
from tramyte.rotation.solve.models import Models
from tramyte.rotation.solve.prices import Hints, Prices, columns, magnitude
from tramyte.rotation.solve.repair import InForce
from tramyte.rotation.solve.starts import DIVES, STRIDES, Dive, Elite, dive, fitting, joined, starts

ROUNDS = 4  # everybody chooses so often before anything else
MEMORY = 0.93  # share of the last direction kept in the next
STRIDE, USUAL = 0.13, 1000  # first stride, by the usual price, of an ascent of so many steps; longer ones start lower
TRIAL = 20  # steps of the first probe, which tells the machine's speed
PROBES, PROBED, PROBE = 6, 12, (60, 200)  # probes at most; of what is left, and steps, that one takes
LONGER, MUCH = 3.0, 0.003  # how strides of probes grow, as long as one gains so much of the bound
ASCENTS, STEPS = 3, 3000  # ascents after the probes, and steps of one, at most
AGAIN, SHARPER = 200, (0.013, 0.004, 0.0013)  # steps of later ascents, and their first strides, by the usual price
EARLY, PRICED, DIVED, SETTLED, ANNEALED = 0.02, 0.12, 0.35, 0.5, 0.9  # shares of the limit at which stages end
SIZES = (2, 4)  # people shaken together
REPAIR, REPAIRED = 1.4, 0.15  # seconds, and share of the limit, in which a repair ends
REPAIR_STEPS, REPAIR_BITES, REPAIR_SHAKES = 300, 30, 500
BITE = 0.05  # seconds of one bite, about
TRUST = 1e-9  # of all costs: by so much the bound of HiGHS, in floating point, gives way
EXACT = 15_000  # columns: a larger model tells HiGHS nothing in time
QUIET = 12  # small models without gain before something else is tried
MODEL_NODES, MODEL_SECONDS = 500, 4.0  # limits of a small model
NODE = 40.0  # steps of prices that one node of a model is worth
NEAR, WIDE, WASTE = 0.03, 0.06, 0.06  # by the usual price: losses of tours that help, wastes worth a look
TASTE, LASTING, RESHAKE = 200, 2000, 30  # shakes a person: of a start, of a long anneal, between small models
KICK = 0.05  # heat between small models, by the usual price
STALE = 4  # rounds of mending without gain before another start
CYCLES, COOLER = 2, 0.8  # anneals from the best plan so far, each cooler
WARM, WARMEST = 0.2, 1.0  # first heat, by the usual price: of a large part, of a small one
MODEL = 40_000  # tours: a part with fewer is shaken longer, for a proof is near


class Search:
    """The state of one part: the plan in hand, its cost, and the proven bound."""

    def __init__(self, part: Part, seed: int, budget: Budget, step: float) -> None:
        """Seed: of every draw; step: what one step of prices of this part costs, in units of work."""
        self.part, self.seed, self.budget, self.step = part, seed, budget, step
        self.kernel = Kernel(part)
        self.draft = Draft(self.kernel)
        self.draft.seed(seed * 2 + 1)
        self.prices = Prices(self.kernel)
        self.flag = Flag()
        self.rng = np.random.default_rng(seed)
        self.elite = Elite(part)
        self.cost = self.draft.cost
        self.found: tuple[Whole, Whole] = self.draft.copy_of()
        # nobody to send: the plan in hand is the only one
        self.bound: float = -math.inf if self.kernel.can_go.any() else self.cost
        self.hints: Hints | None = None  # what prices say of plans, once there are good ones
        self.is_settled = False  # whether HiGHS is through with it, whatever floating point lets us claim
        self.spent = 0.0  # seconds
        self.least = (0, 0)  # critical person-weeks, and all, that no plan can meet
        self.force = InForce(self.kernel) if part.problem.incumbent else None
        first = part.price[:, :, 0] - part.price[:, :, min(1, part.price.shape[2] - 1)]
        self.usual = float(np.median(first[first > 0])) if (first > 0).any() else 1.0
        self.top = first
        self.shake_cost = step * min(0.5, 2.0 * sum(SIZES) / max(1, len(part.people)))

    @property
    def is_proved(self) -> bool:
        """Whether nothing better exists."""
        return self.cost - self.bound < 1 - 1e-6

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do, or nothing left to spend."""
        return self.is_proved or self.is_settled or self.budget.is_spent

    @property
    def slack(self) -> float:
        """How much better a plan could be, as far as is proved."""
        return max(0.0, self.cost - self.bound)

    @property
    def pace(self) -> float:
        """Units of work a second, as met so far."""
        return self.budget.used / self.spent if self.spent > 0.01 else 1000.0 * self.step

    def raise_bound(self, value: float) -> None:
        """Note a bound; costs are whole numbers, so it rounds up. Minus infinity says nothing."""
        if value > self.bound:
            self.bound = min(math.ceil(value - 1e-6), self.cost)

    def note(self, cost: float, plan: tuple[Whole, Whole]) -> None:
        """Note a plan if it is better than the one in hand."""
        if cost < self.cost - 1e-6:
            self.cost, self.found = cost, (plan[0].copy(), plan[1].copy())

    def stages(self) -> Iterator[None]:
        """Go on until everything is proved; every yield is a moment to stop."""
        first = (self._repair,) if self.force else (self._first,)
        # the last stage ends only when all is over
        for stage in (*first, self._price, self._learn, self._dive, self._settle, self._anneal, self._polish):
            for _ in stage():
                yield
                if self.is_over:
                    return

    def _first(self) -> Iterator[None]:
        """Let people choose in turn, those with the fewest roles first, until nobody gains much; then shake."""
        order = np.argsort(self.part.holds.sum(axis=1), kind="stable")
        for _ in range(ROUNDS):
            self.draft.rounds(order, Flag())  # so short that no stop needs to reach it
            order = self.rng.permutation(order)
        self.budget.used += self.step
        self.note(self.draft.cost, self.draft.copy_of())
        self._bound_of_nothing()
        yield
        yield from self._shakes(EARLY, 20 * len(self.part.people), 0.0)

    def _bound_of_nothing(self) -> None:
        """Note the bound at prices of nothing: if everybody could be everywhere."""
        if math.isinf(self.bound):
            self.raise_bound(self.prices.bound_at(np.zeros(self.top.shape), np.zeros(self.part.left.shape)))
            self.prices.remember()

    def _repair(self) -> Iterator[None]:
        """Keep what may stand of the plan in force, and mend what the event tore open, growing from there."""
        assert self.force is not None  # noqa: S101
        self.force.load(self.draft)
        self.note(self.draft.cost, self.draft.copy_of())
        self._bound_of_nothing()
        yield
        until = REPAIRED if self.budget.seconds is None else min(0.9, max(REPAIRED, REPAIR / self.budget.seconds))
        yield from self._patch(Hints.blank(self.kernel), until)
        self.prices.start(self._wishes())
        yield from self._ascent(REPAIR_STEPS, STRIDE * self.usual)
        yield from self._patch(Hints(self.kernel, self.prices, near=WIDE * self.usual, least=-1.0), until)
        yield from self._mend(until, near=WIDE, torn=True)

    def _torn(self) -> Ints:
        """Return the cells' weeks that a repair grows from: those that lost people, or if none did, all short ones."""
        assert self.force is not None  # noqa: S101
        wishes = self._wishes()
        return self.force.torn(self.draft, wishes) if self.force.has_lost else np.flatnonzero(wishes.ravel() > 0)

    def _patch(self, hints: Hints, until: float) -> Iterator[None]:
        """Shake small groups around what is torn, and keep only what is better."""
        for _ in range(REPAIR_BITES):
            torn = self._torn()
            if not len(torn) or self.budget.share >= until:
                return
            hints.point_at(torn + len(self.part.people))
            took = self.draft.shake(REPAIR_SHAKES, SIZES, (0.0, 0.0), self.flag, hints)
            self.budget.used += took * self.shake_cost
            self.note(self.draft.best_cost, self.draft.best())
            yield

    def _shakes(self, until: float, most: float, warm: float) -> Iterator[None]:
        """Shake until that share of the limit, or so often; the heat falls from `warm` times the usual price to 0."""
        began, done = self.budget.share, 0.0
        bite = 200
        while done < most and self.budget.share < until:
            here = max(done / most, (self.budget.share - began) / max(1e-9, until - began))
            heat = warm * self.usual * max(0.0, 1 - here)
            times = int(min(bite, most - done)) + 1
            moment = time.monotonic()
            took = self.draft.shake(times, SIZES, (heat, heat), self.flag, self.hints)
            self.budget.used += took * self.shake_cost
            done += times
            if self.budget.work is None:  # what a bite is, may change with the clock only where the clock rules
                bite = int(np.clip(times * BITE / max(1e-4, time.monotonic() - moment), 50, 100_000))
            else:
                bite = 500
            self.note(self.draft.best_cost, self.draft.best())
            yield

    def _price(self) -> Iterator[None]:
        """
        Raise the bound: probe a few strides, each longer while that brings much, then one ascent of all that is left.

        A long ascent forgets where it began, but not how far it has to go: probes spare it that way.
        """
        self.prices.start(self._wishes())
        steps, stride, speed = TRIAL, STRIDE * self.usual, 0.0
        for probe in range(PROBES):
            before, moment = self.prices.best, time.monotonic()
            yield from self._ascent(steps, stride)
            gain = (self.prices.best - before) / max(1.0, abs(self.prices.best))
            if self.budget.share >= PRICED or (probe > 1 and gain < MUCH):
                break
            stride *= LONGER if probe else 1.0  # the first one only tells the machine's speed
            speed = max(speed, steps / max(1e-6, time.monotonic() - moment))
            steps = int(np.clip(self._steps_until(PRICED, speed) / PROBED, *PROBE))
            self.prices.start(self.prices.earn.copy(), self.prices.absent.copy())
        for _ in range(ASCENTS):
            steps, before = int(min(self._steps_until(PRICED, speed), STEPS)), self.prices.best
            if steps < PROBE[0] or self.budget.share >= PRICED:
                return
            self.prices.start(self.prices.earn.copy(), self.prices.absent.copy())
            yield from self._ascent(steps, STRIDE * self.usual * (USUAL / max(USUAL, steps)) ** 0.25)
            if self.prices.best - before < MUCH * abs(self.prices.best):
                return

    def _steps_until(self, share: float, speed: float) -> float:
        """Return how many steps are left before that share of the limit; speed: steps a second."""
        return self.budget.units_until(share, speed * self.step) / self.step

    def _ascent(self, steps: int, stride: float) -> Iterator[None]:
        done, bite = 0, 20
        shrink = (1 / (2 * steps)) ** (1 / steps)
        while done < steps:
            now = min(bite, steps - done)
            strides = (stride * shrink**done, stride * shrink ** (done + now))
            moment = time.monotonic()
            taken = self.prices.ascend(now, strides, MEMORY, self.flag)
            self.budget.used += taken * self.step
            done += now
            if self.budget.work is None:
                bite = int(np.clip(now * BITE / max(1e-4, time.monotonic() - moment), 5, 500))
            self.raise_bound(self.prices.best)
            yield

    def _wishes(self) -> Floats:
        """Return what one more person would save in each cell's week; (J, T)."""
        price = self.part.price
        here = np.minimum(self.draft.cover, price.shape[2] - 1)[:, :, None]
        more = np.minimum(here + 1, price.shape[2] - 1)
        saved: Floats = np.take_along_axis(price, here, 2)[:, :, 0] - np.take_along_axis(price, more, 2)[:, :, 0]
        return saved

    def _learn(self) -> Iterator[None]:
        """Learn from the prices where a plan wastes, who could help, and what nobody can fill."""
        self.hints = Hints(self.kernel, self.prices, near=NEAR * self.usual, least=WASTE * self.usual)
        self.know_least()
        yield

    def know_least(self) -> None:
        """Find out how many must be missing in every plan, unless that is known."""
        if self.least == (0, 0):
            self.least = least_unmet(self.part, self.flag)

    def _dive(self) -> Iterator[None]:
        """Begin from dives, as many as time allows, shake each a little, and go on from the best."""
        strides = starts(self._steps_until(DIVED, self.pace / self.step))
        strides = strides if self.part.size > MODEL else strides[:1]
        for turn, stride in enumerate(strides):  # half of its time is for shaking, but for one start all there is
            room = self._steps_until(DIVED, self.pace / self.step)
            how = fitting(room / 2 / (len(strides) - turn)) or (None if turn else fitting(room))
            if how is None:
                break
            yield from self._begin(how, stride, DIVED, TASTE)
        self.draft.load(*self.found)
        yield

    def _begin(self, how: Dive, stride: float, until: float, often: int) -> Iterator[None]:
        """Begin from a dive: shake it so often a person, until that share of the limit."""
        self.draft = dive(self.kernel, self.prices, how, stride * self.usual, self.rng, self.flag)
        self.draft.seed(int(self.rng.integers(2**62)))
        self.draft.forget_best()
        self.budget.used += how[2] * self.step
        self.note(self.draft.cost, self.draft.copy_of())
        yield
        yield from self._shakes(until, often * len(self.part.people), WARM)
        if self.draft.best_cost < math.inf:
            self.draft.load(*self.draft.best())
        self.elite.add(self.draft.cost, self.draft.copy_of())

    def _settle(self) -> Iterator[None]:
        """Shake and mend a small part for a while, and try its proof."""
        if self.part.size > MODEL:
            return
        yield from self._shakes(SETTLED, LASTING * len(self.part.people), WARMEST)
        self.draft.load(*self.found)
        yield from self._mend(ANNEALED)
        columns, _ = self._alive()
        if len(columns) <= EXACT:
            yield from self._prove(columns)

    def _mend(self, until: float, *, near: float = WIDE, torn: bool = False) -> Iterator[None]:
        """Solve small models where the plan wastes something, or is torn, until several in a row gain nothing."""
        models, quiet = Models(self.prices, self.rng, near, self.elite.columns()), 0
        while quiet < QUIET and self.budget.share < until:
            wastes = self._torn() + len(self.part.people) if torn else None
            if wastes is not None and not len(wastes):
                return
            before = self.draft.cost
            people, candidates = models.next(self.draft, wastes)
            bound = self._model(people, candidates, nodes=MODEL_NODES, until=until, seconds=MODEL_SECONDS)
            models.judge(self.draft.cost - bound < 1)
            quiet = quiet + 1 if self.draft.cost > before - 1e-6 else 0
            yield

    def _anneal(self) -> Iterator[None]:
        """Shake for long, from warm to cold, again and again from the best plan so far."""
        for cycle in range(CYCLES):
            until = self.budget.share + (ANNEALED - self.budget.share) / (CYCLES - cycle)
            yield from self._shakes(until, LASTING * len(self.part.people) / CYCLES, WARM * COOLER**cycle)
            self.draft.load(*self.found)

    def _polish(self) -> Iterator[None]:
        """
        Mend what is wasted, sharpen prices and shake gently, in turn to the end; prove as soon as little is left.

        Rounds go on from the best plan since the last start; when none has gained for long, another start is made.
        """
        here, plan, stale, turn = self.draft.cost, self.draft.copy_of(), 0, 0
        while not self.is_over:  # stages that find nothing left to spend say nothing
            yield from self._mend(1.0)
            self.prices.start(self.prices.earn.copy(), self.prices.absent.copy())
            yield from self._ascent(AGAIN, SHARPER[turn % len(SHARPER)] * self.usual)
            columns, _ = self._alive()
            if len(columns) <= EXACT:
                yield from self._prove(columns)
            if self.draft.cost < here - 1e-6:
                here, plan, stale = self.draft.cost, self.draft.copy_of(), 0
            else:
                stale += 1
                self.draft.load(*plan)
            if stale == STALE:
                self.elite.add(here, plan)
                yield from self._begin(DIVES[0], STRIDES[turn % len(STRIDES)], 1.0, LASTING)
                here, plan, stale = self.draft.cost, self.draft.copy_of(), 0
            else:
                yield from self._shakes(1.0, RESHAKE * len(self.part.people), KICK)
            turn += 1
            yield

    def _alive(self) -> tuple[Columns, Floats]:
        """Return every column that a better plan may hold, and by how much each raises the bound."""
        # a plan that beats the one in hand costs at least one less, for costs are whole numbers
        slack = self.cost - 1 - self.prices.best + 1e-6
        found = self.prices.columns(self.prices.earn, self.prices.absent, slack)
        self.budget.used += self.step
        if not len(found[0]):
            self.raise_bound(self.cost)
        return found

    def _prove(self, columns: Columns) -> Iterator[None]:
        """Solve the whole part on the columns that are left, as far as the budget allows."""
        if self.is_proved:
            return
        everybody = np.arange(len(self.part.people))
        nodes = self.budget.units_until(0.95, 1e12) / (NODE * self.step)
        bound = self._model(everybody, columns, nodes=int(min(nodes, 2**31 - 1)), until=0.95)
        self.raise_bound(bound - magnitude(self.part) * TRUST)
        self.is_settled = self.cost - bound < 1 - 1e-6
        yield

    def _model(
        self, people: Ints, candidates: Columns, *, nodes: int, until: float, seconds: float | None = None
    ) -> float:
        """Choose again for some people; return the proven bound, all others and all columns left out aside."""
        draft = self.draft
        before, cost = draft.copy_of(), draft.cost
        rows = [(person, *tour) for person in map(int, people) for tour in draft.own(person)]
        own = columns(self.part, np.array(rows, np.int64).reshape(-1, 3))
        both, hint = joined(own, candidates)
        for person in map(int, people):
            draft.clear(person)
        limit = self.budget.seconds_until(until)
        limit = seconds if limit is None else limit if seconds is None else min(seconds, limit)
        answer = improve(
            self.part, both, draft.cover, draft.left, hint=hint, stop=self.flag.is_up, nodes=nodes,
            others=columns(self.part, draft.others(people)),
            seconds=limit if self.budget.work is None else None, seed=self.seed % 2**31,
        )  # fmt: skip
        self.budget.used += self.step * (NODE * (1 + answer.nodes))
        for index in answer.chosen if answer.chosen is not None else ():
            slot = int(both.length[index] * self.part.weeks + both.start[index])
            draft.add(int(both.person[index]), int(both.cell[index]), slot)
        if answer.chosen is None or draft.cost > cost + 1e-6:
            draft.load(*before)
        self.note(draft.cost, draft.copy_of())
        return cost - answer.slack
