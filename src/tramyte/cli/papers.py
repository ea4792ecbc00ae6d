"""`tramyte decide`: the papers that make a plan binding, drafts until they have number, signer, date and all bases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from tramyte.cli import files, inputs, screen
from tramyte.cli.inputs import Given
from tramyte.cli.plans import checked
from tramyte.cli.records import FILE
from tramyte.cli.words import Command, Day, common, option, settings
from tramyte.domain.decision import Decision
from tramyte.domain.errors import BadData, Infeasible
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang
from tramyte.domain.plan import PlanReport
from tramyte.domain.register import Register
from tramyte.exchange import decision as paper
from tramyte.exchange.calendars import calendars

WORD, PDF, CALENDARS = "quyet-dinh.docx", "quyet-dinh.pdf", "lich"
HEAD = {"agency": "SỞ Y TẾ", "symbol": "QĐ-SYT", "signer_post": "GIÁM ĐỐC"}  # the office that rotates in every province
PLACE_WORDS = ("tỉnh ", "thành phố ")
EXAMPLE = (
    "tramyte decide dien-bien.xlsx plan.json --out ho-so\n"
    "tramyte decide dien-bien.xlsx plan.json --out ho-so --number 1234 --signer 'Nguyễn Văn A' --signed-on 2025-12-12"
    " --basis 'Quyết định số 01/2025/QĐ-UBND' --basis 'Kế hoạch số 12/KH-UBND'"
)


@dataclass(frozen=True)
class Papers:
    """Every file of a decision, by its name inside the folder, and what is worth a look before anybody signs."""

    decision: Decision
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]


@click.command(cls=Command, example=EXAMPLE)
@click.argument("source", metavar="INPUT", type=FILE)
@click.argument("plan_path", metavar="PLAN", type=FILE)
@option("--out", type=FILE, metavar="FOLDER", required=True, words="out_decide")
@option("--kind", metavar="support|rotation|secondment|transfer")
@option("--number", metavar="TEXT")
@option("--signer", metavar="TEXT")
@option("--signed-on", type=Day(), metavar="YYYY-MM-DD")
@option("--on", type=Day(), metavar="YYYY-MM-DD", words="on_decide")
@option("--basis", multiple=True, metavar="TEXT")
@option("--agency", metavar="TEXT")
@option("--superior", metavar="TEXT")
@option("--symbol", metavar="TEXT")
@option("--place", metavar="TEXT")
@option("--signer-post", metavar="TEXT")
@common
@click.pass_context
def decide(ctx: click.Context, /, *, source: Path, plan_path: Path, out: Path, **asked: Any) -> None:
    """Write the decision of a plan."""
    chosen = settings(ctx)
    given = inputs.given(source)
    stated = inputs.stated(plan_path, given.problem)
    if wrong := checked(given.problem, stated)[1]:
        raise Infeasible(wrong)
    made = papers(given, given.report(stated.plan(given.problem)), asked=asked, lang=chosen.lang)
    stale = put(out, made.files)
    found = (*made.findings, *stale, *given.findings)  # of many warnings a screen shows the first
    paths = [out / name for name in made.files]
    if chosen.as_json:
        rows = [finding.to_json(chosen.lang) for finding in found]
        draft = made.decision.is_draft
        screen.answer({"draft": draft, "findings": rows, "files": [str(path) for path in paths]})
        return
    screen.warnings(found, chosen.lang)
    screen.line(_state(made.decision), chosen.lang, number=made.decision.number, count=len(made.decision.open_bases))
    screen.written([out / WORD, out / PDF], chosen.lang)
    screen.line("C182", chosen.lang, count=len(made.files) - 2, folder=out / CALENDARS)


def papers(given: Given, report: PlanReport, *, asked: Mapping[str, Any], lang: Lang) -> Papers:
    """
    Return the decision of a plan as Word and PDF, and a calendar for each person who goes.

    asked  : what was asked of `paper.draft`; None or missing: the province's own office, on the day of the campaign
    raises : BadData, a signed paper that may not be issued, or the province is not known; NoFont
    """
    register = given.book.register if given.book else None
    day = asked.get("on") or (given.book and given.book.as_of) or given.problem.week0 or inputs.today()
    campaign = next((row.instrument for row in register.campaign), None) if register else None
    kind = asked.get("kind") or campaign or "support"
    words = {key: value for key, value in asked.items() if value is not None and key not in ("on", "kind")}
    office = _of_province(given, words, asked.get("signed_on") or day)  # a province is a city from a day on
    decision = paper.draft(kind, on=day, **{**HEAD, **office, **words})
    found = paper.checked(decision, report, campaign=campaign)
    known = people(register, on=decision.on) if register else None
    made = {
        WORD: paper.docx(decision, report, people=known),
        PDF: paper.pdf(decision, report, people=known),
    }
    # the day of the decision, not the clock: the same input makes the same bytes
    stamp = datetime(decision.on.year, decision.on.month, decision.on.day, tzinfo=UTC)
    dates = calendars(report, stamp=stamp, kind=kind, is_draft=decision.is_draft, lang=lang)
    made |= {f"{CALENDARS}/{name}": data for name, data in sorted(dates.items())}
    return Papers(decision, made, found)


def _state(decision: Decision) -> str:
    """Return the code of the sentence that says whether the paper is a draft, and why."""
    if decision.number is None:
        return "C180"
    return "C185" if decision.is_draft else "C181"


def people(register: Register, *, on: date) -> dict[str, dict[str, str]]:
    """Return staff code -> title, its code and birth year; a code that stands for no title is not printed."""
    codes = {person.code: person.title_code or "" for person in register.staff}
    known = inputs.people(register, on=on)
    return {staff: {**row, "title_code": codes[staff] if row["title"] else ""} for staff, row in known.items()}


def _of_province(given: Given, words: Mapping[str, str], on: date) -> dict[str, str]:
    """Return the superior office and the place of signing, from the authorities that the workbook names."""
    if "superior" in words and "place" in words:
        return {}
    name = inputs.province(given.book.register, on=on) if given.book else ""
    if not name:
        raise BadData([Finding("C183")])
    place = next((name.removeprefix(word) for word in PLACE_WORDS if name.startswith(word)), name)
    return {"superior": f"ỦY BAN NHÂN DÂN {name.upper()}", "place": place}


def put(out: Path, made: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Write the papers into a folder; return a warning if calendars of an earlier plan still stand there."""
    files.folder(out, CALENDARS)
    files.ready([out / name for name in made])
    files.write({out / name: data for name, data in made.items()})
    left = sorted(path.name for path in (out / CALENDARS).glob("*.ics") if f"{CALENDARS}/{path.name}" not in made)
    fields = {"count": len(left), "folder": str(out / CALENDARS), "first": ", ".join(left[:3])}
    return (Finding("C184", "", "", fields, "warning"),) if left else ()


COMMANDS = (decide,)
