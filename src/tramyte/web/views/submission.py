"""What is submitted for signature: in figures that open, with its checks and its files; submitting, taking back."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible
from tramyte.domain.messages import Lang, say
from tramyte.domain.names import sort_key
from tramyte.domain.plan import PlanReport, Tour, TourLine
from tramyte.exchange import letters
from tramyte.exchange.board import name_key
from tramyte.rotation import explain
from tramyte.web import bundle
from tramyte.web.actions import stages
from tramyte.web.dossier import Dossier, as_it_stood, dossier_of
from tramyte.web.models import Draft, Ruling
from tramyte.web.planning import Sheet, key_of, tours_of
from tramyte.web.readiness import Check
from tramyte.web.roles import Permission
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.scope import whole_of

PART = "ho-so-trinh"


@dataclass(frozen=True)
class Facts:
    """A draft in one screen: who moves, what stays open, money, rules bent, what changed since it was last ruled on."""

    dossier: Dossier
    lang: Lang

    @property
    def draft(self) -> Draft:
        """The draft."""
        return self.dossier.draft

    @cached_property
    def report(self) -> PlanReport:
        """The whole plan laid out."""
        return self.dossier.sheet.report

    @cached_property
    def lines(self) -> list[TourLine]:
        """The tours that the paper lists, by unit and name."""
        return sorted(self.dossier.report.tours, key=_in_order)

    @cached_property
    def persons(self) -> list[list[TourLine]]:
        """The tours of each person whom the paper lists."""
        return [*_by_person(self.lines).values()]

    @cached_property
    def people(self) -> int:
        """How many people it is about."""
        return len(self.persons)

    @cached_property
    def stations(self) -> int:
        """How many stations."""
        return len({one.tour.key[1] for one in self.lines})

    @cached_property
    def units(self) -> int:
        """How many sending units."""
        return len({one.unit for one in self.lines})

    @cached_property
    def short(self) -> list[dict[str, Any]]:
        """Stations with person-weeks that nobody serves, the most first."""
        found: dict[str, dict[str, Any]] = {}
        for need in self.report.needs:
            open_weeks = max(0, need.count - need.served)
            if open_weeks:
                row = found.setdefault(need.station, {"name": need.station_name, "weeks": 0, "skills": set()})
                row["weeks"] += open_weeks
                row["skills"].add(need.skill_name)
        rows = [{**row, "skills": ", ".join(sorted(row["skills"]))} for row in found.values()]
        return sorted(rows, key=lambda row: (-row["weeks"], row["name"]))

    @cached_property
    def unmet(self) -> int:
        """Person-weeks that nobody serves."""
        return sum(row["weeks"] for row in self.short)

    @cached_property
    def wanted(self) -> int:
        """Person-weeks that are asked for."""
        return sum(need.count for need in self.report.needs)

    @cached_property
    def overrides(self) -> list[tuple[TourLine, str]]:
        """Tours for which a soft rule is bent, each with its reason."""
        by_key = {key_of(one.tour): one for one in self.report.tours}
        return [(by_key[key], text) for key, text in sorted(self.draft.reasons.items()) if key in by_key]

    @cached_property
    def money(self) -> str:
        """What it costs in millions, as far as it is known."""
        return bundle.money(self.dossier, self.lang)

    @cached_property
    def agreed(self) -> tuple[int, int]:
        """Parties that agreed in writing, and those that are asked."""
        read = next(one.read for one in self.checks if one.name == "agreement")
        return read["agreed"], read["asked"]

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The twelve."""
        return self.dossier.checks

    @property
    def table(self) -> list[dict[str, Any]]:
        """The twelve in words."""
        return [told(one, self.lang) for one in self.checks]

    @cached_property
    def last(self) -> Ruling | None:
        """What was last ruled on in the campaign."""
        rows = Ruling.objects.filter(draft__province=self.draft.province, draft__campaign=self.draft.campaign)
        return rows.select_related("draft", "account").order_by("-pk").first()

    @cached_property
    def changed(self) -> list[dict[str, Any]]:
        """Who goes otherwise than when it was last ruled on, or than the plan in force."""
        if self.last is not None:
            before = tours_of(as_it_stood(self.last.draft, revision=self.last.revision))
            old = lines_of(Sheet(self.last.draft), before)
        elif self.dossier.before is not None:
            old = list(self.dossier.before.tours)
        else:
            return []
        was, will = _by_person(old), _by_person(self.report.tours)
        names = {one.tour.key[0]: one.staff_name for one in (*old, *self.report.tours)}
        return [
            {"name": names[code], "before": was.get(code, []), "after": will.get(code, [])}
            for code in sorted(names, key=lambda code: name_key(names[code]))
            if [one.tour.key for one in was.get(code, [])] != [one.tour.key for one in will.get(code, [])]
        ]


def told(one: Check, lang: Lang) -> dict[str, Any]:
    """Return a check in words."""
    return {
        "name": one.name, "look": one.look, "title": one.title(lang), "article": one.article(lang),
        "read": one.told(lang), "findings": [what.sentence(lang) for what in one.findings],
        "word": say(f"UI_sg_look_{one.look}", lang),
    }  # fmt: skip


def lines_of(sheet: Sheet, tours: tuple[Tour, ...]) -> list[TourLine]:
    """Return tours of a draft's problem laid out for people."""
    return list(explain.report(sheet.problem, replace(sheet.plan, assignments=tours)).tours)


def _in_order(one: TourLine) -> Any:
    return sort_key(one.unit_name), name_key(one.staff_name), one.tour.key


def _by_person(lines: Any) -> Mapping[str, list[TourLine]]:
    found: dict[str, list[TourLine]] = defaultdict(list)
    for one in sorted(lines, key=_in_order):
        found[one.tour.key[0]].append(one)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def submission(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is submitted, submit it or take it back; `xuat=zip` gives the files for an office document system."""
    place = place_of(request, code)
    if not place.sees_all or place.draft is None:
        raise Http404
    facts = Facts(dossier_of(place.draft), place.scope.lang)
    wrong: list[str] = []
    if request.method == "POST":
        place.must(Permission.PLAN)
        wrong = _done(request, place, place.draft)
        if not wrong:
            return redirect(place.address(PART, ban=place.draft.number))
    elif request.GET.get("xuat") == "zip":
        return _zip(facts, place)
    page = {
        "facts": facts, "summary": [("", one) for one in wrong], "files": bundle.names(facts.dossier),
        "may_submit": place.is_planner and place.draft.stage in ("draft", "opinions"),
        "may_take_back": place.is_planner and place.draft.stage == "submitted",
        "zip": place.address(PART, ban=place.draft.number, xuat="zip"),
        "rulings": Ruling.objects.filter(draft=place.draft).select_related("account").order_by("-pk"),
    }  # fmt: skip
    return render(request, "signing/submission.html", place.context(PART, **page), status=422 if wrong else 200)


def _done(request: HttpRequest, place: Place, draft: Draft) -> list[str]:
    """Submit a draft or take it back; return what stands against it."""
    lang = place.scope.lang
    seen = whole_of(request.POST.get("lan-sua"))
    try:
        if request.POST.get("viec") == "rut":
            stages.reopen(by=place.account, draft=draft, reason=request.POST.get("ly-do", ""))
        else:
            stages.submit(by=place.account, draft=draft, seen=-1 if seen is None else seen)
    except BadData as error:
        return [one.sentence(lang) for one in error.findings]
    except Infeasible as error:
        return [one.sentence(lang) for one in error.breaches]
    except AlreadyIssued:
        return [say("UI_sg_not_here", lang)]
    messages.success(request, say(f"UI_sg_now_{draft.stage}", lang))
    return []


def _zip(facts: Facts, place: Place) -> HttpResponse:
    data = bundle.zipped(facts.dossier, _words(facts, place))
    answer = HttpResponse(data, content_type="application/zip")
    name = f"ho-so-trinh-{place.campaign.code}-{facts.draft.number}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-SHA256"] = hashlib.sha256(data).hexdigest()
    return answer


def _words(facts: Facts, place: Place) -> dict[str, str]:
    """Return what the submission letter says beside the plan."""
    agreed, asked = facts.agreed
    reasons = "; ".join(f"{one.staff_name}: {text}" for one, text in facts.overrides)
    return {
        "campaign": str(place.campaign.name), "unmet": str(facts.unmet), "short": str(len(facts.short)),
        "wanted": str(facts.wanted), "money": bundle.money(facts.dossier, "vi", is_whole=True), "agreed": str(agreed),
        "asked": str(asked), "overrides": reasons or letters.wording()["no_overrides"],
    }  # fmt: skip


def day_of_signature(facts: Facts, today: date) -> date:
    """Return the day that stands on the paper before the clerk says another: the day of the tray."""
    given = facts.dossier.case.ruled
    return given.on if given else today
