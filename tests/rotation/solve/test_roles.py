"""A start made role by role: who is bound and when, that a model finds the best choice, and when it gives up."""

from itertools import product
from math import inf, prod

import numpy as np
import pytest
from benchmarks.instances import province

from tests.rotation.solve import slow
from tests.rotation.solve.slow import parts_of, solvable
from tests.rotation.solve.test_search import holds, search_of
from tramyte.rotation.solve import roles as module
from tramyte.rotation.solve import search as search_module
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.compiled import Flag, Kernel
from tramyte.rotation.solve.mip import Answer
from tramyte.rotation.solve.prices import Prices
from tramyte.rotation.solve.roles import Roles, suits

MANY = [part for seed in solvable(900, 60) for part in parts_of(seed) if suits(part)]
TRIES = 30_000  # plans that one test compares


def roles_of(part, *, steps=30):
    """A start by roles at prices that an ascent has found."""
    prices = Prices(Kernel(part))
    prices.start(part.price[:, :, 0] / 2)
    prices.ascend(steps, (10.0, 1.0), 0.5, Flag())
    return Roles(prices.kernel, prices, 50.0, 1)


def crowd():
    return max(parts(province(3, staff=90, stations=25, weeks=10)), key=lambda part: len(part.people))


def value(made, people, choice, open_cells):
    """What a choice of tours of some people costs, other people's cells paying their prices; inf: against a cap."""
    part, earn, absent = made.part, made.prices.earn, made.prices.absent
    others = {int(part.cap[person]) for person in np.flatnonzero(made.is_free) if person not in people}
    cover, away = np.zeros(earn.shape, int), np.zeros(part.left.shape, int)
    total = 0.0
    for person, tours in zip(people, choice, strict=True):
        total += slow.fairness(part, person, tours)
        for tour in tours:
            weeks = list(slow.weeks_of(part, tour))
            total += slow.own_cost(part, person, tour)
            cover[tour[0], weeks] += 1
            away[part.cap[person], weeks] += 1
            if part.cap[person] in others:
                total += absent[part.cap[person], weeks].sum()
    if (away > part.left).any():
        return inf
    most = part.price.shape[2] - 1
    for cell, week in np.ndindex(*earn.shape):
        if cell in open_cells:
            wanted = (part.price[cell, week, :-1] > part.price[cell, week, 1:]).sum()
            total -= earn[cell, week] * min(cover[cell, week], wanted)
        else:
            total += part.price[cell, week, min(cover[cell, week], most)]
    return total


@pytest.mark.parametrize("part", MANY)
def test_the_first_model_chooses_the_best_there_is(part, monkeypatch):
    monkeypatch.setattr(module, "NEAR", 1e9)
    monkeypatch.setattr(module, "PER_PERSON", 10**9)
    monkeypatch.setattr(module, "GAP", 1e-9)
    made = roles_of(part)
    role = made.next_role
    if role is None:
        return
    people = np.flatnonzero(part.holds[:, role] & made.is_free).tolist()
    ways = [slow.journeys(part, person, slow.free_of(part, person)) for person in people]
    if prod(map(len, ways)) > TRIES:
        return
    open_cells = {cell for cell in range(len(part.cells)) if part.role[cell] != role}
    best = min(value(made, people, choice, open_cells) for choice in product(*ways))
    settled = []
    monkeypatch.setattr(Roles, "_settle", lambda _, people, chosen: settled.append(chosen))
    made.bind(role, Flag(), None)
    (chosen,) = settled
    rows = list(zip(chosen.person, chosen.cell, chosen.start, chosen.length, strict=True))
    taken = [tuple(tuple(map(int, row[1:])) for row in rows if row[0] == person) for person in people]
    assert value(roles_of(part), people, taken, open_cells) == pytest.approx(best, abs=1e-4)


def test_enough_choices_are_compared():
    assert len(MANY) >= 20


def test_roles_are_bound_from_the_scarcest_and_the_bound_stay_as_they_are():
    part = crowd()
    made = roles_of(part)
    was: dict[int, list] = {}
    sizes = []
    while (role := made.next_role) is not None:
        sizes.append(int((part.holds[:, role] & made.is_free).sum()))
        assert sizes[-1] == min(
            int((part.holds[:, one] & made.is_free).sum())
            for one in np.flatnonzero(~made.is_tried)
            if (part.holds[:, one] & made.is_free).any()
        )
        made.bind(role, Flag(), None)
        now = {int(person): made.draft.own(int(person)) for person in np.flatnonzero(~made.is_free)}
        assert all(now[person] == tours for person, tours in was.items())
        assert all(not made.draft.own(int(person)) for person in np.flatnonzero(made.is_free))
        assert not slow.breaks(part, slow.plan_in(made.draft))
        was = now
    assert len(sizes) == len(part.skills) and not made.is_free.any()
    assert made.draft.cost == pytest.approx(slow.cost(part, slow.plan_in(made.draft)))


def test_a_role_of_too_many_people_is_left_to_a_dive(monkeypatch):
    monkeypatch.setattr(module, "MOST", 0)
    assert roles_of(crowd()).next_role is None


@pytest.mark.parametrize("answer", [Answer(None, inf, 0), Answer(np.zeros(0, np.int64), 1.0, 0, 7, 1e9)])
def test_a_model_that_finds_little_binds_nobody(answer, monkeypatch):
    monkeypatch.setattr(module, "improve", lambda *args, **named: answer)
    made = roles_of(crowd())
    role = made.next_role
    assert made.bind(role, Flag(), 0.1) == module.STEPS + module.PIVOT * answer.pivots
    assert not made.is_bound.any() and made.is_tried[role] and made.is_free.sum() == made.kernel.can_go.sum()
    assert made.next_role != role


@pytest.mark.parametrize(("seconds", "work"), [(50.0, None), (None, 1e9)])
def test_models_share_the_time_that_is_left_and_only_where_the_clock_rules(seconds, work, monkeypatch):
    made, asked = roles_of(crowd()), []

    def bind(role, stop, limit):
        asked.append(limit)
        made.is_tried[role] = True
        return 10.0

    monkeypatch.setattr(made, "bind", bind)
    budget = Budget(seconds, work)
    for _ in made.bind_all(budget, 2.0, 0.5, Flag()):
        pass
    assert budget.used == 20.0 * len(asked) and len(asked) == len(made.part.skills)
    assert all(limit is None if work else 0 < limit <= 12.5 for limit in asked)
    spent = Budget(None, 1.0, used=1.0)
    assert list(roles_of(crowd()).bind_all(spent, 2.0, 0.5, Flag())) == []


@pytest.mark.parametrize("is_better", [False, True])
def test_a_large_part_begins_by_roles_too_and_goes_on_from_the_best(is_better, monkeypatch):
    monkeypatch.setattr(search_module, "MODEL", -1)
    monkeypatch.setattr(search_module, "ROLES_ROOM", 0.0)
    search = search_of(crowd(), work=30_000.0)
    for stage in (search._first, search._price, search._learn):
        for _ in stage():
            pass
    if not is_better:
        search.cost = 0.0
    for _ in search._dive():
        pass
    assert search.is_by_roles == is_better
    if is_better:
        assert holds(search) and search.draft.cost == pytest.approx(search.cost)
        assert list(search._anneal()) == []
    assert len(search.elite.plans) >= 2


def test_same_work_same_start():
    costs = set()
    for _ in range(2):
        made = roles_of(crowd())
        for _ in made.bind_all(Budget(None, 1e9), 1.0, 0.5, Flag()):
            pass
        costs.add((made.draft.cost, made.draft.copy_of()[1].tobytes()))
    assert len(costs) == 1
