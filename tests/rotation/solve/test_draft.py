"""A plan under change: its cost after every change, best answers, and shaking."""

import numpy as np
import pytest
from benchmarks.instances import province

from tests.rotation.solve.slow import (
    best_answer,
    breaks,
    cost,
    fairness,
    free_of,
    journeys,
    net,
    own_cost,
    parts_of,
    plan_in,
    plan_of,
    problem_of,
    solvable,
    weeks_of,
    where_of,
    worth,
)
from tramyte.rotation.check import objective
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.compiled import Flag, Kernel
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.prices import Hints, Prices

SEEDS = solvable(200, 150)
UP = Flag()
UP.raise_()


def drafts(seed):
    return [Draft(Kernel(part)) for part in parts_of(seed)]


@pytest.fixture(scope="module")
def crowd():
    """The largest part of a province."""
    return max(parts(province(3, staff=30, stations=8, weeks=8)), key=lambda part: len(part.people))


def is_true(draft):
    """Whether cost, people there and people who may leave are what the tours say."""
    part, plan = draft.kernel.part, plan_in(draft)
    assert draft.cost == pytest.approx(cost(part, plan), abs=1e-6)
    cover, left = np.zeros_like(draft.cover), part.left.copy()
    for person, tours in enumerate(plan):
        for cell, start, length in tours:
            weeks = slice(start, start + int(part.lengths[length]))
            cover[cell, weeks] += 1
            left[part.cap[person], weeks] -= 1
    return (draft.cover == cover).all() and (draft.left == left).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cost_follows_every_change(seed):
    """Also of plans that break rules: a draft asks nobody."""
    problem, rng = problem_of(seed), np.random.default_rng(seed)
    found = drafts(seed)
    constant = objective(problem, problem.locked_set).total - sum(draft.cost for draft in found)
    for draft in found:
        part = draft.kernel.part
        for person in range(len(part.people)):
            free = free_of(part, person)
            for _ in range(min(len(free), draft.kernel.tours)):
                tour = free[rng.integers(len(free))]
                draft.add(person, tour[0], where_of(part, tour))
                assert is_true(draft)
            if rng.random() < 0.4:
                draft.clear(person)
                assert draft.own(person) == []
                assert is_true(draft)
    if all(not breaks(draft.kernel.part, plan_in(draft)) for draft in found):
        tours = [
            draft.kernel.part.tours(person, *tour)[0]
            for draft in found
            for person, own in enumerate(plan_in(draft))
            for tour in own
        ]
        total = objective(problem, (*problem.locked_set, *tours)).total
        assert total == round(constant + sum(draft.cost for draft in found))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_person_chooses_the_best_answer_to_all_others(seed):
    for draft in drafts(seed):
        part = draft.kernel.part
        for person in [*range(len(part.people))] * 2:
            wanted = best_answer(part, plan_in(draft), person)
            draft.rounds([person], Flag())
            assert draft.cost == pytest.approx(wanted)
            assert is_true(draft)
        assert not breaks(part, plan_in(draft))


@pytest.mark.parametrize("seed", SEEDS)
def test_under_a_cap_a_person_chooses_what_saves_most_up_to_it(seed):
    """A cap is the price others would pay for a place; where one has a bonus, the whole saving counts."""
    rng = np.random.default_rng(seed)
    for draft in drafts(seed):
        part = draft.kernel.part
        draft.rounds(rng.permutation(len(part.people)), Flag())
        cap = rng.integers(0, int(part.price.max(initial=1.0)) + 2, draft.sums.shape).astype(float)
        for person in range(len(part.people)):
            draft.clear(person)
            plan, cover = plan_in(draft), draft.cover.copy()
            worths = {
                tours: capped(part, person, tours, cover, cap)
                for tours in journeys(part, person, free_of(part, person))
                if not breaks(part, [*plan[:person], tours, *plan[person + 1 :]])
            }
            draft.struct.cap = cap.ctypes.data
            draft.rounds([person], Flag())
            draft.struct.cap = None
            chosen = tuple(sorted(plan_in(draft)[person], key=lambda tour: tour[1]))
            assert worths[chosen] == pytest.approx(max(worths.values()))
            assert is_true(draft)


def capped(part, person, tours, cover, cap):
    """What tours save where each counts for at most so much, less what they cost."""
    total = -fairness(part, person, tours)
    for tour in tours:
        prices = [(part.price[tour[0], week], int(cover[tour[0], week])) for week in weeks_of(part, tour)]
        saved = sum(row[min(there, len(row) - 1)] - row[min(there + 1, len(row) - 1)] for row, there in prices)
        is_own = (person, tour[0]) in part.bonus or (person, *tour) in part.kept
        total += (saved if is_own else min(saved, cap[tour[0], where_of(part, tour)])) - own_cost(part, person, tour)
    return total


def test_in_some_turns_of_shaking_all_but_the_last_count_no_more_than_the_prices(crowd):
    def pairs(least):
        """Turns from nothing after which only one of two has gone, at prices of nothing."""
        kernel, alone = Kernel(crowd), 0
        hints = Hints(kernel, Prices(kernel), near=np.inf, least=least)
        hints._arrays["sums"][:] = 0.0
        for seed in range(400):
            draft = Draft(kernel)
            draft.seed(seed)
            assert draft.shake(1, (2, 2), (1e12, 1e12), Flag(), hints) == 1
            assert draft.struct.cap is None
            alone += np.count_nonzero(draft.count) == 1
        return alone / 400

    few, more = pairs(-1.0), pairs(1e12)
    assert 0.15 < (more - few) / (1 - few) < 0.35


def test_a_flag_stops_rounds_and_shaking_at_once(crowd):
    draft = Draft(Kernel(crowd))
    assert UP.is_up() and not Flag().is_up()
    draft.rounds(range(len(crowd.people)), UP)
    assert draft.shake(100, (2, 5), (0.0, 0.0), UP) == 0
    assert draft.count.sum() == 0


@pytest.mark.parametrize("hinted", [False, True])
@pytest.mark.parametrize("seed", SEEDS[:15])
def test_shaking_keeps_the_rules_and_knows_the_best_plan_met(seed, hinted):
    for draft in drafts(seed):
        part = draft.kernel.part
        if not draft.kernel.can_go.any():
            continue
        draft.seed(seed)
        prices = Prices(draft.kernel)
        prices.ascend(20, (30.0, 1.0), 0.5, Flag())
        hints = Hints(draft.kernel, prices, near=5.0, least=1.0) if hinted else None
        before = draft.cost
        for heat in (200.0, 0.0):
            assert draft.shake(40, (2, 4), (heat, heat / 2), Flag(), hints) == 40
            assert is_true(draft)
            assert not breaks(part, plan_in(draft))
            best = plan_of(part, *draft.best())
            assert not breaks(part, best)
            assert draft.best_cost == pytest.approx(cost(part, best))
            assert draft.best_cost <= min(before, draft.cost)


def test_cold_shaking_never_makes_the_plan_dearer_and_helps(crowd):
    draft = Draft(Kernel(crowd))
    draft.rounds(range(len(crowd.people)), Flag())
    costs = [draft.cost]
    for _ in range(10):
        draft.shake(50, (2, 5), (0.0, 0.0), Flag())
        costs.append(draft.cost)
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]


def test_warm_shaking_takes_dearer_plans_too(crowd):
    draft = Draft(Kernel(crowd))
    draft.shake(2000, (2, 5), (0.0, 0.0), Flag())
    cold = draft.best_cost
    draft.shake(200, (2, 5), (5000.0, 5000.0), Flag())
    assert draft.cost > draft.best_cost
    assert draft.best_cost <= cold


def test_the_same_seed_shakes_the_same_way(crowd):
    def shaken(seed):
        draft = Draft(Kernel(crowd))
        draft.seed(seed)
        draft.shake(8, (2, 5), (20.0, 0.0), Flag())
        return plan_in(draft)

    assert shaken(5) == shaken(5)
    assert shaken(5) != shaken(6)


def test_a_plan_is_loaded_as_it_was_written_down(crowd):
    draft = Draft(Kernel(crowd))
    draft.rounds(range(len(crowd.people)), Flag())
    plan, before, copy = plan_in(draft), draft.cost, draft.copy_of()
    draft.shake(500, (2, 5), (3000.0, 3000.0), Flag())
    assert plan_in(draft) != plan
    draft.load(*copy)
    assert plan_in(draft) == plan
    assert is_true(draft)
    assert draft.cost == pytest.approx(before)
    draft.load(*copy)  # nothing to change
    assert plan_in(draft) == plan


def test_the_best_plan_can_be_forgotten(crowd):
    draft = Draft(Kernel(crowd))
    draft.shake(500, (2, 5), (0.0, 0.0), Flag())
    for person in range(len(crowd.people)):
        draft.clear(person)
    empty = draft.cost
    assert draft.best_cost < empty
    draft.forget_best()
    draft.shake(0, (2, 5), (0.0, 0.0), Flag())
    assert draft.best_cost == empty


@pytest.mark.parametrize("seed", SEEDS[:25])
def test_wastes_are_what_people_and_weeks_lose_by_the_prices(seed):
    rng = np.random.default_rng(seed)
    for draft in drafts(seed):
        part = draft.kernel.part
        prices = Prices(draft.kernel)
        prices.ascend(15, (40.0, 1.0), 0.5, Flag())
        hints = Hints(draft.kernel, prices, near=3.0, least=0.25)
        draft.rounds(rng.permutation(len(part.people)), Flag())
        if len(part.people):
            draft.clear(int(rng.integers(len(part.people))))
        assert draft.wastes(hints).tolist() == slow_wastes(part, plan_in(draft), prices, 0.25)


def slow_wastes(part, plan, prices, least):
    earn, absent = prices.earn, prices.absent
    found = []
    cover = np.zeros(earn.shape, int)
    for person, tours in enumerate(plan):
        own = sum(net(part, person, tour, earn, absent) for tour in tours) - fairness(part, person, tours)
        if worth(part, person, earn, absent) - own > least:
            found.append(person)
        for cell, start, length in tours:
            cover[cell, start : start + int(part.lengths[length])] += 1
    for index, there in enumerate(cover.ravel().tolist()):
        cell, week = divmod(index, part.weeks)
        row = [part.price[cell, week, y] + earn[cell, week] * y for y in range(part.price.shape[2])]
        here = part.price[cell, week, min(there, len(row) - 1)] + earn[cell, week] * there
        if here - min(row) > least:
            found.append(len(part.people) + index)
    return found
