"""What happens next Monday, and then day by day: who comes and goes, what ends, what is due, which rules change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.domain.messages import say
from tramyte.domain.week import Week
from tramyte.exchange.calendars import agenda
from tramyte.norms import every, names
from tramyte.web import records
from tramyte.web.models import Call, Campaign, Decision, Deployment, Facility, Opinion, Requirement, Staff
from tramyte.web.models.base import FIRST_ON, below
from tramyte.web.permissions import visible_to, within
from tramyte.web.planning import SERVING
from tramyte.web.roles import Permission
from tramyte.web.views.people import annotated, with_licence
from tramyte.web.views.place import address, leaves, seen, skill_words
from tramyte.web.views.scope import Scope, scope_of
from tramyte.web.views.stays import Stays

KINDS = ("den", "ve", "gphn", "nghi", "tra-loi", "bao-cao", "quyet-dinh", "quy-dinh")
LOOKS = {"den": "met", "ve": "unknown", "gphn": "near", "nghi": "near", "tra-loi": "near", "bao-cao": "near"}
SPANS = (7, 28, 90)  # days that can be looked at
USUAL = 28
MOST = 400  # lines of one page
YOUNGEST = 50  # years: before them nobody retires by law
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Entry:
    """One thing that happens on a day. kind: of KINDS; key: names it in every copy of a calendar."""

    day: date
    kind: str
    words: str
    address: str | None = None
    key: str = ""

    @property
    def look(self) -> str:
        """How its kind looks."""
        return LOOKS.get(self.kind, "unknown")


@dataclass(frozen=True)
class Gap:
    """A station that lacks people of a skill in the week: so many, so many of them critically."""

    facility: str
    skill: str
    missing: int
    critical: int


@dataclass(frozen=True)
class Monday:
    """Who comes, who goes home, and which stations lack people in the week that begins."""

    scope: Scope
    day: date

    @cached_property
    def _rows(self) -> list[Deployment]:
        found = tours(self.scope).filter(start__lt=self.day + WEEK, end__gte=self.day)
        return list(found.order_by("facility", "start", "staff"))

    @cached_property
    def arrive(self) -> list[Deployment]:
        """Tours that begin on it."""
        return [row for row in self._rows if row.start == self.day]

    @cached_property
    def leave(self) -> list[Deployment]:
        """Tours of which the day before was the last."""
        return [row for row in self._rows if row.end == self.day]

    @cached_property
    def gaps(self) -> list[Gap]:
        """What issued campaigns ask for in the week and nobody serves, the most critical first."""
        there = Counter((row.facility, row.skill) for row in self._rows if row.start <= self.day < row.end)
        found: dict[tuple[str, str], Gap] = {}
        for row in self._wanted():
            cell = row.facility, row.skill
            gap = Gap(*cell, max(0, row.count - there[cell]), max(0, row.critical - there[cell]))
            if gap.missing and (cell not in found or gap.missing > found[cell].missing):
                found[cell] = gap
        return sorted(found.values(), key=lambda one: (-one.critical, -one.missing, one.facility, one.skill))

    @property
    def stations(self) -> int:
        """Stations that lack somebody."""
        return len({one.facility for one in self.gaps})

    def _wanted(self) -> list[Requirement]:
        """Return what issued campaigns ask for in the week, at the stations whose people the account sees."""
        codes = {row.campaign for row in self._rows if row.campaign}
        rows = records.rows(Campaign).filter(province=self.scope.province.code, code__in=codes) if codes else ()
        weeks = {one.code: (self.day - one.first_monday).days // 7 + 1 for one in rows if self.day >= one.first_monday}
        asked = Q(pk__in=[])
        for code, week in weeks.items():
            asked |= Q(campaign=code, first_week__lte=week, last_week__gte=week)
        if not weeks:
            return []
        mine = within(self.scope.paths(Permission.SEE_PEOPLE))
        return list(records.rows(Requirement).filter(mine, self.scope.here, asked, province=self.scope.province.code))


def monday_of(scope: Scope) -> Monday:
    """Return the next Monday: of a Monday, that day."""
    return Monday(scope, scope.on + timedelta(days=-scope.on.weekday() % 7))


def tours(scope: Scope) -> QuerySet[Any]:
    """Return the signed tours that lead to the place of a scope, or from it, as far as the account sees them."""
    rows = records.rows(Deployment, known=scope.moment).filter(province=scope.province.code, state__in=SERVING)
    if scope.place:
        rows = rows.filter(below(scope.place.path) | below(scope.place.path, "sending_path"))
    return visible_to(rows, scope.account, on=timezone.localdate())


@require_safe
@login_required
def timeline(request: HttpRequest) -> HttpResponse:
    """Show next Monday, and what happens day by day; as a calendar file or on paper too."""
    scope = scope_of(request)
    if not scope.everywhere.paths(Permission.SEE_PEOPLE):
        raise Http404
    typed = request.GET.get("dai", "")
    span = int(typed) if typed in map(str, SPANS) else USUAL
    kind = request.GET.get("loai", "")
    every_one = entries(scope, until=scope.on + timedelta(days=span))
    shown = [one for one in every_one if kind not in KINDS or one.kind == kind]
    if request.GET.get("xuat") == "ics":
        return _file(scope, shown)
    counts = Counter(one.kind for one in every_one)
    monday = monday_of(scope)
    return render(
        request, "timeline/timeline.html",
        {
            "scope": scope, "section": "timeline", "monday": monday, "week": _week(scope, monday.day),
            "arrive": Stays(scope, tuple(monday.arrive)).each, "leave": Stays(scope, tuple(monday.leave)).each,
            "gaps": _named(scope, monday.gaps), "days": _by_day(scope, shown[:MOST]), "more": max(0, len(shown) - MOST),
            "count": len(shown), "span": span, "spans": SPANS, "usual": USUAL, "kind": kind if kind in KINDS else "",
            "kinds": [(one, say(f"UI_pe_on_{one.replace('-', '_')}", scope.lang), counts[one]) for one in KINDS
                      if counts[one]],
            "is_paper": request.GET.get("xuat") == "in", "now": timezone.localtime(),
        },
    )  # fmt: skip


def entries(scope: Scope, *, until: date) -> list[Entry]:
    """Return what happens from the day of a scope until the day before another, as far as the account sees it."""
    parts = (_tours, _licences, _leaving, _answers, _reports, _decisions, _rules)
    found = [one for part in parts for one in part(scope, until)]
    return sorted(found, key=lambda one: (one.day, KINDS.index(one.kind), one.words))


def _tours(scope: Scope, until: date) -> Iterator[Entry]:
    rows = tours(scope).filter(Q(start__gte=scope.on, start__lt=until) | Q(end__gt=scope.on, end__lte=until))
    for one in Stays(scope, tuple(rows)).each:
        told = {"who": one.name, "station": one.station, "skill": one.skill}
        state = _state(scope)
        if scope.on <= one.first < until:
            words = say("UI_pe_on_arrives", scope.lang, **told)
            yield Entry(one.first, "den", words, f"{one.address}?{state}", f"den {one.row.pk}")
        if scope.on <= one.last < until:
            words = say("UI_pe_on_leaves", scope.lang, **told)
            yield Entry(one.last, "ve", words, f"{one.address}?{state}", f"ve {one.row.pk}")


def _licences(scope: Scope, until: date) -> Iterator[Entry]:
    rows = with_licence(seen(Staff, scope, on=scope.on), scope).filter(ends__gte=scope.on, ends__lt=until)
    for row in rows:
        words = say("UI_next_licence_ends", scope.lang, who=f"{row.family_names} {row.given_name}")
        yield Entry(annotated(row, "ends"), "gphn", words, _person(scope, row.code), f"gphn {row.code}")


def _leaving(scope: Scope, until: date) -> Iterator[Entry]:
    soon = Q(birth_year__lte=scope.on.year - YOUNGEST) | Q(end__gt=scope.on, end__lte=until)
    soon |= Q(contract_end__gte=scope.on, contract_end__lt=until)
    for row in seen(Staff, scope, on=scope.on).filter(soon):
        who, there = f"{row.family_names} {row.given_name}", _person(scope, row.code)
        if row.contract_end and scope.on <= row.contract_end < until:
            words = say("UI_next_contract_ends", scope.lang, who=who)
            yield Entry(row.contract_end, "nghi", words, there, f"hop-dong {row.code}")
        last = leaves(row, on=scope.on)
        if last and scope.on <= last < until:
            words = say("UI_next_leaves" if row.end else "UI_next_retires", scope.lang, who=who)
            yield Entry(last, "nghi", words, there, f"nghi {row.code}")


def _answers(scope: Scope, until: date) -> Iterator[Entry]:
    """Answers that are due: of units and communes to a draft, of units to a call for people."""
    mine = within(scope.paths(Permission.SEE_PEOPLE)) & scope.here
    asked = Opinion.objects.filter(mine, province=scope.province.code, answer__isnull=True, draft__stage="opinions")
    for one in asked.filter(due__gte=scope.on, due__lt=until).select_related("draft"):
        words = say("UI_pe_on_opinion", scope.lang, who=one.party_name, campaign=one.draft.campaign)
        there = f"/dot/{one.draft.campaign}/y-kien/?{_state(scope)}"
        yield Entry(one.due, "tra-loi", words, there, f"y-kien {one.pk}")
    calls = Call.objects.filter(mine, province=scope.province.code, answered_at__isnull=True)
    rows = list(calls.filter(due__gte=scope.on, due__lt=until))
    places = _places(scope, {one.unit for one in rows})
    for call in {(one.campaign, one.unit, one.due): one for one in rows}.values():
        words = say(
            "UI_pe_on_call",
            scope.lang,
            who=places[call.unit].name if call.unit in places else call.unit,
            campaign=call.campaign,
        )
        there = f"/dot/{call.campaign}/de-xuat/?{_state(scope)}"
        yield Entry(call.due, "tra-loi", words, there, f"de-xuat {call.campaign} {call.unit}")


def _week(scope: Scope, day: date) -> str:
    return say("UI_pe_week", scope.lang) + Week(day).label.removeprefix("tuần")


def _reports(scope: Scope, until: date) -> Iterator[Entry]:
    """The report of a week in which somebody was deployed, due on the Monday after it."""
    rows = list(tours(scope).filter(start__lt=until, end__gt=scope.on - WEEK).values_list("start", "end"))
    day = monday_of(scope).day
    while day < until:
        if any(start < day and end > day - WEEK for start, end in rows):
            words = say("UI_pe_on_report", scope.lang, week=_week(scope, day - WEEK))
            yield Entry(day, "bao-cao", words, None, f"bao-cao {scope.province.code} {day.isoformat()}")
        day += WEEK


def _decisions(scope: Scope, until: date) -> Iterator[Entry]:
    """Decisions that take effect: those of the places one sees, and those of the tours."""
    mine = within(scope.paths(Permission.SEE_PEOPLE)) | Q(pk__in=tours(scope).values("decision"))
    rows = records.rows(Decision).filter(
        mine, province=scope.province.code, number__isnull=False, effective_on__gte=scope.on, effective_on__lt=until
    )
    for row in rows.distinct():
        words = say("UI_pe_on_decision", scope.lang, number=row.number, subject=row.subject)
        yield Entry(row.effective_on, "quyet-dinh", words, None, f"quyet-dinh {row.pk}")


def _rules(scope: Scope, until: date) -> Iterator[Entry]:
    """Norms of the law, and of the province, that begin or end."""
    sees = bool(scope.everywhere.paths(Permission.SEE_RULES))
    for name in names():
        spans = every(name)
        there = f"/quan-tri/quy-dinh/{name}/?{_state(scope)}" if sees else None
        told = spans[-1].title[scope.lang]
        days = {one.start: "UI_pe_on_rule" for one in spans} | {
            one.end: "UI_pe_on_rule_ends"
            for one in spans
            if one.end and not any(one.end == other.start for other in spans)
        }
        own = [one for one in scope.law.changes if one.name == name]
        days |= dict.fromkeys((one.start for one in own if one.start), "UI_pe_on_rule_own")
        for day, word in days.items():
            if scope.on <= day < until:
                yield Entry(day, "quy-dinh", say(word, scope.lang, norm=told), there, f"quy-dinh {name} {day}")


def _named(scope: Scope, gaps: list[Gap]) -> list[dict[str, Any]]:
    places = _places(scope, {one.facility for one in gaps})
    return [
        {"station": places[one.facility].name if one.facility in places else one.facility, "missing": one.missing,
         "address": address(places[one.facility]) if one.facility in places else None, "critical": one.critical,
         "skill": skill_words(one.skill, scope.lang, on=scope.on)}
        for one in gaps
    ]  # fmt: skip


def _places(scope: Scope, codes: set[str]) -> dict[str, Any]:
    """Return code -> facility; asked only if there are any."""
    rows = records.rows(Facility).filter(province=scope.province.code, code__in=codes).order_by(*FIRST_ON)
    return {row.code: row for row in rows} if codes else {}


def _by_day(scope: Scope, shown: list[Entry]) -> list[tuple[str, date, list[tuple[str, list[Entry]]]]]:
    """Return weekday, day, and what happens on it, kind by kind."""
    found: dict[date, dict[str, list[Entry]]] = {}
    for one in shown:
        found.setdefault(one.day, {}).setdefault(one.kind, []).append(one)
    return [
        (
            say(f"UI_pe_weekday_{day.isoweekday()}", scope.lang), day,
            [(say(f"UI_pe_on_{kind.replace('-', '_')}", scope.lang), rows) for kind, rows in kinds.items()],
        )
        for day, kinds in found.items()
    ]  # fmt: skip


def _state(scope: Scope) -> str:
    return urlencode({name: value for name, value in scope.state().items() if value not in (None, "")})


def _person(scope: Scope, code: str) -> str:
    return f"/nguoi/{quote(code, safe='')}/?{_state(scope)}"


def _file(scope: Scope, shown: list[Entry]) -> HttpResponse:
    name = say("UI_pe_timeline_of", scope.lang, place=scope.title)
    data = agenda(((one.key, one.day, one.words) for one in shown), name=name, stamp=timezone.now())
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="lich.ics"'
    return answer
