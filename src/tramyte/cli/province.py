"""One province of many, in a process of its own: read, planned, checked, written; plain rows tell what came of it."""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tramyte.cli import files, inputs
from tramyte.domain.errors import BadData, Infeasible, TramyteError
from tramyte.domain.finding import Breach, Finding
from tramyte.rotation.check import check
from tramyte.rotation.solve import solve

EVERY = 1.0  # seconds between two words to the parent


@dataclass(frozen=True)
class Task:
    """What a province is asked for. out: None: read it only, and tell its size."""

    path: Path
    out: Path | None = None
    seconds: float | None = None
    work: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Done:
    """What came of it. row: facts for the summary; findings: of its data; breaches: of locked tours; trace: a bug."""

    row: dict[str, Any]
    findings: tuple[Finding, ...] = ()
    breaches: tuple[Breach, ...] = ()
    trace: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether there is nothing to plan."""
        return bool(self.trace or self.breaches or any(row.severity == "error" for row in self.findings))


def serve(home: Connection, stop: Any) -> None:
    """
    Be a process that plans provinces, one after the other, until the parent hangs up.

    stop : an event of all processes. Ctrl-C is the parent's to hear
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told = threading.Event()

    def listen() -> None:
        stop.wait()
        told.set()

    threading.Thread(target=listen, daemon=True).start()
    while True:
        try:
            task = home.recv()
        except EOFError:
            return
        home.send(done(task, told, home.send))


def done(task: Task, stop: threading.Event, tell: Callable[[Any], None]) -> Done:
    """Return what came of a task; no error leaves the process, for others are still at work."""
    began = time.monotonic()
    row: dict[str, Any] = {"file": task.path.name}
    try:
        return _done(task, row, stop, tell)
    except BadData as error:
        return Done({**row, "status": "bad data"}, findings=error.findings)
    except Infeasible as error:
        return Done({**row, "status": "infeasible"}, breaches=error.breaches)
    except TramyteError as error:
        return Done({**row, "status": "bad data"}, findings=(Finding("C010", "", "", {"read": str(error)}),))
    except Exception:
        return Done({**row, "status": "failed"}, trace=traceback.format_exc())
    finally:
        row["seconds"] = round(time.monotonic() - began, 3)


def _done(task: Task, row: dict[str, Any], stop: threading.Event, tell: Callable[[Any], None]) -> Done:
    given = inputs.given(task.path)
    problem = given.problem
    row |= {"province": problem.name, "people": len(problem.staff), "stations": len(problem.stations)}
    if task.out is None:
        return Done({**row, "size": len(problem.staff) * problem.weeks}, given.findings)
    last = -EVERY

    def seen(progress: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            tell(progress.gap)

    plan = solve(
        problem, seconds=task.seconds, work=task.work, seed=task.seed, stop=stop, progress=seen, workers=1
    )  # fmt: skip
    if wrong := check(problem, plan.assignments):
        raise Infeasible(wrong)
    files.write({task.out: files.json_bytes(plan.to_json())})
    row |= {
        "objective": plan.objective.total,
        "bound": plan.bound,
        "gap": plan.gap,
        "critical": sum(need.critical for need in plan.unmet),
        "unmet": sum(need.count for need in plan.unmet),
        "status": plan.status,
        "plan": task.out.name,
    }
    return Done(row, given.findings)
