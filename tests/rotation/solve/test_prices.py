"""Prices of one part against plain Python: programmes, bounds, reduced costs, ascents, dives, hints."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from benchmarks.instances import province

from tests.rotation.brute import optimum
from tests.rotation.solve import slow
from tests.rotation.solve.slow import parts_of, problem_of, solvable, some_prices
from tramyte.rotation.check import objective
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.compiled import Flag, Kernel, ramp
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.prices import SCALE, Hints, Prices, grain, magnitude

SEEDS = solvable(200, 150)


@pytest.fixture(scope="module")
def crowd():
    """The largest part of a province."""
    return max(parts(province(3, staff=30, stations=8, weeks=8)), key=lambda part: len(part.people))


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_earns_what_trying_every_set_of_tours_finds(seed):
    for part in parts_of(seed):
        for draw in range(2):
            earn, absent = some_prices(part, seed + draw)
            wanted = [slow.worth(part, person, earn, absent) for person in range(len(part.people))]
            assert Prices(Kernel(part)).worth(earn, absent).tolist() == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_and_all_that_it_was_counted_from_are_exact(seed):
    for part in parts_of(seed):
        earn, absent = some_prices(part, seed)
        prices = Prices(Kernel(part))
        prices.arrays["tours"][:] = -1
        value = prices.bound_at(earn, absent)
        assert value == slow.bound(part, earn, absent)
        assert value * SCALE == round(value * SCALE)
        plan = [
            tuple((int(row[1]), int(row[2]) % part.weeks, int(row[2]) // part.weeks) for row in mine)
            for person in range(len(part.people))
            for mine in [prices.arrays["tours"][prices.arrays["tours"][:, 0] == person]]
        ]
        cover, away = np.zeros(earn.shape, int), np.zeros(absent.shape, int)
        for person, tours in enumerate(plan):
            assert slow.keeps_rest(part, person, tours)
            assert set(tours) <= set(slow.free_of(part, person))
            own = sum(slow.net(part, person, tour, earn, absent) for tour in tours)
            assert own - slow.fairness(part, person, tours) == slow.worth(part, person, earn, absent)
            for tour in tours:
                cover[tour[0], list(slow.weeks_of(part, tour))] += 1
                away[part.cap[person], list(slow.weeks_of(part, tour))] += 1
        assert (prices.arrays["cover"] == cover).all()
        assert (prices.arrays["away"] == away).all()
        cheapest = slow.bought(part, earn)[1]
        for (cell, week), bought in np.ndenumerate(prices.arrays["buy"]):
            assert bought in cheapest[cell][week]


@pytest.mark.parametrize("seed", [seed for seed in SEEDS[:60] if seed != 249])  # slow by brute force
def test_the_bound_is_below_every_plan_at_any_prices(seed):
    problem, found = problem_of(seed), parts_of(seed)
    best = optimum(problem)
    assert best is not None
    constant = objective(problem, problem.locked_set).total - sum(float(part.price[:, :, 0].sum()) for part in found)
    for draw in range(5):
        total = sum(Prices(Kernel(part)).bound_at(*some_prices(part, seed + draw)) for part in found)
        assert total + constant <= best


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rise_of_a_column_is_that_of_the_bound_when_the_tour_must_be_taken(seed):
    for part in parts_of(seed):
        earn, absent = some_prices(part, seed)
        prices = Prices(Kernel(part))
        columns, rise = prices.columns(earn, absent, 1e9)
        found = {}
        for index, key in enumerate(
            zip(columns.person, columns.cell, columns.start, columns.length, columns.cost, strict=True)
        ):
            person, tour = int(key[0]), (int(key[1]), int(key[2]), int(key[3]))
            assert key[4] == slow.own_cost(part, person, tour)
            found[person, tour] = float(rise[index])
        assert len(found) == len(columns)
        assert found == slow_rises(part, earn, absent)
        for slack in (0.0, float(np.median(rise)) if len(rise) else 1.0):
            some, lower = prices.columns(earn, absent, slack)
            assert len(some) == sum(more <= slack for more in found.values())
            assert (lower <= slack).all()


def slow_rises(part, earn, absent):
    """Every tour that helps somewhere or costs less than nothing, and what it costs to insist on it."""
    wanted = part.price[:, :, 0] > 0
    return {
        (person, tour): slow.worth(part, person, earn, absent) - slow.worth(part, person, earn, absent, with_tour=tour)
        for person in range(len(part.people))
        for tour in slow.free_of(part, person)
        if part.most[person] > 0
        if wanted[tour[0], list(slow.weeks_of(part, tour))].any() or slow.own_cost(part, person, tour) < 0
    }


def test_columns_of_some_people_and_more_of_them_than_there_was_room_for():
    part = max(parts(province(3, staff=250, stations=40, weeks=20)), key=lambda part: part.size)
    prices = Prices(Kernel(part))
    earn, absent = np.zeros(part.price.shape[:2]), np.zeros(part.left.shape)
    everything, rise = prices.columns(earn, absent, 1e9)
    assert len(everything) > 1 << 14
    assert len(rise) == len(everything)
    some = np.zeros(len(part.people), np.uint8)
    some[3:9] = 1
    few, few_rise = prices.columns(earn, absent, 1e9, some)
    mine = np.flatnonzero(some[everything.person])
    assert set(few.person.tolist()) <= set(range(3, 9))
    assert (few_rise == rise[mine]).all()
    assert (few.cell == everything.cell[mine]).all()


@pytest.mark.parametrize("seed", SEEDS[:60])
def test_an_ascent_keeps_the_best_bound_and_the_prices_that_prove_it(seed):
    for part in parts_of(seed):
        prices = Prices(Kernel(part))
        first = prices.bound_at(np.zeros(part.price.shape[:2]), np.zeros(part.left.shape))
        prices.remember()
        assert prices.best == first
        top = float(part.price.max(initial=1.0))
        prices.start(part.price[:, :, 0] / 2)
        assert prices.ascend(40, (top / 4, top / 400), 0.8, Flag()) == 40
        assert prices.best >= first
        for grains in (prices.earn * prices.scale, prices.absent * prices.scale):
            assert (grains == np.round(grains)).all()
            assert (grains >= 0).all()
        assert slow.bound(part, prices.earn, prices.absent) == prices.best


def test_an_ascent_raises_the_bound_far_and_stops_when_told(crowd):
    prices = Prices(Kernel(crowd))
    zero = prices.bound_at(np.zeros(crowd.price.shape[:2]), np.zeros(crowd.left.shape))
    draft = Draft(prices.kernel)
    for _ in range(4):
        draft.rounds(range(len(crowd.people)), Flag())
    prices.ascend(600, (100.0, 0.1), 0.9, Flag())
    assert zero < prices.best <= draft.cost
    assert (draft.cost - prices.best) < 0.2 * (draft.cost - zero)
    up = Flag()
    up.raise_()
    assert prices.ascend(10, (1.0, 1.0), 0.9, up) == 0
    assert prices.ascend(1, (1.0, 0.5), 0.9, Flag()) == 1


@pytest.mark.parametrize("seed", SEEDS[:60])
def test_a_dive_makes_a_plan_that_keeps_the_rules(seed):
    for part in parts_of(seed):
        kernel = Kernel(part)
        draft, prices = Draft(kernel), Prices(kernel)
        prices.start(part.price[:, :, 0] / 2)
        prices.dive(draft, 12, 0.3, (20.0, 1.0), 0.8, Flag())
        plan = slow.plan_in(draft)
        assert not slow.breaks(part, plan)
        assert draft.cost == pytest.approx(slow.cost(part, plan))


def test_a_dive_is_better_than_choosing_in_turn_and_always_the_same(crowd):
    kernel = Kernel(crowd)

    def dived():
        draft, prices, guide = Draft(kernel), Prices(kernel), Prices(kernel)
        guide.ascend(300, (100.0, 1.0), 0.9, Flag())
        prices.start(guide.earn, guide.absent)
        prices.dive(draft, 60, 0.05, (10.0, 1.0), 0.9, Flag())
        return draft

    first, second = dived(), dived()
    assert slow.plan_in(first) == slow.plan_in(second)
    turns = Draft(kernel)
    turns.rounds(range(len(crowd.people)), Flag())
    assert first.cost < turns.cost
    assert not slow.breaks(crowd, slow.plan_in(first))


def test_a_dive_that_is_told_to_stop_binds_nobody(crowd):
    draft, prices = Draft(Kernel(crowd)), Prices(Kernel(crowd))
    up = Flag()
    up.raise_()
    prices.dive(draft, 10, 0.1, (1.0, 1.0), 0.9, up)
    assert draft.count.sum() == 0


@pytest.mark.parametrize("seed", SEEDS[:60])
def test_hints_name_everybody_who_could_help_at_little_loss(seed):
    for part in parts_of(seed):
        prices = Prices(Kernel(part))
        prices.ascend(20, (30.0, 1.0), 0.5, Flag())
        hints = Hints(prices.kernel, prices, near=4.0, least=1.0)
        wanted: list[set[int]] = [set() for _ in range(len(part.cells) * part.weeks)]
        for (person, tour), rise in slow_rises(part, prices.earn, prices.absent).items():
            for week in slow.weeks_of(part, tour) if rise <= 4.0 else ():
                wanted[tour[0] * part.weeks + week].add(person)
        start = hints.near_start
        found = [hints.near_person[first:last].tolist() for first, last in pairwise(start.tolist())]
        assert found == [sorted(people) for people in wanted]


@pytest.mark.parametrize(("factor", "is_exact"), [(1, True), (10**6, True), (10**9, True), (10**12, False)])
def test_large_weights_make_coarser_prices_and_very_large_ones_a_bound_that_gives_way(factor, is_exact):
    part = max(parts(province(1, staff=12, stations=4, weeks=6)), key=lambda part: len(part.people))
    large = replace(part, price=part.price * factor)
    prices = Prices(Kernel(large))
    assert prices.scale == grain(large)
    assert (prices.scale == SCALE) == (factor < 10**9)
    assert (prices.doubt == 0.0) == is_exact
    earn, absent = np.zeros(part.price.shape[:2]), np.zeros(part.left.shape)
    raw = prices.bound_at(earn, absent) + prices.doubt
    prices.remember()
    assert prices.best == raw - prices.doubt
    assert raw <= magnitude(large)


def test_a_ramp_counts_from_nothing_for_each_size():
    assert ramp(np.array([3, 0, 2])).tolist() == [0, 1, 2, 0, 1]
    assert ramp(np.array([], np.int64)).tolist() == []
