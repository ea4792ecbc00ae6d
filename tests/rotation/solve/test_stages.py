"""Every way a stage of the search goes on or ends, by work and by clocks of our own: no machine is too slow for one."""

from types import SimpleNamespace

import pytest
from benchmarks.instances import province

from tests.rotation.solve.test_search import holds, search_of
from tramyte.rotation import read
from tramyte.rotation.solve import search as module
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.budget import Budget
from tramyte.rotation.solve.prices import Hints
from tramyte.rotation.solve.search import Search

STAGES = ("_first", "_price", "_learn", "_dive", "_settle", "_anneal", "_polish")


class Ticking(Budget):
    """A budget by the clock, whose clock moves on by itself whenever somebody looks: so long each time."""

    looks, tick = 0, 0.0

    @property
    def elapsed(self):
        self.looks += 1
        return self.looks * self.tick


def largest(problem):
    return max(parts(problem), key=lambda part: len(part.people))


def small():
    return largest(province(3, staff=20, stations=6, weeks=6))


def priced(**limits):
    """A search that has a first plan, some prices, and a bound as if they had said little."""
    search = search_of(small(), **limits)
    for _ in (*search._first(), *search._price()):
        pass
    search.bound = search.cost - 1e6
    return search


def ticking(part, tick):
    budget = Ticking(1.0, None)
    budget.tick = tick
    return Search(part, 1, budget, 1.0)


def counted(monkeypatch, search, name):
    """Count the calls of a method, which works as before."""
    calls, real = [], getattr(search, name)

    def count(*args, **named):
        calls.append(args)
        return real(*args, **named)

    monkeypatch.setattr(search, name, count)
    return calls


@pytest.fixture
def replan():
    """A search whose plan in force has lost a person."""
    problem = province(3, staff=20, stations=6, weeks=6)
    search = search_of(largest(problem))
    for _ in search._first():
        pass
    file = read.to_json(problem)
    tours = [
        tour for person in range(len(search.part.people)) for cell, slot in search.draft.own(person)
        for tour in search.part.tours(person, cell, slot % search.part.weeks, slot // search.part.weeks)
    ]  # fmt: skip
    file |= {"locked": [], "incumbent": [tour.to_json() for tour in tours]}
    for person in file["staff"]:
        if str(person["id"]) in {str(tour.staff) for tour in tours[:2]}:
            person["unavailable"] = [[0, file["weeks"]]]
    return search_of(largest(read.problem(file)))


def test_when_no_stage_has_anything_left_to_do_the_search_ends(monkeypatch):
    search = search_of(small(), work=10.0)
    for name in STAGES[:-1]:
        monkeypatch.setattr(search, name, lambda: iter(()))
    search.budget.used = 10.0
    assert not search.is_proved
    assert list(search.stages()) == []


@pytest.mark.parametrize("tick", [1e-9, 0.003, 0.05])
def test_at_any_pace_of_the_clock_the_search_ends_and_its_plan_holds(tick):
    search = ticking(small(), tick)
    for _ in search.stages():
        assert holds(search)
    assert search.is_over


@pytest.mark.parametrize("work", [1.0, 30.0, 300.0, 3000.0])
@pytest.mark.parametrize("model", [-1, 10**9])
def test_with_any_work_large_and_small_parts_end_and_their_plans_hold(work, model, monkeypatch):
    monkeypatch.setattr(module, "MODEL", model)
    search = search_of(small(), work=work)
    for _ in search.stages():
        assert holds(search)
    assert search.is_over


def gaining(search, monkeypatch, bests, spends=0.0):
    """Let every ascent bring the bound where it is told to, and spend so much of the limit; note steps and strides."""
    told, taken = iter(bests), []

    def ascent(steps, stride):
        taken.append((steps, stride / (module.STRIDE * search.usual)))
        search.prices.struct.best = next(told)
        search.budget.used += spends
        yield

    monkeypatch.setattr(search, "_ascent", ascent)
    assert len(list(search._price())) == len(taken)
    return taken


@pytest.mark.parametrize(
    ("bests", "probes"),
    [
        ((100, 200, 200, 200), (1, 1, 3)),  # the third may bring little: strides grow no more
        ((100, 200, 300, 400, 400, 400), (1, 1, 3, 9, 27)),  # as long as each brings much
        ((1, 2, 4, 8, 16, 32, 32), (1, 1, 3, 9, 27, 81)),  # all that there are
    ],
)
def test_strides_of_probes_grow_while_there_is_much_to_gain_then_comes_the_long_ascent(bests, probes, monkeypatch):
    monkeypatch.setattr(module, "PRICED", 1.0)
    taken = gaining(search_of(small(), work=1e5), monkeypatch, bests)
    assert [stride for _, stride in taken[:-1]] == pytest.approx(probes)
    assert taken[0][0] == module.TRIAL
    assert {steps for steps, _ in taken[1:-1]} == {module.PROBE[1]}
    assert taken[-1] == (module.STEPS, pytest.approx((module.USUAL / module.STEPS) ** 0.25))


def test_a_long_ascent_that_brings_much_is_followed_by_another(monkeypatch):
    monkeypatch.setattr(module, "PRICED", 1.0)
    bests = (100, 200, 200, *(300 * 2**turn for turn in range(10)))
    taken = gaining(search_of(small(), work=1e5), monkeypatch, bests)
    assert [steps for steps, _ in taken[3:]] == [module.STEPS] * module.ASCENTS


@pytest.mark.parametrize(("spends", "steps"), [(60.0, [20]), (20.0, [20, 60, 60]), (24.5, [20, 60, 60])])
def test_prices_end_when_their_share_of_the_limit_is_spent_or_too_little_is_left(spends, steps, monkeypatch):
    monkeypatch.setattr(module, "PRICED", 0.5)
    search = search_of(small(), work=100.0)
    search.step = 1.0
    taken = gaining(search, monkeypatch, [100 * 2**turn for turn in range(10)], spends)
    assert [count for count, _ in taken] == steps


@pytest.mark.parametrize("work", [None, 1e6])
def test_bites_follow_the_clock_only_where_the_clock_rules(work, monkeypatch):
    slow = SimpleNamespace(monotonic=iter(range(10**6)).__next__)  # every bite takes a second
    monkeypatch.setattr(module, "time", slow)
    search = search_of(small(), work=work)
    times = counted(monkeypatch, search.draft, "shake")
    assert len(list(search._shakes(1.0, 3000, 0.0))) == len(times)
    steps = counted(monkeypatch, search.prices, "ascend")
    assert len(list(search._ascent(100, 10.0))) == len(steps)
    assert (times[-2][0] < times[0][0]) == (work is None)
    assert (steps[-2][0] < steps[0][0]) == (work is None)


def test_shakes_end_at_their_share_of_the_limit():
    search = search_of(small(), work=1e5)
    search.budget.used = 5e4
    assert list(search._shakes(0.5, 1000, 0.0)) == []
    for _ in search._shakes(0.51, 1e12, 0.0):
        assert search.budget.share < 0.52
    assert search.budget.share >= 0.51


@pytest.mark.parametrize("exact", [-1, 10**9])
@pytest.mark.parametrize("stage", ["_settle", "_polish"])
def test_a_whole_model_is_asked_only_where_few_columns_are_left(stage, exact, monkeypatch):
    monkeypatch.setattr(module, "EXACT", exact)
    monkeypatch.setattr(module, "LASTING", 1)
    monkeypatch.setattr(module, "RESHAKE", 1)
    search = priced(work=20000.0)
    calls = counted(monkeypatch, search, "_prove")
    for _ in getattr(search, stage)():
        search.budget.used += 1000.0  # polishing ends some time
    assert bool(calls) == (exact > 0)
    assert holds(search)


def test_a_large_part_is_settled_without_a_model(monkeypatch):
    monkeypatch.setattr(module, "MODEL", -1)
    search = priced(work=1e6)
    for name in ("_shakes", "_mend", "_prove"):
        monkeypatch.setattr(search, name, None)
    assert list(search._settle()) == []


def test_a_long_anneal_is_done_in_cycles_from_the_best_plan(monkeypatch):
    monkeypatch.setattr(module, "LASTING", 1)
    search = priced(work=1e6)
    calls = counted(monkeypatch, search, "_shakes")
    for _ in search._anneal():
        pass
    assert len(calls) == module.CYCLES
    heats = [heat for _, _, heat in calls]
    assert heats == sorted(heats, reverse=True)
    assert search.draft.cost == pytest.approx(search.cost)


def test_mending_ends_by_the_limit_or_when_nothing_is_gained(monkeypatch):
    search = priced(work=1e9)
    calls = counted(monkeypatch, search, "_model")
    assert list(search._mend(0.0)) == [] == calls
    monkeypatch.setattr(search, "_model", lambda *args, **named: float("-inf"))
    assert len(list(search._mend(1.0))) == module.QUIET


def test_a_gain_lets_mending_go_on(monkeypatch):
    monkeypatch.setattr(module, "QUIET", 1)
    search = priced(work=1e9)
    gains = iter((1.0, 1.0, 0.0))

    def gain(*args, **named):
        search.draft.struct.cost -= next(gains)
        return search.draft.cost

    monkeypatch.setattr(search, "_model", gain)
    assert len(list(search._mend(1.0))) == 3


def test_a_repair_patches_what_is_torn_as_often_as_it_may(replan, monkeypatch):
    search = replan
    search.force.load(search.draft)
    assert len(search._torn())
    hints = Hints.blank(search.kernel)
    assert list(search._patch(hints, 0.0)) == []
    torn = search._torn()
    monkeypatch.setattr(search, "_torn", lambda: torn)
    monkeypatch.setattr(module, "REPAIR_BITES", 2)
    assert len(list(search._patch(hints, 1.0))) == 2
    assert search.cost == search.draft.best_cost and holds(search)


def test_a_repair_of_nothing_torn_is_done_at_once(replan, monkeypatch):
    search = replan
    search.force.load(search.draft)
    search.prices.start(search._wishes())
    for _ in search._ascent(20, 10.0):
        pass
    torn = search._torn()
    monkeypatch.setattr(search, "_torn", lambda: torn[:0])
    assert list(search._patch(Hints.blank(search.kernel), 1.0)) == []
    assert list(search._mend(1.0, torn=True)) == []


@pytest.mark.parametrize("limits", [{"work": 50.0}, {"seconds": 1e9}])
def test_a_search_with_a_plan_in_force_repairs_first(replan, limits, monkeypatch):
    search = search_of(replan.part, **limits)
    calls = counted(monkeypatch, search, "_patch")
    stages = search.stages()
    for _ in range(10000):
        if search.is_over or len(calls) == 2:
            break
        next(stages, None)
    assert calls and holds(search)


def test_the_bound_of_nothing_is_counted_once(monkeypatch):
    search = search_of(small())
    calls = counted(monkeypatch, search.prices, "bound_at")
    search._bound_of_nothing()
    search._bound_of_nothing()
    assert len(calls) == 1
