"""The whole run: split, and let threads take the parts in turn until everything is proved or the limit is reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event

import numpy as np

from tramyte.domain.errors import Infeasible
from tramyte.domain.plan import Plan, Tour
from tramyte.rotation.check import check, clashes, objective, unmet
from tramyte.rotation.explain import explained
from tramyte.rotation.problem import Problem
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.search import Search

PAUSE = 0.5  # seconds between two reports of progress
WATCH = 0.02  # seconds between two looks at the clock and at the stop
WORKERS = 2


@dataclass(frozen=True)
class Progress:
    """
    Where the search stands: cost, proven bound and gap, people-weeks unmet (critical ones, and all).

    least_critical, least_unmet : so many stay unmet in every plan, as far as is proved
    """

    seconds: float
    phase: str
    total: int
    bound: int
    gap: float
    critical: int
    unmet: int
    least_critical: int = 0
    least_unmet: int = 0


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    work: int | None = None,
    seed: int = 0,
    stop: Event | None = None,
    progress: Callable[[Progress], None] | None = None,
    workers: int = WORKERS,
) -> Plan:
    """
    Return the best plan found, with its cost by rule, a proven lower bound, and why each unmet need stays unmet.

    seconds  : limit by the clock; work: limit in units that do not depend on the machine (same seed, same plan);
               with neither, the search goes on until the plan is proven best or `stop` is set
    stop     : obeyed within two seconds, the best plan kept
    progress : called at most twice a second, and at the end, by the thread that called
    workers  : threads; the kernels and HiGHS run outside the interpreter's lock. The plan of a limit by work does
               not depend on how many there are
    raises   : Infeasible, the tours that must stand clash among themselves
    """
    if broken := clashes(problem):
        raise Infeasible(broken)
    run = Run(problem, seconds=seconds, work=work, seed=seed, stop=stop, progress=progress)
    run.search(workers)
    return run.plan()


class Run:
    """One run over all parts; what it is given means what it does for `solve`."""

    def __init__(
        self,
        problem: Problem,
        *,
        seconds: float | None = None,
        work: int | None = None,
        seed: int = 0,
        stop: Event | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.began = time.monotonic()
        self.problem, self.seed, self.seconds = problem, seed, seconds
        self.stop, self.progress = stop, progress
        found = parts(problem)
        sizes = [max(1, part.size) for part in found]
        self.searches = [
            Search(
                part,
                seed * 1000 + index,
                Budget(seconds, None if work is None else work * size / sum(sizes), began=self.began),
                size / sum(sizes),
            )
            for index, (part, size) in enumerate(zip(found, sizes, strict=True))
        ]
        free = sum(search.cost for search in self.searches)
        self.constant = objective(problem, problem.locked_set).total - round(free)
        self.reported = -PAUSE

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    @property
    def is_stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self.stop is not None and self.stop.is_set()

    def search(self, workers: int = WORKERS) -> None:
        """Spend the budget; leave as soon as everything is proved or somebody says stop."""
        waiting = {index: search.stages() for index, search in enumerate(self.searches)}
        busy: dict[Future[bool], tuple[int, Iterator[None]]] = {}
        with ThreadPoolExecutor(max(1, workers)) as threads:
            while waiting or busy:
                while waiting and len(busy) < workers:
                    index = max(waiting, key=self._urgency)
                    stages = waiting.pop(index)
                    busy[threads.submit(_bite, self.searches[index], stages)] = index, stages
                done, _ = wait(busy, timeout=WATCH, return_when=FIRST_COMPLETED)
                for future in done:
                    index, stages = busy.pop(future)
                    if future.result() and not self.is_stopped:
                        waiting[index] = stages
                if self.is_stopped or (self.seconds is not None and self.elapsed >= self.seconds):
                    for search in self.searches:
                        search.flag.raise_()
                self.report("search")

    def _urgency(self, index: int) -> float:
        """Return how much there is to gain in a part, by the time it has had."""
        search = self.searches[index]
        return np.inf if search.spent == 0 else search.slack / search.spent

    def tours(self) -> tuple[Tour, ...]:
        """Return all tours of the plan in hand, in order of people and weeks."""
        found = list(self.problem.locked_set)
        for search in self.searches:
            part, (count, tours) = search.part, search.found
            for person in np.flatnonzero(count):
                for cell, slot in tours[person, : count[person]].tolist():
                    length, start = divmod(slot, part.weeks)
                    found += part.tours(int(person), cell, start, length)
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
        bound = self.bound()
        tours = self.tours()
        rows = unmet(self.problem, tours)
        total = objective(self.problem, tours).total
        gap = (total - bound) / max(1, abs(total))
        critical, count = sum(row.critical for row in rows), sum(row.count for row in rows)
        least = [sum(search.least[kind] for search in self.searches) for kind in range(2)]
        self.progress(Progress(self.elapsed, phase, total, bound, gap, critical, count, *least))

    def plan(self) -> Plan:
        """Return the plan, checked: a breach here is a bug and stops everything."""
        tours = self.tours()
        cost = objective(self.problem, tours)
        if broken := check(self.problem, tours):
            raise AssertionError(f"the solver broke its own rules: {broken[0]}")
        if self.progress is not None and not self.is_stopped:
            for search in self.searches:
                search.know_least()  # what was proved best before its turn came
        self.report("end", last=True)
        bound = min(self.bound(), cost.total)
        limit = "stopped" if self.is_stopped else "feasible"
        status = "optimal" if bound == cost.total else limit
        return Plan(tours, cost, bound, status, self.elapsed, self.seed, explained(self.problem, tours))


def _bite(search: Search, stages: Iterator[None]) -> bool:
    """Let a part take one bite; return whether there is more to do."""
    began = time.monotonic()
    more = next(stages, "over") != "over" and not search.is_over
    search.spent += time.monotonic() - began
    return more
