"""What pages of changes under a decision share: its fields, what is wrong with them, the log of such changes, undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.web.actions import authorities, succession
from tramyte.web.actions.papers import Paper
from tramyte.web.models import Account, Event
from tramyte.web.permissions import allowed, within
from tramyte.web.roles import Permission
from tramyte.web.views.lists import Column, Empty, Status, listing
from tramyte.web.views.scope import Scope, day_of, scope_of

HISTORY = "/quan-tri/don-vi/lich-su/"
ACTIONS = ("authorities.", "succession.")
FIELDS = ("so", "nguoi-ky", "ngay-ky", "tu-ngay")


def account_of(request: HttpRequest) -> Account:
    """Return who asks."""
    return cast("Account", request.user)


def must(scope: Scope, may: Permission) -> None:
    """Refuse who may not do this in the whole province. raises: NotAllowed."""
    path = f"{scope.province.code}/"
    if not allowed(scope.account, may, path, on=timezone.localdate()):
        raise NotAllowed(may.value, path)


def may(scope: Scope, permission: Permission) -> bool:
    """Return whether the account may do this in the whole province."""
    return allowed(scope.account, permission, f"{scope.province.code}/", on=timezone.localdate())


def seen(scope: Scope, permission: Permission) -> Any:
    """Return the condition on rows of the scope that the account may see by this permission."""
    return within(scope.paths(permission))


def paper_of(typed: Mapping[str, str]) -> tuple[Paper | None, date | None, list[tuple[str, str]]]:
    """Return the decision of a form, the first day of the change, and what is missing: (field, message code)."""
    signed, on = day_of(typed.get("ngay-ky")), day_of(typed.get("tu-ngay"))
    wrong = [(name, "UI_pa_missing") for name in FIELDS[:2] if not typed.get(name, "").strip()]
    wrong += [(name, "UI_pa_day") for name, value in (("ngay-ky", signed), ("tu-ngay", on)) if value is None]
    if signed is None or wrong:
        return None, on, wrong
    return Paper(typed["so"].strip(), typed["nguoi-ky"].strip(), signed), on, wrong


def summary(wrong: Iterable[tuple[str, str]], found: Iterable[Finding], scope: Scope) -> list[tuple[str, str]]:
    """Return what stands above a form: field it links to ("" for none), and the words."""
    labels = {name: say(f"UI_pa_{name.replace('-', '_')}", scope.lang) for name in FIELDS}
    told = [(name, say(code, scope.lang, field=labels.get(name, name))) for name, code in wrong]
    return told + [("", one.sentence(scope.lang)) for one in found]


@require_safe
@login_required
def history(request: HttpRequest) -> HttpResponse:
    """Show every handover, joining and splitting, and what was put back."""
    scope = scope_of(request)
    must(scope, Permission.HAND_OVER)
    undone = set(_events(scope).filter(action__endswith=".undo").values_list("about", flat=True))

    def state(event: Event) -> Status:
        if event.action.endswith(".undo"):
            return Status("unknown", "UI_pa_is_undo")
        return Status("unknown", "UI_pa_undone") if str(event.number) in undone else Status("met", "UI_pa_done")

    columns = [
        Column("so", "UI_pa_event", "number", "number", by="number", link=_address),
        Column("viec", "UI_pa_what", lambda event: _action(event, scope), by="action"),
        Column("noi-dung", "UI_pa_about", "about", by="about"),
        Column("can-cu", "UI_pa_paper", lambda event: event.details.get("paper") or event.reason),
        Column("ngay", "UI_pa_from", lambda event: day_of(event.details.get("on")), "day"),
        Column("luc", "UI_pa_at", "at", "moment", by="at"),
        Column("nguoi", "UI_pa_by", lambda event: event.account.get_full_name() if event.account else None),
        Column("tinh-trang", "UI_pa_state", state, "status"),
    ]  # fmt: skip
    return listing(
        request, scope, "lich-su-don-vi", "UI_pa_history", columns, _events(scope).select_related("account"),
        order="-so", find=False, empty=Empty("UI_pa_no_history", "UI_pa_to_units", "/quan-tri/don-vi/"),
        context={"section": "authorities"},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Show one change with its figures, and put it back with a reason."""
    scope = scope_of(request)
    must(scope, Permission.HAND_OVER)
    event = _events(scope).filter(number=number).exclude(action__endswith=".undo").select_related("account").first()
    if event is None:
        raise Http404
    back = _events(scope).filter(action__endswith=".undo", about=str(event.number)).first()
    found: list[Finding] = []
    if request.method == "POST":
        put_back = authorities.undo if event.action.startswith(ACTIONS[0]) else succession.undo
        try:
            put_back(by=account_of(request), event=event, reason=request.POST.get("ly-do", ""))
        except BadData as error:
            found = list(error.findings)
        except AlreadyIssued:
            found = [Finding("E606")]
        else:
            messages.success(request, say("UI_pa_put_back", scope.lang, number=event.number))
            return redirect(f"{HISTORY}?pv={scope.pv}")
    return render(
        request, "authorities/undo.html",
        {
            "scope": scope, "section": "authorities", "event": event, "back": back,
            "figures": figures(_told(event), scope),
            "what": _action(event, scope), "typed": request.POST.get("ly-do", ""),
            "summary": [("ly-do", one.sentence(scope.lang)) for one in found],
        },
    )  # fmt: skip


def _events(scope: Scope) -> Any:
    found = Event.objects.filter(province=scope.province.code)
    return found.filter(action__startswith=ACTIONS[0]) | found.filter(action__startswith=ACTIONS[1])


def figures(counts: Mapping[str, Any], scope: Scope) -> list[tuple[str, Any]]:
    """Return counts of a change with their names."""
    return [(say(f"UI_pa_n_{name}", scope.lang), count) for name, count in counts.items()]


def _told(event: Event) -> dict[str, Any]:
    """Return the counts an event told: of a handover what moved, of a rearrangement what there is after it."""
    details = event.details
    return dict(details.get("counts") or {name: pair[1] for name, pair in details.get("totals", {}).items()})


def _action(event: Event, scope: Scope) -> str:
    return say(f"UI_pa_{event.action.replace('.', '_')}", scope.lang)


def _address(event: Event) -> str | None:
    return None if event.action.endswith(".undo") else f"/quan-tri/don-vi/hoan-lai/{event.number}/?pv={event.province}"
