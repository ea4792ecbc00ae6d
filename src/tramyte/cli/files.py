"""Files in, once and with a limit; files out, all at once or not at all."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.exchange.hostile import FILE_LIMIT, MB


def refuse(code: str, path: Path | str, **fields: object) -> NoReturn:
    """Stop because of one file."""
    raise BadData([Finding(code, "", "", {"path": str(path), **fields})])


def read(path: Path) -> bytes:
    """
    Return the content of a file.

    raises : BadData, it is not there, is a folder, may not be read, or is larger than any workbook
    """
    if path.is_dir():
        refuse("C002", path)
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        refuse("C001", path)
    except OSError as error:
        refuse("C003", path, reason=error.strerror or str(error))
    if len(data) > FILE_LIMIT:
        refuse("C004", path, limit=FILE_LIMIT // MB)
    return data


def ready(outputs: Iterable[Path], *, inputs: Iterable[Path] = (), suffixes: tuple[str, ...] = ()) -> None:
    """
    Make sure, before any work, that files can be written: no input among them, none twice, each in a folder.

    raises : BadData, with every finding
    """
    findings: list[Finding] = []
    taken = {path.resolve() for path in inputs}
    named: set[Path] = set()
    for path in outputs:
        whole = path.resolve()
        if suffixes and path.suffix.lower() not in suffixes:
            findings.append(Finding("C005", "", "", {"path": str(path), "known": ", ".join(suffixes)}))
        elif whole in taken or any(_is_same(whole, other) for other in taken):
            findings.append(Finding("C006", "", "", {"path": str(path)}))
        elif whole in named:
            findings.append(Finding("C007", "", "", {"path": str(path)}))
        elif whole.is_dir():
            findings.append(Finding("C002", "", "", {"path": str(path)}))
        elif not whole.parent.is_dir():
            findings.append(Finding("C008", "", "", {"path": str(path), "folder": str(path.parent)}))
        elif not os.access(whole.parent, os.W_OK):
            findings.append(Finding("C009", "", "", {"path": str(path), "reason": str(path.parent)}))
        named.add(whole)
    if findings:
        raise BadData(findings)


def _is_same(path: Path, other: Path) -> bool:
    """Return whether two names lead to one file (a hard link, or letters of another case)."""
    return path.exists() and other.exists() and path.samefile(other)


def folder(path: Path, *below: str) -> None:
    """
    Make a folder, and folders below it, unless they are there.

    raises : BadData, a file stands in the way or the folder may not be made
    """
    for place in (path, *(path / name for name in below)):
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            refuse("C009", place, reason=error.strerror or str(error))


def write(files: Mapping[Path, bytes]) -> None:
    """
    Write each file under another name in its folder, and only when all are there give them their own.

    raises : BadData, a file cannot be written; what stood there before still stands
    """
    waiting: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, data in files.items():
            whole = path.resolve()  # a link stays a link: what it leads to is replaced
            beside = whole.with_name(f".{whole.name}.{secrets.token_hex(4)}.tmp")
            waiting.append((beside, whole))
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for beside, path in waiting:
            beside.replace(path)
    except OSError as error:
        refuse("C009", path, reason=error.strerror or str(error))
    finally:
        for beside, _ in waiting:
            beside.unlink(missing_ok=True)


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """
    Return a JSON object as a file: one line a key, one line a row, so that `diff` tells what changed.

    >>> print(json_bytes({"weeks": 2, "staff": [{"id": "a"}, {"id": "b"}]}).decode(), end="")
    {
      "weeks": 2,
      "staff": [
        {"id": "a"},
        {"id": "b"}
      ]
    }
    """
    lines = ",\n".join(f"  {_plain(key)}: {_rows(item)}" for key, item in value.items())
    return f"{{\n{lines}\n}}\n".encode()


def _rows(value: object) -> str:
    if isinstance(value, list) and any(isinstance(row, dict | list) for row in value):
        return "[\n" + ",\n".join(f"    {_plain(row)}" for row in value) + "\n  ]"
    return _plain(value)


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
