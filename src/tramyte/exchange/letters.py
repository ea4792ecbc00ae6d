"""The papers around a decision: letters, submission, lists, comparison, certificate; Word and PDF print the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from string import Template
from typing import Any

import yaml

from tramyte.domain.decision import Decision
from tramyte.domain.names import sort_key
from tramyte.domain.plan import PlanReport, TourLine
from tramyte.exchange import paper
from tramyte.exchange.board import name_key
from tramyte.exchange.decision import filled, skeleton, typeset
from tramyte.norms.days import working_days

WORD, LAYOUT = "letter.docx", "letter.typ"
Rows = list[list[str]]


@cache
def wording() -> Mapping[str, Any]:
    """Return the words of papers/letters.yaml."""
    words: Mapping[str, Any] = yaml.safe_load(skeleton("letters.yaml").decode())
    return words


def kinds() -> tuple[str, ...]:
    """Return the kinds of paper that stand around a decision."""
    return tuple(wording()["kinds"])


@dataclass(frozen=True)
class Facts:
    """
    What a paper says besides its decision.

    words : name -> text, for the $names of letters.yaml
    lines : the tours that it lists; rows: its rows, where they are no tours
    is_synthetic : whether the people are made up, which every page says
    """

    words: Mapping[str, str]
    lines: tuple[TourLine, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    is_synthetic: bool = False


def content(kind: str, decision: Decision, *, facts: Facts) -> dict[str, Any]:
    """
    Return every word of a paper, as text, lists and flags only.

    decision : whose office writes, and which the paper is about
    """
    every, words = wording(), wording()["kinds"][kind]
    of_decision = paper.wording()
    phase = "asks" if decision.is_draft else "tells"
    fields = _fields(decision, facts)

    def fill(text: str) -> str:
        return Template(text).substitute(fields)

    def lines(name: str) -> list[str]:
        return [fill(line) for line in words[name][phase]]

    year = str((decision.signed_on or decision.on).year)
    symbol, place = fill(words["symbol"]), paper.plain(decision.place)
    columns = words.get("table", ())
    is_draft = decision.is_draft and kind != "certificate"
    marks = [of_decision["mark"]] if is_draft else []
    marks += [of_decision["synthetic"]] if facts.is_synthetic else []
    return {
        "is_draft": is_draft,
        "mark": " · ".join(marks),
        "nation": of_decision["nation"],
        "motto": of_decision["motto"],
        "superior": paper.in_head(fill(words.get("superior", "$above"))),
        "agency": paper.in_head(fill(words.get("agency", "$head"))),
        "number": Template(every["no_number"]).substitute(symbol=symbol),
        "place_date": Template(every["no_place_date"]).substitute(place=place, year=year),
        "about": fill(words["about"][phase]) if "about" in words else "",
        "title": words.get("title", ""),
        "subject": fill(words.get("subject", "")),
        "to": fill(words.get("to", "")),
        "paragraphs": lines("paragraphs"),
        "columns": [every["columns"][name] for name in columns],
        "rows": [list(row) for row in facts.rows] or _rows(columns, facts.lines if "first" in columns else ()),
        "closing": lines("closing"),
        "recipients_title": of_decision["recipients_title"] if words["recipients"] else "",
        "recipients": [fill(line) for line in [*words["recipients"], every["kept"]]] if words["recipients"] else [],
        "signature": words.get("signature") or paper.signature(decision),
        "signer": "" if "signature" in words else paper.plain(decision.signer or ""),
    }


def _fields(decision: Decision, facts: Facts) -> dict[str, str]:
    """Return the values of every $name; one that a paper does not say is a dash."""
    lines = facts.lines
    firsts = [line.start_date for line in lines if line.start_date]
    lasts = [line.end_date for line in lines if line.end_date]
    told = {
        "above": paper.plain(decision.superior),
        "head": paper.plain(decision.agency),
        "agency": _in_text(paper.plain(decision.agency)),
        "office": paper.plain(decision.symbol).rpartition("-")[2],
        "doing": paper.wording()["kinds"][decision.kind]["doing"],
        "decision": named(decision),
        "people": str(len({line.tour.key[0] for line in lines})),
        "tours": str(len(lines)),
        "stations": str(len({line.tour.key[1] for line in lines})),
        "units": str(len({line.unit for line in lines})),
        "first": paper.long_date(min(firsts)) if firsts else paper.BLANK_DATE,
        "last": paper.long_date(max(lasts)) if lasts else paper.BLANK_DATE,
        **{name: paper.plain(text) for name, text in facts.words.items()},
    }
    return defaultdict(lambda: wording()["none"], told)


def _in_text(agency: str) -> str:
    """Return the name of an office as sentences write it, where it stands in capitals above."""
    found: Mapping[str, str] = wording()["in_text"]
    return next((agency.replace(capitals, words, 1) for capitals, words in found.items() if capitals in agency), agency)


def named(decision: Decision) -> str:
    """Return how papers name a decision; one without a number is a draft."""
    if decision.number is None or decision.signed_on is None:
        return "dự thảo Quyết định"
    return f"Quyết định số {paper.padded(decision.number)}/{decision.symbol} ngày {paper.long_date(decision.signed_on)}"


def _rows(columns: Sequence[str], lines: Iterable[TourLine]) -> Rows:
    """Return the rows of a list of people, by given name."""
    makers: Mapping[str, Callable[[TourLine], str]] = {
        "name": lambda line: line.staff_name,
        "title": lambda line: line.skill_name,
        "unit": lambda line: line.unit_name,
        "station": lambda line: line.station_name,
        "first": lambda line: _day(line.start_date),
        "last": lambda line: _day(line.end_date),
        "weeks": lambda line: str(line.tour.weeks),
    }
    ordered = sorted(lines, key=lambda line: (name_key(line.staff_name), line.tour.key))
    return [
        [str(number), *(paper.plain(makers[name](line)) for name in columns[1:])]
        for number, line in enumerate(ordered, start=1)
    ]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else paper.BLANK_DATE


def of_units(report: PlanReport) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a submission: each sending unit, its people, tours and weeks, and the total."""
    units: dict[str, list[TourLine]] = defaultdict(list)
    for line in report.tours:
        units[line.unit].append(line)
    ordered = sorted(units.values(), key=lambda lines: (sort_key(lines[0].unit_name), lines[0].unit))
    rows = [
        (str(number), paper.plain(lines[0].unit_name), *_sums(lines)) for number, lines in enumerate(ordered, start=1)
    ]
    return (*rows, ("", "Tổng số", *_sums(report.tours)))


def _sums(lines: Sequence[TourLine]) -> tuple[str, str, str]:
    people = {line.tour.key[0] for line in lines}
    return str(len(people)), str(len(lines)), str(sum(line.tour.weeks for line in lines))


def compared(before: PlanReport, after: PlanReport, *, on: date) -> tuple[tuple[str, ...], ...]:
    """
    Return the rows of a comparison: each person who goes otherwise than before, and the days of notice.

    on : the day from which notice counts
    """
    words, old, new = wording(), _by_person(before), _by_person(after)
    names = {line.tour.key[0]: line.staff_name for report in (before, after) for line in report.tours}
    rows: list[tuple[str, ...]] = []
    for code in sorted(names, key=lambda code: (name_key(names[code]), code)):
        was, will = old.get(code, []), new.get(code, [])
        if [line.tour.key for line in was] == [line.tour.key for line in will]:
            continue
        starts = min((line.start_date for line in (will or was) if line.start_date), default=None)
        rows.append((
            str(len(rows) + 1), paper.plain(names[code]), _stays(was), _stays(will),
            words["changes"][_kind_of_change(was, will)], _day(starts), str((starts - on).days) if starts else "—",
        ))  # fmt: skip
    return tuple(rows)


def _by_person(report: PlanReport) -> dict[str, list[TourLine]]:
    found: dict[str, list[TourLine]] = defaultdict(list)
    for line in sorted(report.tours, key=lambda line: line.tour.key):
        found[line.tour.key[0]].append(line)
    return found


def _kind_of_change(was: Sequence[TourLine], will: Sequence[TourLine]) -> str:
    if not was or not will:
        return "gone" if was else "new"
    return "retimed" if {line.tour.key[1:3] for line in was} == {line.tour.key[1:3] for line in will} else "moved"


def _stays(lines: Sequence[TourLine]) -> str:
    told = [f"{paper.plain(line.station_name)}, {_day(line.start_date)}–{_day(line.end_date)}" for line in lines]
    return "; ".join(told) or str(wording()["none"])


def served(start: date, end: date) -> str:
    """Return the working days of [start, end), as a certificate counts them."""
    return str(working_days(start, end))


def first_day(start: date) -> str:
    """Return the first day of [start, end) as papers write it."""
    return paper.long_date(start)


def last_day(end: date) -> str:
    """Return the last day of [start, end) as papers write it."""
    return paper.long_date(end - timedelta(days=1))


def docx(kind: str, decision: Decision, *, facts: Facts, template: bytes | None = None) -> bytes:
    """
    Return a paper as .docx; the same input makes the same bytes.

    template : another Word file with the same names; filled in a sandbox, since it may come from anywhere
    raises   : BadData, a template that cannot be filled
    """
    return filled(content(kind, decision, facts=facts), template or skeleton(WORD))


def pdf(kind: str, decision: Decision, *, facts: Facts) -> bytes:
    """Return a paper as PDF/A-2a; the same input makes the same bytes. raises: BadData, a letter the font lacks."""
    return typeset(content(kind, decision, facts=facts), LAYOUT, on=decision.on)
