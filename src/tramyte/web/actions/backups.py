"""Backups: made, and tried out by restoring them into a passing place. Both stand in the log."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tramyte.domain.errors import NotAllowed
from tramyte.web import backups, restores
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account
from tramyte.web.permissions import allowed
from tramyte.web.roles import Permission


def make(*, by: Account | None, on: Any, file: Path, files: Path, key: Path | None = None) -> dict[str, Any]:
    """
    Write a backup while everybody works on; return what it holds.

    on     : the day, on which the permission is asked for before any work
    files  : folder of the uploaded files; key: the key of the installation, where it shall be in the file
    raises : BadData, the file cannot be written
    """
    if by is not None and not allowed(by, Permission.MANAGE_ACCOUNTS, "", on=on):
        raise NotAllowed(Permission.MANAGE_ACCOUNTS.value, "")
    began = time.monotonic()
    found = backups.write(file, files=files, key=key)
    rows = sum(table["rows"] for table in found["tables"].values())
    told = {
        "file": file.name, "sha256": found["sha256"], "bytes": found["bytes"], "rows": rows,
        "tables": len(found["tables"]), "files": len(found["files"]), "made_at": found["made_at"], "key": found["key"],
        "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    with writing("backups.made", by=by, may=Permission.MANAGE_ACCOUNTS, path="") as note:
        note.about, note.details = file.name, told
    return told


def rehearse(*, by: Account | None, file: Path) -> dict[str, Any]:
    """
    Restore a backup into a passing place and compare every table; return what was compared.

    raises : BadData, it is not whole, or does not become what it says
    """
    began = time.monotonic()
    with backups.opened(file) as backup:
        told = {"file": file.name, "tables": restores.rehearse(backup), "rows": backup.rows,
                "files": len(backup.manifest["files"]), "made_at": backup.manifest["made_at"]}  # fmt: skip
    told["seconds"] = round(time.monotonic() - began, 1)
    with writing("backups.rehearsed", by=by, may=Permission.MANAGE_ACCOUNTS, path="") as note:
        note.about, note.details = file.name, told
    return told
