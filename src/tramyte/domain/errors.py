"""
The error tree. The number is the exit code of the command line; anything else is a bug and keeps its traceback.

    TramyteError            1
    ├── BadData            10   the input is wrong: every finding at once
    ├── NormMissing        11   the law says nothing for this name on this day
    ├── Infeasible         12   the rules that must hold clash: which ones
    ├── OutOfTime          13   no plan yet when the time ran out
    ├── NotAllowed         14   this person may not do this
    └── AlreadyIssued      15   what was issued is not edited
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tramyte.domain.messages import Lang, say

if TYPE_CHECKING:
    from tramyte.domain.finding import Breach, Finding


class TramyteError(Exception):
    """Something a user can put right. `exit_code` is what the command line returns."""

    exit_code = 1


class BadData(TramyteError):
    """The input is wrong. `findings` holds every one, in order of place."""

    exit_code = 10

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(finding.sentence("en") for finding in self.findings))


class NormMissing(TramyteError):
    """
    No norm of this name is in force on the day asked.

    spans : [start, end) of every value there is, None: open; none where nobody knows the name
    known : what else there is to choose from, for a name whose value has no such row
    """

    exit_code = 11

    def __init__(self, name: str, on: date, known: str = "", *, spans: Sequence[tuple[date, date | None]] = ()) -> None:
        self.name, self.on, self.known, self.spans = name, on, known, tuple(spans)
        more = f" ({self.known_in('en')})" if known or spans else ""
        super().__init__(f"{name} has no value on {on.isoformat()}{more}")

    def known_in(self, lang: Lang) -> str:
        """Return what is known of the name: the days of each value, or that there is no such name."""
        return self.known or "; ".join(_days(*span, lang) for span in self.spans) or say("NORM_unknown", lang)


def _days(start: date, end: date | None, lang: Lang) -> str:
    """Return a span as people say it: from the first day to the last one."""
    first, last = (
        day and (f"{day:%d/%m/%Y}" if lang == "vi" else day.isoformat())
        for day in (start, end and end - timedelta(days=1))
    )
    return say("NORM_span", lang, first=first, last=last) if last else say("NORM_since", lang, first=first)


class Infeasible(TramyteError):
    """No plan can hold the rules. `breaches` names the tours and the rules that clash."""

    exit_code = 12

    def __init__(self, breaches: Sequence[Breach]) -> None:
        self.breaches = tuple(breaches)
        super().__init__("\n".join(breach.sentence("en") for breach in self.breaches))


class OutOfTime(TramyteError):
    """The time ran out. `best` is the best known so far, or None."""

    exit_code = 13

    def __init__(self, best: object = None) -> None:
        self.best = best
        super().__init__("out of time")


class NotAllowed(TramyteError):
    """The person asking may not do this: which permission is missing, at which place."""

    exit_code = 14

    def __init__(self, permission: str, path: str) -> None:
        self.permission, self.path = permission, path
        super().__init__(f"{permission} is not granted at {path or 'the country'}")


class AlreadyIssued(TramyteError):
    """What has been issued is amended by a new decision, never edited."""

    exit_code = 15
