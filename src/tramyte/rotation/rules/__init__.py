"""
The rules of a plan, each said twice: `forbids`/`rows` tell the solver, `breaches` tells a person.

A rule on single tours forbids them one by one (its row is x = 0); a rule on sets of tours gives sparse rows
(row, tour, coefficient, upper bound); a soft rule has a price and counts `points`. Tests draw random plans and ask
both sides the same question. Read `rule.py` first, then single, sets, groups, soft.
"""

from tramyte.rotation.rules.groups import Apart, Together
from tramyte.rotation.rules.rule import Rows, Rule, Soft
from tramyte.rotation.rules.sets import FewTours, Locked, MinimumAtHome, Rest
from tramyte.rotation.rules.single import (
    Available,
    Exempt,
    InsideCampaign,
    LicensedRole,
    NotFrozen,
    TourLength,
    WithinReach,
)
from tramyte.rotation.rules.soft import Handover, Preferences

RULES: tuple[type[Rule], ...] = (
    TourLength, LicensedRole, InsideCampaign, WithinReach, Exempt, Available, Rest, FewTours, MinimumAtHome,
    Locked, NotFrozen, Preferences, Handover, Apart, Together,
)  # fmt: skip
HARD: tuple[type[Rule], ...] = tuple(rule for rule in RULES if rule.weight is None)
SINGLE: tuple[type[Rule], ...] = (TourLength, LicensedRole, InsideCampaign, WithinReach, Exempt, Available, NotFrozen)
SETS: tuple[type[Rule], ...] = (Rest, FewTours, MinimumAtHome, Apart, Together)
SOFT: tuple[type[Soft], ...] = (Preferences, Handover)

__all__ = [
    "HARD", "RULES", "SETS", "SINGLE", "SOFT", "Apart", "Available", "Exempt", "FewTours", "Handover",
    "InsideCampaign", "LicensedRole", "Locked", "MinimumAtHome", "NotFrozen", "Preferences", "Rest", "Rows", "Rule",
    "Soft", "Together", "TourLength", "WithinReach",
]  # fmt: skip
