"""What a campaign asks for: rows added, changed, withdrawn; raised for an emergency; wishes made, taken, declined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.norms import norm
from tramyte.web import records
from tramyte.web.actions.campaigns import must_not_be_over
from tramyte.web.actions.corrections import refused_by_walls
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Campaign, Facility, Requirement, Wanted
from tramyte.web.models.base import in_force
from tramyte.web.permissions import grants
from tramyte.web.roles import ROLES, Permission

SOURCES = ("norm", "wisn", "target", "request", "surge")
MOST = 1000  # people of one row
CARE = ("station", "polyclinic")  # what a surge asks for, of a commune
COLUMNS = ("facility", "skill", "first_week", "last_week", "count", "critical", "source")


@dataclass(frozen=True)
class Row:
    """How many people of a skill a facility wants in the weeks first..last (1-based, both in), and on what basis."""

    facility: str
    skill: str
    first_week: int
    last_week: int
    count: int
    critical: int = 0
    source: str = "request"

    @property
    def key(self) -> tuple[Any, ...]:
        """What there is one row of."""
        return self.facility, self.skill, self.first_week, self.last_week, self.source


def add(*, by: Account | None, campaign: Campaign, rows: Sequence[Row], reason: str = "") -> list[Requirement]:
    """
    Ask for people in a campaign.

    raises : BadData, every row that does not fit or is there already; NotAllowed
    """
    path = f"{campaign.province}/"
    with refused_by_walls(), writing("requirements.add", by=by, may=Permission.PLAN, path=path, reason=reason) as note:
        made = _recorded(by, campaign, rows)
        note.about, note.details = campaign.code, {"rows": [vars(one) for one in rows]}
    return made


def surge(
    *, by: Account | None, campaign: Campaign, communes: Sequence[str], skills: Sequence[str], weeks: tuple[int, int],
    count: int, critical: int, reason: str,
) -> list[Requirement]:  # fmt: skip
    """
    Ask for people at every station of some communes at once, for an emergency; source "surge".

    weeks  : first and last, 1-based, both in
    raises : BadData, no commune or skill, no reason, or rows that do not fit; NotAllowed
    """
    path = f"{campaign.province}/"
    with (
        refused_by_walls(),
        writing("requirements.surge", by=by, may=Permission.PLAN, path=path, reason=reason) as note,
    ):
        if not reason.strip():
            raise BadData([Finding("E716", "", "ly-do")])
        rows = surged(campaign, communes, skills=skills, weeks=weeks, count=count, critical=critical)
        made = _recorded(by, campaign, rows)
        note.about = campaign.code
        note.details = {"communes": list(communes), "skills": list(skills), "weeks": list(weeks), "rows": len(rows)}
    return made


def surged(
    campaign: Campaign, communes: Iterable[str], *, skills: Iterable[str], weeks: tuple[int, int], count: int,
    critical: int,
) -> list[Row]:  # fmt: skip
    """Return the rows that a surge would record: each station of each commune, each skill."""
    wanted = list(communes)
    rows = Facility.objects.filter(in_force(campaign.first_monday), province=campaign.province, commune__in=wanted)
    there = rows.filter(kind__in=CARE).order_by("commune", "code")
    return [
        Row(code, skill, *weeks, count, critical, "surge")
        for code in there.values_list("code", flat=True)
        for skill in skills
    ]


def _recorded(by: Account | None, campaign: Campaign, rows: Sequence[Row]) -> list[Requirement]:
    must_not_be_over(campaign)
    codes = {one.facility for one in rows}
    places = dict(
        Facility.objects.filter(in_force(campaign.first_monday), province=campaign.province, code__in=codes)
        .values_list("code", "path")
    )  # fmt: skip
    there = records.rows(Requirement).filter(province=campaign.province, campaign=campaign.code, facility__in=codes)
    known = {Row(*(getattr(one, name) for name in COLUMNS)).key for one in there}
    skills = norm("specialties", on=campaign.first_monday).value
    found = [] if rows else [Finding("E764", "", "")]
    for one in rows:
        found += [Finding("E773", "", "facility", {"read": one.facility})] if one.facility not in places else []
        found += [Finding("E774", "", "skill", {"read": one.skill})] if one.skill not in skills else []
        found += _fits(campaign, one.first_week, one.last_week, one.count, one.critical)
        if one.key in known:
            found.append(Finding("E770", "", "facility", {"facility": one.facility, "skill": one.skill}))
        known.add(one.key)
    if found:
        raise BadData(found)
    made = []
    for one in rows:
        row = Requirement(province=campaign.province, path=places[one.facility], campaign=campaign.code, **vars(one))
        row._history_user = by  # type: ignore[attr-defined]
        row.save()
        made.append(row)
    return made


def _fits(campaign: Campaign, first: int, last: int, count: int, critical: int) -> list[Finding]:
    found = []
    if not 1 <= first <= last <= campaign.weeks:
        found.append(Finding("E772", "", "first_week", {"first": first, "last": last, "weeks": campaign.weeks}))
    if not 1 <= count <= MOST:
        found.append(Finding("E761", "", "count", {"read": count, "most": MOST}))
    if not 0 <= critical <= count:
        found.append(Finding("E771", "", "critical", {"critical": critical, "count": count}))
    return found


def edit(
    *, by: Account | None, campaign: Campaign, row: Requirement, weeks: tuple[int, int], count: int, critical: int,
    reason: str = "",
) -> None:  # fmt: skip
    """Change weeks, count or critical count of a row. raises: BadData, it does not fit; NotAllowed."""
    path = f"{campaign.province}/"
    with refused_by_walls(), writing("requirements.edit", by=by, may=Permission.PLAN, path=path, reason=reason) as note:
        must_not_be_over(campaign)
        if found := _fits(campaign, *weeks, count, critical):
            raise BadData(found)
        held = Requirement.objects.select_for_update().get(pk=row.pk)
        values = {"first_week": weeks[0], "last_week": weeks[1], "count": count, "critical": critical}
        changed = {name: [getattr(held, name), value] for name, value in values.items() if getattr(held, name) != value}
        if not changed:
            raise BadData([Finding("E149", "", "")])
        for name, value in values.items():
            setattr(held, name, value)
        held._history_user = by
        held.save()
        note.about, note.details = f"{campaign.code} {held.facility} {held.skill}", {"changed": changed}


def withdraw(*, by: Account | None, campaign: Campaign, row: Requirement, reason: str) -> None:
    """Ask no longer for what a row asks for; the row stays in the history. raises: BadData, no reason; NotAllowed."""
    path = f"{campaign.province}/"
    with writing("requirements.withdraw", by=by, may=Permission.PLAN, path=path, reason=reason) as note:
        must_not_be_over(campaign)
        if not reason.strip():
            raise BadData([Finding("E716", "", "ly-do")])
        held = Requirement.objects.select_for_update().get(pk=row.pk)
        held.is_withdrawn = True
        held._history_user, held._change_reason = by, reason.strip()[:200]
        held.save()
        note.about = f"{campaign.code} {held.facility} {held.skill}"
        note.details = {name: getattr(held, name) for name in COLUMNS}


def may_want(account: Any, path: str) -> bool:
    """Return whether somebody may ask for people at a place: its commune, its head, or the planner."""
    mine = [one for one in grants(account, on=timezone.localdate()) if path.startswith(one.path)]
    return any(
        {Permission.ANSWER, Permission.PLAN} & ROLES[one.role].may
        or {Permission.SEE_PEOPLE, Permission.PROPOSE} <= ROLES[one.role].may
        for one in mine
    )


def want(
    *, by: Account | None, facility: Facility, skill: str, count: int, span: tuple[date, date], reason: str,
    letter: str = "", letter_on: date | None = None,
) -> Wanted:  # fmt: skip
    """
    Ask for people at a station, which the planner takes into a campaign or declines.

    span   : [first day, day after the last)
    letter : number of the commune's letter, and its day: both or none; a station alone has none
    raises : BadData, every field that is missing or does not fit; NotAllowed
    """
    may = None if by is None or may_want(by, facility.path) else Permission.ANSWER
    with writing("requirements.want", by=by, may=may, path=facility.path) as note:
        found = _wanted_wrong(facility, skill, count, span, reason, letter, letter_on, timezone.localdate(note.at))
        if found:
            raise BadData(found)
        made: Wanted = Wanted.objects.create(
            province=facility.province, path=facility.path, facility=facility.code, skill=skill, count=count,
            start=span[0], end=span[1], reason=reason.strip()[:500], letter=letter.strip()[:80] or None,
            letter_on=letter_on, asked_by=by, asked_at=note.at,
        )  # fmt: skip
        note.about = facility.code
        note.details = {"skill": skill, "count": count, "start": span[0], "end": span[1], "letter": letter or None}
    return made


def _wanted_wrong(
    facility: Facility, skill: str, count: int, span: tuple[date, date], reason: str, letter: str,
    letter_on: date | None, today: date,
) -> list[Finding]:  # fmt: skip
    found = []
    if skill not in norm("specialties", on=today).value:
        found.append(Finding("E774", "", "chuyen-khoa", {"read": skill or "—"}))
    if not 1 <= count <= MOST:
        found.append(Finding("E761", "", "so-nguoi", {"read": count, "most": MOST}))
    if span[1] <= span[0]:
        found.append(Finding("E777", "", "den"))
    if not reason.strip():
        found.append(Finding("E716", "", "ly-do"))
    if bool(letter.strip()) != (letter_on is not None):
        found.append(Finding("E776", "", "so-cong-van"))
    return found


def take(*, by: Account | None, wanted: Wanted, campaign: Campaign, row: Row) -> Requirement:
    """Take a wish into a campaign as this row. raises: BadData, answered already, or it does not fit; NotAllowed."""
    path = f"{campaign.province}/"
    with refused_by_walls(), writing("requirements.take", by=by, may=Permission.PLAN, path=path) as note:
        held = _open(wanted)
        made = _recorded(by, campaign, [row])[0]
        held.state, held.campaign = "taken", campaign.code
        held.save()
        note.about, note.details = f"{campaign.code} {held.facility}", {"wanted": held.pk, **vars(row)}
    return made


def decline(*, by: Account | None, wanted: Wanted, reason: str) -> None:
    """Decline a wish, with the reason. raises: BadData, answered already, or no reason; NotAllowed."""
    with writing("requirements.decline", by=by, may=Permission.PLAN, path=f"{wanted.province}/", reason=reason) as note:
        held = _open(wanted)
        if not reason.strip():
            raise BadData([Finding("E716", "", "ly-do")])
        held.state, held.answer = "declined", reason.strip()[:500]
        held.save()
        note.about, note.details = held.facility, {"wanted": held.pk}


def _open(wanted: Wanted) -> Wanted:
    held: Wanted = Wanted.objects.select_for_update().get(pk=wanted.pk)
    if held.state != "open":
        raise BadData([Finding("E775")])
    return held
