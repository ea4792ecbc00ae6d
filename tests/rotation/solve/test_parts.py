"""A problem split into parts: nobody is lost, and the parts together cost what the problem costs."""

import numpy as np
import pytest

from tests.rotation import oracle
from tests.rotation.solve.slow import cost, free_of, parts_of, problem_of, solvable
from tests.worlds import tiny_problem
from tramyte.domain.plan import Tour
from tramyte.rotation.check import check, objective
from tramyte.rotation.solve.arrays import Columns, parts

SEEDS = solvable(200, 150)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_hold_everybody_and_every_free_tour_that_matters(seed):
    problem = problem_of(seed)
    found = parts_of(seed)
    people = [str(person.id) for part in found for actor in part.people for person in actor.people]
    assert sorted(people) == sorted(str(person.id) for person in problem.staff)
    wanted = set(oracle.free_tours(problem))
    own = [
        part.tours(person, *tour)[0]
        for part in found
        for person in range(len(part.people))
        for tour in free_of(part, person)
    ]
    assert len(own) == len(set(own)) == sum(part.size for part in found)
    for tour in own:  # a locked tour closes its weeks and those of rest
        assert tour in wanted
    cells = {cell for part in found for cell in part.cells}
    busy = {str(tour.staff) for tour in problem.locked_set}
    for tour in wanted - set(own):
        place = next(index for index, it in enumerate(problem.stations) if str(it.id) == str(tour.station))
        away = problem.unit_by_id[str(problem.person_by_id[str(tour.staff)].unit)].max_away
        nobody = away.get(problem.person_by_id[str(tour.staff)].primary, 0) == 0
        assert (place, str(tour.skill)) not in cells or str(tour.staff) in busy or nobody


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_cost_what_the_problem_costs(seed):
    problem, rng = problem_of(seed), np.random.default_rng(seed)
    found = parts_of(seed)
    nothing = objective(problem, problem.locked_set).total
    for _ in range(4):
        tours: list[Tour] = list(problem.locked_set)
        more = 0.0
        for part in found:
            plan: list[tuple[tuple[int, int, int], ...]] = []
            for person in range(len(part.people)):
                free = free_of(part, person)
                plan.append((free[rng.integers(len(free))],) if free and rng.random() < 0.7 else ())
            tours += [part.tours(person, *tour)[0] for person, own in enumerate(plan) for tour in own]
            more += cost(part, plan) - cost(part, [()] * len(plan))
        if not check(problem, tours):
            assert objective(problem, tours).total == nothing + more


def test_columns_are_taken_by_index_and_by_mask():
    person, cell, start, length = (np.arange(3) + 10 * number for number in range(4))
    columns = Columns(person, cell, start, length, np.array([0.5, 1.5, 2.5]))
    assert len(columns) == 3
    assert columns.take(np.array([2, 0])).cost.tolist() == [2.5, 0.5]
    assert columns.take(np.array([False, True, False])).person.tolist() == [1]


def test_skills_that_one_person_holds_stay_in_one_part():
    found = parts(tiny_problem())
    assert [sorted(part.skills) for part in found] == [["2", "NOI"]]
    assert found[0].admits(0) == (0, 1)
    assert found[0].admits(2) == (1,)
