"""How few people-weeks can stay unmet: never more than the brute force can leave unmet."""

import pytest

from tests.rotation.brute import optimum
from tests.rotation.solve.slow import problem_of, solvable
from tramyte.rotation import read
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.compiled import Flag
from tramyte.rotation.solve.least import least_unmet

SEEDS = [seed for seed in solvable(200, 60) if seed != 249]


def fewest(seed, w_crit, w_norm):
    """The problem with every cost but one missing person, and what a best plan leaves."""
    file = read.to_json(problem_of(seed))
    file["weights"] = dict.fromkeys(file["weights"], 0)
    for station in file["stations"]:
        for need in station["needs"]:
            need |= {"w_crit": w_crit, "w_norm": w_norm}
    found = optimum(read.problem(file))
    assert found is not None
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_leaves_less_unmet(seed):
    found = [least_unmet(part, Flag()) for part in parts(problem_of(seed))]
    critical, count = (sum(row[kind] for row in found) for kind in range(2))
    assert 0 <= critical <= fewest(seed, 1, 0)
    assert critical <= count <= max(critical, fewest(seed, 0, 1))


def test_the_bound_is_mostly_what_the_brute_force_finds():
    met = sum(
        sum(least_unmet(part, Flag())[1] for part in parts(problem_of(seed))) == fewest(seed, 0, 1) for seed in SEEDS
    )
    assert met > 0.7 * len(SEEDS)
