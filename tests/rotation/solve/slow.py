"""What the kernels compute, in plain Python over one part: every set of tours, one after the other."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np

from tests.worlds import random_problem
from tramyte.rotation.check import clashes
from tramyte.rotation.problem import Problem
from tramyte.rotation.solve.arrays import Floats, Part, parts
from tramyte.rotation.solve.compiled import Whole
from tramyte.rotation.solve.draft import Draft

Free = tuple[int, int, int]  # cell, start, length index
Plan = list[tuple[Free, ...]]  # the tours of each person


@cache
def problem_of(seed: int, *, people: int = 4, stations: int = 3, weeks: int = 5) -> Problem:
    """Return a random problem, the same for every test that asks."""
    return random_problem(seed, people=people, stations=stations, weeks=weeks)


def solvable(first: int, count: int) -> list[int]:
    """Return seeds of problems whose locked tours do not clash."""
    return [seed for seed in range(first, first + count) if not clashes(problem_of(seed))]


@cache
def parts_of(seed: int) -> list[Part]:
    """Return the parts of a random problem."""
    return parts(problem_of(seed))


def free_of(part: Part, person: int) -> list[Free]:
    """Return every tour that the rules on single tours allow a person."""
    return [
        (cell, int(start), int(length))
        for cell in range(len(part.cells))
        if part.holds[person, part.role[cell]] and part.reach[part.pair[person], cell]
        for start, length in np.argwhere(part.open[person])
    ]


def own_cost(part: Part, person: int, tour: Free) -> float:
    """Return fare less bonuses of one tour."""
    cell, start, length = tour
    bonus = part.bonus.get((person, cell), 0) + part.kept.get((person, cell, start, length), 0)
    return float(part.fare[part.pair[person], cell]) - bonus


def weeks_of(part: Part, tour: Free) -> range:
    """Return the weeks of a tour."""
    return range(tour[1], tour[1] + int(part.lengths[tour[2]]))


def keeps_rest(part: Part, person: int, tours: tuple[Free, ...]) -> bool:
    """Return whether a person rests enough between tours, and has no more than allowed."""
    order = sorted((weeks_of(part, tour) for tour in tours), key=lambda weeks: weeks.start)
    apart = all(first.stop + part.rest[person] <= later.start for first, later in pairwise(order))
    return apart and len(tours) <= part.most[person]


def fairness(part: Part, person: int, tours: tuple[Free, ...]) -> float:
    """Return the cost of fairness of so many weeks; past the end of what the part knows it rises evenly."""
    row = part.excess[person]
    load = sum(len(weeks_of(part, tour)) for tour in tours)
    if len(row) == 1 or load < len(row):
        return float(row[min(load, len(row) - 1)])
    return float(row[-1] + (load - len(row) + 1) * (row[-1] - row[-2]))


def journeys(part: Part, person: int, free: list[Free]) -> list[tuple[Free, ...]]:
    """Return every set of these tours that one person may make."""
    found: list[tuple[Free, ...]] = [()]
    grown: list[tuple[Free, ...]] = [()]
    order = sorted(free, key=lambda tour: tour[1])
    while grown:  # tours in order of weeks, one more at a time
        grown = [
            (*tours, tour)
            for tours in grown
            for tour in order
            if (not tours or tour[1] > tours[-1][1]) and keeps_rest(part, person, (*tours, tour))
        ]
        found += grown
    return found


def net(part: Part, person: int, tour: Free, earn: Floats, absent: Floats) -> float:
    """Return what a tour earns at these prices, less what it costs; fairness left out."""
    cell, weeks = tour[0], weeks_of(part, tour)
    gone = sum(absent[part.cap[person], week] for week in weeks)
    return float(sum(earn[cell, week] for week in weeks) - gone - own_cost(part, person, tour))


def worth(part: Part, person: int, earn: Floats, absent: Floats, *, with_tour: Free | None = None) -> float:
    """Return the most a person can earn at these prices; with_tour: among the sets that hold it."""
    free = free_of(part, person)
    best = -np.inf if with_tour else 0.0
    value = {tour: net(part, person, tour, earn, absent) for tour in free}
    # of tours in the same weeks only the best one matters, and the one asked for
    top: dict[tuple[int, int], Free] = {}
    for tour in free:
        known = top.setdefault(tour[1:], tour)
        if value[tour] > value[known]:
            top[tour[1:]] = tour
    if with_tour:
        top[with_tour[1:]] = with_tour
    for tours in journeys(part, person, list(top.values())):
        if with_tour is None or with_tour in tours:
            best = max(best, sum(value[tour] for tour in tours) - fairness(part, person, tours))
    return best


def bought(part: Part, earn: Floats) -> tuple[float, list[list[list[int]]]]:
    """Return the least price and pay of all cells' weeks, and how many people are bought at it, in each."""
    total, best_buys = 0.0, []
    for cell in range(len(part.cells)):
        row = []
        for week in range(part.weeks):
            prices = [part.price[cell, week, y] + earn[cell, week] * y for y in range(part.price.shape[2])]
            total += min(prices)
            row.append([y for y, price in enumerate(prices) if price == min(prices)])
        best_buys.append(row)
    return total, best_buys


def bound(part: Part, earn: Floats, absent: Floats) -> float:
    """Return the bound at these prices."""
    people = range(len(part.people))
    earned = sum(worth(part, person, earn, absent) for person in people)
    return bought(part, earn)[0] - float((absent * part.left).sum()) - earned


def cost(part: Part, plan: Plan) -> float:
    """Return what a plan costs, as the part counts."""
    cover = np.zeros((len(part.cells), part.weeks), int)
    total = 0.0
    for person, tours in enumerate(plan):
        total += fairness(part, person, tours) + sum(own_cost(part, person, tour) for tour in tours)
        for tour in tours:
            cover[tour[0], list(weeks_of(part, tour))] += 1
    last = part.price.shape[2] - 1
    cells, weeks = np.indices(cover.shape)
    return total + float(part.price[cells, weeks, np.minimum(cover, last)].sum())


def breaks(part: Part, plan: Plan) -> list[str]:
    """Return what is wrong with a plan, in words."""
    away = np.zeros(part.left.shape, int)
    wrong = []
    for person, tours in enumerate(plan):
        wrong += [f"{person} {tour} is not free" for tour in tours if tour not in free_of(part, person)]
        if not keeps_rest(part, person, tours):
            wrong.append(f"{person} {tours} too many or too near")
        for tour in tours:
            away[part.cap[person], list(weeks_of(part, tour))] += 1
    return wrong + [f"too many away {spot}" for spot in np.argwhere((away > part.left) & (away > 0))]


def some_prices(part: Part, seed: int, *, scale: int = 1024) -> tuple[Floats, Floats]:
    """Return random prices in whole grains, of the size of what the part costs; some are 0."""
    rng = np.random.default_rng(seed)
    top = float(part.price.max(initial=1.0)) + 5
    earn = np.round(rng.random(part.price.shape[:2]) ** 2 * top * scale) / scale
    absent = np.round(rng.random(part.left.shape) * 20 * scale) / scale
    return earn * (rng.random(earn.shape) < 0.8), absent * (rng.random(absent.shape) < 0.5)


def plan_in(draft: Draft) -> Plan:
    """Return the plan of a draft, as tours of each person."""
    return plan_of(draft.kernel.part, *draft.copy_of())


def plan_of(part: Part, count: Whole, tours: Whole) -> Plan:
    """Return a plan that a draft has written down."""
    return [
        tuple(
            (int(cell), int(where) % part.weeks, int(where) // part.weeks)
            for cell, where in tours[person, : count[person]]
        )
        for person in range(len(part.people))
    ]


def where_of(part: Part, tour: Free) -> int:
    """Return start and length of a tour as the kernels number them."""
    return tour[2] * part.weeks + tour[1]


def best_answer(part: Part, plan: Plan, person: int) -> float:
    """Return the cost of the plan when one person chooses best and all others stay."""
    found = []
    for tours in journeys(part, person, free_of(part, person)):
        other = [*plan[:person], tours, *plan[person + 1 :]]
        if not breaks(part, other):
            found.append(cost(part, other))
    return min(found)
