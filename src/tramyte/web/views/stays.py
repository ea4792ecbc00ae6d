"""Deployments as people look at them: who, where, when, how to get there, whom to call, what was said about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tramyte.domain.errors import NormMissing
from tramyte.domain.messages import Lang, say
from tramyte.domain.plan import Objective, Plan, PlanReport, Tour, TourLine
from tramyte.exchange.calendars import PAIRS, calendars
from tramyte.norms.days import working_days
from tramyte.norms.instruments import instrument
from tramyte.rotation.travel import Ways, ways
from tramyte.web import records
from tramyte.web.models import Campaign, Deployment, Facility, Grant, Paper, Receipt, Staff, Travel, Wish
from tramyte.web.models.base import FIRST_ON, in_force
from tramyte.web.nouns import slug
from tramyte.web.permissions import visible_to
from tramyte.web.planning import SERVING, tour_of
from tramyte.web.views.place import address, skill_words
from tramyte.web.views.scope import Scope

LOOKS = {"issued": "near", "arrived": "met", "ended": "unknown", "confirmed": "met", "cancelled": "unknown"}
ONE = timedelta(days=1)


def deployments(scope: Scope) -> QuerySet[Any]:
    """Return the signed deployments of a province that the account may see, cancelled ones too."""
    rows = records.rows(Deployment).filter(province=scope.province.code, state__in=(*SERVING, "cancelled"))
    return visible_to(rows, scope.account, on=timezone.localdate()).select_related("decision")


@dataclass(frozen=True)
class Stays:
    """Deployments with what goes with them, each table asked once."""

    scope: Scope
    rows: tuple[Deployment, ...]

    @cached_property
    def each(self) -> list[Stay]:
        """One stay a deployment, in their order."""
        return [Stay(self, row) for row in self.rows]

    @cached_property
    def people(self) -> dict[str, Any]:
        """Code -> row of those who go."""
        rows = records.rows(Staff).filter(province=self.scope.province.code, code__in={row.staff for row in self.rows})
        return {one.code: one for one in rows}

    @cached_property
    def facilities(self) -> dict[str, Any]:
        """Code -> newest row of the places they come from and go to."""
        codes = {row.facility for row in self.rows} | {row.sending_facility for row in self.rows}
        rows = records.rows(Facility).filter(province=self.scope.province.code, code__in=[one for one in codes if one])
        return {one.code: one for one in rows.order_by(*FIRST_ON)}

    @cached_property
    def campaigns(self) -> dict[str, Any]:
        """Code -> campaign."""
        rows = records.rows(Campaign).filter(province=self.scope.province.code)
        return {one.code: one for one in rows.filter(code__in={row.campaign for row in self.rows if row.campaign})}

    @cached_property
    def receipts(self) -> dict[int, Receipt]:
        """Number of a deployment -> that its person has seen the decision."""
        return {one.deployment_id: one for one in Receipt.objects.filter(deployment__in=self.rows)}

    @cached_property
    def wishes(self) -> dict[int, list[Wish]]:
        """Number of a deployment -> what its person asked for, newest first."""
        found: dict[int, list[Wish]] = {}
        for one in Wish.objects.filter(deployment__in=self.rows).order_by("-at"):
            found.setdefault(one.deployment_id, []).append(one)
        return found


@dataclass(frozen=True)
class Stay:
    """One deployment."""

    all: Stays
    row: Deployment

    @property
    def scope(self) -> Scope:
        """In whose eyes."""
        return self.all.scope

    @property
    def name(self) -> str:
        """Who goes, as a list writes a name."""
        one = self.all.people.get(self.row.staff)
        return f"{one.family_names} {one.given_name}" if one else str(self.row.staff)

    @property
    def address(self) -> str:
        """The page of it."""
        return f"/luot/{self.row.pk}/"

    @property
    def station(self) -> str:
        """Where."""
        return self._called(self.row.facility)

    @property
    def station_address(self) -> str | None:
        """The page of the station; None: it is none any more."""
        one = self.all.facilities.get(self.row.facility)
        return address(one) if one else None

    @property
    def unit(self) -> str:
        """From where."""
        return self._called(self.row.sending_facility) if self.row.sending_facility else "—"

    def _called(self, code: str) -> str:
        one = self.all.facilities.get(code)
        return str(one.name) if one else code

    @property
    def skill(self) -> str:
        """As what."""
        return skill_words(self.row.skill, self.scope.lang, on=self.row.start) or str(self.row.skill)

    @property
    def kind(self) -> str:
        """By which instrument."""
        return say(f"UI_pe_kind_{self.row.instrument}", self.scope.lang)

    @property
    def first(self) -> date:
        """The first day."""
        return self.row.start

    @property
    def last(self) -> date:
        """The last day."""
        return self.row.end - ONE

    @property
    def weeks(self) -> int:
        """Weeks, those begun counted whole."""
        return -(-(self.row.end - self.row.start).days // 7)

    @property
    def look(self) -> str:
        """The look of its state."""
        return LOOKS.get(self.row.state, "unknown")

    @property
    def state(self) -> str:
        """Its state in words."""
        return say(f"UI_pe_state_{self.row.state}", self.scope.lang)

    @property
    def receipt(self) -> Receipt | None:
        """That its person has seen the decision."""
        return self.all.receipts.get(self.row.pk)

    @property
    def wishes(self) -> list[Wish]:
        """What its person asked for, newest first."""
        return self.all.wishes.get(self.row.pk, [])

    @property
    def campaign(self) -> Campaign | None:
        """The campaign that it belongs to."""
        return self.all.campaigns.get(self.row.campaign or "")

    @property
    def is_over(self) -> bool:
        """Whether it was served to its last day or ended, so that there is a certificate of it."""
        row = self.row
        return row.state != "cancelled" and row.decision_id is not None and row.end <= timezone.localdate()

    @property
    def decision_address(self) -> str | None:
        """The page of the decision; None: it has none."""
        one = self.row.decision
        year = one.signed_on.year if one and one.signed_on else 0
        return f"/quyet-dinh/{year}/{slug(one.number or '')}/" if one else None

    @cached_property
    def file(self) -> Paper | None:
        """The decision as a file: the signed copy where it was attached, else what was issued."""
        files = Paper.objects.filter(issue__decision=self.row.decision_id, filename__endswith=".pdf")
        signed = files.filter(kind="signed").order_by("-pk").first()
        return signed or files.order_by("pk").first()

    @property
    def said_at(self) -> datetime | None:
        """When its state was last recorded."""
        last = self.row.history.filter(state=self.row.state).order_by("history_id").last()
        return last.history_date if last else None

    @cached_property
    def way(self) -> Ways:
        """How long the way from the unit takes, and by which method that was found."""
        known = self.all.facilities
        unit, station = known.get(self.row.sending_facility or ""), known.get(self.row.facility)
        if unit is None or station is None:
            return Ways((), "", ())
        measured = records.rows(Travel).filter(
            province=self.row.province, sender=self.row.sending_facility, facility=self.row.facility
        )
        return ways([unit], [station], measured=list(measured), on=self.row.start)

    @property
    def minutes(self) -> int | None:
        """Minutes one way; None: not known."""
        rows = self.way.minutes
        return rows[0][0] if rows and rows[0] else None

    @property
    def way_words(self) -> str:
        """Minutes one way and the method, in a sentence; nothing where no way is known."""
        if self.minutes is None:
            return ""
        hours, minutes = divmod(self.minutes, 60)
        lang = self.scope.lang
        time = [say("X_ICS_HOURS", lang, hours=hours)] if hours else []
        time += [say("X_ICS_MINUTES", lang, minutes=minutes)] if minutes or not hours else []
        how = PAIRS.sub("", self.report.travel_in(lang))
        return say("X_ICS_TRAVEL_HOW", lang, time=" ".join(time), how=how)

    @cached_property
    def heads(self) -> list[str]:
        """Who heads the station: those who sign in as such."""
        today = timezone.localdate()
        rows = Grant.objects.filter(in_force(today), role="head", path=self.row.path, waits=False)
        return [one.account.get_full_name() for one in rows.filter(account__is_active=True).select_related("account")]

    @property
    def report(self) -> PlanReport:
        """The tour alone, laid out as a plan: what a calendar is written from."""
        campaign = self.campaign
        tour = (
            tour_of(self.row, campaign)
            if campaign
            else Tour(self.row.staff, self.row.facility, self.row.skill, 0, self.weeks)
        )
        line = TourLine(
            tour, self.name, self.row.sending_facility or "", self.unit, self.station, self.skill, self.minutes or 0,
            is_locked=False, start_date=self.first, end_date=self.last,
        )  # fmt: skip
        return PlanReport(
            name=campaign.name if campaign else "", weeks=campaign.weeks if campaign else self.weeks,
            first_monday=campaign.first_monday if campaign else self.first,
            plan=Plan((tour,), Objective(), bound=0, status="", seconds=0.0, seed=0), tours=(line,), needs=(), loads=(),
            travel=self.way.note, synthetic=self.scope.province.is_sample,
        )  # fmt: skip

    def calendar(self) -> bytes:
        """Return the calendar file of it."""
        kind, lang = self.row.instrument, self.scope.lang
        files = calendars(self.report, stamp=timezone.now(), kind=kind, is_draft=False, lang=lang)
        return next(iter(files.values()))


@dataclass(frozen=True)
class Duty:
    """Working days of one instrument that counts them: served so far, and how many the law wants and allows."""

    kind: str
    days: int
    least: int
    most: int


def served(row: Any, *, on: date) -> int:
    """Return the working days of a tour up to a day, that day too."""
    return working_days(row.start, max(row.start, min(row.end, on + ONE)))


def duties(rows: Iterable[Any], *, on: date, lang: Lang) -> list[Duty]:
    """Return the days served under each instrument of which the law counts working days: batches add up."""
    found: dict[str, int] = {}
    for one in rows:
        found[one.instrument] = found.get(one.instrument, 0) + served(one, on=on)
    told = []
    for code, days in sorted(found.items()):
        try:
            law = instrument(code, on=on)
        except NormMissing:
            continue
        if law.working_days_min is not None and law.working_days_max is not None:
            kind = say(f"UI_pe_kind_{code}", lang)
            told.append(Duty(kind, days, law.working_days_min, law.working_days_max))
    return told
