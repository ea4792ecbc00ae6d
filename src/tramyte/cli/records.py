"""`tramyte template`, `sample`, `need`: from a blank workbook to the gap."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import click

from tramyte.cli import files, inputs, screen, table
from tramyte.cli.words import Command, Day, Number, common, option, settings
from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.names import search_key
from tramyte.domain.register import Register
from tramyte.exchange import workbook
from tramyte.exchange.template import template as blank
from tramyte.need import doctors, needs
from tramyte.sample import KNOWN
from tramyte.sample import sample as made_up

FILE = click.Path(path_type=Path)
SEED = Number(0, 2**31 - 1)
KIND_WORDS = ("tinh ", "thanh pho ", "xa ", "phuong ", "dac khu ")


@click.command(cls=Command, example="tramyte template --out mau.xlsx")
@option("--out", type=FILE, metavar="FILE.xlsx", default=Path("tramyte-mau.xlsx"), words="out_template")
@common
@click.pass_context
def template(ctx: click.Context, *, out: Path) -> None:
    """Write a blank workbook."""
    chosen = settings(ctx)
    files.ready([out], suffixes=(".xlsx",))
    files.write({out: blank(chosen.lang)})
    if chosen.as_json:
        screen.answer({"file": str(out)})
    else:
        screen.written([out], chosen.lang)


@click.command(cls=Command, example="tramyte sample 11 --out dien-bien.xlsx\ntramyte sample tuyen quang --out tq.xlsx")
@click.argument("place", nargs=-1, required=True)
@option("--seed", type=SEED, metavar="N", default=1, words="seed_sample")
@option("--on", type=Day(), metavar="YYYY-MM-DD", words="on_sample")
@option("--out", type=FILE, metavar="FILE.xlsx", required=True, words="out_sample")
@common
@click.pass_context
def sample(ctx: click.Context, *, place: tuple[str, ...], seed: int, on: date | None, out: Path) -> None:
    """Write a made-up province."""
    chosen = settings(ctx)
    files.ready([out], suffixes=(".xlsx",))
    code = place_code(" ".join(place))
    register = made_up(code, seed=seed, on=on)
    files.write({out: workbook.write(register, synthetic=True, lang=chosen.lang)})
    facts = sample_facts(code, register, seed=seed)
    if chosen.as_json:
        screen.answer({**facts, "file": str(out)})
        return
    screen.line("C160", chosen.lang, name=KNOWN[code], on=_day(facts["on"]), seed=seed)
    screen.line("C161", chosen.lang, **facts["counts"])
    screen.written([out], chosen.lang)


def place_code(text: str) -> str:
    """
    Return the code of a place named by code or by name, with or without marks.

    >>> place_code("Tỉnh Điện Biên"), place_code("dien bien"), place_code("08")
    ('11', '11', '08')
    """
    wanted = search_key(text)
    wanted = next((wanted.removeprefix(word) for word in KIND_WORDS if wanted.startswith(word)), wanted)
    return next((code for code, name in KNOWN.items() if search_key(name).split(" (")[0] == wanted), text)


def sample_facts(code: str, register: Register, *, seed: int) -> dict[str, Any]:
    """Return what a sample holds: rows by sheet, and its doctors on the day it is told."""
    on = next(campaign.as_of for campaign in register.campaign) or inputs.today()
    counts = {field.name: len(getattr(register, field.name)) for field in fields(Register)}
    counted = doctors(register, on=on).to_json()
    return {
        "place": code, "name": KNOWN[code], "seed": seed, "on": on.isoformat(), "synthetic": True,
        "counts": counts, **counted,
    }  # fmt: skip


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


@click.command(cls=Command, example="tramyte need tq.xlsx --on 2026-01-08\ntramyte need tq.xlsx --json --out need.json")
@click.argument("workbook_path", metavar="WORKBOOK", type=FILE)
@option("--on", type=Day(), metavar="YYYY-MM-DD")
@option("--preventive", is_flag=True)
@option("--out", type=FILE, metavar="FILE.json", words="out_need")
@common
@click.pass_context
def need(ctx: click.Context, *, workbook_path: Path, on: date | None, preventive: bool, out: Path | None) -> None:
    """Print how many doctors are missing where."""
    chosen = settings(ctx)
    files.ready([out] if out else [], inputs=[workbook_path], suffixes=(".json",))
    book = inputs.book(workbook_path, on=on)
    day = on or book.as_of or inputs.today()
    report = needs(book.register, on=day, preventive=preventive, synthetic=book.is_synthetic)
    if not report.stations:
        raise BadData([*book.findings, Finding("C162", fields={"on": f"{day:%d/%m/%Y}"})])
    found = (*book.findings, *report.findings)
    whole = {**report.to_json(chosen.lang), "findings": [finding.to_json(chosen.lang) for finding in found]}
    if out:
        files.write({out: files.json_bytes(whole)})
    if chosen.as_json:
        screen.answer(whole)
        return
    table.need(report, source=workbook_path.name, lang=chosen.lang)
    click.echo()
    table.findings(found, chosen.lang)
    screen.written([out] if out else [], chosen.lang)


COMMANDS = (template, sample, need)
