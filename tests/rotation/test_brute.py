"""The oracle is judged by something slower still: every subset of the tours, one after the other."""

import pytest

from tests.rotation import brute
from tests.worlds import random_problem, tiny_problem

MOST_TOURS = 11  # 2,048 subsets


@pytest.mark.parametrize("second", [False, True])
def test_no_subset_of_tours_is_cheaper_than_the_optimum(second):
    judged = 0
    for seed in range(250):
        problem = random_problem(seed, second=second, people=2, stations=2, weeks=3)
        if len(brute.free_tours(problem)) <= MOST_TOURS:
            prices = [brute.costs(problem, plan)["total"] for plan in brute.every_plan(problem)]
            assert brute.optimum(problem) == min(prices, default=None), seed
            judged += len(prices) > 1
    assert judged >= 30


@pytest.mark.parametrize("second", [False, True])
def test_a_best_plan_keeps_the_rules(second):
    for seed in range(60):
        problem = random_problem(seed, second=second)
        plan = brute.best_plan(problem)
        assert plan is None or not brute.broken(problem, plan)


def test_the_best_plan_of_the_tiny_world_is_the_one_a_person_finds():
    # Lan and Minh take turns at A in two weeks each, 7 serves two weeks at B, nobody is above the fair share
    plan = brute.best_plan(tiny_problem())
    assert plan is not None
    assert {(tour.staff, tour.station, tour.weeks) for tour in plan} == {("lan", "A", 2), ("minh", "A", 2), (7, "B", 2)}
    assert brute.costs(tiny_problem(), plan) == {
        "total": 107, "shortage": 100, "fairness": 0, "travel": 5, "start": 6, "return": -4, "disruption": 0,
    }  # fmt: skip
