"""`tramyte rotate FOLDER`: every province of a folder, a few at a time, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import click

from tramyte.cli import files, screen, table
from tramyte.cli.province import Done, Task, serve
from tramyte.cli.watch import watched
from tramyte.domain.errors import BadData, Infeasible
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.need.numbers import number

SUFFIXES = (".json", ".xlsx")
SUMMARY = "summary.json"
LOOK = 0.2  # seconds between two looks at what the processes say
LEAST = 0.1  # seconds that every province gets, however short the limit
SUMS = ("people", "stations", "objective", "bound", "critical", "unmet")


@dataclass(frozen=True)
class Limits:
    """seconds: for the whole folder; work: for each province; workers: processes."""

    seconds: float | None
    work: int | None
    seed: int
    workers: int


@dataclass
class Hand:
    """One process, and what it is at."""

    process: Any
    line: Connection
    task: Task | None = None
    until: float = 0.0
    gap: float | None = None


@dataclass
class Seen:
    """Where the folder stands, for the screen."""

    done: int
    all: int
    running: dict[str, float | None]

    def words(self, lang: Lang) -> str:
        """Return it as a sentence."""
        at = ", ".join(
            f"{name} {'—' if gap is None else number(100 * gap, lang) + '%'}" for name, gap in self.running.items()
        )
        return say("C210", lang, done=self.done, all=self.all, running=at or "—")


@dataclass
class Nation:
    """The provinces of a folder: those that wait, those in hand, those done."""

    out: Path
    limits: Limits
    hands: list[Hand]
    start: Callable[[], Hand]
    halt: Any  # the event that all processes obey
    began: float = field(default_factory=time.monotonic)
    sizes: dict[Path, int] = field(default_factory=dict)
    found: dict[Path, Done] = field(default_factory=dict)
    late: float = 0.0  # seconds that provinces took beyond their share, the last one counting most

    def plan(self, paths: Sequence[Path], stop: threading.Event, tell: Callable[[Seen], None]) -> None:
        """Read every province, so that bad ones are known at once; then plan them, the smallest first."""
        self._all([Task(path) for path in paths], stop, tell)
        for path, done in list(self.found.items()):
            if not done.is_bad:
                self.sizes[path] = done.row["size"]
                del self.found[path]
        names = _names(list(self.sizes))
        order = sorted(self.sizes, key=lambda path: (self.sizes[path], path.name))
        seed, work = self.limits.seed, self.limits.work
        self._all([Task(path, self.out / names[path], work=work, seed=seed) for path in order], stop, tell)

    def _all(self, waiting: list[Task], stop: threading.Event, tell: Callable[[Seen], None]) -> None:
        total = len(waiting) + len(self.found)
        while waiting or any(hand.task for hand in self.hands):
            for hand in self.hands:
                if waiting and hand.task is None and not stop.is_set():
                    self._give(hand, waiting)
            busy = [hand for hand in self.hands if hand.task]
            if stop.is_set():
                self.halt.set()
                if not busy:
                    return
            for line in wait([hand.line for hand in busy], LOOK):
                self._hear(next(hand for hand in busy if hand.line is line))
            running = {hand.task.path.stem: hand.gap for hand in self.hands if hand.task and hand.task.out}
            if running:
                tell(Seen(len(self.found), total, running))

    def _give(self, hand: Hand, waiting: list[Task]) -> None:
        """Give a process the next province, with its share of what is left of the limit: by size, unused time too."""
        task, now = waiting[0], time.monotonic()
        seconds = self.limits.seconds
        if task.out is not None and seconds is not None:
            end = self.began + seconds
            free = [now if other is hand else min(max(now, other.until), end) for other in self.hands]
            loads = [self.sizes[other.path] for other in waiting]
            share = fair_share(free, loads, first=self.hands.index(hand), end=end, late=self.late)
            task = Task(task.path, task.out, share, task.work, task.seed)
            hand.until = now + share
        hand.task, hand.gap = task, None
        waiting.pop(0)
        with suppress(OSError):  # a process that is gone says so where it is listened to
            hand.line.send(task)

    def _hear(self, hand: Hand) -> None:
        assert hand.task is not None  # noqa: S101  only busy processes are listened to
        try:
            said = hand.line.recv()
        except (EOFError, OSError):
            row = {"file": hand.task.path.name, "status": "failed"}
            said = Done(row, findings=(Finding("C212", hand.task.path.name),))
            fresh = self.start()
            hand.process, hand.line = fresh.process, fresh.line
        if isinstance(said, Done):
            self.found[hand.task.path] = said
            if hand.task.seconds is not None:
                self.late = (self.late + max(0.0, time.monotonic() - hand.until)) / 2
            hand.task, hand.until = None, 0.0
        else:
            hand.gap = said


def fair_share(free: Sequence[float], loads: Sequence[float], *, first: int, end: float, late: float) -> float:
    """
    Return the seconds of the next province: in all that wait, as many for its size as their processes have time for.

    free  : moment at which each process is free; first: index of the one that takes the next province
    loads : size of each province that waits, in order; late: seconds that each may take beyond its share

    >>> round(fair_share([0.0, 0.0], [1, 1, 1, 1], first=0, end=60.0, late=0.0), 6)
    30.0
    >>> round(fair_share([0.0, 0.0], [1, 2], first=0, end=60.0, late=1.0), 6)  # nothing else waits for this process
    59.0
    """
    low, high = 0.0, end
    for _ in range(60):
        rate = (low + high) / 2
        ends, _ = _spread(free, [rate * load + late for load in loads], first)
        low, high = (rate, high) if max(ends) <= end else (low, rate)
    _, went = _spread(free, [low * load + late for load in loads], first)
    return max(LEAST, low * loads[0] if first in went[1:] else end - free[first] - late)


def _spread(free: Sequence[float], loads: Sequence[float], first: int) -> tuple[list[float], list[int]]:
    """Return when each process is done if each load goes to whoever is free first, and where each load went."""
    ends, went = list(free), []
    for index, load in enumerate(loads):
        at = first if index == 0 else min(range(len(ends)), key=ends.__getitem__)
        ends[at] += load
        went.append(at)
    return ends, went


def rotate(source: Path, out: Path, *, limits: Limits, lang: Lang, as_json: bool) -> int:
    """Plan every province of a folder; return the exit code: of bad data, else of locked tours that clash, else 0."""
    paths = _provinces(source)
    if out.resolve() == source.resolve():
        raise BadData([Finding("C006", "", "", {"path": str(out)})])
    files.folder(out)
    found, seconds = _planned(paths, out, limits, lang)
    summary = _summary(found, paths, seconds)
    files.write({out / SUMMARY: files.json_bytes(summary)})
    if as_json:
        wrong = {path.name: _wrong(done, lang) for path, done in found.items()}
        screen.answer({**summary, "findings": {name: rows for name, rows in wrong.items() if rows}, "folder": str(out)})
    else:
        _tell(found, summary, lang)
        screen.written([out / SUMMARY], lang)
    return _exit(found)


def _provinces(source: Path) -> list[Path]:
    paths = [path for path in sorted(source.iterdir()) if path.suffix.lower() in SUFFIXES and path.is_file()]
    paths = [path for path in paths if not path.name.startswith((".", "~$")) and path.name != SUMMARY]
    if not paths:
        files.refuse("C211", source, known=", ".join(SUFFIXES))
    return paths


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """Return the file of each plan: hue.xlsx gives hue.json, or hue.xlsx.json where there is a hue.json to plan too."""
    stems = [path.stem.casefold() for path in paths]
    alone = {path for path in paths if stems.count(path.stem.casefold()) == 1 and f"{path.stem}.json" != SUMMARY}
    return {path: f"{path.stem if path in alone else path.name}.json" for path in paths}


def _planned(paths: Sequence[Path], out: Path, limits: Limits, lang: Lang) -> tuple[dict[Path, Done], float]:
    with _hands(min(limits.workers, len(paths))) as (hands, start, halt):
        nation = Nation(out, limits, hands, start, halt)
        watched(lambda stop, tell: nation.plan(paths, stop, tell), seconds=limits.seconds, lang=lang)
        return nation.found, time.monotonic() - nation.began


@contextmanager
def _hands(count: int) -> Iterator[tuple[list[Hand], Callable[[], Hand], Any]]:
    """Start processes that ignore Ctrl-C from their first moment on, and end them with the block."""
    world = multiprocessing.get_context("spawn")
    halt = world.Event()

    def start() -> Hand:
        mine, theirs = world.Pipe()
        process = world.Process(target=serve, args=(theirs, halt), daemon=True)
        process.start()
        theirs.close()
        return Hand(process, mine)

    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if is_main else None
    try:
        hands = [start() for _ in range(count)]
    finally:
        if is_main:
            signal.signal(signal.SIGINT, before)
    try:
        yield hands, start, halt
    finally:
        for hand in hands:
            hand.line.close()
        for hand in hands:
            hand.process.join(1.0)
            hand.process.terminate()


def _summary(found: dict[Path, Done], paths: Sequence[Path], seconds: float) -> dict[str, Any]:
    rows = [found[path].row if path in found else {"file": path.name, "status": "not begun"} for path in paths]
    rows = [{key: value for key, value in row.items() if key != "size"} for row in rows]
    planned = [row for row in rows if "objective" in row]
    sums: dict[str, Any] = {key: sum(row[key] for row in planned) for key in SUMS}
    gap = (sums["objective"] - sums["bound"]) / max(1, abs(sums["objective"]))
    total = {"provinces": len(rows), "planned": len(planned), **sums, "gap": gap, "seconds": round(seconds, 3)}
    return {"schema": "rotation-summary/1", "total": total, "provinces": rows}


def _tell(found: dict[Path, Done], summary: dict[str, Any], lang: Lang) -> None:
    """Print what is wrong, province by province, then the table with its totals."""
    for path, done in found.items():
        if done.is_bad or done.findings:
            screen.note("C213", lang, file=path.name)
            screen.warnings([row for row in done.findings if row.severity == "error" or not done.is_bad], lang)
            for breach in done.breaches:
                click.echo(breach.sentence(lang), err=True)
            if done.trace:
                click.echo(done.trace, err=True)
    head = say("C214", lang).split("|")
    total = summary["total"]
    last = {**total, "province": say("C215", lang, planned=total["planned"], all=total["provinces"]), "status": ""}
    table.print_table(head, [_cells(row, lang) for row in (*summary["provinces"], last)])


def _cells(row: dict[str, Any], lang: Lang) -> list[str]:
    figures = [number(row[key], lang) if key in row else "—" for key in ("people", "stations", "objective", "bound")]
    gap = f"{number(round(100 * row['gap'], 2), lang)}%" if "gap" in row else "—"
    more = [number(row[key], lang) if key in row else "—" for key in ("critical", "unmet")]
    seconds = number(round(row["seconds"], 1), lang) if "seconds" in row else "—"
    status = row["status"] and say(f"C_STATE_{row['status'].replace(' ', '_')}", lang)
    return [row.get("province") or row["file"], *figures, gap, *more, seconds, status]


def _wrong(done: Done, lang: Lang) -> list[dict[str, Any]]:
    rows = [finding.to_json(lang) for finding in done.findings]
    return rows + [breach.to_json(lang) for breach in done.breaches]


def _exit(found: dict[Path, Done]) -> int:
    states = {done.row["status"] for done in found.values()}
    codes = {"failed": 1, "bad data": BadData.exit_code, "infeasible": Infeasible.exit_code}
    return next((code for state, code in codes.items() if state in states), 0)
