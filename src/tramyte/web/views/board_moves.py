"""What somebody asks of the board, as tours that go and tours that come: nothing is judged here, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tramyte.domain.errors import BadData
from tramyte.domain.explanation import TourAlternatives
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Tour
from tramyte.exchange.board import lanes
from tramyte.rotation.alternatives import alternatives
from tramyte.rotation.problem import Problem
from tramyte.web.planning import Sheet
from tramyte.web.views.board_rows import weeks_no

CHOICES: Final = 3  # other ways shown of each kind


@dataclass(frozen=True)
class Asked:
    """
    A change of the plan.

    words  : message code of the step it becomes; fields: of that sentence, people and stations by their codes
    """

    removed: tuple[Tour, ...]
    added: tuple[Tour, ...]
    words: str
    fields: Mapping[str, Any]


def asked_of(sheet: Sheet, what: str, typed: Mapping[str, str], tour: Tour | None) -> Asked:
    """
    Return what a form of the board asks for.

    what   : chuyen, trai, phai, len, xuong, dai, ngan, bo, khac: of a tour; them: somebody new
    raises : BadData, what was typed names nobody, no place or no week of this campaign, or there is no such way
    """
    if what == "them":
        return _added(sheet, typed)
    if tour is None or what not in OF_TOUR:
        raise BadData([_unknown(typed.get("luot", "") or what)])
    return OF_TOUR[what](sheet, tour, typed)


def _unknown(read: str) -> Finding:
    return Finding("E740", "", "", {"read": read or "—"})


def _number(typed: Mapping[str, str], name: str, other: int) -> int:
    """Return a whole number of a form; blank: the other. raises: BadData, it is none."""
    text = typed.get(name, "").strip()
    if not text:
        return other
    if not (text.isascii() and text.isdecimal() and len(text) < len("10000")):
        raise BadData([_unknown(text)])
    return int(text)


def _known(rows: Mapping[str, Any], code: str) -> Any:
    """Return what a code names. raises: BadData, it names nothing."""
    if code not in rows:
        raise BadData([_unknown(code)])
    return rows[code]


def _change(sheet: Sheet, words: str, gone: tuple[Tour, ...], come: tuple[Tour, ...]) -> Asked:
    """Return a change, told by the tour that comes, else by the one that goes. raises: BadData, it leaves the weeks."""
    told = (come or gone)[0]
    if told.start < 0 or told.weeks < 1 or told.end > sheet.problem.weeks:
        raise BadData([Finding("E741", "", "", {"weeks": sheet.problem.weeks})])
    fields = {
        "staff": str(told.staff), "station": str(told.station), "weeks": weeks_no(sheet.report, told.start, told.end),
    }  # fmt: skip
    return Asked(gone, come, words, fields)


def _moved(sheet: Sheet, tour: Tour, typed: Mapping[str, str]) -> Asked:
    problem = sheet.problem
    station = _known(problem.station_by_id, typed.get("tram") or str(tour.station)).id
    skill = _known(problem.skill_by_id, typed.get("vi-tri") or str(tour.skill)).id
    start, weeks = _number(typed, "tuan", tour.start + 1) - 1, _number(typed, "so-tuan", tour.weeks)
    return _shifted(sheet, tour, replace(tour, station=station, skill=skill, start=start, weeks=weeks))


def _shifted(sheet: Sheet, tour: Tour, to: Tour) -> Asked:
    if to.key == tour.key:
        raise BadData([Finding("E743")])
    return _change(sheet, "UI_bd_step_moved", (tour,), (to,))


def _by_weeks(more: int) -> Callable[[Sheet, Tour, Mapping[str, str]], Asked]:
    def shift(sheet: Sheet, tour: Tour, typed: Mapping[str, str]) -> Asked:
        return _shifted(sheet, tour, replace(tour, start=tour.start + more))

    return shift


def _by_lanes(step: int) -> Callable[[Sheet, Tour, Mapping[str, str]], Asked]:
    """Return the move to the next position, up or down the board, in a role that the person may take."""

    def shift(sheet: Sheet, tour: Tour, typed: Mapping[str, str]) -> Asked:
        roles = set(map(str, sheet.problem.person_by_id[str(tour.staff)].skills))
        cells = positions(sheet)
        at = cells.index((str(tour.station), str(tour.skill)))
        onward = cells[at + 1 :] if step > 0 else cells[:at][::-1]
        found = next(((station, skill) for station, skill in onward if skill in roles), None)
        if found is None:
            raise BadData([Finding("E742")])
        place, role = sheet.problem.station_by_id[found[0]].id, sheet.problem.skill_by_id[found[1]].id
        return _shifted(sheet, tour, replace(tour, station=place, skill=role))

    return shift


def positions(sheet: Sheet) -> list[tuple[str, str]]:
    """Return station and role of every position of the whole board, from the top down."""
    codes = {(one.station, one.skill_name): one.skill for one in sheet.report.needs}
    codes |= {(str(one.tour.station), one.skill_name): str(one.tour.skill) for one in sheet.report.tours}
    return list(dict.fromkeys((lane.station, codes[lane.station, lane.skill_name]) for lane in lanes(sheet.report)))


def _longer(step: int) -> Callable[[Sheet, Tour, Mapping[str, str]], Asked]:
    """Return the next length that the sending unit allows, with the same first week."""

    def resize(sheet: Sheet, tour: Tour, typed: Mapping[str, str]) -> Asked:
        unit = sheet.problem.unit_of(tour)
        lengths = [weeks for weeks in sorted(unit.durations) if (weeks - tour.weeks) * step > 0]
        if not lengths:
            allowed = ", ".join(map(str, sorted(unit.durations)))
            raise BadData([Finding("E744", "", "", {"unit": unit.name or unit.code, "allowed": allowed})])
        weeks = lengths[0] if step > 0 else lengths[-1]
        words = "UI_bd_step_longer" if step > 0 else "UI_bd_step_shorter"
        return _change(sheet, words, (tour,), (replace(tour, weeks=weeks),))

    return resize


def _dropped(sheet: Sheet, tour: Tour, typed: Mapping[str, str]) -> Asked:
    return _change(sheet, "UI_bd_step_dropped", (tour,), ())


def _added(sheet: Sheet, typed: Mapping[str, str]) -> Asked:
    """Return somebody put into a cell; `thay`: names of own tours that give way, by commas."""
    problem = sheet.problem
    person = _known(problem.person_by_id, typed.get("nguoi", ""))
    station = _known(problem.station_by_id, typed.get("tram", "")).id
    skill = _known(problem.skill_by_id, typed.get("vi-tri", "")).id
    tour = Tour(person.id, station, skill, _number(typed, "tuan", 1) - 1, _number(typed, "so-tuan", 1))
    given = [sheet.tour(key) for key in typed.get("thay", "").split(",") if key]
    also = tuple(other for other in given if other is not None and str(other.staff) == str(person.id))
    return _change(sheet, "UI_bd_step_added", also, (tour,))


def others(sheet: Sheet, tour: Tour) -> TourAlternatives:
    """Return what else could be done about a tour: by its person, then by others, in the order a page shows it."""
    return alternatives(sheet.problem, sheet.tours, tour=tour, most=CHOICES)


def _other(sheet: Sheet, tour: Tour, typed: Mapping[str, str]) -> Asked:
    """Return one of the other ways that the page of a tour shows."""
    found = others(sheet, tour)
    number, known = _number(typed, "cach", 0), [*found.person, *found.others]
    if not 1 <= number <= len(known):
        raise BadData([_unknown(typed.get("cach", ""))])
    one = known[number - 1]
    if not one.added:
        return _dropped(sheet, tour, typed)
    words = "UI_bd_step_moved" if str(one.added[0].staff) == str(tour.staff) else "UI_bd_step_instead"
    asked = _change(sheet, words, one.dropped, one.added)
    return replace(asked, fields={**asked.fields, "other": str(tour.staff)})


OF_TOUR: Final[dict[str, Callable[[Sheet, Tour, Mapping[str, str]], Asked]]] = {
    "chuyen": _moved, "trai": _by_weeks(-1), "phai": _by_weeks(1), "len": _by_lanes(-1), "xuong": _by_lanes(1),
    "dai": _longer(1), "ngan": _longer(-1), "bo": _dropped, "khac": _other,
}  # fmt: skip


def lengths(problem: Problem, staff: str) -> list[int]:
    """Return the weeks that a tour of a person may last."""
    unit = problem.unit_by_id[str(problem.person_by_id[staff].unit)]
    return sorted(unit.durations)
