"""What stands on the screen: answers on stdout; notes, findings and errors on stderr."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tramyte.cli.words import Settings
from tramyte.domain.explanation import Clashes
from tramyte.domain.finding import Breach, Finding
from tramyte.domain.messages import Lang, say
from tramyte.domain.plan import PlanReport, Unmet
from tramyte.domain.replan import Changes
from tramyte.domain.tiers import TieredPlan
from tramyte.exchange.plan_workbook import REASONS, gap_words, number

TOP = 5  # unmet needs shown; the workbook has them all
SHOWN = 20  # warnings, or changes, shown on a screen; JSON has them all


def answer(value: Mapping[str, Any]) -> None:
    """Print one JSON object on stdout, where a program reads it."""
    click.echo(json.dumps(value, ensure_ascii=False))


def line(code: str, lang: Lang, **fields: object) -> None:
    """Print a sentence of the answer."""
    click.echo(say(code, lang, **fields))


def note(code: str, lang: Lang, **fields: object) -> None:
    """Print a sentence beside the answer."""
    click.echo(say(code, lang, **fields), err=True)


def warnings(findings: Sequence[Finding], lang: Lang) -> None:
    """Print what is worth a look, the first of them in full, on stderr."""
    for finding in findings[:SHOWN]:
        click.echo(finding.sentence(lang), err=True)
    if len(findings) > SHOWN:
        note("C110", lang, count=len(findings) - SHOWN)


def clashes(found: Clashes, lang: Lang, *, beside: bool = False) -> None:
    """Print the smallest sets of locked tours that clash, and what to unlock; beside: on stderr."""
    for words in (say("C250", lang), *(row.sentence(lang) for row in found.each), found.sentence(lang)):
        click.echo(words, err=beside)


def failure(
    name: str, code: int, findings: Sequence[Finding | Breach], chosen: Settings, *, locks: Clashes | None = None
) -> None:
    """
    Print why a command ends without an answer: every finding, as sentences on stderr or as one object on stdout.

    locks : the smallest sets of locked tours that clash, if that is why
    """
    if chosen.as_json:
        rows = [finding.to_json(chosen.lang) for finding in findings]
        status = {"status": "infeasible"} if name == "Infeasible" else {}
        told = {"clashes": locks.to_json(chosen.lang)} if locks else {}
        answer({**status, "error": {"code": name, "exit": code, "findings": rows}, **told})
        return
    for finding in findings:
        click.echo(finding.sentence(chosen.lang), err=True)
    if locks:
        clashes(locks, chosen.lang, beside=True)
    errors = sum(not isinstance(finding, Finding) or finding.severity == "error" for finding in findings)
    if len(findings) > 1:
        note("C111", chosen.lang, errors=errors, warnings=len(findings) - errors)
    if name not in ("Misused", "Interrupted"):
        note("C112", chosen.lang)


def written(paths: Iterable[Path], lang: Lang) -> None:
    """Print the files that were written."""
    for path in paths:
        line("C113", lang, path=path)


def plan(report: PlanReport, lang: Lang) -> None:
    """Print what a plan does: first what stays empty and why, then who goes, then how good it is."""
    done, critical = report.plan, sum(row.critical for row in report.plan.unmet)
    missing, wanted = sum(row.count for row in done.unmet), sum(need.count for need in report.needs)
    line("C120", lang, name=report.name)
    if report.first_monday:
        line("C121", lang, weeks=report.weeks, first=f"{report.first_monday:%d/%m/%Y}")
    else:
        line("C122", lang, weeks=report.weeks)
    if report.synthetic:
        line("X_SYNTHETIC", lang)
    line(
        "C123", lang, wanted=number(wanted, lang), served=number(wanted - missing, lang),
        missing=number(missing, lang), critical=number(critical, lang), normal=number(missing - critical, lang),
    )  # fmt: skip
    reasons(report, lang)
    people = {str(row.tour.staff) for row in report.tours}
    stations, units = {str(row.tour.station) for row in report.tours}, {row.unit for row in report.tours}
    line("C124", lang, people=len(people), units=len(units), tours=len(report.tours), stations=len(stations))
    line(f"X_STATUS_{done.status}", lang)
    line("C125", lang, total=number(done.objective.total, lang), bound=number(done.bound, lang))
    if done.status != "optimal":
        click.echo(gap_words(report, lang) + ".")
    line("C126", lang, travel=report.travel_in(lang) or "—")


def tiers(found: TieredPlan, lang: Lang) -> None:
    """Print whether the order of the tiers was kept, and how good each is."""
    click.echo(found.sentence(lang))
    for tier in found.tiers:
        click.echo(f"  {tier.sentence(lang)}")


def changes(found: Changes, lang: Lang) -> None:
    """Print what changes in the plan in force and why, the first of it in full."""
    click.echo(found.sentence(lang))
    for row in found.each[:SHOWN]:
        click.echo(f"  {row.sentence(lang)}")
    if len(found.each) > SHOWN:
        line("C252", lang, count=len(found.each) - SHOWN)


def reasons(report: PlanReport, lang: Lang) -> None:
    """Print the needs that miss most person-weeks, each with why nobody else could go, counted in its first week."""
    groups: defaultdict[tuple[str, str, int], list[Unmet]] = defaultdict(list)
    for row in report.plan.unmet:
        groups[str(row.station), str(row.skill), row.need].append(row)
    if not groups:
        line("C130", lang)
        return
    names = {(need.station, need.skill): (need.station_name, need.skill_name) for need in report.needs}
    worst = sorted(groups, key=lambda key: (-_sum(groups[key], "critical"), -_sum(groups[key], "count"), key))
    line("C131", lang, shown=min(TOP, len(worst)), all=len(worst))
    for key in worst[:TOP]:
        rows, (station, skill) = groups[key], names.get(key[:2], key[:2])
        line(
            "C132", lang, station=station, skill=skill, count=_sum(rows, "count"), critical=_sum(rows, "critical"),
            weeks=_weeks([row.week + 1 for row in rows]),
        )  # fmt: skip
        if rows[0].reasons:
            line("C133", lang, week=rows[0].week + 1, reasons=counted(rows[0].reasons, lang))


def _sum(rows: Iterable[Unmet], field: str) -> int:
    return sum(int(getattr(row, field)) for row in rows)


def _weeks(weeks: Sequence[int]) -> str:
    """
    Return weeks as runs.

    >>> _weeks([1, 2, 3, 7])
    '1–3, 7'
    """
    runs: list[list[int]] = []
    for week in weeks:
        if runs and runs[-1][-1] + 1 == week:
            runs[-1].append(week)
        else:
            runs.append([week])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def counted(counts: Mapping[str, int], lang: Lang) -> str:
    """Return the reasons that stop anybody, the commonest first."""
    order = sorted((code for code in counts if counts[code]), key=lambda code: -counts[code])
    return "; ".join(f"{say(f'X_REASON_{code}', lang) if code in REASONS else code} {counts[code]}" for code in order)
