"""One change of a plan is priced and judged as if the whole plan were counted again."""

from random import Random

from tests.rotation import brute
from tests.rotation.held import cases
from tests.worlds import _tour, tiny_problem
from tramyte.domain.plan import Objective, Tour
from tramyte.rotation import read
from tramyte.rotation.check import check, objective
from tramyte.rotation.ledger import Ledger, less, ordered


def changes(seeds, times=4):
    for seed, problem, plan in cases(seeds):
        rng = Random(seed)
        for _ in range(times):
            dropped = [tour for tour in plan if rng.random() < 0.3]
            (tour,) = read.tours([_tour(rng, problem.raw, own=rng.random() < 0.8)], problem)
            yield problem, plan, dropped, tour


def test_a_change_costs_what_the_two_plans_differ_by():
    judged = 0
    for problem, plan, dropped, tour in changes(range(200)):
        if any(other.key == tour.key for other in plan) or "R7" in Ledger(problem, plan).broken(tour, dropped):
            continue
        after = [*(other for other in plan if other not in dropped), tour]
        told = Ledger(problem, plan).change(dropped, [tour]).to_json()
        old, new = brute.costs(problem, plan), brute.costs(problem, after)
        assert told == {part: new[part] - old[part] for part in told}
        judged += 1
    assert judged > 250


def test_the_rules_that_one_more_tour_breaks_are_those_of_the_check():
    judged = 0
    for problem, plan, dropped, tour in changes(range(200)):
        if tour.key in problem.locked_keys or any(other.key == tour.key for other in plan):
            continue
        rest = [other for other in plan if other not in dropped]
        broken = {breach.rule for breach in check(problem, [*rest, tour])} - {"R10"}
        assert set(Ledger(problem, plan).broken(tour, dropped)) == broken
        judged += bool(broken & {"R7", "R8", "R9"})
    assert judged > 50


def test_a_tour_that_comes_back_is_no_change():
    problem = tiny_problem()
    tour = Tour("lan", "A", "NOI", 0, 2)
    assert Ledger(problem, [tour]).change([tour], [tour]) == Objective()


def test_parts_that_only_one_of_two_versions_knows_stay_unknown():
    assert less(Objective(3, 1), Objective(1, 2)) == Objective(2, -1)


def test_tours_stand_in_the_order_of_people_and_weeks():
    problem = tiny_problem()
    tours = [Tour(7, "B", 2, 1, 2), Tour("lan", "A", "NOI", 3, 1), Tour("lan", "A", "NOI", 0, 2)]
    assert ordered(problem, tours) == (tours[2], tours[1], tours[0])
    assert objective(problem, ordered(problem, tours)) == objective(problem, tours)
