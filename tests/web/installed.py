"""An installation for tests whose processes must be real: on SQLite, or on the PostgreSQL of DATABASE_URL."""

import os
import signal
import sqlite3
import subprocess
import sys
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
        if self.url:
            name = f"k{uuid4().hex[:12]}"
            with psycopg.connect(self.url, autocommit=True) as server:
                server.execute(f"CREATE DATABASE {name}")
            self.url = urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))
            self.environment["DATABASE_URL"] = self.url

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
        pipe = subprocess.PIPE
        started: list[Any] = []
        for args in each:
            command = [sys.executable, "-m", "tests.web.killed", *args.split()]
            started.append(subprocess.Popen(command, env=self.environment, stdin=pipe, stdout=pipe, text=True))
        for process in started:
            assert process.stdout.readline() == "ready\n"
        return started

    def do(self, *args):
        """Run a process to its end."""
        command = [sys.executable, "-m", "tests.web.killed", *map(str, args)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]

    def hand(self, *args):
        """Have something done by a process that nobody kills; return what it said."""
        if self._hand is None:
            command, pipe = [sys.executable, "-m", "tests.web.killed", "hand"], subprocess.PIPE
            self._hand = subprocess.Popen(command, env=self.environment, stdin=pipe, stdout=pipe, text=True)
        self._hand.stdin.write("\t".join(map(str, args)) + "\n")
        self._hand.stdin.flush()
        said = []
        while (line := self._hand.stdout.readline()) != "done\n":
            assert line, "the helping process is gone"
            said.append(line.strip())
        return " ".join(said)

    def close(self):
        """End the helping process."""
        if self._hand is not None:
            kill(self._hand)


def go(process):
    """Let a process that is ready begin."""
    process.stdin.write("\n")
    process.stdin.flush()


def kill(process):
    """Kill a process as the power going off does; return what it had said."""
    process.send_signal(signal.SIGKILL)
    said = process.stdout.read()
    process.wait(20)
    process.stdin.close()
    process.stdout.close()
    return said.strip()
