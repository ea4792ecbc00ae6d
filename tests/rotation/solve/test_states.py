"""Tables of states: how many tours and weeks a person's programme must remember, and no more."""

from dataclasses import replace

import numpy as np
import pytest

from tests.rotation.solve.slow import fairness, parts_of, solvable
from tramyte.rotation.solve.states import states

SEEDS = solvable(200, 150)


def table(part, person):
    """The rows of a person's table: weeks served, and the state after each length."""
    found = states(part)
    first, last = (int(found.start[found.kind[person] + more]) for more in (0, 1))
    return found.load[first:last], found.next[first:last]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_walk_through_the_states_counts_tours_and_prices_weeks(seed):
    rng = np.random.default_rng(seed)
    for part in parts_of(seed):
        found = states(part)
        for person in range(len(part.people)):
            load, after = table(part, person)
            assert load[0] == 0
            for _ in range(5):
                state, price, used = 0, 0.0, []
                while admitted := [length for length in part.admits(person) if after[state, length] >= 0]:
                    length = int(rng.choice(admitted))
                    weeks = int(part.lengths[length])
                    price += found.excess[person, load[state] + weeks] - found.excess[person, load[state]]
                    state = int(after[state, length])
                    used.append((0, 0, length))
                    if sum(part.lengths[tour[2]] + part.rest[person] for tour in used) >= part.weeks:
                        break
                assert len(used) <= max(part.most[person], 0)
                assert price == pytest.approx(fairness(part, person, tuple(used)))
                assert len(used) <= found.tours


def test_lengths_of_other_units_are_not_allowed():
    for seed in SEEDS:
        for part in parts_of(seed):
            for person in range(len(part.people)):
                others = [index for index in range(len(part.lengths)) if index not in part.admits(person)]
                assert (table(part, person)[1][:, others] == -1).all()


def test_what_can_never_bind_is_not_remembered():
    part = next(part for seed in SEEDS for part in parts_of(seed) if len(part.people) and part.admits(0))
    free = replace(part, most=np.full_like(part.most, 99), excess=np.zeros((len(part.people), 1)))
    assert states(free).most == 1
    assert states(free).excess.shape[1] == int(part.lengths.max(initial=1)) + 1
    even = replace(free, excess=np.tile(np.array([0.0, 0.0, 3.0, 6.0, 9.0]), (len(part.people), 1)))
    assert table(even, 0)[0].max() == 1  # the last bend is after one week
    rising = states(replace(even, excess=even.excess[:, :3])).excess[0]
    assert np.diff(rising)[1:].tolist() == [3.0] * (len(rising) - 2)  # past the end of what is known


def test_people_alike_share_a_table():
    for seed in SEEDS:
        for part in parts_of(seed):
            found = states(part)
            kinds = len(found.start) - 1
            assert kinds == len(set(found.kind.tolist()))
            assert kinds <= len(part.people)
