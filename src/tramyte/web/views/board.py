"""The rotation board: positions at stations, people or sending units by weeks, read by all who may, changed by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from tramyte.domain.errors import NormMissing
from tramyte.domain.messages import say
from tramyte.domain.names import sort_key
from tramyte.exchange import plan_workbook
from tramyte.web import costs
from tramyte.web.actions import drafts
from tramyte.web.actions.campaigns import is_idle
from tramyte.web.models import Draft, Step
from tramyte.web.planning import served, today
from tramyte.web.roles import Permission
from tramyte.web.views.board_rows import (
    STATE,
    VIEWS,
    WEEKS,
    Block,
    Board,
    Box,
    Look,
    Row,
    brief,
    look_of,
    marks_of,
    weeks_no,
)
from tramyte.web.views.board_words import step_words
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.list_files import XLSX

ELSEWHERE: Final = {"xep": "UI_bd_solve", "so-sanh": "UI_bd_compare", "y-kien": "UI_bd_consult"}  # pages of others
LAST_STEPS = 20  # steps told under the board


@dataclass(frozen=True)
class Desk:
    """A board with what stands around it, as one address asks for it."""

    place: Place
    asked: QueryDict
    is_paper: bool = False

    @property
    def draft(self) -> Draft:
        """The draft on the board."""
        return self.place.sheet.draft

    @cached_property
    def look(self) -> Look:
        """What the address asks for."""
        return look_of(self.asked, self.place.sheet.problem.weeks, is_paper=self.is_paper)

    @cached_property
    def board(self) -> Board:
        """The plan laid out."""
        place = self.place
        return Board(
            place.report, marks_of(place.sheet), self.look, address=self.plain, lang=place.scope.lang,
            is_open=place.sees_all, past=place.sheet.problem.frozen_before,
        )  # fmt: skip

    def plain(self, part: str = "") -> str:
        """Return the address of a page of this draft."""
        return self.place.address(part, ban=self.draft.number)

    def address(self, part: str = "bang", **changes: Any) -> str:
        """Return the address of the board as it is looked at, some of it changed; None takes a part out."""
        kept = {name: self.asked.get(name) for name in STATE}
        kept |= {name.replace("_", "-"): value for name, value in changes.items()}
        return self.place.address(part, **{"ban": self.draft.number, **kept})

    @cached_property
    def is_mine(self) -> bool:
        """Whether whoever looks may change it now: nobody else does."""
        conduct = self.place.conduct
        mine = conduct is None or conduct.editor_id in (None, self.place.account.pk) or is_idle(conduct)
        return self.place.is_planner and self.draft.stage == "draft" and mine

    def totals(self) -> dict[str, Any]:
        """Return what the third line of the page tells; of a part of the province only its own figures."""
        place, needs = self.place, self.place.report.needs
        wanted = sum(one.count for one in needs)
        missing = sum(max(0, one.count - one.served) for one in needs)
        return {
            "wanted": wanted, "served": wanted - missing, "unmet": missing,
            "least": self.least if place.sees_all else None,
            "breaches": len(place.report.breaches) if place.sees_all else None,
            "money": money(place) if place.sees_all else None, "costs": self.plain("kinh-phi"),
            "positions": self.plain("vi-tri"), "open": f"{self.plain('vi-tri')}&{urlencode({'chi': 'trong'})}",
        }  # fmt: skip

    @property
    def least(self) -> int | None:
        """Person-weeks that no plan of the problem fills, as solving proved for this draft or the one it came from."""
        known = [one for one in (self.draft, self.draft.parent) if one and one.frozen_id == self.draft.frozen_id]
        return next((one.least_unmet for one in known if one.least_unmet is not None), None)

    @cached_property
    def turns(self) -> tuple[list[Step], list[Step]]:
        """Steps that can be taken back, and steps that can be made again."""
        return drafts.turns(self.draft)

    def blocks(self) -> list[Block]:
        """Return the rows of the page."""
        board, place = self.board, self.place
        if self.look.by == "tram":
            return board.blocks(only=board.stations if self.is_paper else None)
        people = place.sheet.problem.person_by_id
        own = {one.staff for one in place.report.loads}
        if self.look.by == "nguoi":
            spans = {code: everything_away(people[code], board.report.weeks) for code in own if code in people}
            return board.people(spans)
        return units(place, board)

    def context(self, blocks: list[Block] | None = None) -> dict[str, Any]:
        """Return what the template of the board knows. blocks: the rows shown; None: those of the page."""
        board, look, place = self.board, self.look, self.place
        stands, gone = self.turns if self.is_mine else ([], [])
        return {
            "draft": self.draft, "desk": self, "look": look, "heads": board.heads,
            "blocks": self.blocks() if blocks is None else blocks,
            "totals": self.totals(), "stands": len(stands), "gone": len(gone), "is_mine": self.is_mine,
            "edit": self.address("bang/sua"), "open_weeks": board.open_weeks, "is_paper": self.is_paper,
            "skills": _skills(place), "units": _units(place), "views": self._views(), "weeks": self._weeks(),
            "pages": self._pages(), "kept": self._kept(), "links": self._links(),
            "compare": self.plain("so-sanh") if there(f"/dot/{self.place.campaign.code}/so-sanh/") else None,
            "out": {
                "xlsx": f"{self.plain('bang')}&xuat=xlsx", "paper": self.address(xuat="in"), "all": self.plain("bang"),
            },
        }  # fmt: skip

    def _views(self) -> list[tuple[str, str, bool]]:
        lang = self.place.scope.lang
        return [
            (self.address(xem=one if one != VIEWS[0] else None, trang=None), say(f"UI_bd_by_{number}", lang),
             one == self.look.by)
            for number, one in enumerate(VIEWS)
        ]  # fmt: skip

    def _weeks(self) -> list[tuple[str, str, bool]]:
        """Return the pages of weeks, and this week by itself."""
        place, report, look = self.place, self.place.report, self.look
        now = min(max(served(place.campaign, on=today()), 1), report.weeks) - 1
        found = []
        for first in range(0, report.weeks, WEEKS):
            words = say(
                "UI_bd_weeks", place.scope.lang, weeks=weeks_no(report, first, min(first + WEEKS, report.weeks))
            )
            here = look.width == WEEKS and look.first == first
            found.append((self.address(tuan=first + 1 if first else None, rong=None), words, here))
        this = self.address(tuan=now + 1, rong=1)
        return [*found, (this, say("UI_bd_this_week", place.scope.lang), look.width == 1 and look.first == now)]

    def _pages(self) -> list[tuple[str, int, bool]]:
        if self.look.by == "don-vi" or self.is_paper:
            return []
        count = self.board.pages()
        return [(self.address(trang=n if n > 1 else None), n, n == self.look.page) for n in range(1, count + 1)]

    def _kept(self) -> list[tuple[str, Any]]:
        """Return what the form of the filters hands on."""
        state = {**self.place.scope.state(), "ban": self.draft.number, "xem": self.asked.get("xem")}
        return [(name, value) for name, value in state.items() if value not in (None, "")]

    def _links(self) -> list[tuple[str, str]]:
        """Return pages that others make, where they are there and whoever looks may open them."""
        place = self.place
        if not place.is_planner:
            return []
        return [
            (self.plain(part), say(word, place.scope.lang))
            for part, word in ELSEWHERE.items()
            if there(f"/dot/{place.campaign.code}/{part}/")
        ]


def money(place: Place) -> str | None:
    """Return what the draft costs, and what was granted for it, in millions; None: no rates are in force."""
    lang = place.scope.lang
    try:
        rows = costs.costs(place.report.tours, law=place.scope.law)
    except NormMissing:
        return None
    told = costs.millions(costs.total(one.amount for one in rows), lang)
    return f"{told}/{costs.millions(place.budget.amount, lang)}" if place.budget else told


def there(path: str) -> bool:
    """Return whether there is a page at an address."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def everything_away(person: Any, weeks: int) -> tuple[tuple[int, int], ...]:
    """Return the weeks in which a person cannot be sent; somebody exempt, in none."""
    return ((0, weeks),) if person.exempt else tuple(person.unavailable)


def _skills(place: Place) -> list[tuple[str, str]]:
    found = {one.skill: one.skill_name for one in place.report.needs}
    found |= {str(one.tour.skill): one.skill_name for one in place.report.tours}
    return sorted(found.items(), key=lambda row: sort_key(row[1]))


def _units(place: Place) -> list[tuple[str, str]]:
    found = {one.unit: one.unit_name for one in place.report.loads}
    found |= {one.unit: one.unit_name for one in place.report.tours}
    return sorted(found.items(), key=lambda row: sort_key(row[1]))


def units(place: Place, board: Board) -> list[Block]:
    """Return how many people of each specialty a unit has left each week, against the least it keeps."""
    problem, look = place.sheet.problem, board.look
    own = {one.staff for one in place.report.loads}
    heads = Counter((str(one.unit), one.primary) for one in problem.staff if str(one.id) in own)
    gone = {
        (str(person.unit), person.primary, week, str(person.id))
        for line in board.report.tours
        for person in [problem.person_by_id[str(line.tour.staff)]]
        for week in range(line.tour.start, line.tour.end)
    }
    away = Counter(cell[:3] for cell in gone)
    blocks = []
    for unit, name in _units(place):
        skills = [skill for at, skill in heads if at == unit and look.skill in ("", skill)]
        if not skills or look.unit not in ("", unit):
            continue
        rows = tuple(_unit_row(place, board, (unit, skill, heads[unit, skill]), away) for skill in sorted(skills))
        address = place.address("bang", **{"ban": place.sheet.draft.number, "xem": "nguoi", "don-vi": unit})
        blocks.append(Block(unit, brief(name), rows, address))
    return blocks


def _unit_row(place: Place, board: Board, who: tuple[str, str, int], away: Mapping[tuple[str, str, int], int]) -> Row:
    unit, skill, heads = who
    lang, problem = place.scope.lang, place.sheet.problem
    least = max(0, heads - problem.unit_by_id[unit].max_away.get(skill, 0))
    boxes = []
    for week in range(board.look.first, board.last):
        left = heads - away[unit, skill, week]
        boxes.append(Box("short" if left < least else "left", 1, text=str(left)))
    name = problem.skill_by_id[skill].name or skill
    return Row(name, tuple(boxes), detail=say("UI_bd_heads", lang, count=heads, least=least))


@require_safe
@login_required
def board(request: HttpRequest, code: str) -> HttpResponse:
    """Show the board of a campaign; as a workbook, or whole on paper, where that is asked for."""
    place = place_of(request, code)
    if place.draft is None:
        return render(request, "board/none.html", place.context("bang", can=place.is_planner, solve=_solve(place)))
    form = request.GET.get("xuat")
    if form == "xlsx":
        place.must(Permission.SEE_PEOPLE)
        return _workbook(place)
    desk = Desk(place, request.GET, is_paper=form == "in")
    steps = desk.draft.steps.select_related("account", "of").order_by("-number")[:LAST_STEPS] if place.sees_all else []
    told = [(one, step_words(place.sheet, one, place.scope.lang)) for one in steps]
    return render(request, "board/board.html", place.context("bang", steps=told, **desk.context()))


def _solve(place: Place) -> str | None:
    """Return where a campaign is solved, if that page is there."""
    return place.address("xep") if place.is_planner and there(f"/dot/{place.campaign.code}/xep/") else None


def _workbook(place: Place) -> HttpResponse:
    draft = place.sheet.draft
    report = replace(place.report, source=say("UI_cp_draft_n", place.scope.lang, number=draft.number))
    name = f"{place.campaign.code}-ban-{draft.number}.xlsx"
    return HttpResponse(
        plan_workbook.write(report, lang=place.scope.lang), content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip
