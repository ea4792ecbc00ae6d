"""`tramyte verify`: what a certificate proves of a plan, counted again by one short file without the solver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tramyte.cli import inputs, screen
from tramyte.cli.inputs import Stated, is_integer
from tramyte.cli.plans import checked
from tramyte.cli.records import FILE
from tramyte.cli.words import Command, common, settings
from tramyte.domain.errors import Infeasible
from tramyte.domain.finding import Breach
from tramyte.domain.messages import Lang
from tramyte.need.numbers import number
from tramyte.rotation.certificate import verified

EXAMPLE = "tramyte verify problem.json plan.json cert.json"


@dataclass(frozen=True)
class Proof:
    """
    What was counted again, and what the files say.

    total, bound   : of the plan, of the certificate; stated: the bound that the plan file states, if it does
    breaches       : of rules, and of figures that are not those counted again
    """

    total: int
    bound: int
    certificate: int
    stated: int | None
    breaches: tuple[Breach, ...]

    @property
    def gap(self) -> float:
        """How far the plan can be from the best one, by the certificate alone."""
        return (self.total - self.bound) / max(1, abs(self.total))

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return what `verify` answers to a program."""
        return {
            "ok": not self.breaches,
            "objective": self.total,
            "bound": self.bound,
            "gap": self.gap,
            "stated": {"certificate_bound": self.certificate, "plan_bound": self.stated},
            "breaches": [breach.to_json(lang) for breach in self.breaches],
        }


@click.command(cls=Command, example=EXAMPLE)
@click.argument("source", metavar="PROBLEM", type=FILE)
@click.argument("plan_path", metavar="PLAN", type=FILE)
@click.argument("certificate_path", metavar="CERTIFICATE", type=FILE)
@common
@click.pass_context
def verify(ctx: click.Context, *, source: Path, plan_path: Path, certificate_path: Path) -> None:
    """Prove the bound of a plan again."""
    chosen = settings(ctx)
    given = inputs.given(source)
    screen.warnings(given.findings, chosen.lang)
    found = proof(given.problem, inputs.stated(plan_path, given.problem), certificate_path)
    if chosen.as_json:
        rows = [finding.to_json(chosen.lang) for finding in given.findings]
        screen.answer({**found.to_json(chosen.lang), "findings": rows})
    else:
        _tell(found, chosen.lang)
    if found.breaches:
        ctx.exit(Infeasible.exit_code)


def proof(problem: Any, plan: Stated, certificate_path: Path) -> Proof:
    """
    Return what can be said of a plan and a certificate.

    raises : BadData, the certificate is none, or the problem none of rotation/1
    """
    certificate = inputs.certificate(certificate_path, problem)
    bound, total = verified(problem, plan.tours, certificate=certificate)
    counted, breaches = checked(problem, plan)
    if total != counted.total and not breaches:
        raise AssertionError(f"verify counts {total} points, check {counted.total}")
    if certificate.bound > bound:
        breaches.append(Breach("certificate", fields={"stated": certificate.bound, "counted": bound}))
    says = plan.says.get("bound")
    stated = says if is_integer(says) else None
    return Proof(counted.total, bound, certificate.bound, stated, tuple(breaches))


def _tell(found: Proof, lang: Lang) -> None:
    for breach in found.breaches:
        click.echo(breach.sentence(lang))
    screen.line("C172", lang, total=number(found.total, lang))
    screen.line("C220", lang, bound=number(found.bound, lang), gap=number(round(100 * found.gap, 2), lang))
    if found.stated is None:
        return
    code = "C221" if found.stated > found.bound else "C222"
    screen.line(code, lang, stated=number(found.stated, lang))


COMMANDS = (verify,)
