"""Where somebody is signed in, and how to end it."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tramyte.domain.messages import say
from tramyte.web.actions import accounts
from tramyte.web.models import Account
from tramyte.web.views.scope import lang_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """List one's own sessions; end one, or all but this one."""
    account = request.user
    assert isinstance(account, Account)  # noqa: S101
    found = living(account)
    if request.method == "POST":
        wanted = request.POST.get("phien", "")
        keys = [one.session_key for one in found if wanted in (str(one.pk), "khac")]
        ended = accounts.end_sessions(by=account, account=account, keys=keys, but=request.session.session_key)
        messages.success(request, say("UI_sessions_ended", lang_of(request), count=ended))
        return redirect("sessions")
    return render(request, "sessions/list.html", {"found": found, "current": request.session.session_key})


def living(account: Account) -> list[UserSession]:
    """Return the sessions of an account that are not over, the newest first."""
    known = list(UserSession.objects.filter(user=account).order_by("-created_at"))
    keys = [one.session_key for one in known]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        .values_list("session_key", flat=True)
    )  # fmt: skip
    return [one for one in known if one.session_key in alive]
