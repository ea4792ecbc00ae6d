"""
Critical shortage strictly before normal shortage before the rest: proved from the weights, or solved so.

Weights w make a plan that is best by points best by tiers if the least step of a better tier outweighs all that the
tiers after it can differ by. Where the problem's own weights do not, a copy is solved whose better tiers weigh more.
What is proved of tiers comes from facts  a * critical + b * normal + c * rest >= least  that hold for every plan.
"""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import NamedTuple

import numpy as np

from tramyte.domain.plan import Plan, Tour
from tramyte.domain.tiers import TIERS, Tier, TieredPlan
from tramyte.rotation.check import fairness, objective, presence
from tramyte.rotation.problem import Person, Problem
from tramyte.rotation.solve.arrays import Floats, Part, parts
from tramyte.rotation.solve.compiled import Flag, Kernel
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.prices import Prices
from tramyte.rotation.solve.run import Progress, solve

EXACT = 2**29  # totals up to here leave HiGHS, in floating point, exact to less than a point
LIMIT = 2**40  # totals up to here are added in 1/1024 of a point without rounding
CHAIN = 4  # tours that may pay for one person-week of a better tier where EXACT is too small
SHARE = 0.2  # of the limit, for bounds of tiers
STEPS, MOST, BITE, MEMORY = 400, 2500, 20, 0.9  # steps of an ascent, and at most where there is time
STRIDE, FALL = 0.13, math.exp(-7)  # first stride by the usual price; last by the first
RATIOS = (1, 4, 16)  # one critical person-week, in normal ones, where the second tier is bounded

Three = tuple[int, int, int]


class Range(NamedTuple):
    """Least and most that a tier comes to in any plan, as far as is easily said."""

    least: int
    most: int

    @property
    def spread(self) -> int:
        """How far two plans can differ."""
        return self.most - self.least


@dataclass(frozen=True)
class Ranges:
    """The three ranges, and the steps in which they move: two plans differ by multiples; 0: they are always equal."""

    each: tuple[Range, Range, Range]
    steps: Three

    def keeps(self, weights: Three) -> bool:
        """Return whether, the tiers weighted so, every best plan is best by tiers."""
        _, normal, rest = self.each
        one, two, three = weights
        later = three * rest.spread
        second = not self.steps[1] or two * self.steps[1] > later
        return second and (not self.steps[0] or one * self.steps[0] > two * normal.spread + later)


class Fact(NamedTuple):
    """Every plan has  weights * tiers >= least."""

    weights: Three
    least: int


def solve_in_tiers(
    problem: Problem,
    *,
    seconds: float | None = None,
    work: int | None = None,
    seed: int = 0,
    stop: Event | None = None,
    progress: Callable[[Progress], None] | None = None,
    workers: int = 2,
) -> TieredPlan:
    """
    Return a plan that puts critical shortage before normal shortage before the rest, and what is proved of each.

    arguments as of `solve`; a fifth of the limit goes to the bounds of the tiers
    progress : its points are those of the weights that are solved, people-weeks are what they are
    raises   : Infeasible, the tours that must stand clash among themselves
    """
    began = time.monotonic()
    found = ranges(problem)
    weights = weights_of(problem, found)
    plan = solve(
        weighted(problem, weights),
        seconds=None if seconds is None else seconds * (1 - SHARE),
        work=None if work is None else max(1, round(work * (1 - SHARE))),
        seed=seed, stop=stop, progress=progress, workers=workers,
    )  # fmt: skip
    facts = [Fact(weights, plan.bound)]
    values = tiers_of(problem, plan.assignments)
    asked = _questions(problem, weights)
    end = None if seconds is None else began + seconds
    steps = STEPS if work is None else max(1, min(STEPS, int(work * SHARE / len(asked))))
    for index, question in enumerate(asked):
        if _is_answered(question, values, _bounds(facts, values, found)):
            continue
        now = time.monotonic()
        until = None if end is None else now + (end - now) / (len(asked) - index)
        facts.append(
            Fact(question, least(weighted(problem, question), plan.assignments, steps=steps, until=until, stop=stop))
        )
    how = "weights" if found.keeps((1, 1, 1)) else "tiers"
    own = _own(problem, plan, facts, seconds=time.monotonic() - began)
    return TieredPlan(own, how, _tiers(values, _bounds(facts, values, found)))


def tiers_of(problem: Problem, tours: Sequence[Tour]) -> Three:
    """Return the points of a plan for critical shortage, for normal shortage, and for the rest."""
    critical, normal = _shortage(problem, presence(problem, tours))
    return critical, normal, objective(problem, tours).total - critical - normal


def ranges(problem: Problem) -> Ranges:
    """Return what each tier comes to at least and at most, in whole numbers that hold for every plan."""
    own: defaultdict[str, list[Tour]] = defaultdict(list)
    for tour in problem.locked_set:
        own[str(tour.staff)].append(tour)
    there = presence(problem, problem.locked_set)
    most = _shortage(problem, there)
    able: Counter[str] = Counter()
    for person in problem.staff:
        if _tours_left(problem, person, own[str(person.id)]):
            able.update(set(map(str, person.skills)))
    cells = {(str(place.id), str(need.skill)) for place in problem.stations for need in place.needs}
    full = Counter(
        {(*cell, week): there[*cell, week] + able[cell[1]] for cell in cells for week in range(problem.weeks)}
    )
    few = _shortage(problem, full)
    critical, normal = (Range(low, high) for low, high in zip(few, most, strict=True))
    needs = [need for place in problem.stations for need in place.needs]
    steps = (
        math.gcd(*(need.w_crit for need in needs if need.critical)) if critical.spread else 0,
        math.gcd(*(need.w_norm for need in needs if need.count)) if normal.spread else 0,
    )
    rest = _rest(problem, own)
    return Ranges((critical, normal, rest), (*steps, 1 if rest.spread else 0))


def weights_of(problem: Problem, found: Ranges) -> Three:
    """
    Return by how much the better tiers are to weigh more: nothing if the weights keep the order already.

    Else as much as proves the order, or, where the points would grow too large to be exact, as much as CHAIN tours
    can pay for one person-week.
    """
    critical, normal, rest = found.each
    if found.keeps((1, 1, 1)):
        return 1, 1, 1
    two = rest.spread // found.steps[1] + 1 if found.steps[1] else 1
    one = (two * normal.spread + rest.spread) // found.steps[0] + 1 if found.steps[0] else 1
    size = max(abs(rest.least), abs(rest.most))
    if one * critical.most + two * normal.most + size <= EXACT:
        return one, two, 1
    needs = [need for place in problem.stations for need in place.needs]
    normals = [need.w_norm for need in needs if need.w_norm] or [1]
    longest = max((weeks for unit in problem.units for weeks in unit.durations), default=1)
    minutes = max((cell or 0 for row in problem.travel_min for cell in row), default=0)
    weight = problem.weights
    tour = weight["travel_per_hour"] * 2 * minutes // 60 + sum(weight.values())
    tour += longest * (weight["fair1"] + weight["fair2"])
    two = -(-CHAIN * tour // min(normals))
    one = -(-CHAIN * (two * max(normals) * longest + tour) // min((n.w_crit for n in needs if n.w_crit), default=1))
    two = max(1, min(two, (LIMIT // 2 - size) // max(1, normal.most)))
    one = max(1, min(one, (LIMIT - size - two * normal.most) // max(1, critical.most)))
    return one, two, 1


def weighted(problem: Problem, weights: Three) -> Problem:
    """
    Return the problem in which each tier costs so many times as much; the plans are the same.

    weights : the last of them 0 or 1: the price of travel is rounded, and times three is not three times
    """
    if weights == (1, 1, 1):
        return problem
    one, two, three = weights
    return replace(
        problem,
        stations=tuple(
            replace(place, needs=tuple(
                replace(need, w_crit=one * need.w_crit, w_norm=two * need.w_norm) for need in place.needs
            ))
            for place in problem.stations
        ),
        weights={name: three * points for name, points in problem.weights.items()},
        staff=tuple(
            replace(person, preferences=tuple(replace(it, points=three * it.points) for it in person.preferences))
            for person in problem.staff
        ),
    )  # fmt: skip


def least(
    problem: Problem,
    tours: Sequence[Tour],
    *,
    steps: int = STEPS,
    until: float | None = None,
    stop: Event | None = None,
) -> int:
    """
    Return a total below which no plan of the problem comes, by prices.

    tours : a good plan, from whose shortage the prices start
    steps : of each ascent; until: a moment of the steady clock by which as many are taken as fit, and no more
    """
    total = objective(problem, problem.locked_set).total
    there = presence(problem, tours)
    there.subtract(presence(problem, problem.locked_set))
    asked = parts(problem)
    for index, part in enumerate(asked):
        kernel = Kernel(part)
        empty = Draft(kernel).cost
        now = time.monotonic()
        share = None if until is None else now + (until - now) / (len(asked) - index)
        bound = _priced(kernel, _wishes(part, there), steps, share, stop) if kernel.can_go.any() else empty
        total += math.ceil(bound - 1e-6) - round(empty)
    return total


def _wishes(part: Part, there: Counter[tuple[str, str, int]]) -> Floats:
    """Return what one more person would save in each cell's week beside those a plan sends there; (J, T)."""
    wishes = np.zeros(part.price.shape[:2])
    last = part.price.shape[2] - 1
    for cell, (index, skill) in enumerate(part.cells):
        station = str(part.problem.stations[index].id)
        for week in range(part.weeks):
            here = min(last, max(0, there[station, skill, week]))
            wishes[cell, week] = part.price[cell, week, here] - part.price[cell, week, min(last, here + 1)]
    return wishes


def _priced(kernel: Kernel, wishes: Floats, steps: int, until: float | None, stop: Event | None) -> float:
    """Return the best bound of one ascent; with a moment to end by, the first steps tell how many fit."""
    part, prices = kernel.part, Prices(kernel)
    began = time.monotonic()
    best = prices.bound_at(np.zeros(wishes.shape), np.zeros(part.left.shape))
    prices.remember()
    first = part.price[:, :, 0] - part.price[:, :, min(1, part.price.shape[2] - 1)]
    usual = float(np.median(first[first > 0])) if (first > 0).any() else 1.0
    if until is not None:
        pace = max(1e-6, time.monotonic() - began)
        steps = int(np.clip((until - began) / pace, 1, MOST if steps == STEPS else steps))
    stride = STRIDE * usual * math.sqrt(STEPS / max(STEPS, steps))
    prices.start(wishes)
    for done in range(0, steps, BITE):
        if done and ((until is not None and time.monotonic() >= until) or (stop is not None and stop.is_set())):
            break
        bite = min(BITE, steps - done)
        strides = (stride * FALL ** (done / steps), stride * FALL ** ((done + bite) / steps))
        prices.ascend(bite, strides, MEMORY, Flag())
    return max(best, prices.best)


def _questions(problem: Problem, weights: Three) -> list[Three]:
    """Return the weights at which facts are worth having beside those that are solved."""
    needs = [need for place in problem.stations for need in place.needs]
    critical = min((need.w_crit for need in needs if need.w_crit and need.critical), default=1)
    normal = max((need.w_norm for need in needs), default=1)
    second = [(max(1, -(-ratio * normal // critical)), 1, 0) for ratio in RATIOS]
    own = [(1, 1, 1)] if weights != (1, 1, 1) else []
    return [*own, (1, 0, 0), *dict.fromkeys(second)]


def _is_answered(question: Three, values: Three, bounds: Three) -> bool:
    """Return whether nothing is left to prove that a fact with these weights could."""
    return not question[2] and values[1 if question[1] else 0] == bounds[1 if question[1] else 0]


def _bounds(facts: Sequence[Fact], values: Three, found: Ranges) -> Three:
    """Return for each tier what no plan that is as good in the tiers before can be below."""
    bounds = [tier.least for tier in found.each]
    for weights, low in facts:
        for tier, weight in enumerate(weights):
            if weight:
                before = sum(weights[index] * values[index] for index in range(tier))
                after = sum(weights[index] * found.each[index].most for index in range(tier + 1, 3))
                bounds[tier] = max(bounds[tier], -(-(low - before - after) // weight))
    one, two, three = (
        value if not step else value - (value - bound) // step * step
        for value, bound, step in zip(values, bounds, found.steps, strict=True)
    )
    return one, two, three


def _tiers(values: Three, bounds: Three) -> tuple[Tier, Tier, Tier]:
    proved = [values[: tier + 1] == bounds[: tier + 1] for tier in range(3)]
    one, two, three = (Tier(*row) for row in zip(TIERS, values, bounds, proved, strict=True))
    return one, two, three


def _own(problem: Problem, plan: Plan, facts: Sequence[Fact], *, seconds: float) -> Plan:
    """Return the plan with its cost and a bound by the weights of the problem itself."""
    cost = objective(problem, plan.assignments)
    bound = min(cost.total, max(fact.least for fact in facts if fact.weights == (1, 1, 1)))
    status = plan.status if plan.status == "stopped" else "feasible"
    return replace(
        plan, objective=cost, bound=bound, status="optimal" if bound == cost.total else status, seconds=seconds
    )


def _shortage(problem: Problem, there: Counter[tuple[str, str, int]]) -> tuple[int, int]:
    """Return the points of critical and of normal shortage with so many people there."""
    critical = normal = 0
    for place in problem.stations:
        for need in place.needs:
            cell = str(place.id), str(need.skill)
            for week in range(need.start, need.end):
                critical += need.w_crit * max(0, need.critical - there[*cell, week])
                normal += need.w_norm * max(0, need.count - there[*cell, week])
    return critical, normal


def _rest(problem: Problem, own: dict[str, list[Tour]]) -> Range:
    """Return the range of all costs beside shortage: those of the locked tours, and what free ones can add."""
    base = objective(problem, problem.locked_set)
    fixed = base.total - base.shortage - (base.handover or 0)
    spans = sum(len(list(need.spans)) for needs in problem.handovers.values() for need in needs)
    ways = {(str(p.unit), p.max_travel_min): 0 for p in problem.staff}
    for unit, most in ways:
        minutes = (problem.minutes(unit, place.id) for place in problem.stations)
        ways[unit, most] = max((it for it in minutes if it is not None and it <= most), default=0)
    each = [
        _added(problem, person, own[str(person.id)], ways[str(person.unit), person.max_travel_min])
        for person in problem.staff
    ]
    fewest, most = (sum(side) for side in zip(Range(0, 0), *each, strict=True))
    return Range(fixed - base.disruption + fewest, fixed + problem.handover_price * spans + most)


def _added(problem: Problem, person: Person, own: Sequence[Tour], minutes: int) -> Range:
    """Return what the free tours of one person can add, beside shortage, at least and at most."""
    tours = _tours_left(problem, person, own)
    if not tours:
        return Range(0, 0)
    weight = problem.weights
    room = problem.weeks - problem.frozen_before
    longest = max(length for length in _lengths(problem, person) if length <= room)
    base = sum(tour.weeks for tour in own)
    weeks = fairness(problem, person, base + min(room, tours * longest)) - fairness(problem, person, base)
    dear = tours * (weight["start_fee"] + weight["travel_per_hour"] * 2 * minutes // 60)
    back = tours * min(0, weight["start_fee"] - weight["return_bonus"]) if person.prior_stations else 0
    wishes = [wish.points * (wish.end - wish.start) for wish in person.preferences]
    return Range(back + sum(min(0, it) for it in wishes), weeks + dear + sum(max(0, it) for it in wishes))


def _lengths(problem: Problem, person: Person) -> tuple[int, ...]:
    return problem.unit_by_id[str(person.unit)].durations


def _tours_left(problem: Problem, person: Person, own: Sequence[Tour]) -> int:
    """Return at most how many free tours a person can have."""
    room = problem.weeks - problem.frozen_before
    shortest = min(_lengths(problem, person), default=room + 1)
    return 0 if person.exempt or shortest > room else max(0, min(person.max_deployments - len(own), room // shortest))
