"""Which people, and which of their tours, a small exact model shall choose again: those around a waste."""

from __future__ import annotations

import numpy as np

from tramyte.rotation.solve.arrays import Bools, Columns, Floats, Ints
from tramyte.rotation.solve.compiled import Array
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.prices import Hints, Prices
from tramyte.rotation.solve.starts import joined, of_people

SHAPES = ((20, 60, 160), (40, 40, 100), (120, 20, 50))  # columns a person; people of a model: at first, at most
LEAST = 8  # people of a model
GROW, SHRINK = 1.1, 0.75  # after a model that was solved, and one that was not
SEEDS = 2  # wastes a model grows from
WASTES = (0.3, 0.03)  # by the usual price: losses that are large, and that are worth a look


class Models:
    """The neighbourhoods of one part, at fixed prices."""

    def __init__(self, prices: Prices, rng: np.random.Generator, near: float, elite: Columns | None = None) -> None:
        """Rng: of every choice; near: by the usual price, loss up to which a tour is a candidate; elite: more."""
        self.kernel, self.part, self.rng = prices.kernel, prices.kernel.part, rng
        first = self.part.price[:, :, 0] - self.part.price[:, :, min(1, self.part.price.shape[2] - 1)]
        usual = float(np.median(first[first > 0])) if (first > 0).any() else 1.0
        self.least = [share * usual for share in WASTES]
        self.hints = Hints(self.kernel, prices, near=near * usual, least=self.least[-1])
        self.columns, self.rise = prices.columns(prices.earn, prices.absent, near * usual)
        self.elite = elite
        self.sizes = [float(first) for _, first, _ in SHAPES]
        self.turn = -1

    @property
    def shape(self) -> int:
        """Which of the shapes the model in hand has."""
        return self.turn % len(SHAPES)

    def wastes(self, draft: Draft) -> Array:
        """Return what the plan wastes (people; number of people plus cell's week): large losses in turn with all."""
        for least in self.least if self.turn // len(SHAPES) % 2 else self.least[1:]:
            self.hints.struct.least = least
            found = draft.wastes(self.hints)
            if len(found):
                break
        return found

    def next(self, draft: Draft, torn: Array | None = None) -> tuple[Ints, Columns]:
        """Return people around some wastes, or around what is torn, and their promising tours."""
        self.turn += 1
        people = self._grow(draft, self.wastes(draft) if torn is None else torn)
        some: Bools = np.zeros(len(self.part.people), dtype=np.bool_)
        some[people] = True
        mine = np.flatnonzero(some[self.columns.person])
        mine = mine[self._earns(draft, people, mine)]
        kept = lowest(self.columns.person[mine], self.rise[mine], SHAPES[self.shape][0])
        found = self.columns.take(mine[kept])
        return people, found if self.elite is None else joined(found, of_people(self.elite, people))[0]

    def _earns(self, draft: Draft, people: Ints, chosen: Ints) -> Bools:
        """Return which of the chosen columns save more than they cost, if all of these people stay at home."""
        before = draft.copy_of()
        for person in people.tolist():
            draft.clear(person)
        found = self.columns.take(chosen)
        slot = found.length * self.part.weeks + found.start
        alone = found.cell >= len(self.part.cells)  # what people earn together is not counted here
        saved = draft.sums[np.where(alone, 0, found.cell), slot]
        draft.load(*before)
        return np.asarray(alone | (saved > found.cost))

    def judge(self, is_solved: bool) -> None:
        """Let the next models be larger or smaller."""
        size = self.sizes[self.shape] * (GROW if is_solved else SHRINK)
        self.sizes[self.shape] = float(np.clip(size, LEAST, SHAPES[self.shape][2]))

    def _grow(self, draft: Draft, wastes: Array) -> Ints:
        """Return a group grown from wastes: over the weeks that its members serve, to others who could serve them."""
        everybody = len(self.part.people)
        who: dict[int, None] = {}
        spots: list[int] = []
        for waste in self.rng.permutation(wastes)[:SEEDS].tolist():
            if waste < everybody:
                who[waste] = None
            else:
                spots.append(waste - everybody)
        if not who and not spots:
            spots = [int(self.rng.integers(len(self.part.cells) * self.part.weeks))]
        start, near = self.hints.near_start, self.hints.near_person
        size = self.sizes[self.shape]
        for _ in range(int(40 * size)):
            if len(who) >= min(size, everybody):
                break
            spot = self._spot(draft, list(who), spots)
            if spot >= 0 and start[spot + 1] > start[spot]:
                who[int(near[self.rng.integers(start[spot], start[spot + 1])])] = None
        return np.array(sorted(who), np.int64)

    def _spot(self, draft: Draft, who: list[int], spots: list[int]) -> int:
        """Return a cell's week that somebody of the group serves, or a waste; -1: none."""
        if spots and (not who or self.rng.random() < 0.25):
            return spots[int(self.rng.integers(len(spots)))]
        own = draft.own(who[int(self.rng.integers(len(who)))])
        if not own:
            return -1
        cell, slot = own[int(self.rng.integers(len(own)))]
        length, week = divmod(slot, self.part.weeks)
        _, cells, _ = self.part.seats(np.array([cell]))  # several, where people go together
        if not len(cells):  # a crew that only fills roles nobody needs
            return -1
        cell = int(cells[0] if len(cells) == 1 else self.rng.choice(cells))
        return int(cell * self.part.weeks + week + self.rng.integers(int(self.part.lengths[length])))


def lowest(key: Ints, value: Floats, count: int) -> Bools:
    """Return which entries are among the `count` lowest values of their key."""
    order = np.lexsort((value, key))
    keys = key[order]
    fresh = np.ones(len(keys), bool)
    fresh[1:] = keys[1:] != keys[:-1]
    first = np.flatnonzero(fresh)
    rank = np.arange(len(keys)) - first[np.cumsum(fresh) - 1] if len(keys) else np.zeros(0, np.int64)
    keep = np.zeros(len(keys), bool)
    keep[order] = rank < count
    return keep
