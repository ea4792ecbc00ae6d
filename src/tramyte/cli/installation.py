"""Where a register lives: its folder with key, database file and uploaded files; and Django set up for it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import click

from tramyte.cli import files, screen
from tramyte.cli.words import Misused, Settings, option
from tramyte.domain.finding import Finding

KEY, UPLOADED, BACKUPS = "secret.key", "files", "backups"


def home(command: Any) -> Any:
    """Give a command --home, the folder of the installation."""
    return option("--home", type=click.Path(path_type=Path), metavar="FOLDER", default=None)(command)


def asked(folder: Path | None) -> Path:
    """Return the folder that is meant: of the option, of TRAMYTE_HOME, or tramyte-data."""
    return Path(folder or os.environ.get("TRAMYTE_HOME") or "tramyte-data")


def start(folder: Path | None) -> Path:
    """Let Django know where it lives; return the folder."""
    if folder is not None:
        os.environ["TRAMYTE_HOME"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
    import django

    django.setup()
    from tramyte.web.settings import MACHINE

    return MACHINE.home


def opened(folder: Path | None) -> Path:
    """
    Return the folder of an installation that is there.

    raises : Misused, none is there
    """
    if not (asked(folder) / KEY).is_file():
        raise Misused(Finding("C300", "--home", "", {"folder": str(asked(folder))}))
    return start(folder)


def made(folder: Path | None) -> Path:
    """
    Return the folder of an installation, with a key of its own from now on.

    raises : BadData, the folder may not be made
    """
    place = asked(folder)
    files.folder(place)
    if not (place / KEY).is_file():
        with open(os.open(place / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
            file.write(secrets.token_urlsafe(50) + "\n")
    return start(folder)


def told(chosen: Settings, code: str, **fields: Any) -> None:
    """Print what a command did: a sentence, or one object."""
    if chosen.as_json:
        screen.answer(fields)
    else:
        screen.line(code, chosen.lang, **fields)
