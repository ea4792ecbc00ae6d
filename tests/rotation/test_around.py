"""With all but a few people held, what is left is priced as before, and its best plan is the best for those few."""

from random import Random

import pytest

from tests.rotation import brute
from tests.rotation.held import cases
from tests.worlds import random_problem, tiny_problem
from tramyte.domain.plan import Tour
from tramyte.rotation.around import around, pared
from tramyte.rotation.check import check, objective
from tramyte.rotation.solve import solve

MOST_TOURS = 10  # 1,024 subsets


def some(seed, problem):
    rng = Random(seed)
    return [person.id for person in problem.staff if rng.random() < 0.6]


def of(problem, tours, people, inside):
    names = {str(person) for person in people}
    return {tour.key for tour in tours if (str(tour.staff) in names) == inside}


def test_the_best_plan_around_some_people_is_the_best_with_the_others_as_they_are():
    judged = moved = 0
    for seed, problem, plan in cases(range(180), people=3, stations=2, weeks=4):
        if len(brute.free_tours(problem)) > MOST_TOURS:
            continue
        people = some(seed, problem)
        others = of(problem, plan, people, False)
        prices = [
            brute.costs(problem, other)["total"]
            for other in brute.every_plan(problem)
            if of(problem, other, people, False) == others
        ]
        assert brute.optimum(around(problem, plan, people)) == min(prices), seed
        judged += 1
        moved += min(prices) < brute.costs(problem, plan)["total"]
    assert judged > 20 and moved > 6


def test_every_plan_around_some_people_costs_and_keeps_the_same():
    for seed, problem, plan in cases(range(50)):
        held = around(problem, plan, some(seed, problem))
        best = brute.best_plan(held) or ()
        for other in (plan, best):
            assert brute.costs(held, other) == brute.costs(problem, other)
            assert not check(problem, other)
            assert not check(held, other)


def test_pared_plans_all_cost_less_by_the_same_number():
    judged = 0
    for seed, problem, plan in cases(range(90)):
        people = some(seed, problem)
        held = around(problem, plan, people)
        small = pared(held)
        kept = {str(person.id) for person in small.staff}
        best = brute.best_plan(held) or ()
        off = [
            brute.costs(held, tours)["total"]
            - brute.costs(small, [tour for tour in tours if str(tour.staff) in kept])["total"]
            for tours in (plan, best)
        ]
        assert off[0] == off[1], seed
        assert brute.optimum(small) == brute.costs(held, best)["total"] - off[0]
        judged += len(kept) < len(held.staff) and bool(best)
    assert judged > 10


@pytest.mark.parametrize("start", [0, 40, 80])
def test_the_solver_finds_the_best_plan_of_a_pared_problem(start):
    for seed, problem, plan in cases(range(start, start + 40)):
        small = pared(around(problem, plan, some(seed, problem)))
        answer = solve(small, work=200)
        if answer.status == "optimal":
            assert answer.objective.total == brute.optimum(small), seed


def test_needs_are_cut_where_weeks_differ_and_where_nobody_is_left_to_serve():
    problem = tiny_problem()
    minh = Tour("minh", "A", "NOI", 1, 2)
    small = pared(around(problem, [minh], ["hoa", 7]))
    assert [str(person.id) for person in small.staff] == ["7", "hoa"]  # lan and minh are held, of another unit
    needs = {str(station.id): station.needs for station in small.stations}
    assert [(need.start, need.end, need.count, need.critical) for need in needs["A"]] == [(0, 1, 1, 1), (3, 4, 1, 1)]
    assert len(needs["B"]) == 1
    assert pared(around(problem, [minh], [])).stations[0].needs == ()
    assert objective(small, []).total == objective(problem, [minh]).total - objective(problem, [minh]).travel - 2


def test_where_people_count_with_each_other_nobody_is_left_out():
    problem = next(found for seed in range(99) if (found := random_problem(seed, second=True)).version > 1)
    assert pared(problem) is problem


def test_people_who_must_go_together_are_held_together_or_not_at_all():
    split = 0
    for seed, problem, plan in cases(range(150), second=True):
        people = some(seed, problem)
        names = {str(person) for person in people}
        held = around(problem, plan, people)
        assert not check(held, plan)
        for group in problem.together:
            own = {str(name) for name in group}
            split += bool(own & names) and not own <= names
            fixed = {str(tour.staff) for tour in held.locked if tour.key not in {t.key for t in problem.locked}}
            assert not own & fixed or not own & names
    assert split > 5
