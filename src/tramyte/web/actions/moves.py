"""Where things are today: what goes along when a facility or a person is elsewhere, at once or when the day comes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from tramyte.domain.register import Register
from tramyte.web.actions.writing import writing
from tramyte.web.differences import ALONG
from tramyte.web.models import Account, Appointment, Deployment, Facility, Grant, Run, Staff
from tramyte.web.models.base import Record
from tramyte.web.records import Places
from tramyte.web.roles import Permission

BATCH = 500


def settle(*, by: Account | None, province: str) -> dict[str, Any]:
    """
    Put everything where it belongs today: what was recorded for a day to come holds from that day.

    returns : what `follow` does; nothing was to be moved: nothing, and no event
    """
    places = _places(province)
    if not _elsewhere(province, places):
        return {}
    with writing("moves.settle", by=by, may=Permission.HAND_OVER, path=f"{province}/") as note:
        people = Staff.objects.filter(province=province).values_list("code", "path")
        found = follow(province, by=by, people={code for code, path in people if path != places.staff(code)})
        note.about, note.details = province, found
    return found


def follow(
    province: str, *, by: Account | None, moved: Mapping[str, str] | None = None, people: Collection[str] = ()
) -> dict[str, Any]:
    """
    Take along what belongs to facilities and people that moved; only inside the transaction of an action.

    moved   : path before -> path now, of facilities whose own rows stand there already
    people  : codes of those who may have moved
    returns : "moved", model -> how many rows; "grants", account, role, place before and now of each
    """
    assert transaction.get_connection().in_atomic_block  # noqa: S101
    places, count = _places(province, people), dict[str, int]()
    rows = Facility.objects.filter(province=province)
    new = {row.path: there for row in rows if row.path != (there := places.path(row))} | dict(moved or {})
    for model in _models() if new else ():
        _put(model, "path", model.objects.filter(province=province, path__in=new), lambda row: new[row.path], by, count)
    for model in _models() if people else ():
        for first in range(0, len(people), BATCH):
            part = sorted(people)[first : first + BATCH]
            if (own := _of_people(model, part)) is not None:
                _put(model, "path", model.objects.filter(own, province=province), places.path, by, count)
    if not new:
        return {"moved": count} if count else {}
    sent = Deployment.objects.filter(province=province, sending_path__in=new)
    _put(Deployment, "sending_path", sent, lambda row: new[row.sending_path], by, count)
    for path in set(Run.objects.filter(path__in=new).values_list("path", flat=True)):
        Run.objects.filter(path=path).update(path=new[path])
    told = _grants(new, by)
    return {"moved": count} | ({"grants": told} if told else {})


def _grants(new: Mapping[str, str], by: Account | None) -> list[list[str]]:
    """Let grants at a facility hold where it is now; what is over stays as it was. Returns what the event tells."""
    lasting = Q(end__isnull=True) | Q(end__gt=timezone.localdate())
    rows = list(Grant.objects.filter(lasting, path__in=new).select_related("account").order_by("pk"))
    told = [[row.account.username, row.role, row.path, new[row.path]] for row in rows]
    for row in rows:
        row.path = new[row.path]
    bulk_update_with_history(
        rows, Grant, ["path"], batch_size=BATCH, default_user=by, default_change_reason=ALONG, manager=Grant.objects
    )
    return told


def _places(province: str, people: Collection[str] | None = None) -> Places:
    """Return where facilities and people are today. people: of whom it is asked; None: everybody."""
    rows = Appointment.objects.filter(province=province)
    if people is not None:
        rows = rows.filter(staff__in=people) if len(people) <= BATCH else rows
    found: Any = Register(facilities=tuple(Facility.objects.filter(province=province)), appointments=tuple(rows))
    return Places(province, found, on=timezone.localdate())


def _elsewhere(province: str, places: Places) -> bool:
    """Return whether a facility or a person belongs elsewhere today than their rows say."""
    facilities = Facility.objects.filter(province=province).values_list("code", "path")
    people = Staff.objects.filter(province=province).values_list("code", "path")
    return any(path != places.facility(code) for code, path in facilities) or any(
        path != places.staff(code) for code, path in people
    )


def _models() -> Iterable[Any]:
    """Return the models of records."""
    return [one for one in apps.get_app_config("web").get_models() if issubclass(one, Record)]


def _of_people(model: Any, people: Collection[str]) -> Q | None:
    """Return the condition that a row is about one of these people; None: no row of the model is about anybody."""
    if model is Staff:
        return Q(code__in=people)
    return Q(staff__in=people) if any(one.name == "staff" for one in model._meta.get_fields()) else None


def _put(model: Any, column: str, rows: Iterable[Any], place: Any, by: Account | None, count: dict[str, int]) -> None:
    moved = []
    for row in rows:
        if getattr(row, column) != (there := place(row)):
            setattr(row, column, there)
            moved.append(row)
    if moved:
        bulk_update_with_history(
            moved, model, [column], batch_size=BATCH, default_user=by, default_change_reason=ALONG, manager=model.every
        )
        count[model.__name__] = count.get(model.__name__, 0) + len(moved)
