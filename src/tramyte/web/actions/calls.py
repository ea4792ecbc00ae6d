"""The call to sending units, and their answer: who is named, in which order, who is not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from django.utils import timezone

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.web import records
from tramyte.web.actions.campaigns import must_not_be_over
from tramyte.web.actions.writing import Note, writing
from tramyte.web.calling import files
from tramyte.web.eligibility import File, eligibility, first_terms
from tramyte.web.models import Account, Call, Campaign, Nomination, Sender, Staff
from tramyte.web.models.base import below
from tramyte.web.permissions import allowed
from tramyte.web.roles import Permission

MOST = 1000  # people of one skill


def ask(
    *, by: Account | None, campaign: Campaign, counts: Mapping[tuple[str, str], tuple[int, int | None]], due: date
) -> list[Call]:
    """
    Ask units for people, or ask them anew; what is not named here stays as it was asked.

    counts : (unit, skill) -> people, and person-weeks the plan needs of them
    raises : BadData, the day is over, a unit sends nobody, or a count does not fit; the campaign is over
    """
    with writing("calls.ask", by=by, may=Permission.PLAN, path=f"{campaign.province}/") as note:
        must_not_be_over(campaign)
        senders = dict(records.rows(Sender).filter(province=campaign.province).values_list("facility", "path"))
        found = [] if due >= timezone.localdate(note.at) else [Finding("E760", "", "due", {"day": f"{due:%d/%m/%Y}"})]
        found += [] if counts else [Finding("E764")]
        for (unit, skill), (count, _) in counts.items():
            if unit not in senders:
                found.append(Finding("E763", "", f"{unit}-{skill}", {"who": unit}))
            elif not 0 <= count <= MOST:
                found.append(Finding("E761", "", f"{unit}-{skill}", {"read": count, "most": MOST}))
        if found:
            raise BadData(found)
        made = [
            Call.objects.update_or_create(
                province=campaign.province, campaign=campaign.code, unit=unit, skill=skill,
                defaults={"path": senders[unit], "count": count, "weeks": weeks, "due": due, "asked_at": note.at},
            )[0]
            for (unit, skill), (count, weeks) in counts.items()
        ]  # fmt: skip
        note.about = campaign.code
        note.details = {"due": due, "counts": {f"{one.unit} {one.skill}": one.count for one in made}}
    return made


def nominate(
    *, by: Account | None, campaign: Campaign, unit: str, staff: Sequence[str], ranks: Mapping[str, int] | None = None,
    staying: Mapping[str, str] | None = None, reason: str = "",
) -> list[Nomination]:  # fmt: skip
    """
    Name people of a unit for a campaign.

    staff  : codes; who has no rank of `ranks` comes after those who have, in this order
    staying : who cannot go -> why; no health reason belongs there
    reason : why somebody goes in spite of a rule, which only the planner may say
    raises : BadData, nobody is chosen, one is not of the unit, or a rule stops one; NotAllowed
    """
    with _recording("calls.nominate", by=by, campaign=campaign, unit=unit, reason=reason) as (note, path):
        stays = staying or {}
        people = files(campaign.province, path=path, on=_day(campaign), campaign=campaign)
        own = _people(campaign, path)
        found = [] if staff or stays else [Finding("E764")]
        found += [Finding("E763", "", code, {"who": code}) for code in (*staff, *stays) if code not in own]
        stopped = {code: rules for code in staff if code in own and (rules := stops(people.get(code), campaign))}
        if not (reason.strip() and _plans(by, campaign)):
            found += [_stopped(_called(people, code, campaign), code, rules) for code, rules in stopped.items()]
            found += _below(people, campaign, staff)
        if found:
            raise BadData(found)
        note.details = {"staff": list(staff), "staying": sorted(stays), "in_spite_of": stopped}
        reasons = dict.fromkeys(stopped, reason.strip()[:500])
        made = _named(note, campaign, unit, path, staff, ranks or {}, reasons)
        for code, why in stays.items():
            _stays(note, campaign, unit, path, code, why)
        skills = {skill for code in staff if (file := people.get(code)) for skill in file.skills}
        open_calls = Call.objects.filter(province=campaign.province, campaign=campaign.code, unit=unit)
        open_calls.filter(skill__in=skills, answered_at__isnull=True).update(answered_at=note.at)
    return made


def stops(file: File | None, campaign: Campaign) -> list[str]:
    """Return the rules that stop somebody from every tour of a campaign that their papers leave room for."""
    if file is None:
        return ["scope"]
    terms = first_terms(file, campaign, on=_day(campaign))
    return [one.rule for one in eligibility(file, terms) if one.stops]


def _called(people: Mapping[str, File], code: str, campaign: Campaign) -> str:
    """Return what a person is called, for a sentence."""
    if code in people:
        return people[code].person.name
    row = Staff.objects.filter(province=campaign.province, code=code).first()
    return f"{row.family_names} {row.given_name}" if row else code


def _below(people: Mapping[str, File], campaign: Campaign, staff: Sequence[str]) -> list[Finding]:
    """Return the primary skills of which more would be named than the unit can spare one after the other."""
    rows = Nomination.objects.filter(province=campaign.province, campaign=campaign.code, is_going=True)
    going = {*rows.filter(staff__in=list(people)).values_list("staff", flat=True), *staff}
    counts = Counter(people[code].skills[0] for code in going if code in people and people[code].skills)
    found = []
    for code in staff:
        file = people.get(code)
        if file is None or file.sender is None or not file.max_away or not file.skills:
            continue  # nobody can be spared: that is a rule by itself
        room = file.max_away * (campaign.weeks // file.sender.tour_weeks_min)
        skill = file.skills[0]
        if counts.pop(skill, 0) > room:
            found.append(Finding("E765", "", code, {"skill": skill, "most": file.max_away, "room": room}))
    return found


def _stopped(who: str, code: str, rules: Sequence[str]) -> Finding:
    told = {f"rules_{lang}": ", ".join(say(f"UI_ca_rule_{rule}", lang) for rule in rules) for lang in ("vi", "en")}
    return Finding("E762", "", code, {"who": who, **told})


def _named(
    note: Note, campaign: Campaign, unit: str, path: str, staff: Sequence[str], ranks: Mapping[str, int],
    reasons: Mapping[str, str],
) -> list[Nomination]:  # fmt: skip
    """Record who goes; those there already keep their rank unless it is given anew."""
    there = Nomination.objects.filter(province=campaign.province, campaign=campaign.code)
    kept = dict(there.filter(unit=unit, is_going=True).values_list("staff", "rank"))
    last = max([*(rank or 0 for rank in kept.values()), *ranks.values(), 0])
    made = []
    for code in staff:
        rank = ranks.get(code) or kept.get(code)
        if rank is None:
            last = rank = last + 1
        made.append(there.update_or_create(
            province=campaign.province, campaign=campaign.code, staff=code,
            defaults={"path": path, "unit": unit, "is_going": True, "rank": rank, "reason": reasons.get(code),
                      "named_at": note.at},
        )[0])  # fmt: skip
    return made


def rank(*, by: Account | None, campaign: Campaign, unit: str, ranks: Mapping[str, int]) -> None:
    """Put the people a unit has named in another order. raises: BadData, two have the same rank; NotAllowed."""
    with _recording("calls.rank", by=by, campaign=campaign, unit=unit) as (note, _):
        if len(set(ranks.values())) < len(ranks):
            raise BadData([Finding("E767")])
        rows = Nomination.objects.filter(province=campaign.province, campaign=campaign.code, unit=unit, is_going=True)
        for row in rows.filter(staff__in=ranks):
            row.rank = ranks[row.staff]
            row.save()
        note.details = {"ranks": dict(ranks)}


def excuse(*, by: Account | None, campaign: Campaign, unit: str, staff: str, reason: str) -> None:
    """
    Say that somebody cannot go to a campaign, with the reason; no health reason belongs here.

    raises : BadData, without a reason, or not of the unit; NotAllowed
    """
    with _recording("calls.excuse", by=by, campaign=campaign, unit=unit, reason=reason) as (note, path):
        found = [] if reason.strip() else [Finding("E716", "", "ly-do")]
        found += [] if staff in _people(campaign, path) else [Finding("E763", "", staff, {"who": staff})]
        if found:
            raise BadData(found)
        _stays(note, campaign, unit, path, staff, reason)
        note.details = {"staff": [staff]}


def _stays(note: Note, campaign: Campaign, unit: str, path: str, staff: str, reason: str) -> None:
    Nomination.objects.update_or_create(
        province=campaign.province, campaign=campaign.code, staff=staff,
        defaults={"path": path, "unit": unit, "is_going": False, "rank": None, "reason": reason.strip()[:500],
                  "named_at": note.at},
    )  # fmt: skip


def release(*, by: Account | None, campaign: Campaign, unit: str, staff: str) -> None:
    """Take back what a unit said of somebody: named or not, nothing is said then. raises: BadData; NotAllowed."""
    with _recording("calls.release", by=by, campaign=campaign, unit=unit) as (note, _):
        rows = Nomination.objects.filter(province=campaign.province, campaign=campaign.code, unit=unit, staff=staff)
        row = rows.first()
        if row is None:
            raise BadData([Finding("E763", "", staff, {"who": staff})])
        note.details = {"staff": [staff], "was_going": row.is_going, "reason": row.reason}
        rows.delete()


def decline(*, by: Account | None, call: Call, reason: str) -> None:
    """Say that a unit names fewer people of a skill than it is asked for. raises: BadData, no reason; NotAllowed."""
    campaign = Campaign.objects.get(province=call.province, code=call.campaign)
    with _recording("calls.decline", by=by, campaign=campaign, unit=call.unit, reason=reason) as (note, _):
        if not reason.strip():
            raise BadData([Finding("E716", "", "ly-do")])
        Call.objects.filter(pk=call.pk).update(declined=reason.strip()[:500], answered_at=note.at)
        note.details = {"skill": call.skill, "count": call.count}


@contextmanager
def _recording(
    action: str, *, by: Account | None, campaign: Campaign, unit: str, reason: str = ""
) -> Iterator[tuple[Note, str]]:
    """Open an action of a unit, for its own people or for the planner: the note, and the path of the unit."""
    rows = records.rows(Sender).filter(province=campaign.province, facility=unit)
    path = rows.values_list("path", flat=True).first()
    if path is None:
        raise BadData([Finding("E763", "", unit, {"who": unit})])
    may, at = (Permission.PLAN, f"{campaign.province}/") if _plans(by, campaign) else (Permission.NOMINATE, path)
    with writing(action, by=by, may=may, path=at, reason=reason.strip() or None) as note:
        must_not_be_over(campaign)
        note.about = f"{campaign.code} {unit}"
        yield note, path


def _plans(by: Account | None, campaign: Campaign) -> bool:
    return by is None or allowed(by, Permission.PLAN, f"{campaign.province}/", on=timezone.localdate())


def _people(campaign: Campaign, path: str) -> set[str]:
    """Return codes of the people of a unit."""
    rows = records.rows(Staff).filter(below(path), province=campaign.province)
    return set(rows.values_list("code", flat=True))


def _day(campaign: Campaign) -> date:
    """Return the day on which a campaign asks the register and the law."""
    found: date = campaign.as_of or campaign.first_monday
    return found
