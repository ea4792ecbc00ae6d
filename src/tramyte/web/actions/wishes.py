"""What a person of a deployment says: the decision was seen; another time, or not to go. And what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.web.actions import register
from tramyte.web.actions.tours import THERE
from tramyte.web.actions.writing import writing
from tramyte.web.models import Absence, Account, Deployment, Receipt, Wish
from tramyte.web.permissions import allowed, is_own
from tramyte.web.roles import Permission

OUTCOMES = {"change": "absent", "exempt": "exempt"}  # kind of a wish -> what the register notes when it is taken
PAPER = 60  # signs of the number of a paper, as an absence keeps it


def receive(*, by: Account, deployment: Deployment) -> Receipt:
    """Say that one has seen the decision on one's own tour. raises: NotAllowed, it is another's."""
    _own(by, deployment)
    known = Receipt.objects.filter(deployment=deployment).first()
    if known is not None:
        return known
    with writing("wishes.receive", by=by, may=None, path=deployment.path) as note:
        made, _ = Receipt.objects.get_or_create(
            deployment=deployment,
            defaults={"province": deployment.province, "path": deployment.path, "at": note.at, "account": by},
        )
        note.about = f"{deployment.staff} {deployment.start.isoformat()}"
    return made


def wish(*, by: Account, deployment: Deployment, kind: str, paper: str, start: date | None, end: date | None) -> Wish:
    """
    Ask for another time, or not to go at all, on a paper of which the number is given: never what ails anybody.

    kind   : change, exempt; start: first day on which one cannot go; end: first day on which one can again
    raises : BadData, number or days are missing, one is asked already, or the tour is over; NotAllowed, it is another's
    """
    _own(by, deployment)
    with writing("wishes.wish", by=by, may=None, path=deployment.sending_path or deployment.path) as note:
        held = Deployment.objects.select_for_update().get(pk=deployment.pk)
        found = []
        if held.state not in THERE or held.end <= timezone.localdate(note.at):
            found.append(Finding("E803", "", "", {"count": 1}))
        if kind not in OUTCOMES:
            found.append(Finding("E706", "", "kind"))
        if not paper.strip():
            found.append(Finding("E800", "", "paper"))
        if start is None or (end is not None and end <= start):
            found.append(Finding("E801", "", "start"))
        if Wish.objects.filter(deployment=held, state="open").exists():
            found.append(Finding("E802"))
        if found:
            raise BadData(found)
        made = Wish.objects.create(
            province=held.province, path=held.sending_path or held.path, deployment=held, kind=kind,
            paper=paper.strip()[:PAPER], start=start, end=end, at=note.at, account=by,
        )  # fmt: skip
        note.about, note.details = f"{held.staff} {held.start.isoformat()}", {"kind": kind, "wish": made.pk}
    return made


def take(*, by: Account | None, wish: Wish, answer: str = "") -> None:
    """
    Take a wish: the register notes from when to when the person cannot go, and the plan is to be made anew.

    raises : BadData, it was answered already
    """
    may, path = _answering(by, wish)
    with writing("wishes.take", by=by, may=may, path=path) as note:
        held = _open(wish)
        one = held.deployment
        values = {
            "staff": one.staff, "outcome": OUTCOMES[held.kind], "start": held.start, "end": held.end,
            "paper": held.paper,
        }  # fmt: skip
        key = {name: values[name] for name in ("staff", "outcome", "start")}
        if not Absence.objects.filter(province=held.province, **key).exists():
            register.add(by=by, noun="absences", province=held.province, values=values)
        held.state, held.answer = "taken", answer.strip()[:500] or None
        held.save()
        note.about, note.details = f"{one.staff} {one.start.isoformat()}", {"wish": held.pk, "campaign": one.campaign}


def decline(*, by: Account | None, wish: Wish, answer: str) -> None:
    """Decline a wish with a reason. raises: BadData, without one, or it was answered already."""
    may, path = _answering(by, wish)
    with writing("wishes.decline", by=by, may=may, path=path, reason=answer) as note:
        held = _open(wish)
        if not answer.strip():
            raise BadData([Finding("E804", "", "answer")])
        held.state, held.answer = "declined", answer.strip()[:500]
        held.save()
        one = held.deployment
        note.about, note.details = f"{one.staff} {one.start.isoformat()}", {"wish": held.pk}


def may_answer(by: Account | None, wish: Wish) -> bool:
    """Return whether somebody may answer a wish: the planner, and the unit that sends."""
    return by is None or any(allowed(by, may, path, on=timezone.localdate()) for may, path in _rights(wish))


def _answering(by: Account | None, wish: Wish) -> tuple[Permission, str]:
    """Return by what right somebody answers."""
    rights = _rights(wish)
    able = (one for one in rights if by is None or allowed(by, *one, on=timezone.localdate()))
    return next(able, rights[-1])


def _rights(wish: Wish) -> Sequence[tuple[Permission, str]]:
    return (Permission.PLAN, f"{wish.province}/"), (Permission.NOMINATE, wish.path)


def _open(wish: Wish) -> Wish:
    held: Wish = Wish.objects.select_for_update().select_related(None).get(pk=wish.pk)
    if held.state != "open":
        raise BadData([Finding("E811")])
    return held


def _own(by: Account, deployment: Deployment) -> None:
    if not is_own(by, deployment, on=timezone.localdate()):
        raise NotAllowed(Permission.REPORT.value, deployment.path)
