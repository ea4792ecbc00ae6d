"""Do all who can judge a plan agree? Checker, certificate and engine against an engine that is slow and plain."""

from __future__ import annotations

import importlib
import random
from collections.abc import Sequence

from benchmarks.instances import province
from benchmarks.shapes import SHAPES, shape
from benchmarks.tables import Table
from tramyte.rotation import read
from tramyte.rotation.certificate import solved
from tramyte.rotation.check import check, objective
from tramyte.rotation.problem import Problem
from tramyte.rotation.verify import verify


def judged(count: int, first: int = 0) -> Table:
    """Do the checker and the brute force agree on random tiny problems and plans, good ones and bad?"""
    brute, worlds = importlib.import_module("tests.rotation.brute"), importlib.import_module("tests.worlds")
    table = Table("check: does it agree with brute force?", {"problems and plans": count, "first seed": first})
    rules = points = good = 0
    for seed in range(first, first + count):
        problem = worlds.random_problem(seed)
        plan = worlds.random_plan(random.Random(seed), problem)
        codes = {breach.rule for breach in check(problem, plan)}
        rules += codes != brute.broken(problem, plan)
        points += objective(problem, plan).to_json() != brute.costs(problem, plan)
        good += not codes
    table.add(judged=count, keep_every_rule=good, other_rules=rules, other_points=points)
    return table


def certificates(count: int, first: int = 0, work: int = 200) -> Table:
    """Does the file of prices prove what the plan claims, by a reader without a solver?"""
    table = Table("certificate: does it agree with plan and bound?", {"instances": count, "first seed": first})
    agree = weaker = false = 0
    for number in range(first, first + count):
        problem = _random(number)
        plan, certificate = solved(problem, work=work, seed=number)
        prices = certificate.to_json(problem)
        proved, points = verify(read.to_json(problem), plan.to_json(), prices)
        false += points != plan.objective.total or proved > points or proved < prices["bound"]
        agree += proved == prices["bound"]
        weaker += proved < plan.bound
    table.add(instances=count, as_written=agree, weaker_than_the_bound_of_the_plan=weaker, false=false)
    return table


def _random(seed: int) -> Problem:
    rng = random.Random(f"certificate {seed}")
    names: Sequence[str] = list(SHAPES)
    if rng.random() < 0.5:
        return shape(rng.choice(names), seed, share=rng.uniform(0.1, 0.3))
    return province(seed, stations=rng.randint(3, 12), staff=rng.randint(8, 40), weeks=rng.randint(4, 16))
