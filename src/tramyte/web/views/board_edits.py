"""Changes of the board by hand: each is one step, judged by the server, refused with its rule or told in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible, TramyteError
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Tour
from tramyte.web.actions import campaigns, drafts
from tramyte.web.models import Draft, Step
from tramyte.web.planning import Sheet, conduct_of, key_of, problem_of, tours_of
from tramyte.web.roles import Permission
from tramyte.web.views.board import Desk
from tramyte.web.views.board_moves import Asked, asked_of
from tramyte.web.views.board_rows import Block
from tramyte.web.views.board_words import rule_words, said, stay_words, step_words
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.scope import whole_of

LIVE = "X-Board"  # header of a request that the page itself sends: it wants the rows that changed, no whole page
TURNS: Final = {"hoan-lai": drafts.undo, "lam-lai": drafts.redo}
PINS: Final = {"ghim": True, "bo-ghim": False}
SENT = ("viec", "luot", "tram", "vi-tri", "tuan", "so-tuan", "nguoi", "thay", "cach", "ve")  # fields of a form


@require_POST
@login_required
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the draft on the board by one step, or say why not."""
    place = place_of(request, code)
    place.must(Permission.PLAN)
    if place.draft is None:
        if request.POST.get("viec") != "tay":
            raise Http404
        return _by_hand(place)
    typed = {name: request.POST.get(name, "").strip() for name in SENT}
    asked: Asked | None = None
    try:
        tour = _tour(place, typed, _seen(request))
        if typed["viec"] not in (*TURNS, *PINS):
            asked = asked_of(place.sheet, typed["viec"], typed, tour)
        step = _step(request, place, typed["viec"], tour, asked)
    except (Infeasible, BadData, AlreadyIssued) as error:
        return _refused(request, place, typed, asked, error)
    return _done(request, place, typed, step)


def _seen(request: HttpRequest) -> int:
    found = whole_of(request.POST.get("seen"))
    return -1 if found is None else found


def _tour(place: Place, typed: Mapping[str, str], seen: int) -> Tour | None:
    """
    Return the tour that a form is about; None: it is about none.

    raises : Stale, it went since the page was looked at; BadData, there never was one
    """
    if not typed["luot"]:
        return None
    found = place.sheet.tour(typed["luot"])
    if found is None:
        draft = place.sheet.draft
        raise drafts.Stale(draft, seen) if seen != draft.revision else BadData([Finding("E712", "", "", {"count": 1})])
    return found


def _step(request: HttpRequest, place: Place, what: str, tour: Tour | None, asked: Asked | None) -> Step:
    draft, seen, by = place.sheet.draft, _seen(request), place.account
    if what in TURNS:
        return TURNS[what](by=by, draft=draft, seen=seen)
    if what in PINS:
        if tour is None:
            raise BadData([Finding("E740", "", "", {"read": "—"})])
        return drafts.pin(by=by, draft=draft, seen=seen, tours=[tour], is_pinned=PINS[what])
    if asked is None:
        raise BadData([Finding("E740", "", "", {"read": what})])
    return drafts.change(
        by=by, draft=draft, seen=seen, removed=asked.removed, added=asked.added, words=asked.words,
        fields=asked.fields, reason=request.POST.get("ly-do", ""),
    )  # fmt: skip


def _done(request: HttpRequest, place: Place, typed: Mapping[str, str], step: Step) -> HttpResponse:
    """Answer with what changed: rows, totals and one sentence; without scripts, the page that the form came from."""
    fresh = replace(place, conduct=conduct_of(place.campaign), number=place.sheet.draft.number)
    desk, sheet = Desk(fresh, request.GET), fresh.sheet
    sentence = said(sheet, step, place.scope.lang)
    gone, come = tours_of(step.before["tours"]), tours_of(step.after["tours"])
    if not request.headers.get(LIVE):
        messages.success(request, sentence)
        tour = come[0] if come else sheet.tour(typed["luot"])
        return redirect(desk.plain(f"luot/{key_of(tour)}") if typed["ve"] == "luot" and tour else desk.address())
    touched = {str(one.station) for one in (*gone, *come, *_pinned(step))}
    rows = {block.key: block for block in desk.board.blocks(only=touched)}
    blocks = [rows.get(code) or Block(code, "", ()) for code in sorted(touched)]
    context = {**desk.context(blocks), "sentence": sentence, "key": key_of(come[0]) if come else typed["luot"]}
    return render(request, "board/answer.html", fresh.context("bang", **context))


def _pinned(step: Step) -> tuple[Tour, ...]:
    return (*tours_of(step.before["pins"]), *tours_of(step.after["pins"]))


def _refused(
    request: HttpRequest, place: Place, typed: Mapping[str, str], asked: Asked | None, error: TramyteError
) -> HttpResponse:
    """Say why nothing was changed: a rule, a reason that is missing, or what somebody else did in between."""
    desk = Desk(place, request.GET)
    context = {
        "rules": _rules(place, error), "is_soft": isinstance(error, drafts.Bent), "edit": desk.address("bang/sua"),
        "typed": [(name, value) for name, value in typed.items() if value], "back": desk.address(),
        "reason": request.POST.get("ly-do", ""), "seen": _seen(request), "what": None,
    }  # fmt: skip
    if asked is not None and asked.added:
        context["what"] = stay_words(place.sheet, asked.added[0], place.scope.lang)
    if isinstance(error, drafts.Stale):
        context |= _both(place, typed, error)
    name = "board/refused.html" if request.headers.get(LIVE) else "board/refused_page.html"
    return render(request, name, place.context("bang", **context), status=422)


def _rules(place: Place, error: TramyteError) -> list[str]:
    """Return what stands in the way, one sentence each."""
    lang = place.scope.lang
    if isinstance(error, Infeasible | drafts.Bent):
        return [rule_words(place.sheet, one, lang) for one in error.breaches]
    if isinstance(error, BadData):
        return [one.sentence(lang) for one in error.findings]
    return [Finding("E745", "", "", {"number": place.sheet.draft.number}).sentence(lang)]


def _both(place: Place, typed: Mapping[str, str], late: drafts.Stale) -> dict[str, Any]:
    """Return both versions: what others did since, the tour as it is now, and what was wanted."""
    now, lang = Sheet(late.draft), place.scope.lang
    staff = typed["nguoi"] or typed["luot"].rpartition("@")[0]
    own = [stay_words(now, tour, lang) for tour in now.tours if str(tour.staff) == staff]
    return {
        "late": [(one, step_words(now, one, lang)) for one in late.steps], "now": own,
        "seen": late.draft.revision, "is_there": not typed["luot"] or now.tour(typed["luot"]) is not None,
    }  # fmt: skip


def _by_hand(place: Place) -> HttpResponse:
    """Make a first draft in which only the tours stand that must."""
    problem, _ = problem_of(place.campaign)
    campaigns.opened(by=place.account, campaign=place.campaign)
    draft: Draft = drafts.make(
        by=place.account, campaign=place.campaign, problem=problem, tours=problem.locked_set, origin="hand"
    )
    return redirect(place.address("bang", ban=draft.number))
