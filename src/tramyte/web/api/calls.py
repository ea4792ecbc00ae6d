"""Calls to units, who is named, whether they may go, and opinions on a draft, for programs; scopes as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from tramyte.domain.errors import BadData, Infeasible
from tramyte.domain.finding import Finding
from tramyte.web.actions import calls as actions
from tramyte.web.actions import stages
from tramyte.web.api.answers import written
from tramyte.web.api.asking import AskedFigures, Day, MaybeDay, Text, lang_of, plain
from tramyte.web.api.campaigns import place_asked
from tramyte.web.api.errors import Refusal
from tramyte.web.api.lists import REFUSALS
from tramyte.web.calling import named
from tramyte.web.eligibility import Terms
from tramyte.web.models import Opinion
from tramyte.web.roles import Permission
from tramyte.web.views import calls as pages
from tramyte.web.views import nominating, opinions
from tramyte.web.views.campaign import Place

Words = Annotated[str, BeforeValidator(plain), Field(max_length=500)]
Code = Annotated[str, BeforeValidator(plain), Field(max_length=30)]
CONFLICT: Final = {409: Refusal}
SHAPE: Final[Mapping[str, Any]] = {"tags": ["campaigns"]}


class CallRow(Schema):
    """What one unit is asked for of one skill; `proposed`: what the plan needs of it, for who plans."""

    unit: str
    skill: str
    count: int | None
    proposed: int | None
    weeks: int | None
    named: int
    missing: int
    due: date | None
    declined: str | None
    answered_at: datetime | None


class Calls(Schema):
    """The call of a campaign."""

    campaign: str
    rows: list[CallRow]


class Count(Schema):
    """People of a skill asked of a unit."""

    unit: Code
    skill: Code
    count: int = Field(ge=0, le=actions.MOST)
    weeks: int | None = Field(None, ge=0, le=100_000)


class NewCall(Schema):
    """A call to units, or the same again with other counts."""

    due: Day
    rows: list[Count] = Field(max_length=2000)


class NominationRow(Schema):
    """What a unit says of one person: goes, with the rank, or does not; `reason`: why not, or in spite of a rule."""

    unit: str
    staff: str
    is_going: bool
    rank: int | None
    reason: str | None


class Nominations(Schema):
    """Everybody of whom something is said."""

    campaign: str
    rows: list[NominationRow]


class Staying(Schema):
    """Who cannot go, and why; no health reason belongs here."""

    staff: Code
    reason: Words


class NewNominations(Schema):
    """Who goes, in this order, and who does not; `reason`: why somebody goes in spite of a rule, for who plans."""

    staff: list[Code] = Field([], max_length=1000)
    staying: list[Staying] = Field([], max_length=1000)
    reason: Words = ""


class One(Schema):
    """One person of a unit."""

    staff: Code


class Fewer(Schema):
    """Why fewer are named than asked for."""

    skill: Code
    reason: Words


class AskedEligible(AskedFigures):
    """A question for who may go; without days, of the first tour that each has room for."""

    start: MaybeDay = Field(None, description="first day of the tour")
    end: MaybeDay = Field(None, description="day after the last one")
    staff: Text = Field(None, description="one person of the unit")


class VerdictRow(Schema):
    """What one rule says; `holds` none: nobody can tell; `basis`: what it rests on; `clears`: when it would hold."""

    rule: str
    holds: bool | None
    is_soft: bool
    read: str
    basis: str
    clears: date | None


class EligibleRow(Schema):
    """One person with every rule; `weeks`: those of the campaign with room for a tour."""

    staff: str
    start: date
    end: date
    can: bool
    weeks: str
    rules: list[VerdictRow]


class Eligible(Schema):
    """The people of a unit."""

    unit: str
    rows: list[EligibleRow]


class OpinionRow(Schema):
    """What one party says of a draft; `answer` none: it has not answered, which is never consent."""

    id: int
    side: str
    party: str
    due: date
    answer: str | None
    letter: str | None
    letter_on: date | None
    words: str | None
    answered_at: datetime | None


class Opinions(Schema):
    """The opinions on a draft, in its last round."""

    campaign: str
    draft: int | None
    rows: list[OpinionRow]


class Out(Schema):
    """A draft to send out; `seen`: the revision that was looked at."""

    due: Day
    seen: int = Field(ge=0, lt=2**31)


class NewOpinion(Schema):
    """An answer with number and day of its letter."""

    answer: Literal["agree", "decline", "other"]
    letter: Annotated[str, BeforeValidator(plain), Field(max_length=80)]
    letter_on: Day
    words: Annotated[str, BeforeValidator(plain), Field(max_length=1000)] = ""


def calls(router: Router) -> None:
    """Add what is asked and said of calls, people and opinions."""
    _calls(router)
    _people(router)
    _opinions(router)


def _calls(router: Router) -> None:
    at = "/campaigns/{str:code}/calls"

    @router.get(at, operation_id="calls", response={200: Calls, **REFUSALS}, **SHAPE)
    def listing(request: HttpRequest, code: str, asked: Query[AskedFigures]) -> HttpResponse:
        return _told_calls(_for_units(place_asked(request, asked, code)))

    @router.post(at, operation_id="calls_ask", response={200: Calls, **REFUSALS}, **SHAPE)
    def ask(request: HttpRequest, code: str, asked: Query[AskedFigures], new: NewCall) -> HttpResponse:
        place = place_asked(request, asked, code)
        counts = {(one.unit, one.skill): (one.count, one.weeks) for one in new.rows}
        actions.ask(by=place.account, campaign=place.campaign, counts=counts, due=new.due)
        return _told_calls(place)

    @router.post(f"{at}/{{str:unit}}/decline", operation_id="call_decline", response={200: Calls, **REFUSALS}, **SHAPE)
    def decline(request: HttpRequest, code: str, unit: str, asked: Query[AskedFigures], new: Fewer) -> HttpResponse:
        place = _for_units(place_asked(request, asked, code), unit)
        call = next(
            (row.call for row in _rows(place) if row.unit == unit and row.skill == new.skill and row.call), None
        )
        if call is None:
            raise Http404
        actions.decline(by=place.account, call=call, reason=new.reason)
        return _told_calls(place)


def _for_units(place: Place, unit: str | None = None) -> Place:
    """Return the place of who sees units of it. raises: Http404, none of them, or not this one."""
    units = pages.units_of(place)
    if not units or (unit is not None and unit not in units):
        raise Http404
    return place


def _rows(place: Place) -> list[pages.Row]:
    return pages.rows_of(place, pages.units_of(place))


def _told_calls(place: Place) -> HttpResponse:
    rows = [
        {
            "unit": row.unit, "skill": row.skill, "count": row.call.count if row.call else None,
            "proposed": row.proposed, "weeks": row.weeks, "named": row.named, "missing": row.missing,
            "due": row.call.due if row.call else None, "declined": row.call.declined if row.call else None,
            "answered_at": row.call.answered_at if row.call else None,
        }
        for row in _rows(place)
    ]  # fmt: skip
    return written({"campaign": place.campaign.code, "rows": rows})


def _people(router: Router) -> None:
    at = "/campaigns/{str:code}/nominations"

    @router.get(at, operation_id="nominations", response={200: Nominations, **REFUSALS}, **SHAPE)
    def listing(request: HttpRequest, code: str, asked: Query[AskedFigures]) -> HttpResponse:
        return _told_names(_for_units(place_asked(request, asked, code)))

    @router.post(f"{at}/{{str:unit}}", operation_id="nominate", response={200: Nominations, **REFUSALS}, **SHAPE)
    def nominate(
        request: HttpRequest, code: str, unit: str, asked: Query[AskedFigures], new: NewNominations
    ) -> HttpResponse:
        place = _for_units(place_asked(request, asked, code), unit)
        actions.nominate(
            by=place.account, campaign=place.campaign, unit=unit, staff=new.staff,
            staying={one.staff: one.reason for one in new.staying}, reason=new.reason,
        )  # fmt: skip
        return _told_names(place)

    @router.post(f"{at}/{{str:unit}}/release", operation_id="release", response={200: Nominations, **REFUSALS}, **SHAPE)
    def release(request: HttpRequest, code: str, unit: str, asked: Query[AskedFigures], who: One) -> HttpResponse:
        place = _for_units(place_asked(request, asked, code), unit)
        actions.release(by=place.account, campaign=place.campaign, unit=unit, staff=who.staff)
        return _told_names(place)

    @router.get(
        "/campaigns/{str:code}/eligibility/{str:unit}", operation_id="eligibility",
        response={200: Eligible, **REFUSALS}, **SHAPE,
    )  # fmt: skip
    def eligible(request: HttpRequest, code: str, unit: str, asked: Query[AskedEligible]) -> HttpResponse:
        place = _for_units(place_asked(request, asked, code), unit)
        days = (asked.start, asked.end) if asked.start and asked.end and asked.start < asked.end else None
        found = nominating.rows(place, pages.units_of(place)[unit], asked=days)
        rows = [_eligible(row, lang_of(request)) for row in found if asked.staff in (None, row.code)]
        return written({"unit": unit, "rows": rows})


def _eligible(row: nominating.Row, lang: Any) -> dict[str, Any]:
    terms: Terms = row.terms
    rules = [
        {"rule": one.rule, "holds": one.holds, "is_soft": one.is_soft, "read": line.read, "basis": line.basis,
         "clears": one.clears}
        for one, line in zip(row.verdicts, row.lines, strict=True)
    ]  # fmt: skip
    return {
        "staff": row.code, "start": terms.start, "end": terms.end, "can": row.can, "weeks": row.weeks, "rules": rules,
    }  # fmt: skip


def _told_names(place: Place) -> HttpResponse:
    units = pages.units_of(place)
    rows = [
        {name: getattr(one, name) for name in NominationRow.model_fields}
        for one in named(place.campaign) if one.unit in units
    ]  # fmt: skip
    return written({"campaign": place.campaign.code, "rows": rows})


def _opinions(router: Router) -> None:
    at = "/campaigns/{str:code}/drafts/{int:number}/opinions"

    @router.get(at, operation_id="opinions", response={200: Opinions, **REFUSALS}, **SHAPE)
    def listing(request: HttpRequest, code: str, number: int, asked: Query[AskedFigures]) -> HttpResponse:
        return _told_opinions(_for_parties(place_asked(request, asked, code, number)))

    @router.post(at, operation_id="opinions_ask", response={200: Opinions, **REFUSALS, **CONFLICT}, **SHAPE)
    def consult(request: HttpRequest, code: str, number: int, asked: Query[AskedFigures], new: Out) -> HttpResponse:
        place = _for_parties(place_asked(request, asked, code, number))
        if place.draft is None:
            raise Http404
        try:
            stages.consult(by=place.account, draft=place.draft, seen=new.seen, due=new.due)
        except Infeasible as error:
            raise BadData([Finding("E779", "", "", {"count": len(error.breaches)})]) from error
        return _told_opinions(place)

    @router.post(
        f"{at}/{{int:opinion}}",
        operation_id="opinion_answer",
        response={200: Opinions, **REFUSALS, **CONFLICT},
        **SHAPE,
    )
    def answer(
        request: HttpRequest, code: str, number: int, opinion: int, asked: Query[AskedFigures], new: NewOpinion
    ) -> HttpResponse:
        place = _for_parties(place_asked(request, asked, code, number))
        found: Opinion | None = next((one for one in opinions.asked(place) if one.pk == opinion), None)
        if found is None:
            raise Http404
        stages.answer(
            by=place.account, opinion=found, answer=new.answer, letter=new.letter, letter_on=new.letter_on,
            words=new.words,
        )  # fmt: skip
        return _told_opinions(place)


def _for_parties(place: Place) -> Place:
    """Return the place of who is a party, or sees all of it. raises: Http404."""
    if not (place.sees_all or place.own(Permission.NOMINATE) or place.own(Permission.ANSWER)):
        raise Http404
    return place


def _told_opinions(place: Place) -> HttpResponse:
    rows = [{name: getattr(one, name) for name in OpinionRow.model_fields} for one in opinions.asked(place)]
    number = place.draft.number if place.draft else None
    return written({"campaign": place.campaign.code, "draft": number, "rows": rows})
