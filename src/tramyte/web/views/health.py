"""Whether the installation is well: backups and rehearsals first, then work, the log, accounts, room and versions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from platform import python_version
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.domain.errors import NotAllowed
from tramyte.domain.messages import Lang, say
from tramyte.need.numbers import number
from tramyte.web import walls
from tramyte.web.models import Event, Run
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.views.accounts import rows_of
from tramyte.web.views.audit import chain
from tramyte.web.views.scope import lang_of

BACKUP, REHEARSED = timedelta(days=7), timedelta(days=180)  # older ones are something to look at
PATIENCE = timedelta(minutes=10)  # of a run that waits for a worker
GB = 2**30
LEAST_FREE = 1.0  # GB


@dataclass(frozen=True)
class Check:
    """
    One line of the page.

    look    : short (must be mended), near (look again), met, unknown
    address : where more is to be seen; form: where the whole log is asked to be looked through
    """

    word: str
    look: str
    told: str
    address: str = ""
    form: str = ""


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Say to anybody that the program and its database answer, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
@login_required
def health(request: HttpRequest) -> HttpResponse:
    """Show what an administrator must know first: when the last backup was, and when one was last tried out."""
    if not paths(request.user, Permission.SEE_HEALTH, on=timezone.localdate()):
        raise NotAllowed(Permission.SEE_HEALTH.value, "")
    found = checks(request, lang_of(request))
    return render(
        request, "health/health.html",
        {"section": "health", "checks": found, "wrong": sum(one.look in ("short", "near") for one in found)},
    )  # fmt: skip


def checks(request: HttpRequest, lang: Lang) -> list[Check]:
    """Return every line of the page, for who may see the health of the installation."""
    return [*_backups(lang), *_work(lang), *_database(lang), *_people(request, lang), *_versions(lang)]


def _moment(at: datetime, lang: Lang) -> str:
    local = timezone.localtime(at)
    return f"{local:%d/%m/%Y %H:%M}" if lang == "vi" else f"{local:%Y-%m-%d %H:%M}"


def _backups(lang: Lang) -> Iterator[Check]:
    """The last backup, and the last one that was restored to see whether it can be."""
    for action, word, late in (
        ("backups.made", "UI_health_backup", BACKUP), ("backups.rehearsed", "UI_health_rehearsed", REHEARSED),
    ):  # fmt: skip
        last = Event.objects.filter(action=action).order_by("-number").first()
        if last is None:
            yield Check(word, "short", say("UI_health_never", lang))
            continue
        days = (timezone.now() - last.at).days
        look = "near" if timezone.now() - last.at > late else "met"
        told = say("UI_health_ago", lang, at=_moment(last.at, lang), days=number(days, lang), file=last.about or "")
        yield Check(word, look, told, f"/nhat-ky/{last.number}/")


def _work(lang: Lang) -> Iterator[Check]:
    """Runs: held by a worker that still speaks, waiting too long, failed in the last week."""
    now = timezone.now()
    running = Run.objects.filter(state="running")
    lost = running.filter(held_until__lt=now).count()
    waiting = Run.objects.filter(state="waiting", accepted_at__isnull=True)
    late = waiting.filter(asked_at__lt=now - PATIENCE).count()
    failed = Run.objects.filter(state="failed", ended_at__gt=now - timedelta(days=7)).count()
    counts = {"running": running.count(), "waiting": waiting.count(), "lost": lost, "late": late}
    told = say("UI_health_runs", lang, **{name: number(count, lang) for name, count in counts.items()})
    yield Check("UI_health_worker", "short" if lost or late else "met", told)
    look = "near" if failed else "met"
    yield Check("UI_health_failed", look, say("UI_health_failed_runs", lang, count=number(failed, lang)))


def _database(lang: Lang) -> Iterator[Check]:
    """The database, its triggers and migrations, the log and the room on the disk."""
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    missing = walls.missing()
    told = say("UI_health_engine", lang, engine=connection.vendor, size=number(round(_size() / 2**20, 1), lang))
    wrong = [say("UI_health_migrations", lang, count=waiting)] if waiting else []
    wrong += [say("UI_health_walls", lang, names=", ".join(missing))] if missing else []
    yield Check("UI_health_database", "short" if wrong else "met", ". ".join([told, *wrong]))
    yield _log(lang)
    folder = settings.MEDIA_ROOT.parent
    free = shutil.disk_usage(folder if folder.is_dir() else ".").free / GB
    told = say("UI_health_free", lang, free=number(round(free, 1), lang))
    yield Check("UI_health_space", "short" if free < LEAST_FREE else "met", told)


def _log(lang: Lang) -> Check:
    """Whether the log is as it was written, and when that was looked at last."""
    log = chain()
    look, code = ("short", "UI_chain_broken") if log.broken is not None else ("met", "UI_chain_holds")
    if log.broken is None and not log.is_known:
        look, code = "near", "UI_chain_partly"
    told = say(code, lang, to=log.to, broken=log.broken, last=log.last)
    if log.at is not None:
        told = f"{told} · {say('UI_chain_at', lang, at=_moment(log.at, lang))}"
    return Check("UI_log", look, told, "/nhat-ky/", "/nhat-ky/kiem-tra/")


def _size() -> int:
    """Return the bytes of the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def _people(request: HttpRequest, lang: Lang) -> Iterator[Check]:
    """Accounts nobody uses, accesses nobody has looked at for half a year, roles that wait, missing second factors."""
    rows = rows_of(request)
    for state in ("idle", "due", "waits", "bare"):
        count = sum(row[state] for row in rows)
        address = f"/quan-tri/nguoi-dung/?trang-thai={state}"
        yield Check(f"UI_health_{state}", "near" if count else "met", number(count, lang), address)


def _versions(lang: Lang) -> Iterator[Check]:
    names: dict[str, Any] = {"tramyte": version("tramyte"), "Python": python_version(), "Django": version("django")}
    yield Check("UI_health_versions", "met", " · ".join(f"{name} {text}" for name, text in names.items()))
