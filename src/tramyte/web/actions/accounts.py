"""People who sign in: opened, granted a role at a place, closed. Nobody is deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Grant
from tramyte.web.roles import Permission


def open_account(
    *, by: Account | None, username: str, password: str, full_name: str, unit: str | None = None, path: str = ""
) -> Account:
    """Open an account without any grant; whoever has none sees nothing."""
    with writing("accounts.open", by=by, may=Permission.MANAGE_ACCOUNTS, path=path) as note:
        account = Account.objects.create_user(username, password=password, full_name=full_name, unit=unit)
        note.about, note.details = username, {"full_name": full_name, "unit": unit}
    return account


def grant(
    *,
    by: Account | None,
    account: Account,
    role: str,
    path: str,
    staff: str | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Grant:
    """Give a role at a place, for some time."""
    with writing("accounts.grant", by=by, may=Permission.MANAGE_ACCOUNTS, path=path) as note:
        given: dict[str, Any] = {"role": role, "path": path, "staff": staff, "start": start, "end": end}
        found = Grant.objects.create(account=account, given_by=by, **given)
        note.about, note.details = account.username, given
    return found


def close(*, by: Account | None, account: Account, reason: str) -> None:
    """Close an account: it signs in no more, and keeps its name in the log."""
    with writing("accounts.close", by=by, may=Permission.MANAGE_ACCOUNTS, path="", reason=reason) as note:
        account.is_active, account.closed_reason = False, reason
        account.save(update_fields=["is_active", "closed_reason"])
        note.about = account.username
