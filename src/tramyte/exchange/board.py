"""The board: one lane per position, weeks as columns. Pure layout: which cells, which words; no file format."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tramyte.domain.messages import Lang
from tramyte.domain.names import person_key, sort_key
from tramyte.domain.plan import NeedLine, PlanReport, TourLine
from tramyte.domain.week import Week

Kind = Literal["tour", "locked", "short", "short_critical", "free"]


@dataclass(frozen=True)
class Cell:
    """Consecutive weeks of one lane that say the same. start: 0-based week; weeks: length; tour: None where short."""

    start: int
    weeks: int
    kind: Kind
    tour: TourLine | None = None

    @property
    def end(self) -> int:
        """The first week after the cell."""
        return self.start + self.weeks


@dataclass
class Lane:
    """One position at one station: tours one after the other, gaps between."""

    station: str
    station_name: str
    skill_name: str
    position: int
    cells: list[Cell] = field(default_factory=list)


def split_name(name: str) -> tuple[str, str]:
    """
    Return family names and given name of a name as an official list writes it: the last word is the given name.

    >>> split_name("Lò Thị Hoa")
    ('Lò Thị', 'Hoa')
    """
    words = name.split()
    return " ".join(words[:-1]), words[-1] if words else ""


def name_key(name: str) -> tuple[object, ...]:
    """Return the key that sorts people by given name, then family names, in Vietnamese order."""
    return person_key(*split_name(name))


def short_names(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """
    Return code -> name for a narrow cell, given name first; longer where two people would read alike.

    people : (code, name)

    >>> short_names([("1", "Lò Thị Hoa"), ("2", "Lò Thanh Hoa"), ("3", "Giàng A Khánh")])
    {'1': 'Hoa (Lò Thị)', '2': 'Hoa (Lò Thanh)', '3': 'Khánh (Giàng A.)'}
    """
    names = dict(people)
    forms = {code: _forms(code, name) for code, name in names.items()}
    chosen = dict.fromkeys(names, 0)
    for level in (0, 1):
        seen = Counter(forms[code][chosen[code]] for code in names)
        for code in names:
            if chosen[code] == level and seen[forms[code][level]] > 1:
                chosen[code] = level + 1
    return {code: forms[code][level] for code, level in chosen.items()}


def _forms(code: str, name: str) -> tuple[str, str, str]:
    """Return the short name, the name in full, and the name with the code: each sets more people apart."""
    family, given = split_name(name)
    if not family:
        return given, given, f"{given} [{code}]"
    first, *middle = family.split()
    initials = "".join(f"{word[0]}." for word in middle)
    short = f"{given} ({first} {initials})" if middle else f"{given} ({first})"
    return short, f"{given} ({family})", f"{given} ({family}) [{code}]"


def week_label(first_monday: date | None, week: int, lang: Lang) -> str:
    """
    Return a week as people write it; without dates, its number in the campaign, from 1.

    >>> week_label(date(2025, 12, 15), 0, "vi"), week_label(None, 0, "vi")
    ('tuần 51/2025 (15–21/12)', 'tuần 1')
    """
    word = {"vi": "tuần", "en": "week"}[lang]
    if first_monday is None:
        return f"{word} {week + 1}"
    return word + Week(first_monday).plus(week).label.removeprefix("tuần")


def lanes(report: PlanReport) -> list[Lane]:
    """
    Return the lanes of the board, by station and position; each need is filled by whoever is there in that role.

    Needs of one role at one station whose windows overlap are met by the same people, so they share their lanes.
    """
    needs: dict[tuple[str, str], list[NeedLine]] = defaultdict(list)
    tours: dict[tuple[str, str], list[TourLine]] = defaultdict(list)
    titles: dict[tuple[str, str], tuple[str, str]] = {}
    for need in report.needs:
        needs[need.station, need.skill].append(need)
        titles[need.station, need.skill] = need.station_name, need.skill_name
    for line in report.tours:
        key = str(line.tour.station), str(line.tour.skill)
        tours[key].append(line)
        titles.setdefault(key, (line.station_name, line.skill_name))
    order = sorted(titles, key=lambda key: (sort_key(titles[key][0]), key[0], sort_key(titles[key][1]), key[1]))
    return [lane for key in order for lane in _lanes_of(key[0], titles[key], needs[key], tours[key])]


def _lanes_of(station: str, title: tuple[str, str], needs: list[NeedLine], tours: list[TourLine]) -> Iterator[Lane]:
    rows = _packed(tours)
    short = _short_by_week(needs)
    wanted = {need.week for need in needs}
    depth = max((need.count for need in needs), default=0)
    rows += [[] for _ in range(depth - len(rows))]
    gaps: list[dict[int, Kind]] = [{} for _ in rows]
    for week in sorted(wanted):
        missing, critical = short.get(week, (0, 0))
        open_rows = [row for row, cells in enumerate(rows) if not any(c.start <= week < c.end for c in cells)]
        for rank, row in enumerate(open_rows):
            gaps[row][week] = "free" if rank >= missing else "short_critical" if rank < critical else "short"
    for position, (cells, gap) in enumerate(zip(rows, gaps, strict=True), start=1):
        yield Lane(station, *title, position, sorted([*cells, *_runs(gap)], key=lambda cell: cell.start))


def _packed(tours: list[TourLine]) -> list[list[Cell]]:
    """Return the tours in as few rows as they fit in, each row without overlap."""
    rows: list[list[Cell]] = []
    for line in sorted(tours, key=lambda line: (line.tour.start, name_key(line.staff_name), line.tour.key)):
        cell = Cell(line.tour.start, line.tour.weeks, "locked" if line.is_locked else "tour", line)
        row = next((row for row in rows if row[-1].end <= cell.start), None)
        if row is None:
            rows.append([cell])
        else:
            row.append(cell)
    return rows


def _short_by_week(needs: list[NeedLine]) -> dict[int, tuple[int, int]]:
    """Return week -> people missing, critical ones among them; the hungriest of overlapping needs counts."""
    short: dict[int, tuple[int, int]] = {}
    for need in needs:
        missing, critical = short.get(need.week, (0, 0))
        short[need.week] = (
            max(missing, need.count - need.served),
            max(critical, need.critical - need.served),
        )
    return short


def _runs(gap: dict[int, Kind]) -> list[Cell]:
    """Return the open weeks as cells, consecutive weeks of one kind joined."""
    runs: list[Cell] = []
    for week, kind in sorted(gap.items()):
        if runs and runs[-1].kind == kind and runs[-1].end == week:
            runs[-1] = Cell(runs[-1].start, runs[-1].weeks + 1, kind)
        else:
            runs.append(Cell(week, 1, kind))
    return runs
