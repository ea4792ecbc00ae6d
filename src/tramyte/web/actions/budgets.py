"""Money granted for a campaign: the planner keys in the figure with its paper; what was keyed in before stays."""

from __future__ import annotations

from datetime import date

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Budget, Campaign
from tramyte.web.roles import Permission

MOST = 10**15  # đồng


def grant(*, by: Account | None, campaign: Campaign, amount: int, paper: str, paper_on: date | None) -> Budget:
    """
    Record what was granted for a campaign, in đồng, with number and date of the paper; the newest counts.

    raises : BadData, the amount is none, or the paper lacks its number or date; each is told
    """
    with writing("budgets.grant", by=by, may=Permission.PLAN, path=f"{campaign.province}/") as note:
        found = [] if 0 < amount < MOST else [Finding("E754", "", "so-tien")]
        if not paper.strip():
            found.append(Finding("E755", "", "so"))
        if paper_on is None:
            found.append(Finding("E755", "", "ngay-ky"))
        if found or paper_on is None:
            raise BadData(found)
        made = Budget.objects.create(
            province=campaign.province, path=f"{campaign.province}/", campaign=campaign.code, amount=amount,
            paper=paper.strip()[:120], paper_on=paper_on, at=note.at, account=by,
        )  # fmt: skip
        note.about, note.details = campaign.code, {"amount": amount, "paper": made.paper, "paper_on": paper_on}
    return made
