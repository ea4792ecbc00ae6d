"""One unit and its call: who of ours can go, who cannot and by which rule; named, ranked, excused, declined here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.domain.names import person_key
from tramyte.web import records
from tramyte.web.actions import calls, register
from tramyte.web.calling import files, filled, named
from tramyte.web.eligibility import RULES, File, Terms, Verdict, eligibility, exempt_until, first_terms, free_weeks
from tramyte.web.models import Call, Nomination
from tramyte.web.models.base import below
from tramyte.web.permissions import allowed
from tramyte.web.roles import Permission
from tramyte.web.views import nomination_files
from tramyte.web.views.calls import AT, day_asked, units_of
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.eligible import Line, basis, lines, week_words
from tramyte.web.views.place import skill_words
from tramyte.web.views.scope import day_of


@dataclass
class Row:
    """
    One person of the unit.

    is_wanted : whether a skill of theirs is asked for
    weeks  : of the campaign in which a tour has room; terms: the tour that the rules are asked of
    wrong  : rules that do not hold, in words
    """

    code: str
    name: str
    skills: str
    file: File
    terms: Terms
    weeks: str
    lines: list[Line]
    verdicts: tuple[Verdict, ...] = ()
    is_wanted: bool = False
    named: Nomination | None = None
    wrong: list[Line] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The page of the person."""
        return f"/nguoi/{quote(self.code, safe='')}/"

    @property
    def last(self) -> date:
        """The last day of the tour that the rules are asked of."""
        return self.terms.end - timedelta(days=1)

    @property
    def can(self) -> bool:
        """Whether no rule stops them."""
        return not any(one.look == "short" for one in self.lines)

    @property
    def order(self) -> tuple[Any, ...]:
        """Named first by rank, then who can go and has waited longest, then who cannot."""
        is_going = self.named is not None and self.named.is_going
        rank = self.named.rank or 0 if is_going and self.named else 0
        last = self.file.last or date.min
        return (
            not is_going,
            rank,
            not self.can,
            not self.is_wanted,
            last,
            person_key(self.file.person.family_names, self.file.person.given_name),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def unit(request: HttpRequest, code: str, unit: str) -> HttpResponse:
    """Show one unit what it is asked for and whom it may name; record what it answers."""
    place = place_of(request, code)
    facility = units_of(place).get(unit)
    if facility is None:
        raise Http404
    found: list[Finding] = []
    if request.method == "POST":
        if not _may(place, facility):
            place.must(Permission.NOMINATE)
        try:
            said = _acts(request, place, facility)
        except BadData as error:
            found = list(error.findings)
        else:
            messages.success(request, said)
            return redirect(request.get_full_path())
    calls_here = calls_of(place, facility)
    people = rows(place, facility, asked=_dates(request), calls_here=calls_here)
    if request.GET.get("xuat") == "xlsx":
        return nomination_files.answer(place, facility, people)
    return render(
        request, "campaigns/unit.html", place.context(AT, **_told(request, place, facility, people, found, calls_here))
    )


def _may(place: Place, facility: Any) -> bool:
    today = timezone.localdate()
    return place.is_planner or allowed(place.account, Permission.NOMINATE, facility.path, on=today)


def _dates(request: HttpRequest) -> tuple[date, date] | None:
    """Return the days that were chosen, the last one after them; None: none were, or they are no span."""
    start, last = day_of(request.GET.get("tu")), day_of(request.GET.get("den"))
    return (start, date.fromordinal(last.toordinal() + 1)) if start and last and start <= last else None


def calls_of(place: Place, facility: Any) -> list[Call]:
    """Return what a unit is asked for in a campaign."""
    campaign = place.campaign
    return list(Call.objects.filter(province=campaign.province, campaign=campaign.code, unit=facility.code))


def rows(
    place: Place, facility: Any, *, asked: tuple[date, date] | None = None, calls_here: list[Call] | None = None
) -> list[Row]:
    """
    Return everybody of a unit who can be sent in some skill.

    asked : days to look at; None: the first free ones; calls_here: what it is asked for, None: it is looked up
    """
    calls_here = calls_of(place, facility) if calls_here is None else calls_here
    lang, on, campaign = place.scope.lang, day_asked(place), place.campaign
    said = {one.staff: one for one in named(campaign, facility.code)}
    wanted = {one.skill for one in calls_here if one.count}
    found = []
    for code, file in files(campaign.province, path=facility.path, on=on, campaign=campaign, calls=calls_here).items():
        terms = first_terms(file, campaign, on=on)
        if asked:
            terms = Terms(*asked, on, campaign.instrument, None, campaign.rest_weeks)
        verdicts = eligibility(file, terms)
        told = lines(verdicts, lang, on=on)
        found.append(Row(
            code, file.person.name, ", ".join(skill_words(one, lang, on=on) or one for one in file.skills), file, terms,
            week_words(free_weeks(file, campaign, on=on)), told, verdicts, not wanted.isdisjoint(file.skills),
            said.get(code),
            [one for one in told if one.look in ("short", "near")],
        ))  # fmt: skip
    return sorted(found, key=lambda row: row.order)


def _told(
    request: HttpRequest, place: Place, facility: Any, people: list[Row], found: list[Finding], calls_here: list[Call]
) -> dict[str, Any]:  # fmt: skip
    lang, on = place.scope.lang, day_asked(place)
    going = [row for row in people if row.named and row.named.is_going]
    names = {row.code: row.name for row in people}
    summary = [(f"nguoi-{one.cell}" if one.cell in names else one.cell, one.sentence(lang)) for one in found]
    return {
        "unit": facility, "rows": people, "quota": call_of(place, calls_here, going), "may": _may(place, facility),
        "heads": [say(f"UI_ca_rule_{rule}", lang) for rule in RULES], "going": going, "summary": summary,
        "chosen": set(request.POST.getlist("nguoi")), "reason": request.POST.get("ly-do", ""),
        "laws": _laws(people, place), "left": left(place, people), "here": request.get_full_path(),
        "start": request.GET.get("tu", ""), "end": request.GET.get("den", ""), "is_own": not place.sees_all,
        "excel": f"{place.address(f'{AT}/{facility.code}')}&xuat=xlsx", "on": on,
    }  # fmt: skip


def _laws(people: list[Row], place: Place) -> list[tuple[str, str]]:
    """Return what each rule rests on, once under the table."""
    if not people:
        return []
    on, lang = day_asked(place), place.scope.lang
    verdicts = eligibility(people[0].file, people[0].terms)
    return [(say(f"UI_ca_rule_{one.rule}", lang), basis(one.basis, lang, on=on)) for one in verdicts]


def call_of(place: Place, calls_here: list[Call], going: list[Row]) -> list[dict[str, Any]]:
    """Return what a unit is asked for by skill: asked, named, missing, days left."""
    lang, on, asked = place.scope.lang, day_asked(place), calls_here
    skills = {row.code: row.file.skills for row in going}
    who = filled({one.skill: one.count for one in asked}, [row.code for row in going], skills)
    return [
        {"call": one, "skill": skill_words(one.skill, lang, on=on), "named": len(who.get(one.skill, ())),
         "missing": max(0, one.count - len(who.get(one.skill, ()))), "left": (one.due - timezone.localdate()).days}
        for one in sorted(asked, key=lambda one: (-one.count, one.skill)) if one.count
    ]  # fmt: skip


def left(place: Place, people: list[Row]) -> list[dict[str, Any]]:
    """Return what a unit keeps by primary skill: people, named, who may be away at once, who stays at least."""
    lang, on = place.scope.lang, day_asked(place)
    found: dict[str, dict[str, Any]] = {}
    for row in people:
        skill = row.file.skills[0]
        one = found.setdefault(skill, {"skill": skill_words(skill, lang, on=on), "people": 0, "named": 0, "most": 0})
        one["people"] += 1
        one["named"] += bool(row.named and row.named.is_going)
        one["most"] = row.file.max_away or 0
    for one in found.values():
        one["stay"] = max(0, one["people"] - one["most"])
        one["is_below"] = one["named"] > 0 and one["most"] == 0
    return list(found.values())


def _acts(request: HttpRequest, place: Place, facility: Any) -> str:
    """Do what a button asks for, and return what is said of it. raises: BadData."""
    for name, act in ACTS.items():
        if request.POST.get(name):
            return act(request.POST, place, facility)
    if file := request.FILES.get("tep"):
        return _filed(place, facility, file.read(), file.name or "", request.POST.get("ly-do", ""))
    raise BadData([Finding("E764", "", "nguoi")])


def _filed(place: Place, facility: Any, data: bytes, filename: str, reason: str) -> str:
    """Take what a workbook says of everybody at once; what a rule stops is told at the cell of the person."""
    names = nomination_files.read(place, facility, data, filename)
    try:
        calls.nominate(
            by=place.account, campaign=place.campaign, unit=facility.code, staff=list(names.ranks), ranks=names.ranks,
            staying=names.staying, reason=reason,
        )  # fmt: skip
    except BadData as error:
        found = [replace(one, sheet=names.sheet, cell=names.cells.get(one.cell, one.cell)) for one in error.findings]
        raise BadData(found) from error
    return say("UI_ca_said_file", place.scope.lang, count=len(names.ranks) + len(names.staying))


def _names(typed: Any, place: Place, facility: Any) -> str:
    made = calls.nominate(
        by=place.account, campaign=place.campaign, unit=facility.code, staff=typed.getlist("nguoi"),
        reason=typed.get("ly-do", ""),
    )  # fmt: skip
    return say("UI_ca_said_named", place.scope.lang, count=len(made))


def _ranks(typed: Mapping[str, str], place: Place, facility: Any) -> str:
    given = {name.removeprefix("hang-"): text.strip() for name, text in typed.items() if name.startswith("hang-")}
    wrong = [
        code for code, text in given.items() if not (text.isascii() and text.isdecimal() and len(text) < len("1000"))
    ]
    if wrong:
        raise BadData([Finding("E707", "", f"hang-{code}", {"read": given[code] or "—"}) for code in wrong])
    ranks = {code: int(text) for code, text in given.items()}
    calls.rank(by=place.account, campaign=place.campaign, unit=facility.code, ranks=ranks)
    return say("UI_ca_said_ranked", place.scope.lang)


def _excuses(typed: Mapping[str, str], place: Place, facility: Any) -> str:
    calls.excuse(
        by=place.account, campaign=place.campaign, unit=facility.code, staff=typed["khong-di"],
        reason=typed.get("ly-do", ""),
    )  # fmt: skip
    return say("UI_ca_said_excused", place.scope.lang)


def _releases(typed: Mapping[str, str], place: Place, facility: Any) -> str:
    calls.release(by=place.account, campaign=place.campaign, unit=facility.code, staff=typed["rut"])
    return say("UI_ca_said_released", place.scope.lang)


def _declines(typed: Mapping[str, str], place: Place, facility: Any) -> str:
    campaign = place.campaign
    own = Call.objects.filter(province=campaign.province, campaign=campaign.code, unit=facility.code)
    call = own.filter(skill=typed.get("chuyen-khoa", "")).first()
    if call is None:
        raise BadData([Finding("E706", "", "chuyen-khoa")])
    calls.decline(by=place.account, call=call, reason=typed.get("ly-do-thieu", ""))
    return say("UI_ca_said_declined", place.scope.lang)


def _absent(typed: Mapping[str, str], place: Place, facility: Any) -> str:
    """Record when somebody is away; of a child's birthday only the day on which it exempts no more is kept."""
    start, born, last = (day_of(typed.get(name)) for name in ("vang-tu", "sinh-con", "vang-den"))
    found = [] if start else [Finding("E708", "", "vang-tu", {"read": typed.get("vang-tu") or "—"})]
    found += [
        Finding("E708", "", name, {"read": typed[name]})
        for name, value in (("sinh-con", born), ("vang-den", last)) if typed.get(name) and value is None
    ]  # fmt: skip
    codes = {one.code for one in records.register(
        place.campaign.province, within=below(facility.path), names=("staff",)
    ).staff}  # fmt: skip
    if typed.get("ai") not in codes:
        found.append(Finding("E706", "", "ai"))
    if found:
        raise BadData(found)
    end = (
        exempt_until(born, on=place.campaign.first_monday) if born else last and date.fromordinal(last.toordinal() + 1)
    )
    register.add(
        by=place.account, noun="absences", province=place.campaign.province, lang=place.scope.lang,
        values={"staff": typed["ai"], "outcome": "exempt" if born or typed.get("ket-qua") == "exempt" else "absent",
                "start": start, "end": end, "paper": typed.get("van-ban", "").strip() or None},
    )  # fmt: skip
    return say("UI_ca_said_absent", place.scope.lang)


ACTS: Mapping[str, Callable[[Any, Place, Any], str]] = {
    "rut": _releases, "khong-di": _excuses, "thu-tu": _ranks, "cu": _names, "tu-choi": _declines, "vang": _absent,
}  # fmt: skip
