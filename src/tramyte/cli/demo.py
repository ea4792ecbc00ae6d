"""`tramyte demo`: a made-up province carried from workbook to signed-off papers, every file in one folder."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tramyte.cli import demo_office, files, inputs, office, papers, plans, records, screen, table
from tramyte.cli.records import FILE, SEED
from tramyte.cli.words import Command, Number, Settings, common, option, settings
from tramyte.domain.errors import Infeasible
from tramyte.domain.messages import Lang
from tramyte.domain.plan import PlanReport
from tramyte.exchange import workbook
from tramyte.need import NeedReport, needs
from tramyte.rotation import read as problem_files
from tramyte.sample import sample as made_up

BOOK, NEED, PROBLEM, PLAN, BOARD = "province.xlsx", "need.json", "problem.json", "plan.json", "plan.xlsx"
SECONDS = 60.0


@click.command(cls=Command, example="tramyte demo --province 11 --out demo --seconds 60")
@option("--province", metavar="PLACE", default="11")
@option("--out", type=FILE, metavar="FOLDER", default=Path("demo"), words="out_demo")
@option("--seconds", type=Number(0.1, 86400, whole=False), metavar="S", default=SECONDS)
@option("--seed", type=SEED, metavar="N", default=1)
@option("--serve", is_flag=True)
@option("--port", type=Number(1, 65535), metavar="PORT", default=8000)
@common
@click.pass_context
def demo(ctx: click.Context, *, province: str, out: Path, seconds: float, seed: int, serve: bool, port: int) -> None:
    """Show the whole way on a made-up province."""
    chosen, began = settings(ctx), time.monotonic()
    is_open = serve and os.environ.get("DEMO_SERVE") != "0"
    if is_open:
        demo_office.free(port)
    code = records.place_code(province)
    register = made_up(code, seed=seed)
    data = workbook.write(register, synthetic=True, lang=chosen.lang)
    given = inputs.given(out / BOOK, data)  # a place nobody is sent to is refused before anything is written
    files.folder(out)
    _step(1, chosen, path=out / BOOK)
    files.write({out / BOOK: data})
    _step(2, chosen, path=out / NEED)
    need = _need(given, out, chosen.lang)
    _step(3, chosen, seconds=f"{seconds:g}")
    files.write({out / PROBLEM: files.json_bytes(problem_files.to_json(given.problem))})
    report = plans.plan(given, seconds=seconds, work=None, seed=seed, lang=chosen.lang)
    files.write({out / name: plans.plan_file(report, out / name, chosen.lang) for name in (PLAN, BOARD)})
    _step(4, chosen, problem=out / PROBLEM, plan=out / PLAN)
    facts = _check(out, chosen.lang)
    _step(5, chosen, folder=out)
    made = papers.papers(given, report, asked={}, lang=chosen.lang)
    _forget_calendars(out)
    papers.put(out, made.files)
    accounts = _register(out, chosen, code, given, report) if serve else []
    names = (BOOK, NEED, PROBLEM, PLAN, BOARD, *made.files)
    if chosen.as_json:
        screen.answer(
            {
                "place": code, "synthetic": True, "doctors": need.doctors.to_json()["doctors"], "check": facts,
                "plan": report.plan.to_json(), "files": [str(out / name) for name in names],
                **({"home": str(out / demo_office.HOME), "accounts": accounts} if serve else {}),
            }
        )  # fmt: skip
    else:
        _summary(need, report, out=out, calendars=len(made.files) - 2, lang=chosen.lang)
        if serve:
            demo_office.show(accounts, out=out, lang=chosen.lang)
        screen.line("C195", chosen.lang, seconds=f"{time.monotonic() - began:.0f}")
    if is_open:
        ctx.invoke(office.serve, port=port, host="127.0.0.1", home=out / demo_office.HOME)


def _register(out: Path, chosen: Settings, code: str, given: inputs.Given, report: PlanReport) -> list[dict[str, Any]]:
    screen.note("C399", chosen.lang, path=out / demo_office.HOME)
    return demo_office.register(out, code=code, problem=given.problem, plan=report.plan, lang=chosen.lang)


def _step(number: int, chosen: Settings, **fields: object) -> None:
    screen.note(f"C19{number - 1}", chosen.lang, **fields)


def _need(given: inputs.Given, out: Path, lang: Lang) -> NeedReport:
    book = given.book or inputs.book(out / BOOK)
    report = needs(book.register, on=book.as_of or inputs.today(), synthetic=True)
    files.write({out / NEED: files.json_bytes(report.to_json(lang))})
    return report


def _check(out: Path, lang: Lang) -> Mapping[str, Any]:
    """Check what was written, as anybody else would: both files read back. raises: Infeasible, a breach."""
    problem = inputs.given(out / PROBLEM).problem
    stated = inputs.stated(out / PLAN, problem)
    counted, found = plans.checked(problem, stated)
    if found:
        raise Infeasible(found)
    return plans.check_facts(stated, counted, found, lang)


def _forget_calendars(out: Path) -> None:
    """Remove calendars of an earlier demo: this folder is the demo's own."""
    for path in (out / papers.CALENDARS).glob("*.ics"):
        path.unlink()


def _summary(need: NeedReport, report: PlanReport, *, out: Path, calendars: int, lang: Lang) -> None:
    """Print need, plan and files, as an official reads them."""
    click.echo()
    table.need(need, source=BOOK, lang=lang, brief=True)
    click.echo()
    screen.plan(report, lang)
    screen.line("C196", lang)
    click.echo()
    screen.line("C197", lang)
    for name in (BOOK, NEED, PROBLEM, PLAN, BOARD, papers.WORD, papers.PDF):
        screen.line(f"C_FILE_{name.replace('-', '_').replace('.', '_')}", lang, path=out / name)
    screen.line("C_FILE_lich", lang, path=out / papers.CALENDARS, count=calendars)


COMMANDS = (demo,)
