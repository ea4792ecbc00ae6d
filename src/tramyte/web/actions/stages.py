"""A draft on its way: out for opinions, submitted, signed or returned; every step has its way back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible
from tramyte.domain.finding import Finding
from tramyte.rotation.check import check
from tramyte.web.actions.drafts import Stale, mine, outdated
from tramyte.web.actions.writing import Note, writing
from tramyte.web.models import Account, Commune, Draft, Facility, Issue, Opinion, Ruling
from tramyte.web.models.base import FIRST_ON, in_force
from tramyte.web.permissions import allowed
from tramyte.web.planning import Sheet
from tramyte.web.roles import Permission


def consult(*, by: Account, draft: Draft, seen: int, due: date) -> list[Opinion]:
    """
    Ask every sending unit, and every commune that receives, what they say to a draft.

    raises : Stale; AlreadyIssued; Infeasible, a rule is broken; BadData, the day is over, or nobody goes anywhere
    """
    with writing("stages.consult", by=by, may=Permission.PLAN, path=draft.path) as note:
        held = _held(by, draft, note, seen, "draft")
        if due < timezone.localdate(note.at):
            raise BadData([Finding("E720", "", "", {"day": f"{due:%d/%m/%Y}"})])
        if not held.tours:
            raise BadData([Finding("E721")])
        last = Opinion.objects.filter(draft=held).aggregate(last=Max("round"))["last"] or 0
        asked = [
            Opinion(draft=held, province=held.province, round=last + 1, asked_at=note.at, due=due, **party)
            for party in parties(held)
        ]
        Opinion.objects.bulk_create(asked)
        _to(held, "opinions", note, {"due": due, "parties": len(asked), "round": last + 1})
    draft.stage = "opinions"
    return asked


def parties(draft: Draft) -> list[dict[str, Any]]:
    """Return who must be asked, units that send and communes that receive: side, party, party_name, path."""
    sheet = Sheet(draft)
    units = {str(sheet.problem.unit_of(tour).id) for tour in sheet.tours}
    stations = {str(tour.station) for tour in sheet.tours}
    day = sheet.problem.week0 or draft.made_at.date()
    places = {one.code: one for one in _on(Facility, draft.province, units | stations, day)}
    communes = {one.commune for code, one in places.items() if code in stations}
    found = [
        {"side": "sender", "party": code, "party_name": places[code].name, "path": places[code].path}
        for code in sorted(units)
        if code in places
    ]
    return found + [
        {"side": "receiver", "party": one.code, "party_name": one.name, "path": one.path}
        for one in _on(Commune, draft.province, communes, day)
    ]


def _on(model: Any, province: str, codes: set[str], day: date) -> list[Any]:
    """Return places as they stand on a day, by code."""
    rows = model.objects.filter(in_force(day), province=province, code__in=codes).order_by(*FIRST_ON)
    return sorted({one.code: one for one in rows}.values(), key=lambda one: one.code)


def opinions(draft: Draft) -> list[Opinion]:
    """Return what is asked and answered of a draft in its last round, units first."""
    last = Opinion.objects.filter(draft=draft).aggregate(last=Max("round"))["last"]
    rows = Opinion.objects.filter(draft=draft, round=last).select_related("answered_by")
    return list(rows.order_by("-side", "party_name", "pk"))


def answer(
    *, by: Account | None, opinion: Opinion, answer: str, letter: str, letter_on: date | None, words: str
) -> None:
    """
    Say what a party thinks of a draft, with number and date of its letter.

    Units say it by NOMINATE, communes by ANSWER, at their own place; the planner keys in a letter that came on paper.

    raises : BadData, number or date is missing, or words where the answer is not yes; AlreadyIssued; NotAllowed
    """
    may = Permission.NOMINATE if opinion.side == "sender" else Permission.ANSWER
    path = opinion.path
    if by is not None and allowed(by, Permission.PLAN, f"{opinion.province}/", on=timezone.localdate()):
        may, path = Permission.PLAN, f"{opinion.province}/"
    with writing("stages.answer", by=by, may=may, path=path) as note:
        held = Opinion.objects.select_for_update().get(pk=opinion.pk)
        if Draft.objects.get(pk=held.draft_id).stage != "opinions":
            raise AlreadyIssued(held.party)
        found = []
        if not letter.strip() or letter_on is None:
            found.append(Finding("E722"))
        if answer != "agree" and not words.strip():
            found.append(Finding("E723"))
        if found:
            raise BadData(found)
        held.answer, held.letter, held.letter_on = answer, letter.strip(), letter_on
        held.words, held.answered_at, held.answered_by = words.strip()[:1000] or None, note.at, by
        held.save()
        note.about = f"{held.draft.campaign}/{held.draft.number} {held.party}"
        note.details = {"answer": answer, "letter": letter, "letter_on": letter_on, "words": words}


def remind(*, by: Account, draft: Draft) -> list[Opinion]:
    """Note that everybody who has not answered was reminded, and return them. raises: AlreadyIssued."""
    with writing("stages.remind", by=by, may=Permission.PLAN, path=draft.path) as note:
        if Draft.objects.get(pk=draft.pk).stage != "opinions":
            raise AlreadyIssued(f"{draft.campaign}/{draft.number}")
        waiting = [one for one in opinions(draft) if one.answer is None]
        for one in waiting:
            one.reminded = [*one.reminded, note.at.isoformat()]
            one.save()
        note.about, note.details = f"{draft.campaign}/{draft.number}", {"parties": [one.party for one in waiting]}
    return waiting


def reopen(*, by: Account, draft: Draft, reason: str) -> None:
    """
    Bring a draft back from its opinions, or from where it was submitted, to be worked on.

    raises : AlreadyIssued, it is signed or issued; BadData, without a reason
    """
    with writing("stages.reopen", by=by, may=Permission.PLAN, path=draft.path, reason=reason) as note:
        held = mine(by, draft, note, "opinions", "submitted")
        _reason(reason)
        _to(held, "draft", note, {"from": held.stage})
    draft.stage = "draft"


def submit(*, by: Account, draft: Draft, seen: int) -> None:
    """
    Submit a draft for signature: it is frozen until it is signed, returned, or taken back.

    Opinions need not all be there: what is missing is told to the director, and stops the issue where it must.

    raises : Stale; AlreadyIssued; Infeasible, a rule is broken; BadData, nobody goes anywhere, or another is submitted
    """
    with writing("stages.submit", by=by, may=Permission.PLAN, path=draft.path) as note:
        held = _held(by, draft, note, seen, "draft", "opinions")
        if not held.tours and held.amends_id is None:
            raise BadData([Finding("E721")])
        if held.amends and Issue.objects.filter(decision=held.amends, tours=held.tours).exists():
            raise BadData([Finding("E737", "", "", {"number": held.number, "decision": held.amends.number})])
        other = Draft.objects.filter(
            province=held.province, campaign=held.campaign, stage__in=("submitted", "signed")
        ).first()
        if other is not None:
            raise BadData([Finding("E724", "", "", {"number": other.number})])
        _to(held, "submitted", note, {"tours": len(held.tours), "from": held.stage})
    draft.stage = "submitted"


def sign(*, by: Account, draft: Draft, seen: int) -> Ruling:
    """
    Sign a submitted draft, as the director does; the caller has asked for the second factor.

    raises : Stale, it is not what was looked at; AlreadyIssued, it is not submitted; Infeasible, a rule is broken
    """
    with writing("stages.sign", by=by, may=Permission.SIGN, path=draft.path) as note:
        held = _held(None, draft, note, seen, "submitted")
        found = _ruling(held, by, note, is_signed=True)
        _to(held, "signed", note, {"tours": len(held.tours)})
    draft.stage = "signed"
    return found


def send_back(*, by: Account, draft: Draft, words: str) -> Ruling:
    """Return a submitted or signed draft with a comment. raises: AlreadyIssued; BadData, without a comment."""
    with writing("stages.send_back", by=by, may=Permission.SIGN, path=draft.path, reason=words) as note:
        held = mine(None, draft, note, "submitted", "signed")
        _reason(words)
        found = _ruling(held, by, note, is_signed=False, words=words.strip()[:1000])
        _to(held, "draft", note, {"from": held.stage})
    draft.stage = "draft"
    return found


def _ruling(held: Draft, by: Account, note: Note, **more: Any) -> Ruling:
    return Ruling.objects.create(
        province=held.province, path=held.path, draft=held, revision=held.revision, at=note.at, account=by, **more
    )


def _held(by: Account | None, draft: Draft, note: Note, seen: int, *stages: str) -> Draft:
    """Return a draft held for writing as it was looked at, with a plan that keeps every rule."""
    held = mine(by, draft, note, *stages)
    if held.revision != seen:
        raise Stale(held, seen)
    if wrong := outdated(held):
        raise BadData(wrong)
    sheet = Sheet(held)
    if broken := check(sheet.problem, sheet.tours):
        raise Infeasible(broken)
    return held


def _to(held: Draft, stage: str, note: Note, details: Mapping[str, Any]) -> None:
    Draft.objects.filter(pk=held.pk).update(stage=stage, changed_at=note.at)
    note.about, note.details = f"{held.campaign}/{held.number}", {**details, "to": stage}


def _reason(words: str) -> None:
    if not words.strip():
        raise BadData([Finding("E716")])
