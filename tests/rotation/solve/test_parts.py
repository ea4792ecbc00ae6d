"""Arrays, exact programmes of people, bounds and small models, each against something slower."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.instances import province

from tests.rotation.brute import optimum
from tests.worlds import random_problem
from tramyte.rotation import read
from tramyte.rotation.check import clashes, objective
from tramyte.rotation.solve import solve
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.dual import Dual
from tramyte.rotation.solve.improve import Draft, marginal, rounds, shake
from tramyte.rotation.solve.journeys import SCALE, Journeys, quantised

SEEDS = [seed for seed in range(200, 240) if not clashes(random_problem(seed))]


def tours_of(part, draft):
    return [part.tour(person, *own) for person, tours in enumerate(draft.tours) for own in tours]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cost_of_a_draft_follows_every_change(seed):
    problem = random_problem(seed)
    found = parts(problem)
    constant = objective(problem, problem.locked_set).total - sum(Draft(part).cost for part in found)
    rng = np.random.default_rng(seed)
    tours, total = list(problem.locked_set), 0.0
    for part in found:
        draft = Draft(part)
        rounds(draft, range(len(part.people)))
        for _ in range(5):
            if len(part.people) > 1:
                shake(draft, rng, 3)
        tours += tours_of(part, draft)
        total += draft.cost
    assert objective(problem, tours).total == total + constant


def slow_best(part, person, worth):
    """Return the best worth of one person by trying all sets of starts and lengths."""
    spots = [tuple(map(int, spot)) for spot in np.argwhere(worth[person] > 0)]
    best = 0.0
    for size in range(int(part.most[person]) + 1):
        for chosen in itertools.combinations(spots, size):
            ends = [(start, start + int(part.lengths[kind])) for start, kind in chosen]
            apart = all(a[1] + part.rest[person] <= b[0] for a, b in itertools.pairwise(sorted(ends)))
            if apart:
                load = sum(end - start for start, end in ends)
                cost = part.excess[person][min(load, part.excess.shape[1] - 1)]
                best = max(best, sum(worth[person, start, kind] for start, kind in chosen) - cost)
    return best


@pytest.mark.parametrize("seed", SEEDS[:15])
def test_the_programme_of_a_person_finds_what_trying_everything_finds(seed):
    rng = np.random.default_rng(seed)
    for part in parts(random_problem(seed)):
        journeys = Journeys(part)
        earn = quantised(rng.random(part.price.shape[:2]) * 300, SCALE)
        absent = quantised(rng.random(part.left.shape) * 50, SCALE)
        offers = journeys.offers(earn, absent)
        worth, tours = journeys.best(offers)
        for person in range(len(part.people)):
            assert worth[person] == slow_best(part, person, offers.worth)
        assert (part.open[tours.person, tours.start, tours.length]).all()


@pytest.mark.parametrize("seed", SEEDS[:15])
def test_the_bound_is_true_at_any_prices_and_exact(seed):
    problem = random_problem(seed)
    best = optimum(problem)
    found = parts(problem)
    constant = objective(problem, problem.locked_set).total - sum(Draft(part).cost for part in found)
    rng = np.random.default_rng(seed)
    for _ in range(5):
        total = float(constant)
        for part in found:
            dual = Dual(part)
            earn = quantised(rng.random(dual.top.shape) * dual.top, SCALE)
            absent = quantised(rng.random(part.left.shape) * 20, SCALE)
            bound, _, _ = dual.value(earn, absent)
            assert bound * SCALE == round(bound * SCALE)
            total += bound
        assert best is not None
        assert total <= best


@pytest.mark.parametrize("seed", SEEDS[:15])
def test_no_column_of_a_best_plan_is_priced_out(seed):
    """Forcing a column can raise the bound at most to the cost of a plan that holds it."""
    problem = random_problem(seed)
    for part in parts(problem):
        draft = Draft(part)
        rounds(draft, range(len(part.people)))
        dual = Dual(part)
        dual.begin(marginal(draft), draft.cost)
        for _ in range(30):
            if not dual.is_done:
                dual.step()
        columns = part.columns()
        rise = dual.reduced_costs(columns)
        own = {(person, *tour) for person, tours in enumerate(draft.tours) for tour in tours}
        keys = zip(columns.person, columns.cell, columns.start, columns.length, strict=True)
        for key, more in zip(keys, rise, strict=True):
            if tuple(map(int, key)) in own:
                assert dual.best.bound + more <= draft.cost + 1e-6


def test_people_are_taken_in_batches_without_a_difference(monkeypatch):
    part = max(parts(province(3, staff=30, stations=8, weeks=8)), key=lambda part: len(part.people))
    journeys = Journeys(part)
    offers = journeys.offers(marginal(Draft(part)), np.zeros(part.left.shape))
    whole, _ = journeys.best(offers)
    both = journeys.both_ways(offers)
    monkeypatch.setattr("tramyte.rotation.solve.journeys.STATES", 1)
    assert len(journeys._batches()) == len(part.people)
    assert (journeys.best(offers)[0] == whole).all()
    for left, right in zip(journeys.both_ways(offers), both, strict=True):
        assert (left == right).all()


def test_a_budget_without_limits_is_never_spent():
    budget = Budget(None, None, None)
    assert budget.share == 0.0
    assert budget.allows()
    assert budget.seconds_until(0.5) == np.inf
    assert budget.nodes_until(1.0, 2.0) == 2**31 - 1


def test_work_alone_decides_without_the_clock():
    budget = Budget(None, 100, None, used=40.0)
    assert budget.share == 0.4
    assert budget.nodes_until(0.9, 5.0) == 10
    assert not budget.allows(0.4)


@pytest.mark.parametrize(("factor", "is_exact"), [(1, True), (10**6, True), (10**9, True), (10**12, False)])
def test_large_weights_make_coarser_prices_and_very_large_ones_a_bound_that_gives_way(factor, is_exact):
    part = max(parts(province(1, staff=12, stations=4, weeks=6)), key=lambda part: len(part.people))
    dual = Dual(replace(part, price=part.price * factor))
    assert (dual.scale == SCALE) == (factor < 10**9)
    assert (dual.doubt == 0.0) == is_exact


@pytest.mark.parametrize("seed", SEEDS[:8])
def test_weights_of_a_thousand_million_keep_the_bound_true(seed):
    file = read.to_json(random_problem(seed))
    for station in file["stations"]:
        for need in station["needs"]:
            need["w_crit"], need["w_norm"] = need["w_crit"] * 10**6, need["w_norm"] * 10**6
    problem = read.problem(file)
    plan = solve(problem)
    best = optimum(problem)
    assert best is not None
    assert plan.bound <= best == plan.objective.total
