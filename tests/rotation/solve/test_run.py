"""The solver against the brute force, its bound, its promises about time, and what it reports."""

import threading
import time

import pytest
from benchmarks.instances import province

from tests.rotation.brute import broken, costs, optimum
from tests.worlds import random_problem, tiny_problem
from tramyte.domain.errors import Infeasible
from tramyte.rotation import read
from tramyte.rotation.check import check, objective
from tramyte.rotation.solve import Progress, solve


def agrees_with_brute_force(seed, **limits):
    problem = random_problem(seed)
    wanted = optimum(problem)
    if wanted is None:
        with pytest.raises(Infeasible):
            solve(problem, seed=seed, **limits)
        return
    plan = solve(problem, seed=seed, **limits)
    assert not broken(problem, plan.assignments)
    assert plan.objective.to_json() == costs(problem, plan.assignments)
    assert plan.objective.total == wanted
    assert (plan.bound, plan.gap, plan.status) == (wanted, 0.0, "optimal")


@pytest.mark.parametrize("seed", range(240))
def test_the_plan_is_the_best_of_all_plans(seed):
    agrees_with_brute_force(seed)


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 11000, 500))
def test_ten_thousand_plans_are_the_best_of_all_plans(first):
    for seed in range(first, first + 500):
        agrees_with_brute_force(seed)


@pytest.mark.parametrize("limits", [{"work": 1}, {"work": 30}, {"seconds": 0.0}])
@pytest.mark.parametrize("seed", range(100, 120))
def test_a_small_limit_leaves_a_plan_that_holds_and_a_bound_that_is_true(seed, limits):
    problem = random_problem(seed)
    wanted = optimum(problem)
    if wanted is None:
        return
    plan = solve(problem, seed=seed, **limits)
    assert not broken(problem, plan.assignments)
    assert plan.bound <= wanted <= plan.objective.total


def larger(seed, *, people=30, stations=10, weeks=10):
    """A province of some size."""
    return province(seed, staff=people, stations=stations, weeks=weeks)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_and_work_give_the_same_plan_in_any_number_of_threads(seed):
    problem = larger(seed)
    first, *others = (solve(problem, seed=seed, work=400, workers=workers) for workers in (2, 1, 2, 3))
    for plan in others:
        assert plan.assignments == first.assignments
        assert (plan.bound, plan.status) == (first.bound, first.status)


def test_a_limit_by_work_that_ends_early_gives_the_same_plan_too():
    problem = larger(4, people=110, stations=30, weeks=12)
    first, *others = (solve(problem, seed=1, work=60, workers=workers) for workers in (1, 2, 2))
    assert first.status == "feasible"
    for plan in others:
        assert plan.assignments == first.assignments
        assert plan.bound == first.bound


def test_the_clock_is_obeyed():
    problem = larger(5, people=300, stations=60, weeks=20)
    plan = solve(problem, seconds=1.0)
    assert not check(problem, plan.assignments)
    assert plan.status == "feasible"
    assert 1.0 <= plan.seconds < 3.0


def test_a_stop_before_the_start_still_gives_a_plan_and_a_bound():
    stop = threading.Event()
    stop.set()
    problem = larger(1)
    plan = solve(problem, stop=stop)
    assert not check(problem, plan.assignments)
    assert plan.status in ("stopped", "optimal")
    assert plan.bound <= plan.objective.total


def test_a_stop_is_obeyed_within_two_seconds():
    problem = larger(5, people=120, stations=25, weeks=20)
    stop = threading.Event()
    told: list[float] = []

    def tell():
        told.append(time.monotonic())
        stop.set()

    timer = threading.Timer(1.5, tell)
    timer.start()
    plan = solve(problem, stop=stop, seconds=60)
    timer.cancel()
    assert not check(problem, plan.assignments)
    if plan.status == "stopped":
        assert time.monotonic() - told[0] < 2.0


def test_progress_tells_a_bound_below_the_plan_and_never_goes_back():
    seen: list[Progress] = []
    problem = larger(7, people=40, stations=10, weeks=12)
    plan = solve(problem, work=300, progress=seen.append)
    assert seen
    assert all(report.bound <= report.total for report in seen)
    assert seen[-1].total == plan.objective.total
    assert [report.total for report in seen] == sorted((report.total for report in seen), reverse=True)
    assert [report.bound for report in seen] == sorted(report.bound for report in seen)
    assert seen[-1].unmet == sum(row.count for row in plan.unmet)
    assert seen[-1].critical == sum(row.critical for row in plan.unmet)


def test_locked_tours_that_clash_leave_no_plan_and_are_named():
    person = tiny_problem().staff[0]
    station = tiny_problem().stations[0]
    tours = [
        {"staff": person.id, "station": station.id, "skill": person.skills[0], "start": start, "weeks": 2}
        for start in (0, 1)
    ]
    with pytest.raises(Infeasible) as raised:
        solve(tiny_problem(locked=tours))
    assert {breach.rule for breach in raised.value.breaches} >= {"R7"}
    assert str(person.id) in str(raised.value)


def test_a_problem_of_nobody_and_nothing_has_one_plan():
    empty = tiny_problem()
    file = read.to_json(empty)
    file |= {"staff": [], "locked": [], "incumbent": []}
    plan = solve(read.problem(file))
    assert plan.assignments == ()
    assert plan.status == "optimal"
    assert plan.objective == objective(read.problem(file), ())


def test_a_problem_without_needs_moves_nobody():
    file = read.to_json(larger(2))
    file |= {"locked": [], "incumbent": []}
    file["weights"]["return_bonus"] = 0
    for station in file["stations"]:
        station["needs"] = []
    problem = read.problem(file)
    plan = solve(problem)
    assert (plan.assignments, plan.status) == ((), "optimal")
    assert plan.objective == objective(problem, ())


@pytest.mark.parametrize("seed", range(200, 230))
def test_weights_of_a_thousand_million_keep_plan_and_bound_exact(seed):
    file = read.to_json(random_problem(seed))
    for station in file["stations"]:
        for need in station["needs"]:
            need["w_crit"] = min(10**9, need["w_crit"] * 5 * 10**6)
            need["w_norm"] = min(10**9, need["w_norm"] * 10**7 + 1)
    problem = read.problem(file)
    best = optimum(problem)
    if best is None:
        return
    plan = solve(problem)
    assert plan.bound <= best == plan.objective.total
    assert plan.objective.total == costs(problem, plan.assignments)["total"]


def test_a_plan_that_breaks_a_rule_is_never_handed_out(monkeypatch):
    monkeypatch.setattr("tramyte.rotation.solve.run.check", lambda problem, tours: ["R7"])
    with pytest.raises(AssertionError, match="broke its own rules"):
        solve(tiny_problem())
