"""`tramyte backup`, `restore`: everything in one file, tried out, and put back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from tramyte.cli import inputs, screen
from tramyte.cli.installation import BACKUPS, KEY, UPLOADED, home, made, opened, told
from tramyte.cli.records import FILE
from tramyte.cli.words import Command, Settings, common, option, settings


@click.command(cls=Command, example="tramyte backup so.backup --home so-y-te --rehearse")
@click.argument("path", metavar="[FILE]", type=FILE, required=False)
@option("--rehearse", is_flag=True)
@option("--with-key", is_flag=True)
@home
@common
@click.pass_context
def backup(ctx: click.Context, *, path: Path | None, rehearse: bool, with_key: bool, home: Path | None) -> None:
    """Write everything into one file while people work on."""
    chosen = settings(ctx)
    folder = opened(home)
    from tramyte.web.actions import backups

    file = path or folder / BACKUPS / f"tramyte-{stamp()}.backup"
    key = folder / KEY if with_key else None
    done = backups.make(by=None, on=inputs.today(), file=file, files=folder / UPLOADED, key=key)
    tried = backups.rehearse(by=None, file=file) if rehearse else None
    if chosen.as_json:
        screen.answer({**done, "file": str(file), "rehearsed": tried})
        return
    screen.line("C350", chosen.lang, **{**done, "file": str(file), "made_at": _moment(done["made_at"], chosen)})
    if tried:
        screen.line("C361", chosen.lang, **tried)


@click.command(cls=Command, example="tramyte restore so.backup --home so-y-te-moi")
@click.argument("path", metavar="FILE", type=FILE)
@option("--replace", is_flag=True)
@home
@common
@click.pass_context
def restore(ctx: click.Context, *, path: Path, replace: bool, home: Path | None) -> None:
    """Let an installation be what a backup holds."""
    chosen = settings(ctx)
    folder = made(home)
    from tramyte.web import backups, restores

    with backups.opened(path) as found:
        kept = restores.restore(found, home=folder, stamp=stamp(), replace=replace)
        facts = {"file": str(path), "folder": str(folder), "rows": found.rows, "tables": len(found.manifest["tables"])}
    made_at = found.manifest["made_at"]
    told(chosen, "C362", **facts, made_at=made_at if chosen.as_json else _moment(made_at, chosen), kept=kept)
    if kept and not chosen.as_json:
        screen.line("C363", chosen.lang, kept=", ".join(kept))


def _moment(text: str, chosen: Settings) -> str:
    """Return a moment as people in Viet Nam read it."""
    there = datetime.fromisoformat(text).astimezone(inputs.VIETNAM)
    return f"{there:%H:%M %d/%m/%Y}" if chosen.lang == "vi" else f"{there:%Y-%m-%d %H:%M}"


def stamp() -> str:
    """Return this moment as a part of a file's name."""
    return f"{datetime.now(inputs.VIETNAM):%Y%m%d-%H%M%S}"
