"""Days and weeks. Spans are half-open: `start` is in, `end` is out, None is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol


class Dated(Protocol):
    """Anything true from `start` until the day before `end`."""

    @property
    def start(self) -> date | None: ...
    @property
    def end(self) -> date | None: ...


def in_force(thing: Dated, on: date) -> bool:
    """Return whether `thing` is true on the day."""
    return (thing.start is None or thing.start <= on) and (thing.end is None or on < thing.end)


def overlap(a: Dated, b: Dated) -> bool:
    """Return whether two spans share a day."""
    return (a.start is None or b.end is None or a.start < b.end) and (
        b.start is None or a.end is None or b.start < a.end
    )


@dataclass(frozen=True, order=True)
class Week:
    """
    One week, named by its Monday.

    >>> Week(date(2025, 12, 15)).label
    'tuần 51/2025 (15–21/12)'
    """

    monday: date

    def __post_init__(self) -> None:
        if self.monday.isoweekday() != 1:
            raise ValueError(f"{self.monday.isoformat()} is not a Monday")

    @property
    def end(self) -> date:
        """The next Monday: the first day out of the week."""
        return self.monday + timedelta(days=7)

    @property
    def sunday(self) -> date:
        """The last day in the week."""
        return self.monday + timedelta(days=6)

    @property
    def label(self) -> str:
        """The week as an office writes it; never T51, which reads as a weekday."""
        year, number, _ = self.monday.isocalendar()
        first = f"{self.monday:%d/%m}" if self.monday.month != self.sunday.month else f"{self.monday:%d}"
        return f"tuần {number:02}/{year} ({first}–{self.sunday:%d/%m})"

    def plus(self, weeks: int) -> Week:
        """Return the week so many weeks later."""
        return Week(self.monday + timedelta(weeks=weeks))
