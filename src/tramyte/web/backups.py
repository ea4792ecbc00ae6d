"""
One file that holds all an installation knows: every row, the uploaded files, and the hashes to check them by.

The first line names the format and the sha256 of everything after it; the rest is a zip: manifest.json, one
tables/NAME.jsonl a table, files/..., and secret.key where it was asked for. Rows are read through the models as they
were at the migration the database stands at, so a file does not depend on the engine, nor on a newer program.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import IO, Any, NoReturn
from uuid import UUID

from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import CharField, Model

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding

FORMAT = "tramyte-backup/1"
HEAD = len(FORMAT) + 1 + 64 + 1
CHUNK = 2**20
MANIFEST, KEY = "manifest.json", "secret.key"


def refuse(code: str, path: Path | str, **fields: object) -> NoReturn:
    """Stop because of a backup file or the place it should come to."""
    raise BadData([Finding(code, "", "", {"path": str(path), **fields})])


def write(path: Path, *, files: Path, key: Path | None = None) -> dict[str, Any]:
    """
    Write everything as it is at one moment, whoever is writing meanwhile; return the manifest, with `sha256`, `bytes`.

    files  : folder of the uploaded files
    key    : the installation's key, where it shall be in the file
    raises : BadData, the file cannot be written, or the database is newer than this program
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b") as file:  # noqa: PTH123
            file.write(b" " * HEAD)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
                manifest = _pack(folder, files=files, key=key)
            file.seek(HEAD)
            digest = _digest(file)
            file.seek(0)
            file.write(f"{FORMAT} {digest}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        refuse("C351", path, reason=error.strerror or str(error))
    finally:
        beside.unlink(missing_ok=True)
    return {**manifest, "sha256": digest, "bytes": path.stat().st_size}


def _pack(folder: zipfile.ZipFile, *, files: Path, key: Path | None) -> dict[str, Any]:
    manifest: dict[str, Any] = {
        "format": FORMAT, "tramyte": version("tramyte"), "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "key": key is not None,
    }  # fmt: skip
    with snapshot() as using:
        loader = MigrationLoader(connections[using])
        targets = leaves(loader)
        manifest |= {"engine": connections[using].vendor, "migrations": targets, "tables": {}, "files": {}}
        for model in tables(loader, targets):
            with folder.open(f"tables/{model._meta.db_table}.jsonl", "w", force_zip64=True) as out:
                manifest["tables"][model._meta.db_table] = summed(model, using, out)
    for path in sorted(files.rglob("*")) if files.is_dir() else []:
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(files).as_posix()
            folder.write(path, f"files/{name}")
            with path.open("rb") as file:
                manifest["files"][name] = _digest(file)
    if key is not None:
        folder.write(key, KEY)
    folder.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True))
    return manifest


@contextmanager
def another(alias: str, **changes: Any) -> Iterator[str]:
    """Give a second connection like the first but for `changes`; return its alias."""
    connections.databases[alias] = {**deepcopy(connections["default"].settings_dict), **changes}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


@contextmanager
def snapshot() -> Iterator[str]:
    """Give a connection that sees the database as it is now, as long as it is open; nobody waits for it."""
    options = dict(connections["default"].settings_dict["OPTIONS"])
    if connections["default"].vendor == "sqlite":
        options["transaction_mode"] = "DEFERRED"
    else:
        from django.db.backends.postgresql.psycopg_any import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    with another("snapshot", OPTIONS=options) as using, transaction.atomic(using=using):
        yield using


def leaves(loader: MigrationLoader) -> list[tuple[str, str]]:
    """
    Return the last migration of each app that the database has.

    raises : BadData, it has one that this program does not know
    """
    applied = set(loader.applied_migrations or ())
    if unknown := applied - set(loader.disk_migrations or ()):
        refuse("C352", "", migration=".".join(min(unknown)))
    parents = {
        parent.key for key in applied for parent in loader.graph.node_map[key].parents if parent.key[0] == key[0]
    }
    return sorted(applied - parents)


def tables(loader: MigrationLoader, targets: list[tuple[str, str]]) -> list[type[Model]]:
    """Return the models as they stood at these migrations, by the name of their table."""
    found = loader.project_state(targets).apps.get_models(include_auto_created=True)
    return sorted((model for model in found if model._meta.managed), key=lambda model: model._meta.db_table)


def summed(model: type[Model], using: str, out: IO[bytes] | None = None) -> dict[str, Any]:
    """Return rows and sha256 of a table in the order of its key, the same on every engine; write its lines to `out`."""
    fields = model._meta.concrete_fields
    rows = model._base_manager.using(using).order_by("pk").values_list(*(field.attname for field in fields))
    found: Any = rows.iterator(chunk_size=2000)
    if isinstance(model._meta.pk, CharField):  # letters are sorted by each engine in its own way
        index = fields.index(model._meta.pk)
        found = sorted(found, key=lambda row: row[index])
    digest, count = hashlib.sha256(), 0
    for row in chain([[field.column for field in fields]], found):
        plain = [_plain(value) for value in row]
        digest.update(_line(plain, sort_keys=True))  # PostgreSQL orders the keys of JSON anew
        count += 1
        if out is not None:
            out.write(_line(plain))
    return {"rows": count - 1, "sha256": digest.hexdigest()}


def _line(row: list[Any], *, sort_keys: bool = False) -> bytes:
    return json.dumps(row, ensure_ascii=False, sort_keys=sort_keys, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; its column knows what it was."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    return str(value) if isinstance(value, UUID | Decimal) else value


class Backup:
    """
    A backup that was read and found whole.

    manifest : format, tramyte, made_at, engine, migrations, tables {name: {rows, sha256}}, files {name: sha256}, key
    """

    def __init__(self, path: Path, folder: zipfile.ZipFile) -> None:
        self.path, self.folder = path, folder
        self.manifest: dict[str, Any] = json.loads(folder.read(MANIFEST))

    @property
    def migrations(self) -> list[tuple[str, str]]:
        """The last migration of each app."""
        return [(app, name) for app, name in self.manifest["migrations"]]

    @property
    def rows(self) -> int:
        """How many rows there are, in all tables."""
        return sum(table["rows"] for table in self.manifest["tables"].values())

    def lines(self, table: str) -> Iterator[list[Any]]:
        """Return the columns of a table, then its rows."""
        with self.folder.open(f"tables/{table}.jsonl") as file:
            for line in file:
                yield json.loads(line)


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """
    Open a backup, checked to its last byte.

    raises : BadData, it is not there, is no backup, or is not whole
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD).decode("ascii", "replace")
            if not head.startswith(f"{FORMAT} "):
                refuse("C353", path)
            if head.removeprefix(f"{FORMAT} ").rstrip("\n") != _digest(file):
                refuse("C354", path)
        with zipfile.ZipFile(path) as folder:
            yield Backup(path, folder)
    except OSError as error:
        refuse("C355", path, reason=error.strerror or str(error))


def _digest(file: IO[bytes]) -> str:
    """Return the sha256 of a file from here to its end."""
    digest = hashlib.sha256()
    while part := file.read(CHUNK):
        digest.update(part)
    return digest.hexdigest()
