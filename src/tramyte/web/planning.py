"""From the rows of a campaign to a problem file, and from a draft to a plan laid out for people. Nothing is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Plan, PlanReport, Tour
from tramyte.domain.work import PastTour
from tramyte.rotation import build, explain
from tramyte.rotation import read as problem_files
from tramyte.rotation.check import objective
from tramyte.rotation.problem import Problem
from tramyte.web import records
from tramyte.web.models import Campaign, Conduct, Deployment, Draft, Frozen, Issue, Nomination, Province

Rows = list[dict[str, Any]]
SERVING = ("issued", "arrived", "ended", "confirmed")  # states of deployments that count as tours
ABOUT_PEOPLE = ("skills", "licences", "appointments", "absences", "past_tours", "locks")  # tables with a column `staff`
BESIDE_PEOPLE = ("campaign", "weights", "requirements", "senders", "away_limits", "travel", "facilities")


def campaign_of(province: str, code: str) -> Campaign:
    """Return a campaign. raises: Http404, the province has none of this code."""
    found: Campaign | None = records.rows(Campaign).filter(province=province, code=code).first()
    if found is None:
        raise Http404
    return found


def conduct_of(campaign: Campaign) -> Conduct | None:
    """Return how a campaign is run; None: nobody has opened it yet."""
    return Conduct.objects.filter(province=campaign.province, campaign=campaign.code).first()


def tours_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Tour, ...]:
    """Return the tours of a column of a draft."""
    return tuple(Tour(row["staff"], row["station"], row["skill"], row["start"], row["weeks"]) for row in rows)


def rows_of(tours: Iterable[Tour]) -> Rows:
    """Return tours as a draft keeps them, in one order whatever order they come in."""
    return [tour.to_json() for tour in sorted(tours, key=lambda tour: tour.key)]


def key_of(tour: Tour) -> str:
    """Return the name of a tour in addresses and reasons."""
    return f"{tour.staff}@{tour.start}"


def served(campaign: Campaign, *, on: date) -> int:
    """Return how many weeks of an issued campaign have begun before the day: they stay as they are."""
    if not Issue.objects.filter(province=campaign.province, campaign=campaign.code).exists():
        return 0
    return max(0, min(campaign.weeks, -((campaign.first_monday - on).days // 7)))


def tour_of(one: Deployment, campaign: Campaign) -> Tour:
    """Return a deployment as a tour of its campaign; a week that has begun counts whole."""
    days = (one.start - campaign.first_monday).days
    return Tour(one.staff, one.facility, one.skill, days // 7, -(-(one.end - one.start).days // 7))


def problem_of(
    campaign: Campaign, *, on: date | None = None, only: Collection[str] | None = None
) -> tuple[Problem, tuple[Finding, ...]]:
    """
    Return the problem of a campaign from the register as it is, and its warnings.

    on     : the day on which the register is asked; None: the day the campaign names, else its first Monday
    only   : the people it knows; None: everybody
    raises : BadData, the register cannot be planned; NormMissing
    """
    day = on or campaign.as_of or campaign.first_monday
    province = Province.objects.get(code=campaign.province)
    found = _register(campaign, only)
    found = replace(found, past_tours=ledger(found.past_tours, campaign))
    found = _nominated(found, campaign)
    return build.build(found, on=day, synthetic=province.is_sample)


def _register(campaign: Campaign, only: Collection[str] | None) -> Any:
    """Return the records of a province; of people only those named, where some are."""
    if only is None:
        return records.register(campaign.province, campaign=campaign.code)
    found = records.register(campaign.province, campaign=campaign.code, names=BESIDE_PEOPLE)
    own = records.register(
        campaign.province, campaign=campaign.code, names=ABOUT_PEOPLE, within=Q(staff__in=list(only))
    )
    who = records.register(campaign.province, names=("staff",), within=Q(code__in=list(only)))
    return replace(found, **{name: getattr(own, name) for name in ABOUT_PEOPLE}, staff=who.staff)


def ledger(past: Iterable[PastTour], campaign: Campaign) -> tuple[PastTour, ...]:
    """
    Return the tours that count beside those of the campaign: the ledger's, and what other campaigns have issued.

    One person and one first day are one tour: what was confirmed stands in the ledger, and is not counted again as a
    deployment. What the campaign itself has issued is its plan, and no past of it.
    """
    rows = records.rows(Deployment).filter(province=campaign.province, state__in=SERVING).select_related("decision")
    own = {(one.staff, one.start) for one in rows if one.campaign == campaign.code}
    kept = [one for one in past if (one.staff, one.start) not in own]
    known = {(one.staff, one.start) for one in kept}
    return (*kept, *(
        PastTour(
            one.staff, one.facility, one.skill, one.start, one.end, one.instrument,
            one.decision.number if one.decision else None,
        )
        for one in rows if one.campaign != campaign.code and (one.staff, one.start) not in known
    ))  # fmt: skip


def _nominated(found: Any, campaign: Campaign) -> Any:
    """Return the register with only those who can go: of a unit that has named people, nobody else."""
    rows = list(Nomination.objects.filter(province=campaign.province, campaign=campaign.code))
    if not rows:
        return found
    going = {one.staff for one in rows if one.is_going}
    staying = {one.staff for one in rows if not one.is_going}
    units = {one.unit for one in rows if one.is_going}
    homes = {one.staff: one.facility for one in sorted(found.appointments, key=lambda one: one.share)}
    kept = {
        one.code
        for one in found.staff
        if one.code not in staying and (one.code in going or homes.get(one.code) not in units)
    }
    return replace(
        found,
        staff=tuple(one for one in found.staff if one.code in kept),
        skills=tuple(one for one in found.skills if one.staff in kept),
        locks=tuple(one for one in found.locks if one.staff in kept),
    )


def frozen(problem: Problem) -> tuple[str, dict[str, Any]]:
    """Return the sha256 of a problem file and its content."""
    content = problem_files.to_json(problem)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest(), content


def with_incumbent(
    problem: Problem, *, kept: Sequence[Tour], pins: Sequence[Tour], before: int, disruption: int | None = None
) -> Problem:
    """
    Return a problem that is solved again from a plan.

    kept   : the plan in hand, of which few tours shall change; empty: free
    pins   : tours that must stand; before: weeks that are served, in which nothing changes
    disruption : points of each tour given up; None: as the problem has it
    """
    locked = {tour.key: tour for tour in (*problem.locked, *pins)}
    weights = problem.weights if disruption is None else {**problem.weights, "disruption": disruption}
    return replace(problem, incumbent=tuple(kept), locked=tuple(locked.values()), frozen_before=before, weights=weights)


def price_of_change(problem: Problem) -> int:
    """
    Return what a tour given up costs where few shall change, in points: the longest tour to the dearest normal need.

    So a normal shortage moves nobody who is told already; a critical one does, and all the moves that it takes.
    """
    longest = max((weeks for unit in problem.units for weeks in unit.durations if weeks <= problem.weeks), default=1)
    dearest = max((need.w_norm for station in problem.stations for need in station.needs), default=0)
    return max(longest * dearest, problem.weights["disruption"])


def fits(problem: Problem, tour: Tour) -> bool:
    """Return whether a problem knows who goes, where and as what: a tour of another problem may name somebody else."""
    return (
        str(tour.staff) in problem.person_by_id
        and str(tour.station) in problem.station_by_id
        and str(tour.skill) in problem.skill_by_id
        and tour.end <= problem.weeks
    )


def problem_file(frozen: Frozen) -> Problem:
    """Return the problem of a frozen file."""
    return problem_files.problem(frozen.problem)


@lru_cache(maxsize=4)  # of the drafts looked at: what stands under a hash never changes
def problem_under(sha256: str) -> Problem:
    """Return the problem of the file with this sha256."""
    return problem_file(Frozen.objects.get(pk=sha256))


@lru_cache(maxsize=16)  # drafts as they were looked at last: a page shows what the one before showed, but for one step
def _laid_out(sha256: str, tours: tuple[Tour, ...], bound: int | None, status: str, as_of: date | None) -> PlanReport:
    """Return a plan of the problem with this sha256, laid out for people."""
    problem = problem_under(sha256)
    cost = objective(problem, tours)
    bound = min(0, cost.total) if bound is None else min(bound, cost.total)
    plan = Plan(
        tours, cost, bound=bound, status=status, seconds=0.0, seed=0, unmet=explain.explained(problem, tours)
    )  # fmt: skip
    return explain.report(problem, plan, as_of=as_of, source="")


@dataclass(frozen=True)
class Sheet:
    """A draft with its problem, ready to be shown, checked or changed."""

    draft: Draft

    @cached_property
    def problem(self) -> Problem:
        """The problem file the draft was made for."""
        return problem_under(self.draft.frozen_id)

    @cached_property
    def tours(self) -> tuple[Tour, ...]:
        """The tours, ids as the problem has them."""
        return tours_of(self.draft.tours)

    @cached_property
    def pins(self) -> frozenset[tuple[str, str, str, int, int]]:
        """Keys of the tours that solving again must keep."""
        return frozenset(tour.key for tour in tours_of(self.draft.pins))

    @cached_property
    def plan(self) -> Plan:
        """The plan, its cost counted, what is unmet told with reasons."""
        return self.report.plan

    @cached_property
    def report(self) -> PlanReport:
        """The plan laid out for people."""
        campaign = campaign_of(self.draft.province, self.draft.campaign)
        return _laid_out(
            self.draft.frozen_id, self.tours, self.draft.bound, self.draft.status or "feasible", campaign.as_of
        )

    @property
    def unmet(self) -> int:
        """Person-weeks that are asked for and that nobody serves."""
        return sum(row.count for row in self.plan.unmet)

    @property
    def wanted(self) -> int:
        """Person-weeks that are asked for."""
        return sum(need.count for need in self.report.needs)

    def tour(self, key: str) -> Tour | None:
        """Return the tour of this name; None: the draft has it no longer."""
        return next((tour for tour in self.tours if key_of(tour) == key), None)


def draft_of(province: str, campaign: str, number: int | None) -> Draft:
    """
    Return a draft of a campaign.

    number : None: the one on its way to a signature, else the newest that is no trial
    raises : Http404, there is none
    """
    found = Draft.objects.filter(province=province, campaign=campaign).exclude(stage="dropped")
    found = found.select_related("parent", "amends")
    if number is not None:
        one = found.filter(number=number).first()
    else:
        one = (
            found.filter(stage__in=("opinions", "submitted", "signed")).order_by("-number").first()
            or found.exclude(origin="trial").order_by("-number").first()
        )
    if one is None:
        raise Http404
    return one


def weeks_of(campaign: Campaign) -> list[date]:
    """Return the Mondays of a campaign."""
    return [campaign.first_monday + timedelta(weeks=week) for week in range(campaign.weeks)]


def today() -> date:
    """Return the day on which somebody works."""
    return timezone.localdate()


def refuse(*found: Finding) -> None:
    """Refuse with what is wrong. raises: BadData, if anything is."""
    if found:
        raise BadData(found)
