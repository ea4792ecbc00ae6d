"""A backup becomes a database again: built in a place of its own, compared, and only then put where the old one was."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from tramyte.web import walls
from tramyte.web.backups import KEY, Backup, another, refuse, summed, tables

BATCH = 500
FILES = "files"


def rehearse(backup: Backup) -> int:
    """
    Build the backup in a passing place and compare every table and file; return how many tables are equal.

    raises : BadData, it does not become what it says
    """
    with TemporaryDirectory(prefix="tramyte-") as folder, _place(Path(folder)) as (using, _):
        _build(backup, using)
        _files(backup, Path(folder) / FILES)
    return len(backup.manifest["tables"])


def restore(backup: Backup, *, home: Path, stamp: str, replace: bool = False) -> list[str]:
    """
    Let an installation be what the backup says; nothing is touched before all of it is built and compared.

    stamp   : moment, as a part of names: what stood here is kept beside under it
    replace : though there are rows
    returns : names of what is kept beside
    raises  : BadData, there are rows, the server runs, or the backup does not become what it says
    """
    if not replace and has_rows():
        refuse("C356", backup.path)
    _ready()
    with TemporaryDirectory(prefix=".restore-", dir=home) as folder:
        new = Path(folder)
        with _place(new) as (using, put):
            _build(backup, using)
            _files(backup, new / FILES)
            if backup.manifest["key"]:
                (new / KEY).touch(mode=0o600)
                (new / KEY).write_bytes(backup.folder.read(KEY))
            _finish(using)
            kept = [put(stamp)]
        for name in (FILES, KEY):
            if (new / name).exists():
                kept.append(_aside(home / name, stamp))
                (new / name).rename(home / name)
    return [name for name in kept if name]


def has_rows() -> bool:
    """Return whether the database of this installation knows anything."""
    connection = connections["default"]
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        return False
    loader = MigrationLoader(connection)
    targets = [key for key in loader.applied_migrations if key in loader.graph.nodes]
    found = (model for model in tables(loader, targets) if model._meta.app_label == "web")
    return any(model._base_manager.using("default").exists() for model in found)


def _ready() -> None:
    """Make sure that nobody uses the database file; PostgreSQL lets its users go on."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        connection.close()
        if Path(connection.settings_dict["NAME"]).is_file():
            _alone(Path(connection.settings_dict["NAME"]))


@contextmanager
def _place(folder: Path) -> Iterator[tuple[str, Any]]:
    """Give the alias of an empty database, and what puts it where the old one is; else it is gone on leaving."""
    make = _file if connections["default"].vendor == "sqlite" else _schema
    try:
        with make(folder) as found:
            yield found
    except (DatabaseError, sqlite3.Error) as error:
        refuse("C357", folder, reason=str(error).strip())


@contextmanager
def _file(folder: Path) -> Iterator[tuple[str, Any]]:
    """Give a place on SQLite: a file."""
    old = Path(connections["default"].settings_dict["NAME"])
    new = folder / f"{old.name}.{secrets.token_hex(4)}.new"

    def put(stamp: str) -> str:
        connections["default"].close()
        connections["built"].close()
        beside = ""
        _alone(new)
        if old.exists():
            _alone(old)
            beside = f"{old.name}.{stamp}"
            shutil.copy2(old, old.with_name(beside))
        new.replace(old)
        return beside

    try:
        with another("built", NAME=new) as using:
            yield using, put
    finally:
        for path in (new, *(Path(f"{new}{more}") for more in ("-wal", "-shm"))):
            path.unlink(missing_ok=True)


def _alone(path: Path) -> None:
    """Bring a database file into one piece, which only whoever has it alone can do."""
    own = sqlite3.connect(path, timeout=2)
    try:
        (mode,) = own.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError:
        mode = "wal"
    finally:
        own.close()
    if mode != "delete":
        refuse("C358", path)


@contextmanager
def _schema(folder: Path) -> Iterator[tuple[str, Any]]:
    """Give a place on PostgreSQL: a schema."""
    default = connections["default"]
    new = f"tramyte_{secrets.token_hex(4)}"
    quoted = default.ops.quote_name(new)
    with default.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        old = cursor.fetchone()[0]
        cursor.execute(f"CREATE SCHEMA {quoted}")

    def put(stamp: str) -> str:
        beside = f"{old}_{stamp}".replace("-", "_")
        with transaction.atomic(using="default"), default.cursor() as cursor:
            cursor.execute(f"ALTER SCHEMA {default.ops.quote_name(old)} RENAME TO {default.ops.quote_name(beside)}")
            cursor.execute(f"ALTER SCHEMA {quoted} RENAME TO {default.ops.quote_name(old)}")
        return beside

    options = dict(default.settings_dict["OPTIONS"])
    options["options"] = f"{options.get('options', '')} -c search_path={new}".strip()
    try:
        with another("built", OPTIONS=options) as using:
            yield using, put
    finally:
        with default.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {quoted} CASCADE")


def _build(backup: Backup, using: str) -> None:
    """Make the tables as they were, fill them, and compare each with what the backup says of it."""
    connection = connections[using]
    executor = MigrationExecutor(connection)
    if unknown := set(backup.migrations) - set(executor.loader.graph.nodes):
        refuse("C359", backup.path, migration=".".join(min(unknown)))
    executor.migrate(backup.migrations)
    models = tables(executor.loader, backup.migrations)
    told = backup.manifest["tables"]
    with transaction.atomic(using=using):
        for model in models:
            _fill(model, backup, using)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
    wrong = [model._meta.db_table for model in models if summed(model, using) != told.get(model._meta.db_table)]
    if wrong or len(models) != len(told):
        refuse("C360", backup.path, tables=", ".join(wrong or sorted(told)))


def _finish(using: str) -> None:
    """Bring the tables to this program's schema, and put the walls up."""
    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database=using, verbosity=0)
    walls.put_up(using)


def _fill(model: type[Model], backup: Backup, using: str) -> None:
    """Write the rows of a table, in place of those a migration may have put there."""
    connection, meta = connections[using], model._meta
    lines = backup.lines(meta.db_table)
    columns = next(lines)
    fields = {field.column: field for field in meta.concrete_fields}
    if set(columns) != set(fields):
        refuse("C360", backup.path, tables=meta.db_table)
    ordered = [fields[column] for column in columns]

    def stored(field: Any, value: Any) -> Any:
        return field.get_db_prep_save(field.to_python(value), connection)

    quoted = [connection.ops.quote_name(name) for name in (meta.db_table, *columns)]
    insert = f"INSERT INTO {quoted[0]} ({', '.join(quoted[1:])}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {quoted[0]}")  # noqa: S608
        while rows := list(islice(lines, BATCH)):
            cursor.executemany(insert, [[stored(*pair) for pair in zip(ordered, row, strict=True)] for row in rows])


def _files(backup: Backup, folder: Path) -> None:
    """Write the uploaded files into a folder of their own, and compare them."""
    for name, digest in backup.manifest["files"].items():
        path = folder.joinpath(name).resolve()
        if not path.is_relative_to(folder.resolve()):
            refuse("C360", backup.path, tables=name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with backup.folder.open(f"files/{name}") as source, path.open("wb") as out:
            shutil.copyfileobj(source, out)
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            refuse("C360", backup.path, tables=name)


def _aside(path: Path, stamp: str) -> str:
    """Keep what stands at a path beside; return its name there, "" where nothing stood."""
    if not path.exists():
        return ""
    beside = path.with_name(f"{path.name}.{stamp}")
    path.rename(beside)
    return beside.name
