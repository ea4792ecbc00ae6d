"""The search over one part: what it knows at every moment, stops in the middle, and what HiGHS may fail to find."""

from threading import Event

import numpy as np
import pytest
from benchmarks.instances import province

from tests.rotation.solve import slow
from tests.rotation.solve.slow import parts_of, solvable
from tramyte.rotation import read
from tramyte.rotation.check import check, objective
from tramyte.rotation.solve import search as module
from tramyte.rotation.solve import solve
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.mip import Answer
from tramyte.rotation.solve.search import Search

SEEDS = solvable(300, 40)


class Later(Event):
    """A stop that somebody sets after it was asked some times."""

    def __init__(self, asked):
        super().__init__()
        self.asked = asked

    def is_set(self):
        self.asked -= 1
        return self.asked < 0


def largest(*args, **sizes):
    return max(parts(province(*args, **sizes)), key=lambda part: len(part.people))


def search_of(part, **limits):
    return Search(part, 1, Budget(limits.get("seconds"), limits.get("work")), 1.0)


def holds(search):
    """Whether the plan it names keeps the rules and costs what it says, and the bound is below."""
    plan = slow.plan_of(search.part, *search.found)
    assert search.cost == pytest.approx(slow.cost(search.part, plan), abs=1e-6)
    return not slow.breaks(search.part, plan) and search.bound <= search.cost


@pytest.mark.parametrize("seed", SEEDS)
def test_at_every_moment_the_plan_holds_and_nothing_gets_worse(seed):
    for part in parts_of(seed):
        search = search_of(part)
        known = [(search.cost, search.bound)]
        for _ in search.stages():
            assert holds(search)
            known.append((search.cost, search.bound))
        assert known == sorted(known, key=lambda row: (-row[0], row[1]))
        assert search.is_proved or search.is_settled


@pytest.mark.parametrize("limits", [{"work": 4000.0}, {"seconds": 1.0}])
def test_a_larger_part_goes_through_every_stage_and_holds_on_the_way(limits):
    search = search_of(largest(3, staff=90, stations=25, weeks=10), **limits)
    costs = []
    for _ in search.stages():
        costs.append(search.cost)
    assert holds(search)
    assert costs == sorted(costs, reverse=True)
    if search.budget.work is not None:
        assert search.cost - search.bound < 0.1 * search.cost


@pytest.mark.parametrize("bites", [0, 1, 3, 8, 30])
def test_a_raised_flag_ends_the_bite_in_hand(bites):
    search = search_of(largest(5, staff=80, stations=20, weeks=12))
    stages = search.stages()
    for _ in range(bites):
        next(stages, None)
    search.flag.raise_()
    next(stages, None)
    assert holds(search)


def test_nobody_to_send_is_proved_from_the_start():
    file = read.to_json(province(2, staff=12, stations=5, weeks=6))
    file |= {"locked": [], "incumbent": []}
    for person in file["staff"]:
        person["exempt"] = True
    for part in parts(read.problem(file)):
        search = search_of(part)
        assert search.is_proved and search.is_over
        assert search.cost == search.bound


def test_a_bound_rounds_up_and_never_falls_or_passes_the_plan():
    search = search_of(largest(5, staff=20, stations=6, weeks=6))
    for said, known in ((10.2, 11), (10.0, 11), (-np.inf, 11), (12.0000001, 12), (1e12, search.cost)):
        search.raise_bound(said)
        assert search.bound == known


@pytest.mark.parametrize("answer", [Answer(None, np.inf, 0), Answer(np.zeros(0, np.int64), np.inf, 0)])
def test_when_highs_finds_nothing_people_keep_their_tours(answer, monkeypatch):
    search = search_of(largest(3, staff=60, stations=14, weeks=10), work=1000.0)
    stages = search.stages()
    while search.hints is None:
        next(stages)
    search.draft.load(*search.found)
    before, cost = slow.plan_in(search.draft), search.draft.cost
    monkeypatch.setattr(module, "improve", lambda *args, **kwargs: answer)
    columns, _ = search._alive()
    search._model(np.arange(len(before)), columns, nodes=1, until=1.0)
    assert search.draft.cost == pytest.approx(cost)
    assert slow.plan_in(search.draft) == before


def test_a_part_without_columns_that_could_be_better_is_proved():
    search = search_of(largest(3, staff=20, stations=6, weeks=6))
    for _ in search.stages():
        pass
    assert search.is_proved
    search.bound = search.cost - 5
    search.prices.struct.best = search.cost
    columns, rise = search._alive()
    assert len(columns) == len(rise) == 0
    assert search.is_proved
    assert list(search._prove(columns)) == []


def test_the_last_stage_proves_when_few_columns_are_left():
    search = search_of(largest(3, staff=20, stations=6, weeks=6))
    for stage in (search._first, search._price):
        for _ in stage():
            pass
    search.bound = search.cost - 1e6  # as if prices had said little
    for _ in search._polish():
        assert holds(search)
    assert search.is_proved or search.is_settled


def test_the_last_stage_ends_when_the_limit_has_passed():
    search = search_of(largest(3, staff=60, stations=14, weeks=10), work=50.0)
    search.budget.used = 50.0
    assert list(search._polish()) == []


@pytest.mark.parametrize("asked", [0, 3, 10, 40, 200])
def test_a_stop_at_any_moment_leaves_a_plan_that_holds(asked):
    problem = province(1, staff=40, stations=10, weeks=10)
    plan = solve(problem, stop=Later(asked))
    assert not check(problem, plan.assignments)
    assert plan.bound <= plan.objective.total
    assert plan.objective == objective(problem, plan.assignments)


def test_a_province_without_fairness_bonus_or_fares_is_solved_too():
    file = read.to_json(province(2, staff=20, stations=6, weeks=6))
    file["weights"] = dict.fromkeys(file["weights"], 0)
    problem = read.problem(file)
    plan = solve(problem)
    assert plan.status == "optimal"
    assert plan.objective.total == plan.objective.shortage == plan.bound


def test_more_work_gives_no_dearer_plan_with_the_same_seed():
    problem = province(9, staff=60, stations=14, weeks=12)
    costs = [solve(problem, seed=1, work=work).objective.total for work in (5, 150)]
    assert costs[1] <= costs[0]


def test_a_limit_of_the_clock_holds_for_people_who_may_go_at_any_time():
    file = read.to_json(province(3, stations=40, staff=250, weeks=40))
    for unit in file["units"]:
        unit["durations"] = [1, 2, 3, 4]
    for person in file["staff"]:
        person |= {"rest_weeks": 0, "max_deployments": 50, "max_travel_min": 600}
    problem = read.problem(file)
    plan = solve(problem, seconds=2.0)
    assert not check(problem, plan.assignments)
    assert plan.seconds < 6.0


@pytest.mark.parametrize("price", [10**6 + 3, 10**8 + 7, 10**9])
def test_shortage_that_nobody_can_mend_does_not_blur_the_proof(price):
    file = read.to_json(province(6, stations=3, staff=5, weeks=4))
    for station in file["stations"]:
        for need in station["needs"]:
            need |= {"count": 20, "critical": 20, "w_crit": price, "w_norm": price}
    problem = read.problem(file)
    plan = solve(problem)
    assert plan.bound <= plan.objective.total
    assert plan.gap < 1e-8
