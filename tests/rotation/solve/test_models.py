"""Small exact models: which people and tours they are asked about, and what HiGHS answers."""

import numpy as np
import pytest
from benchmarks.instances import province

from tests.rotation.solve import slow
from tests.rotation.solve.slow import parts_of, solvable
from tests.worlds import tiny
from tramyte.rotation import read
from tramyte.rotation.solve import models as module
from tramyte.rotation.solve.arrays import Part, parts
from tramyte.rotation.solve.compiled import Flag, Kernel
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.mip import improve
from tramyte.rotation.solve.models import Models, lowest
from tramyte.rotation.solve.prices import Prices, columns

SEEDS = solvable(200, 60)


def largest(*args, **sizes) -> Part:
    return max(parts(province(*args, **sizes)), key=lambda part: len(part.people))


@pytest.fixture
def begun():
    """Models at some prices, and a plan to improve."""
    part = largest(3, staff=60, stations=14, weeks=10)
    kernel = Kernel(part)
    prices, draft = Prices(kernel), Draft(kernel)
    prices.ascend(200, (100.0, 1.0), 0.9, Flag())
    draft.rounds(range(len(part.people)), Flag())
    return Models(prices, np.random.default_rng(0), 0.03), draft


def all_columns(part):
    prices = Prices(Kernel(part))
    return prices.columns(np.zeros(part.price.shape[:2]), np.zeros(part.left.shape), 1e9)[0]


def test_a_group_is_no_larger_than_asked_and_its_columns_are_its_own(begun):
    models, draft = begun
    for turn in range(21):
        people, candidates = models.next(draft)
        shape = turn % len(module.SHAPES)
        assert len(set(people.tolist())) == len(people) <= max(models.sizes[shape], module.SEEDS)
        assert set(candidates.person.tolist()) <= set(people.tolist())
        assert np.bincount(candidates.person).max() <= module.SHAPES[shape][0]


def test_what_good_plans_hold_is_a_candidate_whatever_prices_say(begun):
    models, draft = begun
    part = draft.kernel.part
    everything = all_columns(part)
    elite = everything.take(np.arange(0, len(everything), 50))
    twin = Models(Prices(draft.kernel), np.random.default_rng(0), 0.03, elite)
    twin.columns, twin.rise = models.columns, models.rise
    more = set()
    for _ in range(6):
        people, candidates = twin.next(draft)
        keys = list(map(tuple, _rows(candidates)))
        assert len(set(keys)) == len(keys)
        assert {key for key in map(tuple, _rows(elite)) if key[0] in people} <= set(keys)
        assert set(candidates.person.tolist()) <= set(people.tolist())
        more |= set(keys) - set(map(tuple, _rows(elite)))
    assert more  # what prices say is there as well


def _rows(found):
    return np.stack([found.person, found.cell, found.start, found.length], axis=1).tolist()


def test_every_shape_of_group_grows_when_solved_and_shrinks_when_not(begun):
    models, draft = begun
    before = list(models.sizes)
    for turn in range(len(module.SHAPES)):
        models.next(draft)
        models.judge(turn != 1)
    assert [size > was for size, was in zip(models.sizes, before, strict=True)] == [True, False, True]
    assert all(size <= most for size, (_, _, most) in zip(models.sizes, module.SHAPES, strict=True))


def test_large_losses_are_looked_at_in_turn_with_all(begun):
    models, draft = begun
    draft.clear(5)
    models.next(draft)
    everything = set(models.wastes(draft).tolist())
    models.turn += len(module.SHAPES)
    large = set(models.wastes(draft).tolist())
    assert large < everything
    models.least[0] = 1e12  # nothing is as large
    assert set(models.wastes(draft).tolist()) == everything


def test_a_group_grows_from_what_is_wasted(begun):
    models, draft = begun
    draft.clear(5)
    wastes = set(draft.wastes(models.hints).tolist())
    assert wastes
    seeds = set()
    models.sizes[:] = [1.0] * len(models.sizes)
    for _ in range(200):
        seeds |= set(models.next(draft)[0].tolist())
    people = {waste for waste in wastes if waste < len(draft.count)}
    assert people <= seeds


def test_without_wastes_a_group_grows_from_anywhere(begun):
    models, draft = begun
    models.least[:] = 1e12, 1e12
    assert any(len(models.next(draft)[0]) for _ in range(10))
    assert not len(models.wastes(draft))


def test_a_person_without_tours_leads_nowhere(begun):
    models, draft = begun
    draft.clear(2)
    assert models._spot(draft, [2], []) == -1
    assert models._spot(draft, [], [7]) == 7


def test_a_group_that_nothing_leads_on_from_stays_as_small_as_it_is(begun):
    models, draft = begun
    draft.clear(2)
    assert models.next(draft, np.array([2]))[0].tolist() == [2]


def test_a_crew_in_roles_that_nobody_needs_leads_nowhere():
    file = tiny(schema="rotation/2", together=[["lan", "minh"]])
    for person in file["staff"][:2]:
        person["prior_stations"] = ["B"]  # where nobody is wanted who can do what they can
    file["units"][0]["max_away"]["NOI"] = 2
    file["weights"] |= {"return_bonus": 4, "start_fee": 9}  # going back is not worth the way
    part = next(part for part in parts(read.problem(file)) if part.crews)
    crew = next(index for index, (_, cells) in enumerate(part.crews) if max(cells) < 0)
    kernel = Kernel(part)
    draft = Draft(kernel)
    actor = next(index for index, who in enumerate(part.people) if who.is_team)
    draft.add(actor, len(part.cells) + crew, 0)
    assert draft.own(actor) == [(len(part.cells) + crew, 0)]
    assert Models(Prices(kernel), np.random.default_rng(0), 0.03)._spot(draft, [actor], []) == -1


@pytest.mark.parametrize("seed", range(30))
def test_the_lowest_of_each_key_are_kept(seed):
    rng = np.random.default_rng(seed)
    key, value = rng.integers(0, 5, 30), rng.permutation(30).astype(float)
    kept = lowest(key, value, 3)
    for one in range(5):
        assert sorted(value[(key == one) & kept]) == sorted(value[key == one])[:3]
    assert lowest(key[:0], value[:0], 3).tolist() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_highs_finds_the_best_of_all_plans_of_a_part(seed):
    for part in parts_of(seed):
        found = all_columns(part)
        draft = Draft(Kernel(part))
        if not len(found):
            continue
        empty = draft.cost
        nobody = np.zeros(0, np.int64)
        answer = improve(
            part, found, draft.cover, draft.left,
            hint=nobody, stop=lambda: False, nodes=1000, seconds=None, seed=0,
        )  # fmt: skip
        assert answer.chosen is not None
        for index in answer.chosen:
            where = int(found.length[index] * part.weeks + found.start[index])
            draft.add(int(found.person[index]), int(found.cell[index]), where)
        assert not slow.breaks(part, slow.plan_in(draft))
        assert empty - answer.slack <= draft.cost + 1e-6
        shaken = Draft(Kernel(part))
        for _ in range(3):
            shaken.rounds(range(len(part.people)), Flag())
        shaken.shake(200, (1, 3), (30.0, 0.0), Flag())
        assert draft.cost <= shaken.best_cost + 1e-6


def test_others_stay_as_they_are_and_a_hint_that_holds_is_not_lost(begun):
    _, draft = begun
    part = draft.kernel.part
    before = draft.cost
    people = range(8)
    rows = np.array([(person, *tour) for person in people for tour in draft.own(person)])
    own = columns(part, rows)
    for person in people:
        draft.clear(person)
    answer = improve(
        part, own, draft.cover, draft.left,
        hint=np.arange(len(own)), stop=lambda: False, nodes=0, seconds=1.0, seed=1,
    )  # fmt: skip
    assert answer.chosen is not None
    for index in answer.chosen:
        draft.add(*rows[index].tolist())
    assert draft.cost <= before + 1e-6
    assert answer.slack >= -1e-6


def test_a_hint_that_breaks_the_rules_and_a_stop_at_once_leave_nothing():
    part = largest(4, staff=110, stations=30, weeks=12)
    found, draft = all_columns(part), Draft(Kernel(part))
    clash = np.flatnonzero(found.person == found.person[0])
    answer = improve(
        part, found, draft.cover, draft.left,
        hint=clash, stop=lambda: True, nodes=1000, seconds=None, seed=0,
    )  # fmt: skip
    assert answer.chosen is None
    assert answer.slack == np.inf
