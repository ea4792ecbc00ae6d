"""Two solvers that share only the rules agree on problems too large for the brute force."""

import pytest
from benchmarks.instances import province
from benchmarks.peers import cpsat, greedy, highs

from tramyte.rotation.check import check, objective
from tramyte.rotation.solve import solve


@pytest.mark.parametrize("seed", range(4))
def test_our_optimum_is_that_of_cp_sat_and_of_highs_alone(seed):
    problem = province(seed, stations=7, staff=22, weeks=8)
    plan = solve(problem, seed=seed)
    assert plan.status == "optimal"
    for tours, bound in (cpsat(problem, 60.0), highs(problem, 60.0)):
        assert not check(problem, tours)
        assert objective(problem, tours).total == plan.objective.total == round(bound)


def test_a_clerk_keeps_the_rules_and_pays_more():
    problem = province(5, stations=12, staff=40, weeks=10)
    tours, bound = greedy(problem)
    assert bound == float("-inf")
    assert not check(problem, tours)
    assert objective(problem, tours).total > solve(problem, work=300).objective.total
