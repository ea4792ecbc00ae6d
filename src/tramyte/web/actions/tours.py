"""A deployment from its arrival to its end: who is there, who left early, and what the ledger keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.web.actions.corrections import refused_by_walls
from tramyte.web.actions.writing import Note, writing
from tramyte.web.models import Account, Deployment, PastTour, Staff
from tramyte.web.permissions import allowed
from tramyte.web.roles import Permission

THERE = ("issued", "arrived")  # states in which somebody goes to a station, or is there
BEFORE = {"arrived": ("issued",), "ended": THERE, "confirmed": ("ended",)}  # state -> the states it may have come from


def arrive(*, by: Account | None, deployments: Sequence[Deployment]) -> int:
    """
    Say that people have come to their station; its head may, and the planner. Return how many.

    raises : BadData, one of them has not begun, or is in another state; NotAllowed
    """
    may, path = _at_station(by, deployments)
    with writing("tours.arrive", by=by, may=may, path=path) as note:
        rows = _held(deployments, "issued")
        early = [one for one in rows if one.start > timezone.localdate(note.at)]
        if early:
            raise BadData([Finding("E805", "", "", {"day": early[0].start})])
        _to(rows, "arrived", by, note)
    return len(rows)


def finish(*, by: Account | None, deployments: Sequence[Deployment]) -> int:
    """
    Say that people served to the last day; the head of the station may, and the planner. Return how many.

    raises : BadData, the last day of one is still to come, or it is in another state; NotAllowed
    """
    may, path = _at_station(by, deployments)
    with writing("tours.finish", by=by, may=may, path=path) as note:
        rows = _held(deployments, *THERE)
        today = timezone.localdate(note.at)
        if open_ones := [one for one in rows if one.end > today]:
            raise BadData([Finding("E810", "", "", {"day": open_ones[0].end - timedelta(days=1)})])
        _to(rows, "ended", by, note)
    return len(rows)


def cut(*, by: Account | None, deployment: Deployment, on: date | None, reason: str) -> None:
    """
    End a tour before its last day.

    on     : the first day on which the person is there no more
    raises : BadData, the day is not within the tour, nothing is said, or it is in another state; NotAllowed
    """
    may, path = _at_station(by, [deployment])
    with refused_by_walls(), writing("tours.cut", by=by, may=may, path=path, reason=reason) as note:
        (one,) = _held([deployment], *THERE)
        found = [] if reason.strip() else [Finding("E806", "", "reason")]
        if on is None or not one.start < on < one.end:
            span = {"first": one.start + timedelta(days=1), "last": one.end - timedelta(days=1)}
            raise BadData([Finding("E807", "", "on", {"day": on or "—", **span}), *found])
        if found:
            raise BadData(found)
        note.details = {"on": on, "end": one.end}
        one.end, one.state = on, "ended"
        _save(one, by)
        note.about = _called([one])


def confirm(*, by: Account | None, deployments: Sequence[Deployment]) -> int:
    """
    Confirm, as the planner, that tours were served as they stand: from now on the ledger has them. Return how many.

    raises : BadData, one of them has not ended
    """
    root = f"{deployments[0].province}/" if deployments else ""
    with writing("tours.confirm", by=by, may=Permission.PLAN, path=root) as note:
        rows = _held(deployments, "ended")
        known = set(
            PastTour.objects.filter(province=root[:2], staff__in=[one.staff for one in rows]).values_list(
                "staff", "start"
            )
        )
        homes = dict(
            Staff.objects.filter(province=root[:2], code__in=[one.staff for one in rows]).values_list("code", "path")
        )
        new = [
            PastTour(
                province=one.province, path=homes.get(one.staff, root), staff=one.staff, facility=one.facility,
                skill=one.skill, start=one.start, end=one.end, instrument=one.instrument,
                decision=one.decision.number if one.decision else None,
            )
            for one in rows if (one.staff, one.start) not in known
        ]  # fmt: skip
        bulk_create_with_history(new, PastTour, default_user=by)
        _to(rows, "confirmed", by, note)
    return len(rows)


def back(*, by: Account | None, deployment: Deployment, reason: str) -> None:
    """
    Take the last word on a tour back: that it was confirmed, that it ended, that the person came.

    raises : BadData, nothing was said yet, or no reason is given
    """
    root = f"{deployment.province}/"
    with refused_by_walls(), writing("tours.back", by=by, may=Permission.PLAN, path=root, reason=reason) as note:
        (one,) = _held([deployment], *BEFORE)
        if not reason.strip():
            raise BadData([Finding("E716", "", "reason")])
        state = one.state
        before = one.history.filter(state__in=BEFORE[state]).order_by("-history_id").first()
        if state == "confirmed":
            for row in PastTour.objects.filter(province=one.province, staff=one.staff, start=one.start):
                row.is_withdrawn = True
                _save(row, by)
        one.state = before.state if before else "issued"
        if state == "ended" and before:
            one.end = before.end
        _save(one, by)
        note.about, note.details = _called([one]), {"from": state, "to": one.state}


def _at_station(by: Account | None, rows: Sequence[Deployment]) -> tuple[Permission, str]:
    """
    Return by what right somebody speaks about tours: as planner of the province, or as who sees a station's people.

    raises : NotAllowed, neither
    """
    if not rows:
        raise BadData([Finding("E809")])
    root, day = f"{rows[0].province}/", timezone.localdate()
    if by is None or allowed(by, Permission.PLAN, root, on=day):
        return Permission.PLAN, root
    for one in rows:
        if not all(allowed(by, may, one.path, on=day) for may in (Permission.REPORT, Permission.SEE_PEOPLE)):
            raise NotAllowed(Permission.REPORT.value, one.path)
    return Permission.REPORT, rows[0].path


def _held(rows: Sequence[Deployment], *states: str) -> list[Deployment]:
    """Return deployments held for writing. raises: BadData, none is named, or one is in another state."""
    if not rows:
        raise BadData([Finding("E809")])
    numbers = [one.pk for one in rows]
    found = list(Deployment.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    other = [one for one in found if one.state not in states]
    if other or len(found) < len(set(numbers)):
        raise BadData([Finding("E803", "", "", {"count": len(other) or len(set(numbers)) - len(found)})])
    decisions = {one.pk: one.decision for one in Deployment.objects.filter(pk__in=numbers).select_related("decision")}
    for one in found:
        one.decision = decisions[one.pk]
    return found


def _to(rows: Sequence[Deployment], state: str, by: Account | None, note: Note) -> None:
    for one in rows:
        one.state = state
    bulk_update_with_history(rows, Deployment, ["state"], default_user=by)
    note.about, note.details = _called(rows), {"count": len(rows), "to": state}


def _called(rows: Iterable[Deployment]) -> str:
    """Return how the log names tours: who, from which day."""
    return ", ".join(f"{one.staff} {one.start.isoformat()}" for one in rows)[:200]


def _save(row: Any, by: Account | None) -> None:
    row._history_user = by
    row.save()
