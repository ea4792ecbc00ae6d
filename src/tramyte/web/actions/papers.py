"""Changes of many rows under one signed paper: looked at first, then done in one transaction, put back by another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder

from tramyte.domain.errors import AlreadyIssued, BadData
from tramyte.domain.finding import Finding
from tramyte.web.actions.imports import record
from tramyte.web.actions.writing import writing
from tramyte.web.differences import Change, Differences, built_on, reverse, rows_of, told
from tramyte.web.models import Account, Decision, Event, Province
from tramyte.web.roles import Permission


@dataclass(frozen=True)
class Paper:
    """The decision a change rests on."""

    number: str
    signer: str
    signed_on: date

    def words(self) -> str:
        """Return how records and lists name it."""
        return f"Quyết định số {self.number} ngày {self.signed_on:%d/%m/%Y}"

    def findings(self) -> list[Finding]:
        """Return what is missing of it: only what has number, signer and date is a decision."""
        return [] if self.number and self.signer and self.signed_on else [Finding("E601")]


class Planned(Protocol):
    """What a preview shows and the action then does."""

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Why it cannot be done; nothing: it can."""

    @property
    def changes(self) -> Differences:
        """Every row that would change."""

    def details(self) -> dict[str, Any]:
        """Return what the event tells besides the rows."""


def mark(planned: Planned) -> str:
    """Return a mark of everything that would change: the same mark, the same changes."""
    found = planned.changes
    rows = [
        *([name, "+", _plain(row)] for name, added in found.added.items() for row in added),
        *(
            [name, one.row.pk, {part: after for part, (_, after) in one.fields.items() if part != "sort_key"}]
            for kind in (found.changed, found.ended)
            for name, changes in kind.items()
            for one in changes
        ),
    ]
    text = json.dumps(rows, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def carry_out(
    action: str,
    *,
    by: Account | None,
    may: Permission,
    province: str,
    paper: Paper,
    on: date,
    about: str,
    subject: str,
    plan: Callable[[], Planned],
    seen: str | None = None,
) -> Event:
    """
    Do what a preview showed, all of it or nothing, and keep the decision.

    plan   : looks at the register as it is now, inside the transaction
    seen   : mark of the preview somebody agreed to; None: whatever it is now
    raises : BadData, refused, nothing would change, or the register is no longer as the preview showed it
    """
    with writing(action, by=by, may=may, path=f"{province}/") as note:
        Province.objects.select_for_update().get(code=province)  # one after the other: two plans never interleave
        planned = plan()
        refused = [*paper.findings(), *planned.refused]
        if not refused and planned.changes.is_empty:
            refused = [Finding("E602")]
        if not refused and seen is not None and seen != mark(planned):
            refused = [Finding("E603")]
        if refused:
            raise BadData(refused)
        decision = Decision(
            province=province, path=f"{province}/", kind=action.split(".")[0], subject=subject[:300],
            number=paper.number, signer=paper.signer, signed_on=paper.signed_on, effective_on=on,
        )  # fmt: skip
        decision._history_user = by  # type: ignore[attr-defined]
        decision.save()
        along = record(planned.changes, province=province, by=by)
        note.about = about[:200]
        note.details = {
            **told(planned.changes), **planned.details(), "on": on, "decision": decision.pk, "paper": paper.words(),
            **along,
        }  # fmt: skip
    assert note.event is not None  # noqa: S101
    return note.event


def put_back(action: str, *, by: Account | None, may: Permission, event: Event, reason: str) -> Event:
    """
    Put back every row that an action changed: a new record with its reason, nothing leaves the history.

    raises : AlreadyIssued, it was put back before; BadData, without a reason, or rows were changed since
    """
    with writing(action, by=by, may=may, path=event.path, reason=reason) as note:
        Province.objects.select_for_update().get(code=event.province)
        if Event.objects.filter(action=action, province=event.province, about=str(event.number)).exists():
            raise AlreadyIssued(str(event.number))
        if not reason.strip():
            raise BadData([Finding("E604")])
        found, clashes = reverse(event.details)
        clashes += [
            Change(row, {}) for name, keys in built_on(event.details).items() for row in rows_of(name, sorted(keys))
        ]
        if clashes:
            rows = sorted({f"{type(one.row).__name__} {getattr(one.row, 'code', one.row.pk)}" for one in clashes})
            raise BadData([Finding("E605", fields={"count": len(rows), "rows": "; ".join(rows[:20])})])
        along = record(found, province=event.province, by=by)
        note.about, note.details = str(event.number), {"undoes": event.number, **told(found), **along}
    assert note.event is not None  # noqa: S101
    return note.event


def _plain(row: Any) -> dict[str, Any]:
    skipped = {"id", "sort_key"}
    return {one.attname: getattr(row, one.attname) for one in type(row)._meta.concrete_fields} | dict.fromkeys(skipped)


def words_of(found: Differences) -> dict[str, tuple[int, int, int]]:
    """Return table -> rows added, changed, ended, for a preview."""
    names = [name for kind in fields(Differences)[:3] for name in getattr(found, kind.name)]
    return {
        name: (len(found.added.get(name, [])), len(found.changed.get(name, [])), len(found.ended.get(name, [])))
        for name in dict.fromkeys(names)
    }
