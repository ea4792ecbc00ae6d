"""What a draft costs: rule by rule against the budget granted, each line open to the tours that add up to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import BadData, NormMissing
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.web import costs, planning
from tramyte.web.actions import budgets
from tramyte.web.costs import Cost
from tramyte.web.models import Budget
from tramyte.web.roles import Permission
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.columns import sum_of_ranges
from tramyte.web.views.lists import Column, Filter, Status, listing, shown
from tramyte.web.views.scope import day_of

RULE, UNIT = "muc", "don-vi"  # in an address
FIELDS = {"amount": "so-tien", "paper": "so", "paper_on": "ngay-ky"}  # of the form, name in the page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def estimate(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the draft looked at costs; record the budget that was granted."""
    place = place_of(request, code)
    typed: dict[str, str] = {}
    wrong: list[Finding] = []
    if request.method == "POST":
        place.must(Permission.PLAN)
        typed = {name: request.POST.get(field, "").strip() for name, field in FIELDS.items()}
        try:
            made = _grant(place, typed)
        except BadData as error:
            wrong = list(error.findings)
        else:
            told = costs.millions(made.amount, place.scope.lang)
            messages.success(request, say("UI_sv_granted", place.scope.lang, amount=told))
            return redirect(place.address("kinh-phi"))
    context = place.context(
        "kinh-phi", typed=typed, summary=[(one.cell, one.sentence(place.scope.lang)) for one in wrong],
        may_grant=place.is_planner, draft=place.draft, budget=place.budget, is_alone=place.draft is None,
    )  # fmt: skip
    try:
        return _shown(request, place, context, status=422 if wrong else 200)
    except NormMissing as error:
        return render(request, "campaigns/costs.html", context | {"unsaid": error.known_in(place.scope.lang)})


def _shown(request: HttpRequest, place: Place, context: dict[str, Any], *, status: int) -> HttpResponse:
    if place.draft is None:
        return render(request, "campaigns/costs.html", context, status=status)
    law, lang = place.scope.law, place.scope.lang
    rows = costs.costs(place.report.tours, law=law)
    rules = costs.rules(rows, law=law, on=place.campaign.first_monday, lang=lang)
    whole = costs.total(one.amount for one in rules)
    context |= {
        "rules": [_line(place, one) for one in rules], "whole": costs.millions(whole, lang),
        "state": shown(_state(whole, context["budget"]), "status", lang) if place.sees_all else None,
        "granted": costs.millions(context["budget"].amount, lang) if context["budget"] else None,
    }  # fmt: skip
    answer = listing(
        request, place.scope, "kinh-phi", "UI_sv_cost_lines", _columns(place, rules), rows, order="ten,tu",
        filters=_filters(rules, rows), keep=("ban",), template="campaigns/costs.html", context=context,
    )  # fmt: skip
    answer.status_code = status
    return answer


def _line(place: Place, rule: costs.Rule) -> dict[str, Any]:
    lang = place.scope.lang
    return {
        "title": rule.title, "count": costs.dong(rule.count, lang), "counts": say(f"UI_sv_count_{rule.counts}", lang),
        "rate": costs.dong(rule.rate, lang) if rule.rate else say("UI_sv_rates_differ", lang),
        "amount": costs.millions(rule.amount, lang), "address": place.address("kinh-phi", **{RULE: rule.code}),
        "source": rule.source, "is_open": rule.confidence != "H", "has_rows": any(rule.count),
    }  # fmt: skip


def _state(whole: costs.Pair, budget: Budget | None) -> Status:
    """Return how a plan stands against its budget: beyond it in any case, perhaps, or within it."""
    if budget is None:
        return Status("unknown", "UI_sv_no_budget")
    if whole[0] > budget.amount:
        return Status("short", "UI_sv_beyond")
    return Status("near", "UI_sv_perhaps") if whole[1] > budget.amount else Status("met", "UI_sv_within")


def _grant(place: Place, typed: dict[str, str]) -> Budget:
    """Record a budget as it was typed, in millions of đồng. raises: BadData, with every field that does not do."""
    return budgets.grant(
        by=place.account, campaign=planning.campaign_of(place.campaign.province, place.campaign.code),
        amount=amount_of(typed["amount"]), paper=typed["paper"], paper_on=day_of(typed["paper_on"]),
    )  # fmt: skip


def amount_of(text: str) -> int:
    """
    Return đồng of millions as somebody typed them; 0: they cannot be read, or in two ways ("1,234").

    >>> amount_of("2.000,5"), amount_of("2000,5"), amount_of("hai tỷ"), amount_of("1,234")
    (2000500000, 2000500000, 0, 0)
    """
    whole, _, part = text.replace(" ", "").partition(",")
    if len(part) == len("234") and "." not in whole:
        return 0
    digits = whole.replace(".", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < len("10000000")):
        return 0
    if part and not (part.isascii() and part.isdecimal() and len(part) <= len("123456")):
        return 0
    return int(digits) * costs.MILLION + int(part.ljust(6, "0") or 0)


def _columns(place: Place, rules: list[costs.Rule]) -> list[Column]:
    titles = {one.code: one.title for one in rules}

    def tour(row: Cost) -> str:
        return f"{row.tour.station_name} ({row.tour.skill_name})"

    def person(row: Cost) -> str:
        return f"/nguoi/{quote(str(row.tour.tour.staff), safe='')}/?pv={place.scope.pv}"

    return [
        Column("ten", "UI_sv_person", lambda row: row.tour.staff_name, "link", link=person),
        Column("noi", "UI_sv_where", tour),
        Column("don-vi", "UI_sv_unit", lambda row: row.tour.unit_name),
        Column("muc", "UI_sv_rule", lambda row: titles[row.rule]),
        Column("tu", "UI_sv_from_day", "start", "day"),
        Column(
            "dem", "UI_sv_count", "count", "range", halves=("UI_sv_count_low", "UI_sv_count_high"), by=_first("count")
        ),
        Column("gia", "UI_sv_rate", "rate", "range", halves=("UI_sv_rate_low", "UI_sv_rate_high"), by=_first("rate")),
        Column(
            "tien", "UI_sv_amount", "amount", "range", halves=("UI_sv_amount_low", "UI_sv_amount_high"),
            by=_first("amount"), total=sum_of_ranges("amount"),
        ),
    ]  # fmt: skip


def _first(name: str) -> Any:
    return lambda row: getattr(row, name)[1]


def _filters(rules: list[costs.Rule], rows: list[Cost]) -> list[Filter]:
    units = sorted({(one.tour.unit, one.tour.unit_name) for one in rows}, key=lambda pair: pair[1])
    return [
        Filter(RULE, "UI_sv_rule", lambda rows, value: [one for one in rows if one.rule == value],
               [(one.code, one.title) for one in rules]),
        Filter(UNIT, "UI_sv_unit", lambda rows, value: [one for one in rows if one.tour.unit == value], units),
    ]  # fmt: skip
