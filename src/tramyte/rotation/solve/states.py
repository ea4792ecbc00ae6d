"""What a person's programme must remember besides the week: tours used and weeks served, as far as they matter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tramyte.rotation.solve.arrays import Floats, Ints, Part


@dataclass(frozen=True)
class States:
    """
    The tables of states, one for every kind of person.

    kind   : (P,) table of each person; start: (kinds + 1,) where each table begins
    load   : (states,) weeks served; next: (states, D) state after a tour of that length, -1: not allowed
    excess : (P, loads) cost of fairness, as far as tables count weeks, and one tour more
    most   : states of the largest table; tours: most tours anybody can have
    """

    kind: Ints
    start: Ints
    load: Ints
    next: Ints
    excess: Floats
    most: int
    tours: int


def states(part: Part) -> States:
    """Return the tables of a part: tours are counted where their limit can bind, weeks up to the last kink."""
    kinks = [_last_kink(row) for row in part.excess]
    found: dict[tuple[tuple[int, ...], int, int], int] = {}
    kind, tours = [], 0
    for person in range(len(part.people)):
        lengths = part.admits(person)
        fit = 0
        if lengths:
            fit = -(-part.weeks // (int(part.lengths[lengths[0]]) + int(part.rest[person])))
        most = int(part.most[person])
        tours = max(tours, min(most, fit))
        key = (lengths, most if most < fit else -1, kinks[person] if lengths else 0)
        kind.append(found.setdefault(key, len(found)))
    start, load, after = [0], [], []
    for lengths, most, kink in found:
        loads, rows = _table(part, lengths, most, kink)
        load += loads
        after += rows
        start.append(len(load))
    return States(
        np.array(kind, np.int64),
        np.array(start, np.int64),
        np.array(load, np.int64),
        np.array(after, np.int64).reshape(len(load), len(part.lengths)),
        _excess(part, max(kinks, default=0) + int(part.lengths.max(initial=1)) + 1),
        int(np.diff(start).max(initial=1)),
        tours,
    )


def _last_kink(row: Floats) -> int:
    """Return after how many weeks the cost of fairness rises evenly for ever."""
    slope = np.diff(row)
    bends = np.flatnonzero(np.diff(np.concatenate([[0.0], slope])))
    return int(bends.max()) if len(bends) else 0


def _table(part: Part, lengths: tuple[int, ...], most: int, kink: int) -> tuple[list[int], list[list[int]]]:
    """Return weeks served of each state, and the state after each length; most: -1 if tours need no counting."""
    place = {(0, 0): 0}
    order = [(0, 0)]
    rows = []
    for used, load in order:
        row = [-1] * len(part.lengths)
        for length in lengths:
            if used == most:
                continue
            after = (used + 1 if most >= 0 else 0, min(load + int(part.lengths[length]), kink))
            if after not in place:
                place[after] = len(order)
                order.append(after)
            row[length] = place[after]
        rows.append(row)
    return [load for _, load in order], rows


def _excess(part: Part, loads: int) -> Floats:
    """Return the cost of fairness of 0..loads-1 weeks, rising evenly past the end of what the part knows."""
    known = part.excess[:, :loads]
    rest = loads - known.shape[1]
    if rest <= 0:
        return known
    slope = part.excess[:, -1] - part.excess[:, -2] if part.excess.shape[1] > 1 else np.zeros(len(part.excess))
    more = known[:, -1:] + slope[:, None] * np.arange(1, rest + 1)
    return np.concatenate([known, more], axis=1)
