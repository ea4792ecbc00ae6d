"""What a new plan changes in the plan in force, tour by tour, and why: facts of the two plans, never guesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tramyte.domain.messages import Lang, say
from tramyte.domain.plan import Tour


@dataclass(frozen=True)
class Because:
    """
    One fact behind a change.

    code  : R1-R9, R14, R15: the rule that keeps the old tour from standing; LOCK: the new one must stand;
            TAKES: it takes over weeks that others leave; CRITICAL, NORMAL: it fills weeks for which the plan in force
            sends too few; GIVES: others take over weeks of the old one; BACK: what the old tour would cost;
            COST: what it would cost to leave out the new one
    tours : of other people, those that the fact is about
    """

    code: str
    tours: tuple[Tour, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def sentence(self, lang: Lang) -> str:
        """Return the fact in words."""
        return say(f"G_WHY_{self.code}", lang, **self.fields)

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        tours = [tour.to_json() for tour in self.tours]
        return {"code": self.code, "tours": tours, "fields": dict(self.fields), "text": self.sentence(lang)}


@dataclass(frozen=True)
class TourChange:
    """
    One tour of the plan in force that is not kept, with what its person does instead, or a tour that is new.

    kind    : station, role, weeks, longer, shorter: another tour of the same person replaces it; dropped; new
    is_lost : whether the old tour can no longer stand, whoever else is moved
    """

    kind: str
    before: Tour | None
    after: Tour | None
    is_lost: bool
    reasons: tuple[Because, ...]
    fields: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_touched(self) -> bool:
        """Whether a tour that could have stood is given up."""
        return self.before is not None and not self.is_lost

    def sentence(self, lang: Lang) -> str:
        """Return what changes and why, on one line."""
        why = "; ".join(reason.sentence(lang) for reason in self.reasons)
        return say("G441", lang, what=say(f"G_CHANGE_{self.kind}", lang, **self.fields), why=why)

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "kind": self.kind,
            "before": self.before.to_json() if self.before else None,
            "after": self.after.to_json() if self.after else None,
            "is_lost": self.is_lost,
            "is_touched": self.is_touched,
            "reasons": [reason.to_json(lang) for reason in self.reasons],
            "vi": self.sentence("vi"),
            "en": self.sentence("en"),
            "text": self.sentence(lang),
        }


@dataclass(frozen=True)
class Changes:
    """
    Everything a new plan changes.

    kept : tours of the plan in force that stand as they were; with those lost and those touched they are all of it
    """

    each: tuple[TourChange, ...]
    kept: int

    @property
    def lost(self) -> int:
        """Tours in force that could not stand any more."""
        return sum(row.is_lost for row in self.each)

    @property
    def touched(self) -> int:
        """Tours in force that could have stood, and are given up."""
        return sum(row.is_touched for row in self.each)

    @property
    def added(self) -> int:
        """Tours that replace none of the same person."""
        return sum(row.before is None for row in self.each)

    def sentence(self, lang: Lang) -> str:
        """Return how much changes."""
        return say("G440", lang, kept=self.kept, lost=self.lost, touched=self.touched, added=self.added)

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return a JSON object."""
        counts = {"kept": self.kept, "lost": self.lost, "touched": self.touched, "added": self.added}
        return {**counts, "each": [row.to_json(lang) for row in self.each], "text": self.sentence(lang)}
