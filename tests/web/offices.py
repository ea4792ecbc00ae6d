"""Whole installations set up by commands: each in a folder of its own, on SQLite or PostgreSQL, with its rows."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

SERVER = os.environ.get("DATABASE_URL", "")
ENGINES = ("postgresql",) if SERVER else ("sqlite",)  # make test asks both, one after the other


class Office:
    """An installation: `tramyte` runs its commands, `python` a piece of code in it."""

    def __init__(self, home, database=""):
        self.home, self.database = home, database
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRAMYTE", "DATABASE"))}
        self.environment = kept | {"DJANGO_SETTINGS_MODULE": "tramyte.web.settings", "TRAMYTE_HOME": str(home)}
        if database:
            self.environment["DATABASE_URL"] = database

    def tramyte(self, *args):
        command = [sys.executable, "-m", "tramyte.cli", *map(str, args), "--home", str(self.home), "--lang", "en"]
        return subprocess.run(command, capture_output=True, text=True, env=self.environment, check=False)

    def python(self, code):
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    def rows(self, beside=""):
        """Return table -> sha256 of its rows, read past every line of ours; beside: the name of what was kept."""
        if self.database:
            schema = beside or "public"
            with psycopg.connect(self.database) as connection:
                tables = {name: f'"{schema}"."{name}"' for name in _tables(connection, schema)}
                return {name: _summed(connection.execute(f"SELECT * FROM {place}")) for name, place in tables.items()}  # noqa: S608
        with closing(sqlite3.connect(self.home / (beside or "tramyte.sqlite3"))) as connection:
            tables = _tables(connection, "")
            return {name: _summed(connection.execute(f'SELECT * FROM "{name}"')) for name in tables}  # noqa: S608

    def content(self):
        """Return table -> key -> column -> value, without what migrations write of themselves."""
        with closing(
            psycopg.connect(self.database) if self.database else sqlite3.connect(self.home / "tramyte.sqlite3")
        ) as connection:
            tables = [name for name in _tables(connection, "public") if not name.startswith(("django_", "auth_"))]
            found = {}
            for table in tables:
                rows: Any = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608
                columns = [column[0] for column in rows.description]
                key = "number" if table == "web_event" else "history_id" if "history_id" in columns else None
                key = key or next((name for name in ("id", "code") if name in columns), columns[0])
                found[table] = {row[columns.index(key)]: dict(zip(columns, row, strict=True)) for row in rows}
            return found

    def destroy(self):
        """Lose everything."""
        shutil.rmtree(self.home)
        if self.database:
            with psycopg.connect(self.database, autocommit=True) as connection:
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")


@contextmanager
def office_at(home, engine):
    """Give an installation that is not set up yet."""
    if engine == "sqlite":
        yield Office(home)
        return
    name = f"office_{token_hex(4)}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield Office(home, urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}")))
    finally:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _tables(connection, schema):
    if isinstance(connection, sqlite3.Connection):
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        return [row[0] for row in connection.execute(names)]
    names = "SELECT table_name FROM information_schema.tables WHERE table_schema = %s"
    return [row[0] for row in connection.execute(names, [schema])]


def _summed(found):
    """Return one hash of rows, whatever their order."""
    columns = [column[0] for column in found.description]
    rows = sorted(repr(sorted(zip(columns, row, strict=True))) for row in found)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
