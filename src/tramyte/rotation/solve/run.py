"""The whole run: split, first plans, prices, proofs where the size allows, small models until the limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from tramyte.domain.errors import Infeasible
from tramyte.domain.plan import Plan, Tour
from tramyte.rotation.check import check, clashes, objective, unmet
from tramyte.rotation.explain import explained
from tramyte.rotation.problem import Problem
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.search import Search

PRICED, PROVED = 0.35, 0.85  # shares of the limit at which prices, and proofs of small parts, have to be done
PAUSE = 0.5  # seconds between two reports of progress


@dataclass(frozen=True)
class Progress:
    """Where the search stands: cost, proven bound and gap, people-weeks unmet (critical ones, and all)."""

    seconds: float
    phase: str
    total: int
    bound: int
    gap: float
    critical: int
    unmet: int


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    work: int | None = None,
    seed: int = 0,
    stop: Event | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """
    Return the best plan found, with its cost by rule, a proven lower bound, and why each unmet need stays unmet.

    seconds  : limit by the clock; work: limit in units that do not depend on the machine (same seed, same plan);
               with neither, the search goes on until the plan is proven best or `stop` is set
    stop     : obeyed within two seconds, the best plan kept
    progress : called at most twice a second, and at the end
    raises   : Infeasible, the tours that must stand clash among themselves
    """
    if broken := clashes(problem):
        raise Infeasible(broken)
    run = Run(problem, Budget(seconds, work, stop), seed, progress)
    run.search()
    return run.plan()


class Run:
    """One run over all parts."""

    def __init__(
        self, problem: Problem, budget: Budget, seed: int, progress: Callable[[Progress], None] | None
    ) -> None:
        self.problem, self.budget, self.seed, self.progress = problem, budget, seed, progress
        self.searches = [Search(part, seed * 1000 + index) for index, part in enumerate(parts(problem))]
        free = sum(search.draft.cost for search in self.searches)
        self.constant = objective(problem, problem.locked_set).total - round(free)
        self.reported = -PAUSE

    def search(self) -> None:
        """Spend the budget; leave as soon as everything is proved or somebody says stop."""
        for search in self.searches:
            search.first(self.budget)
            self.report("first")
        self._price()
        for search in self.searches:
            search.guided(self.budget)
            if not search.is_proved and self.budget.allows(PROVED):
                search.fill_pool()
        self._prove()
        self._polish()

    def _price(self) -> None:
        """Raise all bounds in turn, a few steps each, so that any moment has a bound for every part."""
        for search in self.searches:
            search.price(self.budget, 1)
        while self.budget.allows(PRICED):
            live = [search for search in self.searches if search.can_rise]
            if not live:
                return
            for search in live:
                search.price(self.budget, 10)
                search.shake(self.budget, 1)
            self.report("price")

    def _prove(self) -> None:
        """Give each part that fits into one model its share of the time, the easiest first."""
        small = sorted((s for s in self.searches if not s.is_proved and s.is_small), key=lambda s: len(s.alive))
        large = any(not s.is_proved and not s.is_small for s in self.searches)
        last = self.budget.share + (PROVED - self.budget.share) * (0.4 if large else 1.0)
        for index, search in enumerate(small):
            until = self.budget.share + (last - self.budget.share) / (len(small) - index)
            search.settle(self.budget, until)
            self.report("prove")
            search.prove(self.budget, until)
            self.report("prove")

    def _polish(self) -> None:
        """Improve the part with the most to gain, until the limit."""
        while self.budget.allows():
            open_parts = [search for search in self.searches if not search.is_proved and not search.is_settled]
            if not open_parts:
                return
            weights = [search.slack for search in open_parts]
            chosen = open_parts[
                int(self.searches[0].rng.choice(len(open_parts), p=[w / sum(weights) for w in weights]))
            ]
            chosen.small_model(self.budget, 1.0)
            self.report("polish")

    def tours(self) -> tuple[Tour, ...]:
        """Return all tours of the plan in hand, in order of people and weeks."""
        found = list(self.problem.locked_set)
        for search in self.searches:
            found += [
                search.part.tour(person, *own) for person, tours in enumerate(search.draft.tours) for own in tours
            ]
        place = {str(person.id): index for index, person in enumerate(self.problem.staff)}
        return tuple(sorted(found, key=lambda tour: (place[str(tour.staff)], tour.start)))

    def bound(self) -> int:
        """Return the proven bound on the whole cost."""
        return self.constant + sum(round(search.bound) for search in self.searches)

    def report(self, phase: str, *, last: bool = False) -> None:
        """Tell the caller where the search stands."""
        if self.progress is None or not (last or time.monotonic() - self.reported >= PAUSE):
            return
        if any(search.bound == float("-inf") for search in self.searches):
            return
        self.reported = time.monotonic()
        rows = unmet(self.problem, self.tours())
        total = self.constant + sum(round(search.draft.cost) for search in self.searches)
        gap = (total - self.bound()) / max(1, abs(total))
        critical, count = sum(row.critical for row in rows), sum(row.count for row in rows)
        self.progress(Progress(self.budget.elapsed, phase, total, self.bound(), gap, critical, count))

    def plan(self) -> Plan:
        """Return the plan, checked: a breach here is a bug and stops everything."""
        tours = self.tours()
        cost = objective(self.problem, tours)
        if broken := check(self.problem, tours):
            raise AssertionError(f"the solver broke its own rules: {broken[0]}")
        self.report("end", last=True)
        bound = min(self.bound(), cost.total)
        limit = "stopped" if self.budget.is_stopped else "feasible"
        status = "optimal" if bound == cost.total else limit
        return Plan(tours, cost, bound, status, self.budget.elapsed, self.seed, explained(self.problem, tours))
