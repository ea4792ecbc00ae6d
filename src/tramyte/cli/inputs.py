"""What a command is given: a workbook or a problem file, told apart by content."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeGuard

from tramyte.cli.files import read, refuse
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Objective, Plan, PlanReport, Tour
from tramyte.domain.register import Register
from tramyte.domain.week import in_force
from tramyte.exchange import workbook
from tramyte.exchange.hostile import MB
from tramyte.norms.titles import titles
from tramyte.rotation import build, explain
from tramyte.rotation import certificate as certificates
from tramyte.rotation import read as problem_files
from tramyte.rotation.certificate import Certificate
from tramyte.rotation.check import objective
from tramyte.rotation.problem import Problem

JSON_LIMIT = 6 * MB  # a whole province is a quarter of a megabyte
LARGEST = 10**18  # no figure of a plan file is larger
VIETNAM = timezone(timedelta(hours=7))  # no summer time since 1975; zone data is not on every machine


def today() -> date:
    """Return the day in Vietnam."""
    return datetime.now(VIETNAM).date()


@dataclass(frozen=True)
class Book:
    """A province's workbook as it was read. findings: warnings; errors have stopped the command already."""

    path: Path
    register: Register
    findings: tuple[Finding, ...]

    @property
    def is_synthetic(self) -> bool:
        """Whether its people are made up."""
        return any(finding.code == workbook.SYNTHETIC for finding in self.findings)

    @property
    def as_of(self) -> date | None:
        """The day that its campaign is told."""
        return next((campaign.as_of for campaign in self.register.campaign), None)


@dataclass(frozen=True)
class Given:
    """A problem to plan or to check, and the workbook it came from, if it did."""

    path: Path
    problem: Problem
    book: Book | None
    findings: tuple[Finding, ...]

    def report(self, plan: Plan) -> PlanReport:
        """Return a plan of this problem laid out for people."""
        as_of = self.book.as_of if self.book else None
        return explain.report(self.problem, plan, as_of=as_of, source=self.path.name)


def book(path: Path, *, on: date | None = None) -> Book:
    """
    Return a workbook.

    on     : the day whose code lists count; None: the newest
    raises : BadData, with every finding
    """
    return _book(path, read(path), on)


def _book(path: Path, data: bytes, on: date | None) -> Book:
    register, findings = workbook.read(data, filename=path.name, on=on or date.max)
    return Book(path, register, findings)


def given(path: Path, data: bytes | None = None) -> Given:
    """
    Return the problem of a problem file, or of a workbook; the content says which it is, not the name.

    data   : the content, where it is at hand already
    raises : BadData, with every finding
    """
    data = read(path) if data is None else data
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        problem, findings = problem_files.problem_with_warnings(_small(path, data))
        return Given(path, problem, None, tuple(findings))
    found = _book(path, data, None)
    problem, findings = build.build(found.register, on=found.as_of, synthetic=found.is_synthetic)
    return Given(path, problem, found, (*found.findings, *findings))


def _small(path: Path, data: bytes) -> bytes:
    """Return JSON that fits into memory: an object of two letters takes thirty times its text."""
    if len(data) > JSON_LIMIT:
        refuse("C004", path, limit=JSON_LIMIT // MB)
    return data


@dataclass(frozen=True)
class Stated:
    """A plan file: its tours, and what it says about itself; nothing is taken for true."""

    tours: tuple[Tour, ...]
    says: Mapping[str, Any]

    def plan(self, problem: Problem) -> Plan:
        """Return the plan with its cost counted again."""
        cost: Objective = objective(problem, self.tours)
        bound, seconds, seed = (self.says.get(name) for name in ("bound", "seconds", "seed"))
        return Plan(
            self.tours, cost,
            bound=bound if is_integer(bound) and abs(bound) <= LARGEST else min(0, cost.total),
            status=str(self.says.get("status", "feasible")),
            seconds=float(seconds) if isinstance(seconds, int | float) and abs(seconds) <= LARGEST else 0.0,
            seed=seed if is_integer(seed) else 0,
            unmet=explain.explained(problem, self.tours),
        )  # fmt: skip


def is_integer(value: object) -> TypeGuard[int]:
    """Return whether a JSON value is a whole number; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def stated(path: Path, problem: Problem) -> Stated:
    """
    Return a plan file for this problem.

    raises : BadData, it is no plan, or names people, stations or skills that the problem does not
    """
    data = _small(path, read(path))
    tours = problem_files.tours(data, problem)
    says = json.loads(data)
    return Stated(tours, says if isinstance(says, dict) else {})


def certificate(path: Path, problem: Problem) -> Certificate:
    """
    Return the certificate of a file for this problem.

    raises : BadData, with every finding
    """
    return certificates.read(_small(path, read(path)), problem)


def people(register: Register, *, on: date) -> dict[str, dict[str, str]]:
    """Return staff code -> title and birth year, as the annex of a decision shows them."""
    known = titles(on=on)
    return {
        person.code: {
            "title": known[code].vi if (code := person.title_code or "") in known else "",
            "birth_year": str(person.birth_year),
        }
        for person in register.staff
    }


def province(register: Register, *, on: date) -> str:
    """Return the province as its health authority names it on the day, "tỉnh Điện Biên"; "" where nobody says."""
    prefix = "Sở Y tế "
    names = Counter(
        row.supervising.removeprefix(prefix)
        for row in register.authorities
        if row.supervising.startswith(prefix) and in_force(row, on)
    )
    return names.most_common(1)[0][0] if names else ""
