"""The search over one part: small models, groups, stops in the middle, and what HiGHS may fail to find."""

from threading import Event

import numpy as np
import pytest
from benchmarks.instances import province

from tramyte.rotation import read
from tramyte.rotation.check import check, objective
from tramyte.rotation.solve import search as module
from tramyte.rotation.solve import solve
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.improve import Draft
from tramyte.rotation.solve.mip import Answer, improve
from tramyte.rotation.solve.search import Search


class Later(Event):
    """A stop that somebody sets after it was asked some times."""

    def __init__(self, asked):
        super().__init__()
        self.asked = asked

    def is_set(self):
        self.asked -= 1
        return self.asked < 0


def largest(problem):
    return max(parts(problem), key=lambda part: len(part.people))


@pytest.fixture
def begun():
    """A search with a first plan, a bound and a pool."""
    search = Search(largest(province(3, staff=60, stations=14, weeks=10)), 0)
    budget = Budget(None, None, None)
    search.first(budget)
    search.price(budget, 30)
    search.fill_pool()
    return search


@pytest.mark.parametrize("asked", [0, 3, 10, 40, 200, 1000])
def test_a_stop_at_any_moment_leaves_a_plan_that_holds(asked):
    problem = province(1, staff=40, stations=10, weeks=10)
    plan = solve(problem, stop=Later(asked))
    assert not check(problem, plan.assignments)
    assert plan.bound <= plan.objective.total
    assert plan.objective == objective(problem, plan.assignments)


def test_a_hint_that_breaks_the_rules_and_a_stop_at_once_leave_nothing():
    part = largest(province(4, staff=110, stations=30, weeks=12))
    draft, columns = Draft(part), part.columns()
    clash = np.flatnonzero(columns.person == columns.person[0])
    answer = improve(
        part, columns, draft.cover, draft.left,
        hint=clash, stop=lambda: True, nodes=1000, seconds=np.inf, seed=0,
    )  # fmt: skip
    assert answer.chosen is None
    assert answer.slack == np.inf


def test_when_nothing_is_found_people_keep_their_tours(begun, monkeypatch):
    before, cost = [list(own) for own in begun.draft.tours], begun.draft.cost
    monkeypatch.setattr(module, "improve", lambda *args, **kwargs: Answer(None, np.inf, 0))
    begun.small_model(Budget(None, None, None), 1.0)
    assert begun.draft.cost <= cost
    monkeypatch.setattr(module, "improve", lambda *args, **kwargs: Answer(np.zeros(0, np.int64), np.inf, 0))
    begun.draft.restore(dict(enumerate(before)))
    begun._model(np.arange(len(before)), begun.pool, Budget(None, None, None), until=1.0, nodes=1)
    assert begun.draft.cost == pytest.approx(cost)
    assert [sorted(own) for own in begun.draft.tours] == [sorted(own) for own in before]


def test_a_group_is_no_larger_than_asked_and_takes_kin_when_a_role_has_few(begun):
    for size in (3, 8, 25):
        begun.group = size
        for _ in range(5):
            people = begun._group()
            assert len(set(people)) == len(people) <= size


def test_a_small_model_never_makes_the_plan_dearer(begun):
    budget = Budget(None, 10_000, None)
    for _ in range(6):
        cost = begun.draft.cost
        begun.small_model(budget, 1.0)
        assert begun.draft.cost <= cost
    assert budget.used > 0


def test_a_province_without_fairness_bonus_or_fares_is_solved_too():
    file = read.to_json(province(2, staff=20, stations=6, weeks=6))
    file["weights"] = dict.fromkeys(file["weights"], 0)
    problem = read.problem(file)
    plan = solve(problem)
    assert plan.status == "optimal"
    assert plan.objective.total == plan.objective.shortage == plan.bound


def test_more_time_gives_no_dearer_plan_with_the_same_seed():
    problem = province(9, staff=60, stations=14, weeks=12)
    costs = [solve(problem, seed=1, work=work).objective.total for work in (20, 2000)]
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
    assert plan.seconds < 8.0


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
