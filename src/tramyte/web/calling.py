"""What units are asked for, and the papers of whom they may name. Nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from tramyte.domain.plan import Tour
from tramyte.domain.work import PastTour
from tramyte.rotation.problem import Problem
from tramyte.web import records
from tramyte.web.eligibility import File
from tramyte.web.models import Call, Campaign, Deployment, Draft, Nomination
from tramyte.web.models.base import below
from tramyte.web.planning import SERVING, tours_of

R = TypeVar("R")
PAPERS = ("staff", "skills", "licences", "appointments", "absences", "past_tours", "senders", "away_limits")


@dataclass(frozen=True)
class Asked:
    """
    How many people of a skill one unit would be asked for.

    weeks    : person-weeks the plan needs of them; count: people
    people   : who can do it there; max_away: how many of them the unit can spare at once
    """

    unit: str
    skill: str
    weeks: int
    count: int
    people: int
    max_away: int


def asked(problem: Problem, tours: Sequence[Tour]) -> list[Asked]:
    """
    Return what to ask of each unit by skill, units and skills in the order of the problem.

    tours : of the newest plan: who is in it is asked for; none: what is required is spread by what units can spare
    """
    able: Counter[tuple[str, str]] = Counter()
    for person in problem.staff:
        able.update((str(person.unit), str(skill)) for skill in person.skills if not person.exempt)
    weeks, counts = _planned(problem, tours) if tours else _spread(problem, able)
    order = [(str(unit.id), str(skill.id)) for unit in problem.units for skill in problem.skills]
    spare = {str(unit.id): unit.max_away for unit in problem.units}
    return [
        Asked(unit, skill, weeks[unit, skill], counts[unit, skill], able[unit, skill], spare[unit].get(skill, 0))
        for unit, skill in order
        if weeks[unit, skill]
    ]


def _planned(problem: Problem, tours: Iterable[Tour]) -> tuple[Counter[tuple[str, str]], Mapping[tuple[str, str], int]]:
    weeks: Counter[tuple[str, str]] = Counter()
    people: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for tour in tours:
        key = str(problem.unit_of(tour).id), str(tour.skill)
        weeks[key] += tour.weeks
        people[key].add(str(tour.staff))
    return weeks, Counter({key: len(who) for key, who in people.items()})


def _spread(
    problem: Problem, able: Mapping[tuple[str, str], int]
) -> tuple[Counter[tuple[str, str]], Mapping[tuple[str, str], int]]:
    """Share the person-weeks of each skill among units by what they can spare, whole weeks, largest rest first."""
    wanted: Counter[str] = Counter()
    for station in problem.stations:
        for need in station.needs:
            wanted[str(need.skill)] += need.count * (need.end - need.start)
    tours = {str(person.unit): person.max_deployments for person in problem.staff}
    weeks: Counter[tuple[str, str]] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    for skill, total in wanted.items():
        room = {
            str(unit.id): min(unit.max_away.get(skill, 0), able[str(unit.id), skill]) * problem.weeks
            for unit in problem.units
        }
        for unit, share in shared(min(total, sum(room.values())), room).items():
            weeks[unit, skill] = share
            longest = max(problem.unit_by_id[unit].durations) * max(1, tours.get(unit, 1))
            counts[unit, skill] = min(able[unit, skill], -(-share // longest))
    return weeks, counts


def shared(total: int, room: Mapping[str, int]) -> dict[str, int]:
    """
    Return a whole number for each, in proportion to its room, never above it; they add up to the total.

    >>> shared(5, {"a": 4, "b": 4, "c": 0})
    {'a': 3, 'b': 2}
    """
    whole = sum(room.values())
    if not whole:
        return {}
    exact = {key: total * size / whole for key, size in room.items() if size}
    found = {key: int(part) for key, part in exact.items()}
    rest = sorted(found, key=lambda key: (found[key] - exact[key], key))
    for key in rest[: total - sum(found.values())]:
        found[key] += 1
    return {key: count for key, count in found.items() if count}


def newest_tours(campaign: Campaign) -> tuple[Tour, ...]:
    """Return the tours of the newest draft of a campaign that is no trial; none: there is no draft."""
    found = Draft.objects.filter(province=campaign.province, campaign=campaign.code)
    draft = found.exclude(stage="dropped").exclude(origin="trial").order_by("-number").first()
    return tours_of(draft.tours) if draft else ()


def files(
    province: str,
    *,
    path: str,
    on: date,
    staff: str | None = None,
    campaign: Campaign | None = None,
    calls: Iterable[Call] | None = None,
) -> dict[str, File]:
    """
    Return the papers of everybody at a place who is verified for something, by code, as register and tours are today.

    path : of the unit; on: the day on which appointments count
    staff : only this person is asked for; colleagues still count
    campaign : whose calls say how many go first; calls: these, where they were asked for before
    """
    found = records.register(province, within=below(path), names=PAPERS)
    today = found.as_of(on)
    served = {(one.staff, one.start) for one in found.past_tours}
    signed = [one for one in _signed(province, path) if (one.staff, one.start) not in served]
    tours = _by(lambda one: one.staff, [*found.past_tours, *signed])
    skills = _by(lambda one: one.staff, sorted(found.skills, key=lambda one: one.rank))
    papers = {
        name: _by(lambda one: one.staff, getattr(found, name)) for name in ("appointments", "absences", "licences")
    }
    senders = {one.facility: one for one in found.senders}
    homes = {one.staff: one.facility for one in sorted(today.appointments, key=lambda one: one.share)}
    made = {
        one.code: File(
            one, tuple(sorted(papers["appointments"][one.code], key=lambda row: -row.share)),
            tuple(papers["absences"][one.code]), tuple(papers["licences"][one.code]),
            tuple(tour for tour in tours[one.code] if tour.instrument != "transfer"),
            tuple(dict.fromkeys(row.skill for row in skills[one.code])), senders.get(homes.get(one.code, "")),
        )
        for one in today.staff if skills[one.code] or one.code == staff
    }  # fmt: skip
    spare = {(one.facility, one.skill): one.max_away for one in found.away_limits}
    return _together(made, homes, spare, _places(campaign, calls), only=staff)


def _together(
    made: Mapping[str, File], homes: Mapping[str, str], spare: Mapping[tuple[str, str], int],
    places: Mapping[tuple[str, str], int], *, only: str | None,
) -> dict[str, File]:  # fmt: skip
    """Add to the papers of each what those of the colleagues of the same primary skill say."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for code, file in made.items():
        if file.skills and code in homes:
            groups[homes[code], file.skills[0]].append(code)
    found = dict(made)
    for key, codes in groups.items():
        for code in codes if only is None else [only] if only in codes else []:
            beside = [made[one] for one in codes if one != code]
            mine = made[code].last or date.min
            found[code] = replace(
                made[code], max_away=spare.get(key), places=places.get(key),
                others=tuple((tour.start, tour.end) for one in beside for tour in one.tours),
                longer=sum(1 for one in beside if (one.last or date.min) < mine),
            )  # fmt: skip
    return found if only is None else {code: file for code, file in found.items() if code == only}


def _places(campaign: Campaign | None, calls: Iterable[Call] | None) -> dict[tuple[str, str], int]:
    if campaign is None:
        return {}
    rows = Call.objects.filter(province=campaign.province, campaign=campaign.code) if calls is None else calls
    return {(one.unit, one.skill): one.count for one in rows}


def _signed(province: str, path: str) -> list[PastTour]:
    """Return the signed tours of people of a place, as the ledger has them once they are served."""
    rows = records.rows(Deployment).filter(below(path, "sending_path"), province=province, state__in=SERVING)
    return [PastTour(one.staff, one.facility, one.skill, one.start, one.end, one.instrument) for one in rows]


def _by(key: Any, rows: Iterable[R]) -> defaultdict[str, list[R]]:
    found: defaultdict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def named(campaign: Campaign, unit: str | None = None) -> list[Nomination]:
    """Return who was named, or said not to go, by rank; of one unit, or of all."""
    rows = Nomination.objects.filter(province=campaign.province, campaign=campaign.code)
    rows = rows if unit is None else rows.filter(unit=unit)
    return sorted(rows, key=lambda one: (not one.is_going, one.rank or 0, one.pk))


def filled(
    counts: Mapping[str, int], staff: Iterable[str], skills: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """
    Return who fills which part of a call: each the first skill with room, in the order given; else the primary one.

    counts : skill -> people asked for; skills: staff -> skills, the primary one first

    >>> filled({"NOI": 1, "HSCC": 1}, ["a", "b"], {"a": ["NOI", "HSCC"], "b": ["NOI", "HSCC"]})
    {'NOI': ['a'], 'HSCC': ['b']}
    """
    found: dict[str, list[str]] = {}
    for code in staff:
        able = skills.get(code) or ["—"]
        room = [one for one in able if len(found.get(one, ())) < counts.get(one, 0)]
        found.setdefault((room or able)[0], []).append(code)
    return found
