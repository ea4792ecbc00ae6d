"""Two drafts of a campaign side by side, or one with the plan that is issued: who changes, how, and who was told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tramyte.domain.messages import Lang, say
from tramyte.need.numbers import number
from tramyte.web import comparison, planning
from tramyte.web.actions import stages
from tramyte.web.comparison import Line
from tramyte.web.models import Draft, Issue, Receipt
from tramyte.web.planning import Sheet
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.lists import Column, Empty, Filter, Status, listing

OTHER, WHO = "voi", "loai"  # in an address: the draft compared with; those who change, or those who do not
CHANGED, KEPT = "doi", "giu"


@require_safe
@login_required
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Show who changes between two drafts, and what each leaves empty and costs."""
    place = place_of(request, code)
    drafts = {one.number: one for one in place.drafts()}
    new = place.draft
    old = _other(request, drafts, new)
    if new is None or old is None:
        return render(request, "campaigns/comparison.html", place.context("so-sanh", drafts=[], is_alone=True))
    sheets = Sheet(new), Sheet(old)
    lines = comparison.lines(*sheets)
    lines = lines if place.sees_all else comparison.only(lines, place.mine)
    turned = [one for one in lines if one.kind]
    kept = [one for one in lines if not one.kind]
    chosen = KEPT if request.GET.get(WHO) == KEPT else CHANGED
    told = _told(new)
    more = {"ban": new.number, OTHER: old.number}
    context = {
        "new": new, "old": old, "drafts": _choices(place, drafts, new, old), "chosen": chosen, "is_alone": False,
        "changed": (len(turned), place.address("so-sanh", **more)),
        "kept": (len(kept), place.address("so-sanh", **more, **{WHO: KEPT})),
        "sides": _sides(place, *sheets) if place.sees_all else [], "is_other": new.frozen_id != old.frozen_id,
        "names": [name(one, place) for one in (new, old)],
    }  # fmt: skip
    return listing(
        request, place.scope, "ai-thay-doi", "UI_sv_who" if chosen == CHANGED else "UI_sv_who_not",
        _columns(place, sheets, told), kept if chosen == KEPT else turned, order="tu,ten",
        filters=_filters(place, lines), empty=Empty("UI_sv_nobody", "UI_sv_all_drafts", place.address()),
        keep=("ban", OTHER, WHO), template="campaigns/comparison.html", context=place.context("so-sanh", **context),
    )  # fmt: skip


def _other(request: HttpRequest, drafts: dict[int, Draft], new: Draft | None) -> Draft | None:
    """Return the draft to compare with: the one asked for, else what the draft came from, else the one before it."""
    asked = request.GET.get(OTHER, "")
    if asked:
        found = drafts.get(int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else None
        if found is None:
            raise Http404
        return found
    if new is None:
        return None
    if new.parent is not None and new.parent.number in drafts:
        return drafts[new.parent.number]
    issued = [one for one in drafts.values() if one.stage == "issued" and one.number != new.number]
    return next(iter([*issued, *(one for one in drafts.values() if one.number < new.number)]), None)


def name(draft: Draft, place: Place) -> str:
    """Return what a draft is called; one that is issued says under which decision."""
    words = say("UI_cp_draft_n", place.scope.lang, number=draft.number)
    stage = say(f"UI_cp_stage_{draft.stage}", place.scope.lang)
    is_told = draft.stage == "issued" and place.sees_all
    issue = Issue.objects.filter(draft=draft).select_related("decision").first() if is_told else None
    return " · ".join([words, *([draft.name] if draft.name else []), issue.decision.number if issue else stage])


def _choices(place: Place, drafts: dict[int, Draft], *shown: Draft) -> list[tuple[str, list[tuple[int, str, bool]]]]:
    """Return the two fields of the page: name in the address, and every draft there is to choose."""
    fields = zip(("ban", OTHER), shown, strict=True)
    return [
        (field, [(one.number, name(one, place), one.number == own.number) for one in drafts.values()])
        for field, own in fields
    ]


@dataclass(frozen=True)
class Side:
    """One row of the two plans side by side: a count or the points of a rule. rows: where each count opens."""

    words: str
    new: int
    old: int
    lang: Lang
    rows: tuple[str, str] | None = None

    @property
    def apart(self) -> str:
        """The difference with its sign; nothing where there is none."""
        more = self.new - self.old
        return f"{'+' if more > 0 else '−'}{number(abs(more), self.lang)}" if more else ""


def _sides(place: Place, new: Sheet, old: Sheet) -> list[Side]:
    """Return what each plan leaves empty and costs, rule by rule."""
    lang = place.scope.lang
    ours, theirs = (comparison.totals(one.problem, one.tours) for one in (new, old))
    there = [place.address("vi-tri", ban=one.draft.number, chi="trong") for one in (new, old)]
    counts = [
        Side(
            say(f"UI_sv_side_{field}", lang), getattr(ours, field), getattr(theirs, field), lang,
            (there[0], there[1]) if field == "unmet" else None,
        )
        for field in ("unmet", "critical", "tours", "people", "total")
    ]  # fmt: skip
    parts = {**theirs.parts, **ours.parts}
    return counts + [
        Side(say(f"X_RULE_{part}", lang), ours.parts.get(part, 0), theirs.parts.get(part, 0), lang) for part in parts
    ]


def _told(draft: Draft) -> Callable[[Line], Status]:
    """Return how it is said whether somebody knows: by the decision, by the unit that was asked, or not yet."""
    issue = Issue.objects.filter(draft=draft).first()
    if issue is not None:
        receipts = Receipt.objects.filter(deployment__province=draft.province, deployment__campaign=draft.campaign)
        seen = set(receipts.values_list("deployment__staff", flat=True))
        return lambda line: (
            Status("met", "UI_sv_told_seen", rank=3)
            if line.staff in seen
            else Status("near", "UI_sv_told_issued", rank=2)
        )
    asked = {one.party: one.answer for one in stages.opinions(draft) if one.side == "sender"}
    answers = {
        "agree": Status("met", "UI_sv_told_agree", rank=3), "decline": Status("short", "UI_sv_told_decline", rank=0),
        "other": Status("near", "UI_sv_told_other", rank=2), None: Status("near", "UI_sv_told_asked", rank=2),
    }  # fmt: skip
    nobody = Status("unknown", "UI_sv_told_not", rank=1)
    return lambda line: answers[asked[line.unit]] if line.unit in asked else nobody


def _issued_on(draft: Draft) -> date | None:
    issue = Issue.objects.filter(draft=draft).first()
    return timezone.localdate(issue.issued_at) if issue else None


def _columns(place: Place, sheets: tuple[Sheet, Sheet], told: Callable[[Line], Status]) -> list[Column]:
    new, old = sheets
    lang, problems, first = place.scope.lang, (new.problem, old.problem), new.problem
    issued_on, today = _issued_on(new.draft), planning.today()

    def notice(since: date | None) -> Callable[[Line], int | None]:
        return lambda line: comparison.notice(first, line.first_week, since)

    def tours(which: str) -> Callable[[Line], str | None]:
        return lambda line: "; ".join(comparison.stay(problems, one) for one in getattr(line, which)) or None

    def kind(line: Line) -> str | None:
        return say(f"UI_sv_kind_{line.kind}", lang) if line.kind else None

    def person(line: Line) -> str:
        return f"/nguoi/{quote(line.staff, safe='')}/?pv={place.scope.pv}"

    return [
        Column("ten", "UI_sv_person", "name", "link", link=person),
        Column("don-vi", "UI_sv_unit", "unit_name"),
        Column("gi", "UI_sv_what", kind),
        Column("cu", "UI_sv_old", tours("before")),
        Column("moi", "UI_sv_new", tours("after")),
        Column("tu", "UI_sv_from_day", lambda line: _day(first, line), "day"),
        Column("da-bao", "UI_sv_told", lambda line: told(line) if line.kind else None, "status"),
        Column("bao-truoc", "UI_sv_notice", notice(today), "number"),
        Column("tu-ban-hanh", "UI_sv_notice_issue", notice(issued_on), "number"),
        Column("vi-sao", "UI_sv_why", lambda line: line.why(lang) or None),
    ]  # fmt: skip


def _day(problem: Any, line: Line) -> date | None:
    week = line.first_week if line.kind else min((one.start for one in line.after), default=None)
    found: date | None = problem.day(week) if week is not None else None
    return found


def _filters(place: Place, lines: list[Line]) -> list[Filter]:
    units = sorted({(one.unit, one.unit_name) for one in lines}, key=lambda pair: pair[1])
    kinds = [(kind, say(f"UI_sv_kind_{kind}", place.scope.lang)) for kind in comparison.ORDER]
    return [
        Filter("gi", "UI_sv_what", lambda rows, value: [one for one in rows if one.kind == value], kinds),
        Filter("don-vi", "UI_sv_unit", lambda rows, value: [one for one in rows if one.unit == value], units),
    ]
