"""Watching a long computation: a bar on a terminal, plain lines elsewhere; Ctrl-C once stops it, twice gives it up."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column

from tramyte.domain.messages import Lang, say
from tramyte.need.numbers import number

T = TypeVar("T")
EVERY = 2.0  # seconds between plain lines
LOOK = 0.1  # seconds between two looks at the worker; a signal is answered at the next one


class Seen(Protocol):
    """
    What a solver tells while it works: the cost so far, the bound, the gap, the people missing.

    least_unmet : so many are missing in every plan, as far as is proved; 0: that is not known yet
    """

    @property
    def total(self) -> int | None: ...
    @property
    def bound(self) -> int | None: ...
    @property
    def gap(self) -> float | None: ...
    @property
    def critical(self) -> int | None: ...
    @property
    def unmet(self) -> int | None: ...
    @property
    def least_unmet(self) -> int: ...


Work = Callable[[threading.Event, Callable[[Any], None]], T]


def watched(work: Work[T], *, seconds: float | None, lang: Lang) -> T:
    """
    Return what `work` returns, shown on stderr while it runs.

    work    : takes the event that asks it to stop and the function to tell its progress to; runs in a thread of its
              own, so that Ctrl-C is heard while a solver is deep in native code
    seconds : its time limit; None: none, so the bar shows only that something goes on
    """
    stop, told = threading.Event(), _Told()
    answer: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            answer.append(work(stop, told.tell))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    with _interrupts(stop), _view(seconds, lang) as show:
        began, heard = time.monotonic(), False
        thread.start()
        while thread.is_alive():
            thread.join(LOOK)
            show(time.monotonic() - began, told.last)
            if stop.is_set() and not heard:
                heard = True
                click.echo(say("C100", lang), err=True)
    if failed:
        raise failed[0]
    return answer[0]


class _Told:
    """The last thing the worker told; one reference, so no lock is needed."""

    last: Seen | None = None

    def tell(self, seen: Seen) -> None:
        self.last = seen


@contextmanager
def _interrupts(stop: threading.Event) -> Iterator[None]:
    """Turn the first Ctrl-C into `stop`, the second into the end. Elsewhere than in the main thread: do nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def hear(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _view(seconds: float | None, lang: Lang) -> AbstractContextManager[Callable[[float, Seen | None], None]]:
    if sys.stderr.isatty():
        return _bar(seconds, lang)
    return nullcontext(_lines(lang))


@contextmanager
def _bar(seconds: float | None, lang: Lang) -> Iterator[Callable[[float, Seen | None], None]]:
    words = TextColumn("{task.description}", table_column=Column(no_wrap=False))  # a narrow window wraps, cuts nothing
    columns = (BarColumn(bar_width=16), TimeElapsedColumn(), words)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("C102", lang), total=seconds)

        def show(elapsed: float, seen: Seen | None) -> None:
            bar.update(task, completed=min(elapsed, seconds or elapsed), description=sentence(seen, lang))

        yield show


def _lines(lang: Lang) -> Callable[[float, Seen | None], None]:
    last, said = -EVERY, ""

    def show(elapsed: float, seen: Seen | None) -> None:
        nonlocal last, said
        words = sentence(seen, lang)
        if elapsed - last >= EVERY and words != said:
            last, said = elapsed, words
            click.echo(say("C103", lang, seconds=f"{elapsed:.0f}", words=words), err=True)

    return show


def sentence(seen: Seen | None, lang: Lang) -> str:
    """Return what was told, as a sentence, its own if it has one; before the first plan, that there is none yet."""
    if words := getattr(seen, "words", None):
        return str(words(lang))
    if seen is None or seen.total is None or seen.unmet is None:
        return say("C102", lang)
    least = say("C104", lang, least=number(seen.least_unmet, lang)) if seen.least_unmet else ""
    return say(
        "C101", lang, unmet=number(seen.unmet, lang), least=least, critical=number(seen.critical or 0, lang),
        total=number(seen.total, lang), bound="—" if seen.bound is None else number(seen.bound, lang),
        gap="—" if seen.gap is None else number(100 * seen.gap, lang),
    )  # fmt: skip
