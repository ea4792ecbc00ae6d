"""What the board says: which rule forbids a move, what a step has done, which weeks it left without anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tramyte.domain.explanation import Alternative, Change, Move, Relaxation
from tramyte.domain.finding import Breach
from tramyte.domain.messages import Lang, say
from tramyte.domain.plan import Tour
from tramyte.exchange.board import short_names, split_name
from tramyte.rotation.check import unmet
from tramyte.rotation.problem import Problem
from tramyte.web.models import Step
from tramyte.web.planning import Sheet, tours_of
from tramyte.web.views.board_rows import week_no, weeks_no

WEEKS = ("first", "last", "week", "other_first", "other_last", "first_open")  # fields that count weeks from 1
NOT_WEEKS = {"R3": ("last",)}  # weeks of the whole campaign, no week of a year
OWN = ("R7", "R10", "R11", "R12", "R13")  # rules that the board has words of its own for
MOST = 3  # stations named in one sentence


def dated(sheet: Sheet, fields: Mapping[str, Any], rule: str = "") -> dict[str, Any]:
    """Return the fields of a sentence, weeks of the campaign as the numbers that stand over the board."""
    found = dict(fields)
    for name in WEEKS:
        if name in found and name not in NOT_WEEKS.get(rule, ()) and isinstance(found[name], int):
            found[name] = week_no(sheet.report, found[name] - 1)
    return found


def rule_words(sheet: Sheet, breach: Breach, lang: Lang) -> str:
    """Return a breach in words: who, and the rule that a plan would break."""
    week = 1 if breach.week is None else breach.week + 1
    fields = dated(sheet, {**breach.fields, "who": breach.staff, "week": week}, breach.rule)
    places = sheet.problem.station_by_id
    for name in ("station", "other"):
        if fields.get(name) in places:
            fields[name] = station_name(sheet.problem, fields[name])
    if breach.rule in OWN:
        told = say(f"UI_bd_rule_{breach.rule}", lang, **fields)
    else:
        told = say(f"G_WHY_{breach.rule}", lang, **fields)
    who = fields.get("name")
    return told if not who or who in told else f"{who}: {told}"


def stay_words(sheet: Sheet, tour: Tour, lang: Lang) -> dict[str, str]:
    """Return who, where and when of a tour, as sentences of the board name them."""
    problem = sheet.problem
    person = problem.person_by_id[str(tour.staff)]
    return {
        "staff": person.name or str(person.id), "given": split_name(person.name or str(person.id))[1],
        "station": station_name(problem, str(tour.station)), "weeks": weeks_no(sheet.report, tour.start, tour.end),
        "skill": problem.skill_by_id[str(tour.skill)].name or problem.skill_by_id[str(tour.skill)].code,
    }  # fmt: skip


def station_name(problem: Problem, code: str) -> str:
    """Return what a station of a problem is called."""
    return problem.station_by_id[code].name or code if code in problem.station_by_id else code


def step_words(sheet: Sheet, step: Step, lang: Lang, *, is_short: bool = False) -> str:
    """Return what a step did: codes of people and stations in it are told by their names."""
    people, fields = sheet.problem.person_by_id, dict(step.fields)
    for name in ("staff", "other"):
        if (code := fields.get(name)) in people:
            fields[name] = called(sheet.problem, code) if is_short else people[code].name or code
    if "station" in fields:
        fields["station"] = station_name(sheet.problem, str(fields["station"]))
    told = say(step.words, lang, **fields)
    return f"{told}: {step_words(sheet, step.of, lang, is_short=is_short)}" if step.of is not None else told


def called(problem: Problem, code: str) -> str:
    """Return the given name of a person; with the family name, as on the chips, where others are given the same."""
    names = {str(one.id): one.name or str(one.id) for one in problem.staff}
    given = split_name(names[code])[1]
    alike = {other: name for other, name in names.items() if split_name(name)[1] == given}
    return given if len(alike) == 1 else short_names(alike.items())[code]


def opened(problem: Problem, before: Sequence[Tour], after: Sequence[Tour]) -> dict[str, list[int]]:
    """Return station -> weeks in which more people are missing than before."""
    old: defaultdict[tuple[str, str, int, int], int] = defaultdict(int)
    for row in unmet(problem, before):
        old[str(row.station), str(row.skill), row.need, row.week] = row.count
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in unmet(problem, after):
        if row.count > old[str(row.station), str(row.skill), row.need, row.week]:
            found[str(row.station)].add(row.week)
    return {station: sorted(weeks) for station, weeks in found.items()}


def said(sheet: Sheet, step: Step, lang: Lang) -> str:
    """Return one sentence for who cannot see the board: what was done, and where nobody is now."""
    gone, come = tours_of(step.before["tours"]), tours_of(step.after["tours"])
    now = set(come)
    before = [*(tour for tour in sheet.tours if tour not in now), *gone]
    what = step_words(sheet, step, lang, is_short=True)
    parts = [say("UI_bd_done", lang, what=what[0].lower() + what[1:] if lang == "vi" else what)]
    places = opened(sheet.problem, before, sheet.tours)
    for station, weeks in list(places.items())[:MOST]:
        name = station_name(sheet.problem, station)
        parts.append(say("UI_bd_left", lang, station=name, weeks=runs(sheet, weeks)))
    if len(places) > MOST:
        parts.append(say("UI_bd_left_more", lang, count=len(places) - MOST))
    return " ".join(parts)


def runs(sheet: Sheet, weeks: Iterable[int]) -> str:
    """Return weeks as people say them: 03–04, 07."""
    found: list[list[int]] = []
    for week in weeks:
        if found and found[-1][-1] + 1 == week:
            found[-1].append(week)
        else:
            found.append([week])
    return ", ".join(weeks_no(sheet.report, run[0], run[-1] + 1) for run in found)


def change_words(sheet: Sheet, change: Change, lang: Lang) -> str:
    """Return what would be allowed beyond a rule."""
    return say(f"G_{change.rule}", lang, **dated(sheet, change.fields, change.rule))


def move_words(sheet: Sheet, move: Move, lang: Lang) -> str:
    """Return who goes, or no longer goes, where and when."""
    return say("UI_bd_goes" if move.is_new else "UI_bd_goes_not", lang, **stay_words(sheet, move.tour, lang))


def alternative_words(sheet: Sheet, one: Alternative, tour: Tour, lang: Lang) -> str:
    """Return what would be done instead of a tour, and what it costs more."""
    fields = dated(sheet, one.fields)
    if one.added:
        fields["station"] = station_name(sheet.problem, str(one.added[0].station))
    others = [stay_words(sheet, other, lang) for other in one.dropped if other != tour]
    fields["dropped"] = ", ".join(
        "{station} ({spell})".format(**other, spell=say("UI_bd_weeks", lang, weeks=other["weeks"])) for other in others
    )
    return say(f"G_ALT_{one.kind}", lang, price=signed(one.change.total), **fields)


def signed(points: int) -> str:
    """
    Return points as a difference, with a sign that is as wide as a plus.

    >>> signed(-43), signed(11)
    ('−43', '+11')
    """
    return f"{points:+d}".replace("-", "−")


def agreeing(sheet: Sheet, found: Relaxation) -> list[str]:
    """Return who must agree to what would fill a cell: units of who moves or is allowed more, stations concerned."""
    problem = sheet.problem
    units = [problem.unit_of(move.tour) for move in found.moves]
    units += [problem.unit_by_id[str(one.unit)] for one in found.changes if one.unit is not None]
    named = [unit.name or unit.code for unit in units]
    named += [station_name(problem, str(move.tour.station)) for move in found.moves]
    return list(dict.fromkeys(named))
