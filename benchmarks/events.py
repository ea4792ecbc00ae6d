"""What happens to a plan in force: people fall ill, a licence ends, some stations suddenly need more. New problems."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.problem import Problem

DISRUPTION = 15  # points for each tour in force that is not kept, as in the given files


@dataclass(frozen=True)
class Event:
    """
    A re-plan. problem: what is to be solved; in_force: the plan before it; lost: its tours the event itself ends.

    Of the tours in force, those that start before the frozen week stand unless the event forbids them.
    """

    name: str
    problem: Problem
    in_force: tuple[Tour, ...]
    lost: frozenset[tuple[str, str, str, int, int]]
    struck: int

    def touched(self, tours: Sequence[Tour]) -> int:
        """Return how many tours in force are gone though the event does not end them."""
        kept = {tour.key for tour in tours} | self.lost
        return sum(tour.key not in kept for tour in self.in_force)


def ill(problem: Problem, plan: Sequence[Tour], seed: int, *, share: float = 0.03, week: int = 4) -> Event:
    """That share of the people falls ill in the week or one of the next four, for one to eight weeks."""

    def strike(rng: random.Random, file: dict[str, Any]) -> int:
        people = rng.sample(file["staff"], max(1, round(share * len(file["staff"]))))
        for person in people:
            first = min(problem.weeks - 1, week + rng.choice((0, 0, 1, 2, 4)))
            last = min(problem.weeks, first + rng.choice((1, 2, 2, 4, 4, 8)))
            person["unavailable"] = [*person["unavailable"], [first, last]]
        return len(people)

    return _event(f"{share:.0%} ill", problem, plan, seed, week, strike)


def licence_lost(problem: Problem, plan: Sequence[Tour], seed: int, *, people: int = 3, week: int = 4) -> Event:
    """These people may not serve from that week on."""

    def strike(rng: random.Random, file: dict[str, Any]) -> int:
        away = sorted({str(tour.staff) for tour in plan if tour.start >= week})
        chosen = set(rng.sample(away, min(people, len(away))))
        for person in file["staff"]:
            if str(person["id"]) in chosen:
                person["unavailable"] = [*person["unavailable"], [week, problem.weeks]]
        return len(chosen)

    return _event("licence lost", problem, plan, seed, week, strike)


def surge(
    problem: Problem, plan: Sequence[Tour], seed: int, *, share: float = 0.1, week: int = 4, weeks: int = 4
) -> Event:
    """A tenth of the stations needs one person more, critically, in each role it already wants, for some weeks."""

    def strike(rng: random.Random, file: dict[str, Any]) -> int:
        wanting = [station for station in file["stations"] if station["needs"]]
        chosen = rng.sample(wanting, max(1, round(share * len(wanting))))
        for station in chosen:
            first = min(problem.weeks - 1, week + rng.randrange(3))
            span = {"start": first, "end": min(problem.weeks, first + weeks)}
            price = max(need["w_crit"] for need in station["needs"])
            for skill in dict.fromkeys(need["skill"] for need in station["needs"]):
                own = [need for need in station["needs"] if need["skill"] == skill]
                usual = max(need["count"] for need in own)
                row = {"skill": skill, **span, "count": usual + 1, "critical": usual + 1}
                station["needs"] = [*station["needs"], {**row, "w_crit": price, "w_norm": price // 10}]
        return len(chosen)

    return _event("surge", problem, plan, seed, week, strike)


def _event(
    name: str,
    problem: Problem,
    plan: Sequence[Tour],
    seed: int,
    week: int,
    strike: Callable[[random.Random, dict[str, Any]], int],
) -> Event:
    """Strike the file, put the plan in force; weeks already served by who is struck arrive as shorter locked tours."""
    file = read.to_json(problem)
    rng = random.Random(f"{name} {seed}")
    struck = strike(rng, file)
    after = read.problem({**file, "locked": [], "incumbent": []})
    lost = [tour for tour in plan if after.person_by_id[str(tour.staff)].is_unavailable(tour.start, tour.end)]
    gone = {tour.key for tour in lost}
    served = [_served(after, tour, week) for tour in lost if tour.start < week]
    locked = [tour for tour in problem.locked if tour.key not in gone]
    file["locked"] = [tour.to_json() for tour in (*locked, *(tour for tour in served if tour))]
    file["incumbent"] = [tour.to_json() for tour in plan]
    file["frozen_before"] = week
    file["weights"] = {**file["weights"], "disruption": DISRUPTION}
    file["name"] = f"{problem.name} {name} {seed}"
    return Event(name, read.problem(file), tuple(plan), frozenset(gone), struck)


def _served(problem: Problem, tour: Tour, week: int) -> Tour | None:
    """Return the weeks of a broken tour that lie behind us: those before the absence and before this week."""
    person = problem.person_by_id[str(tour.staff)]
    end = min([week, *(a for a, b in person.unavailable if a < tour.end and tour.start < b)])
    return Tour(tour.staff, tour.station, tour.skill, tour.start, end - tour.start) if end > tour.start else None
