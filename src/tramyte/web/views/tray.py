"""The signing tray of the director: one screen a plan, signed with the second factor or returned with a comment."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible
from tramyte.domain.messages import say
from tramyte.web import signing
from tramyte.web.actions import stages
from tramyte.web.dossier import dossier_of
from tramyte.web.models import Campaign, Draft
from tramyte.web.roles import Permission
from tramyte.web.views.papers import account_of, must
from tramyte.web.views.scope import Scope, scope_of, whole_of
from tramyte.web.views.submission import Facts

TRAY = "/ky/"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tray(request: HttpRequest) -> HttpResponse:
    """Show what waits for a signature, the longest first; sign it, or return it; the next one follows."""
    scope = scope_of(request)
    must(scope, Permission.SIGN)
    if not Authenticator.objects.filter(user=account_of(request), type=Authenticator.Type.TOTP).exists():
        messages.warning(request, say("UI_sg_set_up", scope.lang))
        return redirect("mfa_activate_totp")
    waiting, signed = list(_at(scope, "submitted")), list(_at(scope, "signed"))
    chosen = _chosen(request, waiting, signed)
    wrong: list[tuple[str, str]] = []
    if request.method == "POST":
        if chosen is None:
            raise Http404
        wrong = _ruled(request, scope, chosen)
        if not wrong:
            messages.success(request, say(f"UI_sg_ruled_{chosen.stage}", scope.lang, name=_title(chosen)))
            return redirect(f"{TRAY}?pv={scope.pv}")
    page = {
        "scope": scope, "section": "tray", "draft": chosen, "summary": wrong, "words": request.POST.get("y-kien", ""),
        "facts": Facts(dossier_of(chosen), scope.lang) if chosen else None,
        "title": _title(chosen) if chosen else None, "is_signed": chosen in signed,
        "waiting": _links(scope, waiting, chosen), "signed": _links(scope, signed, chosen),
    }  # fmt: skip
    return render(request, "signing/tray.html", page, status=422 if wrong else 200)


def _links(scope: Scope, drafts: list[Draft], chosen: Draft | None) -> list[dict[str, Any]]:
    return [{"title": _title(one), "address": _address(scope, one), "is_here": one == chosen} for one in drafts]


def _at(scope: Scope, stage: str) -> Any:
    rows = Draft.objects.filter(province=scope.province.code, stage=stage)
    return rows.select_related("made_by", "amends").order_by("changed_at", "pk")


def _chosen(request: HttpRequest, waiting: list[Draft], signed: list[Draft]) -> Draft | None:
    """Return the draft looked at: the one asked for, signed ones among them, else the first that waits."""
    asked = request.POST.get("ban") or request.GET.get("ban")
    if asked:
        return next((one for one in (*waiting, *signed) if str(one.pk) == asked), None)
    return waiting[0] if waiting else None


def _address(scope: Scope, draft: Draft) -> str:
    return f"{TRAY}?pv={scope.pv}&ban={draft.pk}"


def _title(draft: Draft) -> str:
    """Return what a draft is called in the tray."""
    names = Campaign.objects.filter(province=draft.province, code=draft.campaign).values_list("name", flat=True)
    return f"{names.first() or draft.campaign} ({draft.campaign}/{draft.number})"


def _ruled(request: HttpRequest, scope: Scope, draft: Draft) -> list[tuple[str, str]]:
    """Sign or return a draft; return what stands against it, each with its field."""
    lang, seen = scope.lang, whole_of(request.POST.get("lan-sua"))
    try:
        if request.POST.get("viec") == "tra":
            stages.send_back(by=account_of(request), draft=draft, words=request.POST.get("y-kien", ""))
        elif not is_right(request):
            return [("code", say("UI_sg_wrong_code", lang))]
        else:
            stages.sign(by=account_of(request), draft=draft, seen=-1 if seen is None else seen)
    except BadData as error:
        field = "y-kien" if request.POST.get("viec") == "tra" else ""
        return [(field, one.sentence(lang)) for one in error.findings]
    except Infeasible as error:
        return [("", one.sentence(lang)) for one in error.breaches]
    except AlreadyIssued:
        return [("", say("UI_sg_not_here", lang))]
    return []


def is_right(request: HttpRequest) -> bool:
    """Return whether the code of the second factor is right and was not used before."""
    form = signing.CodeForm(request.POST, user=account_of(request))
    return bool(form.is_valid())
