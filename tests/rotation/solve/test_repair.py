"""A re-plan grows from the plan in force: what may stand is kept, and what was torn open is known."""

import numpy as np
import pytest

from tests.rotation.solve import slow
from tests.rotation.solve.slow import parts_of, problem_of, solvable
from tramyte.rotation.solve.compiled import Kernel
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.repair import InForce

SEEDS = [seed for seed in solvable(200, 400) if problem_of(seed).incumbent]


def loaded(part):
    kernel = Kernel(part)
    force, draft = InForce(kernel), Draft(kernel)
    force.load(draft)
    return force, draft


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_kept_holds_and_what_is_left_out_could_not_stand_with_it(seed):
    for part in parts_of(seed):
        _, draft = loaded(part)
        plan = slow.plan_in(draft)
        assert not slow.breaks(part, plan)
        in_force = {(person, (cell, start, length)) for person, cell, start, length in part.kept}
        kept = {(person, tour) for person, tours in enumerate(plan) for tour in tours}
        assert kept <= in_force
        for person, tour in in_force - kept:
            more = [(*tours, tour) if index == person else tours for index, tours in enumerate(plan)]
            assert slow.breaks(part, more)


def test_a_week_is_torn_where_people_are_fewer_than_in_force_and_one_more_would_help():
    met = 0
    for seed in SEEDS:
        for part in parts_of(seed):
            force, draft = loaded(part)
            lost = force.cover > draft.cover
            assert force.has_lost == lost.any()
            gain = part.price[:, :, 0]
            torn = np.zeros(lost.size, bool)
            torn[force.torn(draft, gain)] = True
            assert (torn.reshape(lost.shape) == (lost & (gain > 0))).all()
            met += bool(torn.any())
    assert met > 5
