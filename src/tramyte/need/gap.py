"""Four lenses side by side, per station and cadre: norm, target, workload, population; never mixed, never added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from tramyte.domain.errors import NormMissing
from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.domain.register import Register
from tramyte.need import density, establishment, target, workload
from tramyte.need.cadres import ALL, CADRES, by_cadre, cadre_of
from tramyte.need.density import Density
from tramyte.need.doctors import LEVELS, DoctorCount, count_doctors
from tramyte.need.establishment import Establishment
from tramyte.need.numbers import number
from tramyte.need.reconcile import reconcile
from tramyte.need.standing import Standing, Station, standing
from tramyte.need.target import Target
from tramyte.need.workload import Workload, WorkloadReport
from tramyte.norms import Norm, norm
from tramyte.norms.local import LAW, Law

T = TypeVar("T")


@dataclass(frozen=True)
class Reason:
    """Why two lenses differ, as a sentence of messages.csv."""

    code: str
    fields: Mapping[str, Any]

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return code and sentence; fields as numbers, the sentence with numbers as the language writes them."""
        return {"code": self.code, "text": self.sentence(lang), "fields": dict(self.fields)}

    def sentence(self, lang: Lang) -> str:
        """Return the sentence."""
        words = {
            name: number(value, lang) if isinstance(value, (int, float)) and name != "year" else value
            for name, value in self.fields.items()
        }
        return say(self.code, lang, **words)


@dataclass(frozen=True)
class Wanted:
    """What the density of the country would mean for the people of one station: people wanted, by a stated year."""

    people: float
    population: int
    year: int
    norm_id: str

    def to_json(self) -> dict[str, Any]:
        """Return the object, people with two decimals."""
        return {
            "wanted": round(self.people, 2), "population": self.population, "year": self.year, "norm": self.norm_id,
        }  # fmt: skip


@dataclass(frozen=True)
class NeedRow:
    """
    One cadre at one station under every lens that says something about it; None: the lens is silent.

    people : staff code -> FTE there, on the day; deployment left out
    levels : doctors the target wants -> doctors missing at the station; preventive doctors count there when asked for;
             None: not known
    known  : False: nobody's appointment is recorded; then `people` is empty and says nothing
    """

    station: str
    cadre: str
    people: Mapping[str, float]
    norm: Establishment | None
    levels: Mapping[int, int | None] | None
    workload: Workload | None
    density: Wanted | None
    norm_ids: tuple[str, ...]
    reasons: tuple[Reason, ...]
    known: bool = True

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the lenses side by side."""
        return {
            "cadre": self.cadre,
            "existing": {
                "persons": len(self.people) if self.known else None,
                "fte": round(sum(self.people.values()), 2) if self.known else None,
                "staff": sorted(self.people),
            },
            "norm": self.norm and {**self.norm.to_json(lang), "gap": self.norm_gap},
            "target": self.levels
            and {"levels": list(self.levels), "short": {str(level): short for level, short in self.levels.items()}},
            "workload": self.workload and self.workload.to_json(),
            "density": self.density and self.density.to_json(),
            "norms": list(self.norm_ids),
            "reasons": [reason.to_json(lang) for reason in self.reasons],
        }

    @property
    def norm_gap(self) -> list[int] | None:
        """Posts granted less people there, lowest and highest reading; below 0: more people than posts."""
        if not self.known or self.norm is None or self.norm.lo is None or self.norm.hi is None:
            return None
        return [self.norm.lo - len(self.people), self.norm.hi - len(self.people)]


@dataclass(frozen=True)
class NeedReport:
    """
    The need of a province on one day.

    rows : station code -> cadre -> row; the row `all` stands for the station as a whole
    norms : every norm a figure rests on; conflicts: open questions of those norms, shown and not hidden
    """

    on: date
    doctors: DoctorCount
    stations: tuple[Station, ...]
    rows: Mapping[str, Mapping[str, NeedRow]]
    targets: tuple[Target, ...]
    densities: tuple[Density, ...]
    workload: WorkloadReport | None
    norms: tuple[Norm, ...]
    conflicts: tuple[Mapping[str, Any], ...]
    findings: tuple[Finding, ...]
    synthetic: bool = False

    def to_json(self, lang: Lang = "vi") -> dict[str, Any]:
        """Return the report as one object; stations, cadres and findings in a fixed order."""
        return {
            "on": self.on.isoformat(),
            "synthetic": self.synthetic,
            "preventive": self.doctors.preventive,
            **self.doctors.to_json(),
            "targets": [row.to_json() for row in self.targets],
            "stations": [self._station(station, lang) for station in self.stations],
            "density": [row.to_json() for row in self.densities],
            "workload": self.workload and self.workload.to_json(),
            "norms": [_norm(row) for row in self.norms],
            "conflicts": [
                {"text": row[lang], "handling": row[f"handling_{lang}"], "norms": list(row["norms"])}
                for row in self.conflicts
            ],
            "findings": [finding.to_json(lang) for finding in self.findings],
        }

    def not_computed(self, lang: Lang) -> dict[str, int]:
        """Return what is said of readings of the norm that could not be computed -> number of stations."""
        posts = (self.rows[station.code][ALL].norm for station in self.stations)
        return dict(Counter(note["text"] for one in posts if one for note in one.not_computed(lang)))

    def _station(self, station: Station, lang: Lang) -> dict[str, Any]:
        return {
            "code": station.code,
            "name": station.facility.name,
            "kind": station.facility.kind,
            "commune": station.commune,
            "commune_name": station.commune_name,
            "members": list(station.members),
            "cadres": [row.to_json(lang) for row in self.rows[station.code].values()],
        }


@dataclass(frozen=True)
class _Lenses:
    """What every lens says, before it is laid out by station and cadre."""

    posts: Mapping[str, Establishment]
    targets: tuple[Target, ...]
    densities: tuple[Density, ...]
    workload: WorkloadReport | None
    names: tuple[str, ...]
    findings: tuple[Finding, ...]


def needs(
    register: Register, *, on: date, preventive: bool = False, synthetic: bool = False, law: Law = LAW
) -> NeedReport:
    """
    Return the need of every station on the day, under four lenses, with what does not add up.

    preventive : whether preventive doctors V.08.02.* count as doctors in counts, targets and density
    synthetic  : whether the register is made up; said in the report
    law        : the norms as the province reads them
    raises     : NormMissing, the list of titles is not known on the day. A lens whose norm is not in force is left
                 out with a finding
    """
    today = standing(register, on=on, law=law)
    cadres, unknown = cadre_of(today)
    levels = sorted({*LEVELS, *target.levels(target.stated(law, on=on))})
    count = count_doctors(today, preventive=preventive, levels=levels)
    lenses = _lenses(register, today, count, cadres)
    return NeedReport(
        on=on,
        doctors=count,
        stations=today.stations,
        rows={station.code: _rows(station, today, cadres, lenses) for station in today.stations},
        targets=lenses.targets,
        densities=lenses.densities,
        workload=lenses.workload,
        norms=tuple(law.norm(name, on=on) for name in lenses.names),
        conflicts=_conflicts(lenses.names, on=on),
        findings=(*reconcile(today, count), *unknown, *count.findings, *lenses.findings),
        synthetic=synthetic,
    )


def _lenses(register: Register, today: Standing, count: DoctorCount, cadres: Mapping[str, str]) -> _Lenses:
    names, findings = ["titles", "titles_shared"], []

    def look(compute: Callable[[], T], *rests_on: str) -> T | None:
        try:
            found = compute()
        except NormMissing as error:
            findings.append(Finding("D060", fields={"norm": error.name, "on": today.on}, severity="warning"))
            return None
        names.extend(rests_on)
        return found

    posts = look(lambda: establishment.grant(today, register.communes), establishment.NORM, "health_zones")
    wanted = look(lambda: target.read_targets(count, law=today.law), target.DOCTORS)
    dense = look(
        lambda: density.measure(today, preventive=count.preventive),
        *(f"{cadre}s_per_10000" for cadre in ("doctor", "nurse", "pharmacist")),
    )
    work = look(lambda: workload.weigh(today, cadres=cadres), *workload.NORMS)
    for part in (posts, dense):
        findings += part[1] if part else ()
    findings += work.findings if work else ()
    return _Lenses(
        posts={row.station: row for row in posts[0]} if posts else {},
        targets=wanted or (),
        densities=dense[0] if dense else (),
        workload=work,
        names=tuple(names),
        findings=tuple(findings),
    )


def _rows(station: Station, today: Standing, cadres: Mapping[str, str], lenses: _Lenses) -> dict[str, NeedRow]:
    people = by_cadre(today.fte[station.code], cadres)
    posts = lenses.posts.get(station.code)
    work = lenses.workload.of(station.code) if lenses.workload else {}
    dense = {row.cadre: row for row in lenses.densities if not row.place}
    rows = {ALL: _row(station, ALL, today.fte[station.code], posts, None, None, None, known=today.known)}
    for cadre in CADRES:
        levels = _levels(station, lenses.targets) if cadre == "doctor" else None
        wanted = _wanted(dense.get(cadre), posts)
        if cadre in people or cadre in work or levels or wanted:
            there = people.get(cadre, {})
            rows[cadre] = _row(station, cadre, there, None, levels, work.get(cadre), wanted, known=today.known)
    return rows


def _row(
    station: Station,
    cadre: str,
    people: Mapping[str, float],
    posts: Establishment | None,
    levels: tuple[str, Mapping[int, int | None]] | None,
    work: Workload | None,
    wanted: Wanted | None,
    *,
    known: bool,
) -> NeedRow:
    ids = (
        *([posts.norm_id] if posts else ()),
        *([levels[0]] if levels else ()),
        *(work.norm_ids if work else ()),
        *([wanted.norm_id] if wanted else ()),
    )
    short = levels[1] if levels else None
    reasons = (*_range(posts), *_work_reasons(work, short), *_density_reasons(wanted, short))
    return NeedRow(station.code, cadre, people, posts, short, work, wanted, ids, reasons, known)


def _levels(station: Station, targets: tuple[Target, ...]) -> tuple[str, dict[int, int | None]] | None:
    mine = [row for row in targets if row.per == "station"]
    short = {row.level: row.missing.get(station.code, 0) if row.spread.known else None for row in mine}
    return (mine[0].norm_id, short) if mine else None


def _wanted(row: Density | None, posts: Establishment | None) -> Wanted | None:
    if row is None or posts is None or posts.population is None:
        return None
    return Wanted(row.target * posts.population / density.PER, posts.population, row.year, row.norm_id)


def _range(posts: Establishment | None) -> list[Reason]:
    if posts is None or posts.lo == posts.hi:
        return []
    return [Reason("D050", {"lo": posts.lo, "hi": posts.hi, "readings": len(posts.values)})]


def _work_reasons(work: Workload | None, levels: Mapping[int, int | None] | None) -> list[Reason]:
    if work is None:
        return []
    if work.mid is None:
        fixed = work.allowance > 0 and work.state == "no_need"
        return [Reason("D053" if work.state == "unknown" else "D056", {})] + (
            [Reason("D057", {"allowance": round(work.allowance, 2)})] if fixed else []
        )
    found = []
    if levels:
        lo, mid, hi = (round(work.mid if value is None else value, 1) for value in (work.lo, work.mid, work.hi))
        fields = {"lo": lo, "mid": mid, "hi": hi, "min": min(levels), "max": max(levels)}
        if hi < min(levels):
            found.append(Reason("D051", fields))
        elif lo > max(levels):
            found.append(Reason("D052", fields))
    if work.not_reported:
        found.append(Reason("D055", {"services": ", ".join(work.not_reported)}))
    return found


def _density_reasons(wanted: Wanted | None, levels: Mapping[int, int | None] | None) -> list[Reason]:
    if wanted is None or not levels or min(levels) <= wanted.people <= max(levels):
        return []
    fields = {"wanted": round(wanted.people, 1), "population": wanted.population, "year": wanted.year}
    return [Reason("D054", {**fields, "min": min(levels), "max": max(levels)})]


def _conflicts(names: tuple[str, ...], *, on: date) -> tuple[Mapping[str, Any], ...]:
    try:
        rows = norm("open_conflicts", on=on).value
    except NormMissing:
        return ()
    return tuple(row for row in rows if set(row["norms"]) & set(names))


def _norm(row: Norm) -> dict[str, Any]:
    return {
        "id": row.id, "title": dict(row.title), "source": row.source, "article": row.article,
        "confidence": row.confidence, "draft": row.draft, "note": row.note,
    }  # fmt: skip
