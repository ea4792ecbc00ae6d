"""An installation for tests whose processes must be real: on SQLite, or on the PostgreSQL of DATABASE_URL."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg


class Installed:
    """One database, the processes that use it, and a way to look into it that none of them shares."""

    def __init__(self, home):
        self.home, self.url = home, os.environ.get("DATABASE_URL", "")
        self.environment = os.environ | {"TRAMYTE_HOME": str(home)}
        self._hand: Any = None
        self.count = 0  # people in it
        if self.url:
            name = f"k{uuid4().hex[:12]}"
            with psycopg.connect(self.url, autocommit=True) as server:
                server.execute(f"CREATE DATABASE {name}")
            self.url = urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))
            self.environment["DATABASE_URL"] = self.url
        self._wishes, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tests.web.killed", str(theirs.fileno())]
        self._nurse = subprocess.Popen(command, env=self.environment, pass_fds=[theirs.fileno()])
        theirs.close()

    def rows(self, query, *values):
        """Return the rows of a query, as they are committed; "?" stands for a value."""
        if self.url:
            with psycopg.connect(self.url) as database:
                return database.execute(query.replace("?", "%s"), values).fetchall()
        file = sqlite3.connect(self.home / "tramyte.sqlite3", timeout=30)
        try:
            return file.execute(query, values).fetchall()
        finally:
            file.close()

    def start(self, *each):
        """Start processes side by side; each says when it is ready and waits for `go`."""
        started = [self._born(words) for words in each]
        for process in started:
            assert process.stdout.readline() == "ready\n"
        return started

    def _born(self, words):
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        socket.send_fds(self._wishes, [words.encode()], [theirs_in, theirs_out])
        pid = int(self._wishes.recv(20))
        os.close(theirs_in)
        os.close(theirs_out)
        return SimpleNamespace(pid=pid, stdin=os.fdopen(ours_in, "w"), stdout=os.fdopen(ours_out))

    def do(self, *args):
        """Run a process to its end."""
        (process,) = self.start(" ".join(map(str, args)))
        go(process)
        ended(process)

    def hand(self, *args):
        """Have something done by a process that nobody kills; return what it said."""
        if self._hand is None:
            (self._hand,) = self.start("hand")
            go(self._hand)
        self._hand.stdin.write("\t".join(map(str, args)) + "\n")
        self._hand.stdin.flush()
        said = []
        while (line := self._hand.stdout.readline()) != "done\n":
            assert line, "the helping process is gone"
            said.append(line.strip())
        return " ".join(said)

    def close(self):
        """End the helping process, and the one that all were forked from."""
        if self._hand is not None:
            kill(self._hand)
        self._wishes.close()
        self._nurse.wait(20)


def go(process):
    """Let a process that is ready begin."""
    process.stdin.write("\n")
    process.stdin.flush()


def kill(process):
    """Kill a process as the power going off does; return what it had said."""
    with suppress(ProcessLookupError):  # it was over by itself
        os.kill(process.pid, signal.SIGKILL)
    said = process.stdout.read()
    process.stdin.close()
    process.stdout.close()
    return said.removesuffix("over\n").strip()


def ended(process):
    """Wait until a process is over by itself, and return what it said; one that failed said so on stderr."""
    said = process.stdout.read()
    process.stdin.close()
    process.stdout.close()
    assert said.endswith("over\n"), said
    return said.removesuffix("over\n").strip()
