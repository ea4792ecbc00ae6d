"""A campaign solved from its page: how, how far it is, what was found, and taking it as a draft."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.need.numbers import number
from tramyte.web import planning
from tramyte.web.actions import drafts, runs, solves
from tramyte.web.models import Draft, Run
from tramyte.web.roles import Permission
from tramyte.web.views import runs as work
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.scope import whole_of

LIMITS = (10, 30, 60, 120, 300, 600)  # seconds that can be chosen
MODES = (solves.FREE, solves.FEW)
OFTEN, LATER, LONG = 1, 5, 120  # seconds between two questions of the page: at first, and after so long
RUN = "viec"  # of a run, in an address


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def solve(request: HttpRequest, code: str) -> HttpResponse:
    """Show how a campaign can be solved, or how far it is; ask for it."""
    place = place_of(request, code)
    place.must(Permission.PLAN)
    typed = {"cach": request.POST.get("cach", ""), "giay": request.POST.get("giay", ""), "nguon": ""}
    if request.method == "POST":
        typed["nguon"] = request.POST.get("nguon", "")
        try:
            run = _ask(place, typed)
        except BadData as error:
            return _form(request, place, typed, list(error.findings), status=422)
        return redirect(place.address("xep", **{RUN: run.pk}))
    shown = _run(request, place)
    if shown is None:
        return _form(request, place, typed, [])
    told = progress(place, shown)
    if request.headers.get("HX-Request"):
        answer = render(request, "campaigns/solving.html", told)
        if shown.state in runs.OVER:
            answer.headers["HX-Refresh"] = "true"
        return answer
    return render(request, "campaigns/solve.html", place.context("xep", **told))


def _run(request: HttpRequest, place: Place) -> Run | None:
    """Return the solve to show: the one asked for, else one under way. raises: Http404, it is of another campaign."""
    asked = request.GET.get(RUN)
    if not asked:
        return solves.running(place.campaign)
    try:
        number = UUID(asked)
    except ValueError as error:
        raise Http404 from error
    found = work.found(request, number, "solve")
    if (found.province, found.given.get("campaign")) != (place.campaign.province, place.campaign.code):
        raise Http404
    return found


def _ask(place: Place, typed: dict[str, str]) -> Run:
    """Ask for a solve as the form says. raises: BadData, everything that stands against it at once."""
    draft, seconds = place.draft, typed["giay"] or str(solves.USUAL)
    fresh = None
    if draft is None or typed["nguon"] == "so":
        fresh, _ = planning.problem_of(place.campaign)
    mode = typed["cach"] if draft and typed["cach"] in MODES else usual(draft)
    return solves.ask(
        by=place.account, campaign=place.campaign, draft=draft, problem=fresh, mode=mode,
        seconds=whole_of(seconds) or 0, on=place.scope.on,
    )  # fmt: skip


def usual(draft: Draft | None) -> str:
    """Return how a draft is solved again unless somebody chooses: what was issued, or moved by hand, is kept."""
    return solves.FEW if draft is not None and (draft.amends_id or draft.revision) else solves.FREE


def _form(
    request: HttpRequest, place: Place, typed: dict[str, str], wrong: list[Finding], *, status: int = 200
) -> HttpResponse:
    """Show what can be chosen, and what stands against solving or is worth a look."""
    draft, lang = place.draft, place.scope.lang
    warnings: list[Finding] = []
    if draft is None and not wrong:
        wrong, warnings = _findings(place)
    chosen = typed["cach"] or usual(draft)
    context = place.context(
        "xep", limits=[(one, _length(one, lang), str(one) == (typed["giay"] or "60")) for one in LIMITS],
        modes=[(one, say(f"UI_sv_{one}", lang), one == chosen) for one in MODES], draft=draft, source=typed["nguon"],
        pins=len(draft.pins) if draft else 0, served=planning.served(place.campaign, on=place.scope.on),
        wrong=[told(one, place) for one in wrong], warnings=[told(one, place) for one in warnings],
        board=place.address("bang", ban=draft.number) if draft else "", last=_last(place),
    )  # fmt: skip
    return render(request, "campaigns/solve.html", context, status=status)


def _last(place: Place) -> str | None:
    """Return the address of the newest solve, where its plan waits to be looked at; None: nothing waits."""
    last = solves.last(place.campaign)
    waits = last is not None and last.state in ("done", "failed") and not Draft.objects.filter(run=last).exists()
    return place.address("xep", **{RUN: last.pk}) if last and waits else None


def _findings(place: Place) -> tuple[list[Finding], list[Finding]]:
    """Return what keeps the register from being planned, and what is worth a look; of the first every one at once."""
    try:
        return [], list(planning.problem_of(place.campaign)[1])
    except BadData as error:
        errors = [one for one in error.findings if one.severity == "error"]
        return errors, [one for one in error.findings if one.severity != "error"]


def told(finding: Finding, place: Place) -> dict[str, str]:
    """Return a finding in words, and where it can be mended: the person, the place, or a new workbook."""
    staff, facility = finding.fields.get("staff"), finding.fields.get("facility")
    if isinstance(staff, str) and staff:
        there = f"/nguoi/{quote(staff, safe='')}/"
    elif isinstance(facility, str) and facility:
        there = f"/co-so/{quote(facility, safe='')}/"
    else:
        there = "/nhap/" if finding.sheet else ""
    return {"words": finding.sentence(place.scope.lang), "address": f"{there}?pv={place.scope.pv}" if there else ""}


@dataclass(frozen=True)
class Figures:
    """What is known of a plan that is being looked for, or was found; None: not known yet."""

    unmet: int | None
    least: int | None
    critical: int | None
    total: int | None
    gap: str | None

    @classmethod
    def of(cls, found: dict[str, Any], lang: Lang) -> Figures:
        """Return the figures of the facts, or of the result, of a run."""
        gap = found.get("gap")
        return cls(
            found.get("unmet"), found.get("least_unmet"), found.get("critical"), found.get("total"),
            None if gap is None else number(max(0, ceil(round(10_000 * gap, 3))) / 100, lang),
        )  # fmt: skip


def progress(place: Place, run: Run) -> dict[str, Any]:
    """Return what the page tells of a solve: unmet weeks first, points second, the clock last."""
    lang, result = place.scope.lang, run.result or {}
    waits, limit = work.told(run), run.given.get("seconds")
    facts = run.facts if isinstance(run.facts, dict) else {}
    elapsed = min(run.done, limit) if limit else run.done
    took, taken = result.get("seconds"), Draft.objects.filter(run=run).first()
    parent = Draft.objects.filter(pk=run.given.get("draft")).first()
    return waits | {
        "again": LATER if elapsed > LONG else OFTEN, "figures": Figures.of(result or facts, lang),
        "elapsed": _clock(elapsed), "limit": limit and _clock(limit), "done": elapsed, "most": limit,
        "address": place.address("xep", **{RUN: run.pk}), "mode": say(f"UI_sv_{_mode(run)}", lang),
        "served": run.given.get("served") or 0, "pins": len(run.given.get("pins") or ()), "tries": run.tries,
        "taken": taken, "has_plan": "tours" in result,
        "board": place.address("bang", ban=taken.number) if taken else "",
        "clashes": _clashes(run, lang), "tours": len(result.get("tours", ())),
        "took": None if took is None else number(took, lang), "is_best": result.get("status") == "optimal",
        "parent": parent, "place": place, "people": _turned(parent, result) if parent and "tours" in result else None,
        "afresh": place.address("xep"), "take": place.address("xep/nhan", **{RUN: run.pk}),
    }  # fmt: skip


def _turned(parent: Draft, result: dict[str, Any]) -> int:
    """Return how many people go otherwise in what was found than in the draft that it came from."""
    old, new = ({tour.key for tour in planning.tours_of(rows)} for rows in (parent.tours, result["tours"]))
    return len({key[0] for key in old ^ new})


def _mode(run: Run) -> str:
    return str(run.given.get("mode")) if run.given.get("mode") in MODES else solves.FREE


def _clashes(run: Run, lang: Lang) -> dict[str, Any]:
    """Return which tours that must stand clash, under which rules, as few as there can be, and what to unlock."""
    found = (run.result or {}).get("clashes") or {}
    each = [(one[lang], [rule[lang] for rule in one["breaches"]]) for one in found.get("each", ())]
    return {"each": each, "mend": found.get(lang, "")}


def _clock(seconds: int) -> str:
    return f"{seconds // 60:02}:{seconds % 60:02}"


def _length(seconds: int, lang: Lang) -> str:
    code, count = ("UI_sv_minutes", seconds // 60) if seconds >= 60 else ("UI_sv_seconds", seconds)
    return say(code, lang, count=count)


@require_POST
@login_required
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Take the plan that a solve has found: a new draft beside the old one."""
    place = place_of(request, code)
    place.must(Permission.PLAN)
    run = _run(request, place)
    if run is None:
        raise Http404
    try:
        draft = drafts.take(by=place.account, run=run)
    except (AlreadyIssued, BadData, Infeasible):
        messages.error(request, Finding("E753").sentence(place.scope.lang))
        return redirect(place.address("xep", **{RUN: run.pk}))
    messages.success(request, say("UI_sv_taken", place.scope.lang, number=draft.number))
    if draft.parent is not None:
        return redirect(place.address("so-sanh", ban=draft.number, voi=draft.parent.number))
    return redirect(place.address("bang", ban=draft.number))
