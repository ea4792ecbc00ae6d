"""A campaign while it runs: who goes, who has come, who is back; then what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import BadData
from tramyte.domain.messages import say
from tramyte.web.actions import campaigns, tours
from tramyte.web.models import Conduct, Deployment
from tramyte.web.permissions import allowed
from tramyte.web.planning import SERVING
from tramyte.web.roles import Permission
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.stays import Stays, deployments

TAB = "thuc-hien"
PAGE = 50
STATES = (*SERVING, "cancelled")


@dataclass(frozen=True)
class Course:
    """How a campaign goes, as far as somebody may see it."""

    place: Place
    on: date

    @cached_property
    def rows(self) -> list[Deployment]:
        """Its tours, by date."""
        found = deployments(self.place.scope).filter(campaign=self.place.campaign.code)
        return list(found.order_by("start", "facility", "staff"))

    @cached_property
    def counts(self) -> Counter[str]:
        """State -> tours."""
        return Counter(row.state for row in self.rows)

    def speaks_for(self, row: Deployment) -> bool:
        """Return whether somebody may say who came to the station of a tour: its head, the planner."""
        account, today = self.place.account, timezone.localdate()
        rights = (Permission.REPORT, Permission.SEE_PEOPLE)
        return self.place.is_planner or all(allowed(account, one, row.path, on=today) for one in rights)

    @cached_property
    def due(self) -> dict[str, list[Deployment]]:
        """What somebody may say of several tours at once: they came (den), they served (xong), so it was (xac-nhan)."""
        mine = [row for row in self.rows if row.state in SERVING and self.speaks_for(row)]
        return {
            "den": [row for row in mine if row.state == "issued" and row.start <= self.on < row.end],
            "xong": [row for row in mine if row.state in tours.THERE and row.end <= self.on],
            "xac-nhan": [row for row in mine if row.state == "ended"] if self.place.is_planner else [],
        }

    @cached_property
    def told(self) -> list[tuple[str, int]]:
        """What came of it, in figures: message code, count."""
        served = [row for row in self.rows if row.state in ("ended", "confirmed")]
        stands = [row for row in self.rows if row.state in SERVING]
        return [
            ("UI_pe_n_tours", len(stands)), ("UI_pe_n_people", len({row.staff for row in stands})),
            ("UI_pe_n_stations", len({row.facility for row in stands})),
            ("UI_pe_n_weeks", sum(-(-(row.end - row.start).days // 7) for row in stands)),
            ("UI_pe_n_served", len(served)),
            ("UI_pe_n_weeks_served", sum(-(-(row.end - row.start).days // 7) for row in served)),
            ("UI_pe_n_cancelled", self.counts["cancelled"]),
        ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def running(request: HttpRequest, code: str) -> HttpResponse:
    """Show who goes, who has come and who is back; say it of all who are due, begin and end the campaign."""
    place = place_of(request, code)
    course = Course(place, timezone.localdate())
    if request.method == "POST":
        try:
            _done(request, course)
        except BadData as error:
            for one in error.findings:
                messages.error(request, one.sentence(place.scope.lang))
        return redirect(place.address(TAB))
    state = request.GET.get("tinh-trang", "")
    rows = [row for row in course.rows if row.state == state] if state in STATES else course.rows
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    stays = Stays(place.scope, tuple(page.object_list))
    return render(
        request, "campaigns/running.html",
        place.context(
            TAB, course=course, page=page, stays=stays.each, state=state if state in STATES else "",
            filters=_filters(place, course, state), due={name: len(found) for name, found in course.due.items()},
            is_issued=any(row.state in SERVING for row in course.rows), on=course.on,
            conduct=place.conduct.state if place.conduct else "open",
            pages=[
                (place.address(TAB, **{"tinh-trang": state, "trang": number}), number, number == page.number)
                for number in page.paginator.page_range
            ],
        ),
    )  # fmt: skip


def _filters(place: Place, course: Course, state: str) -> list[dict[str, Any]]:
    """Return each state that tours are in, with the address of exactly those."""
    lang = place.scope.lang
    return [
        {
            "words": say(f"UI_pe_state_{one}", lang), "count": course.counts[one], "is_here": one == state,
            "address": place.address(TAB, **{"tinh-trang": one}),
        }
        for one in STATES if course.counts[one]
    ]  # fmt: skip


def _done(request: HttpRequest, course: Course) -> None:
    """Do what was asked. raises: BadData; NotAllowed; Http404, it is nothing we know."""
    place, what, reason = course.place, request.POST.get("viec", ""), request.POST.get("ly-do", "")
    by, lang = place.account, place.scope.lang
    if what in course.due:
        act = {"den": tours.arrive, "xong": tours.finish, "xac-nhan": tours.confirm}[what]
        count = act(by=by, deployments=course.due[what])
        messages.success(request, say("UI_pe_recorded", lang, count=count))
        return
    place.must(Permission.PLAN)
    conduct = Conduct.objects.filter(province=place.campaign.province, campaign=place.campaign.code).first()
    if conduct is None or what not in ("chay", "ket-thuc", "hoan"):
        raise Http404
    if what == "chay":
        campaigns.run(by=by, conduct=conduct, on=course.on)
    elif what == "ket-thuc":
        campaigns.end(by=by, conduct=conduct, reason=reason)
    else:
        campaigns.back(by=by, conduct=conduct, reason=reason)
    messages.success(request, say("UI_pe_now_is", lang, state=say(f"UI_cp_stage_{_stage(conduct)}", lang)))


def _stage(conduct: Conduct) -> str:
    return "issued" if conduct.state == "open" else str(conduct.state)
