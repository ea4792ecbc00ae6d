"""How few people-weeks can stay unmet at best: the same bound by prices, with every cost but one missing person."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter

import numpy as np

from tramyte.rotation.check import missing, presence
from tramyte.rotation.solve.arrays import Floats, Part
from tramyte.rotation.solve.compiled import Flag, Kernel
from tramyte.rotation.solve.prices import Prices

STEPS, STRIDES, MEMORY = 250, (0.15, 0.0005), 0.9


def least_unmet(part: Part, stop: Flag) -> tuple[int, int]:
    """Return at least how many critical person-weeks, and how many in all, no plan of this part can meet."""
    there = presence(part.problem, part.problem.locked_set)
    critical, count = (_bound(part, there, kind, stop) for kind in range(2))
    return critical, max(critical, count)


def _bound(part: Part, there: Counter[tuple[str, str, int]], kind: int, stop: Flag) -> int:
    price, rest = _missing(part, there, kind)
    if not price.any():
        return rest
    people = len(part.people)
    counted = dataclasses.replace(
        part, price=price, fare=np.zeros(part.fare.shape), excess=np.zeros((people, 1)), bonus={}, kept={}
    )
    prices = Prices(Kernel(counted))
    best = prices.bound_at(np.zeros_like(price[:, :, 0]), np.zeros(part.left.shape))
    prices.start(price[:, :, 0] - price[:, :, min(1, price.shape[2] - 1)])
    prices.ascend(STEPS, STRIDES, MEMORY, stop)
    return rest + max(0, math.ceil(max(best, prices.best) - 1e-6))


def _missing(part: Part, there: Counter[tuple[str, str, int]], kind: int) -> tuple[Floats, int]:
    """Return (J, T, Y+1) people missing with 0..Y more (kind 0: critical ones), less what even Y cannot mend."""
    price, rest = np.zeros(part.price.shape), 0
    most = part.price.shape[2] - 1
    for cell, (index, skill) in enumerate(part.cells):
        station = part.problem.stations[index]
        for need in station.needs:
            if str(need.skill) != skill:
                continue
            for week in range(need.start, need.end):
                base = there[str(station.id), skill, week]
                least = missing(need, base + most)[kind]
                rest += least
                price[cell, week] += [missing(need, base + more)[kind] - least for more in range(most + 1)]
    return price, rest
