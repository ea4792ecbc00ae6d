"""What is known of a decision before it is issued, and what one check of it says. Pure: rows come from dossier.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from tramyte.domain.decision import Decision, Key
from tramyte.domain.errors import NormMissing
from tramyte.domain.finding import Breach, Finding
from tramyte.domain.messages import Lang, say
from tramyte.domain.people import Staff
from tramyte.domain.plan import PlanReport, Tour, TourLine
from tramyte.domain.register import Register
from tramyte.domain.work import PastTour
from tramyte.norms import norm
from tramyte.rotation.check import check
from tramyte.rotation.problem import Problem

NAMED = 3  # people that a sentence names; it counts the others


@dataclass(frozen=True)
class Answer:
    """What a party said. side: sender, receiver; answer: agree, decline, other; None: silence, which is no consent."""

    side: str
    party: str
    name: str
    answer: str | None = None
    letter: str | None = None
    letter_on: date | None = None


@dataclass(frozen=True)
class Ruled:
    """Who signed in the tray. is_current: what was signed is what stands; may_sign: with the right to, on the day."""

    who: str
    on: date
    is_current: bool
    may_sign: bool


@dataclass(frozen=True)
class Case:
    """
    All that the checks read.

    report : the tours that this decision sends people on; of an amending one, those that are new or end otherwise
    tours  : the whole plan, against which the rules are checked
    others : tours of these people outside the plan, issued or served
    ending : tours that only end earlier than decided before: nobody is asked about them again
    is_issuing : whether number, signer and day must be there now
    """

    decision: Decision
    report: PlanReport
    problem: Problem
    tours: tuple[Tour, ...]
    register: Register
    others: tuple[PastTour, ...] = ()
    answers: tuple[Answer, ...] = ()
    ruled: Ruled | None = None
    is_issuing: bool = False
    ending: frozenset[Key] = frozenset()

    @property
    def on(self) -> date:
        """The day whose law counts."""
        return self.decision.signed_on or self.decision.on

    @cached_property
    def lines(self) -> tuple[TourLine, ...]:
        """The tours on which it sends people; those that it withdraws are none."""
        gone = self.decision.amends.gone if self.decision.amends else frozenset()
        return tuple(one for one in self.report.tours if one.start_date and one.end_date and one.tour.key not in gone)

    @cached_property
    def staff(self) -> dict[str, list[Staff]]:
        """Code -> rows of a person."""
        return by(self.register.staff, "code")

    @cached_property
    def breaches(self) -> list[Breach]:
        """What the plan breaks of the rules that must hold."""
        return check(self.problem, self.tours)


@dataclass(frozen=True)
class Check:
    """
    One of the twelve.

    law      : norm whose source and article it rests on; "": the sentence UI_sg_art_<name>
    read     : fields of the sentence UI_sg_read_<name>, which says what was read
    findings : what stands against it: errors stop the issue, warnings are worth a look
    """

    name: str
    on: date
    law: str = ""
    read: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding | Breach, ...] = ()

    @property
    def look(self) -> str:
        """short: must be mended; near: worth a look; met."""
        hard = [one for one in self.findings if isinstance(one, Breach) or one.severity == "error"]
        return "short" if hard else "near" if self.findings else "met"

    def title(self, lang: Lang) -> str:
        """Return what is checked."""
        return say(f"UI_sg_check_{self.name}", lang)

    def article(self, lang: Lang) -> str:
        """Return what it rests on."""
        if not self.law:
            return say(f"UI_sg_art_{self.name}", lang)
        try:
            found = norm(self.law, on=self.on)
        except NormMissing:
            return "—"
        return found.source.strip() if found.article in ("", "-") else f"{found.source.strip()}; {found.article}"

    def told(self, lang: Lang) -> str:
        """Return what was read."""
        fields = {name: _worded(value, lang) for name, value in self.read.items()}
        return say(f"UI_sg_read_{self.name}", lang, **fields)

    def to_json(self) -> dict[str, Any]:
        """Return what is kept with an issue: it is told again as it was then."""
        return {
            "name": self.name, "look": self.look, "article": self.article("vi"),
            "read": {"vi": self.told("vi"), "en": self.told("en")},
            "findings": [{"vi": one.sentence("vi"), "en": one.sentence("en")} for one in self.findings],
        }  # fmt: skip


def people(code: str, whom: Mapping[str, str], *, is_look: bool = False) -> tuple[Finding, ...]:
    """Return one finding for all of them, the first few named."""
    if not whom:
        return ()
    first = "; ".join([*whom.values()][:NAMED]) + ("; …" if len(whom) > NAMED else "")
    return (Finding(code, fields={"count": len(whom), "first": first}, severity="warning" if is_look else "error"),)


def by(rows: Iterable[Any], name: str) -> dict[str, list[Any]]:
    """Return value of a field -> rows that have it."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def day_words(day: date | None) -> str:
    """Return a day as sentences write it; a dash where there is none."""
    return f"{day:%d/%m/%Y}" if day else "—"


def _worded(value: Any, lang: Lang) -> Any:
    if value is None:
        return "—"
    if isinstance(value, date):
        return day_words(value) if lang == "vi" else value.isoformat()
    return value
