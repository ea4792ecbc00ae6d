"""What every page of a campaign shares: which one, which draft, who looks and what of it they may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils import timezone

from tramyte.domain.errors import NotAllowed
from tramyte.domain.messages import say
from tramyte.domain.plan import PlanReport
from tramyte.web.models import Account, Budget, Campaign, Conduct, Draft, Facility
from tramyte.web.models.base import FIRST_ON
from tramyte.web.permissions import allowed
from tramyte.web.planning import Sheet, campaign_of, conduct_of, draft_of
from tramyte.web.roles import Permission
from tramyte.web.views.scope import Scope, scope_of

LINE = ("draft", "opinions", "submitted", "signed", "issued", "running", "ended")  # the life of a campaign
OPEN_TO_ALL = ("opinions", "submitted", "signed", "issued")  # stages in which parties may read a draft
NUMBER = "ban"  # of the draft, in an address
# part of the address, word, who is shown it: the planner alone (True), everybody who sees the campaign (False), or who
# sees all of it and whoever may do one of these at a place of the province
TABS: tuple[tuple[str, str, bool | tuple[Permission, ...]], ...] = (
    ("", "UI_cp_overview", False),
    ("bang", "UI_cp_board", False),
    ("nhu-cau", "UI_ca_needs", False),
    ("de-xuat", "UI_ca_call", (Permission.NOMINATE,)),
    ("xep", "UI_sv_solve", True),
    ("so-sanh", "UI_sv_compare", False),
    ("so-luot-di", "UI_sv_ledger", False),
    ("kinh-phi", "UI_sv_costs", False),
    ("y-kien", "UI_ca_opinions", (Permission.NOMINATE, Permission.ANSWER)),
    ("ho-so-trinh", "UI_sg_submit", (Permission.SIGN,)),
    ("thuc-hien", "UI_pe_running", False),
    ("thay-doi", "UI_pe_changes", True),
)


@dataclass(frozen=True)
class Place:
    """One campaign as somebody looks at it. number: the draft asked for; None: the one under way."""

    scope: Scope
    campaign: Campaign
    conduct: Conduct | None
    number: int | None

    @property
    def account(self) -> Account:
        """Who looks."""
        found: Account = self.scope.account
        return found

    @cached_property
    def is_planner(self) -> bool:
        """Whether they may plan in the whole province."""
        return self.may(Permission.PLAN)

    def may(self, permission: Permission) -> bool:
        """Return whether they may do this in the whole province."""
        return allowed(self.account, permission, self.root, on=timezone.localdate())

    def must(self, permission: Permission) -> None:
        """Refuse who may not do this in the whole province. raises: NotAllowed."""
        if not self.may(permission):
            raise NotAllowed(permission.value, self.root)

    def own(self, permission: Permission) -> list[str]:
        """Return the places of the province at which they may do this."""
        found = self.scope.everywhere.paths(permission)
        return [path or self.root for path in found if not path or path.startswith(self.root)]

    def shows(self, whose: bool | tuple[Permission, ...]) -> bool:
        """Return whether they are shown a page of the campaign, see TABS."""
        if isinstance(whose, bool):
            return self.is_planner or not whose
        return self.sees_all or any(self.own(one) for one in whose)

    @property
    def root(self) -> str:
        """The path of the province."""
        return f"{self.scope.province.code}/"

    @cached_property
    def sees_all(self) -> bool:
        """Whether they may see everybody in the province, and so every draft."""
        return self.may(Permission.SEE_PEOPLE)

    @cached_property
    def budget(self) -> Budget | None:
        """What was granted last for the campaign, for who sees all of it."""
        if not self.sees_all:
            return None
        rows = Budget.objects.filter(province=self.campaign.province, campaign=self.campaign.code)
        return rows.select_related("account").order_by("-pk").first()

    @cached_property
    def draft(self) -> Draft | None:
        """The draft looked at; None: there is none yet, or none that they may see."""
        try:
            found = draft_of(self.campaign.province, self.campaign.code, self.number)
        except Http404:
            if self.number is not None:
                raise
            return None
        if self.sees_all or found.stage in OPEN_TO_ALL:
            return found
        if self.number is not None:
            raise Http404
        mine = self.drafts()
        return mine[0] if mine else None

    def drafts(self) -> list[Draft]:
        """Return the drafts that they may see, the newest first."""
        found = Draft.objects.filter(province=self.campaign.province, campaign=self.campaign.code)
        found = found.exclude(stage="dropped") if self.sees_all else found.filter(stage__in=OPEN_TO_ALL)
        return list(found.select_related("made_by", "parent", "amends").order_by("-number"))

    @cached_property
    def sheet(self) -> Sheet:
        """The draft with its problem. raises: Http404, there is none."""
        if self.draft is None:
            raise Http404
        return Sheet(self.draft)

    @cached_property
    def report(self) -> PlanReport:
        """The plan as they may see it: tours of their people and to their stations, and what those stations need."""
        found = self.sheet.report
        if self.sees_all:
            return found
        mine = self.mine
        tours = tuple(one for one in found.tours if one.unit in mine or str(one.tour.station) in mine)
        return replace(
            found,
            tours=tours,
            needs=tuple(one for one in found.needs if one.station in mine),
            loads=tuple(one for one in found.loads if one.unit in mine),
            breaches=(),
        )

    @cached_property
    def mine(self) -> frozenset[str]:
        """Codes of the facilities whose people they may see."""
        found = self.scope.everywhere.paths(Permission.SEE_PEOPLE)
        rows = Facility.objects.filter(province=self.campaign.province).order_by(*FIRST_ON).values_list("code", "path")
        return frozenset(code for code, path in rows if any(path.startswith(one) for one in found))

    @property
    def state(self) -> str:
        """Where the campaign is on its line of life."""
        if self.conduct is not None and self.conduct.state != "open":
            return self.conduct.state
        return self.draft.stage if self.draft is not None else "draft"

    @property
    def title(self) -> str:
        """What the campaign is called."""
        return str(self.campaign.name)

    def address(self, part: str = "", **more: Any) -> str:
        """Return the address of a page of this campaign, with the state of this one."""
        base = f"/dot/{self.campaign.code}/" + (f"{part}/" if part else "")
        asked = {**self.scope.state(), NUMBER: self.number, **more}
        return f"{base}?{urlencode({name: value for name, value in asked.items() if value not in (None, '')})}"

    def context(self, tab: str, **more: Any) -> dict[str, Any]:
        """Return what the template of every page of a campaign knows."""
        line = [(one, say(f"UI_cp_stage_{one}", self.scope.lang), one == self.state) for one in LINE]
        tabs = [
            (self.address(part), say(word, self.scope.lang), part == tab)
            for part, word, whose in TABS
            if self.shows(whose)
        ]
        return {"scope": self.scope, "section": "campaigns", "place": self, "line": line, "tabs": tabs, **more}


def place_of(request: HttpRequest, code: str) -> Place:
    """
    Return the campaign of an address.

    raises : Http404, the province has none, there is no such draft, or the account sees nobody there
    """
    scope = scope_of(request)
    if not scope.everywhere.paths(Permission.SEE_PEOPLE):
        raise Http404
    campaign = campaign_of(scope.province.code, code)
    typed = request.GET.get(NUMBER, "")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < len("1000000") else None
    return Place(scope, campaign, conduct_of(campaign), number)
