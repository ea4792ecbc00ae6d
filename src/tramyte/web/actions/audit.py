"""The log itself: checked from its first row, or from where the last check ended."""

from __future__ import annotations

from collections.abc import Callable

from tramyte.web import events
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Event
from tramyte.web.roles import Permission

CHECK = "audit.check"


def check(*, by: Account | None, path: str, is_whole: bool = False, told: Callable[[int], None] | None = None) -> Event:
    """
    Look whether the log is as it was written, and tell the log so.

    path     : where the account may read the log
    is_whole : from the first row on; else from where the last check that found nothing ended
    told     : hears how many rows were looked at
    """
    last = sound()
    after = 0 if is_whole or last is None else int(last.details["to"])
    to = Event.objects.order_by("-number").values_list("number", flat=True).first() or 0
    broken = events.first_broken(after, told=told)
    with writing(CHECK, by=by, may=Permission.SEE_AUDIT, path=path) as note:
        note.details = {"after": after, "to": to if broken is None else broken - 1, "broken": broken}
    assert note.event is not None  # noqa: S101
    return note.event


def latest() -> Event | None:
    """Return the last check."""
    return Event.objects.filter(action=CHECK).order_by("-number").first()


def sound() -> Event | None:
    """Return the last check, if it found nothing broken."""
    found = latest()
    return found if found is not None and found.details.get("broken") is None else None
