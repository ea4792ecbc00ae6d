"""People who sign in: opened, granted a role at a place, reviewed, reset, closed. Nobody is deleted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.web import seals
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Grant, Token
from tramyte.web.permissions import allowed
from tramyte.web.roles import ROLES, Permission

IDLE = timedelta(days=45)
IDLE_REASON = "UI_closed_idle"
REVIEW = timedelta(days=183)  # half a year
MAY = Permission.MANAGE_ACCOUNTS
LENGTH = 12  # bytes of a password made here
SECRETS = {"totp": "secret", "recovery_codes": "seed"}  # kind of second factor -> where its data holds the secret


def open_account(
    *,
    by: Account | None,
    username: str,
    password: str,
    full_name: str,
    unit: str | None = None,
    path: str = "",
    first: Mapping[str, Any] | None = None,
) -> Account:
    """
    Open an account; whoever has no grant sees nothing.

    first : its first grant, as `grant` takes it: role, path, staff, start, end
    """
    with writing("accounts.open", by=by, may=MAY, path=path) as note:
        # a password that somebody else has seen is changed at the first sign-in
        account = Account.objects.create_user(
            username, password=password, full_name=full_name, unit=unit, must_change_password=by is not None
        )
        note.about, note.details = username, {"full_name": full_name, "unit": unit}
        if first is not None:
            note.details["grant"] = _told(_given(by, account, **first))
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
    """
    Give a role at a place, for some time.

    raises : NotAllowed, the place is beyond one's own, or the account is one's own
    """
    with writing("accounts.grant", by=by, may=MAY, path=path) as note:
        found = _given(by, account, role=role, path=path, staff=staff, start=start, end=end)
        note.about, note.details = account.username, _told(found)
        if needs_second_factor(account) and not has_second_factor(account):
            _end_sessions(account)  # the next sign-in leads to the set-up
    return found


def confirm(*, by: Account, given: Grant) -> None:
    """
    Say as a second administrator that a grant shall count.

    raises : NotAllowed, whoever gave it or receives it cannot confirm it
    """
    with writing("accounts.confirm", by=by, may=MAY, path=given.path) as note:
        if by.pk in (given.given_by_id, given.account_id):
            raise NotAllowed(MAY.value, given.path)
        given.waits, given.confirmed_by = False, by
        given.save(update_fields=["waits", "confirmed_by"])
        note.about, note.details = given.account.username, _told(given)


def end_grant(*, by: Account | None, given: Grant, on: date, reason: str) -> None:
    """End a grant: its last day is the one before; of one that had not begun by then, the history alone keeps a row."""
    with writing("accounts.end_grant", by=by, may=MAY, path=given.path, reason=reason) as note:
        note.about, note.details = given.account.username, {**_told(given), "end": on}
        _end_sessions(given.account)
        if given.waits or (given.start and given.start >= on):
            given.delete()
        else:
            given.end = on
            given.save(update_fields=["end"])


def review(*, by: Account, given: Grant) -> None:
    """Say that a grant is still needed: once in half a year somebody looks at each."""
    with writing("accounts.review", by=by, may=MAY, path=given.path) as note:
        _not_oneself(by, given.account, given.path)
        given.reviewed_at = note.at
        given.save(update_fields=["reviewed_at"])
        note.about, note.details = given.account.username, _told(given)


def close(*, by: Account | None, account: Account, reason: str) -> None:
    """Close an account: it signs in no more, and keeps its name in the log."""
    with writing("accounts.close", by=by, may=MAY, path=home(account), reason=reason) as note:
        _not_oneself(by, account, "")
        account.is_active, account.closed_reason = False, reason
        account.save(update_fields=["is_active", "closed_reason"])
        note.about, note.details = account.username, {"sessions_ended": _end_sessions(account)}


def reopen(*, by: Account | None, account: Account, reason: str) -> None:
    """Open an account again, with the grants that are still in force."""
    with writing("accounts.reopen", by=by, may=MAY, path=home(account), reason=reason) as note:
        _not_oneself(by, account, "")
        account.is_active, account.closed_reason, account.last_seen = True, None, note.at
        account.save(update_fields=["is_active", "closed_reason", "last_seen"])
        note.about = account.username


def close_idle(*, by: Account | None, only: Account | None = None) -> int:
    """Close every account that nobody used for 45 days, or only one; return how many. Tokens in use count as use."""
    found = 0
    for account in [only] if only else list(Account.objects.filter(_unused(timezone.now()), is_active=True)):
        if is_idle(account, on=timezone.now()):
            close(by=by, account=account, reason=IDLE_REASON)
            found += 1
    return found


def reset_password(*, by: Account | None, account: Account) -> str:
    """Give an account a password for one sign-in, after which another is chosen; return it, to be told once."""
    password = secrets.token_urlsafe(LENGTH)
    with writing("accounts.reset_password", by=by, may=MAY, path=home(account)) as note:
        _not_oneself(by, account, "")
        account.set_password(password)
        account.must_change_password = True
        account.save(update_fields=["password", "must_change_password"])
        note.about, note.details = account.username, {"sessions_ended": _end_sessions(account)}
    return password


def change_password(*, by: Account, account: Account, password: str) -> None:
    """Take the password that somebody chose for themselves; every other session of theirs is over."""
    with writing("accounts.change_password", by=by, may=None, path=home(account)) as note:
        account.set_password(password)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        note.about = account.username


def reset_second_factor(*, by: Account | None, account: Account, reason: str) -> None:
    """Take away a second factor that was lost; the next sign-in leads to setting up another where one is needed."""
    with writing("accounts.reset_second_factor", by=by, may=MAY, path=home(account), reason=reason) as note:
        _not_oneself(by, account, "")
        Authenticator.objects.filter(user=account).delete()
        note.about, note.details = account.username, {"sessions_ended": _end_sessions(account)}


def give_second_factor(*, by: Account | None, account: Account, secret: str | None = None) -> str:
    """Set up a second factor for somebody, as a demonstration and tests need; return its secret."""
    with writing("accounts.give_second_factor", by=by, may=MAY, path=home(account)) as note:
        Authenticator.objects.filter(user=account).delete()
        secret = secret or generate_totp_secret()
        TOTP.activate(account, secret)
        RecoveryCodes.activate(account)
        note.about = account.username
    return secret


def unreadable_second_factors() -> int:
    """Return how many accounts have a second factor that was sealed with another key: nobody gets in by it."""
    rows = Authenticator.objects.values_list("user", "type", "data")
    return len({user for user, kind, data in rows if seals.unsealed(data[SECRETS[kind]]) is None})


def seal_second_factors(*, by: Account | None) -> int:
    """Seal the secrets of second factors that were set up before there were seals; return how many."""
    bare = [row.pk for row in Authenticator.objects.all() if not seals.is_sealed(row.data[SECRETS[row.type]])]
    if bare:
        with writing("accounts.seal_second_factors", by=by, may=MAY, path="") as note:
            for row in Authenticator.objects.select_for_update().filter(pk__in=bare):
                row.data[SECRETS[row.type]] = seals.sealed(seals.unsealed(row.data[SECRETS[row.type]]) or "")
                row.save(update_fields=["data"])
            note.details = {"count": len(bare)}
    return len(bare)


def note_second_factor(*, by: Account, what: str) -> None:
    """Tell the log that somebody set up a second factor, took it away or made new recovery codes."""
    with writing("accounts.second_factor", by=by, may=None, path=home(by)) as note:
        note.about, note.details = by.username, {"what": what}


def note_wrong_code(*, account: Account) -> None:
    """Tell the log that the password was right and the second factor was not."""
    with writing("accounts.wrong_code", by=None, may=None, path=home(account)) as note:
        note.about = account.username


def note_sign_in(*, by: Account) -> None:
    """Tell the log that somebody signed in."""
    with writing("accounts.sign_in", by=by, may=None, path=home(by)) as note:
        note.about = by.username


def note_sign_out(*, by: Account) -> None:
    """Tell the log that somebody signed out."""
    with writing("accounts.sign_out", by=by, may=None, path=home(by)) as note:
        note.about = by.username


def note_wrong_password(*, username: str) -> None:
    """Tell the log that a password was wrong; a name that nobody has is not kept, it may be a password."""
    account = Account.objects.filter(username=username).first()
    path = home(account) if account else ""
    with writing("accounts.wrong_password", by=None, may=None, path=path) as note:
        note.about = account.username if account else None


def end_sessions(*, by: Account, account: Account, keys: list[str] | None = None, but: str | None = None) -> int:
    """
    End sessions of an account: one's own, or all of somebody whose account one manages; return how many.

    keys : only these; but: all except this one
    """
    own = by.pk == account.pk
    with writing("accounts.end_sessions", by=by, may=None if own else MAY, path=home(account)) as note:
        if not own:
            _not_oneself(by, account, "")
        found = _end_sessions(account, keys=keys, but=but)
        note.about, note.details = account.username, {"sessions_ended": found}
    return found


def _end_sessions(account: Account, *, keys: list[str] | None = None, but: str | None = None) -> int:
    known = UserSession.objects.filter(user=account)
    if keys is not None:
        known = known.filter(session_key__in=keys)
    ended = [one for one in known.values_list("session_key", flat=True) if one != but]
    Session.objects.filter(session_key__in=ended).delete()
    known.filter(session_key__in=ended).delete()
    return len(ended)


def needs_second_factor(account: Account) -> bool:
    """Return whether a role of the account, now or to come, is one for which a password alone is not enough."""
    roles = [code for code, role in ROLES.items() if role.needs_second_factor]
    return _current(account).filter(role__in=roles).exists()


def has_second_factor(account: Account) -> bool:
    """Return whether the account has a second factor."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def wanted(account: Account) -> list[str]:
    """Return what the account must do before anything else: "password", "second_factor"."""
    found = ["password"] if account.must_change_password else []
    if needs_second_factor(account) and not has_second_factor(account):
        found.append("second_factor")
    return found


def is_idle(account: Account, *, on: datetime) -> bool:
    """Return whether nobody used the account for 45 days, neither by a sign-in nor by a token."""
    times = (account.last_login, account.last_seen, account.date_joined)
    if max(one for one in times if one is not None) > on - IDLE:
        return False
    return not Token.objects.filter(account=account, revoked_at__isnull=True, expires_at__gt=on).exists()


def is_due(given: Grant, *, on: datetime) -> bool:
    """Return whether somebody has to look at a grant again: half a year went by since the last time."""
    return given.reviewed_at is None or given.reviewed_at < on - REVIEW


def manages(by: Account, account: Account) -> bool:
    """Return whether one may act on an account: another's, with every grant at or below one's own places."""
    return by.pk != account.pk and allowed(by, MAY, home(account), on=timezone.localdate())


def _unused(on: datetime) -> Q:
    """Return the condition of accounts that may be idle; `is_idle` has the last word."""
    return Q(date_joined__lte=on - IDLE) & (Q(last_login__isnull=True) | Q(last_login__lte=on - IDLE))


def _current(account: Account) -> QuerySet[Grant]:
    """Return the grants of an account that count now, will count, or wait."""
    rows = Grant.objects.filter(account=account)  # account.grants may hold only those that a page asked for
    return rows.filter(Q(end__isnull=True) | Q(end__gt=timezone.localdate()))


def home(account: Account) -> str:
    """Return the place an account belongs to: the smallest that holds its grants, or those it had."""
    found = list(_current(account).values_list("path", flat=True)) or list(
        Grant.objects.filter(account=account).values_list("path", flat=True)
    )
    if not found:
        return ""
    parts = [one.split("/") for one in found]
    same = 0
    while all(len(one) > same + 1 and one[same] == parts[0][same] for one in parts):
        same += 1
    return "".join(f"{one}/" for one in parts[0][:same])


def _given(by: Account | None, account: Account, **given: Any) -> Grant:
    """Add a grant, if it may be given; one that needs a second administrator waits for them."""
    path, role = given["path"], ROLES[given["role"]]
    _not_oneself(by, account, path)
    if role.code == "staff" and not given.get("staff"):
        raise BadData([Finding("E170", "staff", "", {})])
    found = Grant(account=account, given_by=by, reviewed_at=timezone.now(), **given)
    found.waits = role.needs_confirming and by is not None
    if by is not None and not allowed(by, MAY, path, on=timezone.localdate()):
        raise NotAllowed(MAY.value, path)
    same = Grant.objects.filter(
        account=account, role=role.code, path=path, staff=found.staff, start=found.start, end=found.end
    )
    if same.exists():
        raise AlreadyIssued(f"{role.code} {path}")
    found.save()
    return found


def _not_oneself(by: Account | None, account: Account, path: str) -> None:
    if by is not None and by.pk == account.pk:
        raise NotAllowed(MAY.value, path)


def _told(given: Grant) -> dict[str, Any]:
    return {
        "role": given.role, "path": given.path, "staff": given.staff, "start": given.start, "end": given.end,
        "waits": given.waits,
    }  # fmt: skip
