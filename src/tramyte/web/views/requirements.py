"""What a campaign asks for: rows by source, wishes to answer, what the need lenses propose, a surge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.norms import norm
from tramyte.web import records
from tramyte.web.actions import requirements as actions
from tramyte.web.actions.requirements import SOURCES, Row
from tramyte.web.models import Commune, Facility, Requirement, StaffSkill, Wanted
from tramyte.web.models.base import FIRST_ON, in_force
from tramyte.web.permissions import visible_to
from tramyte.web.roles import Permission
from tramyte.web.views import lenses
from tramyte.web.views.calls import day_asked, posted
from tramyte.web.views.campaign import Place, place_of
from tramyte.web.views.lists import Column, Empty, Filter, listing, sum_of
from tramyte.web.views.place import address_of, skill_words

AT = "nhu-cau"
NUMBERS = ("tu-tuan", "den-tuan", "so-nguoi", "thiet-yeu")
FIELDS = {"facility": "co-so", "skill": "chuyen-khoa", "first_week": "tu-tuan", "count": "so-nguoi",
          "critical": "thiet-yeu"}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def requirements(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a campaign asks for, by source; add a row."""
    place = place_of(request, code)
    found: list[Finding] = []
    typed = posted(request)
    if request.method == "POST":
        place.must(Permission.PLAN)
        try:
            first, last, count, critical = numbers(typed)
            row = Row(typed.get("co-so", ""), typed.get("chuyen-khoa", ""), first, last, count, critical)
            actions.add(by=place.account, campaign=place.campaign, rows=[row])
        except BadData as error:
            found = list(error.findings)
        else:
            messages.success(request, say("UI_ca_added", place.scope.lang, count=1))
            return redirect(place.address(AT))
    rows = rows_of(place)
    given = place.context(
        AT, sums=_sums(place, rows), wishes=wishes(place), may=place.is_planner, typed=typed,
        summary=in_form(found, place), facilities=choices(place) if place.is_planner else [], skills=skills(place),
        weeks=place.campaign.weeks, **_links(place),
    )  # fmt: skip
    return listing(
        request, place.scope, "nhu-cau-dot", "UI_ca_needs_count", _columns(place), rows, order="facility",
        filters=_filters(place, rows), empty=Empty("UI_ca_no_needs", "UI_show_all"), keep=("ban",),
        template="campaigns/requirements.html", context=given,
    )  # fmt: skip


def _links(place: Place) -> dict[str, str]:
    return {"to_lens": place.address(f"{AT}/goi-y"), "to_surge": place.address(f"{AT}/dot-xuat")}


def in_form(found: Sequence[Finding], place: Place) -> list[tuple[str, str]]:
    """Return findings for the summary over a form: field, words."""
    return [(FIELDS.get(one.cell, one.cell), one.sentence(place.scope.lang)) for one in found]


def numbers(typed: Mapping[str, str]) -> list[int]:
    """Return weeks and counts of a form. raises: BadData, every one that is no number."""
    read = {name: typed.get(name, "").strip() or ("0" if name == "thiet-yeu" else "") for name in NUMBERS}
    wrong = [name for name, text in read.items() if not (text.isascii() and text.isdecimal() and len(text) < 5)]
    if wrong:
        raise BadData([Finding("E707", "", name, {"read": read[name] or "—"}) for name in wrong])
    return [int(read[name]) for name in NUMBERS]


def rows_of(place: Place) -> list[dict[str, Any]]:
    """Return what is asked for at the places that whoever looks may see."""
    campaign, on, lang = place.campaign, day_asked(place), place.scope.lang
    rows = records.rows(Requirement).filter(province=campaign.province, campaign=campaign.code)
    found = list(visible_to(rows, place.account, on=timezone.localdate()))
    there = names(place, {row.facility for row in found})
    return [
        {
            "pk": row.pk, "code": row.facility, "skill": row.skill, "facility": there[row.facility][0],
            "address": there[row.facility][1], "skill_name": skill_words(row.skill, lang, on=on), "count": row.count,
            "weeks": f"{row.first_week}–{row.last_week}" if row.last_week > row.first_week else str(row.first_week),
            "critical": row.critical, "source": row.source or "", "first": row.first_week, "last": row.last_week,
            "source_name": say(f"UI_ca_source_{row.source}", lang) if row.source else "—",
            "person_weeks": row.count * (row.last_week - row.first_week + 1),
            "edit": place.address(f"{AT}/{row.pk}"),
        }
        for row in found
    ]  # fmt: skip


def names(place: Place, codes: set[str]) -> dict[str, tuple[str, str]]:
    """Return code -> name and page of facilities; one that is not recorded is called by its code."""
    rows = Facility.objects.filter(province=place.campaign.province, code__in=codes).order_by(*FIRST_ON)
    found = {code: (code, "") for code in codes}
    state = urlencode({name: value for name, value in place.scope.state().items() if value})
    return found | {one.code: (one.name, f"{address_of(one.kind, one.code, one.name)}?{state}") for one in rows}


def _columns(place: Place) -> list[Column]:
    found = [
        Column("facility", "UI_name", "facility", "link", link=lambda row: row["address"] or None),
        Column("skill", "UI_ca_skill", "skill_name"),
        Column("weeks", "UI_ca_in_weeks", "weeks", by=lambda row: row["first"]),
        Column("count", "UI_ca_persons", "count", "number", total=sum_of("count")),
        Column("critical", "UI_ca_critical", "critical", "number", total=sum_of("critical")),
        Column("person_weeks", "UI_ca_weeks", "person_weeks", "number", total=sum_of("person_weeks")),
        Column("source", "UI_ca_source", "source_name"),
    ]
    if place.is_planner:
        words = say("UI_ca_edit", place.scope.lang)
        found.append(Column("viec", "UI_person_acts", lambda row: words, "link", link=lambda row: row["edit"]))
    return found


def _filters(place: Place, rows: list[dict[str, Any]]) -> list[Filter]:
    lang = place.scope.lang
    kinds = [(one, say(f"UI_ca_source_{one}", lang)) for one in SOURCES]
    skilled = sorted({(row["skill"], row["skill_name"]) for row in rows}, key=lambda one: one[1])
    return [
        Filter("nguon", "UI_ca_source", lambda found, value: [one for one in found if one["source"] == value], kinds),
        Filter("khoa", "UI_ca_skill", lambda found, value: [one for one in found if one["skill"] == value], skilled),
        Filter("muc-thiet-yeu", "UI_ca_critical",
               lambda found, value: [one for one in found if bool(one["critical"]) == (value == "co")],
               [("co", say("UI_yes", lang)), ("khong", say("UI_no", lang))]),
    ]  # fmt: skip


def _sums(place: Place, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what each source asks for, with the address of the rows that count to it."""
    lang, found = place.scope.lang, []
    for source in SOURCES:
        mine = [row for row in rows if row["source"] == source]
        found.append({
            "name": say(f"UI_ca_source_{source}", lang), "rows": len(mine), "count": sum(row["count"] for row in mine),
            "critical": sum(row["critical"] for row in mine), "weeks": sum(row["person_weeks"] for row in mine),
            "stations": len({row["code"] for row in mine}), "address": place.address(AT, nguon=source),
            "basis": say(f"UI_ca_source_{source}_basis", lang),
        })  # fmt: skip
    return found


def wishes(place: Place) -> list[dict[str, Any]]:
    """Return what stations and communes ask for and nobody has answered, the oldest first; of this campaign's days."""
    rows = Wanted.objects.filter(province=place.campaign.province, state="open").select_related("asked_by")
    seen = visible_to(rows, place.account, on=timezone.localdate(), may=Permission.SEE_PEOPLE)
    found = list(seen.order_by("asked_at"))
    there = names(place, {one.facility for one in found})
    return [
        {"row": one, "name": there[one.facility][0],
         "skill": skill_words(one.skill, place.scope.lang, on=day_asked(place)),
         "address": place.address(f"{AT}/de-nghi/{one.pk}")}
        for one in found
    ]  # fmt: skip


def choices(place: Place) -> list[tuple[str, str]]:
    """Return code and name of the stations of the province on the day of the campaign."""
    rows = Facility.objects.filter(in_force(day_asked(place)), province=place.campaign.province)
    return list(rows.filter(kind__in=("station", "polyclinic", "point")).order_by("code").values_list("code", "name"))


def skills(place: Place) -> list[tuple[str, str]]:
    """Return code and name of the specialties in which somebody of the province is verified, most people first."""
    rows = records.rows(StaffSkill).filter(province=place.campaign.province)
    counts = Counter(rows.values_list("skill", flat=True))
    known = norm("specialties", on=day_asked(place)).value
    codes = [code for code, _ in counts.most_common() if code in known] or list(known)
    return [(code, str(known[code][place.scope.lang])) for code in codes]


def _row(place: Place, number: int) -> Requirement:
    rows = records.rows(Requirement).filter(province=place.campaign.province, campaign=place.campaign.code, pk=number)
    found: Requirement | None = visible_to(rows, place.account, on=timezone.localdate()).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def one(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Change one row, or withdraw it."""
    place = place_of(request, code)
    row = _row(place, number)
    place.must(Permission.PLAN)
    typed = {"tu-tuan": str(row.first_week), "den-tuan": str(row.last_week), "so-nguoi": str(row.count),
             "thiet-yeu": str(row.critical)} | posted(request)  # fmt: skip
    found: list[Finding] = []
    if request.method == "POST":
        reason = typed.get("ly-do", "")
        try:
            if "bo" in typed:
                actions.withdraw(by=place.account, campaign=place.campaign, row=row, reason=reason)
            else:
                first, last, count, critical = numbers(typed)
                actions.edit(
                    by=place.account, campaign=place.campaign, row=row, weeks=(first, last), count=count,
                    critical=critical, reason=reason,
                )  # fmt: skip
        except BadData as error:
            found = list(error.findings)
        else:
            messages.success(request, say("UI_ca_changed", place.scope.lang))
            return redirect(place.address(AT))
    name, address = names(place, {row.facility})[row.facility]
    return render(request, "campaigns/requirement.html", place.context(
        AT, row=row, typed=typed, summary=in_form(found, place), name=name, there=address, back=place.address(AT),
        skill=skill_words(row.skill, place.scope.lang, on=day_asked(place)), weeks=place.campaign.weeks,
    ))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lens(request: HttpRequest, code: str) -> HttpResponse:
    """Propose rows from a need lens; take those that are chosen."""
    place = place_of(request, code)
    place.must(Permission.PLAN)
    scope = replace(place.scope.everywhere, on=day_asked(place), known=None)
    chosen = request.GET.get("thuoc-do", "")
    name = chosen if chosen in lenses.LENSES else lenses.LENSES[0]
    proposed, unsaid = lenses.proposed(scope, name, asked=rows_of(place))
    known = skills(place)
    typed = {"den-tuan": str(place.campaign.weeks), "tu-tuan": "1", "chuyen-khoa": known[0][0] if known else ""}
    typed |= posted(request)
    found: list[Finding] = []
    if request.method == "POST":
        try:
            made = actions.add(by=place.account, campaign=place.campaign, rows=_taken(request, typed, name, proposed))
        except BadData as error:
            found = list(error.findings)
        else:
            messages.success(request, say("UI_ca_added", place.scope.lang, count=len(made)))
            return redirect(place.address(AT, nguon=name))
    return render(request, "campaigns/lens.html", place.context(
        AT, lens=name, rows=proposed, unsaid=unsaid, typed=typed, skills=known, summary=in_form(found, place),
        on=scope.on, lenses=[
            (one, say(f"UI_ca_source_{one}", scope.lang), place.address(f"{AT}/goi-y", **{"thuoc-do": one}))
            for one in lenses.LENSES
        ],
        chosen=set(request.POST.getlist("tram")), basis=say(f"UI_ca_source_{name}_basis", scope.lang),
        back=place.address(AT), total=sum(row["count"] for row in proposed),
    ))  # fmt: skip


def _taken(request: HttpRequest, typed: Mapping[str, str], name: str, proposed: list[dict[str, Any]]) -> list[Row]:
    """Return the rows that were chosen, each with as many people as the lens says."""
    first, last, _, _ = numbers({"so-nguoi": "1", **typed, "thiet-yeu": "0"})
    counts = {row["code"]: row["count"] for row in proposed}
    is_critical = bool(typed.get("thiet-yeu"))
    return [
        Row(code, typed.get("chuyen-khoa", ""), first, last, counts[code], 1 if is_critical else 0, name)
        for code in (counts if request.POST.get("tat-ca") else request.POST.getlist("tram")) if code in counts
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def surge(request: HttpRequest, code: str) -> HttpResponse:
    """Raise what some communes ask for, for an emergency: looked at first, then recorded as one act."""
    place = place_of(request, code)
    place.must(Permission.PLAN)
    rows = Commune.objects.filter(in_force(day_asked(place)), province=place.campaign.province).order_by("sort_key")
    communes = list(rows.values_list("code", "name"))
    typed = {"tu-tuan": "1", "den-tuan": "2", "so-nguoi": "1"} | posted(request)
    chosen = {"xa": request.POST.getlist("xa"), "khoa": request.POST.getlist("khoa")}
    found: list[Finding] = []
    preview: list[dict[str, Any]] = []
    if request.method == "POST":
        try:
            first, last, count, critical = numbers(typed)
            preview = _preview(
                place, chosen["xa"], skills=chosen["khoa"], weeks=(first, last), count=count, critical=critical
            )
            if "ghi" in typed:
                made = actions.surge(
                    by=place.account, campaign=place.campaign, communes=chosen["xa"], skills=chosen["khoa"],
                    weeks=(first, last), count=count, critical=critical, reason=typed.get("ly-do", ""),
                )  # fmt: skip
                messages.success(request, say("UI_ca_added", place.scope.lang, count=len(made)))
                return redirect(place.address(AT, nguon="surge"))
        except BadData as error:
            found = list(error.findings)
    return render(request, "campaigns/surge.html", place.context(
        AT, communes=communes, skills=skills(place), typed=typed, chosen=chosen, summary=in_form(found, place),
        preview=preview, people=sum(row["count"] for row in preview), back=place.address(AT),
        weeks=place.campaign.weeks,
    ))  # fmt: skip


def _preview(place: Place, communes: Sequence[str], **given: Any) -> list[dict[str, Any]]:
    """Return what a surge would record. raises: BadData, it would record nothing."""
    rows = actions.surged(place.campaign, communes, **given)
    if not rows:
        raise BadData([Finding("E764", "", "xa")])
    there = names(place, {row.facility for row in rows})
    on, lang = day_asked(place), place.scope.lang
    return [
        {"name": there[row.facility][0], "skill": skill_words(row.skill, lang, on=on), "first": row.first_week,
         "last": row.last_week, "count": row.count, "critical": row.critical}
        for row in rows
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def wish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take what a station or a commune asks for into the campaign, or decline it."""
    place = place_of(request, code)
    rows = Wanted.objects.filter(province=place.campaign.province, pk=number).select_related("asked_by")
    seen = visible_to(rows, place.account, on=timezone.localdate(), may=Permission.SEE_PEOPLE)
    wanted = seen.first()
    if wanted is None:
        raise Http404
    place.must(Permission.PLAN)
    first, last = weeks_of(place, wanted)
    typed = {"tu-tuan": str(first), "den-tuan": str(last), "so-nguoi": str(wanted.count), "thiet-yeu": "0"}
    typed |= posted(request)
    found: list[Finding] = []
    if request.method == "POST":
        try:
            if "tu-choi" in typed:
                actions.decline(by=place.account, wanted=wanted, reason=typed.get("ly-do", ""))
            else:
                first, last, count, critical = numbers(typed)
                row = Row(wanted.facility, wanted.skill, first, last, count, critical)
                actions.take(by=place.account, wanted=wanted, campaign=place.campaign, row=row)
        except BadData as error:
            found = list(error.findings)
        else:
            messages.success(request, say("UI_ca_wish_answered", place.scope.lang))
            return redirect(place.address(AT))
    return render(request, "campaigns/wish.html", place.context(
        AT, wanted=wanted, typed=typed, summary=in_form(found, place), back=place.address(AT),
        weeks=place.campaign.weeks, name=names(place, {wanted.facility})[wanted.facility][0],
        skill=skill_words(wanted.skill, place.scope.lang, on=day_asked(place)),
    ))  # fmt: skip


def weeks_of(place: Place, wanted: Wanted) -> tuple[int, int]:
    """Return the weeks of the campaign that a wish touches; all of them where it touches none."""
    first = (wanted.start - place.campaign.first_monday).days // 7 + 1
    last = -((place.campaign.first_monday - wanted.end).days // 7)
    if last < 1 or first > place.campaign.weeks:
        return 1, int(place.campaign.weeks)
    return max(1, first), min(last, place.campaign.weeks)
