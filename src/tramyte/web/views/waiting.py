"""What waits for somebody to decide, as far as the register tells it today; the most pressing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import Resolver404, resolve
from django.utils import timezone

from tramyte.domain.errors import BadData, NormMissing
from tramyte.domain.messages import say
from tramyte.need.doctors import DoctorCount
from tramyte.need.numbers import number
from tramyte.norms import every
from tramyte.web.actions import proposals
from tramyte.web.models import Campaign, Draft, Event, LocalNorm, Run, Staff
from tramyte.web.permissions import allowed, within
from tramyte.web.replan import running_campaigns, situation
from tramyte.web.roles import Permission
from tramyte.web.views import wishes
from tramyte.web.views.owed import owed
from tramyte.web.views.people import with_licence
from tramyte.web.views.place import SOON, seen
from tramyte.web.views.scope import Scope

LOOKS = ("short", "near", "unknown")
TOLD = timedelta(days=7)  # so long a plan that was found, and that nobody took, is told


@dataclass(frozen=True)
class Waiting:
    """
    One thing to decide.

    look    : short, near or unknown: its word of state
    address : where it can be finished; blank where no page for it stands
    """

    look: str
    text: str
    address: str


def waiting(scope: Scope, count: DoctorCount) -> list[Waiting]:
    """Return what waits in the scope, for the account of the scope."""
    found = [*_licences(scope), *_imports(scope), *_solves(scope), *_corrections(scope), *_norms(scope)]
    found += _unknown(scope, count)
    found += [*_broken(scope), *_wishes(scope), *_papers(scope)]
    found += [Waiting(one.look, one.text, _there(scope, one.address)) for one in owed(scope)]
    told = [one.sentence(scope.lang) for one in scope.told(count.findings)]
    found += [Waiting("near", one, _there(scope, "/chat-luong/")) for one in told]
    return sorted(found, key=lambda one: LOOKS.index(one.look))


def _licences(scope: Scope) -> list[Waiting]:
    """People whose licence is over, and those whose licence ends soon, as the list of people counts them."""

    def count() -> dict[str, int]:
        return with_licence(seen(Staff, scope, on=scope.on), scope).aggregate(
            ended=Count("pk", filter=Q(ends__lt=scope.on)),
            soon=Count("pk", filter=Q(ends__gte=scope.on, ends__lte=scope.on + SOON)),
        )

    counted = scope.recall("licences that end", ("staff", "licences"), count)
    ended, soon, found = counted["ended"], counted["soon"], []
    if ended:
        text = say("UI_licences_ended", scope.lang, count=number(ended, scope.lang))
        found.append(Waiting("short", text, _there(scope, "/nguoi/", gphn="het")))
    if soon:
        text = say("UI_licences_soon", scope.lang, count=number(soon, scope.lang), days=SOON.days)
        found.append(Waiting("near", text, _there(scope, "/nguoi/", gphn="sap")))
    return found


def _imports(scope: Scope) -> list[Waiting]:
    """Workbooks that were read and wait for somebody to take them."""
    mine = within(scope.paths(Permission.IMPORT))
    read = Run.objects.filter(mine, kind="import", province=scope.province.code, state="done", accepted_at__isnull=True)
    count = read.count()
    if not count:
        return []
    there = _there(scope, "/nhap/", tinh_trang="cho")
    return [Waiting("near", say("UI_imports_waiting", scope.lang, count=count), there)]


def _papers(scope: Scope) -> list[Waiting]:
    """Plans that wait for a signature, for who signs; and signed ones without a number, for the clerk."""
    waits = (("submitted", Permission.SIGN, "/ky/"), ("signed", Permission.ISSUE, "/quyet-dinh/"))
    found = []
    for stage, permission, address in waits:
        if allowed(scope.account, permission, f"{scope.province.code}/", on=timezone.localdate()):
            count = Draft.objects.filter(province=scope.province.code, stage=stage).count()
            words = say(f"UI_sg_waits_{stage}", scope.lang, count=count)
            found += [Waiting("short", words, _there(scope, address))] if count else []
    return found


def _solves(scope: Scope) -> list[Waiting]:
    """Campaigns whose last solve is over and was not taken as a draft, for who plans: a plan, or why there is none."""
    since = timezone.now() - TOLD
    runs = Run.objects.filter(
        within(scope.paths(Permission.PLAN)), kind="solve", province=scope.province.code, asked_at__gte=since
    )
    rows = runs.order_by("asked_at").values_list("pk", "state", "given__campaign", "draft")
    last = {
        campaign: pk if state in ("done", "failed") and draft is None else None
        for pk, state, campaign, draft in rows
        if campaign
    }
    waits = Run.objects.filter(pk__in=[pk for pk in last.values() if pk]).defer("file") if any(last.values()) else ()
    return [_solve(run, run.given["campaign"], scope) for run in waits]


def _solve(run: Run, campaign: str, scope: Scope) -> Waiting:
    there = f"/dot/{campaign}/xep/?pv={scope.pv}&viec={run.pk}"
    found = run.result or {}
    if "tours" in found:
        text = say("UI_sv_wait_plan", scope.lang, campaign=campaign, unmet=number(found["unmet"], scope.lang))
        return Waiting("near", text, there)
    code = "UI_sv_wait_clash" if run.state == "done" else "UI_sv_wait_failed"
    return Waiting("short", say(code, scope.lang, campaign=campaign), there)


def _corrections(scope: Scope) -> list[Waiting]:
    """Corrections that others proposed, for who may record them."""
    if not scope.paths(Permission.EDIT_PEOPLE):
        return []
    found = proposals.for_me(scope.account, scope.province.code, at=scope.place.path if scope.place else "")
    count = sum(1 for one in found if one.account_id != scope.account.pk)
    if not count:
        return []
    return [Waiting("near", say("UI_corrections_waiting", scope.lang, count=count), _there(scope, "/de-nghi-sua/"))]


def _broken(scope: Scope) -> list[Waiting]:
    """Issued plans that the register no longer bears out, for who plans: as the page of changes counts it."""
    if not allowed(scope.account, Permission.PLAN, f"{scope.province.code}/", on=timezone.localdate()):
        return []
    today, found = timezone.localdate(), []
    campaigns = running_campaigns(scope.province.code, on=today)
    newest = Event.objects.order_by("-number").values_list("number", flat=True).first() if campaigns else None
    for campaign in campaigns:  # counted anew after whatever anybody has done
        key = "tours that cannot stand", campaign.code, today, newest
        count = scope.recall(key, ("staff",), partial(_cannot_stand, campaign), size=lambda _: 1)
        if count:
            words = say("UI_pe_waits_broken", scope.lang, campaign=campaign.name, count=number(count, scope.lang))
            found.append(Waiting("short", words, _there(scope, f"/dot/{campaign.code}/thay-doi/")))
    return found


def _cannot_stand(campaign: Campaign) -> int:
    """Return how much of an issued plan cannot stand; of one whose register cannot be planned, the page tells why."""
    try:
        there = situation(campaign, on=timezone.localdate())
    except (BadData, NormMissing):
        return 1
    return there.count if there else 0


def _wishes(scope: Scope) -> list[Waiting]:
    """What people who go ask for, for who may answer."""
    count = wishes.mine(scope).filter(state="open").count()
    text = say("UI_pe_waits_wishes", scope.lang, count=number(count, scope.lang))
    return [Waiting("near", text, _there(scope, "/nguyen-vong/"))] if count else []


def _norms(scope: Scope) -> list[Waiting]:
    """Norms of the province that another person proposed, for who may approve them."""
    if not allowed(scope.account, Permission.APPROVE_RULES, f"{scope.province.code}/", on=timezone.localdate()):
        return []
    rows = LocalNorm.objects.filter(province=scope.province.code, state="proposed").exclude(proposed_by=scope.account)
    return [
        Waiting("near", say("UI_norm_waiting", scope.lang, norm=every(row.name)[-1].title[scope.lang]),
                _there(scope, f"/quan-tri/quy-dinh/de-xuat/{row.pk}/"))
        for row in rows.order_by("pk")
    ]  # fmt: skip


def _unknown(scope: Scope, count: DoctorCount) -> list[Waiting]:
    """Places whose doctors nobody has recorded."""
    places = len(count.communes.places)
    if count.communes.known or not places:
        return []
    text = say("UI_places_unknown", scope.lang, count=number(places, scope.lang))
    return [Waiting("unknown", text, _there(scope, "/tram/"))]


def _there(scope: Scope, address: str, **more: Any) -> str:
    """Return the address with the state of the page; blank where no page stands at it."""
    try:
        resolve(address)
    except Resolver404:
        return ""
    asked = {name.replace("_", "-"): value for name, value in more.items()}
    state = {name: value for name, value in (scope.state() | asked).items() if value not in (None, "")}
    return f"{address}?{urlencode(state)}"
