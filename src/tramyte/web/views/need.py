"""Four measures of need side by side: norm, target, workload, population; each by itself, never added up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tramyte.domain.errors import NormMissing
from tramyte.domain.messages import Lang, say
from tramyte.need import NeedReport, needs
from tramyte.need.cadres import ALL
from tramyte.need.gap import NeedRow
from tramyte.need.numbers import number
from tramyte.norms import every
from tramyte.web.roles import Permission
from tramyte.web.views.columns import sum_of_ranges
from tramyte.web.views.home import NEEDED as DOCTORS_NEED
from tramyte.web.views.lists import Column, Filter, listing, sum_of
from tramyte.web.views.place import address_of
from tramyte.web.views.scope import Scope, scope_of

NEEDED = (*DOCTORS_NEED, "service_counts", "totals", "collaborators")
DOCTOR = "doctor"
ROWS = 20  # of memory that the measures of one station take


@require_safe
@login_required
def need(request: HttpRequest) -> HttpResponse:
    """Show the four measures of every station, those first where they disagree most."""
    scope = scope_of(request)
    report, unsaid = asked(scope)
    rows = [line(report, station, scope) for station in report.stations] if report else []
    context = {"section": "need", "unsaid": unsaid} | (told(report, rows, scope) if report else {})
    return listing(
        request, scope, "nhu-cau", "UI_list_need", columns(scope), rows, order="-apart,name", filters=filters(scope),
        template="need/need.html", context=context,
    )  # fmt: skip


def asked(scope: Scope) -> tuple[NeedReport | None, str | None]:
    """Return what `tramyte need` answers for the places of a scope, or the sentence why it answers nothing that day."""
    try:
        return report_of(scope), None
    except NormMissing as error:
        norm = every(error.name)[0].title[scope.lang]
        on = f"{scope.on:%d/%m/%Y}" if scope.lang == "vi" else scope.on.isoformat()
        return None, say("UI_need_unsaid", scope.lang, norm=norm, on=on, known=error.known_in(scope.lang))


def report_of(scope: Scope, *, preventive: bool = False) -> NeedReport:
    """Return what `tramyte need` answers for the places of a scope. raises: NormMissing."""
    law = scope.law
    return scope.recall(
        ("need", preventive, repr(law)), NEEDED,
        lambda: needs(
            scope.figures(*NEEDED), on=scope.on, preventive=preventive, synthetic=scope.province.is_sample, law=law
        ),
        size=lambda found: ROWS * len(found.stations),
    )  # fmt: skip


def told(report: NeedReport, rows: Sequence[dict[str, Any]], scope: Scope) -> dict[str, Any]:
    """Return what the page says around its list: the measures, what does not add up, the norms it rests on."""
    lang = scope.lang
    return {
        "measures": measures(report, rows, scope),
        "findings": [
            (one.sentence(lang), f"{QUALITY}{FOUND_AT.get(one.code, '')}") for one in scope.told(report.findings)
        ],
        "norms": [{"title": one.title[lang], "source": one.source.strip(), "id": one.id} for one in report.norms],
        "conflicts": [(one[lang], one[f"handling_{lang}"]) for one in report.conflicts],
        "not_computed": [(text, number(count, lang)) for text, count in report.not_computed(lang).items()],
    }


def line(report: NeedReport, station: Any, scope: Scope) -> dict[str, Any]:
    """Return one station under every measure; None: the measure says nothing."""
    whole, doctor = report.rows[station.code][ALL], report.rows[station.code].get(DOCTOR)
    facility = station.facility
    found: dict[str, Any] = {
        "code": station.code, "name": facility.name, "commune": station.commune_name,
        "address": address_of(facility.kind, station.code, facility.name),
        "people": len(whole.people) if whole.known else None,
        "norm_lo": whole.norm and whole.norm.lo, "norm_hi": whole.norm and whole.norm.hi,
        "below_norm": whole.norm_gap and max(0, whole.norm_gap[0]),
        "doctors": report.doctors.stations.counts.get(station.code),
        "levels": None, "short": None, "short_more": None, "wisn_lo": None, "wisn_hi": None, "wanted": None,
        "state": None,
    }  # fmt: skip
    if doctor:
        short = list((doctor.levels or {}).values())
        work = doctor.workload
        found |= {
            "levels": (min(doctor.levels), max(doctor.levels)) if doctor.levels else None,
            "short": short[0] if short else None, "short_more": short[-1] if short else None,
            "wisn_lo": work and _lower(work), "wisn_hi": work and _upper(work), "state": work and work.state,
            "wanted": doctor.density and round(doctor.density.people, 2),
        }  # fmt: skip
    pairs = {"norm": ("norm_lo", "norm_hi"), "lacking": ("short", "short_more"), "wisn": ("wisn_lo", "wisn_hi")}
    ranges = {
        name: tuple(found[end] for end in ends) if None not in (found[end] for end in ends) else None
        for name, ends in pairs.items()
    }
    return found | ranges | {"apart": apart(found, doctor)}


def apart(found: dict[str, Any], doctor: NeedRow | None) -> float | None:
    """Return how far apart the measures of doctors are: the largest less the smallest; None: fewer than two."""
    levels = list(doctor.levels) if doctor and doctor.levels else []
    known = [float(one) for one in (*levels, found["wisn_lo"], found["wisn_hi"], found["wanted"]) if one is not None]
    sources = bool(levels) + (found["wisn_lo"] is not None) + (found["wanted"] is not None)
    return round(max(known) - min(known), 2) if sources > 1 else None


def _lower(work: Any) -> float | None:
    value = work.mid if work.lo is None else work.lo
    return None if value is None else round(value, 2)


def _upper(work: Any) -> float | None:
    value = work.mid if work.hi is None else work.hi
    return None if value is None else round(value, 2)


def columns(scope: Scope) -> list[Column]:
    """Return the columns of the list: people first, then one measure after the other."""

    def to(tab: str, **more: str) -> Callable[[dict[str, Any]], str | None]:
        state = {name: value for name, value in {**scope.state(), **more}.items() if value}
        is_seen = names or tab != "nhan-luc"
        return lambda row: f"{row['address']}{tab}{'/' if tab else ''}?{urlencode(state)}" if is_seen else None

    names = bool(scope.paths(Permission.SEE_PEOPLE))
    return [
        Column("name", "UI_name", "name", "link", link=to("")),
        Column("commune", "UI_commune", "commune"),
        Column("people", "UI_people", "people", "number", link=to("nhan-luc"), total=sum_of("people")),
        Column("norm", "UI_norm_range", "norm", "range", link=to("nhu-cau"), total=sum_of_ranges("norm"),
               halves=("UI_norm_lo", "UI_norm_hi")),
        Column("doctors", "UI_doctors", "doctors", "number", link=to("nhan-luc", nhom=DOCTOR), total=sum_of("doctors")),
        Column("target", "UI_target_levels", "levels", "range", link=to("nhu-cau"), total=sum_of_ranges("levels"),
               halves=("UI_target_lower", "UI_target_upper")),
        Column("short", "UI_short_of", "lacking", "range", link=to("nhu-cau"), total=sum_of_ranges("lacking"),
               halves=("UI_short_lower", "UI_short_upper")),
        Column("wisn", "UI_wisn_range", "wisn", "range", link=to("nhu-cau"), total=sum_of_ranges("wisn"),
               halves=("UI_wisn_lo", "UI_wisn_hi")),
        Column("wanted", "UI_wanted", "wanted", "number", link=to("nhu-cau"), total=sum_of("wanted")),
        Column("apart", "UI_apart", "apart", "number", link=to("nhu-cau")),
    ]  # fmt: skip


QUALITY = "/chat-luong/"
FOUND_AT = {  # finding -> the list of its rows; what has no list of its own stands on the page of all
    "D014": "nguoi-chua-co-chuc-danh/", "D016": "nguoi-chua-phan-cong/",
    **dict.fromkeys(("D010", "D011", "D012", "D013"), "tong-khong-khop/"),
}  # fmt: skip
# measure -> columns of the list whose totals are its figures
SHOWN = {"norm": ("people", "norm"), "target": ("doctors", "target", "short"), "workload": ("doctors", "wisn")}
FILTERS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "below_norm": lambda row: bool(row["below_norm"]),
    "below_target": lambda row: bool(row["short"]),
    "below_target_more": lambda row: bool(row["short_more"]),
    "below_workload": lambda row: None not in (row["wisn_lo"], row["doctors"]) and row["doctors"] < row["wisn_lo"],
    "no_workload": lambda row: row["wisn_lo"] is None,
    "below_wanted": lambda row: None not in (row["wanted"], row["doctors"]) and row["doctors"] < row["wanted"],
}


def filters(scope: Scope) -> list[Filter]:
    """Return the one filter of the list: which measure is not met, or says nothing."""
    choices = [(code, say(f"UI_need_{code}", scope.lang)) for code in FILTERS]
    keep = lambda rows, value: [row for row in rows if FILTERS.get(value, bool)(row)]  # noqa: E731  one line, one use
    return [Filter("do", "UI_need_filter", keep, choices)]


def measures(report: NeedReport, rows: Sequence[dict[str, Any]], scope: Scope) -> list[dict[str, Any]]:
    """Return the measures one under the other: what it asks, range, what it rests on, stations that do not meet it."""
    lang = scope.lang
    dense = next((one for one in report.densities if not one.place and one.cadre == DOCTOR), None)
    work = report.workload
    ratio = work.ratios.get(DOCTOR) if work else None
    levels = [one for one in report.targets if one.per == "station"]
    titles = {one.id: one.title[lang] for one in report.norms}
    return [
        _measure("norm", lang, scope, rows, _span(_sum(rows, "norm_lo"), _sum(rows, "norm_hi"), lang),
                 _ids(report.rows, "norm"), ["below_norm"], titles=titles),
        _measure("target", lang, scope, rows,
                 _span(*_wanted(report, levels), lang) if levels else None,
                 {one.norm_id for one in levels}, ["below_target", "below_target_more"],
                 notes=_short(levels, scope), titles=titles),
        _measure("workload", lang, scope, rows, _span(_sum(rows, "wisn_lo"), _sum(rows, "wisn_hi"), lang),
                 set(work.norm_ids) if work else set(), ["below_workload", "no_workload"],
                 notes=[(_ratio(ratio, lang), None)], titles=titles),
        _measure("density", lang, scope, rows, _span(dense.wanted, dense.wanted, lang) if dense else None,
                 {dense.norm_id} if dense else set(), ["below_wanted"],
                 notes=[(_dense(dense, lang), f"/tram/?{_query(scope, dem='tram')}")], titles=titles),
        _measure("access", lang, scope, rows, None, set(), [], titles=titles),
    ]  # fmt: skip


def _measure(
    code: str, lang: Lang, scope: Scope, rows: Sequence[dict[str, Any]], span: str | None, basis: set[str],
    stations: Sequence[str], **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return one measure as the page shows it."""
    return {
        "code": code, "name": say(f"UI_measure_{code}", lang), "unit": say(f"UI_unit_{code}", lang), "span": span,
        "basis": sorted(more["titles"].get(one, one) for one in basis), "why": say(f"UI_why_{code}", lang),
        "notes": [{"words": words, "address": address} for words, address in more.get("notes", ()) if words],
        "address": f"/nhu-cau/?{_query(scope, cot=('name', *SHOWN[code]))}" if code in SHOWN else None,
        "figures": [
            {"words": say(f"UI_need_{one}", lang), "count": number(sum(map(FILTERS[one], rows)), lang),
             "address": f"/nhu-cau/?{_query(scope, do=one)}"}
            for one in stations
        ],
    }  # fmt: skip


def _query(scope: Scope, **more: Any) -> str:
    return urlencode({name: one for name, one in {**scope.state(), **more}.items() if one}, doseq=True)


def _short(levels: Sequence[Any], scope: Scope) -> list[tuple[str, str]]:
    """Return what is missing at each level, with the address of the stations where."""
    kinds = ("below_target", "below_target_more")
    return [
        (say("UI_need_short", scope.lang, level=one.level, short=number(one.short, scope.lang)),
         f"/nhu-cau/?{_query(scope, do=kinds[at], cot=('name', 'doctors', 'target', 'short'))}")
        for at, one in enumerate(levels) if one.short is not None
    ]  # fmt: skip


def _sum(rows: Sequence[dict[str, Any]], name: str) -> float | None:
    known = [row[name] for row in rows if row[name] is not None]
    return round(sum(known), 2) if known else None


def _span(low: float | None, high: float | None, lang: Lang) -> str | None:
    if low is None or high is None:
        return None
    return number(low, lang) if low == high else f"{number(low, lang)}–{number(high, lang)}"


def _wanted(report: NeedReport, levels: Sequence[Any]) -> tuple[int, int]:
    """Return the doctors that all stations together shall have, at the lower and at the upper level."""
    asked = [one.level * len(report.stations) for one in levels]
    return min(asked), max(asked)


def _ids(rows: Any, lens: str) -> set[str]:
    return {getattr(row[ALL], lens).norm_id for row in rows.values() if getattr(row[ALL], lens)}


def _ratio(ratio: Any, lang: Lang) -> str | None:
    found = ratio.to_json() if ratio else {}
    mean, sums = found.get("mean_of_ratios"), found.get("ratio_of_sums")
    return (
        None
        if sums is None or mean is None
        else say("UI_ratios", lang, mean=number(mean, lang), sums=number(sums, lang))
    )


def _dense(row: Any, lang: Lang) -> str | None:
    if row is None or row.per_10000 is None:
        return None
    return say("UI_dense", lang, here=number(row.per_10000, lang), target=number(row.target, lang), year=str(row.year))


def of_cadres(scope: Scope, rows: Sequence[NeedRow], base: str, sees_people: bool) -> dict[str, Any]:
    """Return the list of one station: a cadre a row, a measure a column, and why they differ."""
    lang = scope.lang

    def to(row: NeedRow) -> str | None:
        state = {**scope.state(), "nhom": row.cadre if row.cadre != ALL else None}
        return f"{base}?{urlencode({name: one for name, one in state.items() if one})}" if sees_people else None

    work: Callable[[str], Callable[[NeedRow], Any]] = lambda name: lambda row: _work(row, name)  # noqa: E731
    return {
        "columns": [
            Column("cadre", "UI_cadre", lambda row: say(f"UI_cadre_{row.cadre}", lang), by=lambda row: rows.index(row)),
            Column("people", "UI_people", lambda row: len(row.people) if row.known else None, "number", link=to),
            Column("norm_lo", "UI_norm_lo", lambda row: row.norm and row.norm.lo, "number"),
            Column("norm_hi", "UI_norm_hi", lambda row: row.norm and row.norm.hi, "number"),
            Column("target", "UI_target_levels", lambda row: "–".join(str(one) for one in row.levels or ())),
            Column("short", "UI_short_of", lambda row: "–".join(str(one) for one in (row.levels or {}).values())),
            Column("wisn_lo", "UI_wisn_lo", work("lo"), "number"),
            Column("wisn_hi", "UI_wisn_hi", work("hi"), "number"),
            Column("wanted", "UI_wanted", lambda row: row.density and round(row.density.people, 2), "number"),
            Column("why", "UI_why", lambda row: " ".join(one.sentence(lang) for one in row.reasons)),
        ],
        "rows": rows, "order": "cadre", "find": False,
    }  # fmt: skip


def _work(row: NeedRow, name: str) -> float | None:
    if row.workload is None:
        return None
    return _lower(row.workload) if name == "lo" else _upper(row.workload)


def formulas(row: NeedRow | None, lang: Lang) -> list[str]:
    """Return every reading of the norm with the numbers of this station."""
    return [value.formula(lang) for value in row.norm.values] if row and row.norm else []
