"""The audit log: how a row is added, and how anybody can see that none was taken out or changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from tramyte.web.models import Account, Event

FIRST = "0" * 64  # stands before the first row
CHUNK = 2000  # rows looked at between two words of progress
CHAIN = 7_261_001  # the lock on PostgreSQL under which one row after the other is added
VISITOR: ContextVar[str | None] = ContextVar("visitor", default=None)  # address of who asks, set by guard.py


def append(
    action: str,
    *,
    account: Account | None,
    province: str = "",
    path: str = "",
    about: str | None = None,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
    address: str | None = None,
    at: datetime,
) -> Event:
    """Add one row to the log, inside the transaction of what it tells."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN])
    last = Event.objects.order_by("-number").values_list("hash", flat=True).first() or FIRST
    told = json.loads(json.dumps(dict(details or {}), cls=DjangoJSONEncoder))
    event = Event(
        at=at, account=account, address=address or VISITOR.get(), action=action, province=province, path=path,
        about=about, reason=reason, details=told, before_hash=last,
    )  # fmt: skip
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def digest(event: Event) -> str:
    """Return the hash of a row: of everything it says, and of the hash before it."""
    return _hash(*(getattr(event, name) for name in SAID))


SAID = ("before_hash", "at", "account_id", "address", "action", "province", "path", "about", "reason", "details")


def _hash(before: str, at: datetime, *said: Any) -> str:
    text = json.dumps(
        [before, at.astimezone(UTC).isoformat(), *said], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(after: int = 0, *, told: Callable[[int], None] | None = None) -> int | None:
    """
    Return the number of the first row that does not fit what stands before it; None: the log holds.

    after : number of a row that is trusted; only what follows is looked at
    told  : hears now and then how many rows were looked at, and may raise to leave off
    """
    last = FIRST
    if after:
        last = Event.objects.filter(number=after).values_list("hash", flat=True).first() or ""
    rows = Event.objects.filter(number__gt=after).order_by("number").values_list("number", "hash", *SAID)
    for done, (number, own, before, at, *said) in enumerate(rows.iterator(chunk_size=CHUNK)):
        if told is not None and done % CHUNK == 0:
            told(done)
        if before != last or own != _hash(before, at, *said):
            return int(number)
        last = own
    return None
