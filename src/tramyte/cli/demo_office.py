"""The register of the demo: the made-up provinces recorded in a folder of their own, and an account for every role."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tramyte.cli import files, screen
from tramyte.cli.installation import KEY, made
from tramyte.cli.office import province_named
from tramyte.cli.users import ROLES
from tramyte.cli.words import Misused
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.exchange import workbook
from tramyte.sample import KNOWN
from tramyte.sample import sample as made_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tramyte.domain.plan import Plan
    from tramyte.domain.register import Register
    from tramyte.rotation.problem import Problem
    from tramyte.web.models import Account

PROVINCE = "08"  # of the accounts, one for every role
CAMPAIGN = ("planner", "director", "clerk", "commune", "head", "sender", "staff")  # roles that run one
HOME, ACCOUNTS, MORE = "home", "accounts.json", "accounts-{province}.json"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def free(port: int) -> None:
    """
    Make sure that nobody has the port yet.

    raises : Misused, somebody has
    """
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name != "nt")
            probe.bind(("127.0.0.1", port))
    except OSError:
        raise Misused(Finding("C395", "--port", "", {"port": port, "other": port % 65535 + 1})) from None


def register(out: Path, *, code: str, problem: Problem, plan: Plan, lang: Lang) -> list[dict[str, Any]]:
    """
    Make the installation of the demo in `out`/home, in place of an older one; return the accounts, passwords in clear.

    code   : the province that was planned; its plan is there as a draft, with accounts of its own that run it
    raises : BadData, what stands at `out`/home is no installation, or cannot be replaced
    """
    home = out / HOME
    if home.exists() and not (home / KEY).is_file():
        files.refuse("C396", home)
    try:
        shutil.rmtree(home, ignore_errors=False) if home.exists() else None
    except OSError as error:
        files.refuse("C009", home, reason=error.strerror or str(error))
    os.environ.pop("DATABASE_URL", None)  # the demo never fills a database that is in use
    made(home)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for known in KNOWN:
        _record(known, made_up(known, seed=1), lang)
    accounts = _accounts(made_up(PROVINCE, seed=1), PROVINCE, ROLES, lang)
    files.write({out / ACCOUNTS: _text(accounts)})
    for stale in out.glob(MORE.format(province="*")):
        stale.unlink()
    province = next((one.province for one in made_up(code, seed=1).campaign), PROVINCE)
    if province == PROVINCE:
        return accounts
    _draft(province, problem, plan)
    more = _accounts(made_up(code, seed=1), province, CAMPAIGN, lang)
    files.write({out / MORE.format(province=province): _text(more)})
    return [*accounts, *more]


def _text(accounts: list[dict[str, Any]]) -> bytes:
    return (json.dumps(accounts, ensure_ascii=False, indent=1) + "\n").encode()


def _draft(province: str, problem: Problem, plan: Plan) -> None:
    """Record the plan of the demo as the first draft of its campaign."""
    from tramyte.web.actions import drafts
    from tramyte.web.models import Campaign

    campaign = Campaign.objects.get(province=province)
    unmet = sum(row.count for row in plan.unmet)
    proof = drafts.Proof(plan.bound, unmet if plan.status == "optimal" else None, plan.status)
    drafts.make(by=None, campaign=campaign, problem=problem, tours=plan.assignments, origin="solve", proof=proof)


def _record(code: str, found: Register, lang: Lang) -> None:
    """Record a made-up province or commune, as an import of its workbook does."""
    from tramyte.web.actions import imports

    place = province_named(code, is_sample=True)
    day = next(one.as_of for one in found.campaign if one.as_of)
    data = workbook.write(found, synthetic=True, lang=lang)
    run = imports.ask(by=None, path=f"{place.code}/", filename=f"{code}.xlsx", data=data, on=day)
    imports.accept(by=None, run=run, register=found, on=day)


def _accounts(found: Register, province: str, roles: Iterable[str], lang: Lang) -> list[dict[str, Any]]:
    """Open an account for each role, with a second factor where a password alone is not enough."""
    from tramyte.web.actions import accounts
    from tramyte.web.models import Account

    rows, places = [], _places(found, province)
    for role in roles:
        place, person = places.get(role, (f"{province}/", None))
        staff = next((one for one in found.staff if one.code == person), None)
        name = f"{staff.family_names} {staff.given_name}" if staff else say(f"ROLE_{role}", lang)
        password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
        first = {"role": role, "path": place, "staff": person}
        username = role if province == PROVINCE else f"{role}-{province}"
        accounts.open_account(by=None, username=username, password=password, full_name=name, first=first)
        account: Account = Account.objects.get(username=username)
        secret = (
            accounts.give_second_factor(by=None, account=account) if accounts.needs_second_factor(account) else None
        )
        rows.append({
            "role": role, "province": province, "place": place, "account": username, "password": password,
            "totp_secret": secret,
        })  # fmt: skip
    return rows


def _places(found: Register, province: str) -> dict[str, tuple[str, str | None]]:
    """Return role -> place and person: a station people are sent to, its commune, a unit that sends, one who goes."""
    from django.utils import timezone

    from tramyte.web.records import Places

    places, root = Places(province, found, on=timezone.localdate()), f"{province}/"
    kinds = {one.code: one for one in found.facilities}
    station = next(one.facility for one in found.requirements if kinds[one.facility].kind == "station")
    gone = [one.staff for one in found.past_tours]
    homes = {one.staff: one.facility for one in found.appointments}
    person = next(one for one in gone if kinds[homes[one]].kind in ("hospital", "centre"))
    return {
        "commune": (f"{root}{kinds[station].commune}/", None), "head": (places.facility(station), None),
        "sender": (places.facility(homes[person]), None), "staff": (places.staff(person), person),
        "analyst": ("", None), "admin": ("", None),
    }  # fmt: skip


def show(accounts: list[dict[str, Any]], *, out: Path, lang: Lang) -> None:
    """Print who may sign in, and how."""
    from tramyte.web.views.place_choice import names_of

    names = names_of((one["place"] for one in accounts), lang)
    click.echo()
    screen.line("C397", lang, path=out / ACCOUNTS)
    for one in accounts:
        secret = say("C398", lang, secret=one["totp_secret"]) if one["totp_secret"] else ""
        role = say(f"ROLE_{one['role']}", lang)
        click.echo(f"  {one['account']:<11} {one['password']}  {role} · {names[one['place']]}{secret}")
