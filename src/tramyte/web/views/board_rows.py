"""The board cut to a page: which stations and weeks are shown, what stands in each cell, how each tour is marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode

from django.http import QueryDict

from tramyte.domain.messages import Lang, say
from tramyte.domain.names import search_key
from tramyte.domain.plan import PlanReport, TourLine
from tramyte.domain.week import Week
from tramyte.exchange import plan_workbook
from tramyte.exchange.board import Cell, Lane, lanes, name_key, short_names
from tramyte.rotation.check import misses
from tramyte.web.planning import Sheet, key_of, tours_of

STATIONS, PEOPLE, WEEKS = 25, 50, 12  # of one page
VIEWS = ("tram", "nguoi", "don-vi")
ONLY = ("trong", "doi")  # cells without anybody; tours that the draft it came from does not have
LOCKED, PINNED, BENT, CHANGED = "=", "#", "!", "±"
WORDS = {LOCKED: "UI_bd_locked", PINNED: "UI_bd_pinned", BENT: "UI_bd_bent", CHANGED: "UI_bd_changed"}
STATE = ("xem", "trang", "tuan", "rong", "tim", "chuyen-khoa", "don-vi", "chi")  # what an address holds of a board

Key = tuple[str, str, str, int, int]


@dataclass(frozen=True)
class Look:
    """
    What an address asks of a board.

    by    : rows are positions at stations, people, or sending units
    page  : 1, 2, …; first, width: 0-based first week, and how many weeks
    find  : words of a name; skill, unit: codes; only: see ONLY
    """

    by: str = "tram"
    page: int = 1
    first: int = 0
    width: int = WEEKS
    find: str = ""
    skill: str = ""
    unit: str = ""
    only: str = ""

    @property
    def last(self) -> int:
        """The first week after those shown."""
        return self.first + self.width


def look_of(asked: QueryDict, weeks: int, *, is_paper: bool = False) -> Look:
    """Return what an address asks of a board of so many weeks; on paper all weeks stand side by side."""
    by, only = asked.get("xem", ""), asked.get("chi", "")
    width = weeks if is_paper else _number(asked.get("rong"), WEEKS, most=WEEKS)
    return Look(
        by=by if by in VIEWS else VIEWS[0], page=_number(asked.get("trang"), 1),
        first=0 if is_paper else min(_number(asked.get("tuan"), 1), max(weeks, 1)) - 1, width=width,
        find=asked.get("tim", "").strip()[:80], skill=asked.get("chuyen-khoa", ""), unit=asked.get("don-vi", ""),
        only=only if only in ONLY else "",
    )  # fmt: skip


def _number(text: str | None, other: int, *, most: int = 100_000) -> int:
    known = text and text.isascii() and text.isdecimal() and len(text) < len(str(most)) + 1
    return min(max(1, int(text or 0)), most) if known else other


def week_no(report: PlanReport, week: int) -> str:
    """Return the number of a week as an office says it: of the year; without dates, of the campaign."""
    if report.first_monday is None:
        return f"{week + 1:02}"
    return f"{Week(report.first_monday).plus(week).monday.isocalendar().week:02}"


def weeks_no(report: PlanReport, start: int, end: int) -> str:
    """Return the numbers of the weeks of [start, end)."""
    first, last = week_no(report, start), week_no(report, end - 1)
    return first if end - start == 1 else f"{first}–{last}"


@dataclass(frozen=True)
class Box:
    """
    One cell of a row.

    kind : tour, locked, short, short_critical, free (more are there than are needed), away, none (nobody is needed)
    span : weeks of it that are shown; is_cut: it goes on beyond the page
    weeks: their numbers, of the whole cell; person_weeks: how many of them
    """

    kind: str
    span: int
    text: str = ""
    mark: str = ""
    word: str = ""
    address: str = ""
    title: str = ""
    weeks: str = ""
    count: int = 0
    is_cut: bool = False


@dataclass(frozen=True)
class Row:
    """One lane: a position at a station, a person, or the people of one specialty of a unit."""

    title: str
    boxes: tuple[Box, ...]
    skill: str = ""
    detail: str = ""
    address: str = ""


@dataclass(frozen=True)
class Block:
    """Rows that stand under one head. key: code of the station, or of the unit."""

    key: str
    title: str
    rows: tuple[Row, ...]
    address: str = ""


@dataclass(frozen=True)
class Marks:
    """What is to be said of each tour beside where it leads."""

    pins: frozenset[Key]
    before: frozenset[Key] | None
    bent: frozenset[tuple[str, int]]

    def of(self, line: TourLine) -> str:
        """Return the one mark of a tour: what forbids a move first."""
        key = line.tour.key
        if line.is_locked:
            return LOCKED
        if key in self.pins:
            return PINNED
        if (str(line.tour.staff), line.tour.start) in self.bent:
            return BENT
        return CHANGED if self.is_changed(key) else ""

    def is_changed(self, key: Key) -> bool:
        """Return whether the draft it came from has no such tour."""
        return self.before is not None and key not in self.before


def marks_of(sheet: Sheet) -> Marks:
    """Return what a draft says of its tours."""
    parent = sheet.draft.parent
    bent = {
        (one.staff, one.week)
        for one in misses(sheet.problem, sheet.tours)
        if one.rule == "R12" and one.week is not None
    }
    bent |= {(str(t.staff), t.start) for t in sheet.tours if key_of(t) in sheet.draft.reasons}
    before = None if parent is None else frozenset(tour.key for tour in tours_of(parent.tours))
    return Marks(sheet.pins, before, frozenset(bent))


class Board:
    """
    A plan laid out as somebody looks at it.

    report  : what of the plan they may see
    address : (part of a campaign's pages, more of its state) -> address
    is_open : whether an empty cell leads to why it is empty
    """

    def __init__(
        self,
        report: PlanReport,
        marks: Marks,
        look: Look,
        *,
        address: Callable[..., str],
        lang: Lang,
        is_open: bool,
        past: int = 0,
    ) -> None:
        self.report, self.marks, self.look, self.lang, self.is_open = report, marks, look, lang, is_open
        self.address, self.past = address, past
        self.names = short_names({str(one.tour.staff): one.staff_name for one in report.tours}.items())
        self._tail = "?" + address().partition("?")[2]

    @cached_property
    def last(self) -> int:
        """The first week after those shown."""
        return min(self.look.last, self.report.weeks)

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The weeks shown: number and Monday."""
        first = self.report.first_monday
        return [
            {"number": week_no(self.report, week), "monday": f"{Week(first).plus(week).monday:%d/%m}" if first else ""}
            for week in range(self.look.first, self.last)
        ]

    @cached_property
    def lanes(self) -> list[Lane]:
        """The lanes of the plan that fit what is looked for, on all pages."""
        return [one for one in lanes(self.report) if self._fits(one)]

    @cached_property
    def codes(self) -> dict[tuple[str, str], str]:
        """(Station, name of a role) -> code of the role: a lane knows the name alone."""
        needs = {(one.station, one.skill_name): one.skill for one in self.report.needs}
        return needs | {(str(one.tour.station), one.skill_name): str(one.tour.skill) for one in self.report.tours}

    def skill(self, lane: Lane) -> str:
        """Return the code of the role of a lane."""
        return self.codes[lane.station, lane.skill_name]

    def _fits(self, lane: Lane) -> bool:
        look = self.look
        if look.find and search_key(look.find) not in search_key(lane.station_name):
            return False
        if look.skill and self.skill(lane) != look.skill:
            return False
        if look.unit and not any(cell.tour and cell.tour.unit == look.unit for cell in lane.cells):
            return False
        shown = [cell for cell in lane.cells if cell.start < self.last and cell.end > look.first]
        if look.only == "trong":
            return any(is_short(cell) for cell in shown)
        return look.only != "doi" or any(cell.tour and self.marks.is_changed(cell.tour.tour.key) for cell in shown)

    @cached_property
    def stations(self) -> list[str]:
        """Codes of the stations that have a lane, in order."""
        return list(dict.fromkeys(lane.station for lane in self.lanes))

    @cached_property
    def open_weeks(self) -> int:
        """Person-weeks without anybody in the lanes looked at, in the weeks shown."""
        cells = (cell for lane in self.lanes for cell in lane.cells if is_short(cell))
        return sum(max(0, min(cell.end, self.last) - max(cell.start, self.look.first)) for cell in cells)

    def blocks(self, *, only: Iterable[str] | None = None) -> list[Block]:
        """Return the rows of the page, station by station; only: of these stations, wherever they stand."""
        first = (self.look.page - 1) * STATIONS
        shown = set(self.stations[first : first + STATIONS] if only is None else only)
        return [
            Block(
                code, brief(rows[0].station_name), tuple(self._row(lane) for lane in rows),
                f"/tram/{quote(code)}/{self._tail}",
            )
            for code, group in groupby(self.lanes, key=lambda lane: lane.station)
            if code in shown
            for rows in [list(group)]
        ]  # fmt: skip

    def _row(self, lane: Lane) -> Row:
        return Row(lane.skill_name, tuple(self.boxes(lane)), self.skill(lane))

    def boxes(self, lane: Lane) -> Iterable[Box]:
        """Yield the cells of a lane in the weeks shown, what nobody is needed for among them."""
        week = self.look.first
        for cell in lane.cells:
            start, end = max(cell.start, self.look.first), min(cell.end, self.last)
            if start >= end:
                continue
            if start > week:
                yield Box("none", start - week)
            yield self._box(lane, cell, end - start)
            week = end
        if week < self.last:
            yield Box("none", self.last - week)

    def _box(self, lane: Lane, cell: Cell, span: int) -> Box:
        weeks = self.weeks(cell.start, cell.end)
        if cell.tour is not None:
            return self.chip(cell.tour, span, self.names[str(cell.tour.tour.staff)])
        if cell.kind == "free":
            return Box("free", span, weeks=weeks)
        if cell.end <= self.past:
            return Box("past", span, mark=LOCKED, text=say("UI_bd_was_open", self.lang, count=cell.weeks), weeks=weeks)
        where = f"vi-tri/{quote(lane.station)}/{quote(self.skill(lane))}/{max(cell.start, self.look.first) + 1}"
        code = "UI_bd_short_one" if span == 1 else "UI_bd_vital" if cell.kind == "short_critical" else "UI_bd_short"
        words = say(code, self.lang, count=cell.weeks)
        return Box(
            cell.kind, span, text=words, weeks=weeks, count=cell.weeks,
            address=self._at(where) if self.is_open else "",
        )  # fmt: skip

    def chip(self, line: TourLine, span: int, text: str) -> Box:
        """Return the cell of a tour."""
        tour, mark = line.tour, self.marks.of(line)
        return Box(
            "locked" if line.is_locked else "tour", span, text=text, mark=mark,
            word=say(WORDS[mark], self.lang) if mark else "", weeks=self.weeks(tour.start, tour.end),
            address=self._at(f"luot/{quote(key_of(tour), safe='@')}"), is_cut=span < tour.weeks,
        )  # fmt: skip

    def weeks(self, start: int, end: int) -> str:
        """Return the weeks of [start, end) in words."""
        return say("UI_bd_weeks", self.lang, weeks=weeks_no(self.report, start, end))

    def _at(self, part: str) -> str:
        base = self.address().partition("?")[0]
        return f"{base}{part}/{self._tail}"

    def count(self) -> int:
        """Return how many rows there are to page: stations, people or units."""
        return len(self.stations) if self.look.by == "tram" else len(self.everybody)

    @cached_property
    def everybody(self) -> list[tuple[str, str, str, list[TourLine]]]:
        """Code, name, unit and tours of those who can go, and of those who come, by given name."""
        tours: defaultdict[str, list[TourLine]] = defaultdict(list)
        people = {one.staff: (one.staff_name, one.unit, one.unit_name) for one in self.report.loads}
        for line in self.report.tours:
            tours[str(line.tour.staff)].append(line)
            people.setdefault(str(line.tour.staff), (line.staff_name, line.unit, line.unit_name))
        found = [
            (code, name, unit_name, sorted(tours[code], key=lambda line: line.tour.start))
            for code, (name, unit, unit_name) in people.items()
            if not self.look.unit or unit == self.look.unit
        ]
        found = [row for row in found if self._is_wanted(row[1], row[3])]
        return sorted(found, key=lambda row: (name_key(row[1]), row[0]))

    def _is_wanted(self, name: str, tours: Sequence[TourLine]) -> bool:
        look = self.look
        if look.find and search_key(look.find) not in search_key(name):
            return False
        if look.skill and not any(str(line.tour.skill) == look.skill for line in tours):
            return False
        return look.only != "doi" or any(self.marks.is_changed(line.tour.key) for line in tours)

    def people(self, away: Mapping[str, Sequence[tuple[int, int]]]) -> list[Block]:
        """Return the rows of a page of people; away: weeks in which somebody cannot be sent."""
        first = (self.look.page - 1) * PEOPLE
        return [
            Block(
                code, name, (Row(brief(unit), tuple(self._weeks_of(tours, away.get(code, ())))),),
                f"/nguoi/{quote(code)}/{self._tail}",
            )
            for code, name, unit, tours in self.everybody[first : first + PEOPLE]
        ]  # fmt: skip

    def _weeks_of(self, tours: Sequence[TourLine], away: Sequence[tuple[int, int]]) -> Iterable[Box]:
        """Yield the weeks of a person: tours, weeks away, and between them weeks at home."""
        weeks: list[Any] = [None] * (self.last - self.look.first)
        for start, end in away:
            for week in range(max(start, self.look.first), min(end, self.last)):
                weeks[week - self.look.first] = "away"
        for line in tours:
            for week in range(max(line.tour.start, self.look.first), min(line.tour.end, self.last)):
                weeks[week - self.look.first] = line
        for _, run in groupby(weeks, key=lambda one: one if isinstance(one, str) or one is None else id(one)):
            cells = list(run)
            if isinstance(cells[0], TourLine):
                yield self.chip(cells[0], len(cells), f"{brief(cells[0].station_name)} · {cells[0].skill_name}")
            else:
                is_away = cells[0] == "away"
                yield Box(
                    "away" if is_away else "none", len(cells), text=say("UI_bd_away", self.lang) if is_away else ""
                )

    def pages(self) -> int:
        """Return how many pages of rows there are."""
        per_page = STATIONS if self.look.by == "tram" else PEOPLE
        return max(1, -(-self.count() // per_page))


brief = lru_cache(maxsize=2000)(plan_workbook.abbreviated)  # the same names on every page


def is_short(cell: Cell) -> bool:
    """Return whether somebody is missing in a cell."""
    return cell.kind in ("short", "short_critical")


def query(pairs: Mapping[str, Any]) -> str:
    """Return the state of a board as an address holds it."""
    return urlencode([(name, value) for name, value in pairs.items() if value not in (None, "")])
