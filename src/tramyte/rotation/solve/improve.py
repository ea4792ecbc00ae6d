"""
A plan at any moment: people take turns, each choosing his best tours while all the others stay as they are.

What one more person is worth in a cell's week is the fall in shortage cost, so one person's choice is exact. Rounds
of this give the first plan; then small groups of people who share roles, stations and weeks are sent home and
choose again in a new order, and a result that is not worse is kept.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tramyte.rotation.solve.arrays import FAR, Floats, Ints, Part

Own = list[tuple[int, int, int]]  # cell, start, length index of each tour of one person
Path = tuple[int, int, "Path"] | None  # start, length index, and the tours before


class Draft:
    """A plan of one part under change: who goes where, how many are there, who may still leave."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.tours: list[Own] = [[] for _ in part.people]
        self.cover = np.zeros(part.price.shape[:2], np.int64)
        self.left = part.left.copy()
        self.cost = float(part.price[:, :, 0].sum())
        self._able = part.holds[:, part.role] & part.reach[part.pair]
        self._bonus: dict[int, dict[int, int]] = {}
        for (person, cell), worth in part.bonus.items():
            self._bonus.setdefault(person, {})[cell] = worth
        self._kept: dict[int, dict[tuple[int, int, int], int]] = {}
        for (person, cell, start, length), worth in part.kept.items():
            self._kept.setdefault(person, {})[cell, start, length] = worth
        self._cells: dict[int, Ints] = {}

    def restore(self, tours: dict[int, Own]) -> None:
        """Give people back the tours they had."""
        for person in tours:
            self.clear(person)
        for person, own in tours.items():
            for tour in own:
                self.add(person, tour)

    def add(self, person: int, tour: tuple[int, int, int]) -> None:
        """Let a person go; the cost follows."""
        self._change(person, tour, 1)
        self.tours[person].append(tour)

    def clear(self, person: int) -> None:
        """Send a person home from every tour."""
        while self.tours[person]:
            self._change(person, self.tours[person].pop(), -1)

    def _change(self, person: int, tour: tuple[int, int, int], sign: int) -> None:
        part = self.part
        cell, start, length = tour
        weeks = np.arange(start, start + int(part.lengths[length]))
        before = self._shortage(cell, weeks)
        served = sum(int(part.lengths[other[2]]) for other in self.tours[person])
        after = served + sign * len(weeks)
        self.cover[cell, weeks] += sign
        self.left[part.cap[person], weeks] -= sign
        self.cost += self._shortage(cell, weeks) - before
        if sign > 0:
            self.cost += self._excess(person, after) - self._excess(person, served)
        else:  # the tour has left the list already
            self.cost += self._excess(person, served) - self._excess(person, served + len(weeks))
        self.cost += sign * self.own_cost(person, tour)

    def shortage(self) -> Floats:
        """Return the (J, T) shortage cost of every cell's week."""
        here = np.minimum(self.cover, self.part.price.shape[2] - 1)
        cost: Floats = np.take_along_axis(self.part.price, here[:, :, None], 2)[:, :, 0]
        return cost

    def _shortage(self, cell: int, weeks: Ints) -> float:
        part = self.part
        return float(part.price[cell, weeks, np.minimum(self.cover[cell, weeks], part.price.shape[2] - 1)].sum())

    def _excess(self, person: int, weeks: int) -> float:
        row = self.part.excess[person]
        return float(row[min(weeks, len(row) - 1)])

    def own_cost(self, person: int, tour: tuple[int, int, int]) -> float:
        """Return fare less bonuses of one tour."""
        part = self.part
        cost = float(part.fare[part.pair[person], tour[0]])
        cost -= self._bonus.get(person, {}).get(tour[0], 0)
        return cost - self._kept.get(person, {}).get(tour, 0)

    def cells_of(self, person: int) -> Ints:
        """Return the cells a person may be sent to."""
        if person not in self._cells:
            self._cells[person] = np.flatnonzero(self._able[person])
        return self._cells[person]

    def choose(self, person: int, earn: Floats | None = None) -> None:
        """
        Give a person without tours the best set of tours, all others as they are.

        earn : (J, T) what a person is worth in a cell's week; None: the fall in shortage cost
        """
        part = self.part
        cells = self.cells_of(person)
        if not len(cells) or not part.most[person]:
            return
        gain = marginal(self, cells) if earn is None else earn[cells]
        for tour in self._best_set(person, cells, gain):
            self.add(person, tour)

    def _best_set(self, person: int, cells: Ints, gain: Floats) -> Own:
        """Return the best set of tours for one person; gain: (cells of the person, T)."""
        part = self.part
        free = np.concatenate([[0], np.cumsum(self.left[part.cap[person]] <= 0)])
        sums = np.concatenate([np.zeros((len(cells), 1)), np.cumsum(gain, axis=1)], axis=1)
        fare = part.fare[part.pair[person], cells].copy()
        if person in self._bonus:
            fare -= [self._bonus[person].get(int(cell), 0) for cell in cells]
        worth = np.full((part.weeks, len(part.lengths)), FAR)
        where = np.zeros((part.weeks, len(part.lengths)), np.int64)
        for index, length in enumerate(part.lengths):
            span = part.weeks - length + 1
            net = sums[:, length:] - sums[:, :span] - fare[:, None]
            for (cell, start, kind), bonus in self._kept.get(person, {}).items():
                if kind == index and (at := np.flatnonzero(cells == cell)).size and start < span:
                    net[at[0], start] += bonus
            top = net.argmax(axis=0)
            able = part.open[person, :span, index] & (free[length:] == free[:span])
            worth[:span, index] = np.where(able, net[top, np.arange(span)], FAR)
            where[:span, index] = cells[top]
        return [(int(where[start, kind]), start, kind) for start, kind in self._walk(person, worth)]

    def _walk(self, person: int, worth: Floats) -> list[tuple[int, int]]:
        """Return the starts and lengths of the best set: a programme over week, tours used and weeks served."""
        part = self.part
        rest, most, end = int(part.rest[person]), int(part.most[person]), part.weeks
        excess = part.excess[person].tolist()
        by_start: dict[int, list[tuple[int, int, float]]] = {}
        for start, kind in zip(*np.nonzero(worth > 0), strict=True):  # what earns nothing is never missed
            length, value = int(part.lengths[kind]), float(worth[start, kind])
            by_start.setdefault(int(start), []).append((int(kind), length, value))
        if not by_start:
            return []
        # what cannot bind is not counted: more tours than fit, weeks that cost nothing
        counts = int(most < -(-end // (int(part.lengths.min()) + rest)))
        loads = int(len(excess) > 1)
        table: list[dict[tuple[int, int], tuple[float, Path]]] = [{} for _ in range(end + 1)]
        table[0][0, 0] = (0.0, None)
        for week in range(end):
            here, after = table[week], table[week + 1]
            for state, entry in here.items():
                if state not in after or entry[0] > after[state][0]:
                    after[state] = entry
            for kind, length, value in by_start.get(week, ()):
                then = table[min(week + length + rest, end)]
                for (used, load), (total, path) in here.items():
                    state = (used + counts, load + loads * length)
                    if used < most and (state not in then or total + value > then[state][0]):
                        then[state] = (total + value, (week, kind, path))
        cap = len(excess) - 1
        _, chosen = max(table[end].items(), key=lambda item: item[1][0] - excess[min(item[0][1], cap)])
        path, found = chosen[1], []
        while path is not None:
            found.append((path[0], path[1]))
            path = path[2]
        return found


def marginal(draft: Draft, cells: Ints | slice = slice(None)) -> Floats:
    """Return what one more person would save in each week of some cells; (cells, T)."""
    price = draft.part.price[cells]
    here = np.minimum(draft.cover[cells], price.shape[2] - 1)
    more = np.minimum(here + 1, price.shape[2] - 1)
    saved: Floats = np.take_along_axis(price, here[:, :, None], 2) - np.take_along_axis(price, more[:, :, None], 2)
    return saved[:, :, 0]


def rounds(draft: Draft, order: Iterable[int], earn: Floats | None = None) -> None:
    """Let people choose one after the other; earn: see Draft.choose."""
    for person in order:
        draft.clear(person)
        draft.choose(person, earn)


def neighbours(draft: Draft, rng: np.random.Generator, size: int) -> list[int]:
    """Return about `size` people who compete: for a random cell with a shortage, or around a random person."""
    part = draft.part
    able = draft._able
    short = np.argwhere(draft.shortage() > 0)
    if len(short) and rng.random() < 0.7:
        cell, week = short[rng.integers(len(short))]
    else:
        cell, week = rng.integers(len(part.cells)), rng.integers(part.weeks)
    fit = np.flatnonzero(able[:, cell])
    if len(fit) < 2:
        fit = np.arange(len(part.people))
    near = [person for person in fit if any(abs(start - week) <= 4 for _, start, _ in draft.tours[person])]
    pool = np.array(near if len(near) >= 2 else fit)
    chosen = rng.permutation(pool)[: max(2, size // 2)]
    others = rng.permutation(fit)[: size - len(chosen)]
    return [int(person) for person in rng.permutation(np.unique(np.concatenate([chosen, others])))]


def shake(draft: Draft, rng: np.random.Generator, size: int) -> bool:
    """Send a few neighbours home and let them choose again; keep what is not worse. Returns whether it got better."""
    people = neighbours(draft, rng, size)
    before, cost = {person: list(draft.tours[person]) for person in people}, draft.cost
    for person in people:
        draft.clear(person)
    for person in people:
        draft.choose(person)
    if draft.cost > cost + 1e-9:
        draft.restore(before)
    return draft.cost < cost - 1e-9
