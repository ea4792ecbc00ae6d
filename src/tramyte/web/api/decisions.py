"""Decisions for programs: the list, one with its tours, checks and files; the clerk issues. Scopes as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from tramyte.web.actions import issuing
from tramyte.web.api.answers import written
from tramyte.web.api.asking import AskedFigures, Day, account_of, demand, plain, scope_asked
from tramyte.web.api.lists import REFUSALS
from tramyte.web.api.work import CONFLICT
from tramyte.web.models import Deployment, Issue, Paper
from tramyte.web.permissions import visible_to, within
from tramyte.web.planning import draft_of
from tramyte.web.roles import Permission
from tramyte.web.views.decisions import PDF, WORD, issues_of
from tramyte.web.views.papers import may
from tramyte.web.views.scope import Scope

Words = Annotated[str, BeforeValidator(plain), Field(max_length=500)]


class DecisionRow(Schema):
    """One issued decision; `amends`: the number of the one it changes."""

    id: int
    province: str
    campaign: str
    draft: int
    kind: str
    number: str
    signer: str
    signed_on: date
    effective_on: date
    subject: str
    amends: str | None
    issued_at: datetime


class Decisions(Schema):
    """The decisions that the account may see, the newest first."""

    count: int
    rows: list[DecisionRow]


class DecisionTour(Schema):
    """One person's tour under a decision; `end` is the day after the last one."""

    staff: str
    facility: str
    sending_facility: str | None
    skill: str
    start: date
    end: date
    state: str


class DecisionCheck(Schema):
    """One of the twelve checks as it was when the decision was issued. look: met, near (worth a look)."""

    name: str
    look: str
    article: str
    read: dict[str, str]
    findings: list[dict[str, str]]


class DecisionPaper(Schema):
    """A file of a decision. kind: decision, signed (the signed copy)."""

    id: int
    kind: str
    filename: str
    sha256: str
    at: datetime


class DecisionOne(DecisionRow):
    """One decision with the tours that the account may see; checks are told who may see everybody in the province."""

    legal_bases: list[str]
    tours: list[DecisionTour]
    checks: list[DecisionCheck]
    papers: list[DecisionPaper]


class Issuing(Schema):
    """Number, signer and day of a signed draft, all or none; bases: those that the law leaves open, then others."""

    province: str = Field(pattern=r"^\d\d$")
    number: Words
    signer: Words
    signed_on: Day
    authority_form: Words | None = None
    signer_post: Words | None = None
    place: Words | None = None
    bases: list[Words] = Field([], max_length=20)


def decisions(router: Router) -> None:
    """Add the questions about decisions, and the order that issues one."""

    @router.get("/decisions", operation_id="decisions", tags=["campaigns"], response={200: Decisions, **REFUSALS})
    def listing(request: HttpRequest, asked: Query[AskedFigures]) -> HttpResponse:
        rows = [_row(one) for one in issues_of(_scope(request, asked))]
        return written({"count": len(rows), "rows": rows})

    @router.get(
        "/decisions/{int:number}", operation_id="decision", tags=["campaigns"], response={200: DecisionOne, **REFUSALS}
    )
    def one(request: HttpRequest, number: int, asked: Query[AskedFigures]) -> HttpResponse:
        scope = _scope(request, asked)
        return written(_one(scope, _issue(scope, number)))

    @router.get(
        "/decisions/{int:number}/papers/{int:paper}", operation_id="decision_paper", tags=["campaigns"],
        response={200: None, **REFUSALS},
    )  # fmt: skip
    def file(request: HttpRequest, number: int, paper: int, asked: Query[AskedFigures]) -> HttpResponse:
        scope = _scope(request, asked)
        found = _papers(scope, _issue(scope, number)).filter(pk=paper).first()
        if found is None:
            raise Http404
        kind = WORD if found.filename.endswith(".docx") else PDF
        return HttpResponse(bytes(found.content), content_type=kind)

    @router.post(
        "/campaigns/{str:code}/drafts/{int:number}/issue", operation_id="draft_issue", tags=["campaigns"],
        response={200: DecisionOne, **REFUSALS, **CONFLICT},
    )  # fmt: skip
    def issue(request: HttpRequest, code: str, number: int, new: Issuing) -> HttpResponse:
        scope = _scope(request, AskedFigures(province=new.province, on=None, known=None))
        draft = draft_of(scope.province.code, code, number)
        words = {name: getattr(new, name) for name in ("authority_form", "signer_post", "place")}
        made = issuing.issue(
            by=account_of(request), draft=draft, signature=issuing.Signature(new.number, new.signer, new.signed_on),
            papers=issuing.Papers({name: text for name, text in words.items() if text is not None}, new.bases),
        )  # fmt: skip
        return written(_one(scope, made))


def _scope(request: HttpRequest, asked: AskedFigures) -> Scope:
    """Return the scope of a question. raises: NotAllowed; Http404, the province is not seen by this account."""
    demand(request, Permission.SEE_PEOPLE)
    scope = scope_asked(request, asked)
    if not scope.paths(Permission.SEE_PEOPLE):
        raise Http404
    return scope


def _issue(scope: Scope, number: int) -> Issue:
    found: Issue | None = issues_of(scope).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _papers(scope: Scope, issue: Issue) -> Any:
    return Paper.objects.filter(within(scope.paths(Permission.SEE_PEOPLE)), issue=issue).order_by("pk")


def _row(issue: Issue) -> dict[str, Any]:
    names = ("kind", "number", "signer", "signed_on", "effective_on", "subject")
    return {name: getattr(issue.decision, name) for name in names} | {
        "id": issue.pk, "province": issue.province, "campaign": issue.campaign, "draft": issue.draft.number,
        "amends": issue.draft.amends.number if issue.draft.amends else None, "issued_at": issue.issued_at,
    }  # fmt: skip


def _one(scope: Scope, issue: Issue) -> dict[str, Any]:
    rows = Deployment.objects.filter(decision=issue.decision)
    tours = visible_to(rows, scope.account, on=timezone.localdate()).order_by("start", "pk")
    papers = _papers(scope, issue)
    return _row(issue) | {
        "legal_bases": issue.decision.legal_bases,
        "tours": [{name: getattr(row, name) for name in DecisionTour.model_fields} for row in tours],
        "checks": issue.checks if may(scope, Permission.SEE_PEOPLE) else [],
        "papers": [{name: getattr(row, name) for name in DecisionPaper.model_fields} for row in papers],
    }  # fmt: skip
