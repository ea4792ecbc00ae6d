"""What is mine: my tours, what is recorded of me (nothing masked), my rights, and how I sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.web.actions.proposals import waiting
from tramyte.web.actions.tours import THERE
from tramyte.web.models import Grant, Province, Staff
from tramyte.web.permissions import grants
from tramyte.web.roles import ROLES
from tramyte.web.views import proposals
from tramyte.web.views.person import Person, sections
from tramyte.web.views.place_choice import names_of
from tramyte.web.views.scope import Scope, lang_of
from tramyte.web.views.stays import Stays, duties

MINE = ("past_tours", "licences", "absences", "appointments", "skills", "enrolments", "commitments", "contacts")


@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Show what the register keeps of whoever looks, and the rights of the account."""
    mine = grants(request.user, on=timezone.localdate())
    lang = lang_of(request)
    people = [found for one in mine if one.staff for found in [_person(request, one)] if found is not None]
    told = [
        {"person": one, "sections": sorted(sections(one), key=lambda part: MINE.index(part.name)), **_tours(one)}
        for one in people
    ]
    names = names_of((one.path for one in mine), lang)
    rights = [
        {
            "role": ROLES[one.role].name(lang),
            "prose": ROLES[one.role].prose(lang),
            "place": names[one.path],
            "end": one.end,
        }
        for one in mine
    ]
    proposed = [
        {**proposals.told(one.scope, event), "at": event.at} for one in people
        for event in waiting(one.scope.province.code).filter(account=one.scope.account)
    ]  # fmt: skip
    return render(
        request, "me/me.html",
        {"section": "me", "people": told, "rights": rights, "account": request.user, "proposed": proposed},
    )  # fmt: skip


def _tours(person: Person) -> dict[str, Any]:
    """Return the tour under way, or else the next one, and the days served under instruments that count them."""
    today, lang = timezone.localdate(), person.scope.lang
    stays = Stays(person.scope, tuple(row for row in person.signed() if row.state in THERE and row.end > today))
    served = Stays(person.scope, tuple(row for row in person.signed() if row.end <= today))
    return {
        "next": next(iter(stays.each), None), "later": stays.each[1:], "today": today,
        "served": [one for one in reversed(served.each) if one.is_over],
        "duties": duties(person.went(), on=today, lang=lang),
    }  # fmt: skip


def own_scope(request: HttpRequest) -> Scope | None:
    """Return the scope of who sees no place but is named by a grant of rotated staff; None: nobody is."""
    mine = (one for one in grants(request.user, on=timezone.localdate()) if one.role == "staff")
    return next((scope for one in mine if (scope := _scope(request, one)) is not None), None)


def _scope(request: HttpRequest, grant: Grant) -> Scope | None:
    province = Province.objects.filter(code=grant.path[:2]).first()
    if province is None:
        return None
    return Scope(
        province=province, account=request.user, on=timezone.localdate(), known=None, wanted=None, by="xa",
        lang=lang_of(request),
    )  # fmt: skip


def _person(request: HttpRequest, grant: Grant) -> Person | None:
    """Return the person of a grant, as recorded today."""
    row: Any = Staff.objects.filter(province=grant.path[:2], code=grant.staff).first()
    scope = _scope(request, grant)
    return Person(scope, row, is_own=True) if row is not None and scope is not None else None
