"""An issued plan is solved again with the fewest changes, from the register as it is today."""

from __future__ import annotations

from datetime import date

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.web import planning
from tramyte.web.actions import runs, solves
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Campaign, Conduct, Frozen, Run
from tramyte.web.replan import situation
from tramyte.web.roles import Permission

SECONDS = 20  # the plan in hand is nearly the answer: most of the time goes into the proof


def ask(
    *, by: Account | None, campaign: Campaign, on: date | None = None, seconds: int | None = SECONDS,
    work: int | None = None, seed: int = 1,
) -> Run:  # fmt: skip
    """
    Ask for the plan that changes the fewest tours of the issued one; `drafts.take` makes the draft that amends it.

    on      : the day up to which weeks count as served; None: today
    seconds : limit by the clock; work: limit that does not depend on the machine
    raises  : BadData, nothing is issued, all of it is over, or the campaign is being solved already
    """
    with writing("replans.ask", by=by, may=Permission.PLAN, path=f"{campaign.province}/") as note:
        Conduct.objects.select_for_update().get(province=campaign.province, campaign=campaign.code)
        if solves.running(campaign) is not None:
            raise BadData([Finding("E750", "", "", {"campaign": campaign.code})])
        found = situation(campaign, on=on or planning.today(), is_whole=True)
        if found is None:
            raise BadData([Finding("E812", "", "", {"campaign": campaign.code})])
        digest, content = planning.frozen(found.problem)
        Frozen.objects.get_or_create(sha256=digest, defaults={"problem": content})
        given = {
            "campaign": campaign.code, "problem": digest, "base": digest, "draft": found.issue.draft_id, "pins": [],
            "mode": "few", "origin": "amend", "seconds": None if work else seconds, "work": work, "seed": seed,
            "served": found.problem.frozen_before,
        }  # fmt: skip
        return runs.placed(note, by=by, kind="solve", path=f"{campaign.province}/", given=given)


def last(campaign: Campaign) -> Run | None:
    """Return the newest solve that was asked to amend a campaign; None: there is none."""
    rows = Run.objects.filter(
        kind="solve", province=campaign.province, given__campaign=campaign.code, given__origin="amend"
    )
    return rows.defer("file").order_by("-asked_at").first()
