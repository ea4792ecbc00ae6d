"""Two plans side by side: who changes and how, person by person, what stays empty, what each costs by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from tramyte.domain.messages import Lang, say
from tramyte.domain.plan import Tour
from tramyte.domain.replan import Changes, TourChange
from tramyte.rotation.changes import changes
from tramyte.rotation.check import objective, unmet
from tramyte.rotation.problem import Problem
from tramyte.web.planning import Sheet, fits

DROPPED = "dropped"
FACTS = 3  # told of one person
ORDER = ("station", "role", "weeks", "longer", "shorter", "new", DROPPED)  # the kind of a person: the first there is


@dataclass(frozen=True)
class Line:
    """
    One person in two plans.

    kind   : of TourChange, or "" for who does the same in both; changed: tours that come or go, with reasons
    is_gone: the newer problem does not know the person, or the station, any more
    """

    staff: str
    name: str
    unit: str
    unit_name: str
    before: tuple[Tour, ...]
    after: tuple[Tour, ...]
    changed: tuple[TourChange, ...] = ()
    is_gone: bool = False

    @property
    def kind(self) -> str:
        """What happens to the person, in one word."""
        kinds = {one.kind for one in self.changed} | ({DROPPED} if self.is_gone else set())
        return next((kind for kind in ORDER if kind in kinds), "")

    @property
    def first_week(self) -> int | None:
        """The first week in which something is otherwise; None: nothing is."""
        old, new = {tour.key for tour in self.before}, {tour.key for tour in self.after}
        turned = [tour.start for tour in self.before if tour.key not in new]
        return min([*turned, *(tour.start for tour in self.after if tour.key not in old)], default=None)

    def why(self, lang: Lang) -> str:
        """Return why, in a sentence for each of the first facts; who moves often has many."""
        told = [say("UI_sv_gone", lang)] if self.is_gone else []
        told += [because.sentence(lang) for one in self.changed for because in one.reasons]
        more = [say("UI_sv_more_facts", lang, count=len(told) - FACTS)] if len(told) > FACTS else []
        return "; ".join([*told[:FACTS], *more])


@dataclass(frozen=True)
class _Pair:
    """Two plans of one problem: what they are is the file and the tours, so that an answer may be kept."""

    frozen: str
    new: tuple[Tour, ...]
    old: tuple[Tour, ...]
    problem: Problem = field(compare=False)


@lru_cache(maxsize=16)  # a list is sorted, narrowed and paged: the same two plans are asked about again
def _changes(pair: _Pair) -> Changes:
    return changes(replace(pair.problem, incumbent=pair.old), pair.new)


def lines(new: Sheet, old: Sheet) -> list[Line]:
    """Return everybody who goes in either plan, in order of the newer problem; reasons are facts of that problem."""
    known = tuple(tour for tour in old.tours if fits(new.problem, tour))
    found = _changes(_Pair(new.draft.frozen_id, new.tours, known, new.problem))
    turned: defaultdict[str, list[TourChange]] = defaultdict(list)
    for one in found.each:
        if tour := one.after or one.before:
            turned[str(tour.staff)].append(one)
    before, after = _by_person(old.tours), _by_person(new.tours)
    lost = {str(tour.staff) for tour in old.tours if tour not in known}
    return [
        Line(
            staff, *_person(staff, new.problem, old.problem), tuple(before.get(staff, ())),
            tuple(after.get(staff, ())), tuple(turned.get(staff, ())), staff in lost,
        )
        for staff in sorted({*before, *after})
    ]  # fmt: skip


def _by_person(tours: Iterable[Tour]) -> dict[str, list[Tour]]:
    found: defaultdict[str, list[Tour]] = defaultdict(list)
    for tour in sorted(tours, key=lambda tour: tour.start):
        found[str(tour.staff)].append(tour)
    return found


def _person(staff: str, *problems: Problem) -> tuple[str, str, str]:
    """Return name, unit and name of the unit of somebody, from the first problem that knows them."""
    problem = next(one for one in problems if staff in one.person_by_id)
    person = problem.person_by_id[staff]
    unit = problem.unit_by_id[str(person.unit)]
    return person.name or staff, str(unit.id), unit.name or unit.code


def only(rows: Iterable[Line], mine: Collection[str]) -> list[Line]:
    """Return what units and stations may see of it: their own people whole, of others the tours to them; no reasons."""
    found = []
    for row in rows:
        here = row if row.unit in mine else replace(
            row, before=tuple(one for one in row.before if str(one.station) in mine),
            after=tuple(one for one in row.after if str(one.station) in mine),
        )  # fmt: skip
        if here.before or here.after:
            found.append(replace(here, changed=tuple(replace(one, reasons=()) for one in here.changed)))
    return found


def stay(problems: Sequence[Problem], tour: Tour) -> str:
    """Return a tour in words: where, as what, from which day to which; names from the first problem that knows it."""
    problem = next((one for one in problems if fits(one, tour)), problems[-1])
    station, skill = problem.station_by_id[str(tour.station)], problem.skill_by_id[str(tour.skill)]
    return f"{station.name or station.id} ({skill.name or skill.code}, {span(problem, tour)})"


def span(problem: Problem, tour: Tour) -> str:
    """Return the days of a tour, or its weeks where the problem has no dates."""
    start, end = problem.day(tour.start), problem.day(tour.end)
    if start is None or end is None:
        return f"{tour.start + 1}–{tour.end}"
    return f"{start:%d/%m}–{end - timedelta(days=1):%d/%m/%Y}"


@dataclass(frozen=True)
class Totals:
    """
    What a plan comes to: weeks that stay empty, critical ones among them, tours, people, points by rule.

    parts : rule -> points, as `Objective.parts` names them
    """

    unmet: int
    critical: int
    tours: int
    people: int
    total: int
    parts: dict[str, int]


def totals(problem: Problem, tours: Sequence[Tour]) -> Totals:
    """Return what a plan comes to under its problem."""
    rows, cost = unmet(problem, tours), objective(problem, tours)
    return Totals(
        sum(row.count for row in rows), sum(row.critical for row in rows), len(tours),
        len({str(tour.staff) for tour in tours}), cost.total, cost.parts(),
    )  # fmt: skip


def notice(problem: Problem, week: int | None, since: date | None) -> int | None:
    """Return the days from a day to the first day of a week, 0 once it has begun; None: one of them is not known."""
    start = problem.day(week) if week is not None else None
    return None if start is None or since is None else max(0, (start - since).days)
