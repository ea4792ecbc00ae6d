"""How long the search may go on: seconds of the clock, units of work, or a stop from outside."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Event

import numpy as np


@dataclass
class Budget:
    """
    What may be spent. With `work` alone no decision reads the clock: same seed, same plan, on any machine.

    work : units; one step of prices is one unit, other methods say what they use
    """

    seconds: float | None
    work: int | None
    stop: Event | None
    used: float = 0.0
    began: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self.began

    @property
    def is_stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self.stop is not None and self.stop.is_set()

    @property
    def share(self) -> float:
        """The share of the limit that is spent; 0 for ever if there is no limit."""
        by_clock = 0.0 if self.seconds is None else self.elapsed / max(self.seconds, 1e-9)
        by_work = 0.0 if self.work is None else self.used / max(self.work, 1)
        return max(by_clock, by_work)

    def allows(self, until: float = 1.0, *, grace: float = 0.0) -> bool:
        """Return whether there is something left before that share of the limit, or of the seconds of grace."""
        return not self.is_stopped and (self.share < until or (self.seconds is not None and self.elapsed < grace))

    def seconds_until(self, share: float) -> float:
        """Return the seconds left before that share of the limit; infinite without a clock."""
        return np.inf if self.seconds is None else max(0.0, share * self.seconds - self.elapsed)

    def nodes_until(self, share: float, price: float) -> int:
        """Return how many nodes of that price the work left allows."""
        return 2**31 - 1 if self.work is None else max(1, int((share * self.work - self.used) / price))
