"""A plan is a list of tours. A result adds what it costs, how far it can be from the best, and what stays unmet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from tramyte.domain.finding import Breach
from tramyte.domain.messages import Lang, messages, say

Id = str | int
TRAVEL = ("P391", "P392", "P393")  # the ways to measure travel, as the note of a problem tells them
PARTS = ("shortage", "fairness", "travel", "start", "return", "disruption")
EVERY_PART = (*PARTS, "preference", "handover")  # the last two for rotation/2 only


@dataclass(frozen=True)
class Tour:
    """Consecutive weeks of one person in one role at one station. start: 0-based week; weeks: length."""

    staff: Id
    station: Id
    skill: Id
    start: int
    weeks: int

    @property
    def end(self) -> int:
        """The first week after the tour."""
        return self.start + self.weeks

    @property
    def key(self) -> tuple[str, str, str, int, int]:
        """Ids as text: tours are equal when their text is."""
        return str(self.staff), str(self.station), str(self.skill), self.start, self.weeks

    @property
    def stay(self) -> tuple[str, int, int]:
        """Where and when, whoever goes in whatever role: people who go together share it."""
        return str(self.station), self.start, self.weeks

    def to_json(self) -> dict[str, Any]:
        """Return the object of a plan file."""
        return asdict(self)

    def __repr__(self) -> str:
        return f"<Tour {self.staff} → {self.station} as {self.skill}, weeks {self.start}–{self.end - 1}>"


@dataclass(frozen=True)
class Objective:
    """
    The cost of a plan by rule; integers; `return_` is a bonus, so at most 0. The parts add up to `total`.

    preference, handover : parts that only `rotation/2` knows; None for a problem of `rotation/1`
    """

    shortage: int = 0
    fairness: int = 0
    travel: int = 0
    start: int = 0
    return_: int = 0
    disruption: int = 0
    preference: int | None = None
    handover: int | None = None

    @property
    def total(self) -> int:
        """The sum of the parts."""
        return sum(self.parts().values())

    def parts(self) -> dict[str, int]:
        """Return part -> points, under the names of the plan file: six parts, or eight for `rotation/2`."""
        values = (getattr(self, row.name) for row in fields(self))
        return {name: points for name, points in zip(EVERY_PART, values, strict=True) if points is not None}

    def to_json(self) -> dict[str, int]:
        """Return total and parts, under the names of the plan file."""
        return {"total": self.total, **self.parts()}


@dataclass(frozen=True)
class Unmet:
    """
    People missing at a station in one week of one need.

    need            : index in the station's list of needs
    critical, count : missing people, critical ones and all of them
    reasons         : rule -> people of that skill's cadre, each counted once under the first rule that stops them
    """

    station: Id
    skill: Id
    need: int
    week: int
    critical: int
    count: int
    reasons: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the object of a plan file."""
        return {**asdict(self), "reasons": dict(self.reasons)}


@dataclass(frozen=True)
class Plan:
    """
    The answer of the solver.

    bound  : proven lower bound on the total; gap : (total - bound) / max(1, |total|)
    status : optimal, feasible, stopped, infeasible
    """

    assignments: tuple[Tour, ...]
    objective: Objective
    bound: int
    status: str
    seconds: float
    seed: int
    unmet: tuple[Unmet, ...] = ()

    @property
    def gap(self) -> float:
        """How far the plan can be from the best one, as a share of its cost."""
        return (self.objective.total - self.bound) / max(1, abs(self.objective.total))

    def to_json(self) -> dict[str, Any]:
        """Return the object of a plan file."""
        return {
            "schema": "rotation-plan/1",
            "status": self.status,
            "objective": self.objective.to_json(),
            "bound": self.bound,
            "gap": self.gap,
            "seconds": round(self.seconds, 3),
            "seed": self.seed,
            "assignments": [tour.to_json() for tour in self.assignments],
            "unmet": [row.to_json() for row in self.unmet],
        }


@dataclass(frozen=True)
class TourLine:
    """One tour as a person reads it. start_date, end_date: first and last day, None without a first Monday."""

    tour: Tour
    staff_name: str
    unit: str
    unit_name: str
    station_name: str
    skill_name: str
    travel_minutes: int
    is_locked: bool
    start_date: date | None = None
    end_date: date | None = None
    costs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class NeedLine:
    """One need in one week: how many were wanted, how many of them critically, how many come."""

    station: str
    station_name: str
    skill: str
    skill_name: str
    need: int
    week: int
    count: int
    critical: int
    served: int
    cost: int


@dataclass(frozen=True)
class LoadLine:
    """One person's weeks away: before, in this plan, and the fair share; cost of fairness in points."""

    staff: str
    staff_name: str
    unit: str
    unit_name: str
    prior_weeks: int
    weeks: int
    target: int
    tours: int
    cost: int


@dataclass(frozen=True)
class PlanReport:
    """
    A plan laid out for people: what every workbook, document and calendar is written from.

    weeks     : length of the campaign; first_monday: Monday of week 1, None for a problem without dates
    travel    : how travel was measured, as the problem file says it; `travel_in` says it in a language
    as_of, source : the day the data is true on, and where it comes from, in words
    breaches  : what `check` finds; empty for a plan that may be issued
    """

    name: str
    weeks: int
    first_monday: date | None
    plan: Plan
    tours: tuple[TourLine, ...]
    needs: tuple[NeedLine, ...]
    loads: tuple[LoadLine, ...]
    breaches: tuple[Breach, ...] = ()
    travel: str = ""
    synthetic: bool = False
    as_of: date | None = None
    source: str = ""

    def travel_in(self, lang: Lang) -> str:
        """Return how travel was measured; the words of the problem file are Vietnamese, and ours are told again."""
        return self.travel if lang == "vi" else "; ".join(_told_again(part, lang) for part in self.travel.split("; "))


def _told_again(part: str, lang: Lang) -> str:
    """Return one of our Vietnamese sentences on travel in another language; what a planner wrote stays as written."""
    for code in TRAVEL:
        ours = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[\\d.,]+)", re.escape(messages()[code]["vi"]))
        if found := re.fullmatch(ours, part):
            swap = str.maketrans(",.", ".,")
            return say(code, lang, **{name: value.translate(swap) for name, value in found.groupdict().items()})
    return part
