"""
HiGHS on the columns of some people, everybody else as they are: the only file that knows a solver brand.

x tours, n people missing (one variable for every run of equal prices), e weeks above the fair share. The rows are
those of `rules`: rest cliques, tours a person, people away; and cover of every cell's week that a column meets. What
only `rotation/2` knows stands in `bridges.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import highspy
import numpy as np

from tramyte.rotation.solve.arrays import Columns, Floats, Ints, Part
from tramyte.rotation.solve.bridges import Handovers, apart_rows, barred
from tramyte.rotation.solve.compiled import Array, ramp

Stop = Callable[[], bool]
SMALL = 1000  # nodes: who allows more wants a proof


@dataclass
class Model:
    """A linear programme under construction: columns by arrays, rows by triplets."""

    cost: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def add_columns(self, cost: Floats, upper: Floats) -> Ints:
        """Add variables from 0 to `upper`; return their indices."""
        self.cost.append(np.asarray(cost, float))
        self.upper.append(np.asarray(upper, float))
        first, self.columns = self.columns, self.columns + len(cost)
        return np.arange(first, self.columns)

    def add_rows(self, row: Ints, column: Ints, value: Floats, upper: Floats, *, is_merged: bool = True) -> None:
        """Add rows  sum value * x <= upper, given as triplets with rows numbered from 0; is_merged: each once."""
        if not is_merged:
            key, at = np.unique(row * self.columns + column, return_inverse=True)
            row, column = np.divmod(key, self.columns)
            value = np.bincount(at, weights=value).astype(np.float64)
        self.entries.append((row + self.rows, column, value))
        self.row_upper.append(np.asarray(upper, float))
        self.rows += len(upper)

    def build(self, integers: int) -> highspy.HighsLp:
        """Return the model for HiGHS; the first `integers` variables are whole."""
        row, column, value = (np.concatenate([entry[part] for entry in self.entries]) for part in range(3))
        order = np.argsort(column, kind="stable")
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns, self.rows
        lp.col_cost_ = np.concatenate(self.cost)
        lp.col_lower_ = np.zeros(self.columns)
        lp.col_upper_ = np.concatenate(self.upper)
        lp.row_lower_ = np.full(self.rows, -highspy.kHighsInf)
        lp.row_upper_ = np.concatenate(self.row_upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.searchsorted(column[order], np.arange(self.columns + 1)).astype(np.int32)
        lp.a_matrix_.index_ = row[order].astype(np.int32)
        lp.a_matrix_.value_ = value[order].astype(float)
        whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [whole] * integers + [real] * (self.columns - integers)
        return lp


@dataclass(frozen=True)
class Answer:
    """
    chosen : indices of the columns taken, None if nothing was found
    slack  : by how much less than the hint a choice can cost, proven (with the tolerance of HiGHS)
    nodes  : of the search tree, a measure of work
    """

    chosen: Ints | None
    slack: float
    nodes: int


def improve(
    part: Part,
    columns: Columns,
    cover: Array,
    left: Array,
    *,
    hint: Ints,
    others: Columns | None = None,
    stop: Stop,
    nodes: int,
    seconds: float | None,
    seed: int,
) -> Answer:
    """
    Choose among the columns of some people, all others staying: the best choice HiGHS finds.

    cover  : (J, T) people of the others there; left: (C, T) people who may still leave beside the others
    others : tours of the others, needed where handovers are asked for or people kept apart
    hint   : indices of columns of a choice that holds; nodes, seconds: limits; seed: of HiGHS
    """
    model = Model()
    others = columns.take(np.zeros(0, np.int64)) if others is None else others
    x = model.add_columns(columns.cost, np.where(barred(part, columns, others), 0.0, 1.0))
    _cover_rows(model, part, columns, cover)
    _person_rows(model, part, columns)
    _away_rows(model, part, columns, left)
    _fair_rows(model, part, columns)
    apart_rows(model, part, columns)
    handovers = Handovers(model, part, hint)
    if part.second.hands:
        handovers.add(columns, others)
    values = _complete(model, hint, len(x), handovers.known)
    hinted = float(np.concatenate(model.cost) @ values)
    solver = _solver(nodes, seconds, seed)
    _watch(solver, stop)
    solver.passModel(model.build(len(x)))
    start = highspy.HighsSolution()
    start.col_value = values.tolist()
    solver.setSolution(start)
    solver.run()
    nodes_used = max(0, int(solver.getInfo().mip_node_count))
    slack = hinted - solver.getInfo().mip_dual_bound
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, np.inf, nodes_used)
    taken = np.array(solver.getSolution().col_value)[: len(x)]
    return Answer(np.flatnonzero(taken > 0.5), float(slack), nodes_used)


def _solver(nodes: int, seconds: float | None, seed: int) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": seed,
        "mip_rel_gap": 0.0,
        "mip_heuristic_effort": 0.0 if nodes > SMALL else 0.05,  # a large model starts from a plan that is hard to beat
        "mip_abs_gap": 0.999,  # costs are whole numbers: within less than one is optimal
        "mip_max_nodes": nodes,
    }
    if seconds is not None:
        options["time_limit"] = max(0.05, seconds)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def _watch(solver: highspy.Highs, stop: Stop) -> None:
    """Let HiGHS ask, every few moments, whether it shall stop."""

    def halt(event: highspy.highs.HighsCallbackEvent) -> None:
        if stop():
            event.interrupt()

    solver.cbMipInterrupt += halt
    solver.cbSimplexInterrupt += halt


def _cover_rows(model: Model, part: Part, columns: Columns, cover: Array) -> None:
    """Cover of a cell's week plus missing people >= the most anybody prices; missing ones cost what they cost."""
    weeks = part.lengths[columns.length]
    tour = np.repeat(np.arange(len(columns)), weeks)
    week = columns.start[tour] + ramp(weeks)
    index, cell, _ = part.seats(columns.cell[tour])
    tour = tour[index]
    key = cell * part.weeks + week[index]
    met, row = np.unique(key, return_inverse=True)
    cell, at = met // part.weeks, met % part.weeks
    most = part.price.shape[2] - 1
    have = np.minimum(cover[cell, at], most)
    price = part.price[cell, at]  # (rows, Y+1)
    step = price[:, :-1] - price[:, 1:]  # what the y-th person saves
    open_step = np.arange(most)[None] >= have[:, None]
    owner, _ = np.nonzero(open_step & (step > 0))
    missing = model.add_columns(step[open_step & (step > 0)], np.ones(len(owner)))
    wanted = (open_step & (step > 0)).sum(axis=1)
    model.add_rows(
        np.concatenate([row, owner]),
        np.concatenate([tour, missing]),
        -np.ones(len(row) + len(owner)),
        -wanted.astype(float),
        is_merged=not part.crews,
    )


def _person_rows(model: Model, part: Part, columns: Columns) -> None:
    """Rest cliques and tours a person."""
    weeks = part.lengths[columns.length] + part.rest[columns.person]
    weeks = np.minimum(weeks, part.weeks - columns.start)
    tour = np.repeat(np.arange(len(columns)), weeks)
    key = columns.person[tour] * part.weeks + columns.start[tour] + ramp(weeks)
    _, row = np.unique(key, return_inverse=True)
    model.add_rows(row, tour, np.ones(len(tour)), np.ones(int(row.max(initial=-1)) + 1))
    people, row = np.unique(columns.person, return_inverse=True)
    model.add_rows(row, np.arange(len(columns)), np.ones(len(columns)), part.most[people].astype(float))


def _away_rows(model: Model, part: Part, columns: Columns, left: Array) -> None:
    weeks = part.lengths[columns.length]
    tour = np.repeat(np.arange(len(columns)), weeks)
    week = columns.start[tour] + ramp(weeks)
    index, cap = part.caps_of(columns.person[tour])
    tour, key = tour[index], cap * part.weeks + week[index]
    met, row = np.unique(key, return_inverse=True)
    upper = left[met // part.weeks, met % part.weeks].astype(float)
    model.add_rows(row, tour, np.ones(len(tour)), upper, is_merged=not part.crews)


def _fair_rows(model: Model, part: Part, columns: Columns) -> None:
    """
    Weeks served above each kink of the person's cost of fairness.

    The cost is convex and piecewise linear: cost(load) = sum over kinks of slope change * max(0, load - kink).
    """
    if part.excess.shape[1] == 1:
        return
    people, row = np.unique(columns.person, return_inverse=True)
    slope = np.diff(part.excess[people], axis=1)
    change = np.diff(np.concatenate([np.zeros((len(people), 1)), slope], axis=1), axis=1)
    owner, kink = np.nonzero(change > 0)
    above = model.add_columns(change[owner, kink], np.full(len(owner), highspy.kHighsInf))
    order = np.argsort(row, kind="stable")
    starts = np.searchsorted(row[order], np.arange(len(people) + 1))
    sizes = (starts[1:] - starts[:-1])[owner]
    tours = order[np.repeat(starts[owner], sizes) + ramp(sizes)]
    rows = np.repeat(np.arange(len(owner)), sizes)
    model.add_rows(
        np.concatenate([rows, np.arange(len(owner))]),
        np.concatenate([tours, above]),
        np.concatenate([part.lengths[columns.length[tours]].astype(float), -np.ones(len(owner))]),
        kink.astype(float),
    )


def _complete(model: Model, hint: Ints, tours: int, known: dict[int, float]) -> Floats:
    """Return the values of all variables when the hinted tours are taken, others as known or as the rows force."""
    row, column, value = (np.concatenate([entry[part] for entry in model.entries]) for part in range(3))
    row_upper, upper, cost = (np.concatenate(part) for part in (model.row_upper, model.upper, model.cost))
    values = np.zeros(model.columns)
    values[hint] = 1.0
    values[list(known)] = list(known.values())
    is_open = np.ones(model.columns, bool)
    is_open[list(known)] = False
    over = np.bincount(row, weights=value * values[column], minlength=model.rows) - row_upper
    extra = np.flatnonzero((column >= tours) & is_open[column] & (over[row] > 0))
    # the cheapest missing person first: prices fall along the steps of a cell's week
    for entry in extra[np.argsort(cost[column[extra]], kind="stable")]:
        need = over[row[entry]]
        if need > 0:
            values[column[entry]] = min(need, upper[column[entry]])
            over[row[entry]] -= values[column[entry]]
    return values
