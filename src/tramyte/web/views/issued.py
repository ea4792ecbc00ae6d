"""An issued decision: its text as issued, every file with its sha256, letters, the signed copy, its history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.exchange import letters
from tramyte.exchange.board import name_key
from tramyte.exchange.letters import Facts
from tramyte.web import bundle
from tramyte.web.actions import issuing
from tramyte.web.dossier import Dossier, Signature, Words, said, words_of
from tramyte.web.models import Commune, Deployment, Event, Facility, Issue, Paper, Staff
from tramyte.web.models.base import FIRST_ON
from tramyte.web.permissions import visible_to, within
from tramyte.web.roles import Permission
from tramyte.web.views.audit import word_of
from tramyte.web.views.decisions import about, address, file_answer, issue_of, reading, seen_scope
from tramyte.web.views.papers import account_of, may, must
from tramyte.web.views.place import skill_words
from tramyte.web.views.scope import Scope

COPY_LIMIT = 20_000_000  # bytes of a signed copy
SIGNED_COPY = "signed"


def dossier_of_issue(issue: Issue) -> Dossier:
    """Return the dossier of an issued decision, its words as they were issued."""
    decision = issue.decision
    words: Words = said(words_of(issue.province), issue.paper)
    day = decision.signed_on or timezone.localdate(issue.issued_at)
    signature = Signature(decision.number or "", decision.signer or "", day, decision.effective_on)
    return Dossier(issue.draft, words, day, signature)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def issued(request: HttpRequest, year: int, number: str) -> HttpResponse:
    """Show an issued decision; take its signed copy."""
    scope = seen_scope(request)
    issue = issue_of(scope, year, number)
    is_whole = may(scope, Permission.SEE_PEOPLE)
    wrong: list[tuple[str, str]] = []
    if request.method == "POST":
        must(scope, Permission.ISSUE)
        wrong = _attached(request, scope, issue)
        if not wrong:
            messages.success(request, say("UI_sg_attached", scope.lang))
            return redirect(address(issue))
    dossier = dossier_of_issue(issue)
    own = within(scope.everywhere.paths(Permission.SEE_PEOPLE))
    seen = visible_to(Deployment.objects.filter(decision=issue.decision), scope.account, on=timezone.localdate())
    page = {
        "scope": scope, "section": "decisions", "issue": issue, "decision": issue.decision, "summary": wrong,
        "is_whole": is_whole, "may_issue": may(scope, Permission.ISSUE),
        "reading": reading(dossier) if is_whole else None,
        "files": Paper.objects.filter(own, issue=issue).order_by("pk"),
        "letters": [one for one in bundle.parties(dossier) if is_whole or _is_own(scope, one)],
        "checks": _checks(issue, scope) if is_whole else [], "tours": _tours(seen, scope),
        "history": _history(issue, scope) if is_whole else [],
        "amends": _of(issue.draft.amends_id), "amended": Issue.objects.filter(draft__amends=issue.decision),
        "here": address(issue).partition("?")[0],
    }  # fmt: skip
    return render(request, "decisions/issued.html", page, status=422 if wrong else 200)


def _attached(request: HttpRequest, scope: Scope, issue: Issue) -> list[tuple[str, str]]:
    file = request.FILES.get("ban-ky")
    try:
        if file is None or not file.name or file.size is None or file.size > COPY_LIMIT:
            raise BadData([Finding("E731")])
        issuing.attach(by=account_of(request), issue=issue, filename=file.name, data=file.read())
    except BadData as error:
        return [("ban-ky", one.sentence(scope.lang)) for one in error.findings]
    return []


def _tours(rows: Any, scope: Scope) -> list[dict[str, Any]]:
    """Return the tours of a decision that somebody may see, by name."""
    rows = list(rows.order_by("start", "pk"))
    staff = _names(Staff, scope, {row.staff for row in rows}, lambda one: f"{one.family_names} {one.given_name}")
    places = _names(Facility, scope, {row.facility for row in rows}, lambda one: one.name)
    found = [
        {
            "name": staff.get(row.staff, row.staff), "station": places.get(row.facility, row.facility), "row": row,
            "skill": skill_words(row.skill, scope.lang, on=row.start),
            "state": say(f"UI_sg_tour_{row.state}", scope.lang), "is_over": _is_over(row),
            "last": row.end - timedelta(days=1),
        }
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: name_key(one["name"]))


def _names(model: Any, scope: Scope, codes: set[str], named: Any) -> dict[str, str]:
    rows = model.objects.filter(province=scope.province.code, code__in=codes)
    return {one.code: named(one) for one in rows.order_by(*FIRST_ON)}


def _is_own(scope: Scope, party: bundle.Party) -> bool:
    """Return whether a letter goes to a place of whoever looks."""
    model = Facility if party.kind == "letter_sender" else Commune
    rows = model.objects.filter(province=scope.province.code, code=party.code)
    return bool(rows.filter(within(scope.everywhere.paths(Permission.SEE_PEOPLE))).exists())


def _is_over(row: Deployment) -> bool:
    """Return whether a tour was served, so that there is a certificate of it."""
    return row.end <= timezone.localdate() and row.state != "cancelled"


def _checks(issue: Issue, scope: Scope) -> list[dict[str, Any]]:
    """Return the twelve as they were when it was issued."""
    return [
        {
            "look": one["look"], "word": say(f"UI_sg_look_{one['look']}", scope.lang), "article": one["article"],
            "title": say(f"UI_sg_check_{one['name']}", scope.lang), "read": one["read"][scope.lang],
            "findings": [what[scope.lang] for what in one["findings"]],
        }
        for one in issue.checks
    ]  # fmt: skip


def _history(issue: Issue, scope: Scope) -> list[dict[str, Any]]:
    """Return what happened to the draft and to its decision, the newest first."""
    rows = Event.objects.filter(about(issue.draft)) | Event.objects.filter(
        province=issue.province, about=issue.decision.number, action__startswith="issuing."
    )
    return [
        {"at": one.at, "who": one.account, "what": word_of(one.action, scope.lang), "reason": one.reason}
        for one in rows.select_related("account").order_by("-number")
    ]


def _of(decision: Any) -> Issue | None:
    return Issue.objects.select_related("decision").filter(decision=decision).first() if decision else None


@require_safe
@login_required
def paper_file(request: HttpRequest, year: int, number: str, file: int) -> HttpResponse:
    """Give a file of an issued decision as it was kept."""
    scope = seen_scope(request)
    own = within(scope.everywhere.paths(Permission.SEE_PEOPLE))
    found = Paper.objects.filter(own, issue=issue_of(scope, year, number), pk=file).first()
    if found is None:
        raise Http404
    name, _, form = found.filename.rpartition(".")
    return file_answer(bytes(found.content), f"{name or 'tep'}-{year}-{number}", form)


@require_safe
@login_required
def letter(request: HttpRequest, year: int, number: str, kind: str, party: str) -> HttpResponse:
    """Give the letter to a unit or a commune, or the list of a unit's people; `dang`: docx or pdf."""
    scope = seen_scope(request)
    dossier = dossier_of_issue(issue_of(scope, year, number))
    wanted = "letter_receiver" if kind == "letter_receiver" else "letter_sender"
    found = next((one for one in bundle.parties(dossier) if one.kind == wanted and one.code == party), None)
    is_known = kind in ("letter_sender", "letter_receiver", "unit_list")
    if found is None or not is_known or not (may(scope, Permission.SEE_PEOPLE) or _is_own(scope, found)):
        raise Http404
    form = "pdf" if request.GET.get("dang") == "pdf" else "docx"
    data = bundle.letter(dossier, kind, bundle.facts_of(dossier, found), form=form)
    return file_answer(data, f"{kind}-{bundle.file_name(found)}", form)


@require_safe
@login_required
def certificate(request: HttpRequest, deployment: int) -> HttpResponse:
    """Give the certificate of service of one tour that was served: to the person, and to who sees the person."""
    rows = Deployment.objects.select_related("decision").filter(pk=deployment, decision__isnull=False)
    seen = visible_to(rows, account_of(request), on=timezone.localdate()).exclude(state="cancelled")
    row = seen.first()
    issue = _of(row.decision_id) if row else None
    if row is None or issue is None or not _is_over(row):
        raise Http404
    dossier = dossier_of_issue(issue)
    data = bundle.letter(dossier, "certificate", _served(row), form=_form_of(request))
    return file_answer(data, f"xac-nhan-{row.staff}-{row.start:%Y-%m-%d}", _form_of(request))


def _form_of(request: HttpRequest) -> str:
    return "docx" if request.GET.get("dang") == "docx" else "pdf"


def _served(row: Deployment) -> Facts:
    """Return what a certificate says of a tour."""

    def name_of(model: Any, code: str | None) -> str:
        found = model.objects.filter(province=row.province, code=code).order_by(*FIRST_ON).last()
        return "—" if found is None else found.name

    person = Staff.objects.filter(province=row.province, code=row.staff).order_by(*FIRST_ON).last()
    return Facts({
        "name": f"{person.family_names} {person.given_name}" if person else row.staff,
        "role": skill_words(row.skill, "vi", on=row.start) or "—", "unit": name_of(Facility, row.sending_facility),
        "station": name_of(Facility, row.facility), "days": letters.served(row.start, row.end),
        "first": letters.first_day(row.start), "last": letters.last_day(row.end),
    })  # fmt: skip
