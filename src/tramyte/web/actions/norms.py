"""What a province sets of the norms: proposed with a preview of who is affected, decided by another person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from tramyte.domain.errors import AlreadyIssued, BadData, NormMissing
from tramyte.domain.finding import Finding
from tramyte.domain.register import Register
from tramyte.domain.week import in_force
from tramyte.need import needs
from tramyte.need.gap import NeedReport
from tramyte.norms import names
from tramyte.norms.local import Change, Law, parameters
from tramyte.web import records
from tramyte.web.actions.writing import writing
from tramyte.web.models import Account, Deployment, LocalNorm
from tramyte.web.norms import law_of
from tramyte.web.roles import Permission
from tramyte.web.succession import joined

# What the need reads, so that a value set here changes a figure; the others stand as the law has them.
SETTABLE = ("staffing_03_2023", "doctors_per_station", "activity_standards", "wisn_allowances", "working_time",
            "workload_pressure")  # fmt: skip
PAIRS = (("min", "max"), ("low", "usual"), ("usual", "high"))  # what must not be the wrong way round
ALL = "all"


@dataclass(frozen=True)
class Station:
    """One station before and after: posts from lo to hi, doctors short at the least level, FTE by workload."""

    code: str
    name: str
    before: Mapping[str, float | None]
    after: Mapping[str, float | None]

    @property
    def is_affected(self) -> bool:
        """Whether any figure differs."""
        return dict(self.before) != dict(self.after)


@dataclass(frozen=True)
class Affected:
    """
    Who is affected by a value: the need on its first day, before and after.

    people : codes of who works at an affected station; tours: deployments there from that day on
    costs  : million VND; None: no cost is computed from norms yet
    """

    stations: tuple[Station, ...]
    people: frozenset[str]
    tours: int
    norm_ids: tuple[str, ...]
    costs: float | None = None

    @property
    def affected(self) -> list[Station]:
        """The stations with another figure."""
        return [one for one in self.stations if one.is_affected]

    def total(self, name: str) -> tuple[float | None, float | None]:
        """Return a figure added up over all stations, before and after; None: known of none."""
        sides = []
        for side in ("before", "after"):
            known = [value for one in self.stations if (value := getattr(one, side)[name]) is not None]
            sides.append(round(sum(known), 2) if known else None)
        return sides[0], sides[1]

    def details(self) -> dict[str, Any]:
        """Return what the event tells."""
        figures = {name: self.total(name) for name in ("lo", "hi", "short", "workload")}
        counts = {"stations": len(self.affected), "people": len(self.people), "tours": self.tours}
        return {"affected": {**counts, **figures}}


def read_values(name: str, written: Mapping[str, str], *, province: str, on: date) -> dict[str, Any]:
    """
    Return the values that differ from those in force on the day; a blank one is the law's own again.

    raises : BadData, no such norm or part that a province may set, or a value that cannot be read
    """
    law = law_of(province)
    may_be_set = name in SETTABLE and name in names()
    known = {one.part: one for one in parameters(name, on=on, law=law)} if may_be_set else {}
    own = {one.part: one.value for one in law.changes if one.name == name and in_force(one, on)}
    found: dict[str, Any] = {}
    refused = []
    for part, text in written.items():
        if part not in known:
            refused.append(Finding("E630", fields={"norm": name, "part": part}))
            continue
        try:
            value = known[part].read(text) if text.strip() else None
        except ValueError:
            expected = ", ".join(known[part].choices) or "0 …"
            refused.append(Finding("E631", cell=part, fields={"read": text, "part": part, "expected": expected}))
            continue
        stands = own.get(part) if value is None or known[part].choices else known[part].value
        if value != stands:
            found[part] = value
    if refused:
        raise BadData(refused)
    return found


def affected(*, province: str, name: str, values: Mapping[str, Any], start: date) -> Affected:
    """
    Return who is affected when a province sets these values from a day on; writes nothing.

    raises : BadData, nothing differs, a value is the wrong way round, or need cannot be computed with it
    """
    if not values:
        raise BadData([Finding("E632")])
    found = joined(records.register(province, on=start, past=("communes",)), province, start)
    now = law_of(province)
    then = Law((*now.changes, *(Change(name, part, value, start) for part, value in values.items())))
    try:
        _check(then.norm(name, on=start).value)
        before, after = needs(found, on=start, law=now), needs(found, on=start, law=then)
    except (ValueError, NormMissing) as error:
        raise BadData([Finding("E633", fields={"why": str(error)})]) from error
    stations = tuple(
        Station(one.code, one.facility.name, _figures(before, one.code), _figures(after, one.code))
        for one in after.stations
    )
    touched = {one.code for one in stations if one.is_affected}
    members = {member for one in after.stations if one.code in touched for member in one.members}
    return Affected(
        stations, _people(found, members),
        Deployment.objects.filter(province=province, facility__in=members, end__gt=start)
        .exclude(state="cancelled").count(),
        tuple(one.id for one in after.norms),
    )  # fmt: skip


def propose(*, by: Account, province: str, name: str, values: Mapping[str, Any], start: date, paper: str) -> LocalNorm:
    """
    Propose values of a norm for a province, from a day on.

    raises : NotAllowed; BadData, the day is not after today (nothing past changes), no paper, or as `affected`
    """
    with writing("norms.propose", by=by, may=Permission.EDIT_RULES, path=f"{province}/") as note:
        _may_begin(start, timezone.localdate(note.at))
        if not paper.strip():
            raise BadData([Finding("E635")])
        unknown = set(values) - {one.part for one in parameters(name, on=start)} if name in SETTABLE else set(values)
        if unknown:
            raise BadData([Finding("E630", fields={"norm": name, "part": part}) for part in sorted(unknown)])
        seen = affected(province=province, name=name, values=values, start=start)
        row = LocalNorm(
            province=province, path=f"{province}/", name=name, values=dict(values), start=start, paper=paper.strip(),
            proposed_by=by, proposed_at=note.at,
        )  # fmt: skip
        row._history_user = by  # type: ignore[attr-defined]
        row.save()
        note.about = f"{name} {row.pk}"
        note.details = {"values": dict(values), "start": start, "paper": row.paper, **seen.details()}
    return row


def decide(*, by: Account, proposal: LocalNorm, is_approved: bool, reason: str = "") -> LocalNorm:
    """
    Approve or reject what another person proposed.

    raises : NotAllowed; AlreadyIssued, it is decided; BadData, by the same person, its day has come, no reason given
    """
    path = f"{proposal.province}/"
    with writing("norms.decide", by=by, may=Permission.APPROVE_RULES, path=path, reason=reason or None) as note:
        row: LocalNorm = LocalNorm.objects.select_for_update().get(pk=proposal.pk)
        if row.state != "proposed":
            raise AlreadyIssued(f"{row.name} {row.pk}")
        if row.proposed_by_id == by.pk:
            raise BadData([Finding("E636")])
        if is_approved:
            _may_begin(row.start, timezone.localdate(note.at))
            seen = affected(province=row.province, name=row.name, values=row.values, start=row.start).details()
        elif reason.strip():
            seen = {}
        else:
            raise BadData([Finding("E637")])
        row.state, row.decided_by, row.decided_at = "approved" if is_approved else "rejected", by, note.at
        row.reason = reason.strip() or None
        row._history_user = by  # type: ignore[attr-defined]
        row.save()
        note.about = f"{row.name} {row.pk}"
        note.details = {"state": row.state, "values": row.values, "start": row.start, **seen}
    return row


def _may_begin(start: date, today: date) -> None:
    if start <= today:
        raise BadData([Finding("E634", fields={"start": start, "today": today})])


def _check(value: Any) -> None:
    """Refuse what is the wrong way round. raises: ValueError."""
    if isinstance(value, Mapping):
        for low, high in PAIRS:
            if low in value and high in value and value[low] > value[high]:
                raise ValueError(f"{low} {value[low]} > {high} {value[high]}")
        for item in value.values():
            _check(item)
    elif isinstance(value, tuple):
        for item in value:
            _check(item)


def _figures(report: NeedReport, code: str) -> dict[str, float | None]:
    rows = report.rows[code]
    posts, doctor = rows[ALL].norm, rows.get("doctor")
    levels = doctor.levels if doctor else None
    work = [row.workload.mid for row in rows.values() if row.workload and row.workload.mid is not None]
    return {
        "lo": posts.lo if posts else None, "hi": posts.hi if posts else None,
        "short": levels[min(levels)] if levels else None, "workload": round(sum(work), 2) if work else None,
    }  # fmt: skip


def _people(found: Register, members: set[str]) -> frozenset[str]:
    staff = {one.code for one in found.staff}
    return frozenset(one.staff for one in found.appointments if one.facility in members and one.staff in staff)
