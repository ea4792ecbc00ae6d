"""What every command shares: the language, help from messages.csv, and kinds of values that explain themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NoReturn, cast

import click

from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say

LANGS = ("vi", "en")


@dataclass(frozen=True)
class Settings:
    """What was asked of every command: the language of words, and whether a program is reading."""

    lang: Lang = "vi"
    as_json: bool = False

    @staticmethod
    def of(args: Sequence[str]) -> Settings:
        """Return the settings of a command line, read before it is parsed: its errors want a language too."""
        args = args[: args.index("--")] if "--" in args else args
        given = [after for option, after in pairwise(args) if option == "--lang"]
        given += [arg.removeprefix("--lang=") for arg in args if arg.startswith("--lang=")]
        lang = given[-1] if given and given[-1] in LANGS else "vi"
        return Settings(cast("Lang", lang), "--json" in args)


def settings(ctx: click.Context | None) -> Settings:
    """Return the settings of a running command."""
    return (ctx and ctx.find_object(Settings)) or Settings()


class Misused(click.UsageError):
    """A command line that cannot be understood, as a finding."""

    def __init__(self, finding: Finding, ctx: click.Context | None = None) -> None:
        super().__init__(finding.sentence("en"), ctx)
        self.finding = finding


class _Kind(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.4 on
    """A kind of value that says in both languages what it expected."""

    def refuse(self, code: str, value: object, param: click.Parameter | None, **fields: object) -> NoReturn:
        """Stop: what was read, what was expected."""
        name = param.opts[-1] if param else self.name
        raise Misused(Finding(code, name, "", {"read": str(value), **fields}))


class Day(_Kind):
    """A day, as 2026-01-08 or 08/01/2026."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(value, form).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
        self.refuse("C020", value, param)


class Number(_Kind):
    """A number within limits; `whole` ones only, if so."""

    name = "number"

    def __init__(self, least: float, most: float, *, whole: bool = True) -> None:
        self.least, self.most, self.whole = least, most, whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number, an int if it is whole by kind."""
        try:
            found = int(value) if self.whole else float(str(value).replace(",", "."))
        except ValueError:
            found = float("nan")
        if not self.least <= found <= self.most:
            self.refuse("C021", value, param, least=f"{self.least:g}", most=f"{self.most:g}")
        return found


class OneOf(_Kind):
    """One word of a short list."""

    name = "word"

    def __init__(self, *known: str) -> None:
        self.known = known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word."""
        if value not in self.known:
            self.refuse("C022", value, param, known=", ".join(self.known))
        return str(value)


class Option(click.Option):
    """An option whose help stands in messages.csv, under C_OPT_ and its name, or under `words`."""

    def __init__(self, *args: Any, words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = f"C_OPT_{words or self.name}"

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return the names with the value they take, and the sentence."""
        value = f" {self.metavar}" if self.metavar else ""
        return ", ".join(self.opts) + value, say(self.words, settings(ctx).lang)


class Told:
    """Help in the language asked for, with an example that a test runs."""

    name: str | None
    example: str = ""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        pieces = cast("click.Command", self).collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=say("C_USAGE", settings(ctx).lang) + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(f"C_HELP_{self.name}", settings(ctx).lang))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the worked example, line by line."""
        if self.example:
            with formatter.section(say("C_EXAMPLE", settings(ctx).lang)):
                formatter.write("".join(f"  {line}\n" for line in self.example.splitlines()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and a group's commands after them."""
        options = [param for param in cast("click.Command", self).get_params(ctx) if isinstance(param, Option)]
        with formatter.section(say("C_OPTIONS", settings(ctx).lang)):
            formatter.write_dl([param.get_help_record(ctx) for param in options])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help, for the list of commands."""
        lang = settings(click.get_current_context(silent=True)).lang
        return say(f"C_HELP_{self.name}", lang).split(". ")[0].rstrip(".") + "."

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help, told as the others are."""

        def show(inner: click.Context, _: click.Parameter, value: bool) -> None:
            if value and not inner.resilient_parsing:
                click.echo(inner.get_help(), color=inner.color)
                inner.exit()

        return Option(["--help"], is_flag=True, is_eager=True, expose_value=False, callback=show)


class Command(Told, click.Command):
    """A command of ours."""

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[--...]")
        super().__init__(*args, **kwargs)
        self.example = example


def option(*names: str, **kwargs: Any) -> Callable[[Any], Any]:
    """Return a decorator that gives a command an option."""
    return click.option(*names, cls=Option, **kwargs)


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --json and --lang, which `Settings.of` has read already."""
    for names, more in ((("--lang",), {"type": OneOf(*LANGS), "metavar": "vi|en"}), (("--json",), {"is_flag": True})):
        command = option(*names, expose_value=False, **more)(command)
    return command
