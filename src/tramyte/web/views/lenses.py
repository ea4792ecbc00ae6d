"""What the need lenses would have a campaign ask for: people short at each station, lens by lens, never mixed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from tramyte.domain.messages import say
from tramyte.need.cadres import ALL
from tramyte.need.gap import NeedRow
from tramyte.need.numbers import number
from tramyte.norms import norm
from tramyte.web.views.need import DOCTOR
from tramyte.web.views.need import asked as need_asked
from tramyte.web.views.place import address_of
from tramyte.web.views.scope import Scope

LENSES = ("target", "wisn", "norm")


def proposed(scope: Scope, lens: str, *, asked: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], str | None]:
    """
    Return the stations that a lens says are short, most first; and why there are none where it cannot be asked.

    asked : rows of the campaign; doctors asked for there already, in any week, are taken off what is short
    """
    report, unsaid = need_asked(scope)
    if report is None:
        return [], unsaid
    skills = norm("specialties", on=scope.on).value
    there: Counter[str] = Counter()
    for row in asked:
        if lens == "norm" or skills.get(row["skill"], {}).get("cadre") == DOCTOR:
            there[row["code"]] += row["count"]
    state = urlencode({name: value for name, value in scope.state().items() if value})
    found = []
    for station in report.stations:
        short, words = READ[lens](report.rows[station.code], scope)
        if short:
            facility = station.facility
            found.append({
                "code": station.code, "name": facility.name, "short": short, "asked": there[station.code],
                "count": max(0, short - there[station.code]), "words": words,
                "address": f"{address_of(facility.kind, station.code, facility.name)}nhu-cau/?{state}",
            })  # fmt: skip
    return sorted((row for row in found if row["count"]), key=lambda row: (-row["count"], row["code"])), None


def _target(rows: dict[str, NeedRow], scope: Scope) -> tuple[int, str]:
    row = rows.get(DOCTOR)
    level = min(row.levels) if row and row.levels else None
    short = row.levels[level] if row and row.levels and level is not None else None
    if row is None or not short:
        return 0, ""
    return short, say("UI_ca_lens_target", scope.lang, there=len(row.people), level=level, short=short)


def _wisn(rows: dict[str, NeedRow], scope: Scope) -> tuple[int, str]:
    row = rows.get(DOCTOR)
    if row is None or row.workload is None or row.workload.mid is None or not row.known:
        return 0, ""
    fte = sum(row.people.values())
    short = max(0, math.ceil(row.workload.mid - fte - 1e-9))
    fields = {"there": number(round(fte, 2), scope.lang), "wanted": number(round(row.workload.mid, 2), scope.lang)}
    return short, say("UI_ca_lens_wisn", scope.lang, short=short, **fields)


def _norm(rows: dict[str, NeedRow], scope: Scope) -> tuple[int, str]:
    row = rows[ALL]
    if row.norm_gap is None or row.norm is None:
        return 0, ""
    short = max(0, math.floor(row.norm_gap[0]))
    fields = {"there": len(row.people), "wanted": number(row.norm.lo or 0, scope.lang)}
    return short, say("UI_ca_lens_norm", scope.lang, short=short, **fields)


READ: dict[str, Callable[[Any, Scope], tuple[int, str]]] = {"target": _target, "wisn": _wisn, "norm": _norm}
