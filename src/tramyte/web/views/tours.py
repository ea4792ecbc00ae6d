"""One tour: its page for the person, the station, the unit and the planner, and what each of them says of it there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.web.actions import register, replans, tours, wishes
from tramyte.web.permissions import allowed, is_own
from tramyte.web.planning import campaign_of
from tramyte.web.roles import Permission
from tramyte.web.views.me import own_scope
from tramyte.web.views.papers import account_of
from tramyte.web.views.scope import Scope, day_of, scope_of
from tramyte.web.views.stays import Stay, Stays, deployments

FIELDS = ("giay", "tu", "den", "loai", "ly-do", "ngay")
WHERE = {"paper": "giay", "start": "tu", "kind": "loai", "reason": "ly-do", "on": "ngay"}  # what is wrong -> its field
ABSENT, CUT = {"paper": "giay-vang", "start": "tu-vang"}, {"reason": "ly-do-som"}  # of two forms, otherwise


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tour(request: HttpRequest, number: int) -> HttpResponse:
    """Show one tour; take what its person, its station or the planner says of it."""
    stay = stay_of(request, number)
    found: list[Finding] = []
    if request.method == "POST":
        try:
            return redirect(done(request, stay))
        except BadData as error:
            found = list(error.findings)
    viec = request.POST.get("viec", "")
    fields = WHERE | ABSENT if viec == "vang" else WHERE | CUT if viec == "som" else WHERE
    summary = [
        (fields.get(one.cell, ""), Finding(one.code, fields=one.fields).sentence(stay.scope.lang)) for one in found
    ]
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    return render(
        request, "tours/tour.html",
        {
            "stay": stay, "scope": _shown(stay.scope), "section": "campaigns", "may": rights(stay), "summary": summary,
            "own": is_own(stay.scope.account, stay.row, on=timezone.localdate()), "typed": typed, **_days(stay),
            "viec": viec,
        },
        status=422 if found else 200,
    )  # fmt: skip


@require_safe
@login_required
def calendar(request: HttpRequest, number: int) -> HttpResponse:
    """Return one tour as a file for a calendar."""
    stay = stay_of(request, number)
    answer = HttpResponse(stay.calendar(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="luot-{stay.row.pk}.ics"'
    return answer


@require_safe
@login_required
def decision(request: HttpRequest, number: int) -> HttpResponse:
    """Give the decision to a person whom it names, as the paper itself goes to everybody it names."""
    stay = stay_of(request, number)
    file = stay.file if is_own(stay.scope.account, stay.row, on=timezone.localdate()) else None
    if file is None:
        raise Http404
    answer = HttpResponse(bytes(file.content), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="quyet-dinh-{stay.row.pk}.pdf"'
    return answer


def stay_of(request: HttpRequest, number: int) -> Stay:
    """Return a tour that the account may see: its people's, to its stations, or its own. raises: Http404."""
    try:
        scope = scope_of(request).everywhere
    except Http404:
        own = own_scope(request)
        if own is None:
            raise
        scope = own
    row = deployments(scope).filter(pk=number).first()
    if row is None:
        raise Http404
    return Stays(scope, (row,)).each[0]


def rights(stay: Stay) -> dict[str, bool]:
    """Return what whoever looks may say of a tour as it stands."""
    row, account, today = stay.row, stay.scope.account, timezone.localdate()
    plans = allowed(account, Permission.PLAN, f"{row.province}/", on=today)
    there = plans or all(
        allowed(account, one, row.path, on=today) for one in (Permission.REPORT, Permission.SEE_PEOPLE)
    )
    is_there, is_mine = row.state in tours.THERE, is_own(account, row, on=today)
    return {
        "own": is_mine,
        "receive": is_mine and is_there and stay.receipt is None,
        "wish": is_mine and is_there and row.end > today and not any(one.state == "open" for one in stay.wishes),
        "arrive": there and row.state == "issued" and row.start <= today,
        "finish": there and is_there and row.end <= today,
        "cut": there and is_there and row.start < today < row.end,
        "confirm": plans and row.state == "ended",
        "back": plans and row.state in tours.BEFORE,
        "replace": plans and is_there and row.end > today and row.campaign is not None,
    }


def _shown(scope: Scope) -> Scope | None:
    """Return the scope for the bar of the page; who sees no place has none."""
    return scope if scope.paths(Permission.SEE_PLACES) else None


def _days(stay: Stay) -> dict[str, date]:
    """Return the days with which forms begin."""
    return {"from_day": max(stay.first, timezone.localdate()), "to_day": stay.last}


def done(request: HttpRequest, stay: Stay) -> str:
    """Do what was asked, and return where to go on. raises: BadData; NotAllowed; Http404, it is nothing we know."""
    ways: Mapping[str, Callable[[], Any]] = {
        "nhan": lambda: wishes.receive(by=by, deployment=row),
        "xin": lambda: wishes.wish(
            by=by, deployment=row, kind=post.get("loai", ""), paper=post.get("giay", ""), start=day_of(post.get("tu")),
            end=_after(post.get("den")),
        ),
        "den": lambda: tours.arrive(by=by, deployments=[row]),
        "xong": lambda: tours.finish(by=by, deployments=[row]),
        "som": lambda: tours.cut(by=by, deployment=row, on=day_of(post.get("ngay")), reason=post.get("ly-do", "")),
        "xac-nhan": lambda: tours.confirm(by=by, deployments=[row]),
        "hoan": lambda: tours.back(by=by, deployment=row, reason=post.get("ly-do", "")),
        "vang": lambda: replace_person(request, stay, by=by),
    }  # fmt: skip
    by, row, post = account_of(request), stay.row, request.POST
    what = post.get("viec", "")
    if what not in ways:
        raise Http404
    ways[what]()
    messages.success(request, say(f"UI_pe_done_{what.replace('-', '_')}", stay.scope.lang))
    state = urlencode({"pv": stay.scope.pv})
    return f"/dot/{row.campaign}/thay-doi/?{state}" if what == "vang" else f"{stay.address}?{state}"


def replace_person(request: HttpRequest, stay: Stay, *, by: Any) -> None:
    """
    Note that the person of a tour cannot go on some days, and ask for the plan that replaces them with fewest changes.

    raises : BadData, number or days are missing; NotAllowed
    """
    row, typed = stay.row, request.POST
    start, end, paper = day_of(typed.get("tu")), _after(typed.get("den")), typed.get("giay", "").strip()
    found = [] if paper else [Finding("E800", "", "paper")]
    if start is None or (end is not None and end <= start):
        found.append(Finding("E801", "", "start"))
    if found or start is None:
        raise BadData(found)
    values = {"staff": row.staff, "outcome": "absent", "start": start, "end": end, "paper": paper[: wishes.PAPER]}
    register.add(by=by, noun="absences", province=row.province, values=values, lang=stay.scope.lang)
    if row.start < start < row.end and row.start <= timezone.localdate():
        tours.cut(by=by, deployment=row, on=start, reason=paper)
    try:
        replans.ask(by=by, campaign=campaign_of(row.province, row.campaign or ""))
    except BadData as error:  # the absence stands; the plan is made anew from the page of changes
        for one in error.findings:
            messages.error(request, one.sentence(stay.scope.lang))


def _after(text: str | None) -> date | None:
    """Return the day after the last day that somebody typed."""
    last = day_of(text)
    return last + timedelta(days=1) if last else None
