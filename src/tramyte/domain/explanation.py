"""Answers to "why?": what would fill a need, what else a person could do, and which locked tours clash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tramyte.domain.finding import Breach
from tramyte.domain.messages import Lang, say
from tramyte.domain.plan import Id, Objective, Tour, Unmet

NOT_THE_PLANNERS = ("R5", "R6")  # leave, exemption, licence: others decide


@dataclass(frozen=True)
class Change:
    """
    One thing that would be allowed beyond a rule.

    rule        : R1 another length, R2 a role, R3 a longer campaign, R4 a longer way, R5 no exemption, R6 no absence,
                  R7 less rest, R8 one more tour, R9 one more person away
    staff, unit : whom it is for; skill: R2 the role, R9 the primary skill
    value       : the new number: weeks, minutes, tours or people
    start, end  : the weeks for which it is wanted
    fields      : words of the sentence
    """

    rule: str
    value: int
    staff: Id | None = None
    unit: Id | None = None
    skill: Id | None = None
    start: int = 0
    end: int = 0
    fields: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_planners(self) -> bool:
        """Whether the planner may decide it."""
        return self.rule not in NOT_THE_PLANNERS

    def sentence(self, lang: Lang) -> str:
        """Return what would change, in words."""
        return say(f"G_{self.rule}", lang, **self.fields)

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "rule": self.rule, "value": self.value, "staff": self.staff, "unit": self.unit, "skill": self.skill,
            "start": self.start, "end": self.end, "is_planners": self.is_planners, **_told(self, lang),
        }  # fmt: skip


@dataclass(frozen=True)
class Move:
    """One tour that comes or goes. fields: words of the sentence."""

    tour: Tour
    is_new: bool
    fields: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def sentence(self, lang: Lang) -> str:
        """Return who goes, or no longer goes, where and when."""
        return say("G401" if self.is_new else "G402", lang, **self.fields)

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        return {"tour": self.tour.to_json(), "is_new": self.is_new, **_told(self, lang)}


@dataclass(frozen=True)
class Relaxation:
    """
    One way to fill a need that stays unmet, and its price.

    changes        : what must be allowed; none: people are only moved
    price          : what the plan then costs more, part by part; less than 0: the plan gets better
    tours          : the whole plan; moves: how it differs from the one in hand
    opened, closed : weeks of needs where more, or fewer, are missing than now, with the difference
    anyway         : points that moving the people around gains without filling the need, contained in the price
    """

    changes: tuple[Change, ...]
    price: Objective
    tours: tuple[Tour, ...] = field(repr=False)
    moves: tuple[Move, ...]
    opened: tuple[Unmet, ...]
    closed: tuple[Unmet, ...]
    anyway: int = 0

    @property
    def own_price(self) -> int:
        """What filling the need costs beside a plan that has gained already what moving people gains anyway."""
        return self.price.total + self.anyway

    @property
    def is_planners(self) -> bool:
        """Whether the planner may decide all of it."""
        return all(change.is_planners for change in self.changes)

    def sentence(self, lang: Lang) -> str:
        """Return what to allow and its price, on one line."""
        what = "; ".join(change.sentence(lang) for change in self.changes) or say("G_COST", lang)
        told = say("G404", lang, what=what, price=_signed(self.own_price))
        told = told if self.is_planners else f"{told} {say('G405', lang)}"
        if not self.anyway:
            return told
        return f"{told} {say('G410', lang, anyway=_signed(-self.anyway), price=_signed(self.price.total))}"

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "changes": [change.to_json(lang) for change in self.changes],
            "price": self.price.to_json(),
            "anyway": self.anyway,
            "own_price": self.own_price,
            "is_planners": self.is_planners,
            "moves": [move.to_json(lang) for move in self.moves],
            "opened": [row.to_json() for row in self.opened],
            "closed": [row.to_json() for row in self.closed],
            "assignments": [tour.to_json() for tour in self.tours],
            **_told(self, lang),
        }


@dataclass(frozen=True)
class Alternative:
    """
    Something else for one tour of a plan.

    kind           : home, weeks, station, role: the person does something else; free: somebody else goes;
                     swap: and drops another tour; trade: which the person takes over
    change         : what the plan would cost more, part by part
    added, dropped : tours
    """

    kind: str
    change: Objective
    added: tuple[Tour, ...]
    dropped: tuple[Tour, ...]
    fields: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def sentence(self, lang: Lang) -> str:
        """Return what would be done instead, and its price."""
        return say(f"G_ALT_{self.kind}", lang, price=_signed(self.change.total), **self.fields)

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "kind": self.kind,
            "change": self.change.to_json(),
            "added": [tour.to_json() for tour in self.added],
            "dropped": [tour.to_json() for tour in self.dropped],
            **_told(self, lang),
        }


@dataclass(frozen=True)
class TourAlternatives:
    """
    Why this tour: what else its person could do, and who else could serve it.

    is_locked : the tour must stand; the rest says what it costs that it does
    person    : not going, and the best of each kind: other weeks, stations, roles
    others    : the best of those who could go instead, free or by dropping something
    reasons   : everybody else of the skill's cadre, counted by the first rule that stops them; COST: they could go
    """

    tour: Tour
    is_locked: bool
    person: tuple[Alternative, ...]
    others: tuple[Alternative, ...]
    reasons: Mapping[str, int]
    fields: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def sentence(self, lang: Lang) -> str:
        """Return the tour in words, and whether it must stand."""
        return say("G407" if self.is_locked else "G406", lang, **self.fields)

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "tour": self.tour.to_json(),
            "is_locked": self.is_locked,
            "person": [row.to_json(lang) for row in self.person],
            "others": [row.to_json(lang) for row in self.others],
            "reasons": dict(self.reasons),
            **_told(self, lang),
        }


@dataclass(frozen=True)
class Clash:
    """
    Locked tours that cannot all stand; without any one of them the others can.

    breaches : the rules they break together; stays: the tours in words
    """

    tours: tuple[Tour, ...]
    breaches: tuple[Breach, ...]
    stays: tuple[str, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes of the rules that clash."""
        return tuple(dict.fromkeys(breach.rule for breach in self.breaches))

    def sentence(self, lang: Lang) -> str:
        """Return which tours clash under which rules."""
        return say("G408", lang, count=len(self.tours), tours="; ".join(self.stays), rules=", ".join(self.rules))

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "tours": [tour.to_json() for tour in self.tours],
            "rules": list(self.rules),
            "breaches": [breach.to_json(lang) for breach in self.breaches],
            **_told(self, lang),
        }


@dataclass(frozen=True)
class Clashes:
    """
    Everything that is wrong with a set of locked tours.

    each : clashes that share no tour; mend: tours without which all others can stand, none of them too many
    stays: the latter in words
    """

    each: tuple[Clash, ...]
    mend: tuple[Tour, ...]
    stays: tuple[str, ...]

    def sentence(self, lang: Lang) -> str:
        """Return what to unlock so that a plan exists; empty if nothing clashes."""
        if not self.mend:
            return ""
        return say("G409", lang, count=len(self.mend), tours="; ".join(self.stays))

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        each = [clash.to_json(lang) for clash in self.each]
        return {"each": each, "mend": [tour.to_json() for tour in self.mend], **_told(self, lang)}


def _signed(points: int) -> str:
    return f"{points:+d}"


def _told(row: Any, lang: Lang) -> dict[str, str]:
    return {"vi": row.sentence("vi"), "en": row.sentence("en"), "text": row.sentence(lang)}
