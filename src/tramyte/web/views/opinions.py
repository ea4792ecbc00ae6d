"""Opinions on a draft: who was asked, who has not answered, what they say; letters typed in, reminders sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.web import reminders
from tramyte.web.actions import stages
from tramyte.web.models import Draft, Facility, Opinion
from tramyte.web.models.base import below
from tramyte.web.models.campaign import ANSWERS
from tramyte.web.roles import Permission
from tramyte.web.views.calls import posted
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.scope import day_of

AT = "y-kien"
TERM = timedelta(days=7)
LOOKS = {"agree": "met", "decline": "short", "other": "near"}
FIELDS = {"E722": "so-cong-van", "E723": "noi-dung", "E720": "han", "E708": "ngay-cong-van", "E716": "ly-do"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def opinions(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was asked and answered of the draft; the planner sends it out, reminds, takes it back."""
    place = place_of(request, code)
    _seen(place)
    found: list[Finding] = []
    if request.method == "POST":
        place.must(Permission.PLAN)
        try:
            messages.success(request, _acts(request, place))
            return redirect(request.get_full_path())
        except BadData as error:
            found = list(error.findings)
        except Infeasible as error:
            found = [Finding("E779", "", "", {"count": len(error.breaches)})]
        except AlreadyIssued:
            found = [Finding("E766")]
    rows = [row(place, one) for one in asked(place)]
    waiting = [one for one in rows if one["is_waiting"]]
    told = {
        "rows": rows, "waiting": len(waiting), "answered": len(rows) - len(waiting), "may": place.is_planner,
        "agreed": sum(one["opinion"].answer == "agree" for one in rows), "summary": summary(found, place),
        "typed": request.POST, "due": request.POST.get("han") or f"{timezone.localdate() + TERM:%d/%m/%Y}",
        "text": reminders.text(place.draft, place.campaign, [one["opinion"] for one in waiting], place.scope.lang)
        if waiting and place.is_planner and place.draft else "", "draft": place.draft,
    }  # fmt: skip
    return render(request, "campaigns/opinions.html", place.context(AT, **told))


def _seen(place: Place) -> None:
    """Refuse who has nothing to answer here and may not see all of it. raises: Http404."""
    if not (place.sees_all or place.own(Permission.NOMINATE) or place.own(Permission.ANSWER)):
        raise Http404


def summary(found: list[Finding], place: Place) -> list[tuple[str, str]]:
    """Return findings for the summary over a form."""
    return [(one.cell or FIELDS.get(one.code, ""), one.sentence(place.scope.lang)) for one in found]


def asked(place: Place) -> list[Opinion]:
    """Return the opinions asked of the draft in its last round that whoever looks may see, unanswered first."""
    if place.draft is None:
        return []
    found = stages.opinions(place.draft)
    if not place.sees_all:
        mine = {"sender": place.own(Permission.NOMINATE), "receiver": place.own(Permission.ANSWER)}
        found = [one for one in found if one.path.startswith(tuple(mine[one.side]))]
    return sorted(found, key=lambda one: (one.answer is not None, one.due))


def row(place: Place, one: Opinion) -> dict[str, Any]:
    """Return one opinion as a page shows it."""
    lang = place.scope.lang
    is_open = place.draft is not None and place.draft.stage == "opinions"
    left = (one.due - timezone.localdate()).days
    if one.answer:
        look, word = LOOKS[one.answer], say(f"UI_ca_says_{one.answer}", lang)
    elif not is_open:
        look, word = "unknown", say("UI_ca_says_nothing", lang)
    else:
        word = say("UI_ca_overdue", lang, days=-left) if left < 0 else say("UI_ca_left", lang, days=left)
        look = "short" if left < 0 else "near"
    return {
        "opinion": one, "side": say(f"UI_ca_side_{one.side}", lang), "look": look, "word": word,
        "address": place.address(f"{AT}/{one.pk}"), "is_waiting": is_open and one.answer is None,
        "may": is_open and (place.is_planner or _may(place, one)), "times": len(one.reminded),
    }  # fmt: skip


def _may(place: Place, one: Opinion) -> bool:
    permission = Permission.NOMINATE if one.side == "sender" else Permission.ANSWER
    return str(one.path).startswith(tuple(place.own(permission)))


def _acts(request: HttpRequest, place: Place) -> str:
    """Do what a button asks for; return what is said of it. raises: BadData, Infeasible, AlreadyIssued."""
    draft, lang, typed = _draft(place), place.scope.lang, request.POST
    if typed.get("viec") == "gui":
        due = day_of(typed.get("han"))
        if due is None:
            raise BadData([Finding("E708", "", "han", {"read": typed.get("han") or "—"})])
        made = stages.consult(by=place.account, draft=draft, seen=draft.revision, due=due)
        return say("UI_ca_sent_out", lang, count=len(made))
    if typed.get("viec") == "nhac":
        sent = reminders.send(stages.remind(by=place.account, draft=draft), draft, place.campaign, lang)
        if sent.failed:
            messages.warning(request, say("UI_ca_not_mailed", lang, count=sent.failed))
        return say("UI_ca_reminded", lang, count=sent.parties, mails=sent.mails)
    if typed.get("viec") == "mo-lai":
        stages.reopen(by=place.account, draft=draft, reason=typed.get("ly-do", ""))
        return say("UI_ca_reopened", lang)
    raise BadData([Finding("E764")])


def _draft(place: Place) -> Draft:
    if place.draft is None:
        raise Http404
    return place.draft


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def one(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Answer one opinion, with number and date of the letter."""
    place = place_of(request, code)
    _seen(place)
    opinion = next((one for one in asked(place) if one.pk == number), None)
    if opinion is None:
        raise Http404
    shown = row(place, opinion)
    found: list[Finding] = []
    typed: dict[str, str] = {
        "so-cong-van": opinion.letter or "", "noi-dung": opinion.words or "", "tra-loi": opinion.answer or "",
        "ngay-cong-van": f"{opinion.letter_on or timezone.localdate():%d/%m/%Y}", **posted(request),
    }  # fmt: skip
    if request.method == "POST":
        try:
            _answer(place, opinion, typed)
        except BadData as error:
            found = list(error.findings)
        except AlreadyIssued:
            found = [Finding("E766")]
        else:
            messages.success(request, say("UI_ca_answered", place.scope.lang))
            return redirect(place.address(AT))
    return render(request, "campaigns/opinion.html", place.context(
        AT, one=shown, typed=typed, summary=summary(found, place), back=place.address(AT), tours=tours(place, opinion),
        answers=[(one, say(f"UI_ca_says_{one}", place.scope.lang)) for one in ANSWERS],
        board=place.address("bang"),
    ))  # fmt: skip


def _answer(place: Place, opinion: Opinion, typed: Mapping[str, str]) -> None:
    """Record what a form says. raises: BadData, AlreadyIssued, NotAllowed."""
    if typed.get("tra-loi") not in ANSWERS:
        raise BadData([Finding("E706", "", "tra-loi")])
    text = typed["ngay-cong-van"].strip()
    day = day_of(text)
    if text and day is None:
        raise BadData([Finding("E708", "", "ngay-cong-van", {"read": text})])
    stages.answer(
        by=place.account, opinion=opinion, answer=typed["tra-loi"], letter=typed["so-cong-van"], letter_on=day,
        words=typed["noi-dung"],
    )  # fmt: skip


def tours(place: Place, opinion: Opinion) -> list[Any]:
    """Return the tours of the draft that a party is asked about: of its people, or to its stations."""
    found = place.report.tours
    if opinion.side == "sender":
        return [one for one in found if one.unit == opinion.party]
    rows = Facility.objects.filter(below(opinion.path), province=opinion.province)
    here = set(rows.values_list("code", flat=True))
    return [one for one in found if str(one.tour.station) in here]
