"""After an absence: which tours of an issued plan it breaks, what changes the fewest, and the draft that amends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible, NormMissing
from tramyte.domain.messages import say
from tramyte.domain.plan import Tour
from tramyte.domain.replan import Changes, TourChange
from tramyte.rotation import read as problem_files
from tramyte.rotation.changes import changes
from tramyte.rotation.problem import Problem
from tramyte.web.actions import drafts, replans, runs, stages
from tramyte.web.models import Draft, Frozen, Receipt, Run
from tramyte.web.planning import tours_of
from tramyte.web.replan import Situation, situation
from tramyte.web.roles import Permission
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.runs import told as progress_of
from tramyte.web.views.stays import Stays

TAB = "thay-doi"
DONE_WITH = ("issued", "dropped")  # stages of a draft that is no proposal any more


@dataclass(frozen=True)
class Proposal:
    """The plan that was found, beside the issued one: as a run has it, or as the draft that was made of it."""

    run: Run
    draft: Draft | None
    on: date

    @cached_property
    def problem(self) -> Problem:
        """The problem that was solved, with the issued plan in hand."""
        return problem_files.problem(Frozen.objects.get(pk=self.run.given["problem"]).problem)

    @cached_property
    def changes(self) -> Changes:
        """Who changes, and why."""
        rows = self.draft.tours if self.draft else (self.run.result or {})["tours"]
        return changes(self.problem, tours_of(rows))

    def notice(self, change: TourChange) -> int | None:
        """Return the days between now and the first day that changes."""
        days = [self.problem.day(tour.start) for tour in (change.before, change.after) if tour]
        known = [day for day in days if day]
        return max(0, (min(known) - self.on).days) if known else None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def changed(request: HttpRequest, code: str) -> HttpResponse:
    """Show what of the issued plan cannot stand, and what would change instead; ask for it, draft it, submit it."""
    place = place_of(request, code)
    place.must(Permission.PLAN)
    if request.method == "POST":
        try:
            _done(request, place)
        except (BadData, Infeasible, AlreadyIssued) as error:
            for words in _said(error, place):
                messages.error(request, words)
        return redirect(place.address(TAB))
    found, wrong = marked(place)
    run = replans.last(place.campaign)
    proposal = proposal_of(place, run)
    stays = Stays(place.scope, found.deployments if found else ())
    by_number = {one.row.pk: one for one in stays.each}
    broken = [{"stay": by_number[one.deployment.pk], "why": one.change.reasons[0].sentence(place.scope.lang)}
              for one in (found.broken if found else ())]  # fmt: skip
    return render(
        request, "campaigns/changes.html",
        place.context(
            TAB, found=found, broken=broken, wrong=wrong, proposal=proposal,
            clashing=[one.sentence(place.scope.lang) for one in (found.clashing if found else ())],
            rows=rows_of(place, proposal) if proposal else [],
            stage=f"UI_cp_stage_{proposal.draft.stage}" if proposal and proposal.draft else "",
            **(progress_of(run) if run and run.state not in runs.OVER else {}),
            has_none=run is not None and run.state in runs.OVER and "tours" not in (run.result or {}),
        ),
    )  # fmt: skip


def marked(place: Place) -> tuple[Situation | None, list[str]]:
    """Return how the issued plan stands today; and what is wrong where the register cannot be planned any more."""
    try:
        return situation(place.campaign, on=timezone.localdate()), []
    except (BadData, NormMissing) as error:
        return None, _said(error, place)


def proposal_of(place: Place, run: Run | None) -> Proposal | None:
    """Return what was found last; None: nothing was, it is issued or put away, or the plan was issued anew since."""
    if run is None or run.state != "done" or "tours" not in (run.result or {}):
        return None
    draft = Draft.objects.filter(run=run).first()
    if draft is not None and draft.stage in DONE_WITH:
        return None
    later = Draft.objects.filter(province=run.province, campaign=place.campaign.code, issue__issued_at__gt=run.asked_at)
    return None if later.exists() else Proposal(run, draft, timezone.localdate())


def rows_of(place: Place, proposal: Proposal) -> list[dict[str, Any]]:
    """Return who changes: old, new, days of notice, whether the old decision was seen, and why."""
    lang, told = place.scope.lang, _seen(place)
    return [
        {
            "name": one.fields.get("name", ""), "old": one.fields.get("old"), "new": one.fields.get("new"),
            "notice": proposal.notice(one), "told": one.before is not None and _mark(one.before, place) in told,
            "why": [reason.sentence(lang) for reason in one.reasons], "is_lost": one.is_lost,
        }
        for one in proposal.changes.each
    ]  # fmt: skip


def _seen(place: Place) -> set[tuple[str, date]]:
    """Return who has seen the decision on which tour."""
    rows = Receipt.objects.filter(province=place.campaign.province, deployment__campaign=place.campaign.code)
    return set(rows.values_list("deployment__staff", "deployment__start"))


def _mark(tour: Tour, place: Place) -> tuple[str, date]:
    return str(tour.staff), place.campaign.first_monday + timedelta(weeks=tour.start)


def _done(request: HttpRequest, place: Place) -> None:
    """Do what was asked. raises: BadData; Infeasible; AlreadyIssued; Http404, it is nothing we know."""
    what, by, lang = request.POST.get("viec", ""), place.account, place.scope.lang
    if what == "xep":
        replans.ask(by=by, campaign=place.campaign)
        return
    if what not in ("lay", "trinh"):
        raise Http404
    proposal = proposal_of(place, replans.last(place.campaign))
    if proposal is None:
        raise Http404
    draft = drafts.take(by=by, run=proposal.run)
    messages.success(request, say("UI_pe_drafted", lang, number=draft.number))
    if what == "trinh":
        stages.submit(by=by, draft=draft, seen=draft.revision)
        messages.success(request, say("UI_pe_submitted", lang, number=draft.number))


def _said(error: Exception, place: Place) -> list[str]:
    """Return what is wrong, in sentences."""
    lang = place.scope.lang
    if isinstance(error, BadData):
        return [one.sentence(lang) for one in error.findings if one.severity == "error"]
    if isinstance(error, Infeasible):
        return [one.sentence(lang) for one in error.breaches]
    return [str(error)]
