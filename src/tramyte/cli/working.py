"""`tramyte worker`: long work beside the pages; and how `tramyte serve` keeps one worker going."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from uuid import uuid4

import click

from tramyte.cli import screen
from tramyte.cli.installation import home, opened
from tramyte.cli.words import Command, common, option, settings

PAUSE, LONGEST = 0.5, 30.0  # seconds before a dead worker is started again: at first, and at most
GRACE = 10  # seconds a worker has to end in good order


@click.command(cls=Command, example="tramyte worker --once --home so-y-te")
@option("--once", is_flag=True, words="once_worker")
@option("--name", metavar="NAME", default=None, words="name_worker")
@option("--tied", is_flag=True, words="tied_worker")
@home
@common
@click.pass_context
def worker(ctx: click.Context, *, once: bool, name: str | None, tied: bool, home: Path | None) -> None:
    """Do the long work that people asked for on the pages, until stopped."""
    opened(home)
    from tramyte.web import worker as workers

    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    # Ctrl-C of a terminal reaches the server as well, which ends its worker itself
    signal.signal(signal.SIGINT, signal.SIG_IGN if tied else lambda *_: ending.set())
    if tied:
        threading.Thread(target=_with, args=(os.getppid(), ending), daemon=True).start()
    if not once and not tied:
        screen.line("C306", settings(ctx).lang)
    workers.work(worker=name or new_name(), ending=ending, is_once=once)


def new_name() -> str:
    """Return a name that no other worker has or had: the machine, and a random part."""
    return f"{socket.gethostname()[:40]}-{uuid4().hex[:12]}"


def _with(parent: int, ending: threading.Event) -> None:
    """End the worker when whoever started it is gone, however it went."""
    while os.getppid() == parent:
        time.sleep(PAUSE)
    ending.set()


class Kept:
    """A worker in a process of its own, started again when it dies, stopped with whoever keeps it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stop = folder, threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Kept:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(GRACE + 5)

    def _keep(self) -> None:
        pause = PAUSE
        while not self._stop.is_set():
            name = new_name()
            command = [sys.executable, "-m", "tramyte.cli", "worker", "--tied", "--name", name]
            # the server forks; with close_fds=False the worker is spawned instead, and no pipe is left in a fork
            with subprocess.Popen(  # noqa: S603  our own command
                [*command, "--home", str(self._folder)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                close_fds=False,
            ) as process:  # fmt: skip
                lasted = self._wait(process)
            self._release(name)
            pause = PAUSE if lasted else min(LONGEST, 2 * pause)
            self._stop.wait(pause)

    def _wait(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the worker is gone, or end it in good order; return whether it had worked for a while."""
        seconds = 0.0
        while process.poll() is None:
            if self._stop.wait(PAUSE):
                process.terminate()
                try:
                    process.wait(GRACE)
                except subprocess.TimeoutExpired:
                    process.kill()
            seconds += PAUSE
        return seconds > LONGEST

    def _release(self, name: str) -> None:
        """End the leases of a worker that is gone for certain: the next one need not wait for them."""
        from django.db import DatabaseError, connection

        from tramyte.web.actions import runs

        try:
            runs.lost(worker=name)
        except DatabaseError:  # they end by themselves
            pass
        finally:
            connection.close()


COMMANDS = (worker,)
