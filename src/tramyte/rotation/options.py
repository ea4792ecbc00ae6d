"""Who could fill one unmet week of a need, what would have to be allowed, and a first price of each way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from tramyte.domain.explanation import Change
from tramyte.domain.plan import Id, Tour
from tramyte.rotation.ledger import Ledger, near
from tramyte.rotation.problem import Person, Problem, Unit


@dataclass(frozen=True)
class Option:
    """
    One tour over the week that is missing somebody.

    dropped : tours of the same person that give way; changes: what must be allowed beyond the rules
    price   : what the plan costs more if nothing else moves
    """

    tour: Tour
    dropped: tuple[Tour, ...]
    changes: tuple[Change, ...]
    price: int

    @property
    def kind(self) -> tuple[object, ...]:
        """What makes two options one and the same relaxation."""
        return tuple((c.rule, str(c.staff), str(c.unit), str(c.skill), c.value) for c in self.changes)


def options(ledger: Ledger, *, station: Id, skill: Id, week: int) -> list[Option]:
    """Return every option of every person of the skill's cadre, or with the role, the cheapest first."""
    problem = ledger.problem
    cadre = problem.skill_by_id[str(skill)].cadre
    cell = str(station), str(skill)
    found: list[Option] = []
    for person in problem.staff:
        if any((str(t.station), str(t.skill)) == cell and t.start <= week < t.end for t in ledger.own[str(person.id)]):
            continue  # is there already
        fits = problem.skill_by_id[person.primary].cadre == cadre or str(skill) in map(str, person.skills)
        if fits and problem.minutes(person.unit, station) is not None:
            for start, weeks in _spans(problem, person, week):
                found += _of_tour(ledger, person, Tour(person.id, station, skill, start, weeks))
    return sorted(found, key=lambda option: (option.price, len(option.changes)))


def _spans(problem: Problem, person: Person, week: int) -> Iterable[tuple[int, int]]:
    """Return start and length of each tour over a week; unusual lengths only where no usual one fits."""
    unit = problem.unit_by_id[str(person.unit)]
    usual = list(_over(problem, week, unit.durations))
    if any(
        start + weeks <= problem.weeks and not person.is_unavailable(start, start + weeks) for start, weeks in usual
    ):
        return usual
    longest = max((weeks for weeks in unit.durations if weeks <= problem.weeks), default=1)
    return [*usual, *_over(problem, week, set(range(1, longest + 1)) - set(unit.durations))]


def _over(problem: Problem, week: int, lengths: Iterable[int]) -> Iterator[tuple[int, int]]:
    for weeks in sorted(lengths):
        if weeks <= problem.weeks:
            for start in range(max(0, problem.frozen_before, week - weeks + 1), week + 1):
                yield start, weeks


def _of_tour(ledger: Ledger, person: Person, tour: Tour) -> Iterator[Option]:
    """Yield the tour beside the person's own ones, and instead of those in its way."""
    own = ledger.own[str(person.id)]
    overlap = near(tour, own, 0)
    ways: list[tuple[Tour, ...]] = [] if overlap else [()]
    if giving := giving_way(ledger, person, tour):
        ways.append(giving)
    for dropped in ways:
        broken = ledger.broken(tour, dropped)
        changes = tuple(_change(ledger, person, tour, dropped, code) for code in broken)
        yield Option(tour, dropped, changes, ledger.first_price(dropped, [tour]).total)


def giving_way(ledger: Ledger, person: Person, tour: Tour) -> tuple[Tour, ...]:
    """Return which of the person's own tours must go so that R7 and R8 hold; none if a locked one is in the way."""
    own = ledger.own[str(person.id)]
    locked = ledger.problem.locked_keys
    dropped = near(tour, own, person.rest_weeks)
    if any(other.key in locked for other in dropped):
        return ()
    if not dropped and len(own) >= person.max_deployments:
        movable = [other for other in own if other.key not in locked]
        dropped = sorted(movable, key=lambda other: ledger.first_price([other], []).total)[:1]
    return tuple(dropped)


def _change(ledger: Ledger, person: Person, tour: Tour, dropped: Sequence[Tour], code: str) -> Change:
    """Return what would make one rule allow a tour."""
    problem = ledger.problem
    unit = problem.unit_by_id[str(person.unit)]
    own = [other for other in ledger.own[str(person.id)] if other not in dropped]
    if code == "R1":
        return Change(code, tour.weeks, unit=unit.id, end=problem.weeks)
    if code == "R3":
        return Change(code, tour.end, end=tour.end)
    if code == "R9":
        full = ledger.full_weeks(tour, dropped)
        most = unit.max_away.get(person.primary, 0)
        return Change(code, most + 1, unit=unit.id, skill=person.skills[0], start=min(full), end=max(full) + 1)
    if code == "R6":
        gone = [week for week in range(tour.start, tour.end) if person.is_unavailable(week, week + 1)]
        return Change(code, 0, staff=person.id, start=min(gone), end=max(gone) + 1)
    value = {
        "R4": problem.minutes(person.unit, tour.station) or 0,
        "R7": min((max(tour.start - other.end, other.start - tour.end) for other in own), default=0),
        "R8": len(own) + 1,
    }.get(code, 0)  # a role and an exemption have no number
    skill = tour.skill if code == "R2" else None
    return Change(code, value, staff=person.id, skill=skill, start=tour.start, end=tour.end)


def worded(problem: Problem, change: Change) -> Change:
    """Return a change with the words of its sentence."""
    words: dict[str, object] = {"value": change.value, "first": change.start + 1, "last": change.end}
    if change.skill is not None:
        words["skill"] = problem.skill_by_id[str(change.skill)].code
    if change.unit is not None:
        unit = problem.unit_by_id[str(change.unit)]
        words |= {"unit": unit.name or unit.code, "now": unit.max_away.get(str(change.skill), 0)}
    elif change.staff is not None:
        person = problem.person_by_id[str(change.staff)]
        limits = {"R4": person.max_travel_min, "R7": person.rest_weeks, "R8": person.max_deployments}
        words |= {"staff": str(person.id), "name": person.name or str(person.id), "now": limits.get(change.rule, 0)}
    else:
        words["now"] = problem.weeks
    return replace(change, fields=words)


def relaxed(problem: Problem, changes: Iterable[Change]) -> Problem:
    """Return the problem with some changes allowed."""
    for change in changes:
        problem = _relaxed(problem, change)
    return problem


def _relaxed(problem: Problem, change: Change) -> Problem:
    if change.rule == "R3":
        return replace(problem, weeks=change.value)
    if change.rule in ("R1", "R9"):
        units = tuple(_of_unit(unit, change) if str(unit.id) == str(change.unit) else unit for unit in problem.units)
        return replace(problem, units=units)
    staff = tuple(
        _of_person(person, change) if str(person.id) == str(change.staff) else person for person in problem.staff
    )
    return replace(problem, staff=staff)


def _of_unit(unit: Unit, change: Change) -> Unit:
    if change.rule == "R1":
        return replace(unit, durations=tuple(sorted({*unit.durations, change.value})))
    return replace(unit, max_away={**unit.max_away, str(change.skill): change.value})


def _of_person(person: Person, change: Change) -> Person:
    if change.rule == "R6":
        spans = [part for a, b in person.unavailable for part in ((a, min(b, change.start)), (max(a, change.end), b))]
        return replace(person, unavailable=tuple((a, b) for a, b in spans if a < b))
    if change.rule == "R2":
        return replace(person, skills=(*person.skills, cast("Id", change.skill)))
    if change.rule == "R5":
        return replace(person, exempt=False)
    if change.rule == "R4":
        return replace(person, max_travel_min=change.value)
    if change.rule == "R7":
        return replace(person, rest_weeks=change.value)
    return replace(person, max_deployments=change.value)
