"""What the page of the mathematics claims is counted again: by the auditor, by the kernels, by brute force."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tests.pages import Page
from tests.rotation.brute import best_plan, free_tours, optimum
from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.check import check, objective
from tramyte.rotation.solve import solve
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.compiled import Kernel
from tramyte.rotation.solve.prices import Prices
from tramyte.rotation.verify import verify

PAGE = Path(__file__).resolve().parents[1] / "docs" / "mathematics.md"
SHOWN = 69.5  # the bound of the page, before it is rounded up


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The blocks of the page, run; its files."""
    monkeypatch.chdir(tmp_path)
    page = Page(PAGE, tmp_path)
    page.run()
    return {name: json.loads((tmp_path / f"{name}.json").read_text("utf-8")) for name in ("problem", "cert")}


@pytest.fixture
def example(files):
    """The part of the page's problem, with its prices (J, T) and (C, T)."""
    (part,) = parts(read.problem(files["problem"]))
    cover = {(row["station"], row["week"]): row["price"] for row in files["cert"]["cover"]}
    away = {row["week"]: row["price"] for row in files["cert"]["away"]}
    places = [part.problem.stations[station].id for station, _ in part.cells]
    earn = [[cover.get((place, week), 0) / 2 for week in range(part.weeks)] for place in places]
    return part, np.array(earn), np.array([[away[week] / 2 for week in range(part.weeks)]])


def plans(problem):
    """Every plan of people who go once at most."""
    own = [[(), *((tour,) for tour in free_tours(problem) if tour.staff == person.id)] for person in problem.staff]
    found = [sum(choice, ()) for choice in product(*own)]
    kept = [plan for plan in found if not check(problem, plan)]
    assert len(found) == 121 > len(kept) > 40
    return kept


def test_the_kernels_count_what_the_page_counts(example):
    part, earn, absent = example
    prices = Prices(Kernel(part))
    assert prices.bound_at(earn, absent) == SHOWN
    assert f"69.5, and every cost is whole: no plan has fewer than **{70}**" in PAGE.read_text("utf-8")
    assert prices.worth(earn, absent).tolist() == [0.5, 0.5]
    assert prices.bound_at(earn, np.zeros_like(absent)) == -26
    assert prices.bound_at(earn + 7, absent) < SHOWN  # above what the first person saves


def test_the_plan_of_the_page_is_best(example, files):
    problem = example[0].problem
    best = best_plan(problem)
    assert best is not None and optimum(problem) == objective(problem, best).total == 70
    assert verify(files["problem"], [tour.to_json() for tour in best], files["cert"]) == (70, 70)
    plan = solve(problem, work=5000)
    assert (plan.objective.total, plan.bound, plan.status) == (70, 70, "optimal")


def test_a_tour_costs_at_least_what_its_reduced_cost_says(example):
    part, earn, absent = example
    problem, prices = part.problem, Prices(Kernel(part))
    columns, rise = prices.columns(earn, absent, 1e9)
    tours = [
        Tour(
            problem.staff[columns.person[index]].id, problem.stations[part.cells[columns.cell[index]][0]].id, "NOI",
            int(columns.start[index]), int(part.lengths[columns.length[index]]),
        )
        for index in range(len(columns))
    ]  # fmt: skip
    found = dict(zip((tour.key for tour in tours), rise.tolist(), strict=True))
    assert found[Tour("binh", "Y", "NOI", 1, 1).key] == 69
    costs = {plan: objective(problem, plan).total for plan in plans(problem)}
    for tour in tours:
        least = min(cost for plan, cost in costs.items() if tour.key in {other.key for other in plan})
        assert least >= SHOWN + found[tour.key]
    assert not len(prices.columns(earn, absent, 70 - 1 - SHOWN)[0])  # nothing left that could be better


def test_the_gap_is_waste_and_nothing_else(example):
    part, earn, absent = example
    problem, worths = part.problem, Prices(Kernel(part)).worth(earn, absent)
    places = [problem.stations[station].id for station, _ in part.cells]
    for plan in plans(problem):
        cover, away, own = np.zeros(earn.shape, int), np.zeros(absent.shape, int), np.zeros(2)
        for tour in plan:
            cell, weeks = places.index(tour.station), range(tour.start, tour.end)
            cover[cell, weeks] += 1
            away[0, weeks] += 1
            fee, extra = {"X": 3, "Y": 2}[tour.station], 4 * (tour.weeks - 1)
            own[["an", "binh"].index(tour.staff)] += (earn[cell, weeks] - absent[0, weeks]).sum() - fee - extra
        waste = (worths - own).sum() + (absent * (1 - away)).sum()
        for spot in np.ndindex(earn.shape):
            paid = part.price[spot] + earn[spot] * np.arange(part.price.shape[2])
            at = min(cover[spot], part.price.shape[2] - 1)
            waste += part.price[spot][at] + earn[spot] * cover[spot] - paid.min()
        assert objective(problem, plan).total - SHOWN == waste
