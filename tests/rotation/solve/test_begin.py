"""How the search begins from dives, goes on from the best plan, and begins again when nothing helps any more."""

import math
from itertools import count

import numpy as np
import pytest

from tests.rotation.solve import slow
from tests.rotation.solve.test_search import holds, search_of
from tests.rotation.solve.test_stages import counted, priced, small
from tramyte.rotation.solve import search as module
from tramyte.rotation.solve import starts
from tramyte.rotation.solve.compiled import Flag
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.least import least_unmet
from tramyte.rotation.solve.models import Models
from tramyte.rotation.solve.starts import DIVES, STRIDES

SHORT = (5, 0.5, 0.0)
ROUGH = (1, 1.0, 70.0)  # everybody is bound at once


def spend(steps):
    for _ in steps:
        pass


def test_prices_say_once_where_a_plan_wastes_and_what_nobody_can_fill():
    search = priced(work=1e6)
    assert search.hints is None
    assert len(list(search._learn())) == 1
    assert search.hints is not None
    assert search.least == least_unmet(search.part, Flag())


@pytest.mark.parametrize(
    ("cost", "model", "dives"),
    [
        (58.0, -1, 3),  # a sixth of the room each time, and as much to shake
        (59.0, -1, 1),  # more than its share: one dive and no other
        (350.0, -1, 1),  # all that there is
        (351.0, -1, 0),
        (40.0, 10**9, 1),  # a small part begins once
    ],
)
def test_there_are_as_many_starts_as_there_is_room_for(cost, model, dives, monkeypatch):
    monkeypatch.setattr(starts, "DIVES", ((9, 0.5, cost), (5, 0.5, 1e9)))
    monkeypatch.setattr(module, "MODEL", model)
    monkeypatch.setattr(module, "DIVED", 0.35)
    search = search_of(small(), work=1000.0)
    made = []

    def begin(how, stride, until, often):
        made.append((how[2], stride, until, often))
        search.budget.used += 2 * cost
        yield

    monkeypatch.setattr(search, "_begin", begin)
    assert len(list(search._dive())) == dives + 1
    assert made == [(cost, stride, 0.35, module.TASTE) for stride in STRIDES[:dives]]


def test_the_longest_dive_that_leaves_room_for_all_starts_is_made(monkeypatch):
    monkeypatch.setattr(starts, "DIVES", ((90, 0.5, 100.0), (40, 0.5, 40.0), (5, 0.5, 5.0)))
    monkeypatch.setattr(module, "MODEL", -1)
    monkeypatch.setattr(module, "DIVED", 0.35)
    search = search_of(small(), work=1000.0)
    made = []

    def begin(how, stride, until, often):
        made.append(how[0])
        yield

    monkeypatch.setattr(search, "_begin", begin)
    spend(search._dive())
    assert made == [40, 40, 40, 90]  # who comes last has what the others left


def test_after_all_starts_the_best_plan_goes_on_even_if_it_is_older(monkeypatch):
    monkeypatch.setattr(starts, "DIVES", (ROUGH, ROUGH))
    monkeypatch.setattr(starts, "ROUNDS", 0)
    monkeypatch.setattr(module, "MODEL", -1)
    monkeypatch.setattr(module, "TASTE", 0)
    search = priced(work=1e6)
    search.draft.shake(20_000, (2, 4), (0.0, 0.0), Flag())
    search.note(search.draft.best_cost, search.draft.best())
    best, costs = search.cost, []
    for _ in search._dive():
        costs.append(search.draft.cost)
    assert max(costs) > best
    assert search.draft.cost == pytest.approx(search.cost)
    assert search.cost <= best and holds(search)


def test_a_start_ends_at_the_best_plan_that_shaking_met(monkeypatch):
    monkeypatch.setattr(starts, "ROUNDS", 0)
    search = priced(work=1e6)
    before = search.budget.used
    begun = search._begin(ROUGH, 0.02, 1.0, 20)
    next(begun)
    first = search.draft.cost
    assert search.budget.used == before + 70.0

    def shakes(until, most, warm):
        search.draft.shake(500, (2, 4), (0.0, 0.0), Flag())  # a better plan, and a worse one after it
        search.draft.clear(int(search.draft.count.argmax()))
        warmest.append(search.draft.cost)
        search.note(search.draft.best_cost, search.draft.best())
        yield

    warmest: list[float] = []
    monkeypatch.setattr(search, "_shakes", shakes)
    spend(begun)
    assert warmest[0] > search.draft.cost
    assert search.draft.cost == pytest.approx(search.draft.best_cost)
    assert search.draft.cost < first
    assert search.cost <= search.draft.cost + 1e-6 and holds(search)
    assert [cost for cost, _ in search.elite.plans] == [search.draft.cost]


def test_a_start_without_time_to_shake_is_the_plan_of_the_dive():
    search = priced(work=1e6)
    search.budget.used = 10.0
    assert len(list(search._begin(SHORT, 0.02, 0.0, 20))) == 1
    assert search.draft.best_cost == math.inf
    (kept,) = search.elite.plans
    assert kept[0] == search.draft.cost
    assert slow.plan_of(search.part, *kept[1]) == slow.plan_in(search.draft)
    assert not slow.breaks(search.part, slow.plan_in(search.draft))


def test_what_good_plans_hold_may_be_chosen_in_small_models(monkeypatch):
    search = priced(work=1e9)
    search.elite.add(search.draft.cost, search.draft.copy_of())
    given, real = [], Models

    def spied(*args):
        given.append(args[3])
        return real(*args)

    monkeypatch.setattr(module, "Models", spied)
    spend(search._mend(0.0))
    assert given[0].person.tolist() == search.elite.columns().person.tolist() != []


@pytest.fixture
def polished(monkeypatch):
    """A function that polishes with rounds that gain or lose as told; it returns the plans that are shaken, in turn."""
    search = priced(work=1e9)
    monkeypatch.setattr(module, "EXACT", -1)
    monkeypatch.setattr(search, "_ascent", lambda steps, stride: iter(()))
    for person in range(len(search.part.people)):
        search.draft.clear(person)
    search.begun = []

    def polish(*rounds):
        script, shaken, people = iter(rounds), [], count()

        def mend(until):
            before = search.draft.cost
            kind = next(script)
            while kind == "gain" and search.draft.cost > before - 1:
                search.draft.rounds([next(people)], Flag())
            if kind == "loss":
                search.draft.clear(int(np.flatnonzero(search.draft.count)[0]))
            if search.draft.cost < search.cost:
                search.note(search.draft.cost, search.draft.copy_of())
            yield

        def end(turns):
            shaken.append(slow.plan_in(search.draft))
            search.budget.used = 2e9 if len(shaken) + len(search.begun) >= turns else 0.0

        def shakes(until, most, warm):
            end(len(rounds))
            yield

        def begin(how, stride, until, often):
            search.begun.append((how, stride, until, often))
            search.budget.used = 2e9 if len(shaken) + len(search.begun) >= len(rounds) else 0.0
            search.draft = Draft(search.kernel)
            yield

        monkeypatch.setattr(search, "_mend", mend)
        monkeypatch.setattr(search, "_shakes", shakes)
        monkeypatch.setattr(search, "_begin", begin)
        spend(search._polish())
        return search, shaken

    return polish


def sent(plan):
    return sum(bool(tours) for tours in plan)


def test_polishing_goes_on_from_the_best_plan_of_its_rounds(polished):
    search, shaken = polished("gain", "loss", "gain", "same", "loss")
    assert search.begun == []
    assert shaken[0] == shaken[1]
    assert shaken[2] == shaken[3] == shaken[4] != shaken[0]
    assert [sent(plan) for plan in shaken] == [1, 1, 2, 2, 2]


def test_when_rounds_gain_nothing_another_start_is_made_and_the_plan_is_kept(polished, monkeypatch):
    monkeypatch.setattr(module, "STALE", 2)
    search, shaken = polished("gain", "loss", "same", "same", "same", "gain", "same")
    assert search.begun == [(DIVES[0], STRIDES[turn], 1.0, module.LASTING) for turn in (2, 4 % len(STRIDES))]
    assert [sent(plan) for plan in shaken] == [1, 1, 0, 1, 1]  # from nothing again after a start
    assert sorted(sent(slow.plan_of(search.part, *plan)) for _, plan in search.elite.plans) == [0, 1]


def test_a_gain_puts_off_another_start(polished, monkeypatch):
    monkeypatch.setattr(module, "STALE", 2)
    search, shaken = polished("gain", "same", "gain", "same", "gain", "same")
    assert search.begun == [] and len(shaken) == 6


def test_a_search_that_begins_again_and_again_holds_and_ends(monkeypatch):
    for name, value in {"DIVES": (SHORT,), "EXACT": -1, "STALE": 1, "QUIET": 1, "LASTING": 5, "RESHAKE": 1}.items():
        monkeypatch.setattr(module, name, value)
    search = priced(work=1e5)
    calls = counted(monkeypatch, search, "_begin")
    for _ in search._polish():
        search.budget.used += 1000.0
        search.bound = search.cost - 1e6
        assert holds(search)
    assert len(calls) > 1 and search.elite.plans
    assert search.is_over
