"""One tour of a draft: what it is, how it may be changed without scripts, and why this person goes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tramyte.domain.messages import say
from tramyte.domain.names import sort_key
from tramyte.domain.plan import TourLine
from tramyte.rotation.check import check
from tramyte.web.planning import Sheet, key_of
from tramyte.web.views.board import Desk, everything_away
from tramyte.web.views.board_edits import LIVE
from tramyte.web.views.board_moves import lengths, others
from tramyte.web.views.board_rows import LOCKED, WORDS, marks_of, week_no, weeks_no
from tramyte.web.views.board_words import alternative_words
from tramyte.web.views.campaign import Place, place_of


@require_safe
@login_required
def tour(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show one tour of a draft; to the page of the board itself, its part alone."""
    place = place_of(request, code)
    if place.draft is None:
        raise Http404
    line = next((one for one in place.report.tours if key_of(one.tour) == key), None)
    if line is None:
        raise Http404
    desk = Desk(place, request.GET)
    mark = marks_of(place.sheet).of(line)
    context = {
        "stay": line, "key": key, "draft": place.draft, "is_mine": desk.is_mine, "edit": desk.address("bang/sua"),
        "back": desk.address(), "mark": say(WORDS[mark], place.scope.lang) if mark else "",
        "is_locked": mark == LOCKED, "is_pinned": line.tour.key in place.sheet.pins,
        "weeks": weeks_no(place.report, line.tour.start, line.tour.end),
        "reason": place.draft.reasons.get(key, ""), "nearby": desk.plain(),
    }  # fmt: skip
    if desk.is_mine:
        context["form"] = _choices(place, line)
    if place.sees_all:
        context |= _why(place, line)
    name = "board/tour_part.html" if request.headers.get(LIVE) else "board/tour.html"
    return render(request, name, place.context("bang", **context))


def _choices(place: Place, line: TourLine) -> dict[str, Any]:
    """Return what the form that moves a tour offers: stations, the person's roles, weeks and lengths."""
    problem, report = place.sheet.problem, place.report
    person = problem.person_by_id[str(line.tour.staff)]
    stations = [(str(one.id), one.name or str(one.id)) for one in problem.stations]
    roles = {*map(str, person.skills), str(line.tour.skill)}
    away = {week for span in everything_away(person, report.weeks) for week in range(*span)}
    lang = place.scope.lang
    return {
        "stations": sorted(stations, key=lambda row: sort_key(row[1])),
        "skills": [(one, problem.skill_by_id[one].name or one) for one in sorted(roles)],
        "starts": [
            (week + 1, week_no(report, week), problem.day(week), say("UI_bd_away", lang) if week in away else "")
            for week in range(report.weeks)
        ],
        "first": line.tour.start + 1, "lengths": sorted({*lengths(problem, str(person.id)), line.tour.weeks}),
    }  # fmt: skip


def _why(place: Place, line: TourLine) -> dict[str, Any]:
    """Return what else could be done about a tour, and how many others are stopped by which rule."""
    sheet, lang = place.sheet, place.scope.lang
    if is_broken(sheet):
        return {"broken": True}
    found = others(sheet, line.tour)
    ways = [
        {"number": number, "words": alternative_words(sheet, one, line.tour, lang), "is_person": one in found.person}
        for number, one in enumerate([*found.person, *found.others], start=1)
    ]
    return {
        "ways": ways, "stopped": [(say(f"X_REASON_{code}", lang), count) for code, count in found.reasons.items()],
    }  # fmt: skip


def is_broken(sheet: Sheet) -> bool:
    """Return whether a draft breaks a rule that must hold: then nothing can be priced beside it."""
    return bool(check(sheet.problem, sheet.tours))
