"""
What the tests kill: processes that each do one thing to a database of their own, when they are told to go.

    python -m tests.web.killed FD

All are forked from this one, in which Django stands ready. The socket FD brings what each shall do (setup, hand, work,
accept NAME, write NUMBER COUNT) with the two ends to read and write. TRAMYTE_HOME and DATABASE_URL say where.
"""

import os
import signal
import socket
import sys
import threading
import time
import traceback
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

LEASE = timedelta(seconds=2)
DAY = date(2026, 1, 8)
STEPS, STEP = 24, 0.05  # of the slow work


def setup():
    """Make the register: Điện Biên with its people."""
    from django.core.management import call_command

    from tramyte.sample import sample
    from tramyte.web.actions import imports
    from tramyte.web.models import Account, Grant, Province

    call_command("migrate", verbosity=0)
    Province.objects.create(code="11", name="Điện Biên", kind="tỉnh", is_sample=True)
    planner = Account.objects.create_user("planner", full_name="planner")
    Grant.objects.create(account=planner, role="planner", path="11/")
    run = imports.ask(by=None, path="11/", filename="so.xlsx", data=b"so")
    imports.accept(by=None, run=run, register=sample("11", seed=1), on=DAY)


def ask(kind, path, name=None):
    """Ask for an import of a file, or for the slow work that notes its starts in a file."""
    from tramyte.web.actions import imports, runs

    if kind == "import":
        imports.ask(by=None, path="11/", filename=Path(path).name, data=Path(path).read_bytes(), on=DAY)
    else:
        runs.ask(by=None, kind=kind, path="11/", given={"log": path}, filename=name)


def slowly(run, progress, stopped):
    """Work in small steps; each start is noted in a file, by whom."""
    with Path(run.given["log"]).open("a") as log:
        log.write(f"{os.getpid()}\n")
    for step in range(STEPS):
        if stopped():
            return None
        progress(step, STEPS)
        time.sleep(STEP)
    return {"by": os.getpid()}


def plan(name, units):
    """Ask for a plan of the campaign, limited by work."""
    from tramyte.web.actions import solves
    from tramyte.web.models import Account, Campaign, Draft, Run

    draft = Draft.objects.order_by("number").first()
    run = solves.ask(
        by=Account.objects.get(), campaign=Campaign.objects.get(), draft=draft, seconds=None, work=int(units)
    )
    Run.objects.filter(pk=run.pk).update(filename=name)


def take(name):
    """Take the plan that was found as a draft."""
    from tramyte.web.actions import drafts
    from tramyte.web.models import Account, Run

    drafts.take(by=Account.objects.get(), run=Run.objects.get(filename=name))


def work(kind="slow"):
    """Be a worker whose lease is short; solver: one that solves, and does nothing slow."""
    from tramyte.web import worker
    from tramyte.web.actions import runs

    runs.LEASE = LEASE
    kinds = worker.KINDS if kind == "solver" else {**worker.KINDS, "solve": slowly}
    worker.work(worker=f"w{os.getpid()}", ending=threading.Event(), kinds=kinds)


def accept(name):
    """Record an import, and say whether it was done now or before."""
    from tramyte.domain.errors import AlreadyIssued
    from tramyte.web.actions import imports
    from tramyte.web.models import Account, Run
    from tramyte.web.work import reading

    run = Run.objects.get(filename=name)
    try:
        book = reading.book(run)
        imports.accept(by=Account.objects.get(), run=run, register=book.register, on=DAY)
        print("recorded", flush=True)
    except AlreadyIssued:
        print("before", flush=True)


def write(number, count):
    """Be one of several writers: ask for work, again and again, and say how long each had to wait."""
    from tramyte.web.actions import runs
    from tramyte.web.models import Account

    planner, waits = Account.objects.get(), []
    for turn in range(int(count)):
        began = time.monotonic()
        run = runs.ask(by=planner, kind="solve", path="11/", given={"writer": number, "turn": turn})
        runs.cancel(by=planner, run=run)
        waits.append(time.monotonic() - began)
    print(" ".join(f"{wait:.4f}" for wait in waits), flush=True)


def hand():
    """Do one thing after the other, as lines ask for it; say what each came to."""
    for line in sys.stdin:
        what, *args = line.split("\t")
        do: Any = {"ask": ask, "accept": accept, "plan": plan, "take": take}[what]
        do(*(one.strip() for one in args))
        print("done", flush=True)


DO: dict[str, Any] = {"setup": setup, "work": work, "accept": accept, "write": write, "hand": hand}


def nurse(wishes):
    """Fork a process for each wish; those that end are nobody's to wait for."""
    import tramyte.sample
    import tramyte.web.worker  # noqa: F401  what is loaded here need not be loaded by each

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        words, ends, _, _ = socket.recv_fds(wishes, 4096, 2)
        if not words:
            return
        pid = os.fork()
        if not pid:
            wishes.close()
            born(words.decode().split(), *ends)
        for end in ends:
            os.close(end)
        wishes.send(str(pid).encode())


def born(words, read, write):
    """Say that one is ready, wait, do what was wished for, say that it is over."""
    from django.db import connection

    sys.stdin, sys.stdout = os.fdopen(read), os.fdopen(write, "w")
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        connection.ensure_connection()
        print("ready", flush=True)
        sys.stdin.readline()
        DO[words[0]](*words[1:])
        print("over", flush=True)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tramyte.web.settings"
    django.setup()
    nurse(socket.socket(fileno=int(sys.argv[1])))
