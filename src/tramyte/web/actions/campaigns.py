"""A campaign from its opening to its end: who edits it, when people are at their stations, when it is over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tramyte.domain.errors import AlreadyIssued, BadData
from tramyte.domain.finding import Finding
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Campaign, Conduct, Deployment, Draft
from tramyte.web.roles import Permission

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}")  # it stands in addresses
RESERVED = ("mo",)  # an address of its own
IDLE = timedelta(minutes=30)  # an editor who has done nothing for so long holds nobody up


def begin(*, by: Account | None, province: str, values: Mapping[str, Any]) -> Campaign:
    """
    Open a new campaign in the register.

    values : code, name, first_monday, weeks, instrument, max_tours, rest_weeks, max_travel_min
    raises : BadData, a campaign of this code is there, the first day is no Monday, or a number does not fit
    """
    with writing("campaigns.begin", by=by, may=Permission.PLAN, path=f"{province}/") as note:
        found = _wrong(province, values)
        if found:
            raise BadData(found)
        campaign = Campaign(province=province, path=f"{province}/", **values)
        campaign._history_user = by  # type: ignore[attr-defined]
        campaign.save()
        _conduct(campaign)
        note.about, note.details = campaign.code, {"values": {name: str(value) for name, value in values.items()}}
    return campaign


def _wrong(province: str, values: Mapping[str, Any]) -> list[Finding]:
    found = []
    if not CODE.fullmatch(values["code"]) or values["code"].casefold() in RESERVED:
        found.append(Finding("E709", "campaign", "code", {"read": values["code"][:40]}))
    elif Campaign.objects.filter(province=province, code__iexact=values["code"]).exists():
        found.append(Finding("E700", "campaign", "code", {"taken": values["code"]}))
    if values["first_monday"].weekday() != 0:
        found.append(Finding("E701", "campaign", "first_monday", {"day": f"{values['first_monday']:%d/%m/%Y}"}))
    limits = {"weeks": (1, 53), "max_tours": (1, 53), "rest_weeks": (0, 53), "max_travel_min": (1, 10_000)}
    for name, (least, most) in limits.items():
        if not least <= values[name] <= most:
            found.append(Finding("E702", "campaign", name, {"read": values[name], "least": least, "most": most}))
    return found


def opened(*, by: Account | None, campaign: Campaign) -> Conduct:
    """Return how a campaign of the register is run, begun now if nobody has."""
    found = Conduct.objects.filter(province=campaign.province, campaign=campaign.code).first()
    if found is not None:
        return found
    with writing("campaigns.opened", by=by, may=Permission.PLAN, path=f"{campaign.province}/") as note:
        note.about = campaign.code
        return _conduct(campaign)


def _conduct(campaign: Campaign) -> Conduct:
    return Conduct.objects.get_or_create(
        province=campaign.province, campaign=campaign.code, defaults={"path": f"{campaign.province}/"}
    )[0]


def edit(*, by: Account, conduct: Conduct, takes_over: bool = False) -> Conduct:
    """
    Become the one who may change the drafts of a campaign.

    takes_over : from whoever edits now; it is told to both, and stands in the log
    raises     : AlreadyIssued, somebody else edits and is not to be taken over
    """
    action = "campaigns.take_over" if takes_over else "campaigns.edit"
    with writing(action, by=by, may=Permission.PLAN, path=conduct.path) as note:
        held = Conduct.objects.select_for_update().get(pk=conduct.pk)
        other = held.editor_id is not None and held.editor_id != by.pk and not is_idle(held)
        if other and not takes_over:
            raise AlreadyIssued(held.campaign)
        note.about = held.campaign
        note.details = {"from": held.editor.username if held.editor else None}
        held.editor, held.editing_at = by, note.at
        held.save()
    return held


def leave(*, by: Account, conduct: Conduct) -> None:
    """Let others edit."""
    with writing("campaigns.leave", by=by, may=Permission.PLAN, path=conduct.path) as note:
        Conduct.objects.filter(pk=conduct.pk, editor=by).update(editor=None, editing_at=None)
        note.about = conduct.campaign


def is_idle(conduct: Conduct) -> bool:
    """Return whether the editor of a campaign has done nothing for long."""
    return conduct.editing_at is None or timezone.now() - conduct.editing_at > IDLE


def run(*, by: Account | None, conduct: Conduct, on: date) -> None:
    """
    Say that the people of an issued campaign are at their stations from a day on.

    raises : BadData, nothing is issued, or it runs or is over already
    """
    with writing("campaigns.run", by=by, may=Permission.PLAN, path=conduct.path) as note:
        _must_be(conduct, "open")
        if not Draft.objects.filter(province=conduct.province, campaign=conduct.campaign, stage="issued").exists():
            raise BadData([Finding("E703", "", "", {"campaign": conduct.campaign})])
        _set(conduct, "running")
        note.about, note.details = conduct.campaign, {"on": on}


def end(*, by: Account | None, conduct: Conduct, reason: str) -> None:
    """
    End a campaign: its evaluation is in `reason`, its people get their certificates.

    raises : BadData, it does not run, somebody is still at a station, or nothing is said
    """
    with writing("campaigns.end", by=by, may=Permission.PLAN, path=conduct.path, reason=reason) as note:
        _must_be(conduct, "running")
        there = Deployment.objects.filter(province=conduct.province, campaign=conduct.campaign)
        count = there.filter(state__in=("issued", "arrived"), end__gt=timezone.localdate(note.at)).count()
        found = [Finding("E704", "", "", {"count": count})] if count else []
        if not reason.strip():
            found.append(Finding("E808"))
        if found:
            raise BadData(found)
        _set(conduct, "ended")
        note.about = conduct.campaign


def back(*, by: Account | None, conduct: Conduct, reason: str) -> None:
    """Take the last of `run` and `end` back, with a reason. raises: BadData, it is open, or there is no reason."""
    before = {"running": "open", "ended": "running"}
    with writing("campaigns.back", by=by, may=Permission.PLAN, path=conduct.path, reason=reason) as note:
        _must_be(conduct, *before)
        if not reason.strip():
            raise BadData([Finding("E716")])
        state = Conduct.objects.get(pk=conduct.pk).state
        _set(conduct, before[state])
        note.about, note.details = conduct.campaign, {"from": state, "to": before[state]}


def must_not_be_over(campaign: Campaign) -> None:
    """Refuse what a campaign that has ended takes no more. raises: BadData."""
    conduct = Conduct.objects.filter(province=campaign.province, campaign=campaign.code, state="ended").first()
    if conduct is not None:
        raise BadData([Finding("E705", "", "", {"campaign": campaign.code, "state": conduct.state})])


def _must_be(conduct: Conduct, *states: str) -> None:
    state = Conduct.objects.select_for_update().get(pk=conduct.pk).state
    if state not in states:
        raise BadData([Finding("E705", "", "", {"campaign": conduct.campaign, "state": state})])


def _set(conduct: Conduct, state: str) -> None:
    Conduct.objects.filter(pk=conduct.pk).update(state=state)
    conduct.state = state
