"""The plan as a workbook: what an office reads, prints, filters and hands to the sending units."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from tramyte.domain.messages import Lang, say
from tramyte.domain.names import sort_key
from tramyte.domain.plan import NeedLine, PlanReport, TourLine, Unmet
from tramyte.exchange.board import lanes, name_key, short_names, week_label
from tramyte.exchange.grid import A3, FIRST, HEAD, LONGEST, MARK, TOTAL, Book, Column

REASONS = ("R2", "R5", "R6", "R4", "R3", "R1", "R7", "R8", "R9", "COST")  # the order in which they are counted
PLAIN = {"X_SUM_SEED": "plain", "X_SUM_SECONDS": "tenth"}  # figures that are not counts
BOARD_COLUMNS = 2  # station and position stand left of the weeks
IN_ONE_ROW = {  # parts told by one row each
    "disruption": "X_DISRUPTION_ROW",
    "preference": "X_PREFERENCE_ROW",
    "handover": "X_HANDOVER_ROW",
}
CHECK = 6  # the column where the check of the points begins, one empty column after the rows

ABBREVIATIONS = (  # as offices write them; the longer words first
    ("Trung tâm Kiểm soát bệnh tật", "CDC"),
    ("Phòng khám đa khoa khu vực", "PKĐKKV"),
    ("Bệnh viện Đa khoa", "BVĐK"),
    ("Trung tâm Y tế", "TTYT"),
    ("Bệnh viện", "BV"),
    ("Trạm Y tế", "TYT"),
)


def write(report: PlanReport, *, lang: Lang = "vi") -> bytes:
    """
    Return the plan as an .xlsx file; the same report makes the same bytes.

    Sheets: summary, station × week board, unmet needs with counted reasons, load by person, points by rule with the
    rows behind each, breaches, then one sheet per sending unit. Figures are numbers and days, never formulas.
    """
    book = Book(
        source=_source(report, lang),
        mark=say("X_SYNTHETIC", lang) if report.synthetic else "",
        footer=report.name,
    )
    _summary(book, report, lang)
    _board(book, report, lang)
    _unmet(book, report, lang)
    _loads(book, report, lang)
    _costs(book, report, lang)
    _breaches(book, report, lang)
    _units(book, report, lang)
    return book.close()


def _source(report: PlanReport, lang: Lang) -> str:
    as_of = f"{report.as_of:%d/%m/%Y}" if report.as_of else "—"
    return say("X_SOURCE", lang, as_of=as_of, source=report.source or "—", travel=report.travel_in(lang) or "—")


def number(value: int, lang: Lang) -> str:
    """
    Return a whole number as people write it.

    >>> number(-12345, "vi"), number(-12345, "en")
    ('-12.345', '-12,345')
    """
    return f"{value:,}".replace(",", {"vi": ".", "en": ","}[lang])


def gap_words(report: PlanReport, lang: Lang) -> str:
    """Return how far the plan can be from the best one, in a sentence; rounded up, so that it stays true."""
    plan = report.plan
    if plan.status == "infeasible":
        return say("X_GAP_NONE", lang)
    if plan.gap <= 0:
        return say("X_GAP_ZERO", lang)
    percent = f"{math.ceil(plan.gap * 1000 - 1e-9) / 10:.1f}"
    return say("X_GAP", lang, percent=percent.replace(".", {"vi": ",", "en": "."}[lang]))


def _parts(report: PlanReport) -> dict[str, int]:
    """Return part -> points of the objective, under the names of the plan file."""
    return report.plan.objective.parts()


def _summary(book: Book, report: PlanReport, lang: Lang) -> None:
    sheet = book.sheet(say("X_SHEET_SUMMARY", lang), say("X_SUMMARY_TITLE", lang, name=report.name))
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, 90)
    row = MARK + 2
    for code, value, words in _facts(report, lang):
        book.put(sheet, row, 0, value=say(code, lang), kind="strong")
        if value is not None:
            book.put(sheet, row, 1, value=value, kind=PLAIN.get(code, "int"))
        book.put(sheet, row, 2, value=words, kind="wrap")
        row += 1
    row += 1
    for at, code in enumerate(("X_COL_RULE", "X_COL_POINTS", "X_COL_MEANING")):
        sheet.write_string(row, at, say(code, lang), book.style("head"))
    for row, (part, points) in enumerate(_parts(report).items(), start=row + 1):  # noqa: B020  goes on below
        book.put(sheet, row, 0, value=say(f"X_RULE_{part}", lang), kind="strong")
        book.put(sheet, row, 1, value=points, kind="int")
        book.put(sheet, row, 2, value=say(f"X_MEANING_{part}", lang), kind="wrap")
    sheet.write_string(row + 1, 0, say("X_TOTAL", lang), book.style("total"))
    sheet.write_number(row + 1, 1, report.plan.objective.total, book.style("total"))
    sheet.write_string(row + 1, 2, say("X_POINTS_NOT_MONEY", lang), book.style("wrap"))


def _facts(report: PlanReport, lang: Lang) -> list[tuple[str, int | float | None, str]]:
    """Return the lines of the summary: label, figure, words. What stays unmet comes first."""
    plan = report.plan
    critical = sum(row.critical for row in plan.unmet)
    missing = sum(row.count for row in plan.unmet)
    wanted = sum(need.count for need in report.needs)
    first = week_label(report.first_monday, 0, lang)
    last = week_label(report.first_monday, report.weeks - 1, lang)
    people = len({str(line.tour.staff) for line in report.tours})
    stations = len({str(line.tour.station) for line in report.tours})
    return [
        ("X_SUM_CRITICAL", critical, say("X_SUM_CRITICAL_WORDS", lang)),
        ("X_SUM_NORMAL", missing - critical, say("X_SUM_NORMAL_WORDS", lang)),
        ("X_SUM_WANTED", wanted, say("X_SUM_WANTED_WORDS", lang, served=number(wanted - missing, lang))),
        ("X_SUM_BREACHES", len(report.breaches), say("X_SUM_BREACHES_WORDS", lang)),
        ("X_SUM_WEEKS", report.weeks, say("X_SUM_WEEKS_WORDS", lang, first=first, last=last)),
        ("X_SUM_PEOPLE", people, say("X_SUM_PEOPLE_WORDS", lang, tours=len(report.tours), stations=stations)),
        ("X_SUM_STATUS", None, say(f"X_STATUS_{plan.status}", lang)),
        ("X_SUM_POINTS", plan.objective.total, gap_words(report, lang)),
        ("X_SUM_BOUND", plan.bound, say("X_BOUND", lang, bound=number(plan.bound, lang))),
        ("X_SUM_TRAVEL", None, report.travel_in(lang) or "—"),
        ("X_SUM_SEED", plan.seed, say("X_SUM_SEED_WORDS", lang)),
        ("X_SUM_SECONDS", round(plan.seconds, 1), ""),
    ]


def _board(book: Book, report: PlanReport, lang: Lang) -> None:
    sheet = book.sheet(say("X_SHEET_BOARD", lang), say("X_BOARD_TITLE", lang, name=report.name), paper=A3)
    sheet.write_string(TOTAL, 0, say("X_BOARD_LEGEND", lang), book.style("source"))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 24)
    sheet.set_column(BOARD_COLUMNS, BOARD_COLUMNS + report.weeks - 1, 16)
    for at, code in enumerate(("X_COL_STATION", "X_COL_POSITION")):
        sheet.write_string(HEAD, at, say(code, lang), book.style("head"))
        sheet.write_string(FIRST, at, say("X_COL_MONDAY", lang) if at else "", book.style("head"))
    for week in range(report.weeks):
        label = week_label(report.first_monday, week, lang)
        sheet.write_string(HEAD, BOARD_COLUMNS + week, label.split(" (")[0], book.style("head"))
        monday = report.first_monday and report.first_monday.fromordinal(report.first_monday.toordinal() + 7 * week)
        book.put(sheet, FIRST, BOARD_COLUMNS + week, value=monday, kind="date_head")
    names = short_names((str(line.tour.staff), line.staff_name) for line in report.tours)
    row = FIRST
    for row, lane in enumerate(lanes(report), start=FIRST + 1):
        sheet.write_string(row, 0, lane.station_name, book.style("strong"))
        sheet.write_string(row, 1, f"{lane.skill_name} {lane.position}", book.style("text"))
        for cell in lane.cells:
            name = names[str(cell.tour.tour.staff)] if cell.tour else None
            text = _cell_text(cell.kind, cell.weeks, name, lang)
            _span(sheet, row, BOARD_COLUMNS + cell.start, cell.weeks, text, book.style(cell.kind))
    sheet.autofilter(FIRST, 0, max(row, FIRST + 1), BOARD_COLUMNS - 1)
    sheet.freeze_panes(FIRST + 1, BOARD_COLUMNS)
    sheet.repeat_rows(HEAD, FIRST)
    sheet.repeat_columns(0, BOARD_COLUMNS - 1)


def _cell_text(kind: str, weeks: int, name: str | None, lang: Lang) -> str:
    """Return what a cell of the board says: a mark or a word beside the colour, never the colour alone."""
    if name is not None:
        return f"# {name}" if kind == "locked" else name
    return "" if kind == "free" else say(f"X_CELL_{kind}", lang, weeks=weeks)


def _span(sheet: Any, row: int, column: int, weeks: int, text: str, style: Any) -> None:
    if weeks == 1 or not text:
        for at in range(column, column + weeks):
            sheet.write(row, at, text, style)
    else:
        sheet.merge_range(row, column, row, column + weeks - 1, text, style)


def _unmet(book: Book, report: PlanReport, lang: Lang) -> None:
    rows = _in_order(report)
    codes = [code for code in REASONS if any(row.reasons.get(code) for row, _ in rows)]
    codes += sorted({code for row, _ in rows for code in row.reasons} - set(REASONS))
    known = {code: say(f"X_REASON_{code}", lang) if code in REASONS else code for code in codes}
    columns = [
        Column(say("X_COL_STATION", lang), 28), Column(say("X_COL_POSITION", lang), 22),
        Column(say("X_COL_STRETCH", lang), 36), Column(say("X_COL_WEEK", lang), 24),
        Column(say("X_COL_MISSING", lang), 8, "int"), Column(say("X_COL_CRITICAL", lang), 10, "int"),
        Column(say("X_COL_CADRE", lang), 12, "int"), *(Column(known[code], 13, "int") for code in codes),
        Column(say("X_COL_WHY", lang), 60, "wrap"),
    ]  # fmt: skip
    stretch = _stretches(report, [row for row, _ in rows], lang)
    table: list[tuple[Any, ...]] = [
        (
            need.station_name, need.skill_name, stretch[index], week_label(report.first_monday, row.week, lang),
            row.count, row.critical, sum(row.reasons.values()), *(row.reasons.get(code, 0) for code in codes),
            "; ".join(f"{row.reasons[code]} {known[code]}" for code in codes if row.reasons.get(code)),
        )
        for index, (row, need) in enumerate(rows)
    ]  # fmt: skip
    sheet = book.sheet(say("X_SHEET_UNMET", lang), say("X_UNMET_TITLE", lang), paper=A3)
    totals = {0: say("X_TOTAL", lang), 4: sum(row[4] for row in table), 5: sum(row[5] for row in table)}
    book.table(sheet, columns, rows=table, totals=totals, frozen=2, empty=say("X_UNMET_NONE", lang))


def _in_order(report: PlanReport) -> list[tuple[Unmet, NeedLine]]:
    """Return the unmet needs with their lines: by station, position, need, week."""
    lines = {(need.station, need.skill, need.need, need.week): need for need in report.needs}
    rows = [(row, lines[str(row.station), str(row.skill), row.need, row.week]) for row in report.plan.unmet]
    return sorted(
        rows, key=lambda pair: (sort_key(pair[1].station_name), sort_key(pair[1].skill_name), *_need_key(pair[0]))
    )


def _need_key(row: Unmet) -> tuple[str, str, int, int]:
    return str(row.station), str(row.skill), row.need, row.week


def _stretches(report: PlanReport, rows: Sequence[Unmet], lang: Lang) -> list[str]:
    """Return for each row the run of consecutive weeks of one need that it belongs to."""
    words: list[str] = []
    keyed = enumerate(rows)
    for _, group in groupby(keyed, key=lambda pair: (*_need_key(pair[1])[:3], pair[1].week - pair[0])):
        run = [row.week for _, row in group]
        first, last = (week_label(report.first_monday, week, lang).split(" (")[0] for week in (run[0], run[-1]))
        words += [say("X_STRETCH", lang, first=first, last=last, weeks=len(run)) if len(run) > 1 else first] * len(run)
    return words


def _loads(book: Book, report: PlanReport, lang: Lang) -> None:
    heads = (
        ("X_COL_NAME", 26), ("X_COL_CODE", 14), ("X_COL_UNIT", 34), ("X_COL_PRIOR", 11), ("X_COL_PLANNED", 11),
        ("X_COL_LOAD", 11), ("X_COL_TARGET", 11), ("X_COL_TOURS", 9), ("X_COL_POINTS", 11),
    )  # fmt: skip
    columns = [Column(say(code, lang), width, "int" if at > 2 else "text") for at, (code, width) in enumerate(heads)]
    people = sorted(report.loads, key=lambda load: (name_key(load.staff_name), load.staff))
    rows = [
        (
            load.staff_name, load.staff, load.unit_name, load.prior_weeks, load.weeks,
            load.prior_weeks + load.weeks, load.target, load.tours, load.cost,
        )
        for load in people
    ]  # fmt: skip
    totals: dict[int, int | str] = {at: sum(row[at] for row in rows) for at in (3, 4, 5, 7, 8)}  # type: ignore[misc]
    sheet = book.sheet(say("X_SHEET_LOADS", lang), say("X_LOADS_TITLE", lang))
    book.table(sheet, columns, rows=rows, totals={0: say("X_TOTAL", lang), **totals}, empty=say("X_LOADS_NONE", lang))


def _costs(book: Book, report: PlanReport, lang: Lang) -> None:
    heads = (("X_COL_RULE", 28), ("X_COL_WHOM", 30), ("X_COL_STATION", 28), ("X_COL_WEEK", 34), ("X_COL_POINTS", 11))
    columns = [Column(say(code, lang), width, "int" if at == 4 else "text") for at, (code, width) in enumerate(heads)]
    found = list(_cost_rows(report, lang))
    sums: dict[str, int] = defaultdict(int)
    for part, *_, points in found:
        sums[part] += points
    sheet = book.sheet(say("X_SHEET_COSTS", lang), say("X_COSTS_TITLE", lang))
    rows = [(say(f"X_RULE_{part}", lang), *rest) for part, *rest in found]
    totals: dict[int, int | str] = {0: say("X_TOTAL", lang), 4: sum(sums.values())}
    book.table(sheet, columns, rows=rows, totals=totals, empty=say("X_COSTS_NONE", lang))
    _check(book, sheet, sums, report=report, lang=lang)


def _check(book: Book, sheet: Any, sums: Mapping[str, int], *, report: PlanReport, lang: Lang) -> None:
    """Write, beside the rows, what the plan states by rule, what the rows add up to, and the difference."""
    heads = (("X_COL_RULE", 26), ("X_COL_STATED", 13), ("X_COL_ROWS", 13), ("X_COL_DIFFERENCE", 13))
    lines = [(say(f"X_RULE_{part}", lang), stated, sums.get(part, 0)) for part, stated in _parts(report).items()]
    lines.append((say("X_CHECK", lang), report.plan.objective.total, sum(sums.values())))
    for at, (code, width) in enumerate(heads, start=CHECK):
        sheet.set_column(at, at, width)
        sheet.write_string(HEAD, at, say(code, lang), book.style("head"))
    for row, (label, stated, counted) in enumerate(lines, start=FIRST):
        kind = "total" if row == FIRST + len(lines) - 1 else "int"
        for at, value in enumerate((label, stated, counted, stated - counted), start=CHECK):
            book.put(sheet, row, at, value=value, kind=kind)


def _cost_rows(report: PlanReport, lang: Lang) -> Iterable[tuple[str, str, str, str, int]]:
    """Yield every row that costs anything: rule, whom, station, weeks, points. They add up to the objective."""
    for need in report.needs:
        if need.cost:
            week = week_label(report.first_monday, need.week, lang)
            yield "shortage", need.skill_name, need.station_name, week, need.cost
    for load in report.loads:
        if load.cost:
            yield "fairness", load.staff_name, "—", "—", load.cost
    for part in ("travel", "start", "return"):
        for line in report.tours:
            if line.costs.get(part):
                yield part, line.staff_name, line.station_name, _tour_weeks(report, line, lang), line.costs[part]
    for part, code in IN_ONE_ROW.items():
        if points := _parts(report).get(part):
            yield part, say(code, lang), "—", "—", points


def _tour_weeks(report: PlanReport, line: TourLine, lang: Lang) -> str:
    if line.start_date is None or line.end_date is None:
        first, last = (week_label(None, week, lang) for week in (line.tour.start, line.tour.end - 1))
        return f"{first} – {last}"
    return f"{line.start_date:%d/%m/%Y} – {line.end_date:%d/%m/%Y}"


def _breaches(book: Book, report: PlanReport, lang: Lang) -> None:
    columns = [
        Column(say("X_COL_RULE", lang), 10), Column(say("X_COL_NAME", lang), 26), Column(say("X_COL_CODE", lang), 14),
        Column(say("X_COL_WEEK", lang), 26), Column(say("X_COL_WHAT", lang), 90, "wrap"),
    ]  # fmt: skip
    names = {load.staff: load.staff_name for load in report.loads}
    rows = [
        (
            breach.rule, names.get(breach.staff), breach.staff or None,
            None if breach.week is None else week_label(report.first_monday, breach.week, lang), breach.sentence(lang),
        )
        for breach in report.breaches
    ]  # fmt: skip
    sheet = book.sheet(say("X_SHEET_BREACHES", lang), say("X_BREACHES_TITLE", lang))
    book.table(sheet, columns, rows=rows, empty=say("X_BREACHES_NONE", lang))


def _units(book: Book, report: PlanReport, lang: Lang) -> None:
    heads = (
        ("X_COL_NAME", 26), ("X_COL_CODE", 14), ("X_COL_POSITION", 24), ("X_COL_TO", 32), ("X_COL_FROM_DAY", 13),
        ("X_COL_TO_DAY", 13), ("X_COL_WEEKS", 9), ("X_COL_MINUTES", 13), ("X_COL_PINNED", 10),
    )  # fmt: skip
    kinds: dict[int, Any] = {4: "date", 5: "date", 6: "int", 7: "int"}
    columns = [Column(say(code, lang), width, kinds.get(at, "text")) for at, (code, width) in enumerate(heads)]
    by_unit: dict[tuple[str, str], list[TourLine]] = defaultdict(list)
    for line in report.tours:
        by_unit[line.unit_name, line.unit].append(line)
    names = _sheet_names(name for name, _ in by_unit)
    for (unit_name, unit), lines in sorted(by_unit.items(), key=lambda item: (sort_key(item[0][0]), item[0][1])):
        lines.sort(key=lambda line: (name_key(line.staff_name), line.tour.key[0], line.tour.start))
        rows = [_unit_row(report, line, lang) for line in lines]
        people = len({line.tour.key[0] for line in lines})
        totals = {0: say("X_UNIT_TOTAL", lang, people=people, tours=len(lines)), 6: sum(row[6] for row in rows)}
        sheet = book.sheet(names[unit_name], say("X_UNIT_TITLE", lang, unit=unit_name, key=unit))
        book.table(sheet, columns, rows=rows, totals=totals)


def _sheet_names(unit_names: Iterable[str]) -> dict[str, str]:
    """Return name -> words for its tab: once one name is too long for Excel, all are abbreviated, to look alike."""
    names = {name: " ".join(unicodedata.normalize("NFC", name).split()) for name in unit_names}
    if all(len(name) <= LONGEST for name in names.values()):
        return names
    return {name: abbreviated(words) for name, words in names.items()}


def abbreviated(name: str) -> str:
    """
    Return the name of a facility as offices write it where there is little room.

    >>> abbreviated("Phòng khám đa khoa khu vực Phố Bảng")
    'PKĐKKV Phố Bảng'
    """
    for words, letters in ABBREVIATIONS:
        name = re.sub(rf"\b{words}\b", letters, name, flags=re.IGNORECASE)
    return name


def _unit_row(report: PlanReport, line: TourLine, lang: Lang) -> tuple[Any, ...]:
    first: object = line.start_date or week_label(report.first_monday, line.tour.start, lang)
    last: object = line.end_date or week_label(report.first_monday, line.tour.end - 1, lang)
    pinned = say("X_PINNED", lang) if line.is_locked else ""
    return (
        line.staff_name, line.tour.key[0], line.skill_name, line.station_name, first, last, line.tour.weeks,
        line.travel_minutes, pinned,
    )  # fmt: skip
