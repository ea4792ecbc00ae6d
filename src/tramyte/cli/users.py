"""`tramyte user`: accounts opened, listed, reset and closed from a terminal, and tokens for programs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tramyte.cli import screen
from tramyte.cli.installation import home, opened, told
from tramyte.cli.words import Command, Misused, Number, OneOf, Settings, common, option, settings
from tramyte.domain.finding import Finding

if TYPE_CHECKING:
    from tramyte.web.models import Account

ROLES = ("planner", "director", "clerk", "commune", "head", "sender", "staff", "analyst", "admin")
VERBS = {"token": 1, "revoke": 2, "reset": 1, "close": 1, "idle": 0, "list": 0}  # words that follow
EXAMPLE = """tramyte user lan --role planner --place 08/ --name Lan --home so-y-te
tramyte user token lan --days 30 --home so-y-te
tramyte user list --home so-y-te"""


@click.command(cls=Command, example=EXAMPLE)
@click.argument("words", metavar="[token|revoke|reset|close|idle|list] ACCOUNT", nargs=-1, required=True)
@option("--role", type=OneOf(*ROLES), metavar="ROLE")
@option("--place", metavar="PATH", words="place_user")
@option("--name", metavar="NAME", words="name_user")
@option("--staff", metavar="CODE")
@option("--days", type=Number(1, 3650), metavar="N", default=90)
@home
@common
@click.pass_context
def user(ctx: click.Context, /, *, words: tuple[str, ...], days: int, home: Path | None, **asked: str | None) -> None:
    """Open, list, reset or close an account, close those nobody uses, or make a token."""
    chosen = settings(ctx)
    verb, rest = (words[0], words[1:]) if words[0] in VERBS else ("open", words)
    if len(rest) != VERBS.get(verb, 1):
        raise Misused(Finding("C364", "", "", {"read": " ".join(words)}), ctx)
    if verb == "open":
        _complete(ctx, asked)
    opened(home)
    if verb == "open":
        _open(chosen, rest[0], asked)
    elif verb == "list":
        _list(chosen)
    elif verb == "idle":
        _close_idle(chosen)
    else:
        does: dict[str, Callable[..., None]] = {"token": _token, "revoke": _revoke, "reset": _reset, "close": _close}
        does[verb](chosen, _account(rest[0]), number=rest[-1], name=asked["name"] or "api", days=int(days))


def _complete(ctx: click.Context, asked: dict[str, str | None]) -> None:
    """Refuse a new account without role, place or name, or without the person where the role is about one."""
    needed = ("role", "place", "name", *(("staff",) if asked["role"] == "staff" else ()))
    for name in needed:
        if asked[name] is None:
            raise Misused(Finding("C024", "", "", {"read": f"--{name}"}), ctx)


def _account(username: str) -> Account:
    from tramyte.web.models import Account

    found = Account.objects.filter(username=username).first()
    if found is None:
        raise Misused(Finding("C365", "ACCOUNT", "", {"read": username}))
    return found


def _open(chosen: Settings, username: str, asked: dict[str, str | None]) -> None:
    from tramyte.web.actions import accounts
    from tramyte.web.models import Account

    if Account.objects.filter(username=username).exists():
        raise Misused(Finding("C303", "ACCOUNT", "", {"read": username}))
    place = (asked["place"] or "").strip("/")
    first = {"role": asked["role"], "path": f"{place}/" if place else "", "staff": asked["staff"]}
    password = secrets.token_urlsafe(12)
    accounts.open_account(
        by=None, username=username, password=password, full_name=asked["name"] or username, first=first
    )
    told(chosen, "C304", account=username, role=first["role"], place=first["path"], password=password)


def _token(chosen: Settings, account: Account, *, name: str, days: int, **_: Any) -> None:
    """Print the token alone on stdout, for programs; what it is, beside."""
    from django.utils import timezone

    from tramyte.web.actions import tokens

    token, text = tokens.make(by=None, account=account, name=name, days=days)
    facts = {"account": account.username, "number": token.pk, "name": name}
    if chosen.as_json:
        screen.answer({**facts, "token": text, "expires_at": token.expires_at.isoformat()})
        return
    click.echo(text)
    screen.note("C366", chosen.lang, **facts, until=f"{timezone.localtime(token.expires_at):%d/%m/%Y}")


def _revoke(chosen: Settings, account: Account, *, number: str, **_: Any) -> None:
    from tramyte.web.actions import tokens

    token = account.tokens.filter(pk=int(number)).first() if number.isdecimal() else None
    if token is None:
        raise Misused(Finding("C367", "", "", {"read": number, "account": account.username}))
    tokens.revoke(by=None, token=token)
    told(chosen, "C368", account=account.username, number=token.pk)


def _reset(chosen: Settings, account: Account, **_: Any) -> None:
    from tramyte.web.actions import accounts

    told(chosen, "C369", account=account.username, password=accounts.reset_password(by=None, account=account))


def _close(chosen: Settings, account: Account, **_: Any) -> None:
    from tramyte.web.actions import accounts

    accounts.close(by=None, account=account, reason="tramyte user close")
    told(chosen, "C370", account=account.username)


def _close_idle(chosen: Settings) -> None:
    """Close the accounts that nobody uses, as the worker does every day."""
    from tramyte.web.actions import accounts

    told(chosen, "C400", days=accounts.IDLE.days, count=accounts.close_idle(by=None))


def _list(chosen: Settings) -> None:
    """Print every account with what it may where, and the tokens that still open it."""
    from django.utils import timezone

    from tramyte.web.models import Account
    from tramyte.web.permissions import grants

    rows = []
    for account in Account.objects.order_by("username").prefetch_related("tokens"):
        live = [one for one in account.tokens.all() if one.revoked_at is None and one.expires_at > timezone.now()]
        rows.append({
            "account": account.username, "name": account.full_name, "is_open": account.is_active,
            "grants": [{"role": one.role, "place": one.path} for one in grants(account, on=timezone.localdate())],
            "tokens": [{"number": one.pk, "name": one.name} for one in live],
        })  # fmt: skip
    if chosen.as_json:
        screen.answer({"accounts": rows})
        return
    for row in rows:
        given = ", ".join(f"{one['role']} {one['place'] or '/'}" for one in row["grants"])
        held = ", ".join(f"{one['number']} {one['name']}" for one in row["tokens"])
        screen.line(
            "C371" if row["is_open"] else "C372", chosen.lang, **row | {"grants": given or "—", "tokens": held or "—"}
        )
    screen.line("C373", chosen.lang, count=len(rows))
