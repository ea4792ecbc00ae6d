"""Tokens of the API: made, shown once, ended. A token may what its account may, as long as the account may it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from tramyte.domain.errors import NotAllowed
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Token
from tramyte.web.roles import Permission

DAYS = 90
PREFIX = "tramyte_"  # a token that leaked into a file or a log is found by it


def make(*, by: Account | None, account: Account, name: str, days: int = DAYS) -> tuple[Token, str]:
    """
    Make a token for an account; the text is kept nowhere.

    by      : the account itself, or the terminal; nobody makes tokens for others, who would be taken for them
    days    : after which it opens nothing any more
    returns : the row, and the text to show once
    raises  : NotAllowed, the account is another's, or is closed
    """
    if not account.is_active or (by is not None and by != account):
        raise NotAllowed(Permission.MANAGE_ACCOUNTS.value, "")
    text = PREFIX + secrets.token_urlsafe(32)
    with writing("tokens.make", by=by, may=None, path="") as note:
        token = Token.objects.create(
            account=account, name=name, digest=_digest(text), made_at=note.at, expires_at=note.at + timedelta(days=days)
        )
        note.about, note.details = account.username, {"token": token.pk, "name": name, "expires_at": token.expires_at}
    return token, text


def revoke(*, by: Account | None, token: Token) -> None:
    """
    End a token; one that is ended already stays as it is.

    raises : NotAllowed, the token is another's, and `by` manages no accounts
    """
    may = None if by == token.account else Permission.MANAGE_ACCOUNTS
    with writing("tokens.revoke", by=by, may=may, path="") as note:
        Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=note.at)
        note.about, note.details = token.account.username, {"token": token.pk, "name": token.name}


def account_of(text: str) -> Account | None:
    """Return the account a token opens now; of one that is wrong, over, ended, or of a closed account, None."""
    found = Token.objects.select_related("account").filter(
        digest=_digest(text), revoked_at__isnull=True, expires_at__gt=timezone.now(), account__is_active=True
    )
    token = found.first()
    return token.account if token else None


def _digest(text: str) -> str:
    """Return what is kept of a token: 256 random bits want no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()
