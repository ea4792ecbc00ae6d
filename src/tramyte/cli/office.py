"""`tramyte init`, `import`, `serve`: the register in a database, and its pages."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tramyte.cli import backups, doctor, files, inputs, screen, users, working
from tramyte.cli.installation import home, made, opened, told
from tramyte.cli.records import FILE, place_code
from tramyte.cli.words import Command, Day, Misused, Number, common, option, settings
from tramyte.domain.finding import Finding
from tramyte.domain.names import search_key
from tramyte.sample import province_names, province_of

if TYPE_CHECKING:
    from tramyte.web.models import Province

KINDS = ("thành phố", "tỉnh")


@click.command(cls=Command, example="tramyte init --home so-y-te")
@home
@common
@click.pass_context
def init(ctx: click.Context, *, home: Path | None) -> None:
    """Make the folder, the key and the database, or bring them up to date."""
    chosen = settings(ctx)
    folder = made(home)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    told(chosen, "C301", folder=str(folder))


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

    place = province_named(province, is_sample=book.is_synthetic)
    run = imports.ask(by=None, path=f"{place.code}/", filename=workbook_path.name, data=data)
    day = on or book.as_of or inputs.today()
    event = imports.accept(by=None, run=run, register=book.register, on=day, is_complete=complete)
    counts = {kind: sum(map(len, event.details[kind].values())) for kind in ("added", "changed", "ended")}
    told(chosen, "C302", province=place.name, file=workbook_path.name, **counts)


@click.command(cls=Command, example="tramyte serve --home so-y-te --port 8000")
@option("--port", type=Number(1, 65535), metavar="PORT", default=8000)
@option("--host", metavar="ADDRESS", default="127.0.0.1")
@home
@common
@click.pass_context
def serve(ctx: click.Context, *, port: int, host: str, home: Path | None) -> None:
    """Serve the pages, with a worker beside them."""
    chosen = settings(ctx)
    folder = opened(home)
    os.environ["TRAMYTE_HOME"] = str(folder)
    screen.line("C305", chosen.lang, address=f"http://{'localhost' if host == '127.0.0.1' else host}:{port}")
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    with working.Kept(folder):
        Server(
            "tramyte.web.wsgi:application", address=host, port=int(port), interface=Interfaces.WSGI,
            blocking_threads=8, log_access=False, websockets=False, log_level=LogLevels.error,
        ).serve()  # fmt: skip


def province_named(text: str, *, is_sample: bool) -> Province:
    """
    Return the province named by code, by name, or by a commune of a sample, set up if it is new.

    raises : Misused, there is none
    """
    from tramyte.web.actions import provinces

    wanted = search_key(text)
    named = (
        code
        for code, name in province_names().items()
        if wanted in (search_key(name), search_key(name.split(" ", 1)[1]))
    )
    code = province_of(place_code(text)) or next(named, None)
    if code is None:
        raise Misused(Finding("C394", "--province", "", {"read": text}))
    kind = next(kind for kind in KINDS if province_names()[code].lower().startswith(kind))
    name = province_names()[code][len(kind) :].strip()
    return provinces.set_up(by=None, code=code, name=name, kind=kind, is_sample=is_sample)


COMMANDS = (init, import_, users.user, serve, backups.backup, backups.restore, doctor.doctor)
