"""What the installation does for itself: the whole log looked through when asked, and what is due every day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management import call_command

from tramyte.web.actions import accounts, audit, imports, moves
from tramyte.web.models import Event, Province, Run
from tramyte.web.work.reading import Stopped


def chain(run: Run, progress: Callable[..., None], stopped: Callable[[], bool]) -> dict[str, Any] | None:
    """Look through the log, tell the log what was found, and return that; who asked must still have the right."""
    total = Event.objects.count()

    def told(done: int) -> None:
        progress(min(done, total), total, "UI_run_chain")
        if stopped():
            raise Stopped

    try:
        found = audit.check(by=run.asked_by, path=run.path, is_whole=bool(run.given.get("is_whole")), told=told)
    except Stopped:
        return None
    return dict(found.details)


def chores(run: Run, progress: Callable[..., None], stopped: Callable[[], bool]) -> dict[str, Any]:
    """Do what is due every day; done twice, it does nothing the second time."""
    closed, sealed = accounts.close_idle(by=None), accounts.seal_second_factors(by=None)
    moved = {one: moves.settle(by=None, province=one) for one in Province.objects.values_list("code", flat=True)}
    imports.survey()
    call_command("clearsessions", verbosity=0)
    told = {province: found for province, found in moved.items() if found}
    return {"closed": closed, "sealed": sealed, "moved": told, "log": audit.check(by=None, path="").details}
