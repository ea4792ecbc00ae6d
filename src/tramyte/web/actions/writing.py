"""What every action is: permission asked, one transaction, one event that tells it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import OperationalError, transaction
from django.utils import timezone

from tramyte.domain.errors import NotAllowed
from tramyte.web import events
from tramyte.web.models import Account, Event
from tramyte.web.permissions import allowed
from tramyte.web.roles import Permission

TURNS: Final = 4  # times that a writer waits for the lock of SQLite, 30 seconds each (settings.py)


@dataclass
class Note:
    """What the event will tell; `event` stands once the action is over."""

    at: datetime
    about: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    event: Event | None = None


@contextmanager
def writing(
    action: str,
    *,
    by: Account | None,
    may: Permission | None,
    path: str,
    reason: str | None = None,
    address: str | None = None,
) -> Iterator[Note]:
    """
    Open the transaction of an action; on leaving, its event is in the log, or nothing has happened.

    by   : who acts; None: the program itself, which only commands of the terminal are
    may  : the permission asked for at the place; None: anybody signed in may (about oneself)
    """
    now = timezone.now()
    if by is not None and may is not None and not allowed(by, may, path, on=timezone.localdate(now)):
        raise NotAllowed(may.value, path)
    with ExitStack() as turn:
        _begin(turn)
        note = Note(now)
        yield note
        note.event = events.append(
            action, account=by, province=path[:2], path=path, about=note.about, reason=reason, details=note.details,
            address=address, at=now,
        )  # fmt: skip


def _begin(turn: ExitStack) -> None:
    """
    Open the transaction; wait again where others took every turn.

    SQLite has one writer at a time and hands the lock to whoever asks at the right moment, not to whoever waits
    longest. A transaction of ours takes it as it begins: when it is not had, nothing was done that is done twice now.
    """
    for left in reversed(range(TURNS)):
        try:
            turn.enter_context(transaction.atomic())
            return
        except OperationalError as error:
            if not left or "locked" not in str(error):
                raise
