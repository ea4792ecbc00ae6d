"""What stands on the desk of a commune beside its list of facilities: to answer, posts, who is there, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from tramyte.domain.errors import NormMissing
from tramyte.domain.messages import say
from tramyte.norms import norm
from tramyte.web import records
from tramyte.web.actions.requirements import may_want
from tramyte.web.calling import filled
from tramyte.web.models import (
    Absence,
    Appointment,
    Call,
    Case,
    Conduct,
    Deployment,
    Draft,
    Nomination,
    Opinion,
    PastTour,
    Post,
    Project,
    Staff,
    Wanted,
)
from tramyte.web.models.base import below, in_force
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.views.calls import skills_of
from tramyte.web.views.place import GOING, address, skill_words, words_of
from tramyte.web.views.scope import Scope

OPEN_CASES = ("open", "assigned", "escalated", "answered")


@dataclass(frozen=True)
class Task:
    """Something to answer: its words, where, how pressing it is (look, word)."""

    text: str
    address: str
    look: str
    word: str


def to_answer(scope: Scope, *, side: str, path: str) -> list[Task]:
    """Return the opinions that a party at a place still owes, the first due first. side: sender or receiver."""
    rows = unanswered(scope.province.code).filter(below(path), side=side)
    today, lang, found = timezone.localdate(), scope.lang, []
    for one in rows.select_related("draft").order_by("due", "pk"):
        left = (one.due - today).days
        word = say("UI_ca_overdue", lang, days=-left) if left < 0 else say("UI_ca_left", lang, days=left)
        text = say("UI_ca_task_opinion", lang, campaign=one.draft.campaign, number=one.draft.number, who=one.party_name)
        address = f"/dot/{one.draft.campaign}/y-kien/{one.pk}/?{urlencode({'pv': scope.pv, 'ban': one.draft.number})}"
        found.append(Task(text, address, "short" if left < 0 else "near", word))
    return found


def unanswered(province: str) -> Any:
    """Return the opinions still owed of drafts that are out, of their last round alone."""
    last = Opinion.objects.filter(draft=OuterRef("draft")).order_by("-round").values("round")[:1]
    rows = Opinion.objects.filter(province=province, answer__isnull=True, draft__stage="opinions")
    return rows.filter(round=Subquery(last))


def desk(scope: Scope, path: str, here: Sequence[Any]) -> dict[str, Any]:
    """Return what the page of a commune shows of its desk. here: its facilities on the day."""
    account, today = scope.account, timezone.localdate()
    sees = any(path.startswith(one) for one in paths(account, Permission.SEE_PEOPLE, on=today))
    may = any(path.startswith(one) for one in paths(account, Permission.ANSWER, on=today))
    codes = [one.code for one in here]
    stations = [one for one in here if one.kind in ("station", "polyclinic")]
    return {
        "tasks": to_answer(scope, side="receiver", path=path) if may else [], "may": may, "sees": sees,
        "posts": _linked(_posts(scope, codes), scope, path, stations),
        "people": _linked(_people(scope, codes, path), scope, path, stations) if sees else None,
        "cases": _cases(scope, codes) if sees else [], "projects": _projects(scope, codes),
        "wishes": wishes(scope, path) if sees else [], "decides": _decides(scope),
        "wants": [
            (one.name, f"/de-nghi-nguoi/?{urlencode({'pv': scope.pv, 'co-so': one.code})}")
            for one in stations if may_want(account, one.path)
        ],
    }  # fmt: skip


def _posts(scope: Scope, codes: Sequence[str]) -> list[tuple[str, int | None]]:
    """Return posts granted, filled, unfilled and frozen; None: no post is recorded."""
    on, known, province = scope.on, scope.moment, scope.province.code
    rows = records.rows(Post, on=on, known=known).filter(province=province, facility__in=codes)
    granted = list(rows.values_list("code", "is_frozen"))
    held = records.rows(Appointment, on=on, known=known).filter(province=province, post__in=[one for one, _ in granted])
    filled = len(set(held.values_list("post", flat=True)))
    if not granted:
        return [("UI_posts_granted", None)]
    frozen = sum(1 for _, is_frozen in granted if is_frozen)
    return [
        ("UI_posts_granted", len(granted)), ("UI_posts_filled", filled), ("UI_ca_posts_empty", len(granted) - filled),
        ("UI_ca_posts_frozen", frozen),
    ]  # fmt: skip


def _linked(
    figures: Sequence[tuple[str, int | None]], scope: Scope, path: str, stations: Sequence[Any]
) -> list[dict[str, Any]]:
    """Return figures with the rows that count to them: people of the place; of one station alone guests and posts."""
    state = {name: value for name, value in scope.state().items() if value}
    base = address(stations[0]) if len(stations) == 1 else ""
    at = f"{scope.province.code}.{path.strip('/').split('/')[-1]}"
    known = {
        "UI_ca_home": f"/nguoi/?{urlencode({**state, 'pv': at})}",
        "UI_ca_guests": base and f"{base}luot/?{urlencode({**state, 'luc': 'now'})}",
    }
    return [{"word": word, "count": count, "address": known.get(word) if count else None} for word, count in figures]


def _people(scope: Scope, codes: Sequence[str], path: str) -> list[tuple[str, int | None]]:
    """Return who is there on the day: those at home, less who is absent or on tour, and guests."""
    on, known, province = scope.on, scope.moment, scope.province.code

    def rows(model: Any, **more: Any) -> Any:
        return records.rows(model, known=known).filter(in_force(on), province=province, **more)

    guests = set(rows(PastTour, facility__in=codes).exclude(instrument="transfer").values_list("staff", flat=True))
    guests |= set(rows(Deployment, facility__in=codes, state__in=GOING).values_list("staff", flat=True))
    home = set(rows(Staff).filter(below(path)).values_list("code", flat=True)) - guests
    absent = set(rows(Absence, outcome="absent", staff__in=home).values_list("staff", flat=True))
    away = set(rows(PastTour, staff__in=home).exclude(instrument="transfer").values_list("staff", flat=True))
    away |= set(rows(Deployment, staff__in=home, state__in=GOING).values_list("staff", flat=True))
    return [
        ("UI_ca_home", len(home)), ("UI_ca_away", len(away)), ("UI_ca_absent_today", len(absent - away)),
        ("UI_ca_guests", len(guests)), ("UI_ca_there", len(home - away - absent) + len(guests)),
    ]  # fmt: skip


def _cases(scope: Scope, codes: Sequence[str]) -> list[Any]:
    rows = records.rows(Case, known=scope.moment).filter(province=scope.province.code, facility__in=codes)
    return list(rows.filter(state__in=OPEN_CASES).order_by("due", "number"))


def _projects(scope: Scope, codes: Sequence[str]) -> list[dict[str, Any]]:
    rows = records.rows(Project, on=scope.on, known=scope.moment)
    found = rows.filter(province=scope.province.code, facility__in=codes).order_by("start", "code")
    return [{"row": one, "kind": words_of("projects", "kind", one.kind, scope.lang)} for one in found]


def wishes(scope: Scope, path: str) -> list[dict[str, Any]]:
    """Return what was asked for at a place and how it was answered, the newest first."""
    rows = Wanted.objects.filter(below(path), province=scope.province.code).order_by("-asked_at")
    looks = {"open": "near", "taken": "met", "declined": "short"}
    return [
        {"row": one, "look": looks[one.state], "word": say(f"UI_ca_wish_{one.state}", scope.lang),
         "skill": skill_words(one.skill, scope.lang, on=scope.on)}
        for one in rows
    ]  # fmt: skip


def _decides(scope: Scope) -> list[dict[str, str]]:
    """Return who decides what, in the language of the page; before the rule begins, nothing."""
    try:
        rows = norm("who_decides", on=scope.on).value
    except NormMissing:
        return []
    return [
        {"act": row[scope.lang], "decides": row[f"decides_{scope.lang}"], "advises": row[f"advises_{scope.lang}"],
         "paper": row["paper"]}
        for row in rows
    ]  # fmt: skip


def called(scope: Scope, units: Sequence[str] | None) -> list[dict[str, Any]]:
    """
    Return the campaigns not issued yet for which units are asked for people: asked, named, missing, due; in that order.

    units : codes; None: every unit of the province
    """
    province = scope.province.code
    over = Conduct.objects.filter(province=province, state="ended").values("campaign")
    issued = Draft.objects.filter(province=province, stage="issued").values("campaign")
    rows = Call.objects.filter(province=province, count__gt=0).exclude(campaign__in=over).exclude(campaign__in=issued)
    asked = list((rows if units is None else rows.filter(unit__in=units)).order_by("due", "pk"))
    if not asked:
        return []
    who_goes = Nomination.objects.filter(province=province, is_going=True, unit__in={one.unit for one in asked})
    going = list(who_goes.order_by("rank", "pk"))
    skills = skills_of(province)
    found = []
    for campaign, unit in dict.fromkeys((one.campaign, one.unit) for one in asked):
        mine = [one for one in asked if (one.campaign, one.unit) == (campaign, unit)]
        counts = {one.skill: one.count for one in mine}
        who = [one.staff for one in going if (one.campaign, one.unit) == (campaign, unit)]
        there = filled(counts, who, skills)
        missing = sum(max(0, count - len(there.get(skill, ()))) for skill, count in counts.items())
        said = all(one.declined or len(there.get(one.skill, ())) >= one.count for one in mine)
        left = (mine[0].due - timezone.localdate()).days
        found.append({
            "campaign": campaign, "unit": unit, "asked": sum(counts.values()), "named": len(who), "missing": missing,
            "due": mine[0].due, "left": left, "is_said": said,
            "address": f"/dot/{campaign}/de-xuat/{unit}/?{urlencode({'pv': scope.pv})}",
        })  # fmt: skip
    return found
