"""How far long work is: a piece of a page that asks again by itself, and a page of its own without scripts."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tramyte.web.actions import runs
from tramyte.web.models import Account, Run
from tramyte.web.permissions import paths, within
from tramyte.web.views.scope import lang_of, scope_for

SOON, LATER = 2, 10  # seconds until a page asks again: at first, and when it takes long
LONG = 60  # seconds
IDLE = 20  # seconds after which a run that nobody took up is worth a word
# kind -> the page of its runs; others are shown here
HOMES = {
    "import": "/nhap/{run.pk}/?pv={run.province}", "chain": "/nhat-ky/", "chore": "/quan-tri/suc-khoe/",
    "solve": "/dot/{run.given[campaign]}/xep/?viec={run.pk}&pv={run.province}",
}  # fmt: skip


def mine(request: HttpRequest, *kinds: str) -> Q:
    """Return the condition that a run is one that the account may ask for, and so look at and stop."""
    seen = Q(pk__in=[])
    for kind in kinds or tuple(runs.MAY):
        seen |= Q(kind=kind) & within(paths(request.user, runs.MAY[kind], on=timezone.localdate()))
    return seen


def found(request: HttpRequest, number: UUID, *kinds: str) -> Run:
    """
    Return a run that the account may look at.

    raises : Http404, there is none, or it is another's place
    """
    run = Run.objects.filter(mine(request, *kinds), pk=number).first()
    if run is None:
        raise Http404
    return run


def home_of(run: Run) -> str:
    """Return the address of the page about a run."""
    home = HOMES[run.kind] if has_home(run) else "/viec-chay/{run.pk}/?pv={run.province}"
    day = f"&ngay={run.given['on']}" if run.kind == "solve" and "on" in run.given else ""
    return home.format(run=run) + day


def has_home(run: Run) -> bool:
    """Return whether a run has a page of its own; a solve has the page of its campaign."""
    return run.kind in HOMES and (run.kind != "solve" or "campaign" in run.given)


def told(run: Run) -> dict[str, Any]:
    """Return what the piece of a page says of a run."""
    now = timezone.now()
    waited = (now - run.asked_at).total_seconds()
    far = runs.progress(run)
    words = far.words or {
        "waiting": "UI_run_waiting", "running": "UI_run_working", "done": "UI_run_done",
        "cancelled": "UI_run_cancelled", "failed": "UI_run_failed",
    }[far.state]  # fmt: skip
    return {
        "run": run, "far": far, "words": "UI_run_stopping" if far.is_stopping else words,
        "again": LATER if waited > LONG else SOON,
        "idle": int(waited) if far.state == "waiting" and waited > IDLE else None,
    }  # fmt: skip


@require_safe
@login_required
def run(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show how far a run is; a piece for a page that asks again, or a whole page."""
    one = found(request, number)
    if not request.headers.get("HX-Request"):
        if has_home(one):
            return redirect(home_of(one))
        scope = scope_for(request.user, one.province, lang=lang_of(request))
        return render(request, "runs/run.html", {"scope": scope, **told(one)})
    answer = render(request, "runs/progress.html", told(one))
    if one.state in runs.OVER:
        answer.headers["HX-Refresh"] = "true"
    return answer


@require_POST
@login_required
def cancel(request: HttpRequest, number: UUID) -> HttpResponse:
    """Stop a run."""
    one = found(request, number)
    runs.cancel(by=cast("Account", request.user), run=one)
    return redirect(home_of(one))
