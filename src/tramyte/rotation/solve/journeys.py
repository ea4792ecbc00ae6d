"""
The exact programme of every person at once: the best set of tours at given prices.

State of a person: the week from which he is free again (tour and rest over), tours used, weeks served. A tour of
length d from week t is worth what its weeks earn in the best cell, less fare and price of absence; at the end the
cost of fairness of all weeks served is taken off. Prices that are multiples of 1/SCALE make every sum exact in
float64 (all terms below 2^50/SCALE), so the bound that rests on them is exact arithmetic, not rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tramyte.rotation.solve.arrays import FAR, Columns, Floats, Ints, Part

SCALE = 1024
EXACT = 2.0**50  # grains up to here are added without rounding, with room to spare
STATES = 4_000_000  # entries of one table; more people are taken in batches


def magnitude(part: Part) -> float:
    """Return more than any cost or saving of the part can add up to."""
    fares = float(part.fare.max(initial=0.0)) * part.weeks * len(part.people)
    rewards = float(sum(part.kept.values())) + float(sum(part.bonus.values())) * part.weeks
    return float(part.price[:, :, 0].sum()) + float(part.excess[:, -1].sum()) + fares + rewards


def grain(part: Part) -> int:
    """Return in how many grains a point is cut: SCALE, or fewer for weights so large that sums would round."""
    scale = SCALE
    while scale > 1 and magnitude(part) * scale >= EXACT:
        scale //= 2
    return scale


def quantised(price: Floats, scale: int) -> Floats:
    """Return prices rounded to multiples of 1/scale, at least 0."""
    return np.maximum(np.rint(price * scale), 0.0) / scale


@dataclass(frozen=True)
class Offers:
    """The best tour of each person by start and length: its worth (P, T, D) and its cell (P, T, D)."""

    worth: Floats
    cell: Ints


class Journeys:
    """Prices in, best tours and exact worth out, for one part."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.by_role = [np.flatnonzero(part.role == role) for role in range(len(part.skills))]
        known = sorted((p, c) for p, c in part.bonus if part.reach[part.pair[p], c])
        self.bonus_person = np.array([person for person, _ in known], np.int64)
        self.bonus_cell = np.array([cell for _, cell in known], np.int64)
        gain = [part.bonus[person, cell] - part.fare[part.pair[person], cell] for person, cell in known]
        self.bonus_gain = np.array(gain, float)
        # rows of pairs in which each person stands once, so that a row can be compared at once
        first = np.searchsorted(self.bonus_person, self.bonus_person)
        rank = np.arange(len(known)) - first
        self.bonus_rows = [np.flatnonzero(rank == row) for row in range(int(rank.max(initial=-1)) + 1)]

    def offers(self, earn: Floats, absent: Floats) -> Offers:
        """
        Return the best tour of each person by start and length.

        earn   : (J, T) what one more person is worth in a cell's week; absent: (C, T) price of a week away
        """
        part = self.part
        people, weeks, lengths = part.open.shape
        sums = np.concatenate([np.zeros((len(part.cells), 1)), np.cumsum(earn, axis=1)], axis=1)
        gone = np.concatenate([np.zeros((len(part.left), 1)), np.cumsum(absent, axis=1)], axis=1)
        worth = np.full((people, weeks, lengths), FAR)
        cell = np.zeros((people, weeks, lengths), np.int64)
        for index, length in enumerate(part.lengths):
            span = weeks - length + 1
            gain = sums[:, length:] - sums[:, :span]
            best, where = self._best_by_person(gain)
            best -= (gone[:, length:] - gone[:, :span])[part.cap]
            worth[:, :span, index], cell[:, :span, index] = best, where
        for (person, place, start, length), bonus in part.kept.items():
            end = start + int(part.lengths[length])
            if not part.reach[part.pair[person], place] or not part.holds[person, part.role[place]] or end > weeks:
                continue
            own = sums[place, end] - sums[place, start] - (gone[part.cap[person], end] - gone[part.cap[person], start])
            own += bonus + part.bonus.get((person, place), 0) - part.fare[part.pair[person], place]
            if own > worth[person, start, length]:
                worth[person, start, length], cell[person, start, length] = own, place
        worth[~part.open] = FAR
        return Offers(worth, cell)

    def _best_by_person(self, gain: Floats) -> tuple[Floats, Ints]:
        """Return the best worth and cell by person and start, for one length; gain: (J, starts)."""
        part = self.part
        people, span = len(part.people), gain.shape[1]
        best = np.full((people, span), FAR)
        where = np.zeros((people, span), np.int64)
        for role, cells in enumerate(self.by_role):
            if not len(cells):
                continue
            net = np.where(
                part.reach[:, cells, None], gain[None, cells] - part.fare[:, cells, None], FAR
            )  # (U, cells of the role, starts)
            at = net.argmax(axis=1)
            top = np.take_along_axis(net, at[:, None], axis=1)[:, 0]
            holders = np.flatnonzero(part.holds[:, role])
            mine = top[part.pair[holders]]
            better = mine > best[holders]
            best[holders] = np.where(better, mine, best[holders])
            where[holders] = np.where(better, cells[at][part.pair[holders]], where[holders])
        mine = gain[self.bonus_cell] + self.bonus_gain[:, None]
        for chosen in self.bonus_rows:
            persons = self.bonus_person[chosen]
            better = mine[chosen] > best[persons]
            best[persons] = np.where(better, mine[chosen], best[persons])
            where[persons] = np.where(better, self.bonus_cell[chosen][:, None], where[persons])
        return best, where

    def best(self, offers: Offers) -> tuple[Floats, Columns]:
        """Return the (P,) exact worth of each person's best set of tours, and the tours."""
        worth = np.zeros(len(self.part.people))
        picked: list[tuple[Ints, Ints, Ints]] = []
        for batch in self._batches():
            table = self._forward(offers.worth, batch)
            value, tours = self._trace(table, offers.worth, batch)
            worth[batch] = value
            picked += tours
        empty = np.zeros(0, np.int64)
        person = np.concatenate([empty, *(tour[0] for tour in picked)])
        start = np.concatenate([empty, *(tour[1] for tour in picked)])
        length = np.concatenate([empty, *(tour[2] for tour in picked)])
        return worth, Columns(person, offers.cell[person, start, length], start, length, np.zeros(len(person)))

    def both_ways(self, offers: Offers) -> tuple[Floats, Floats]:
        """
        Return two tables (P, T+1, M+1): the most a person earns with tours that are over, rest and all, by week t,
        and with tours that start when a tour ending in week t and its rest are over; with at most so many tours.
        """
        part = self.part
        people, weeks = len(part.people), part.weeks
        most = self._most(np.arange(people))
        flipped = np.full(offers.worth.shape, FAR)
        for index, length in enumerate(part.lengths):
            span = weeks - length + 1
            flipped[:, :span, index] = offers.worth[:, :span, index][:, ::-1]
        before = np.full((people, weeks + 1, most + 1), FAR)
        after = np.full((people, weeks + 1, most + 1), FAR)
        for batch in self._batches():
            for target, worth in ((before, offers.worth), (after, flipped)):
                table = self._forward(worth, batch)[: weeks + 1] - part.excess[batch][None, :, None, :]
                top = np.maximum.accumulate(table.max(axis=3), axis=2)
                target[batch, :, : top.shape[2]] = top.transpose(1, 0, 2)
                target[batch, :, top.shape[2] :] = target[batch, :, top.shape[2] - 1][:, :, None]
        return before, after[:, ::-1]

    def _batches(self) -> list[Ints]:
        part = self.part
        size = (part.weeks + 1) * (self._most(np.arange(len(part.people))) + 1) * part.excess.shape[1]
        count = max(1, -(-len(part.people) * size // STATES))
        return [batch for batch in np.array_split(np.arange(len(part.people)), count) if len(batch)]

    def _most(self, batch: Ints) -> int:
        """Return the most tours worth counting: no more fit into the campaign than the shortest allow."""
        part = self.part
        if not len(part.lengths) or not len(batch):
            return 0
        fits = -(-part.weeks // (int(part.lengths.min()) + int(part.rest[batch].min())))
        return min(int(part.most[batch].max()), fits)

    def _forward(self, worth: Floats, batch: Ints) -> Floats:
        """
        Return (T+R+1, B, M+1, L+1): the most a person free again at a week can have earned, by tours and weeks.

        R is the longest rest, which may run past the end of the campaign.
        """
        part = self.part
        most, loads = self._most(batch), part.excess.shape[1]
        rest = np.minimum(part.rest[batch], part.weeks)
        table = np.full((part.weeks + int(rest.max()) + 1, len(batch), most + 1, loads), FAR)
        table[0, :, 0, 0] = 0.0
        allowed = np.arange(1, most + 1)[None] <= part.most[batch][:, None]  # (B, M)
        for week in range(len(table) - 1):
            here = table[week]
            np.maximum(table[week + 1], here, out=table[week + 1])
            if week >= part.weeks or not most:
                continue
            for index, length in enumerate(part.lengths):
                gain = worth[batch, week, index]
                able = np.flatnonzero(gain > 0)  # what earns nothing is never missed
                if not len(able):
                    continue
                step = int(length) if loads > 1 else 0
                then = week + length + rest[able]
                moved = here[able, :-1, : loads - step] + gain[able, None, None]
                moved[~allowed[able]] = FAR
                spot = table[then, able]
                spot[:, 1:, step:] = np.maximum(spot[:, 1:, step:], moved)
                table[then, able] = spot
        return table

    def _trace(self, table: Floats, worth: Floats, batch: Ints) -> tuple[Floats, list[tuple[Ints, Ints, Ints]]]:
        """Return each person's worth, and the tours as (person, start, length index), walking back from the end."""
        part = self.part
        rest = np.minimum(part.rest[batch], part.weeks)
        final = table[-1] - part.excess[batch][:, None, :]
        flat = final.reshape(len(batch), -1)
        at = flat.argmax(axis=1)
        value = flat[np.arange(len(batch)), at]
        used, load = np.unravel_index(at, final.shape[1:])
        week = np.full(len(batch), len(table) - 1)
        picked: list[tuple[Ints, Ints, Ints]] = []
        while len(alive := np.flatnonzero(used > 0)):
            now = table[week[alive], alive, used[alive], load[alive]]
            idle = table[week[alive] - 1, alive, used[alive], load[alive]] == now
            week[alive[idle]] -= 1
            rows, target = alive[~idle], now[~idle]
            for index, length in enumerate(part.lengths):
                step = int(length) if part.excess.shape[1] > 1 else 0
                start = week[rows] - length - rest[rows]
                fits = (start >= 0) & (start < part.weeks) & (load[rows] >= step)
                start = np.where(fits, start, 0)
                gain = worth[batch[rows], start, index]
                before = table[start, rows, used[rows] - 1, np.where(fits, load[rows] - step, 0)]
                hit = fits & (before + gain == target) & (gain > 0)
                who = rows[hit]
                picked.append((batch[who], start[hit], np.full(len(who), index)))
                week[who], used[who], load[who] = start[hit], used[who] - 1, load[who] - step
                rows, target = rows[~hit], target[~hit]
        return value, picked
