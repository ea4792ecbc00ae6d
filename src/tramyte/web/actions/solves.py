"""A campaign is solved in the background: freely, or with the fewest changes; pins and weeks served stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem
from tramyte.web import planning
from tramyte.web.actions import runs
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Campaign, Conduct, Draft, Frozen, Run
from tramyte.web.roles import Permission

FREE, FEW = "free", "few"
LEAST, USUAL, MOST = 10, 60, 600  # seconds


def ask(
    *,
    by: Account | None,
    campaign: Campaign,
    draft: Draft | None = None,
    problem: Problem | None = None,
    mode: str = FREE,
    seconds: int | None = USUAL,
    work: int | None = None,
    seed: int = 1,
    pins: Iterable[Tour] | None = None,
    origin: str = "solve",
    on: date | None = None,
) -> Run:
    """
    Ask for a plan of a campaign; what is found becomes a draft when somebody takes it (`drafts.take`).

    draft   : from which it is solved again: its problem, its pins, its tours; None: a first plan
    problem : in place of the draft's, for example the register as it is now, or after an absence
    mode    : free, or few: a tour of the draft that is given up has its price
    seconds : limit by the clock; work: limit that does not depend on the machine, for who wants the same plan again
    pins    : tours that must stand; None: those of the draft
    origin  : of the draft that it becomes: solve, amend, trial
    on      : the day up to which weeks of an issued plan count as served; None: today
    raises  : BadData, the campaign is being solved, the limit does not fit, or a pinned tour is no longer possible
    """
    with writing("solves.ask", by=by, may=Permission.PLAN, path=f"{campaign.province}/") as note:
        key = {"province": campaign.province, "campaign": campaign.code}
        conduct, _ = Conduct.objects.get_or_create(**key, defaults={"path": f"{campaign.province}/"})
        Conduct.objects.select_for_update().get(pk=conduct.pk)  # two at once wait for each other here
        held = tuple(pins) if pins is not None else planning.tours_of(draft.pins) if draft else ()
        base = problem or (base_of(draft) if draft else planning.problem_of(campaign)[0])
        if wrong := [*_busy(campaign), *_limits(seconds, work), *_loose(base, held)]:
            raise BadData(wrong)
        day = on or planning.today()
        first = planning.served(campaign, on=day)
        chosen = _problem(base, planning.tours_of(draft.tours) if draft else (), held, mode=mode, first=first)
        given = {
            "campaign": campaign.code, "problem": _kept(chosen), "base": _kept(base), "draft": draft and draft.pk,
            "pins": planning.rows_of(held), "mode": mode, "seconds": seconds, "work": work, "seed": seed,
            "served": first, "origin": origin, "on": day.isoformat(),
        }  # fmt: skip
        return runs.placed(note, by=by, kind="solve", path=f"{campaign.province}/", given=given)


def running(campaign: Campaign) -> Run | None:
    """Return the solve of a campaign that is under way; None: there is none."""
    return _newest(campaign, state__in=("waiting", "running"))


def last(campaign: Campaign) -> Run | None:
    """Return the newest solve of a campaign; None: nobody has asked for one."""
    return _newest(campaign)


def _newest(campaign: Campaign, **more: Any) -> Run | None:
    rows = Run.objects.filter(kind="solve", province=campaign.province, given__campaign=campaign.code, **more)
    return rows.defer("file").order_by("-asked_at").first()


def base_of(draft: Draft) -> Problem:
    """Return the problem of a draft without the pins and the plan in hand that solving it added."""
    one = draft
    while one.run_id is None and one.parent is not None and one.parent.frozen_id == one.frozen_id:
        one = one.parent
    base = (one.run.given.get("base") if one.run else None) or one.frozen_id
    return planning.problem_file(Frozen.objects.get(pk=base))


def _problem(base: Problem, tours: Sequence[Tour], pins: Sequence[Tour], *, mode: str, first: int) -> Problem:
    """Return the problem to solve: a free one keeps in hand what was served, and nothing else."""
    possible = [tour for tour in tours if planning.fits(base, tour)]
    kept = [tour for tour in possible if mode == FEW or tour.start < first]
    price = planning.price_of_change(base) if mode == FEW else None
    return planning.with_incumbent(base, kept=kept, pins=pins, before=first, disruption=price)


def _kept(problem: Problem) -> str:
    digest, content = planning.frozen(problem)
    Frozen.objects.get_or_create(sha256=digest, defaults={"problem": content})
    return digest


def _busy(campaign: Campaign) -> list[Finding]:
    return [Finding("E750", "", "", {"campaign": campaign.code})] if running(campaign) else []


def _limits(seconds: int | None, work: int | None) -> list[Finding]:
    if work is not None or (seconds is not None and LEAST <= seconds <= MOST):
        return []
    return [Finding("E751", "", "seconds", {"read": seconds, "least": LEAST, "most": MOST})]


def _loose(problem: Problem, pins: Iterable[Tour]) -> list[Finding]:
    """Return the pinned tours that the register no longer allows: one of its people or stations is gone."""
    return [
        Finding("E752", "", "", {"staff": tour.staff, "station": tour.station, "week": tour.start + 1})
        for tour in pins
        if not planning.fits(problem, tour)
    ]
