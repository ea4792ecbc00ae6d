"""How long the search may go on: seconds of the clock, units of work, or a stop from outside."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

ENDLESS = 200_000.0  # units of work by which a search without a limit paces itself


@dataclass
class Budget:
    """
    What one part may spend. With `work` alone no decision reads the clock: same seed, same plan, on any machine.

    work : units; a step of prices over the whole problem is one, other methods say what they use
    """

    seconds: float | None
    work: float | None
    used: float = 0.0
    began: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self.began

    @property
    def share(self) -> float:
        """The share of the limit that is spent; without a limit, a share of a long run that never ends."""
        if self.seconds is None and self.work is None:
            return min(0.99, self.used / ENDLESS)
        by_clock = 0.0 if self.seconds is None else self.elapsed / max(self.seconds, 1e-9)
        by_work = 0.0 if self.work is None else self.used / max(self.work, 1e-9)
        return max(by_clock, by_work)

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.share >= 1.0

    def seconds_until(self, share: float) -> float | None:
        """Return the seconds left before that share of the limit; None without a clock."""
        return None if self.seconds is None else max(0.0, share * self.seconds - self.elapsed)

    def units_until(self, share: float, pace: float) -> float:
        """Return the work left before that share of the limit; pace: units a second, for a limit by the clock."""
        left = [] if self.work is None else [share * self.work - self.used]
        if self.seconds is not None:
            left.append((share * self.seconds - self.elapsed) * pace)
        return max(0.0, min(left, default=share * ENDLESS - self.used))
