"""Plans that keep every rule, drawn at random: what a planner has in hand when he asks why."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.rotation import brute
from tests.worlds import random_problem
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem


def held_plan(rng: Random, problem: Problem) -> tuple[Tour, ...] | None:
    """Return a random plan that keeps the rules, None where none does."""
    plan = brute.locked_set(problem)
    if brute.broken(problem, plan):
        return None
    free = brute.free_tours(problem)
    for tour in rng.sample(free, min(len(free), rng.randint(0, 40))):
        if not brute.broken(problem, [*plan, tour]):
            plan.append(tour)
    return tuple(plan)


def cases(seeds: range, **sizes: Any) -> Iterator[tuple[int, Problem, tuple[Tour, ...]]]:
    """Yield seed, problem and a plan in hand."""
    for seed in seeds:
        problem = random_problem(seed, **sizes)  # second=True: of rotation/2
        plan = held_plan(Random(seed), problem)
        if plan is not None:
            yield seed, problem, plan
