"""
The worker: takes up runs and does them, one at a time of each kind. It may be killed at any moment.

A kind is a function (run, progress, stopped) -> result:

    run      : the row as it was taken; run.given says what is asked
    progress : progress(done, total, words, facts=) tells how far it is; words is a message code said with done and
               total; facts: what is known so far, for the page of the run
    stopped  : whether to leave off, asked often: somebody cancelled, or the worker ends, or lost the run

What it returns is kept as the run's result and the run is done, even if somebody asked to stop meanwhile; None after
`stopped()` said so is a cancelled run. It writes nothing else that may not be written twice: what it computes counts
once, when somebody accepts it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, close_old_connections, connection

from tramyte.web.actions import runs
from tramyte.web.models import Run
from tramyte.web.work import reading, solving, upkeep

Tell = Callable[..., None]
Work = Callable[[Run, Tell, Callable[[], bool]], Any]

KINDS: dict[str, Work] = {
    "import": reading.read, "solve": solving.solved, "chain": upkeep.chain, "chore": upkeep.chores,
}  # fmt: skip
CHORES = 600  # seconds between two looks whether a new day has begun
POLL = 0.5  # seconds between two looks for work, and between two looks whether it is still wanted
TOLD = 0.5  # seconds between two words of progress
log = logging.getLogger(__name__)


class Hold:
    """A run in hand: a thread keeps its lease alive and looks whether the work is still wanted."""

    def __init__(self, run: Run, holder: str, ending: threading.Event) -> None:
        self.run, self.holder, self.ending = run, holder, ending
        self.is_ours, self.is_cancelled, self.is_ended = True, False, False
        self._over = threading.Event()
        self._told = 0.0
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Hold:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def stopped(self) -> bool:
        """Return whether to leave off."""
        self.is_ended = self.is_ended or (self.ending.is_set() and not self.is_cancelled)
        return self.is_cancelled or not self.is_ours or self.is_ended

    def progress(self, done: int, total: int | None = None, words: str | None = None, *, facts: Any = None) -> None:
        """Note how far the work is, not more often than people can read."""
        now = time.monotonic()
        if now - self._told >= TOLD and self.is_ours:
            self._told = now
            runs.tell(run=self.run, holder=self.holder, done=done, total=total, words=words, facts=facts)

    def _keep(self) -> None:
        renewed = time.monotonic()
        while not self._over.wait(POLL):
            try:
                self.is_cancelled = not runs.wanted(run=self.run, holder=self.holder)
                if time.monotonic() - renewed > runs.LEASE.total_seconds() / 3:
                    self.is_ours = runs.renew(run=self.run, holder=self.holder)
                    renewed = time.monotonic()
            except DatabaseError:  # a lease that cannot be renewed runs out by itself
                log.warning("run %s: the database did not answer", self.run.pk)
        connection.close()


def one(kind: str, work: Work, *, worker: str, ending: threading.Event) -> bool:
    """Take up one run of a kind and do it; return whether there was one."""
    holder = f"{worker}/{uuid4().hex[:12]}"
    run = runs.take(holder=holder, kinds=[kind])
    if run is None:
        return False
    state, result, words = "done", None, None
    with Hold(run, holder, ending) as hold:
        try:
            result = work(run, hold.progress, hold.stopped)
        except DatabaseError:
            log.exception("run %s: the database failed it", run.pk)
            return True  # the lease runs out, and it is tried again
        except Exception:
            log.exception("run %s failed", run.pk)
            state, words = "failed", "UI_run_failed"
    if state == "done" and hold.is_ended:  # half a result is not what was asked for
        runs.give_back(run=run, holder=holder)
        return True
    if state == "done" and result is None and hold.is_cancelled:
        state = "cancelled"
    runs.end(run=run, holder=holder, state=state, result=result, words=words)
    return True


def work(
    *, worker: str, ending: threading.Event, kinds: Mapping[str, Work] | None = None, is_once: bool = False
) -> None:
    """
    Do what waits and what is due today, until told to end; a thread for each kind: no import waits for a solver.

    worker  : a name that no other worker has or had
    is_once : end when nothing waits
    """
    known = KINDS if kinds is None else kinds
    looked = _due(known)
    threads = [
        threading.Thread(target=_loop, args=(kind, function, worker, ending, is_once), daemon=True)
        for kind, function in known.items()
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if time.monotonic() - looked > CHORES and not ending.is_set():
            looked = _due(known)
        for thread in threads:
            thread.join(POLL)


def _due(known: Mapping[str, Work]) -> float:
    """Ask for the work of the day where this worker does such; return when it was looked for."""
    try:
        if "chore" in known:
            runs.ask_due()
    except DatabaseError:
        log.warning("the database did not answer")
    finally:
        connection.close()
    return time.monotonic()


def _loop(kind: str, function: Work, worker: str, ending: threading.Event, is_once: bool) -> None:
    while not ending.is_set():
        try:
            close_old_connections()
            was_there = one(kind, function, worker=worker, ending=ending)
        except DatabaseError:
            log.warning("kind %s: the database did not answer", kind)
            was_there = False
        if is_once and not was_there:
            break
        if not was_there:
            ending.wait(POLL)
    connection.close()
