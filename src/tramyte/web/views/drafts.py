"""What is done with whole drafts of a campaign: named, copied, put away, brought back, and listed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible, NormMissing
from tramyte.domain.messages import say
from tramyte.norms.local import Law
from tramyte.web import comparison, costs, planning
from tramyte.web.actions import drafts
from tramyte.web.models import Draft
from tramyte.web.planning import Sheet
from tramyte.web.roles import Permission
from tramyte.web.views.campaign import Place, place_of


@require_POST
@login_required
def act(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Name a draft, copy it, put it away or bring it back, as `viec` says."""
    place = place_of(request, code)
    place.must(Permission.PLAN)
    every = Draft.objects.filter(province=place.campaign.province, campaign=place.campaign.code)
    draft = every.filter(number=number).first()
    if draft is None:
        raise Http404
    lang = place.scope.lang
    try:
        told = _do(place, draft, *(request.POST.get(name, "") for name in ("viec", "ten", "ly-do")))
    except AlreadyIssued:
        messages.error(request, say("UI_sv_not_yours", lang, number=draft.number))
    except BadData as error:
        for one in error.findings:
            messages.error(request, one.sentence(lang))
    except Infeasible as error:
        messages.error(request, "; ".join(one.sentence(lang) for one in error.breaches[:3]))
    else:
        messages.success(request, told)
    return redirect(place.address())


def _do(place: Place, draft: Draft, what: str, name: str, reason: str) -> str:
    """Do it, and return what was done in words. raises: Http404, it is nothing that can be done."""
    by, lang = place.account, place.scope.lang
    if what == "ten":
        drafts.name(by=by, draft=draft, name=name)
    elif what == "cat":
        drafts.drop(by=by, draft=draft, reason=reason)
    elif what == "lay-lai":
        drafts.fetch(by=by, draft=draft)
    elif what == "sao":
        sheet = Sheet(draft)
        made = drafts.make(
            by=by, campaign=place.campaign, problem=sheet.problem, tours=sheet.tours, origin="copy", parent=draft,
            pins=planning.tours_of(draft.pins), allowed=draft.allowed,
            proof=drafts.Proof(draft.bound, draft.least_unmet, draft.status),
        )  # fmt: skip
        return say("UI_sv_done_sao", lang, number=draft.number, copy=made.number)
    else:
        raise Http404
    return say(f"UI_sv_done_{what.replace('-', '_')}", lang, number=draft.number)


def rows(place: Place) -> list[dict[str, Any]]:
    """Return the drafts as the first page lists them: what each leaves empty, costs, and what can be done with it."""
    law = place.scope.law
    rows = []
    for draft in place.drafts():
        row = _row(place, draft)
        if place.sees_all:
            found = _figures(_Known((draft.pk, draft.changed_at, repr(law)), draft, law))
            money = costs.millions(found.money, place.scope.lang) if found.money else None
            row |= {"unmet": found.unmet, "total": found.total, "money": money}
        rows.append(row)
    return rows


def _row(place: Place, draft: Draft) -> dict[str, Any]:
    lang = place.scope.lang
    other = draft.parent.number if draft.parent else None
    return {
        "draft": draft, "address": place.address("bang", ban=draft.number), "tours": len(draft.tours),
        "origin": say(f"UI_cp_origin_{draft.origin}", lang), "stage": say(f"UI_cp_stage_{draft.stage}", lang),
        "compare": place.address("so-sanh", ban=draft.number, voi=other), "parent": other,
        "open": place.address("vi-tri", ban=draft.number, chi="trong"),
        "costs": place.address("kinh-phi", ban=draft.number), "act": place.address(f"ban/{draft.number}"),
        "may": draft.stage == "draft",
    }  # fmt: skip


@dataclass(frozen=True)
class _Known:
    """A draft as it stands, under the rates of a province: what it comes to stays until either changes."""

    key: Hashable
    draft: Draft = field(compare=False)
    law: Law = field(compare=False)


@dataclass(frozen=True)
class _Figures:
    """Unmet weeks, points and money of a draft; None: no rates are in force."""

    unmet: int
    total: int
    money: costs.Pair | None


@lru_cache(maxsize=256)
def _figures(known: _Known) -> _Figures:
    problem, tours = planning.problem_file(known.draft.frozen), planning.tours_of(known.draft.tours)
    whole = comparison.totals(problem, tours)
    try:
        money = costs.total(one.amount for one in costs.costs(costs.lines(problem, tours), law=known.law))
    except NormMissing:
        money = None
    return _Figures(whole.unmet, whole.total, money)
