"""The auditor's file: short, alone, exact, and never above the best plan, whatever the prices are."""

import ast
import sys
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from tests.house.tree import ROOT
from tests.rotation.brute import broken, costs, optimum
from tests.worlds import random_plan, random_problem, tiny, tiny_problem
from tramyte.rotation import read
from tramyte.rotation.certificate import Certificate, certified, solved, verified
from tramyte.rotation.verify import verify

SOURCE = ROOT / "src" / "tramyte" / "rotation" / "verify.py"
NONE = {"schema": "rotation-cert/1", "scale": 1, "cover": [], "away": []}


def test_an_auditor_reads_at_most_a_hundred_lines_and_nothing_else():
    text = SOURCE.read_text("utf-8")
    assert text.count("\n") <= 100 and max(map(len, text.splitlines())) <= 120
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported and imported <= set(sys.stdlib_module_names)
    assert not [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant | ast.Div) and _rounds(node)
    ]


def _rounds(node):
    """Whether floating point comes in: a fraction, or a division that is not of whole numbers."""
    return isinstance(node, ast.Div) or isinstance(node.value, float)


def random_prices(rng, problem):
    """Prices for any station, unit, skill and week, wanted there or not."""
    scale = rng.choice((1, 7, 64))
    top = rng.choice((0, 5, 100, 300)) * scale
    weeks = range(problem.weeks)
    pairs = [(str(skill.id), week) for skill in problem.skills for week in weeks]
    cover = {(str(s.id), *pair): rng.randint(0, top) for s in problem.stations for pair in pairs if rng.random() < 0.7}
    away = {(str(u.id), *pair): rng.randint(0, top // 4) for u in problem.units for pair in pairs if rng.random() < 0.3}
    return {"scale": scale, "cover": cover, "away": away}


def corrupted(rng, certificate):
    """The prices of a certificate with some of them dropped, doubled, moved by one, or under another scale."""

    def spoil(prices):
        kept = {place: price for place, price in prices.items() if rng.random() < 0.8}
        return {p: max(0, price + rng.choice((0, 0, 1, -1, price, 10**6))) for p, price in kept.items()}

    scale = rng.choice((certificate.scale, certificate.scale, 1, 10**6))
    return {"scale": scale, "cover": spoil(certificate.cover), "away": spoil(certificate.away)}


def is_never_above_the_best_plan(seed):
    """Judge one random problem; return whether a plan exists, and whether the bound of the solver's prices is tight."""
    problem, rng = random_problem(seed), Random(seed)
    best = optimum(problem)
    if best is None:
        assert isinstance(certified(problem, **random_prices(rng, problem)).bound, int)
        return False, False
    plan, own = solved(problem, work=20_000)
    chance = certified(problem, **random_prices(rng, problem))
    wrong = certified(problem, **corrupted(rng, own))
    for certificate in (own, chance, wrong):
        bound, objective = verified(problem, plan.assignments, certificate=certificate)
        assert bound == certificate.bound <= best <= objective == plan.objective.total, seed
    other = random_plan(rng, problem)
    if len({tour.key for tour in other}) == len(other):
        assert verified(problem, other, certificate=own)[1] == costs(problem, other)["total"], seed
    return True, own.bound == best


def test_no_prices_prove_more_than_is_true():
    judged = [is_never_above_the_best_plan(seed) for seed in range(60)]
    assert sum(exists for exists, _ in judged) > 40 and sum(tight for _, tight in judged) > 30


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 2000, 50))
def test_no_prices_prove_more_than_is_true_on_a_thousand_problems(first):
    judged = [is_never_above_the_best_plan(seed) for seed in range(first, first + 50)]
    assert any(tight for _, tight in judged)


def _cert(scale=1, cover=(), away=()):
    return {
        **NONE, "scale": scale,
        "cover": [dict(zip(("station", "skill", "week", "price"), row, strict=True)) for row in cover],
        "away": [dict(zip(("unit", "skill", "week", "price"), row, strict=True)) for row in away],
    }  # fmt: skip


def test_a_bound_that_a_person_can_count():
    # without prices shortage may be nothing at all, and 7 earns a bonus of 4 for coming back to B, less fee and travel
    assert verify(tiny(), [], NONE) == (-1, 4700)
    # A wants one NOI in weeks 0-3 at 1,100: at that price it buys nobody. Lan or Minh earn 2,200 less 2 for travel and
    # 2 for the fee in two weeks, Lan twice (weeks 0-1 and 3, one of rest), but from the third week on she pays 3 a week
    prices = [("A", "NOI", week, 1100) for week in range(4)]
    lan, minh, seven = 3 * 1100 - 8 - 3, 2 * 1100 - 4, 2 * 1100 - 1 - 2
    assert verify(tiny(), [], _cert(cover=prices))[0] == 4 * 1100 - lan - minh - seven
    # who leaves pays: 100 for each week of each person away from H, and H may miss one person of this skill a week
    away = [("H", "NOI", week, 100) for week in range(4)]
    assert verify(tiny(), [], _cert(cover=prices, away=away))[0] == 4 * 1100 - 400 - (lan - 300) - (minh - 200) - seven


def test_the_bound_is_rounded_up_and_scale_does_not_matter():
    rows = [("A", "NOI", week, 550) for week in range(4)]
    whole = verify(tiny(), [], _cert(cover=rows))[0]
    assert verify(tiny(), [], _cert(scale=64, cover=[(*row[:3], 64 * row[3]) for row in rows]))[0] == whole
    # A buys one person in each of 4 weeks, and people sell it 7 weeks: a price a little lower is a bound 3/64 higher
    for grain, rise in ((1, 0), (-1, 1)):
        nearly = [(*row[:3], 64 * row[3] + grain) for row in rows]
        assert verify(tiny(), [], _cert(scale=64, cover=nearly))[0] == whole + rise


def test_prices_that_are_none_are_refused():
    for price in (-1, 1.5, True, "7", None):
        with pytest.raises(ValueError, match="price >= 0"):
            verify(tiny(), [], _cert(cover=[("A", "NOI", 0, price)]))
    for week in (-1, 4, "0", None):
        with pytest.raises(ValueError, match="week of the campaign"):
            verify(tiny(), [], _cert(away=[("H", "NOI", week, 1)]))


@pytest.mark.parametrize("change", [{"schema": "rotation-cert/2"}, {"scale": 0}, {"scale": 1.0}, {"scale": True}])
def test_another_kind_of_certificate_is_refused(change):
    with pytest.raises(ValueError, match="expected rotation/1"):
        verify(tiny(), [], {**NONE, **change})


def test_a_problem_of_another_version_is_refused():
    with pytest.raises(ValueError, match="rotation/2"):
        verify({**tiny(), "schema": "rotation/2"}, [], NONE)


def test_places_nobody_knows_and_places_named_twice_weaken_only():
    names = [("nowhere", "NOI", 0, 10**9), ("A", "nothing", 1, 10**9)]
    assert verify(tiny(), [], _cert(cover=names, away=[("nobody", "NOI", 0, 10**9)])) == (-1, 4700)
    twice = [("A", "NOI", 0, 300), ("A", "NOI", 0, 250)]
    assert verify(tiny(), [], _cert(cover=twice)) == verify(tiny(), [], _cert(cover=[("A", "NOI", 0, 550)]))


LAN, SEVEN = ({"staff": name, "station": "A", "skill": "NOI", "start": 0, "weeks": 2} for name in ("lan", 7))
ODD: dict[str, dict[str, Any]] = {
    "locked outside the campaign": {"locked": [{**LAN, "start": -1}, {**SEVEN, "start": 3}]},
    "locked long before": {"locked": [{**LAN, "start": -9}, {**SEVEN, "start": 9}]},
    "locked in another role": {"locked": [{**LAN, "skill": 2, "station": "B"}]},
    "locked where nobody gets": {"locked": [{**LAN, "station": 3}]},
    "incumbent": {"incumbent": [{**LAN, "weeks": 1}, {**LAN, "weeks": 1}, {**SEVEN, "start": 2, "station": "B"}]},
    "frozen": {"incumbent": [LAN, {**SEVEN, "start": 2}, {**SEVEN, "start": 0}], "frozen_before": 2},
    "before the campaign": {"incumbent": [{**LAN, "start": -1}]},
    "no limit of people away": {"units": [{**unit, "max_away": {}} for unit in tiny()["units"]]},
    "no ways": {"travel_min": [[None] * 3] * 2},
    "prior stations paid well": {"weights": {**tiny()["weights"], "return_bonus": 99}},
    "no tours": {"units": [{**unit, "durations": []} for unit in tiny()["units"]]},
}


@pytest.mark.parametrize("name", ODD)
def test_odd_problems_have_true_bounds(name):
    problem = tiny_problem(**ODD[name])
    best, rng = optimum(problem), Random(name)
    assert best is not None
    plan, own = solved(problem, work=20_000)
    certificates = [own, *(certified(problem, **random_prices(rng, problem)) for _ in range(40))]
    for certificate in certificates:
        assert verified(problem, plan.assignments, certificate=certificate) == (certificate.bound, best)
        assert certificate.bound <= best
    assert own.bound >= best - 200


def test_needs_that_overlap_share_one_price():
    need = tiny()["stations"][0]["needs"][0]
    stations = [{"id": "A", "needs": [need, {**need, "start": 1, "end": 3, "count": 2, "w_norm": 40}]}]
    problem = tiny_problem(stations=[*stations, *tiny()["stations"][1:]])
    best = optimum(problem)
    _, own = solved(problem, work=20_000)
    assert best is not None and best - 200 <= own.bound <= best


def test_needs_larger_than_all_people_cost_no_time():
    need = {**tiny()["stations"][0]["needs"][0], "count": 10**9, "critical": 10**9}
    problem = tiny_problem(stations=[{"id": "A", "needs": [need]}, *tiny()["stations"][1:]])
    plan, own = solved(problem, work=20_000)
    assert own.bound <= plan.objective.total == verified(problem, plan.assignments, certificate=own)[1]


def test_the_bound_of_a_plan_is_the_same_from_the_file_of_the_plan():
    problem = tiny_problem()
    plan, own = solved(problem, work=20_000)
    file, certificate = read.to_json(problem), own.to_json(problem)
    told = verify(file, plan.to_json(), certificate)
    assert told == verify(file, plan.to_json()["assignments"], certificate) == (own.bound, plan.objective.total)
    assert deepcopy(certificate) == own.to_json(problem) and not broken(problem, plan.assignments)
    assert isinstance(own, Certificate)
