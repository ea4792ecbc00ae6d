"""`tramyte doctor`: everything that is wrong with an installation, at once, each with its cure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from tramyte.cli import screen
from tramyte.cli.installation import KEY, asked, home, start
from tramyte.cli.words import Command, common, option, settings
from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding

GB = 2**30
LEAST_FREE = 1  # GB
BACKUP_DAYS, REHEARSED_DAYS = 7, 180
PATIENCE = timedelta(minutes=10)  # of a run that waits for a worker
SKEW = 60  # seconds between the clocks of two machines
LOCAL = {"localhost", "127.0.0.1", "[::1]"}
WRONG = 10  # exit code


@click.command(cls=Command, example="tramyte doctor --home so-y-te")
@option("--quick", is_flag=True)
@home
@common
@click.pass_context
def doctor(ctx: click.Context, *, quick: bool, home: Path | None) -> int:
    """Look an installation over, and say what is wrong with what cures it."""
    chosen = settings(ctx)
    folder = asked(home)
    done: dict[str, str] = {}
    found: list[Finding] = []
    for check in (*BEFORE, *CHECKS, *(() if quick else SLOW)):
        if check is CHECKS[0]:
            if not folder.is_dir():
                break  # nothing more can be asked where there is no installation
            folder = start(home)
        wrong = list(check(folder))
        found += wrong
        done[check.__name__.strip("_")] = "error" if _errors(wrong) else "warning" if wrong else "ok"
        if check is _schema and "error" in (done["database"], done["schema"]):
            break  # the rest reads tables that are not there
    if chosen.as_json:
        told = [one.to_json(chosen.lang) for one in found]
        screen.answer({"ok": not _errors(found), "folder": str(folder), "checks": done, "findings": told})
    else:
        for one in found:
            click.echo(one.sentence(chosen.lang))
        errors = len(_errors(found))
        screen.line("C374", chosen.lang, checks=len(done), errors=errors, warnings=len(found) - errors, folder=folder)
    return WRONG if _errors(found) else 0


def _errors(found: list[Finding]) -> list[Finding]:
    return [one for one in found if one.severity == "error"]


def _error(code: str, **fields: object) -> Finding:
    return Finding(code, "", "", _told(fields))


def _warning(code: str, **fields: object) -> Finding:
    return Finding(code, "", "", _told(fields), "warning")


def _told(fields: dict[str, object]) -> dict[str, object]:
    """Return values as a program can read them."""
    return {name: str(value) if isinstance(value, Path) else value for name, value in fields.items()}


def _folder(folder: Path) -> Iterator[Finding]:
    """Ask whether the folder is there and may be written."""
    if not folder.is_dir():
        yield _error("C375", folder=folder)
    elif not os.access(folder, os.W_OK):
        yield _error("C376", folder=folder)


def _key(folder: Path) -> Iterator[Finding]:
    """Ask whether the key is there, and nobody else's to read."""
    path = folder / KEY
    if folder.is_dir() and not path.is_file():
        yield _error("C377", folder=folder)
    elif path.is_file() and os.name == "posix" and path.stat().st_mode & 0o077:
        yield _error("C378", path=path)


def _database(_: Path) -> Iterator[Finding]:
    """Ask whether the database answers."""
    from django.db import DatabaseError, connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).is_file():
        yield _error("C379", reason=name)
        return
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield _error("C379", reason=str(error).strip())


def _schema(folder: Path) -> Iterator[Finding]:
    """Ask whether the database stands where the program does."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from tramyte.web.backups import leaves

    try:
        executor = MigrationExecutor(connection)
        leaves(executor.loader)
    except DatabaseError:
        return  # the check before has said so
    except BadData as error:
        yield from error.findings
        return
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield _error("C380", count=len(waiting), folder=folder)


def _walls(folder: Path) -> Iterator[Finding]:
    """Ask whether the triggers stand that say what no column can."""
    from tramyte.web import walls

    if missing := walls.missing():
        yield _error("C381", names=", ".join(missing), folder=folder)


def _factors(folder: Path) -> Iterator[Finding]:
    """Ask whether the key is the one that second factors were sealed with."""
    from tramyte.web.actions import accounts

    if count := accounts.unreadable_second_factors():
        yield _error("C401", count=count, folder=folder)


def _space(folder: Path) -> Iterator[Finding]:
    """Ask whether there is room to write."""
    free = shutil.disk_usage(folder).free / GB
    if free < LEAST_FREE:
        yield _warning("C382", free=f"{free:.1f}", folder=folder)


def _worker(folder: Path) -> Iterator[Finding]:
    """Ask whether anybody takes up what waits, and holds on to what is running."""
    from django.utils import timezone

    from tramyte.web.models import Run

    now = timezone.now()
    if lost := Run.objects.filter(state="running", held_until__lt=now).count():
        yield _warning("C383", count=lost, folder=folder)
    if late := Run.objects.filter(state="waiting", accepted_at__isnull=True, asked_at__lt=now - PATIENCE).count():
        yield _warning("C384", count=late, folder=folder)


def _backups(folder: Path) -> Iterator[Finding]:
    """Ask when somebody last made a backup, and when one was last tried out."""
    from django.utils import timezone

    from tramyte.web.models import Event

    for action, days, code in (("backups.made", BACKUP_DAYS, "C385"), ("backups.rehearsed", REHEARSED_DAYS, "C386")):
        last = Event.objects.filter(action=action).order_by("-number").values_list("at", flat=True).first()
        if last is None or last < timezone.now() - timedelta(days=days):
            yield _warning(code, days=days, folder=folder)


def _assets(_: Path) -> Iterator[Finding]:
    """Ask whether fonts, icons and scripts were built."""
    import tramyte
    from tramyte.web.settings import STATIC_ROOT

    fonts = Path(tramyte.__file__).parent / "exchange" / "fonts"
    if not (Path(STATIC_ROOT) / "built" / "icons.svg").is_file() or not list(fonts.glob("*.ttf")):
        yield _error("C387")


def _clock(_: Path) -> Iterator[Finding]:
    """Ask whether the clock runs with the database's and behind none of the log, and knows Viet Nam's time."""
    from django.db import connection
    from django.utils import timezone

    from tramyte.web.models import Event

    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        yield _error("C388")
    now, there = timezone.now(), None
    last = Event.objects.order_by("-number").values_list("at", flat=True).first()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            there = cursor.fetchone()[0]
    if (last and (last - now).total_seconds() > SKEW) or (there and abs((there - now).total_seconds()) > SKEW):
        yield _error("C389", now=f"{timezone.localtime(now):%d/%m/%Y %H:%M}")


def _names(_: Path) -> Iterator[Finding]:
    """Ask who may call the pages by which name, and whether passwords travel in the open."""
    from tramyte.web.settings import ALLOWED_HOSTS, MACHINE

    if "*" in ALLOWED_HOSTS:
        yield _error("C390")
    if set(ALLOWED_HOSTS) - LOCAL and not MACHINE.tramyte_https:
        yield _warning("C391", hosts=", ".join(sorted(set(ALLOWED_HOSTS) - LOCAL)))


def _whole(_: Path) -> Iterator[Finding]:
    """Ask whether the database file is in order, and every row leads to rows that are there."""
    from django.db import DatabaseError, connection

    try:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check(5)")
                said = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
            if said:
                yield _error("C392", reason="; ".join(said))
        connection.check_constraints()
    except DatabaseError as error:
        yield _error("C392", reason=str(error).strip())


def _log(_: Path) -> Iterator[Finding]:
    """Ask whether every row of the log fits the one before it."""
    from tramyte.web.events import first_broken

    if (number := first_broken()) is not None:
        yield _error("C393", number=number)


Check = Callable[[Path], Iterator[Any]]
BEFORE: tuple[Check, ...] = (_folder, _key)
CHECKS: tuple[Check, ...] = (
    _database, _schema, _walls, _factors, _space, _worker, _backups, _assets, _clock, _names,
)  # fmt: skip
SLOW: tuple[Check, ...] = (_whole, _log)
