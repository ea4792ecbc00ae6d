"""A signed draft becomes a decision: number, signer and date together, its tours deployments, its papers kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from tramyte.domain.errors import AlreadyIssued, BadData
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Tour
from tramyte.web.actions.drafts import outdated
from tramyte.web.actions.writing import Note, writing
from tramyte.web.dossier import DECISION, Dossier, dossier_of
from tramyte.web.dossier import Papers as Papers
from tramyte.web.dossier import Signature as Signature
from tramyte.web.models import Account, Campaign, Conduct, Decision, Deployment, Draft, Facility, Issue, Paper
from tramyte.web.models.base import FIRST_ON
from tramyte.web.nouns import slug
from tramyte.web.planning import Sheet, tour_of
from tramyte.web.replan import OVER
from tramyte.web.roles import Permission
from tramyte.web.twelve import stops

FILE = "quyet-dinh"
NUMBER = re.compile(r"\d{1,6}[A-Za-z]?(/[^\W_][\w.&-]{0,30})?")  # 812, or with the sign of the office
LONGEST = 120  # characters of a signer
Key = tuple[str, str, str, int, int]


def issue(*, by: Account, draft: Draft, signature: Signature, papers: Papers) -> Issue:
    """
    Issue a signed draft, if none of the twelve checks stands against it.

    raises : AlreadyIssued, it is not signed; BadData, number, signer or day is missing, the number is taken, a check
             stops it, or a layout cannot be filled; nothing is written then
    """
    with writing("issuing.issue", by=by, may=Permission.ISSUE, path=draft.path) as note:
        conduct = Conduct.objects.select_for_update().get(province=draft.province, campaign=draft.campaign)
        held = Draft.objects.select_for_update().get(pk=draft.pk)
        if held.stage != "signed":
            raise AlreadyIssued(f"{held.campaign}/{held.number}")
        if wrong := [*_unsigned(signature, timezone.localdate(note.at)), *outdated(held), *_served(held, signature)]:
            raise BadData(wrong)
        found = dossier_of(held, signature=signature, papers=papers, is_issuing=True)
        if wrong := [*_taken(found.number, signature, held.province), *stops(found.checks)]:
            raise BadData(wrong)
        content = {f"{FILE}.docx": found.docx(), f"{FILE}.pdf": found.pdf()}
        decision = _decision(found, signature, content[f"{FILE}.docx"], by)
        counts = _deploy(held, decision, by)
        made = Issue.objects.create(
            province=held.province, path=held.path, draft=held, decision=decision, campaign=held.campaign,
            paper=found.words.to_json(), tours=held.tours, checks=[one.to_json() for one in found.checks],
            issued_at=note.at, account=by,
        )  # fmt: skip
        _keep(made, content, note)
        Draft.objects.filter(pk=held.pk).update(stage="issued", changed_at=note.at)
        note.about = f"{held.campaign}/{held.number}"
        note.details = {
            "number": decision.number, "signer": signature.signer, "signed_on": signature.signed_on,
            "decision": decision.pk, "conduct": conduct.state, **counts,
        }  # fmt: skip
    draft.stage = "issued"
    return made


def _unsigned(signature: Signature, today: date) -> list[Finding]:
    """Return what number, signer and day lack, or what they can never be."""
    number, signer, day = signature.number.strip(), signature.signer.strip(), signature.signed_on
    if not (number and signer and day):
        return [Finding("E601")]
    found = [] if NUMBER.fullmatch(number) else [Finding("E733", "", "so", {"number": number[:30]})]
    if len(signer) > LONGEST or not signer.isprintable():
        found.append(Finding("E734", "", "nguoi-ky", {"most": LONGEST}))
    if day > today:
        found.append(Finding("E735", "", "ngay-ky", {"day": f"{day:%d/%m/%Y}"}))
    return found


def _taken(number: str, signature: Signature, province: str) -> list[Finding]:
    """Return the finding that another decision of the year has the number, however it is written."""
    year = signature.signed_on.year
    rows = Decision.objects.filter(province=province, signed_on__year=year).values_list("number", flat=True)
    same = slug(number.lstrip("0")) in {slug((one or "").lstrip("0")) for one in rows}
    return [Finding("E730", "", "", {"number": number, "year": year})] if same else []


def _old(held: Draft, campaign: Campaign) -> dict[Key, Deployment]:
    """Return what stands of the issued plan, by the key of its tour."""
    rows = Deployment.objects.filter(province=held.province, campaign=held.campaign).exclude(state="cancelled")
    return {tour_of(one, campaign).key: one for one in rows}


def _over(old: Mapping[Key, Deployment], on: date | None) -> dict[tuple[str, str, str, int], Deployment]:
    """Return what was served, or ended early, before a day: no decision changes it any more."""
    return {key[:4]: one for key, one in old.items() if one.state in OVER or (on is not None and one.end <= on)}


def _served(held: Draft, signature: Signature) -> list[Finding]:
    """Return the finding that a draft takes tours back that were served already."""
    campaign = Campaign.objects.get(province=held.province, code=held.campaign)
    over = _over(_old(held, campaign), signature.effective_on or signature.signed_on)
    lost = sorted(set(over) - {tour.key[:4] for tour in Sheet(held).tours})
    first = ", ".join(f"{over[key].staff} ({over[key].start:%d/%m/%Y})" for key in lost[:3])
    return [Finding("E736", "", "", {"count": len(lost), "first": first})] if lost else []


def _decision(found: Dossier, signature: Signature, file: bytes, by: Account) -> Decision:
    decision = Decision(
        province=found.draft.province, path=found.draft.path, kind=found.campaign.instrument,
        subject=found.campaign.name[:300], number=found.number, signer=signature.signer.strip(),
        signed_on=signature.signed_on, effective_on=signature.effective_on or signature.signed_on,
        legal_bases=list(found.decision.legal_bases), file_sha256=_sum(file),
    )  # fmt: skip
    decision._history_user = by  # type: ignore[attr-defined]
    decision.save()
    return decision


def _deploy(held: Draft, decision: Decision, by: Account) -> dict[str, int]:
    """
    Make a deployment of each tour that is new; cancel those of the issued plan that the draft no longer has.

    One that begins as before, and lasts longer or shorter, stays the same deployment with another last day; so does
    one that has begun and is withdrawn: it ends on the day the decision takes effect. What is over stays as it is.
    """
    campaign = Campaign.objects.get(province=held.province, code=held.campaign)
    sheet = Sheet(held)
    on = decision.effective_on or decision.signed_on
    whole = _old(held, campaign)
    over = _over(whole, on)
    old = {key: one for key, one in whole.items() if key[:4] not in over}
    new = {tour.key: tour for tour in sheet.tours if tour.key[:4] not in over}
    gone = {key[:4]: one for key, one in old.items() if key not in new}
    come = {key: tour for key, tour in new.items() if key not in old}
    turned = {key: gone.pop(key[:4]) for key in come if key[:4] in gone}
    begun = [gone.pop(key) for key, one in list(gone.items()) if on is not None and one.start < on < one.end]
    for one in begun:
        one.end, one.decision, one.cancel_reason = on, decision, f"{decision.number}"[:200]
    for one in gone.values():
        one.state, one.cancel_reason = "cancelled", f"{decision.number}"[:200]
    for key, one in turned.items():
        one.end, one.decision = one.start + timedelta(weeks=come[key].weeks), decision
    changed = [*gone.values(), *turned.values(), *begun]
    bulk_update_with_history(changed, Deployment, ["state", "cancel_reason", "end", "decision"], default_user=by)
    places = _paths(held.province, sheet)
    made = [_deployment(tour, campaign, sheet, places, decision) for key, tour in come.items() if key not in turned]
    bulk_create_with_history(made, Deployment, default_user=by)
    kept = len(whole) - len(changed)
    return {"deployments": len(made), "cancelled": len(gone), "turned": len(turned) + len(begun), "kept": kept}


def _deployment(tour: Tour, campaign: Campaign, sheet: Sheet, places: Mapping[str, str], decision: Decision) -> Any:
    start = campaign.first_monday + timedelta(weeks=tour.start)
    unit = str(sheet.problem.unit_of(tour).id)
    return Deployment(
        province=campaign.province, path=places.get(str(tour.station), f"{campaign.province}/"), staff=tour.staff,
        facility=tour.station, sending_facility=unit, skill=tour.skill, start=start,
        end=start + timedelta(weeks=tour.weeks), instrument=campaign.instrument, state="issued", campaign=campaign.code,
        decision=decision, sending_path=places.get(unit, f"{campaign.province}/"),
    )  # fmt: skip


def _paths(province: str, sheet: Sheet) -> dict[str, str]:
    codes = {str(one.id) for one in sheet.problem.units} | {str(one.id) for one in sheet.problem.stations}
    rows = Facility.objects.filter(province=province, code__in=codes).order_by(*FIRST_ON)
    return dict(rows.values_list("code", "path"))


def _keep(made: Issue, content: Mapping[str, bytes], note: Note) -> None:
    Paper.objects.bulk_create([
        Paper(
            province=made.province, path=made.path, issue=made, kind=DECISION, filename=name, content=data,
            sha256=_sum(data), at=note.at,
        )
        for name, data in content.items()
    ])  # fmt: skip


def attach(*, by: Account, issue: Issue, filename: str, data: bytes) -> Paper:
    """Attach the signed copy to an issued decision. raises: BadData, it is no PDF."""
    with writing("issuing.attach", by=by, may=Permission.ISSUE, path=issue.path) as note:
        if not data.startswith(b"%PDF-"):
            raise BadData([Finding("E731")])
        made = Paper.objects.create(
            province=issue.province, path=issue.path, issue=issue, kind="signed", filename=filename[-120:],
            content=data, sha256=_sum(data), at=note.at,
        )  # fmt: skip
        note.about, note.details = issue.decision.number, {"filename": made.filename, "sha256": made.sha256}
    return made


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
