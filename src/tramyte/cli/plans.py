"""`tramyte rotate`, `check`: who goes where, and whether a plan holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import click

from tramyte.cli import files, inputs, nation, screen
from tramyte.cli.inputs import LARGEST, Given, Stated
from tramyte.cli.records import FILE, SEED
from tramyte.cli.watch import watched
from tramyte.cli.words import Command, Misused, Number, common, option, settings
from tramyte.domain.errors import Infeasible
from tramyte.domain.explanation import Clashes
from tramyte.domain.finding import Breach, Finding
from tramyte.domain.messages import Lang
from tramyte.domain.plan import EVERY_PART, Objective, Plan, PlanReport
from tramyte.domain.replan import Changes
from tramyte.domain.tiers import TieredPlan
from tramyte.exchange import plan_workbook
from tramyte.rotation import certificate as certificates
from tramyte.rotation import read as problem_files
from tramyte.rotation.certificate import Certificate, solved
from tramyte.rotation.changes import changes
from tramyte.rotation.check import check as breaches_of
from tramyte.rotation.check import clashes, misses, objective
from tramyte.rotation.clash import minimal_clashes
from tramyte.rotation.problem import Problem
from tramyte.rotation.solve import solve
from tramyte.rotation.solve.tiers import solve_in_tiers

SECONDS = 60.0
STATUSES = ("feasible", "optimal", "stopped", "infeasible")
ROTATE = (
    "tramyte rotate dien-bien.xlsx --seconds 60 --out plan.xlsx --out plan.json --problem-out problem.json\n"
    "tramyte rotate problem.json --work 5 --seed 1 --out plan.json --certificate cert.json"
)
CHECK = "tramyte check problem.json plan.json\ntramyte check dien-bien.xlsx plan.json --json"


class Clashing(Infeasible):
    """The tours that must stand clash. `clashes` names the smallest sets that do, and what to unlock."""

    def __init__(self, breaches: Sequence[Breach], found: Clashes) -> None:
        super().__init__(breaches)
        self.clashes = found


@click.command(cls=Command, example=ROTATE)
@click.argument("source", metavar="INPUT", type=FILE)
@option("--seconds", type=Number(0.1, 7 * 86400, whole=False), metavar="S")
@option("--work", type=Number(1, 10**9), metavar="N")
@option("--seed", type=SEED, metavar="N", default=0)
@option("--out", "outs", type=FILE, metavar="FILE.xlsx|FILE.json|FOLDER", multiple=True, words="out_rotate")
@option("--problem-out", type=FILE, metavar="FILE.json")
@option("--certificate", type=FILE, metavar="FILE.json")
@option("--workers", type=Number(1, 64), metavar="N", default=2)
@option("--tiers", is_flag=True)
@common
@click.pass_context
def rotate(
    ctx: click.Context, *, source: Path, seconds: float | None, work: int | None, seed: int,
    outs: tuple[Path, ...], problem_out: Path | None, certificate: Path | None, workers: int, tiers: bool,
) -> None:  # fmt: skip
    """Plan who goes where."""
    chosen = settings(ctx)
    if source.is_dir():
        _alone({"--problem-out": problem_out, "--certificate": certificate, "--tiers": tiers}, outs)
        seconds = SECONDS if seconds is None and work is None else seconds
        whole = nation.Limits(seconds, work, seed, workers)
        ctx.exit(nation.rotate(source, outs[0], limits=whole, lang=chosen.lang, as_json=chosen.as_json))
    if not outs and not chosen.as_json:
        raise Misused(Finding("C024", "", "", {"read": "--out"}))
    if tiers and certificate:
        raise Misused(Finding("C251"))
    extra = [path for path in (problem_out, certificate) if path]
    files.ready(extra, suffixes=(".json",))
    files.ready([*outs, *extra], inputs=[source], suffixes=(".xlsx", ".json"))
    given = inputs.given(source)
    screen.warnings(given.findings, chosen.lang)
    if certificate:
        certificates.provable(given.problem)
    limits: dict[str, Any] = {"seconds": seconds, "work": work, "seed": seed, "workers": workers}
    order = tiered(given.problem, limits, lang=chosen.lang) if tiers else None
    found, proof = (
        (order.plan, None) if order
        else planned(given.problem, limits, lang=chosen.lang, is_proved=certificate is not None)
    )  # fmt: skip
    report = given.report(found)
    changed = changes(given.problem, found.assignments) if given.problem.incumbent else None
    told = {**(order or found).to_json(), **({"changes": changed.to_json(chosen.lang)} if changed else {})}
    made = {out: plan_file(report, out, chosen.lang, told) for out in outs}
    if problem_out:
        made[problem_out] = files.json_bytes(problem_files.to_json(given.problem))
    if certificate and proof:
        made[certificate] = files.json_bytes(proof.to_json(given.problem))
    files.write(made)
    if chosen.as_json:
        rows = [finding.to_json(chosen.lang) for finding in given.findings]
        screen.answer({**told, "findings": rows, "files": [str(path) for path in made]})
        return
    _show(report, order, changed, chosen.lang)
    screen.written(made, chosen.lang)


def _show(report: PlanReport, order: TieredPlan | None, changed: Changes | None, lang: Lang) -> None:
    """Print a plan, how good it is tier by tier if it was made so, and what it changes in the plan in force."""
    screen.plan(report, lang)
    if order:
        screen.tiers(order, lang)
    if changed:
        screen.changes(changed, lang)


def plan(given: Given, *, seconds: float | None, work: int | None, seed: int, lang: Lang) -> PlanReport:
    """
    Return a plan for people, checked by the rules and not by the solver's word.

    seconds, work : limits; with neither, SECONDS. With work alone the same seed gives the same plan on any machine
    raises        : Clashing, the locked tours do; Infeasible, the solver broke a rule
    """
    return given.report(planned(given.problem, {"seconds": seconds, "work": work, "seed": seed}, lang=lang)[0])


def planned(
    problem: Problem, limits: Mapping[str, Any], *, lang: Lang, is_proved: bool = False
) -> tuple[Plan, Certificate | None]:
    """Return a plan, checked by the rules and not by the solver's word, with the certificate of its bound if asked."""
    own = _limits(problem, limits)

    def work(stop: Event, progress: Callable[[Any], None]) -> tuple[Plan, Certificate | None]:
        if is_proved:
            return solved(problem, stop=stop, progress=progress, **own)
        return solve(problem, stop=stop, progress=progress, **own), None

    found, proof = watched(work, seconds=own["seconds"], lang=lang)
    _make_sure(problem, found)
    return found, proof


def tiered(problem: Problem, limits: Mapping[str, Any], *, lang: Lang) -> TieredPlan:
    """Return a plan by tiers, checked by the rules and not by the solver's word."""
    own = _limits(problem, limits)

    def work(stop: Event, progress: Callable[[Any], None]) -> TieredPlan:
        return solve_in_tiers(problem, stop=stop, progress=progress, **own)

    found = watched(work, seconds=own["seconds"], lang=lang)
    _make_sure(problem, found.plan)
    return found


def _limits(problem: Problem, limits: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limits of a run that may begin: SECONDS if there are none; locked tours that clash end it here."""
    if broken := clashes(problem):
        raise Clashing(broken, minimal_clashes(problem))
    own = dict(limits)
    if own["seconds"] is None and own["work"] is None:
        own["seconds"] = SECONDS
    return own


def _make_sure(problem: Problem, found: Plan) -> None:
    if wrong := checked(problem, Stated(found.assignments, found.to_json()))[1]:
        raise Infeasible(wrong)


def _alone(options: Mapping[str, Path | bool | None], outs: Sequence[Path]) -> None:
    """Make sure that what is asked of a folder can be done for a folder: one --out, and nothing of one problem."""
    for name, given in options.items():
        if given:
            raise Misused(Finding("C216", "", "", {"read": name}))
    if len(outs) != 1:
        raise Misused(Finding("C024", "", "", {"read": "--out"}))


def plan_file(report: PlanReport, out: Path, lang: Lang, told: Mapping[str, Any] | None = None) -> bytes:
    """
    Return the plan in the form that the file's name asks for.

    told : what a plan file says of the plan, where there is more than the plan: tiers, changes
    """
    if out.suffix.lower() == ".json":
        return files.json_bytes(told or report.plan.to_json())
    return plan_workbook.write(report, lang=lang)


@click.command(cls=Command, example=CHECK)
@click.argument("source", metavar="PROBLEM", type=FILE)
@click.argument("plan_path", metavar="PLAN", type=FILE)
@common
@click.pass_context
def check(ctx: click.Context, *, source: Path, plan_path: Path) -> None:
    """Check a plan without the solver."""
    chosen = settings(ctx)
    given = inputs.given(source)
    stated = inputs.stated(plan_path, given.problem)
    counted, found = checked(given.problem, stated)
    if chosen.as_json:
        rows = [finding.to_json(chosen.lang) for finding in given.findings]
        told: dict[str, Any] = {"misses": [miss.to_json(chosen.lang) for miss in misses(given.problem, stated.tours)]}
        if clashes(given.problem):
            told["clashes"] = minimal_clashes(given.problem).to_json(chosen.lang)
        screen.answer({**check_facts(stated, counted, found, chosen.lang), **told, "findings": rows})
    else:
        screen.warnings(given.findings, chosen.lang)
        _tell_check(given.problem, stated, counted, found, chosen.lang)
    if found:
        ctx.exit(Infeasible.exit_code)


def checked(problem: Problem, stated: Stated) -> tuple[Objective, list[Breach]]:
    """Return the cost of a plan file, counted again, and every breach: of a rule, or of its own figures."""
    counted = objective(problem, stated.tours)
    return counted, [*breaches_of(problem, stated.tours), *contradictions(stated, counted)]


def check_facts(stated: Stated, counted: Objective, found: Sequence[Breach], lang: Lang) -> dict[str, Any]:
    """Return what `check` answers to a program."""
    return {
        "ok": not found,
        "breaches": [breach.to_json(lang) for breach in found],
        "objective": counted.to_json(),
        "stated": {name: stated.says.get(name) for name in ("objective", "bound", "gap", "status")},
        "tours": len(stated.tours),
    }


def _tell_check(problem: Problem, stated: Stated, counted: Objective, found: Sequence[Breach], lang: Lang) -> None:
    """Print breaches, what clashes if no plan can hold, and what is missed at a price, which fails nothing."""
    for breach in found:
        click.echo(breach.sentence(lang))
    if clashes(problem):
        screen.clashes(minimal_clashes(problem), lang)
    if missed := misses(problem, stated.tours):
        screen.line("C230", lang, count=len(missed))
    for miss in missed:
        click.echo(f"  {miss.sentence(lang)}")
    people = len({str(tour.staff) for tour in stated.tours})
    screen.line("C170" if found else "C171", lang, breaches=len(found), tours=len(stated.tours), people=people)
    screen.line("C172", lang, total=plan_workbook.number(counted.total, lang))


def contradictions(stated: Stated, counted: Objective) -> list[Breach]:
    """
    Return where a plan file's own figures are not those of its tours; a figure it leaves out is no contradiction.

    counted : the cost of the tours, counted again
    """
    found: list[Breach] = []
    costs = stated.says.get("objective")
    own = costs if isinstance(costs, dict) else {} if costs is None else {"total": costs}
    for part, points in {**dict.fromkeys(EVERY_PART, 0), **counted.to_json()}.items():  # what it has not, it pays not
        if part in own and own[part] != points:
            found.append(_contradiction("objective", part, own[part], points))
    bound = stated.says.get("bound")
    status = stated.says.get("status", STATUSES[0])
    if status not in STATUSES or (status == "infeasible" and stated.tours):
        found.append(_contradiction("state", "status", status, ", ".join(STATUSES)))
    if bound is not None and not (_is_number(bound) and bound <= counted.total):
        found.append(_contradiction("bound", "bound", bound, counted.total))
    elif bound is not None:
        gap = (counted.total - bound) / max(1, abs(counted.total))
        says = stated.says.get("gap", gap)
        if not (_is_number(says) and abs(says - gap) <= 0.0005 + 0.001 * gap):  # files round the gap as they like
            found.append(_contradiction("gap", "gap", says, round(gap, 6)))
        if stated.says.get("status") == "optimal" and bound < counted.total:
            found.append(_contradiction("status", "status", "optimal", bound))
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def _contradiction(rule: str, part: str, stated: object, counted: object) -> Breach:
    return Breach(rule, fields={"part": part, "stated": stated, "counted": counted})


COMMANDS = (rotate, check)
