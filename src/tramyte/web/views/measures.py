"""The measures of one station side by side: each with its range, what stands against it, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from tramyte.domain.messages import Lang, say
from tramyte.need import NeedReport
from tramyte.need.cadres import ALL
from tramyte.need.establishment import Establishment
from tramyte.need.gap import NeedRow
from tramyte.need.workload import Workload
from tramyte.norms import Norm
from tramyte.web.views.columns import Status, shown, span
from tramyte.web.views.need import DOCTOR, asked
from tramyte.web.views.place import Place, address

Span = tuple[float, float]
Rows = Mapping[str, NeedRow]  # cadre -> row of one station
MET = Status("met", "UI_met", rank=0)


def norm_span(rows: Rows) -> Span | None:
    """Return the posts that the norm grants one station, over all readings; None: not known."""
    posts = rows[ALL].norm
    return None if posts is None or posts.lo is None or posts.hi is None else (posts.lo, posts.hi)


def target_span(rows: Rows) -> Span | None:
    """Return the doctors that the target wants at one station; None: no target is stated."""
    levels = rows[DOCTOR].levels if DOCTOR in rows else None
    return (min(levels), max(levels)) if levels else None


def work_span(rows: Rows) -> Span | None:
    """Return the doctors that the services of one station ask for, FTE; None: not known."""
    work = rows[DOCTOR].workload if DOCTOR in rows else None
    if work is None or work.mid is None:
        return None
    return round(work.mid if work.lo is None else work.lo, 2), round(work.mid if work.hi is None else work.hi, 2)


def together(spans: Iterable[Span | None]) -> Span | None:
    """Return ranges of one measure added up; None: one of them is not known, or there is none."""
    known = list(spans)
    if not known or None in known:
        return None
    low, high = zip(*(one for one in known if one), strict=True)
    return round(sum(low), 2), round(sum(high), 2)


def against(wanted: Span | None, there: float | None, lang: Lang) -> Status | None:
    """Return how what is there stands against a range; None: one of both is not known."""
    if wanted is None or there is None or there != there:
        return None
    low, high = (max(0.0, round(one - there, 2)) for one in wanted)
    if not high:
        return MET
    return Status("short" if low else "near", "UI_row_short", {"short": span(low, high, lang)}, high)


def measures(place: Place) -> dict[str, Any]:
    """Return the four measures of a station for its overview, never added up; without rows: the sentence why."""
    report, unsaid = asked(place.scope)
    rows = report.rows.get(place.code) if report else None
    if report is None or rows is None:
        return {"rows": [], "unsaid": unsaid or say("UI_no_measures", place.scope.lang)}
    doctor, posts = rows.get(DOCTOR), rows[ALL].norm
    work = doctor.workload if doctor else None
    there = len(rows[ALL].people) if rows[ALL].known else None
    doctors = report.doctors.stations.counts.get(place.code)
    target = [one.norm_id for one in report.targets if one.per == "station"]
    minutes = [one for one in (work.norm_ids if work else ()) if one.startswith("activity_standards@")]
    found: list[tuple[str, Span | None, float | None, list[str], list[str]]] = [
        ("norm", norm_span(rows), there, [posts.norm_id] if posts else [], _why_no_norm(posts)),
        ("target", target_span(rows), doctors, target, ["UI_not_in_force"]),
        ("workload", work_span(rows), work.existing if work else None, minutes, _why_no_work(work)),
        ("access", None, None, [], ["UI_why_access"]),
    ]
    return {"rows": [_row(place, report, *one) for one in found]}


def _row(
    place: Place, report: NeedReport, code: str, wanted: Span | None, there: float | None, ids: list[str],
    unknown: list[str],
) -> dict[str, Any]:  # fmt: skip
    """Return one measure as the overview shows it. unknown: message codes that say why it has no range."""
    lang = place.scope.lang
    state = against(wanted, there, lang)
    query = urlencode({name: value for name, value in place.scope.state().items() if value})
    return {
        "name": say(f"UI_measure_{code}", lang), "unit": say(f"UI_unit_{code}", lang),
        "span": wanted and span(*wanted, lang), "state": state and shown(state, "status", lang),
        "unknown": [] if wanted else [say(one, lang) for one in unknown],
        "basis": [f"{one.source.strip()}, {one.article}" for one in cited(report, ids)],
        "address": f"{address(place.facility)}nhu-cau/?{query}",
    }  # fmt: skip


def _why_no_norm(posts: Establishment | None) -> list[str]:
    if posts is None:
        return ["UI_not_in_force"]
    lacking = {"UI_lacks_population": posts.population, "UI_lacks_zone": posts.zone}
    return [code for code, value in lacking.items() if value is None]


def _why_no_work(work: Workload | None) -> list[str]:
    if work is None:
        return ["UI_not_in_force"]
    return ["D053" if work.state == "unknown" else "D056"]


def cited(report: NeedReport | None, ids: Iterable[str]) -> list[Norm]:
    """Return the norms of these ids, in the order of the report."""
    wanted = set(ids)
    return [one for one in report.norms if one.id in wanted] if report else []
