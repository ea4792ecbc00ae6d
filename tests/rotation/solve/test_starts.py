"""Plans to begin from: which dive there is time for, that its plan holds, and which good plans are kept."""

import numpy as np
import pytest
from benchmarks.instances import province

from tests.rotation.solve import slow
from tests.rotation.solve.slow import parts_of, solvable
from tramyte.rotation.solve import starts as module
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.compiled import Flag, Kernel
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.prices import Prices, columns
from tramyte.rotation.solve.starts import DIVES, ELITE, FEWEST, STRIDES, Elite, dive, fitting, joined, of_people, starts

SEEDS = solvable(200, 40)
SHORT = (8, 0.3, 0.0)


@pytest.fixture(scope="module")
def crowd():
    """Prices of the largest part of a province."""
    part = max(parts(province(3, staff=90, stations=25, weeks=10)), key=lambda part: len(part.people))
    prices = Prices(Kernel(part))
    prices.ascend(50, (100.0, 10.0), 0.9, Flag())
    return prices


def dived(prices, *, stride=10.0, seed=0):
    return dive(prices.kernel, prices, SHORT, stride, np.random.default_rng(seed), Flag())


def keys(found):
    """What is in columns, in their order."""
    rows = (found.person, found.cell, found.start, found.length, found.cost)
    return list(zip(*(row.tolist() for row in rows), strict=True))


def columns_of(draft):
    rows = [(person, *tour) for person in range(len(draft.count)) for tour in draft.own(person)]
    return columns(draft.kernel.part, np.array(rows, np.int64).reshape(-1, 3))


def test_the_longest_dive_that_fits_is_taken():
    costs = [cost for _, _, cost in DIVES]
    assert costs == sorted(costs, reverse=True)
    assert [fitting(cost) for cost in costs] == list(DIVES)
    assert [fitting(cost - 1) for cost in costs] == [*DIVES[1:], None]
    assert fitting(float("inf")) == DIVES[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dive_is_a_plan_that_holds(seed):
    for part in parts_of(seed):
        prices = Prices(Kernel(part))
        prices.start(part.price[:, :, 0] / 2)
        prices.ascend(10, (10.0, 1.0), 0.5, Flag())
        draft = dived(prices)
        assert not slow.breaks(part, slow.plan_in(draft))
        assert draft.cost == pytest.approx(slow.cost(part, slow.plan_in(draft)))


def test_a_dive_leaves_the_prices_as_they_were_and_is_always_the_same(crowd):
    before = crowd.best, crowd.earn.copy(), crowd.absent.copy()
    assert slow.plan_in(dived(crowd)) == slow.plan_in(dived(crowd))
    assert crowd.best == before[0]
    assert (crowd.earn == before[1]).all() and (crowd.absent == before[2]).all()


def test_another_stride_makes_another_plan(crowd):
    assert slow.plan_in(dived(crowd, stride=10.0)) != slow.plan_in(dived(crowd, stride=100.0))


def test_after_a_dive_everybody_chooses_again(crowd, monkeypatch):
    last = dived(crowd)
    monkeypatch.setattr(module, "ROUNDS", 0)
    first = dived(crowd)
    assert last.cost < first.cost


def test_who_is_told_to_stop_sends_nobody(crowd):
    up = Flag()
    up.raise_()
    assert not dive(crowd.kernel, crowd, SHORT, 10.0, np.random.default_rng(0), up).count.any()


def test_the_best_different_plans_are_kept(crowd):
    elite, plan = Elite(crowd.kernel.part), Draft(crowd.kernel).copy_of()
    for cost in (50.0, 20.0, 20.2, 90.0, 40.0, 10.0, 30.0, 60.0, 70.0, 49.8):
        elite.add(cost, plan)
    assert [cost for cost, _ in elite.plans] == [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
    assert len(elite.plans) == ELITE


def test_the_tours_of_all_kept_plans_are_there_once(crowd):
    elite = Elite(crowd.kernel.part)
    assert len(elite.columns()) == 0
    wanted = set()
    for turn in range(2):
        draft = dived(crowd, seed=turn, stride=10.0 * 10**turn)
        wanted |= set(keys(columns_of(draft)))
        elite.add(draft.cost + turn, draft.copy_of())
        elite.add(draft.cost + turn + 1000, draft.copy_of())  # the same tours once more
    found = keys(elite.columns())
    assert sorted(found) == sorted(wanted)
    assert set(keys(columns_of(draft))) < wanted


def test_a_kept_plan_does_not_change_with_the_plan_in_hand(crowd):
    elite, draft = Elite(crowd.kernel.part), dived(crowd)
    elite.add(draft.cost, (draft.count, draft.tours))
    before = keys(elite.columns())
    for person in range(len(draft.count)):
        draft.clear(person)
    assert keys(elite.columns()) == before != []


@pytest.mark.parametrize("shares", [(0.0, 0.5), (0.5, 0.0), (0.3, 0.6), (1.0, 1.0)])
def test_joined_columns_are_there_once_and_the_own_ones_are_found_again(crowd, shares):
    rng = np.random.default_rng(1)
    everything = crowd.columns(crowd.earn, crowd.absent, 100.0)[0]
    own, others = (everything.take(np.flatnonzero(rng.random(len(everything)) < share)) for share in shares)
    own = own.take(rng.permutation(len(own)))
    both, where = joined(own, others)
    assert sorted(keys(both)) == sorted({*keys(own), *keys(others)})
    assert keys(both.take(where)) == keys(own)


def test_columns_of_some_people_are_all_of_theirs_and_no_others(crowd):
    everything = crowd.columns(crowd.earn, crowd.absent, 100.0)[0]
    people = np.array([7, 2, 5])
    assert keys(of_people(everything, people)) == [key for key in keys(everything) if key[0] in people]
    assert len(of_people(everything, people[:0])) == 0


def test_there_are_more_starts_where_there_is_more_time():
    long = DIVES[1][2]
    assert starts(0.0) == STRIDES[:FEWEST]
    assert starts(2 * long * (FEWEST + 1) - 1) == STRIDES[:FEWEST]
    assert starts(2 * long * (FEWEST + 1)) == STRIDES[: FEWEST + 1]
    assert starts(float(10**9)) == STRIDES
