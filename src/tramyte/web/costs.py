"""What a plan costs in money: rule × days × rate, each rate dated and cited, a range where it is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from tramyte.domain.messages import Lang
from tramyte.domain.plan import Objective, Plan, Tour, TourLine
from tramyte.need.numbers import number
from tramyte.norms import every
from tramyte.norms.days import working_days
from tramyte.norms.local import Law
from tramyte.rotation import explain
from tramyte.rotation.problem import Problem

RATES, BASE = "deployment_costs", "base_salary"
MILLION = 1_000_000
Pair = tuple[int, int]  # the low and the high reading


@dataclass(frozen=True)
class Cost:
    """
    One rule for one tour, for as long as its rates hold: days × rate.

    rule  : code of a line of the norm; count: days, or minutes there and back; rate: đồng for each
    start, end : the days, half-open; norm: what it rests on, as results cite it
    """

    rule: str
    tour: TourLine
    start: date
    end: date
    count: Pair
    rate: Pair
    norm: str

    @property
    def amount(self) -> Pair:
        """Đồng: the low count at the low rate, the high count at the high rate."""
        return self.count[0] * self.rate[0], self.count[1] * self.rate[1]


def lines(problem: Problem, tours: Sequence[Tour]) -> tuple[TourLine, ...]:
    """Return tours with their days, names and ways, as costs are asked of them."""
    plan = Plan(tuple(tours), Objective(), bound=0, status="", seconds=0, seed=0)
    return explain.report(problem, plan).tours


def costs(tours: Iterable[TourLine], *, law: Law) -> list[Cost]:
    """
    Return every line of what tours cost; their sum is the cost of the plan.

    raises : NormMissing, no rates are in force on a day of a tour
    """
    return [
        one
        for tour in tours
        if tour.start_date is not None and tour.end_date is not None
        for one in _of(tour, tour.start_date, tour.end_date + timedelta(days=1), law)
    ]


def _of(tour: TourLine, start: date, end: date, law: Law) -> Iterator[Cost]:
    """Yield the lines of one tour, cut wherever a rate changes; its way there and back is paid on its first day."""
    cuts = [start, *_cuts(start, end, law), end]
    for first, last in pairwise(cuts):
        found = law.norm(RATES, on=first)
        for line in found.value["lines"]:
            count = _count(line, tour, first, last, is_first=first == start)
            if count[1]:
                yield Cost(line["code"], tour, first, last, count, _rate(line, found.value, law, first), found.id)


def _cuts(start: date, end: date, law: Law) -> list[date]:
    """Return the days within a tour on which a rate changes, by law or by decision of the province."""
    spans = [day for name in (RATES, BASE) for row in every(name) for day in (row.start, row.end)]
    spans += [day for one in law.changes if one.name in (RATES, BASE) for day in (one.start, one.end)]
    return sorted({day for day in spans if day is not None and start < day < end})


def _count(line: Mapping[str, Any], tour: TourLine, first: date, last: date, *, is_first: bool) -> Pair:
    counts = {
        "working": _working(first, last), "calendar": (last - first).days,
        "minute": 2 * tour.travel_minutes if is_first else 0,
    }  # fmt: skip
    return counts[line["count_low"]], counts[line["count_high"]]


_working = lru_cache(maxsize=4096)(working_days)  # the same weeks are asked again and again


def _rate(line: Mapping[str, Any], value: Mapping[str, Any], law: Law, on: date) -> Pair:
    if "low" in line:
        return int(line["low"]), int(line["high"])
    base = law.norm(BASE, on=on).value / value["month_days"]
    return round(line["low_of_base"] * base), round(line["high_of_base"] * base)


@dataclass(frozen=True)
class Rule:
    """One line of the estimate: what all tours together cost under one rule. rate: None, it changes on the way."""

    code: str
    title: str
    counts: str
    count: Pair
    rate: Pair | None
    amount: Pair
    source: str
    confidence: str


def rules(found: Sequence[Cost], *, law: Law, on: date, lang: Lang) -> list[Rule]:
    """Return the estimate rule by rule, in the order of the norm. raises: NormMissing."""
    norm = law.norm(RATES, on=on)
    rows = []
    for line in norm.value["lines"]:
        own = [one for one in found if one.rule == line["code"]]
        rates = {one.rate for one in own}
        rows.append(
            Rule(
                line["code"], line[lang], line["count_high"], total(one.count for one in own),
                next(iter(rates)) if len(rates) == 1 else None, total(one.amount for one in own),
                f"{line['source']}, {line['article']}", norm.confidence,
            )
        )  # fmt: skip
    return rows


def total(pairs: Iterable[Pair]) -> Pair:
    """Return the sum of ranges: of the low ends, of the high ends."""
    rows = list(pairs)
    return sum(low for low, _ in rows), sum(high for _, high in rows)


def millions(amount: Pair | int, lang: Lang) -> str:
    """
    Return money in millions, to a tenth: for tables; papers have it whole.

    >>> millions((1_842_600_000, 2_000_000_000), "vi"), millions(2_000_000_000, "en")
    ('1.842,6–2.000,0', '2,000.0')
    """
    low, high = (amount, amount) if isinstance(amount, int) else amount
    told = [_tenth(one, lang) for one in (low, high)]
    return told[0] if told[0] == told[1] else "–".join(told)


def _tenth(amount: int, lang: Lang) -> str:
    text = f"{amount / MILLION:,.1f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def dong(amount: Pair, lang: Lang) -> str:
    """Return money whole, as a range where it is one."""
    low, high = (number(one, lang) for one in amount)
    return low if low == high else f"{low}–{high}"
