"""The peers: a spreadsheet-like greedy, HiGHS and CP-SAT on the whole model. All are scored by `tramyte check`."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np

from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.check import objective
from tramyte.rotation.problem import Problem
from tramyte.rotation.solve.arrays import Part, parts
from tramyte.rotation.solve.improve import Draft
from tramyte.rotation.solve.mip import improve

Found = tuple[list[Tour], float]  # tours, proven bound on the total (-inf: none)


def greedy(problem: Problem) -> Found:
    """Walk down the list of people once and give each the next free tour where most is missing, as a clerk would."""
    tours = list(problem.locked_set)
    for part in parts(problem):
        draft = Draft(part)
        for person in range(len(part.people)):
            _first_fit(part, draft, person)
        tours += [part.tour(person, *own) for person, found in enumerate(draft.tours) for own in found]
    return tours, -math.inf


def _first_fit(part: Part, draft: Draft, person: int) -> None:
    free_from = 0
    for start, kind in np.argwhere(part.open[person]):
        weeks = slice(start, start + part.lengths[kind])
        if len(draft.tours[person]) >= part.most[person] or start < free_from:
            continue
        cells = draft.cells_of(person)
        if not len(cells) or (draft.left[part.cap[person], weeks] <= 0).any():
            continue
        short = draft.shortage()[cells, weeks].sum(axis=1)
        if short.max() > 0:
            draft.add(person, (int(cells[short.argmax()]), int(start), int(kind)))
            free_from = int(start + part.lengths[kind] + part.rest[person])


def highs(problem: Problem, seconds: float) -> Found:
    """Give HiGHS the whole model, part by part, each a share of the time by its size."""
    tours, bound = list(problem.locked_set), 0.0
    found = parts(problem)
    free = sum(Draft(part).cost for part in found)
    constant = objective(problem, problem.locked_set).total - free
    size = sum(len(part.columns()) for part in found)
    for part in found:
        columns, draft = part.columns(), Draft(part)
        if not len(columns):
            bound += draft.cost
            continue
        limit = seconds * len(columns) / size
        answer = improve(
            part, columns, draft.cover, draft.left,
            hint=np.zeros(0, np.int64), stop=lambda: False, nodes=2**31 - 1, seconds=limit, seed=0,
        )  # fmt: skip
        bound += draft.cost - answer.slack
        for index in answer.chosen if answer.chosen is not None else ():
            tours.append(
                part.tour(*(int(x[index]) for x in (columns.person, columns.cell, columns.start, columns.length)))
            )
    return tours, math.ceil(bound + constant - 1e-6) if math.isfinite(bound) else -math.inf


def cpsat(problem: Problem, seconds: float, *, workers: int = 8) -> Found:
    """
    Give CP-SAT the whole model, in a process of its own.

    Both wheels ship a copy of HiGHS, and one process cannot load the two.
    """
    asked = {"problem": read.to_json(problem), "seconds": seconds, "workers": workers}
    command = [sys.executable, "-m", "benchmarks.cpsat"]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=True, encoding="utf-8"
    )
    answer = json.loads(done.stdout)
    bound = answer["bound"]
    return list(read.tours(answer["assignments"], problem)), -math.inf if bound is None else bound
