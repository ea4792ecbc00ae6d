"""`tramyte init`, `import`, `user`, `serve`: the register in a database, and its pages."""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tramyte.cli import files, inputs, screen
from tramyte.cli.records import FILE, place_code
from tramyte.cli.words import Command, Day, Misused, Number, OneOf, Settings, common, option, settings
from tramyte.domain.finding import Finding
from tramyte.domain.names import search_key
from tramyte.sample import KNOWN

if TYPE_CHECKING:
    from tramyte.web.models import Account, Province

ROLES = ("planner", "director", "clerk", "commune", "head", "sender", "staff", "analyst", "admin")
KEY, DATABASE = "secret.key", "tramyte.sqlite3"
CITIES = ("ha noi", "hai phong", "hue", "da nang", "ho chi minh", "can tho")


def home(command: Any) -> Any:
    """Give a command --home, the folder of the installation."""
    return option("--home", type=FILE, metavar="FOLDER", default=None)(command)


def start(folder: Path | None) -> Path:
    """Let Django know where it lives; return the folder."""
    if folder is not None:
        os.environ["TRAMYTE_HOME"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
    import django

    django.setup()
    from tramyte.web.settings import MACHINE

    return MACHINE.home


def opened(folder: Path | None) -> Path:
    """Return the folder of an installation that is there; say what to do where none is."""
    asked = Path(folder or os.environ.get("TRAMYTE_HOME") or "tramyte-data")
    if not (asked / KEY).is_file():
        raise Misused(Finding("C300", "--home", "", {"folder": str(asked)}))
    return start(folder)


@click.command(cls=Command, example="tramyte init --home so-y-te")
@home
@common
@click.pass_context
def init(ctx: click.Context, *, home: Path | None) -> None:
    """Make the folder, the key and the database, or bring them up to date."""
    chosen = settings(ctx)
    asked = Path(home or os.environ.get("TRAMYTE_HOME") or "tramyte-data")
    asked.mkdir(parents=True, exist_ok=True)
    if not (asked / KEY).is_file():
        (asked / KEY).write_text(secrets.token_urlsafe(50) + "\n", "ascii")
        (asked / KEY).chmod(0o600)
    folder = start(home)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _told(chosen, "C301", folder=str(folder))


@click.command("import", cls=Command, example="tramyte import tq.xlsx --province 08 --home so-y-te")
@click.argument("workbook_path", metavar="WORKBOOK", type=FILE)
@option("--province", metavar="PLACE", required=True, words="province_import")
@option("--on", type=Day(), metavar="YYYY-MM-DD", words="on_import")
@option("--complete", is_flag=True)
@home
@common
@click.pass_context
def import_(
    ctx: click.Context, *, workbook_path: Path, province: str, on: date | None, complete: bool, home: Path | None
) -> None:
    """Record a workbook in the database."""
    chosen = settings(ctx)
    data = files.read(workbook_path)
    book = inputs.book(workbook_path)
    opened(home)
    from tramyte.web.actions import imports

    place = _province(province, is_sample=book.is_synthetic)
    run = imports.ask(by=None, path=f"{place.code}/", filename=workbook_path.name, data=data)
    day = on or book.as_of or inputs.today()
    event = imports.accept(by=None, run=run, register=book.register, on=day, is_complete=complete)
    counts = {kind: sum(map(len, event.details[kind].values())) for kind in ("added", "changed", "ended")}
    _told(chosen, "C302", province=place.name, file=workbook_path.name, **counts)


@click.command(cls=Command, example="tramyte user lan --role planner --place 08/ --name Lan --home so-y-te")
@click.argument("account", metavar="ACCOUNT")
@option("--role", type=OneOf(*ROLES), metavar="ROLE", required=True)
@option("--place", metavar="PATH", required=True, words="place_user")
@option("--name", metavar="NAME", required=True)
@option("--staff", metavar="CODE")
@home
@common
@click.pass_context
def user(
    ctx: click.Context, *, account: str, role: str, place: str, name: str, staff: str | None, home: Path | None
) -> None:
    """Open an account with a role at a place, and print its password once."""
    chosen = settings(ctx)
    if role == "staff" and not staff:
        raise Misused(Finding("C024", "", "", {"read": "--staff"}), ctx)
    opened(home)
    from tramyte.web.actions import accounts
    from tramyte.web.models import Account

    if Account.objects.filter(username=account).exists():
        raise Misused(Finding("C303", "ACCOUNT", "", {"read": account}), ctx)
    path = f"{place.strip('/')}/" if place.strip("/") else ""
    password = secrets.token_urlsafe(12)
    made: Account = accounts.open_account(by=None, username=account, password=password, full_name=name)
    accounts.grant(by=None, account=made, role=role, path=path, staff=staff)
    _told(chosen, "C304", account=account, role=role, place=path, password=password)


@click.command(cls=Command, example="tramyte serve --home so-y-te --port 8000")
@option("--port", type=Number(1, 65535), metavar="PORT", default=8000)
@option("--host", metavar="ADDRESS", default="127.0.0.1")
@home
@common
@click.pass_context
def serve(ctx: click.Context, *, port: int, host: str, home: Path | None) -> None:
    """Serve the pages."""
    chosen = settings(ctx)
    folder = opened(home)
    os.environ["TRAMYTE_HOME"] = str(folder)
    screen.line("C305", chosen.lang, address=f"http://{'localhost' if host == '127.0.0.1' else host}:{port}")
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "tramyte.web.wsgi:application", address=host, port=int(port), interface=Interfaces.WSGI, blocking_threads=8,
        log_access=False,
    ).serve()  # fmt: skip


def _province(text: str, *, is_sample: bool) -> Province:
    """Return the province named, set up if it is new."""
    from tramyte.web.actions import provinces

    code = place_code(text)
    name = KNOWN.get(code, code).split(" (")[0]
    kind = "thành phố" if search_key(name) in CITIES else "tỉnh"
    return provinces.set_up(by=None, code=code[:2], name=name, kind=kind, is_sample=is_sample)


def _told(chosen: Settings, code: str, **fields: Any) -> None:
    if chosen.as_json:
        screen.answer(fields)
    else:
        screen.line(code, chosen.lang, **fields)


COMMANDS = (init, import_, user, serve)
