"""A plan by tiers: critical shortage strictly before normal shortage, and both before everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tramyte.domain.messages import Lang, say
from tramyte.domain.plan import Plan

TIERS = ("critical", "normal", "rest")


@dataclass(frozen=True)
class Tier:
    """
    One tier of a plan, in points.

    name      : critical, normal, rest
    bound     : no plan that is as good in every better tier comes to less; proven
    is_proved : whether no plan is better, counted tier by tier down to this one
    """

    name: str
    value: int
    bound: int
    is_proved: bool

    def sentence(self, lang: Lang) -> str:
        """Return the tier, its points, and whether they are the least."""
        code = "G432" if self.is_proved else "G433"
        return say(code, lang, tier=say(f"G_TIER_{self.name}", lang), value=self.value, bound=self.bound)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object."""
        return {"tier": self.name, "value": self.value, "bound": self.bound, "is_proved": self.is_proved}


@dataclass(frozen=True)
class TieredPlan:
    """
    A plan and how good it is tier by tier; the values of the tiers add up to its total.

    plan : objective and bound by the weights of the problem, as of any plan
    how  : weights, every plan that is best by weight is best by tiers, as is proved; tiers, it was solved so
    """

    plan: Plan
    how: str
    tiers: tuple[Tier, Tier, Tier]

    @property
    def is_proved(self) -> bool:
        """Whether no plan is better by tiers."""
        return self.tiers[-1].is_proved

    def sentence(self, lang: Lang) -> str:
        """Return how the order of the tiers was kept."""
        return say("G430" if self.how == "weights" else "G431", lang)

    def to_json(self) -> dict[str, Any]:
        """Return the object of a plan file, with the tiers beside."""
        return {**self.plan.to_json(), "tiers": {"how": self.how, "each": [tier.to_json() for tier in self.tiers]}}
