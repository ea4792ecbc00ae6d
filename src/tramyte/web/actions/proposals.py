"""Corrections that somebody proposes and somebody else takes or declines: only the log holds them until then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.web.actions.register import may
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Event
from tramyte.web.models.base import below
from tramyte.web.nouns import nouns
from tramyte.web.permissions import is_own, paths, within
from tramyte.web.roles import Permission

PROPOSED, DECLINED = "proposals.propose", "proposals.decline"


def propose(*, by: Account | None, noun: str, pk: int, typed: Mapping[str, str], reason: str | None) -> Event:
    """
    Propose that a record should say something else; the register stays as it is.

    typed  : what the form shall hold, by name of field; what is masked is left out
    raises : BadData, nothing differs or no reason is given; NotAllowed
    """
    kind = nouns()[noun]
    row = kind.model.objects.get(pk=pk)
    own = by is not None and is_own(by, row, on=timezone.localdate())
    with writing(PROPOSED, by=by, may=None if own else Permission.PROPOSE, path=row.path, reason=reason) as note:
        if not (reason or "").strip():
            raise BadData([Finding("E145", noun, "reason", {})])
        if not typed:
            raise BadData([Finding("E149", noun, "", {})])
        note.about = f"{noun} {kind.key(row)}"[:200]
        note.details = {"noun": noun, "pk": pk, "typed": dict(typed)}
    assert note.event is not None  # noqa: S101
    return note.event


def decline(*, by: Account | None, event: Event, reason: str | None) -> Event:
    """
    Decline what was proposed.

    raises : AlreadyIssued, it was taken or declined before; BadData, no reason is given; NotAllowed
    """
    kind = nouns()[event.details["noun"]]
    if not may(by, kind, event.path):
        raise NotAllowed(kind.may.value, kind.at(event.path))
    with writing(DECLINED, by=by, may=None, path=event.path, reason=reason) as note:
        if not (reason or "").strip():
            raise BadData([Finding("E145", kind.name, "reason", {})])
        if not waiting(event.province).filter(pk=event.pk).exists():
            raise AlreadyIssued(str(event.number))
        note.about, note.details = event.about, {"answers": event.number}
    assert note.event is not None  # noqa: S101
    return note.event


def waiting(province: str) -> QuerySet[Event]:
    """Return what is proposed in a province and neither taken nor declined, the oldest first."""
    answers = Event.objects.filter(province=province, action__in=(DECLINED, "register.correct"))
    answered = [one for one in answers.values_list("details__answers", flat=True) if one is not None]
    found = Event.objects.filter(province=province, action=PROPOSED).exclude(pk__in=answered)
    return found.select_related("account").order_by("number")


def for_me(account: Any, province: str, *, at: str = "") -> list[Event]:
    """Return what waits for an account: where it may record the noun, and what it has proposed itself. at: below it."""
    today = timezone.localdate()
    seen = paths(account, Permission.EDIT_PLACES, on=today) + paths(account, Permission.EDIT_PEOPLE, on=today)
    seen += paths(account, Permission.PROPOSE, on=today)
    return [
        one
        for one in waiting(province).filter(within(seen), below(at))
        if one.account_id == account.pk or may(account, nouns()[one.details["noun"]], one.path)
    ]
