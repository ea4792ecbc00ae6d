"""Decisions: signed ones that wait for a number, issued ones with the gaps in their numbering, and one of either."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import pairwise, takewhile
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import AlreadyIssued, BadData, NormMissing
from tramyte.domain.messages import say
from tramyte.exchange import paper
from tramyte.norms import norm
from tramyte.web.actions import issuing
from tramyte.web.dossier import Dossier, Papers, Signature, dossier_of
from tramyte.web.models import Deployment, Draft, Issue
from tramyte.web.nouns import slug
from tramyte.web.permissions import visible_to
from tramyte.web.planning import campaign_of, draft_of
from tramyte.web.roles import Permission
from tramyte.web.views.lists import Column, Empty, Filter, Status, listing
from tramyte.web.views.papers import account_of, may, must
from tramyte.web.views.scope import YEARS, Scope, day_of, scope_of
from tramyte.web.views.submission import Facts, day_of_signature

LIST = "/quyet-dinh/"
NUMBER = re.compile(r"\d+")
PDF, WORD = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@login_required
def decisions(request: HttpRequest) -> HttpResponse:
    """Show what is signed and has no number yet, then what is issued, by year and number."""
    scope = seen_scope(request)
    issues = list(issues_of(scope))
    years = sorted({one.decision.signed_on.year for one in issues if one.decision.signed_on}, reverse=True)
    columns = [
        Column("so", "UI_sg_number", "number", "link", by="order", link=lambda row: row["address"]),
        Column("ngay", "UI_sg_signed_on", "signed_on", "day"),
        Column("ve-viec", "UI_sg_subject", "subject"),
        Column("nguoi-ky", "UI_sg_signer", "signer"),
        Column("luot", "UI_sg_tours", "tours", "number", link=lambda row: row["address"]),
        Column("tinh-trang", "UI_sg_state", "state", "status"),
    ]  # fmt: skip
    return listing(
        request, scope, "quyet-dinh", "UI_sg_list", columns, _rows(issues, scope), order="-so", find=False,
        filters=[Filter("nam", "UI_sg_year", _in_year, [(str(year), str(year)) for year in years])],
        empty=Empty("UI_sg_none", "UI_show_all"), template="decisions/list.html",
        context={"section": "decisions", "waiting": _waiting(scope), "may_issue": may(scope, Permission.ISSUE)},
    )  # fmt: skip


def seen_scope(request: HttpRequest) -> Scope:
    """Return the scope of who sees people somewhere. raises: Http404."""
    scope = scope_of(request)
    if not scope.everywhere.paths(Permission.SEE_PEOPLE):
        raise Http404
    return scope


def issues_of(scope: Scope) -> Any:
    """Return the issues that somebody may see: of the whole province, or those that send or bring their people."""
    found = Issue.objects.filter(province=scope.province.code).select_related("decision", "draft__amends", "account")
    if not may(scope, Permission.SEE_PEOPLE):
        seen = visible_to(
            Deployment.objects.filter(province=scope.province.code), scope.account, on=timezone.localdate()
        )
        found = found.filter(decision__in=seen.values("decision"))
    return found.order_by("-decision__signed_on", "-pk")


def _waiting(scope: Scope) -> list[dict[str, Any]]:
    """Return the drafts that are signed and have no number, for who may see them."""
    if not may(scope, Permission.SEE_PEOPLE):
        return []
    rows = Draft.objects.filter(province=scope.province.code, stage="signed").order_by("changed_at", "pk")
    return [
        {
            "draft": one, "address": draft_address(one), "tours": len(one.tours),
            "title": campaign_of(one.province, one.campaign).name,
        }
        for one in rows
    ]  # fmt: skip


def draft_address(draft: Draft) -> str:
    """Return the page of a decision that is not issued yet."""
    return f"{LIST}ban/{quote(draft.campaign, safe='')}/{draft.number}/?pv={draft.province}"


def address(issue: Issue) -> str:
    """Return the page of an issued decision."""
    year = issue.decision.signed_on.year if issue.decision.signed_on else 0
    return f"{LIST}{year}/{slug(issue.decision.number or '')}/?pv={issue.province}"


def _rows(issues: list[Issue], scope: Scope) -> list[dict[str, Any]]:
    """Return issued decisions, and between them the numbers that this register does not know."""
    seen = visible_to(Deployment.objects.filter(province=scope.province.code), scope.account, on=timezone.localdate())
    tours = Counter(seen.values_list("decision", flat=True))
    rows = []
    for one in issues:
        decision = one.decision
        rows.append({
            "number": decision.number, "order": _order(decision.signed_on, decision.number), "address": address(one),
            "signed_on": decision.signed_on, "subject": decision.subject, "signer": decision.signer,
            "tours": tours[one.decision_id], "state": Status("met", "UI_sg_issued"),
        })  # fmt: skip
    return [*rows, *_gaps(rows)] if may(scope, Permission.SEE_PEOPLE) else rows


def _order(day: date | None, number: str | None) -> int:
    found = NUMBER.match(number or "")
    return (day.year if day else 0) * 1_000_000 + (int(found[0]) if found else 0)


def _gaps(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(row["order"] for row in rows)
    found = []
    for before, after in pairwise(ordered):
        if before // 1_000_000 == after // 1_000_000 and after - before > 1:
            first, last = before % 1_000_000 + 1, after % 1_000_000 - 1
            words = str(first) if first == last else f"{first}–{last}"
            found.append({
                "number": words, "order": before + 1, "address": None, "signed_on": None, "subject": None,
                "signer": None, "tours": None, "state": Status("near", "UI_sg_gap"),
            })  # fmt: skip
    return found


def _in_year(rows: Any, year: str) -> Any:
    return [row for row in rows if str(row["order"] // 1_000_000) == year]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def draft_page(request: HttpRequest, campaign: str, number: int) -> HttpResponse:
    """Show a decision that is not issued: its text, the twelve checks, the form; issue it; `xuat` gives the file."""
    scope = seen_scope(request)
    if not may(scope, Permission.SEE_PEOPLE):
        raise Http404
    draft = draft_of(scope.province.code, campaign, number)
    if draft.stage == "issued":
        return redirect(address(Issue.objects.select_related("decision").get(draft=draft)))
    typed = request.POST if request.method == "POST" else request.GET
    first = Facts(dossier_of(draft), scope.lang)
    form = _form(typed, first)
    wrong: list[tuple[str, str]] = []
    dossier = first.dossier
    try:
        dossier = first.dossier.again(_signature(form), _papers(form))
        if form["so"] or form["them"]:
            dossier.decision  # noqa: B018  says at once what cannot be printed
    except BadData as error:
        wrong, dossier = [("", one.sentence(scope.lang)) for one in error.findings], first.dossier
    except NormMissing as error:
        told = say("UI_sg_no_law", scope.lang, name=error.name, known=error.known_in(scope.lang))
        wrong, dossier = [("ngay-ky", told)], first.dossier
    if request.method == "POST" and not wrong:
        must(scope, Permission.ISSUE)
        wrong = _issued(request, scope, draft, form)
        if not wrong:
            messages.success(request, say("UI_sg_is_issued", scope.lang, number=form["so"]))
            return redirect(address(Issue.objects.select_related("decision").get(draft=draft)))
    if request.GET.get("xuat") in ("pdf", "docx"):
        return file_answer(
            dossier.pdf() if request.GET["xuat"] == "pdf" else dossier.docx(), "du-thao", request.GET["xuat"]
        )
    page = {
        "scope": scope, "section": "decisions", "draft": draft, "facts": Facts(dossier, scope.lang), "form": form,
        "summary": wrong, "open": form["open"], "forms": _forms(dossier), "reading": reading(dossier),
        "may_issue": may(scope, Permission.ISSUE) and draft.stage == "signed", "copy": _copy(form),
        "title": campaign_of(draft.province, draft.campaign).name,
    }  # fmt: skip
    return render(request, "decisions/draft.html", page, status=422 if wrong else 200)


def _form(typed: Mapping[str, str], facts: Facts) -> dict[str, Any]:
    """Return the form: what was typed, else what the tray and the office say."""
    words, case = facts.dossier.words, facts.dossier.case
    signer = words.signer or (case.ruled.who if case.ruled else "")
    day = day_of_signature(facts, timezone.localdate())
    kept = {
        "so": "", "nguoi-ky": signer, "ngay-ky": f"{day:%d/%m/%Y}", "hinh-thuc": words.authority_form,
        "chuc-vu": words.signer_post, "noi-ky": words.place, "them": "",
    }  # fmt: skip
    form: dict[str, Any] = {name: typed.get(name, value).strip() for name, value in kept.items()}
    shown = {"signer": "nguoi-ky", "day": "ngay-ky", "form": "hinh-thuc", "post": "chuc-vu", "place": "noi-ky"}
    form |= {name: form[field] for name, field in shown.items()}
    asked = facts.dossier.decision.open_bases
    form["given"] = list(words.bases)
    form["open"] = [
        {"name": f"can-cu-{nth}", "basis": text, "value": typed.get(f"can-cu-{nth}", "").strip()}
        for nth, text in enumerate(asked, start=1)
    ]
    return form


def _signature(form: Mapping[str, Any]) -> Signature | None:
    day = day_of(form["ngay-ky"])
    return Signature(form["so"], form["nguoi-ky"], day) if form["so"] and form["nguoi-ky"] and day else None


def _papers(form: Mapping[str, Any]) -> Papers:
    words = {
        "signer": form["nguoi-ky"], "signer_post": form["chuc-vu"], "place": form["noi-ky"],
        "authority_form": form["hinh-thuc"],
    }  # fmt: skip
    typed = list(takewhile(bool, (one["value"] for one in form["open"])))
    more = [line.strip() for line in form["them"].splitlines() if line.strip()]
    return Papers(words, [*form["given"], *typed, *(more if len(typed) == len(form["open"]) else [])])


def _forms(dossier: Dossier) -> list[tuple[str, str]]:
    """Return the forms of authority: as it is written, and in words."""
    known = norm("document_layout", on=dossier.on).value["authority_forms"]
    return [(one, one or "—") for one in known]


def _copy(form: Mapping[str, Any]) -> str:
    """Return the state of the form for the address of a preview."""
    names = ("so", "nguoi-ky", "ngay-ky", "hinh-thuc", "chuc-vu", "noi-ky", "them")
    found = {name: form[name] for name in names} | {one["name"]: one["value"] for one in form["open"]}
    return urlencode({name: value for name, value in found.items() if value})


def _issued(request: HttpRequest, scope: Scope, draft: Draft, form: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Issue a draft; return what stands against it, each with its field."""
    day = day_of(form["ngay-ky"])
    missing = [(name, say("UI_sg_missing", scope.lang)) for name in ("so", "nguoi-ky") if not form[name]]
    missing += [] if day else [("ngay-ky", say("UI_sg_no_day", scope.lang))]
    if missing or day is None:
        return missing
    try:
        issuing.issue(
            by=account_of(request), draft=draft, signature=Signature(form["so"], form["nguoi-ky"], day),
            papers=_papers(form),
        )  # fmt: skip
    except BadData as error:
        return [("so" if one.code in ("E601", "E730") else "", one.sentence(scope.lang)) for one in error.findings]
    except AlreadyIssued:
        return [("", say("UI_sg_not_signed", scope.lang))]
    return []


def reading(dossier: Dossier) -> dict[str, Any]:
    """Return every word of the paper, for the page."""
    return paper.content(dossier.decision, dossier.report, people=dossier.people)


def file_answer(data: bytes, name: str, form: str) -> HttpResponse:
    """Return a file: a PDF is shown, a Word file is saved."""
    answer = HttpResponse(data, content_type=PDF if form == "pdf" else WORD)
    kind = "inline" if form == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{kind}; filename="{name}.{form}"'
    return answer


def issue_of(scope: Scope, year: int, number: str) -> Issue:
    """Return an issued decision by year and number, its sign left out or not. raises: Http404."""
    if year not in YEARS:
        raise Http404
    found = issues_of(scope).filter(decision__signed_on__year=year)
    rows = [one for one in found if number in (slug(one.decision.number or ""), _digits(one.decision.number))]
    if len(rows) != 1:
        raise Http404
    one: Issue = rows[0]
    return one


def _digits(number: str | None) -> str:
    found = NUMBER.match(number or "")
    return found[0] if found else ""


def about(draft: Draft) -> Q:
    """Return the condition on events that they are about a draft."""
    return Q(about=f"{draft.campaign}/{draft.number}", province=draft.province)
