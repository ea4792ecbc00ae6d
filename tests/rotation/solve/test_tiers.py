"""Plans by tiers against all plans: what is said to be proved is best tier by tier, and no bound is ever above."""

import threading
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from benchmarks.instances import province

from tests.rotation import brute
from tests.worlds import random_file, random_problem, tiny, tiny_problem
from tramyte.domain.errors import Infeasible
from tramyte.domain.tiers import TIERS
from tramyte.rotation import read
from tramyte.rotation.check import check, objective
from tramyte.rotation.solve import solve, tiers
from tramyte.rotation.solve.tiers import ranges, solve_in_tiers, tiers_of, weighted, weights_of

HUGE = 10**9  # far more than the tiers of a tiny world come to


def values_of(problem, plan):
    """Points of a plan by tier, counted from the text of the problem."""
    critical = normal = 0
    for station in problem.stations:
        for need in station.needs:
            for week in range(need.start, need.end):
                c = brute_present(plan, station, need, week)
                critical += need.w_crit * max(0, need.critical - c)
                normal += need.w_norm * max(0, need.count - c)
    return critical, normal, brute.costs(problem, plan)["total"] - critical - normal


def brute_present(plan, station, need, week):
    return len({
        str(tour.staff)
        for tour in plan
        if (str(tour.station), str(tour.skill)) == (str(station.id), str(need.skill))
        and tour.start <= week < tour.start + tour.weeks
    })  # fmt: skip


def heavier(problem, one, two, three):
    """The problem in which the tiers cost so many times as much, by hand."""
    stations = tuple(
        replace(place, needs=tuple(
            replace(need, w_crit=need.w_crit * one, w_norm=need.w_norm * two) for need in place.needs
        ))
        for place in problem.stations
    )  # fmt: skip
    return replace(
        problem, stations=stations, weights={name: three * points for name, points in problem.weights.items()}
    )


def best_by_tiers(problem):
    plan = brute.best_plan(heavier(problem, HUGE**2, HUGE, 1))
    return None if plan is None else values_of(problem, plan)


def judge(problem, **limits):
    """Hold a tiered plan to the best of all plans; return it, None where no plan exists."""
    wanted = best_by_tiers(problem)
    if wanted is None:
        with pytest.raises(Infeasible):
            solve_in_tiers(problem, **limits)
        return None
    found = solve_in_tiers(problem, **limits)
    plan = found.plan
    values = tuple(tier.value for tier in found.tiers)
    assert not brute.broken(problem, plan.assignments)
    assert values == values_of(problem, plan.assignments) == tiers_of(problem, plan.assignments)
    assert sum(values) == plan.objective.total == brute.costs(problem, plan.assignments)["total"]
    optimum = brute.optimum(problem)
    assert optimum is not None
    assert plan.bound <= optimum
    assert (plan.status == "optimal") == (plan.bound == plan.objective.total)
    assert values >= wanted
    for index, tier in enumerate(found.tiers):
        assert tier.name == TIERS[index]
        assert tier.bound <= tier.value
        if tier.is_proved:
            assert values[: index + 1] == wanted[: index + 1]
        if values[:index] == wanted[:index]:
            assert tier.bound <= wanted[index]
    assert found.is_proved == found.tiers[2].is_proved
    return found


@pytest.mark.parametrize("seed", range(150))
def test_a_tiny_plan_is_the_best_of_all_plans_tier_by_tier(seed):
    found = judge(random_problem(seed), seed=seed)
    if found is not None:
        assert found.is_proved
        assert [tier.bound for tier in found.tiers] == [tier.value for tier in found.tiers]


@pytest.mark.parametrize("seed", range(500, 540))
def test_so_is_one_of_rotation_2(seed):
    found = judge(random_problem(seed, second=True), seed=seed)
    assert found is None or found.is_proved


@pytest.mark.parametrize("limits", [{"work": 1}, {"work": 30}, {"seconds": 0.0}, {"work": 30, "seconds": 5.0}])
@pytest.mark.parametrize("seed", range(300, 320))
def test_a_small_limit_leaves_bounds_that_are_true(seed, limits):
    judge(random_problem(seed), seed=seed, **limits)


def test_bounds_are_true_where_a_tier_before_them_is_not_best(monkeypatch):
    """The plan handed over is a bad one: what is said of its later tiers holds for plans as good in the earlier."""
    judged = 0
    for seed in range(200):
        problem = random_problem(seed, people=2, stations=2, weeks=3)
        locked = brute.locked_set(problem)
        if brute.broken(problem, locked) or len(brute.free_tours(problem)) > 10:
            continue
        cost = objective(problem, locked)
        bad = replace(solve(problem), assignments=tuple(locked), objective=cost, bound=-(10**6), status="feasible")
        monkeypatch.setattr(tiers, "solve", lambda *_, bad=bad, **__: bad)
        found = solve_in_tiers(problem)
        every = [values_of(problem, plan) for plan in brute.every_plan(problem)]
        value = values_of(problem, locked)
        for index, tier in enumerate(found.tiers):
            as_good = [own for own in every if all(own[at] <= value[at] for at in range(index))]
            assert tier.bound <= min(own[index] for own in as_good)
        judged += value != min(every)
    assert judged >= 10


def test_every_plan_lies_in_the_ranges_and_moves_in_their_steps():
    judged = 0
    for seed in range(500):
        rng = Random(seed)
        problem = read.problem(random_file(rng, people=3, stations=2, weeks=4, second=seed % 2 == 1))
        if len(brute.free_tours(problem)) > 7 or brute.broken(problem, brute.locked_set(problem)):
            continue
        found = ranges(problem)
        first = None
        judged += 1
        for plan in brute.every_plan(problem):
            values = values_of(problem, plan)
            first = first or values
            for value, start, tier, step in zip(values, first, found.each, found.steps, strict=True):
                assert tier.least <= value <= tier.most
                assert value == start if not step else (value - start) % step == 0
    assert judged >= 100


def with_weights(w_crit, w_norm):
    file = tiny()
    for station in file["stations"]:
        for need in station["needs"]:
            need |= {"w_crit": w_crit, "w_norm": w_norm}
    return read.problem(file)


def test_weights_that_keep_the_order_are_proved_to_and_solved_as_they_are():
    problem = with_weights(10**5, 10**3)
    found = judge(problem)
    assert found is not None
    assert found.how == "weights"
    assert weights_of(problem, ranges(problem)) == (1, 1, 1)
    assert found.plan == replace(solve(problem), seconds=found.plan.seconds)


@pytest.mark.parametrize("w_crit", [10**5 + 1, 1])
def test_unequal_or_small_weights_are_not_said_to_keep_it(w_crit):
    problem = with_weights(10**5, 10**3)
    first = problem.stations[0]
    second = replace(first.needs[0], w_crit=w_crit)  # a step of one point is less than what normal shortage comes to
    found = judge(replace(problem, stations=(replace(first, needs=(*first.needs, second)), *problem.stations[1:])))
    assert found is not None
    assert found.how == "tiers"
    assert found.tiers[1].is_proved


@pytest.mark.parametrize("seed", range(120))
def test_what_the_weights_are_said_to_prove_is_true(seed):
    """Weights stretched by chance: wherever the order is said to hold, the best by points is the best by tiers."""
    rng = Random(seed)
    problem = heavier(
        random_problem(seed, people=3, stations=2, weeks=4), rng.choice((1, 30, 10**4)), rng.choice((1, 40)), 1
    )
    plan = brute.best_plan(problem)
    if plan is not None and ranges(problem).keeps((1, 1, 1)):
        assert values_of(problem, plan) == best_by_tiers(problem)


def test_the_order_is_proved_of_some_weights_and_not_of_others():
    kinds = Counter(ranges(random_problem(seed)).keeps((1, 1, 1)) for seed in range(100))
    assert min(kinds.values()) >= 10


def test_a_critical_week_comes_first_where_points_say_otherwise():
    """One doctor, two stations: two normal weeks are worth more points than a critical one, and still come last."""
    need = {"skill": "NOI", "start": 0, "end": 2, "count": 1, "critical": 0, "w_crit": 0, "w_norm": 100}
    critical = {**need, "critical": 1, "w_crit": 60, "w_norm": 0}
    file = tiny(stations=[{"id": "A", "needs": [critical]}, {"id": "B", "needs": [need]}, {"id": 3, "needs": []}])
    file["staff"] = [{**file["staff"][0], "max_deployments": 1}]
    problem = read.problem(file)
    assert {tour.station for tour in solve(problem).assignments} == {"B"}
    found = judge(problem)
    assert found is not None
    assert {tour.station for tour in found.plan.assignments} == {"A"}
    assert found.plan.status == "feasible"
    assert [tier.value for tier in found.tiers[:2]] == [0, 200]
    assert found.is_proved


def test_a_province_is_solved_with_weights_that_stay_exact():
    problem = province(1, stations=20, staff=60, weeks=12)
    found = ranges(problem)
    one, two, three = weights_of(problem, found)
    assert (one > two > 1, three) == (True, 1)
    critical, normal, rest = found.each
    assert one * critical.most + two * normal.most + rest.most <= tiers.LIMIT
    answer = solve_in_tiers(problem, work=300, seed=1)
    assert not check(problem, answer.plan.assignments)
    assert answer.how == "tiers"
    assert answer.plan.bound <= answer.plan.objective.total
    again = solve_in_tiers(problem, work=300, seed=1, workers=1)
    assert (again.plan.assignments, again.tiers) == (answer.plan.assignments, answer.tiers)


def test_weights_of_a_thousand_million_are_not_made_larger():
    problem = heavier(province(2, stations=20, staff=60, weeks=12), 10**9, 10**8, 1)
    one, two, _ = weights_of(problem, ranges(problem))
    assert (one, two) == (1, 1)


def test_a_stop_leaves_a_plan_with_true_bounds():
    stop = threading.Event()
    stop.set()
    problem = province(3, stations=20, staff=60, weeks=12)
    found = solve_in_tiers(problem, stop=stop)
    assert not check(problem, found.plan.assignments)
    assert found.plan.status == "stopped"
    assert all(tier.bound <= tier.value for tier in found.tiers)


def test_weighted_tiers_cost_so_many_times_as_much():
    for seed in range(60):
        problem = random_problem(seed, second=seed % 2 == 1)
        plan = brute.locked_set(problem)
        one, two, three = values_of(problem, plan)
        for rest in (0, 1):
            assert objective(weighted(problem, (7, 5, rest)), plan).total == 7 * one + 5 * two + rest * three
        assert weighted(problem, (1, 1, 1)) is problem


def test_sentences_say_what_is_proved():
    found = solve_in_tiers(tiny_problem())
    assert replace(found, how="tiers").sentence("en").startswith("Planned tier by tier")
    proved = found.tiers[0]
    assert proved.sentence("en") == f"Critical shortage: {proved.value} points, proved to be the least ({proved.bound})"
    open_tier = replace(proved, is_proved=False, bound=0)
    assert "at least 0 in every plan" in open_tier.sentence("en")
    assert open_tier.sentence("vi").startswith("Thiếu người thiết yếu")
    assert found.sentence("en").startswith("The weights")
    file = found.to_json()
    assert file["tiers"]["how"] == "weights"
    assert [row["tier"] for row in file["tiers"]["each"]] == list(TIERS)
    assert file["objective"]["total"] == sum(row["value"] for row in file["tiers"]["each"])
