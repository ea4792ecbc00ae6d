"""What people of deployments ask for: the planner and the unit that sends take it, or decline it with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.messages import say
from tramyte.web.actions import wishes
from tramyte.web.models import Account, Wish
from tramyte.web.permissions import paths, within
from tramyte.web.roles import Permission
from tramyte.web.views.papers import account_of
from tramyte.web.views.scope import Scope, scope_of
from tramyte.web.views.stays import Stays

ALL = "tat-ca"


@require_safe
@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """Show what was asked for and not answered, the tour that begins first before others; or everything."""
    scope = scope_of(request)
    if not _places(scope.account):
        raise NotAllowed(Permission.PLAN.value, f"{scope.province.code}/")
    is_all = request.GET.get("tinh-trang") == ALL
    rows = mine(scope).select_related("deployment__decision").order_by("deployment__start", "pk")
    if not is_all:
        rows = rows.filter(state="open")
    found = list(rows[:200])
    stays = Stays(scope, tuple({one.deployment_id: one.deployment for one in found}.values()))
    by_number = {one.row.pk: one for one in stays.each}
    told = [{"wish": one, "stay": by_number[one.deployment_id]} for one in found]
    return render(
        request, "tours/asked.html",
        {"scope": scope, "section": "campaigns", "rows": told, "is_all": is_all, "all": ALL},
    )  # fmt: skip


@require_POST
@login_required
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Take a wish, or decline it."""
    scope = scope_of(request)
    wish = mine(scope).filter(pk=number).first()
    if wish is None:
        raise Http404
    words = request.POST.get("tra-loi", "")
    try:
        if request.POST.get("viec") == "nhan":
            wishes.take(by=account_of(request), wish=wish, answer=words)
            messages.success(request, say("UI_pe_taken", scope.lang))
        else:
            wishes.decline(by=account_of(request), wish=wish, answer=words)
            messages.success(request, say("UI_pe_declined", scope.lang))
    except BadData as error:
        for one in error.findings:
            messages.error(request, one.sentence(scope.lang))
    return redirect(f"/nguyen-vong/?pv={scope.pv}")


def mine(scope: Scope) -> QuerySet[Any]:
    """Return the wishes of a province that the account may answer."""
    return Wish.objects.filter(within(_places(scope.account)), province=scope.province.code)


def _places(account: Account) -> list[str]:
    today = timezone.localdate()
    return [path for may in (Permission.PLAN, Permission.NOMINATE) for path in paths(account, may, on=today)]
