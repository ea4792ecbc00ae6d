"""`tramyte explain`: why places stay empty and what would fill them, why a tour, and which locked tours clash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tramyte.cli import files, inputs, screen
from tramyte.cli.records import FILE, SEED
from tramyte.cli.words import Command, Misused, Number, Settings, common, option, settings
from tramyte.domain.errors import BadData, Infeasible
from tramyte.domain.explanation import Relaxation, TourAlternatives
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.domain.plan import Tour, Unmet
from tramyte.need.numbers import number
from tramyte.rotation.alternatives import alternatives
from tramyte.rotation.check import check, objective
from tramyte.rotation.check import clashes as breaches_of_locks
from tramyte.rotation.clash import minimal_clashes
from tramyte.rotation.explain import explained
from tramyte.rotation.problem import Problem
from tramyte.rotation.relax import Effort, relaxations

MOST = 5
EXAMPLE = "tramyte explain problem.json plan.json\ntramyte explain problem.json plan.json --most 20 --json"


@dataclass(frozen=True)
class Asked:
    """What is to be explained: with nothing in it, the whole plan."""

    station: str | None
    skill: str | None
    week: int | None
    tour: str | None
    most: int
    answer: int
    out: Path | None

    def kind(self) -> str:
        """Return plan, need or tour. raises: Misused, neither of them whole, or two of them at once."""
        need = [value is not None for value in (self.station, self.skill, self.week)]
        if (any(need) and (not all(need) or self.tour)) or (self.out and not all(need)):
            raise Misused(Finding("C248"))
        return "need" if all(need) else "tour" if self.tour else "plan"


@click.command(cls=Command, example=EXAMPLE)
@click.argument("source", metavar="PROBLEM", type=FILE)
@click.argument("plan_path", metavar="PLAN", type=FILE, required=False)
@option("--station", metavar="S")
@option("--skill", metavar="K")
@option("--week", type=Number(1, 10**4), metavar="W")
@option("--tour", metavar="STAFF,WEEK")
@option("--most", type=Number(1, 10**4), metavar="N", default=MOST)
@option("--people", type=Number(1, 10**4), metavar="N", default=Effort.people)
@option("--work", type=Number(1, 10**9), metavar="N", default=Effort.work, words="work_explain")
@option("--seed", type=SEED, metavar="N", default=0)
@option("--answer", type=Number(1, 10**4), metavar="N", default=1)
@option("--out", type=FILE, metavar="FILE.json", words="out_explain")
@common
@click.pass_context
def explain(
    ctx: click.Context, *, source: Path, plan_path: Path | None, station: str | None, skill: str | None,
    week: int | None, tour: str | None, most: int, people: int, work: int, seed: int, answer: int, out: Path | None,
) -> None:  # fmt: skip
    """Say why a plan is as it is."""
    chosen, asked = settings(ctx), Asked(station, skill, week, tour, most, answer, out)
    kind = asked.kind()
    if out:
        files.ready([out], inputs=[source, *([plan_path] if plan_path else [])], suffixes=(".json",))
    given = inputs.given(source)
    screen.warnings(given.findings, chosen.lang)
    if breaches_of_locks(given.problem):
        _clash(given.problem, chosen)
        ctx.exit(Infeasible.exit_code)
    if plan_path is None:
        raise Misused(Finding("C024", "", "", {"read": "PLAN"}), ctx)
    tours = inputs.stated(plan_path, given.problem).tours
    if kind == "plan":
        _plan(given.problem, tours, asked, chosen)
    elif kind == "tour":
        _tour(given.problem, tours, asked, chosen)
    else:
        _need(given.problem, tours, asked, Effort(people=people, work=work, seed=seed), chosen)


def _clash(problem: Problem, chosen: Settings) -> None:
    found = minimal_clashes(problem)
    if chosen.as_json:
        screen.answer({"status": "infeasible", "clashes": found.to_json(chosen.lang)})
    else:
        screen.clashes(found, chosen.lang)


def _plan(problem: Problem, tours: Sequence[Tour], asked: Asked, chosen: Settings) -> None:
    """Tell what stays empty and why, the dearest first."""
    rows = sorted(explained(problem, tours), key=lambda row: -_points(problem, row))
    if chosen.as_json:
        told = [{**row.to_json(), "points": _points(problem, row)} for row in rows]
        screen.answer({"unmet": told, "clashes": None})
        return
    if not rows:
        screen.line("C130", chosen.lang)
        return
    screen.line("C231", chosen.lang, shown=min(asked.most, len(rows)), all=len(rows))
    for row in rows[: asked.most]:
        _unmet(problem, row, chosen.lang)


def _points(problem: Problem, row: Unmet) -> int:
    """Return what one unmet week of a need costs."""
    need = problem.station_by_id[str(row.station)].needs[row.need]
    return need.w_crit * row.critical + need.w_norm * row.count


def _unmet(problem: Problem, row: Unmet, lang: Lang) -> None:
    station = problem.station_by_id[str(row.station)]
    screen.line(
        "C232", lang, station=station.name or station.id, id=station.id, week=row.week + 1, count=row.count,
        skill=problem.skill_by_id[str(row.skill)].code, critical=row.critical,
        points=number(_points(problem, row), lang),
    )  # fmt: skip
    screen.line("C233", lang, reasons=screen.counted(row.reasons, lang))


def _need(problem: Problem, tours: Sequence[Tour], asked: Asked, effort: Effort, chosen: Settings) -> None:
    """Tell what would fill one week, and write the plan of one answer."""
    row = _row(problem, tours, asked)
    found = relaxations(
        problem, tours, station=row.station, need=row.need, week=row.week, most=max(asked.most, asked.answer),
        effort=effort,
    )  # fmt: skip
    if asked.out:
        if len(found) < asked.answer:
            raise BadData([Finding("C249", "", "", {"read": asked.answer, "count": len(found)})])
        files.write({asked.out: files.json_bytes(_draft(problem, found[asked.answer - 1]))})
    if chosen.as_json:
        told = [answer.to_json(chosen.lang) for answer in found[: asked.most]]
        written = [str(asked.out)] if asked.out else []
        screen.answer({"unmet": row.to_json(), "relaxations": told, "files": written})
        return
    _unmet(problem, row, chosen.lang)
    _tell_relaxations(found[: asked.most], chosen.lang)
    if asked.out:
        _tell_draft(found[asked.answer - 1], asked, chosen.lang)


def _tell_relaxations(found: Sequence[Relaxation], lang: Lang) -> None:
    if not found:
        screen.line("C235", lang)
        return
    screen.line("C234", lang, count=len(found))
    for nth, answer in enumerate(found, start=1):
        screen.line("C236", lang, nth=nth, text=answer.sentence(lang))
        for move in answer.moves:
            click.echo(f"     {move.sentence(lang)}")
        parts = {part: points for part, points in answer.price.parts().items() if points}
        screen.line(
            "C237", lang, closed=_sum(answer.closed), opened=_sum(answer.opened),
            parts="; ".join(f"{say(f'X_RULE_{part}', lang)} {points:+d}" for part, points in parts.items()) or "0",
        )  # fmt: skip


def _sum(rows: Iterable[Unmet]) -> int:
    return sum(row.count for row in rows)


def _draft(problem: Problem, answer: Relaxation) -> dict[str, Any]:
    """Return a plan file that says what must be allowed first; it states no bound."""
    return {
        "schema": "rotation-plan/1",
        "objective": objective(problem, answer.tours).to_json(),
        "allowed_first": [change.to_json() for change in answer.changes],
        "assignments": [tour.to_json() for tour in answer.tours],
    }


def _tell_draft(answer: Relaxation, asked: Asked, lang: Lang) -> None:
    what = "; ".join(change.sentence(lang) for change in answer.changes)
    screen.line("C238" if what else "C239", lang, path=asked.out, nth=asked.answer, what=what)


def _tour(problem: Problem, tours: Sequence[Tour], asked: Asked, chosen: Settings) -> None:
    """Tell what else could be done about one tour."""
    tour = _chosen(problem, tours, str(asked.tour))
    if broken := check(problem, tours):
        raise Infeasible(broken)
    found = alternatives(problem, tours, tour=tour, most=asked.most)
    if chosen.as_json:
        screen.answer(found.to_json(chosen.lang))
    else:
        _tell_alternatives(found, chosen.lang)


def _tell_alternatives(found: TourAlternatives, lang: Lang) -> None:
    click.echo(found.sentence(lang))
    for code, rows in (("C240", found.person), ("C241", found.others)):
        screen.line(code, lang)
        for row in rows:
            click.echo(f"   {row.sentence(lang)}")
        if not rows:
            screen.line("C242", lang)
    if found.reasons:
        screen.line("C243", lang, reasons=screen.counted(found.reasons, lang))


def _row(problem: Problem, tours: Sequence[Tour], asked: Asked) -> Unmet:
    """
    Return the unmet week that was asked for, the dearest where two needs overlap.

    raises : BadData, nobody knows the station or the role, or nobody is missing there and then
    """
    names = [(str(row.id), row.name) for row in problem.stations]
    station = _known(names, asked.station, "station")
    skill = _known([(str(row.id), row.code) for row in problem.skills], asked.skill, "skill")
    rows = [row for row in explained(problem, tours) if (str(row.station), str(row.skill)) == (station, skill)]
    own = [row for row in rows if row.week + 1 == asked.week]
    if not own:
        known = ", ".join(dict.fromkeys(str(row.week + 1) for row in rows)) or "—"
        fields = {"station": station, "skill": asked.skill, "week": asked.week, "known": known}
        raise BadData([Finding("C244", "", "", fields)])
    return max(own, key=lambda row: _points(problem, row))


def _known(names: Iterable[tuple[str, str]], read: str | None, kind: str) -> str:
    """Return the id of a name, a code or an id."""
    found = {name: key for key, name in names} | {key: key for key, _ in names}
    if read not in found:
        words = {f"kind_{lang}": say(f"C_KIND_{kind}", lang) for lang in ("vi", "en")}
        raise BadData([Finding("C245", "", "", {"read": read, **words})])
    return found[read]


def _chosen(problem: Problem, tours: Sequence[Tour], read: str) -> Tour:
    """
    Return the tour of a person over a week, as STAFF,WEEK.

    raises : Misused, it is not written so; BadData, there is no such person or tour
    """
    name, comma, week = read.rpartition(",")
    if not (comma and week.strip().isdecimal()):
        raise Misused(Finding("C247", "", "", {"read": read}))
    staff = _known([(str(person.id), person.name) for person in problem.staff], name.strip(), "staff")
    own = sorted((tour for tour in tours if str(tour.staff) == staff), key=lambda tour: tour.start)
    for tour in own:
        if tour.start < int(week) <= tour.end:
            return tour
    known = ", ".join(f"{tour.start + 1}–{tour.end}" for tour in own) or "—"
    raise BadData([Finding("C246", "", "", {"read": name.strip(), "week": int(week), "known": known})])


COMMANDS = (explain,)
