"""The command `tramyte`: what was typed in, an exit code out; each error of the tree told in the language asked for."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from tramyte.cli import demo, office, papers, plans, proofs, records, screen, why, working
from tramyte.cli.words import Misused, Option, Settings, Told, common, settings
from tramyte.domain.errors import BadData, Infeasible, NormMissing, OutOfTime, TramyteError
from tramyte.domain.finding import Breach, Finding
from tramyte.domain.messages import say

MISUSED = 2
INTERRUPTED = 130


class Group(Told, click.Group):
    """`tramyte` itself."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run a command line; `standalone_mode` ends the process with the exit code, as click's own does."""
        args = list(sys.argv[1:] if args is None else args)
        _speak_unicode()
        chosen = Settings.of(args)
        if rest:
            extra["prog_name"] = rest[0]
        extra["prog_name"] = extra.get("prog_name") or "tramyte"
        extra.setdefault("obj", chosen)
        code = _run(lambda: super(Group, self).main(args, standalone_mode=False, **extra), chosen)
        if standalone_mode:
            sys.exit(code)
        return code

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of a name; a name nobody has is told with those that exist."""
        if args and self.get_command(ctx, args[0]) is None:
            known = ", ".join(self.list_commands(ctx))
            raise Misused(Finding("C023", "", "", {"read": args[0], "known": known}), ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the work."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with its first sentence."""
        with formatter.section(say("C_COMMANDS", settings(ctx).lang)):
            formatter.write_dl([(name, command.get_short_help_str()) for name, command in self.commands.items()])


def _run(work: Any, chosen: Settings) -> int:
    """Return the exit code of `work`; an exception that is not in the tree is a bug, and passes with its traceback."""
    try:
        result = work()
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except plans.Clashing as error:
        screen.failure("Infeasible", error.exit_code, error.breaches, chosen, locks=error.clashes)
        return error.exit_code
    except TramyteError as error:
        return _fail(type(error).__name__, error.exit_code, _findings(error), chosen)
    except click.UsageError as error:
        return _fail("Misused", MISUSED, (_misuse(error),), chosen)
    except (click.Abort, KeyboardInterrupt):
        return _fail("Interrupted", INTERRUPTED, (Finding("C014"),), chosen)
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        # whoever read our output has left; Python would complain once more when it closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _fail(name: str, code: int, findings: Sequence[Finding | Breach], chosen: Settings) -> int:
    screen.failure(name, code, findings, chosen)
    return code


def _findings(error: TramyteError) -> Sequence[Finding | Breach]:
    """Return what an error says, as findings or breaches."""
    if isinstance(error, BadData):
        return error.findings
    if isinstance(error, Infeasible):
        return error.breaches
    if isinstance(error, NormMissing):
        known = {"known_vi": error.known_in("vi"), "known_en": error.known_in("en")}
        return (Finding("C011", fields={"name": error.name, "on": error.on, **known}),)
    if isinstance(error, OutOfTime):
        return (Finding("C013"),)
    return (Finding("C010", "", "", {"read": str(error)}),)


def _misuse(error: click.UsageError) -> Finding:
    """Return what click found wrong with a command line, in words of ours."""
    if isinstance(error, Misused):
        return error.finding
    if isinstance(error, click.MissingParameter):
        param = error.param
        name = param.opts[-1] if isinstance(param, click.Option) else (param and param.human_readable_name) or "—"
        return Finding("C024", "", "", {"read": name})
    if isinstance(error, click.NoSuchOption):
        return Finding("C025", "", "", {"read": error.option_name})
    if isinstance(error, click.BadOptionUsage):
        return Finding("C026", "", "", {"read": error.option_name})
    return Finding("C027", "", "", {"read": error.format_message()})


def _speak_unicode() -> None:
    """Let Vietnamese through where a pipe would take another encoding, as on Windows."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and (stream.encoding or "").lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8", errors="replace")


@click.group(
    cls=Group, name="tramyte", options_metavar="[--...]", subcommand_metavar="COMMAND ...", invoke_without_command=True
)
@common
@click.version_option(package_name="tramyte", message="tramyte %(version)s", cls=Option)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run `tramyte`; its words stand in messages.csv."""
    if ctx.invoked_subcommand is None and settings(ctx).as_json:
        raise Misused(Finding("C024", "", "", {"read": "COMMAND"}), ctx)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


_ROOMS = (records, plans, why, proofs, papers, office, working, demo)
for _command in (command for room in _ROOMS for command in room.COMMANDS):
    main.add_command(_command)
