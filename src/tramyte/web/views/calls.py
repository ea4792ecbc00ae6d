"""The call to sending units: how many of each skill, until when, and what has come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import BadData, TramyteError
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.web import records
from tramyte.web.actions import calls as actions
from tramyte.web.calling import asked, filled, named, newest_tours
from tramyte.web.models import Call, Facility, Sender, StaffSkill
from tramyte.web.models.base import FIRST_ON
from tramyte.web.planning import problem_of
from tramyte.web.roles import Permission
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.place import skill_words
from tramyte.web.views.scope import day_of

WEEK = timedelta(days=7)
AT = "de-xuat"


@dataclass
class Row:
    """
    One unit and skill: what is proposed, what was asked, who was named.

    weeks, people, max_away : as `calling.Asked`; None: nothing is proposed for it
    """

    unit: str
    skill: str
    title: str
    weeks: int | None = None
    people: int | None = None
    max_away: int | None = None
    proposed: int | None = None
    call: Any = None
    named: int = 0
    typed: str = ""

    @property
    def name(self) -> str:
        """Its field in a form."""
        return f"so-{self.unit}-{self.skill}"

    @property
    def count(self) -> int:
        """People asked for; before the call, people proposed."""
        return int(self.call.count if self.call else self.proposed or 0)

    @property
    def missing(self) -> int:
        """People asked for and not named yet."""
        return max(0, self.call.count - self.named) if self.call else 0


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def calls(request: HttpRequest, code: str) -> HttpResponse:
    """Show the call of a campaign; a unit is led to its own."""
    place = place_of(request, code)
    units = units_of(place)
    if not place.sees_all and len(units) == 1:
        return redirect(place.address(f"{AT}/{next(iter(units))}"))
    if not place.sees_all and not units:
        raise Http404
    rows = rows_of(place, units)
    found: list[Finding] = []
    typed: dict[str, str] = {}
    if request.method == "POST":
        place.must(Permission.PLAN)
        typed = {name: request.POST.get(name, "").strip() for name in ("han", *(row.name for row in rows))}
        try:
            made = _ask(place, rows, typed)
        except BadData as error:
            found = list(error.findings)
        else:
            units_asked = {one.unit for one in made}
            messages.success(request, say("UI_ca_asked", place.scope.lang, units=len(units_asked), count=len(made)))
            return redirect(place.address(AT))
    return render(request, "campaigns/calls.html", place.context(AT, **_told(place, units, rows, typed, found)))


def _told(
    place: Place, units: Mapping[str, Any], rows: list[Row], typed: Mapping[str, str], found: list[Finding]
) -> dict[str, Any]:
    lang = place.scope.lang
    sent = [row for row in rows if row.call]
    due = max((row.call.due for row in sent), default=timezone.localdate() + WEEK)
    for row in rows:
        row.typed = typed.get(row.name, str(row.count))
    groups = [
        {"name": units[unit].name, "address": place.address(f"{AT}/{unit}"), "rows": own,
         "span": len(own), "missing": sum(row.missing for row in own)}
        for unit in units if (own := [row for row in rows if row.unit == unit])
    ]  # fmt: skip
    return {
        "groups": sorted(groups, key=lambda one: -one["missing"]), "due": typed.get("han") or f"{due:%d/%m/%Y}",
        "asked": sum(row.call.count for row in sent), "named": sum(row.named for row in rows),
        "missing": sum(row.missing for row in rows), "is_sent": bool(sent), "left": (due - timezone.localdate()).days,
        "left_over": (timezone.localdate() - due).days, "needs": place.address("nhu-cau"),
        "summary": [(place_in_form(one), one.sentence(lang)) for one in found], "typed": typed,
        "may": place.is_planner, "has_draft": bool(newest_tours(place.campaign)),
    }  # fmt: skip


def place_in_form(one: Finding) -> str:
    """Return the field that a finding is about."""
    return "han" if one.cell == "due" else f"so-{one.cell}" if one.code == "E761" else ""


def _ask(place: Place, rows: Iterable[Row], typed: Mapping[str, str]) -> list[Call]:
    """Send the call as it was typed. raises: BadData, with every field that cannot be read."""
    found: list[Finding] = []
    due = day_of(typed["han"])
    if due is None:
        found.append(Finding("E708", "", "due", {"read": typed["han"] or "—"}))
    counts: dict[tuple[str, str], tuple[int, int | None]] = {}
    for row in rows:
        text = typed[row.name] or "0"
        if not text.isascii() or not text.isdecimal() or len(text) > len("9999"):
            found.append(Finding("E761", "", f"{row.unit}-{row.skill}", {"read": text, "most": actions.MOST}))
        elif int(text) or row.call:
            counts[row.unit, row.skill] = (int(text), row.weeks)
    if due is None or found:
        raise BadData(found)
    return actions.ask(by=place.account, campaign=place.campaign, counts=counts, due=due)


def units_of(place: Place) -> dict[str, Any]:
    """Return code -> facility of the sending units that whoever looks sees: all of them, or those they answer for."""
    rows = records.rows(Sender).filter(province=place.campaign.province)
    seen = place.own(Permission.SEE_PEOPLE) if place.sees_all else place.own(Permission.NOMINATE)
    codes = [one.facility for one in rows.order_by("facility") if one.path.startswith(tuple(seen))]
    there = Facility.objects.filter(province=place.campaign.province, code__in=codes).order_by(*FIRST_ON)
    found = {one.code: one for one in there}
    return {code: found[code] for code in codes if code in found}


def rows_of(place: Place, units: Mapping[str, Any]) -> list[Row]:
    """Return every unit and skill that is asked for or proposed, those of the problem first."""
    on, lang, campaign = day_asked(place), place.scope.lang, place.campaign
    found: dict[tuple[str, str], Row] = {}

    def row(unit: str, skill: str) -> Row:
        return found.setdefault((unit, skill), Row(unit, skill, skill_words(skill, lang, on=on) or skill))

    for one in _proposed(place) if place.is_planner else ():
        if one.unit in units:
            mine = row(one.unit, one.skill)
            mine.weeks, mine.people, mine.max_away, mine.proposed = one.weeks, one.people, one.max_away, one.count
    for call in Call.objects.filter(province=campaign.province, campaign=campaign.code, unit__in=list(units)):
        row(call.unit, call.skill).call = call
    counts: dict[str, dict[str, int]] = {}
    for (unit, skill), mine in found.items():
        if mine.call:
            counts.setdefault(unit, {})[skill] = mine.call.count
    skills = skills_of(place.campaign.province)
    going = [one for one in named(campaign) if one.is_going]
    for unit in units:
        own = [one.staff for one in going if one.unit == unit]
        for skill, people in filled(counts.get(unit, {}), own, skills).items():
            row(unit, skill).named = len(people)
    return list(found.values())


def skills_of(province: str) -> dict[str, list[str]]:
    """Return staff code -> what each is verified for, the primary skill first."""
    found: dict[str, list[str]] = {}
    rows = records.rows(StaffSkill).filter(province=province).order_by("rank", "pk")
    for staff, skill in rows.values_list("staff", "skill"):
        found.setdefault(staff, []).append(skill)
    return found


def _proposed(place: Place) -> list[Any]:
    """Return what the plan of the campaign asks of units; nothing where the register cannot be planned yet."""
    try:
        problem = place.sheet.problem if place.draft is not None else problem_of(place.campaign)[0]
        return asked(problem, [one for one in newest_tours(place.campaign) if str(one.staff) in problem.person_by_id])
    except TramyteError:
        return []


def posted(request: HttpRequest) -> dict[str, str]:
    """Return what a form holds: of a field that comes several times, the last."""
    return {name: str(value) for name, value in request.POST.items()}


def day_asked(place: Place) -> date:
    """Return the day on which a campaign asks the register and the law."""
    found: date = place.campaign.as_of or place.campaign.first_monday
    return found
