"""The specification of the norms: cases in YAML, and the question each file asks of the code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tests.worlds import NEED, TINY, tiny_problem
from tramyte.domain.errors import NormMissing
from tramyte.domain.plan import Tour
from tramyte.norms import days, instruments, legal, licence, norm, retirement, staffing, titles, zones
from tramyte.rotation.check import check, objective

HERE = Path(__file__).parent
REFUSALS: Mapping[str, type[Exception]] = {
    "NormMissing": NormMissing, "ValueError": ValueError, "KeyError": KeyError,
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One file: a question, the norm it rests on, and its cases."""

    name: str
    ask: str
    norm: str | None
    title: Mapping[str, str]
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Case:
    """given and day in, `then` out; `margin` is how far a number may be off. `then` may name a refusal."""

    ask: str
    day: date
    given: Mapping[str, Any]
    then: Any
    margin: float
    why: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.ask} {self.day} {' '.join(f'{key}={value}' for key, value in self.given.items())}"


def sheets() -> list[Sheet]:
    """Return every sheet of the specification, by file name."""
    return [_sheet(path) for path in sorted(HERE.glob("*.yaml"))]


def _sheet(path: Path) -> Sheet:
    head = yaml.safe_load(path.read_text("utf-8"))
    cases = tuple(
        Case(
            ask=head["ask"],
            day=case.get("day", head["day"]),
            given=case["given"],
            then=case["then"],
            margin=case.get("margin", head.get("margin", 0)),
            why=case.get("why", {"vi": "", "en": ""}),
        )
        for case in head["cases"]
    )
    return Sheet(path.stem, head["ask"], head["norm"], head["title"], cases)


def answer(case: Case) -> Any:
    """Return what the code says, as plain data."""
    return QUESTIONS[case.ask](dict(case.given), case.day)


def _retirement(given: dict[str, Any], on: date) -> Any:
    year, _, month = given["born"].partition("-")
    found = retirement.retirement(int(year), int(month) if month else None, sex=given["sex"], on=on)
    years, months = divmod(found.age_months, 12)
    return {"years": years, "months": months, "last_day": found.last_day, "pension_from": found.pension_from}


def _staffing(given: dict[str, Any], on: date) -> Any:
    chosen = {name: given[name] for name in ("coef_on", "step", "rounding")}
    place = {"zone": given["zone"], "on": on, "reading": staffing.reading(on=on, **chosen)}
    return {
        "persons": staffing.staffing(given["population"], **place),
        "posts": staffing.posts(given["population"], **place),
    }


def _title(given: dict[str, Any], on: date) -> Any:
    found = titles.title(given["code"], on=on)
    return found and {name: getattr(found, name) for name in ("vi", "cadre", "grade", "needs_licence")}


def _fits(given: dict[str, Any], on: date) -> Any:
    findings = instruments.fits(given.pop("code"), on=on, **given)
    # the severity is said where one code has two
    return [f"{one.code} {one.severity}" if one.code in ("N101", "N106") else one.code for one in findings]


def _licence(given: dict[str, Any], on: date) -> Any:
    papers = (given["kind"], given["issued"])
    return {
        "valid": licence.valid_on(*papers, expires=given["expires"], on=on),
        "last_day": licence.last_day(*papers, expires=given["expires"], on=on),
    }


def _licence_duty(given: dict[str, Any], on: date) -> Any:
    code = given.pop("code")
    return {
        "required": licence.required(code, on=on, **given),
        "exam": licence.exam_required(code, on=on, **given),
    }


def _value(given: dict[str, Any], on: date) -> Any:
    found = norm(given["norm"], on=on).value
    for step in str(given["path"]).split(".") if given["path"] is not None else ():
        found = found[int(step) if step.isdigit() else step]
    return found


def _plan(given: dict[str, Any], _: date) -> Any:
    """Three people of one unit, who may all leave; preferences are Lan's, a missed handover costs 10."""
    person = {**TINY["staff"][0], "max_deployments": 2, "rest_weeks": 0}
    wishes = [{**person, "id": "lan", "preferences": given.get("preferences", [])}]
    problem = tiny_problem(
        schema="rotation/2",
        units=[{**TINY["units"][0], "durations": [1, 2, 3, 4], "max_away": {"NOI": 3}}],
        staff=[*wishes, {**person, "id": "minh"}, {**person, "id": "hoa"}],
        stations=[{"id": "A", "needs": [{**NEED, "handover": given.get("handover", 0)}]}, {"id": "B", "needs": []}],
        travel_min=[[60, 60]],
        fair_target={"H": 4},
        weights={**TINY["weights"], "handover": 10},
        locked=[_tour(text).to_json() for text in given.get("locked", ())],
        **{key: [given[key]] for key in ("apart", "together") if key in given},
    )
    tours = [_tour(text) for text in given["plan"]]
    cost = objective(problem, tours)
    breaks = sorted({breach.rule for breach in check(problem, tours)})
    return {"breaks": breaks, "preference": cost.preference, "handover": cost.handover}


def _tour(text: str) -> Tour:
    """`lan A [0, 2)`: who, where, from which week to before which."""
    staff, station, *span = text.split(" ", 2)
    start, end = (int(week.strip("[) ")) for week in span[0].split(","))
    return Tour(staff, station, "NOI", start, end - start)


QUESTIONS: Mapping[str, Callable[[dict[str, Any], date], Any]] = {
    "retirement": _retirement,
    "zone": lambda given, on: zones.zone(given["terrain"], given["very_hard"], km=given["km"], on=on),
    "staffing": _staffing,
    "title": _title,
    "suggest": lambda given, on: titles.suggest(given["text"], on=on),
    "working_days": lambda given, on: days.working_days(given["start"], given["end"]),
    "fits": _fits,
    "cites": lambda given, on: any(given["text"] in basis.text for basis in legal.bases(given["kind"], on=on)),
    "licence": _licence,
    "licence_duty": _licence_duty,
    "cme_due": lambda given, on: licence.cme_due(given["cycle_start"], on=on),
    "value": _value,
    "plan": _plan,
}
