"""
Long work: asked for by a person, held by one worker at a time under a lease, taken up again when that worker dies.

The row is the truth. A worker takes it by comparing and setting, so of two only one has it; every word it writes names
itself, so one that was thought dead and comes back writes nothing any more. Nobody waits for a lock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tramyte.domain.errors import AlreadyIssued
from tramyte.web.actions.writing import Note, writing
from tramyte.web.models import Account, Run
from tramyte.web.roles import Permission

LEASE = timedelta(seconds=30)  # a worker that has not spoken for so long counts as dead
TRIES = 3  # so many workers may die of one run; a fourth does not take it
MAY = {  # kind -> who may ask for it and stop it
    "import": Permission.IMPORT, "solve": Permission.PLAN, "chain": Permission.SEE_AUDIT,
    "chore": Permission.SEE_HEALTH,
}  # fmt: skip
OVER = ("done", "failed", "cancelled")
FREE: Mapping[str, Any] = {"holder": None, "held_until": None}


@dataclass(frozen=True)
class Progress:
    """How far a run is. words: a message code, said with done and total; share: 0 to 100, None: not known."""

    state: str
    words: str | None
    done: int
    total: int | None
    is_stopping: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in OVER

    @property
    def share(self) -> int | None:
        """Hundredths of the work that are done."""
        return min(100, 100 * self.done // self.total) if self.total else None


def ask(
    *,
    by: Account | None,
    kind: str,
    path: str,
    given: Mapping[str, Any] | None = None,
    file: bytes | None = None,
    filename: str | None = None,
) -> Run:
    """
    Ask for long work; a worker takes it up by itself.

    given : what the work needs to know: day, seed, limit of time
    """
    with writing(f"{kind}s.ask", by=by, may=MAY[kind], path=path) as note:
        return placed(note, by=by, kind=kind, path=path, given=given or {}, file=file, filename=filename)


def placed(
    note: Note,
    *,
    by: Account | None,
    kind: str,
    path: str,
    given: Mapping[str, Any],
    file: bytes | None = None,
    filename: str | None = None,
) -> Run:
    """Put a run in the queue within an action that is under way, and tell it in its note."""
    digest = None if file is None else hashlib.sha256(file).hexdigest()
    run = Run.objects.create(
        kind=kind, province=path[:2], path=path, asked_by=by, asked_at=note.at, given=dict(given),
        file=file, filename=filename and filename[:255], file_sha256=digest,
    )  # fmt: skip
    note.about, note.details = str(run.id), {"given": run.given}
    if file is not None:
        note.details |= {"filename": run.filename, "sha256": digest, "bytes": len(file)}
    return run


def again(*, by: Account | None, run: Run, given: Mapping[str, Any], action: str) -> None:
    """
    Ask for the same work anew with something more given: a cell mended, another day.

    raises : AlreadyIssued, it is under way, or its result was recorded already
    """
    with writing(action, by=by, may=MAY[run.kind], path=run.path) as note:
        over = Run.objects.filter(pk=run.pk, state__in=OVER, accepted_at=None)
        waiting = {"state": "waiting", "tries": 0, "done": 0, "total": None, "words": None, "cancel": False}
        if not over.update(given={**run.given, **given}, result=None, ended_at=None, **waiting):
            raise AlreadyIssued(str(run.id))
        note.about, note.details = str(run.id), {"given": dict(given)}


def ask_due() -> Run | None:
    """Ask for the work of the day, where nobody has yet; None: it was asked for."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    if Run.objects.filter(kind="chore", asked_at__gte=midnight).exists():
        return None
    return ask(by=None, kind="chore", path="")


def cancel(*, by: Account | None, run: Run) -> None:
    """Stop a run: at once if nobody has it yet, else as soon as its worker looks. What is over stays as it is."""
    with writing(f"{run.kind}s.cancel", by=by, may=MAY[run.kind], path=run.path) as note:
        mine = Run.objects.filter(pk=run.pk)
        if not mine.filter(state="waiting").update(state="cancelled", cancel=True, ended_at=note.at):
            mine.filter(state="running").update(cancel=True)
        note.about = str(run.id)


def progress(run: Run) -> Progress:
    """Return how far a run is."""
    return Progress(run.state, run.words, run.done, run.total, run.cancel and run.state == "running")


def take(*, holder: str, kinds: Iterable[str]) -> Run | None:
    """
    Return a run that is this worker's from now on, the longest waiting first; None: there is none.

    holder : a name that no other taking has or will have
    """
    now = timezone.now()
    ready = Q(state="waiting") | Q(state="running", held_until__lt=now)
    for run in Run.objects.defer("file", "result").filter(ready, kind__in=tuple(kinds)).order_by("asked_at")[:20]:
        as_seen = Run.objects.filter(pk=run.pk, state=run.state, holder=run.holder, held_until=run.held_until)
        if run.cancel:
            as_seen.update(state="cancelled", ended_at=now, **FREE)
        elif run.tries >= TRIES:
            as_seen.update(state="failed", words="UI_run_lost", ended_at=now, **FREE)
        elif as_seen.update(
            state="running", holder=holder, held_until=now + LEASE, tries=F("tries") + 1,
            started_at=now, done=0, total=None, words=None, facts=None,
        ):  # fmt: skip
            return Run.objects.get(pk=run.pk)
    return None


def renew(*, run: Run, holder: str) -> bool:
    """Hold a run for another while; return whether it is still this worker's."""
    return bool(_mine(run, holder).update(held_until=timezone.now() + LEASE))


def wanted(*, run: Run, holder: str) -> bool:
    """Return whether the work shall go on: it is this worker's, and nobody has asked to stop."""
    return _mine(run, holder).filter(cancel=False).exists()


def tell(*, run: Run, holder: str, done: int, total: int | None, words: str | None, facts: Any = None) -> None:
    """Note how far the work is. facts: what is known so far; None: nothing new."""
    more = {} if facts is None else {"facts": facts}
    _mine(run, holder).update(done=done, total=total, words=words, held_until=timezone.now() + LEASE, **more)


def end(*, run: Run, holder: str, state: str, result: Any = None, words: str | None = None) -> bool:
    """Close a run with what came of it; return whether it was still this worker's to close."""
    more = {} if words is None else {"words": words}
    return bool(_mine(run, holder).update(state=state, result=result, ended_at=timezone.now(), **more, **FREE))


def give_back(*, run: Run, holder: str) -> None:
    """Let another worker have the run at once: this one stops in good order, which is no try."""
    _mine(run, holder).update(state="waiting", tries=F("tries") - 1, **FREE)


def lost(*, worker: str, now: datetime | None = None) -> int:
    """End the leases of a worker that is known to be dead, so that nobody waits for them; return how many."""
    dead = Run.objects.filter(state="running", holder__startswith=f"{worker}/")
    return dead.update(held_until=(now or timezone.now()) - timedelta(seconds=1))


def _mine(run: Run, holder: str) -> QuerySet[Run]:
    return Run.objects.filter(pk=run.pk, holder=holder, state="running")
