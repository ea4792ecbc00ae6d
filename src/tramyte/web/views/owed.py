"""What campaigns still wait for: names of units, opinions of parties, requests of stations; for who can finish it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from tramyte.domain.messages import say
from tramyte.web import records
from tramyte.web.models import Campaign, Sender, Wanted
from tramyte.web.permissions import allowed, paths
from tramyte.web.roles import Permission
from tramyte.web.views.desk import called, to_answer, unanswered
from tramyte.web.views.eligible import day_words
from tramyte.web.views.scope import Scope


@dataclass(frozen=True)
class Owed:
    """One thing: look (short: overdue, near), words, and the page where it is finished, without the state."""

    look: str
    text: str
    address: str


def owed(scope: Scope) -> list[Owed]:
    """Return what waits for the account of a scope, of its own: the province for a planner, a unit, a commune."""
    if allowed(scope.account, Permission.PLAN, f"{scope.province.code}/", on=timezone.localdate()):
        return [*_wishes(scope), *_silent(scope), *_unnamed(scope)]
    return [*_calls(scope), *_opinions(scope)]


def _mine(scope: Scope, permission: Permission) -> list[str]:
    root = f"{scope.province.code}/"
    found = paths(scope.account, permission, on=timezone.localdate())
    return [path for path in found if path.startswith(root)]


def _calls(scope: Scope) -> list[Owed]:
    """Calls that a unit has not answered in full."""
    mine = tuple(_mine(scope, Permission.NOMINATE))
    if not mine:
        return []
    rows = records.rows(Sender).filter(province=scope.province.code)
    units = [one.facility for one in rows if one.path.startswith(mine)]
    return [_call(scope, one, f"/dot/{one['campaign']}/de-xuat/{one['unit']}/") for one in called(scope, units)
            if not one["is_said"]]  # fmt: skip


def _call(scope: Scope, one: dict[str, Any], address: str) -> Owed:
    fields = {"campaign": one["campaign"], "missing": one["missing"], "due": day_words(one["due"], scope.lang)}
    look = "short" if one["left"] < 0 else "near"
    return Owed(look, say("UI_ca_waits_call", scope.lang, **fields), address)


def _opinions(scope: Scope) -> list[Owed]:
    """Opinions that a unit or a commune has not given."""
    sides = (("sender", Permission.NOMINATE), ("receiver", Permission.ANSWER))
    found = [one for side, may in sides for path in _mine(scope, may) for one in to_answer(scope, side=side, path=path)]
    return [Owed(one.look, one.text, one.address.partition("?")[0]) for one in found]


def _wishes(scope: Scope) -> list[Owed]:
    """Requests of stations and communes that nobody has answered; they are answered in the newest campaign."""
    count = Wanted.objects.filter(province=scope.province.code, state="open").count()
    if not count:
        return []
    newest = records.rows(Campaign).filter(province=scope.province.code).order_by("-first_monday", "code").first()
    address = f"/dot/{newest.code}/nhu-cau/" if newest else "/dot/"
    return [Owed("near", say("UI_ca_waits_wishes", scope.lang, count=count), address)]


def _silent(scope: Scope) -> list[Owed]:
    """Parties that have not said what they think of a draft, by campaign."""
    rows = unanswered(scope.province.code)
    counts: Counter[str] = Counter()
    due: dict[str, Any] = {}
    for campaign, day in rows.values_list("draft__campaign", "due"):
        counts[campaign] += 1
        due[campaign] = min(due.get(campaign, day), day)
    return [
        Owed("short" if due[one] < timezone.localdate() else "near",
             say("UI_ca_waits_opinions", scope.lang, campaign=one, count=count, due=day_words(due[one], scope.lang)),
             f"/dot/{one}/y-kien/")
        for one, count in sorted(counts.items())
    ]  # fmt: skip


def _unnamed(scope: Scope) -> list[Owed]:
    """People whom units have still to name, by campaign."""
    missing: Counter[str] = Counter()
    late: dict[str, bool] = {}
    for one in called(scope, None):
        if not one["is_said"]:
            missing[one["campaign"]] += one["missing"]
            late[one["campaign"]] = late.get(one["campaign"], False) or one["left"] < 0
    return [
        Owed("short" if late[one] else "near", say("UI_ca_waits_calls", scope.lang, campaign=one, missing=count),
             f"/dot/{one}/de-xuat/")
        for one, count in sorted(missing.items())
    ]  # fmt: skip
