"""Cells of the board: all positions in a list, why one is empty, who could come, what would fill it at which price."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import BadData
from tramyte.domain.explanation import Relaxation
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.domain.plan import NeedLine, Tour
from tramyte.exchange.board import name_key
from tramyte.rotation.ledger import Ledger
from tramyte.rotation.options import Option, options
from tramyte.rotation.relax import Effort, relaxations
from tramyte.rotation.situation import REASONS, Situation
from tramyte.web.actions import drafts
from tramyte.web.planning import Sheet, key_of, problem_under
from tramyte.web.roles import Permission
from tramyte.web.views.board import Desk
from tramyte.web.views.board_edits import LIVE
from tramyte.web.views.board_rows import weeks_no
from tramyte.web.views.board_tour import is_broken
from tramyte.web.views.board_words import agreeing, change_words, move_words, signed, station_name, stay_words
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.lists import Column, Filter, listing, sum_of

EFFORT: Final = Effort(people=10, solves=4, work=50)  # so that what would fill a cell is there in a second
WAYS, ELIGIBLE = 4, 5  # shown at most
KEPT = 64  # answers kept in memory: the same draft asked about the same cell has the same answer


@dataclass(frozen=True)
class Gap:
    """One week of a position in which somebody is missing, or of one that is filled."""

    station: str
    skill: str
    week: int
    lines: tuple[NeedLine, ...]

    @property
    def missing(self) -> int:
        """People missing; of needs that overlap, of the hungriest."""
        return max(0, *(one.count - one.served for one in self.lines))

    @property
    def need(self) -> int:
        """Index of the need that misses most."""
        return max(self.lines, key=lambda one: one.count - one.served).need


@require_safe
@login_required
def positions(request: HttpRequest, code: str) -> HttpResponse:
    """List the positions of a draft: person-weeks asked for, served, missing; the figures of the board count here."""
    place = place_of(request, code)
    if place.draft is None:
        raise Http404
    desk, lang = Desk(place, request.GET), place.scope.lang
    rows: defaultdict[tuple[str, int], list[NeedLine]] = defaultdict(list)
    for line in place.report.needs:
        rows[line.station, line.need].append(line)

    def link(row: dict[str, Any]) -> str | None:
        if not row["missing"] or not place.sees_all:
            return None
        return desk.plain(f"vi-tri/{row['code']}/{row['skill']}/{row['first']}")

    columns = [
        Column("tram", "UI_bd_station", "station"),
        Column("vi-tri", "UI_bd_position", "position"),
        Column("tuan", "UI_bd_in_weeks", "weeks"),
        Column("can", "UI_bd_wanted", "wanted", "number", total=sum_of("wanted")),
        Column("co", "UI_bd_served", "served", "number", total=sum_of("served")),
        Column("trong", "UI_bd_missing", "missing", "number", total=sum_of("missing"), link=link),
        Column("thiet-yeu", "UI_bd_critical", "critical", "number", total=sum_of("critical")),
    ]
    only = Filter(
        "chi", "UI_bd_only", lambda found, _: [row for row in found if row["missing"]],
        choices=[("trong", say("UI_bd_only_open", lang))],
    )  # fmt: skip
    return listing(
        request, place.scope, "vi-tri", "UI_bd_positions", columns, [_position(place, own) for own in rows.values()],
        order="-trong,tram", filters=[only], keep=["ban"], template="board/positions.html",
        context=place.context("bang", back=desk.plain("bang")),
    )  # fmt: skip


def _position(place: Place, own: list[NeedLine]) -> dict[str, Any]:
    first, missing = own[0], [max(0, one.count - one.served) for one in own]
    empty = [one.week for one, count in zip(own, missing, strict=True) if count]
    return {
        "station": first.station_name, "position": first.skill_name, "code": first.station, "skill": first.skill,
        "weeks": weeks_no(place.report, own[0].week, own[-1].week + 1), "wanted": sum(one.count for one in own),
        "served": sum(one.count for one in own) - sum(missing), "missing": sum(missing),
        "critical": sum(max(0, one.critical - one.served) for one in own), "first": empty[0] + 1 if empty else None,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cell(request: HttpRequest, code: str, station: str, skill: str, week: int) -> HttpResponse:
    """Show why a cell is empty and who could come; `cach=1` shows what would fill it, and a form tries one way."""
    place = place_of(request, code)
    place.must(Permission.SEE_PEOPLE)
    if place.draft is None:
        raise Http404
    gap = _gap(place, station, skill, week - 1)
    if request.method == "POST":
        place.must(Permission.PLAN)
        return _try(request, place, gap)
    desk = Desk(place, request.GET)
    wants_ways, is_part = request.GET.get("cach") == "1", bool(request.headers.get(LIVE))
    context = _head(place, gap) | {
        "desk": desk, "back": desk.address(), "edit": desk.address("bang/sua"), "is_mine": desk.is_mine,
        "draft": place.draft, "here": desk.address(f"vi-tri/{station}/{skill}/{week}"), "wants_ways": wants_ways,
    }  # fmt: skip
    if wants_ways:
        context |= _ways(place, gap)
    if wants_ways and request.headers.get("HX-Request"):
        return render(request, "board/ways.html", place.context("bang", **context))
    context |= _candidates(place, gap)
    return render(request, "board/cell_part.html" if is_part else "board/cell.html", place.context("bang", **context))


def _gap(place: Place, station: str, skill: str, week: int) -> Gap:
    """Return the cell of an address. raises: Http404, nobody is needed there and then."""
    lines = tuple(one for one in place.report.needs if (one.station, one.skill, one.week) == (station, skill, week))
    if not lines:
        raise Http404
    return Gap(station, skill, week, lines)


def _head(place: Place, gap: Gap) -> dict[str, Any]:
    first = gap.lines[0]
    return {
        "gap": gap, "station": first.station_name, "position": first.skill_name, "missing": gap.missing,
        "week": weeks_no(place.report, gap.week, gap.week + 1), "monday": place.sheet.problem.day(gap.week),
    }  # fmt: skip


def _candidates(place: Place, gap: Gap) -> dict[str, Any]:
    """Return everybody of the cadre, each once under the first rule that stops them, and who could come at once."""
    problem, sheet, lang = place.sheet.problem, place.sheet, place.scope.lang
    situation = Situation(problem, sheet.tours)
    cadre = problem.skill_by_id[gap.skill].cadre
    there = {
        str(one.staff)
        for one in sheet.tours
        if (str(one.station), str(one.skill)) == (gap.station, gap.skill) and one.start <= gap.week < one.end
    }
    names: defaultdict[str, list[str]] = defaultdict(list)
    for person in problem.staff:
        if problem.skill_by_id[person.primary].cadre == cadre:
            reason = situation.reason(person, gap.station, gap.skill, gap.week)
            names["THERE" if str(person.id) in there else reason].append(person.name or str(person.id))
    able = _able(place, gap)
    order = [code for code in (*REASONS, "THERE") if names[code]]
    order.sort(key=lambda code: -len(names[code]))
    return {
        "reasons": [
            (say("UI_bd_there" if code == "THERE" else f"X_REASON_{code}", lang), sorted(names[code], key=name_key))
            for code in order
        ],
        "everybody": sum(map(len, names.values())), "able": able[:ELIGIBLE], "able_count": len(able),
    }  # fmt: skip


def _able(place: Place, gap: Gap) -> list[dict[str, Any]]:
    """Return who could come with every rule kept: as they are, or in place of another tour of theirs."""
    if gap.missing == 0:
        return []
    sheet = place.sheet
    found: dict[str, Option] = {}
    for one in options(Ledger(sheet.problem, sheet.tours), station=gap.station, skill=gap.skill, week=gap.week):
        if not one.changes:
            found.setdefault(str(one.tour.staff), one)
    return [
        {
            **stay_words(sheet, one.tour, place.scope.lang), "tour": one.tour, "price": signed(one.price),
            "unit": sheet.problem.unit_of(one.tour).name, "first": one.tour.start + 1,
            "thay": ",".join(key_of(other) for other in one.dropped),
            "dropped": [stay_words(sheet, other, place.scope.lang) for other in one.dropped],
        }
        for one in found.values()
    ]  # fmt: skip


def _ways(place: Place, gap: Gap) -> dict[str, Any]:
    """Return what would fill a cell, each with its price, who else moves and who must agree."""
    sheet, lang = place.sheet, place.scope.lang
    try:
        found = _relaxed(sheet, gap)
    except BadData as error:
        return {"ways": [], "unpriced": [one.sentence(lang) for one in error.findings]}
    return {
        "ways": [
            {
                "number": number, "price": signed(one.own_price), "is_planners": one.is_planners,
                "allowed": [change_words(sheet, change, lang) for change in one.changes],
                "moves": [move_words(sheet, move, lang) for move in one.moves], "agree": agreeing(sheet, one),
                "opened": sum(row.count for row in one.opened), "closed": sum(row.count for row in one.closed),
            }
            for number, one in enumerate(found, start=1)
        ]
    }  # fmt: skip


def _relaxed(sheet: Sheet, gap: Gap) -> tuple[Relaxation, ...]:
    """Return what would fill a cell, the cheapest first. raises: BadData, the draft breaks a rule, or it has groups."""
    if gap.missing == 0:
        return ()
    if is_broken(sheet):
        raise BadData([Finding("E746")])
    return _found(sheet.draft.frozen_id, sheet.tours, gap.station, gap.need, gap.week)


@lru_cache(maxsize=KEPT)
def _found(sha256: str, tours: tuple[Tour, ...], station: str, need: int, week: int) -> tuple[Relaxation, ...]:
    """Return the same of a problem under its hash; looked for once, so that what is tried is what was shown."""
    return relaxations(problem_under(sha256), tours, station=station, need=need, week=week, most=WAYS, effort=EFFORT)


def _try(request: HttpRequest, place: Place, gap: Gap) -> HttpResponse:
    """Make a trial draft of one way to fill a cell, and go to it. raises: BadData, there is no such way."""
    found = _relaxed(place.sheet, gap)
    text = request.POST.get("cach", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000") else 0
    if not 1 <= number <= len(found):
        raise BadData([Finding("E740", "", "", {"read": text or "—"})])
    one, sheet, lang = found[number - 1], place.sheet, place.scope.lang
    where = f"{station_name(sheet.problem, gap.station)}, {weeks_no(place.report, gap.week, gap.week + 1)}"
    draft = drafts.make(
        by=place.account, campaign=place.campaign, problem=sheet.problem, tours=one.tours, origin="trial",
        parent=sheet.draft, name=say("UI_bd_trial_name", lang, where=where),
        allowed=[change_words(sheet, change, lang) for change in one.changes],
    )  # fmt: skip
    return redirect(place.address("bang", ban=draft.number))
