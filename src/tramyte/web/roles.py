"""The roles, in prose, and what each may do. A role says nothing of where: a grant does, with a place and dates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tramyte.domain.messages import Lang, say


class Permission(StrEnum):
    """One thing somebody may do at a place."""

    SEE_PLACES = "see_places"
    SEE_PEOPLE = "see_people"
    SEE_FIGURES = "see_figures"  # counts, never names
    SEE_PRIVATE = "see_private"  # open what is masked, with a reason
    EDIT_PLACES = "edit_places"
    EDIT_PEOPLE = "edit_people"
    PROPOSE = "propose"  # a correction, which somebody else takes
    IMPORT = "import"
    HAND_OVER = "hand_over"
    PLAN = "plan"
    NOMINATE = "nominate"
    ANSWER = "answer"
    REPORT = "report"
    SIGN = "sign"
    ISSUE = "issue"
    SEE_RULES = "see_rules"
    EDIT_RULES = "edit_rules"
    APPROVE_RULES = "approve_rules"  # what another person proposed
    SEE_AUDIT = "see_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_HEALTH = "see_health"  # of the installation: backups, jobs


@dataclass(frozen=True)
class Role:
    """
    may     : what it may do at its place and below
    landing : path of the page it lands on
    needs_second_factor : whether a password alone is not enough
    needs_confirming : whether a second administrator must confirm a grant of it
    """

    code: str
    may: frozenset[Permission]
    landing: str = "/tong-quan/"
    needs_second_factor: bool = False
    needs_confirming: bool = False

    def name(self, lang: Lang) -> str:
        """Return what the role is called."""
        return say(f"ROLE_{self.code}", lang)

    def prose(self, lang: Lang) -> str:
        """Return what the role is for, as the page of grants says it."""
        return say(f"ROLE_{self.code}_prose", lang)


_READS = {Permission.SEE_PLACES, Permission.SEE_PEOPLE, Permission.SEE_FIGURES}

ROLES: Final[dict[str, Role]] = {
    "planner": Role("planner",
        frozenset({*_READS, Permission.SEE_PRIVATE, Permission.EDIT_PLACES, Permission.EDIT_PEOPLE, Permission.IMPORT,
                   Permission.HAND_OVER, Permission.PLAN, Permission.SEE_RULES, Permission.EDIT_RULES,
                   Permission.APPROVE_RULES, Permission.SEE_AUDIT}),
    ),
    "director": Role("director",
        frozenset({*_READS, Permission.SEE_PRIVATE, Permission.SIGN, Permission.SEE_RULES, Permission.APPROVE_RULES,
                   Permission.SEE_AUDIT}),
        "/ky/", needs_second_factor=True,
    ),
    "clerk": Role("clerk",
        frozenset({*_READS, Permission.ISSUE}), "/quyet-dinh/",
    ),
    "commune": Role("commune",
        frozenset({*_READS, Permission.EDIT_PLACES, Permission.EDIT_PEOPLE, Permission.IMPORT, Permission.ANSWER}),
    ),
    "head": Role("head",
        frozenset({*_READS, Permission.PROPOSE, Permission.REPORT}),
    ),
    "sender": Role("sender",
        frozenset({*_READS, Permission.EDIT_PEOPLE, Permission.IMPORT, Permission.NOMINATE}),
    ),
    "staff": Role("staff",
        frozenset({Permission.PROPOSE, Permission.REPORT}), "/toi/",
    ),
    "analyst": Role("analyst",
        frozenset({Permission.SEE_PLACES, Permission.SEE_FIGURES}), "/tong-quan/",
    ),
    "admin": Role("admin",
        frozenset({Permission.MANAGE_ACCOUNTS, Permission.SEE_HEALTH, Permission.SEE_AUDIT, Permission.SEE_RULES,
                   Permission.EDIT_RULES}), "/quan-tri/suc-khoe/",
        needs_second_factor=True, needs_confirming=True,
    ),
}  # fmt: skip
