"""People who sign in, and what they may do where: opened, granted, reviewed, reset and closed by administrators."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.contrib import messages as told
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import AlreadyIssued, NotAllowed
from tramyte.domain.messages import Lang, messages, say
from tramyte.domain.names import person_key
from tramyte.web.actions import accounts
from tramyte.web.models import Account, Grant
from tramyte.web.permissions import paths, visible_to
from tramyte.web.roles import ROLES, Permission
from tramyte.web.views.lists import Column, Filter, Status, listing
from tramyte.web.views.place_choice import names_of, places_of
from tramyte.web.views.scope import day_of, lang_of
from tramyte.web.views.sessions import living

MAY = Permission.MANAGE_ACCOUNTS
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,29}")
WITH_REASON: Mapping[str, Callable[..., None]] = {
    "close": accounts.close, "reopen": accounts.reopen, "second": accounts.reset_second_factor,
}  # fmt: skip
STATES = ("open", "closed", "idle", "waits", "due", "bare")


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """List the accounts of one's places."""
    rows, lang = rows_of(request), lang_of(request)
    states = [(one, say(f"UI_account_{one}", lang)) for one in STATES]
    return listing(
        request, None, "nguoi-dung", "UI_accounts_count", _columns(), rows, order="name",
        template="accounts/list.html", context={"section": "accounts"},
        filters=[
            Filter("trang-thai", "UI_account_state", lambda rows, state: [one for one in rows if one[state]], states),
            Filter("vai-tro", "UI_role", lambda rows, role: [one for one in rows if role in one["codes"]],
                   [(role.code, role.name(lang)) for role in ROLES.values()]),
        ],
    )  # fmt: skip


def rows_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the accounts of one's places as they are listed; each state is a fact of a row."""
    _own(request)
    visible, lang = list(_visible(request)), lang_of(request)
    names = names_of((given.path for one in visible for given in _mine(one)), lang)
    rows = [_row(one, names, lang) for one in visible]
    with_second = set(Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True))
    for row in rows:
        row["second"] = row["account"].pk in with_second
        row["bare"] = row["open"] and row["needs_second"] and not row["second"]
    return rows


def _columns() -> list[Column]:
    return [
        Column("name", "UI_full_name", "name", "link", link=lambda row: row["address"],
               by=lambda row: person_key(*_parts(row["name"]))),
        Column("account", "UI_account", "username"),
        Column("unit", "UI_unit", "unit"),
        Column("roles", "UI_roles", "roles"),
        Column("seen", "UI_last_sign_in", "seen", "moment"),
        Column("second", "UI_second_factor", _second, "status"),
        Column("state", "UI_account_state", "status", "status"),
    ]  # fmt: skip


def _parts(name: str) -> tuple[str, str]:
    """Return family names and given name, by which people are sorted."""
    family, _, given = name.rpartition(" ")
    return family, given


def _second(row: Mapping[str, Any]) -> Status:
    if row["second"]:
        return Status("met", "UI_yes", rank=0)
    return Status("short", "UI_missing", rank=2) if row["needs_second"] else Status("unknown", "UI_no", rank=1)


def _row(account: Account, names: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    now = timezone.now()
    given = [one for one in _mine(account) if one.end is None or one.end > timezone.localdate(now)]
    row: dict[str, Any] = {
        "account": account, "name": account.get_full_name(), "username": account.username, "unit": account.unit,
        "roles": "; ".join(f"{ROLES[one.role].name(lang)} ({names[one.path]})" for one in given),
        "codes": {one.role for one in given}, "seen": account.last_login,
        "address": reverse("account", args=[account.username]),
        "needs_second": any(ROLES[one.role].needs_second_factor for one in given),
        "open": account.is_active, "closed": not account.is_active,
        "idle": account.is_active and accounts.is_idle(account, on=now),
        "waits": any(one.waits for one in given), "due": any(accounts.is_due(one, on=now) for one in given),
    }  # fmt: skip
    looks = (
        ("closed", "unknown", 4),
        ("idle", "short", 3),
        ("waits", "near", 2),
        ("due", "near", 1),
        ("open", "met", 0),
    )
    state, look, rank = next(one for one in looks if row[one[0]])
    return row | {"status": Status(look, f"UI_account_{state}", rank=rank)}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account with its first grant; its password is shown once."""
    _own(request)
    lang, typed = lang_of(request), request.POST
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        given, errors = _given(typed, lang)
        username = typed.get("tai-khoan", "").strip().lower()
        if not USERNAME.fullmatch(username):
            errors.append(("tai-khoan", say("E171", lang)))
        elif Account.objects.filter(username=username).exists():
            errors.append(("tai-khoan", say("E172", lang)))
        if not typed.get("ho-ten", "").strip():
            errors.append(("ho-ten", say("E173", lang)))
        if not errors:
            password = secrets.token_urlsafe(accounts.LENGTH)
            made = accounts.open_account(
                by=_by(request), username=username, password=password, full_name=typed["ho-ten"].strip(),
                unit=typed.get("don-vi", "").strip() or None, path=given["path"], first=given,
            )  # fmt: skip
            return _password(request, made, password)
    return render(
        request, "accounts/open.html", {**_choices(request), "typed": typed, "errors": errors},
        status=422 if errors else 200,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: HttpRequest, username: str) -> HttpResponse:
    """Show one account: its grants, sessions and state; every change of it is a form of this page."""
    _own(request)
    found = next((one for one in _visible(request, username)), None)
    if found is None:
        raise Http404
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        answer, errors = _do(request, found)
        if answer is not None:
            return answer
    lang, now = lang_of(request), timezone.now()
    names = names_of([one.path for one in _mine(found)], lang)
    grants = [
        {
            "grant": one, "role": ROLES[one.role].name(lang), "place": names[one.path],
            "is_over": one.end is not None and one.end <= timezone.localdate(now),
            "is_due": accounts.is_due(one, on=now), "is_own": one.given_by_id == request.user.pk,
        }
        for one in _mine(found)
    ]  # fmt: skip
    reason = found.closed_reason or ""
    return render(
        request, "accounts/account.html",
        {
            **_choices(request), "account": found, "grants": grants, "typed": request.POST, "errors": errors,
            "second": accounts.has_second_factor(found), "needs_second": accounts.needs_second_factor(found),
            "sessions": len(living(found)), "is_managed": accounts.manages(_by(request), found),
            "is_idle": found.is_active and accounts.is_idle(found, on=now),
            "reason": say(reason, lang) if reason in messages() else reason,
        },
        status=422 if errors else 200,
    )  # fmt: skip


def _do(request: HttpRequest, found: Account) -> tuple[HttpResponse | None, list[tuple[str, str]]]:
    """Do what the form asks; return the answer, or what is wrong with the form."""
    by, lang, typed, verb = _by(request), lang_of(request), request.POST, request.POST.get("viec", "")
    reason = typed.get("ly-do", "").strip()
    if verb in ("end", *WITH_REASON) and not reason:
        return None, [(f"ly-do-{verb}{typed.get('quyen', '')}", say("E178", lang))]
    given = next((one for one in _mine(found) if str(one.pk) == typed.get("quyen")), None)
    if verb in ("end", "confirm", "review") and given is None:
        raise Http404
    if verb == "password":
        return _password(request, found, accounts.reset_password(by=by, account=found)), []
    if verb == "grant":
        values, errors = _given(typed, lang)
        try:
            if not errors:
                accounts.grant(by=by, account=found, **values)
        except AlreadyIssued:
            errors = [("vai-tro", say("E179", lang))]
        if errors:
            return None, errors
    elif given is not None:
        _of_grant(verb, by, given, reason)
    elif verb in WITH_REASON:
        WITH_REASON[verb](by=by, account=found, reason=reason)
    elif verb == "sessions":
        accounts.end_sessions(by=by, account=found)
    else:
        raise Http404
    told.success(request, say(f"UI_done_{verb}", lang, account=found.username))
    return redirect("account", found.username), []


def _of_grant(verb: str, by: Account, given: Grant, reason: str) -> None:
    if verb == "end":
        accounts.end_grant(by=by, given=given, on=timezone.localdate(), reason=reason)
    elif verb == "confirm":
        accounts.confirm(by=by, given=given)
    else:
        accounts.review(by=by, given=given)


def _given(typed: Mapping[str, str], lang: Lang) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the grant that a form describes, and what is wrong with it, by field."""
    errors = []
    role, place = typed.get("vai-tro", ""), typed.get("noi", "")
    if role not in ROLES:
        errors.append(("vai-tro", say("E174", lang)))
    if not place:
        errors.append(("noi", say("E175", lang)))
    days: dict[str, date | None] = {}
    for name, field in (("start", "tu"), ("end", "den")):
        text = typed.get(field, "").strip()
        days[name] = day_of(text)
        if text and days[name] is None:
            errors.append((field, say("E176", lang, read=text)))
    if days["start"] and days["end"] and days["end"] <= days["start"]:
        errors.append(("den", say("E177", lang)))
    staff = typed.get("nhan-luc", "").strip() or None
    if role == "staff" and staff is None:
        errors.append(("nhan-luc", say("E170", lang)))
    path = "" if place == "vn" else f"{place.strip('/')}/"
    return {"role": role, "path": path, "staff": staff if role == "staff" else None, **days}, errors


def _choices(request: HttpRequest) -> dict[str, Any]:
    """Return what forms of a grant offer: roles in prose, and the places at and below one's own."""
    lang = lang_of(request)
    return {
        "section": "accounts", "places": places_of(request.user, MAY, lang),
        "roles": [
            {"code": role.code, "name": role.name(lang), "prose": role.prose(lang),
             "second": role.needs_second_factor, "confirmed": role.needs_confirming}
            for role in ROLES.values()
        ],
    }  # fmt: skip


def _password(request: HttpRequest, found: Account, password: str) -> HttpResponse:
    """Show a password once: it stands in this answer and nowhere else."""
    return render(request, "accounts/password.html", {"section": "accounts", "account": found, "password": password})


def _visible(request: HttpRequest, username: str | None = None) -> QuerySet[Account]:
    """Return the accounts with a grant in one's places; who may give in the whole country sees all."""
    rows = Account.objects.all()
    if "" not in _own(request):
        grants = visible_to(Grant.objects.all(), request.user, on=timezone.localdate(), may=MAY)
        rows = rows.filter(pk__in=grants.values("account"))
    if username is not None:
        rows = rows.filter(username=username)
    # of an account that has grants elsewhere as well, only those of one's own places are told
    mine = visible_to(Grant.objects.all(), request.user, on=timezone.localdate(), may=MAY)
    return rows.prefetch_related(Prefetch("grants", mine.select_related("given_by").order_by("-pk"), to_attr="mine"))


def _mine(account: Account) -> list[Grant]:
    """Return the grants of an account in the places of whoever looks, as `_visible` read them."""
    return cast("list[Grant]", account.mine)  # type: ignore[attr-defined]


def _by(request: HttpRequest) -> Account:
    return cast("Account", request.user)


def _own(request: HttpRequest) -> Iterable[str]:
    """Return the places where one may give accounts. Raises NotAllowed, there are none."""
    own = paths(request.user, MAY, on=timezone.localdate())
    if not own:
        raise NotAllowed(MAY.value, "")
    return own
