"""The work of a solve: the problem file of a campaign solved, freely or with the fewest changes, told as it goes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tramyte.domain.errors import Infeasible
from tramyte.rotation import read as problem_files
from tramyte.rotation.clash import minimal_clashes
from tramyte.rotation.solve import Progress, solve
from tramyte.web.models import Frozen, Run
from tramyte.web.planning import rows_of

POLL = 0.2  # seconds between two looks whether to leave off


def solved(run: Run, progress: Callable[..., None], stopped: Callable[[], bool]) -> dict[str, Any] | None:
    """
    Return the best plan found, as `actions.drafts.take` makes a draft of it; what clashes, if no plan can hold.

    run.given : campaign, problem (sha256 of a frozen file), seconds or work, seed, and the draft and pins it came from
    Somebody who stops keeps the best plan there is; a worker that ends gives the run back.
    """
    given = run.given
    problem = problem_files.problem(Frozen.objects.get(pk=given["problem"]).problem)
    seconds, limit = given.get("seconds"), int(given.get("seconds") or 0)
    last: list[Progress] = []

    def tell(one: Progress) -> None:
        last[:] = [one]
        progress(min(limit, int(one.seconds)), limit or None, "UI_run_solving", facts=_facts(one))

    with Watch(stopped) as stop:
        try:
            plan = solve(
                problem, seconds=seconds, work=given.get("work"), seed=given.get("seed", 1), stop=stop, progress=tell
            )  # fmt: skip
        except Infeasible:
            return {"clashes": minimal_clashes(problem).to_json()}
    facts = _facts(last[0]) if last else {}
    return {
        "tours": rows_of(plan.assignments), "bound": plan.bound, "total": plan.objective.total, "gap": plan.gap,
        "status": plan.status, "seconds": round(plan.seconds, 1), "least_unmet": facts.get("least_unmet", 0),
        "unmet": sum(row.count for row in plan.unmet), "critical": sum(row.critical for row in plan.unmet),
    }  # fmt: skip


def _facts(one: Progress) -> dict[str, Any]:
    return {
        "seconds": round(one.seconds, 1), "unmet": one.unmet, "critical": one.critical, "total": one.total,
        "least_unmet": one.least_unmet, "least_critical": one.least_critical, "bound": one.bound,
        "gap": round(one.gap, 5),
    }  # fmt: skip


class Watch:
    """Set an event as soon as somebody asks to leave off: the solver obeys it within two seconds."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped, self._stop, self._over = stopped, threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> threading.Event:
        self._thread.start()
        return self._stop

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(POLL):
            if self._stopped():
                self._stop.set()
                return
