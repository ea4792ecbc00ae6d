"""From the register of a province to one frozen rotation problem: every name looked up once, every day made a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding, Severity
from tramyte.domain.people import Staff
from tramyte.domain.place import Facility
from tramyte.domain.plan import Tour
from tramyte.domain.register import Register
from tramyte.domain.work import Campaign, PastTour, Requirement
from tramyte.norms import licence, titles
from tramyte.norms.reader import norm
from tramyte.rotation import read
from tramyte.rotation.away import Horizon, Papers, weeks_away
from tramyte.rotation.problem import WEIGHTS, Need, Person, Problem, Skill, Station, Unit
from tramyte.rotation.travel import ways

SHOWN = 10  # names in one sentence; the others are counted
R = TypeVar("R")


def build(
    register: Register, *, on: date | None = None, synthetic: bool = False
) -> tuple[Problem, tuple[Finding, ...]]:
    """
    Return the rotation problem of a province's campaign, and the warnings.

    on        : day on which the register and the law are read; None: Monday of week 1
    synthetic : whether the people are made up
    raises    : BadData, the register cannot be planned: every finding; NormMissing

    A price that neither the requirement nor sheet `weights` gives comes from norm `rotation_weights`.
    """
    if len(register.campaign) != 1:
        raise BadData([Finding("P301", "campaign", "", {"count": len(register.campaign)})])
    builder = Builder(register, register.campaign[0], on or register.campaign[0].first_monday)
    problem = builder.problem(synthetic=synthetic)
    if any(finding.severity == "error" for finding in builder.findings):
        raise BadData(builder.findings)
    # the file is what replays: it must hold by the reader's own rules, and the reader knows what locked tours break
    _, warnings = read.problem_with_warnings(read.to_json(problem))
    return problem, (*builder.findings, *warnings)


class Builder:
    """One register on its way to a problem; notes what is wrong as it goes."""

    def __init__(self, register: Register, campaign: Campaign, on: date) -> None:
        self.register, self.campaign, self.on = register, campaign, on
        self.today = register.as_of(on)
        self.horizon = Horizon(campaign.first_monday, campaign.weeks)
        self.findings: list[Finding] = []
        self.facilities = {row.code: row for row in self.today.facilities}
        self.prices = {**norm("rotation_weights", on=on).value, **{row.code: row.value for row in register.weights}}

    def problem(self, *, synthetic: bool) -> Problem:
        """Return the problem; it is only good if no finding is an error."""
        skills, units, stations = self._skills(), self._units(), self._stations()
        staff = self._staff({str(row.id) for row in stations})
        self._limits(units, staff)
        for sheet, rows in (("senders", units), ("requirements", stations), ("skills", staff)):
            if not rows:
                self._report("P309", sheet)
        travel = ways(
            [self._place(str(row.id)) for row in units], [self._place(str(row.id)) for row in stations],
            measured=self.register.travel, on=self.on,
        )  # fmt: skip
        self.findings += travel.findings
        return Problem(
            name=self.campaign.name, weeks=self.campaign.weeks, skills=skills, units=units, stations=stations,
            staff=staff, travel_min=travel.minutes, locked=self._locked({str(row.id) for row in staff}),
            weights={name: self.prices[name] for name in WEIGHTS},
            fair_target={row.facility: row.fair_target_weeks for row in self.register.senders},
            week0=self.campaign.first_monday, travel_note=travel.note, synthetic=synthetic,
        )  # fmt: skip

    def _report(self, code: str, sheet: str, severity: Severity = "error", /, **fields: object) -> None:
        self.findings.append(Finding(code, sheet, "", fields, severity))

    def _report_people(self, code: str, sheet: str, people: Sequence[Staff]) -> None:
        """Note one warning for all of them."""
        if people:
            more = f", … (+{len(people) - SHOWN})" if len(people) > SHOWN else ""
            who = ", ".join(f"{row.name} ({row.code})" for row in people[:SHOWN]) + more
            self._report(code, sheet, "warning", count=len(people), who=who)

    def _place(self, code: str) -> Facility:
        """The facility of a code; one that the register does not hold has no coordinates."""
        return self.facilities.get(code) or Facility(code, code, "", "")

    def _skills(self) -> tuple[Skill, ...]:
        known: Mapping[str, Mapping[str, Any]] = norm("specialties", on=self.on).value
        rows = self.register
        used: dict[str, str] = {}
        for sheet in ("requirements", "skills", "away_limits", "locks"):
            for row in getattr(rows, sheet):
                used.setdefault(row.skill, sheet)
        for code, sheet in used.items():
            if code not in known:
                self._report("P302", sheet, skill=code)
        return tuple(Skill(code, code, row["cadre"], row["vi"]) for code, row in known.items() if code in used)

    def _units(self) -> tuple[Unit, ...]:
        limits: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for limit in self.register.away_limits:
            limits[limit.facility][limit.skill] = limit.max_away
        found: dict[str, Unit] = {}
        for row in self.register.senders:
            if row.facility in found:
                self._report("P307", "senders", facility=row.facility)
            if not 1 <= row.tour_weeks_min <= row.tour_weeks_max:
                fields = {"least": row.tour_weeks_min, "most": row.tour_weeks_max}
                self._report("P306", "senders", facility=row.facility, **fields)
            lengths = tuple(range(row.tour_weeks_min, row.tour_weeks_max + 1))
            name = self._place(row.facility).name
            found[row.facility] = Unit(row.facility, row.facility, row.tier, lengths, limits[row.facility], name)
        for facility in limits:
            if facility not in found:
                self._report("P326", "away_limits", "warning", facility=facility)
        return tuple(found.values())

    def _limits(self, units: Sequence[Unit], staff: Sequence[Person]) -> None:
        """A role without a limit lets nobody go: that is worth a word."""
        for unit in units:
            roles = dict.fromkeys(row.primary for row in staff if str(row.unit) == str(unit.id))
            missing = [role for role in roles if role not in unit.max_away]
            if missing:
                self._report(
                    "P325", "away_limits", "warning", name=unit.name, facility=unit.id, skills=", ".join(missing)
                )

    def _stations(self) -> tuple[Station, ...]:
        needs: defaultdict[str, list[Need]] = defaultdict(list)
        for row in self.register.requirements:
            needs[row.facility].append(self._need(row))
        for lock in self.register.locks:
            needs[lock.facility] += []
        for code in needs:
            if code not in self.facilities:
                sheet = "requirements" if needs[code] else "locks"
                self._report("P303", sheet, facility=code, day=self.on)
        return tuple(
            Station(row.code, tuple(needs[row.code]), row.name) for row in self.facilities.values() if row.code in needs
        )

    def _need(self, row: Requirement) -> Need:
        where = {"facility": row.facility, "skill": row.skill}
        if not 1 <= row.first_week <= row.last_week <= self.campaign.weeks:
            span = {"first": row.first_week, "last": row.last_week, "weeks": self.campaign.weeks}
            self._report("P304", "requirements", **where, **span)
        if row.critical > row.count:
            self._report("P305", "requirements", **where, critical=row.critical, count=row.count)
        return Need(
            row.skill, row.first_week - 1, row.last_week, row.count, row.critical,
            w_crit=self.prices["w_crit"] if row.w_crit is None else row.w_crit,
            w_norm=self.prices["w_norm"] if row.w_norm is None else row.w_norm,
        )  # fmt: skip

    def _staff(self, stations: set[str]) -> tuple[Person, ...]:
        roles = {code: sorted(rows, key=lambda row: row.rank) for code, rows in _by_staff(self.register.skills)}
        papers = self._papers()
        able = [row for row in self.today.staff if row.code in roles]
        self._report_people("P323", "appointments", [row for row in able if row.code not in papers])
        known = titles.titles(on=self.on)
        able = [row for row in able if row.code in papers]
        self._report_people("P324", "staff", [row for row in able if row.title_code not in known])
        return tuple(
            self._person(row, papers[row.code], tuple(dict.fromkeys(role.skill for role in roles[row.code])), stations)
            for row in able
        )

    def _papers(self) -> dict[str, Papers]:
        """What the register says of each person with an appointment at a sending unit; the largest share counts."""
        senders = {row.facility for row in self.register.senders}
        absences = dict(_by_staff(self.register.absences))
        licences = dict(_by_staff(self.register.licences))
        # a transfer is for good: no turn taken, and nothing one comes back from
        tours = dict(_by_staff(row for row in self.register.past_tours if row.instrument != "transfer"))
        found: dict[str, Papers] = {}
        for row in sorted(self.today.appointments, key=lambda row: -row.share):
            if row.facility in senders:
                code = row.staff
                found.setdefault(
                    code,
                    Papers(
                        row,
                        tuple(absences.get(code, ())),
                        tuple(licences.get(code, ())),
                        tuple(tours.get(code, ())),
                    ),
                )
        return found

    def _person(self, row: Staff, papers: Papers, roles: tuple[str, ...], stations: set[str]) -> Person:
        known = titles.titles(on=self.on)
        needs_licence = row.title_code in known and licence.required(row.title_code or "", on=self.on)
        weeks = weeks_away(row, papers, horizon=self.horizon, on=self.on, needs_licence=needs_licence)
        self.findings += weeks.findings
        before = [tour for tour in papers.past_tours if tour.start < self.campaign.first_monday]
        return Person(
            id=row.code, unit=papers.appointment.facility, skills=roles,
            max_deployments=self.campaign.max_tours, rest_weeks=self.campaign.rest_weeks,
            max_travel_min=self.campaign.max_travel_min, unavailable=weeks.unavailable, exempt=weeks.exempt,
            prior_weeks=sum(_length(tour) for tour in before),
            prior_stations=tuple(dict.fromkeys(tour.facility for tour in before if tour.facility in stations)),
            name=row.name,
        )  # fmt: skip

    def _locked(self, staff: set[str]) -> tuple[Tour, ...]:
        for row in self.register.locks:
            if row.staff not in staff:
                self._report("P308", "locks", staff=row.staff, facility=row.facility)
        return tuple(Tour(row.staff, row.facility, row.skill, row.week - 1, row.weeks) for row in self.register.locks)


def _by_staff(rows: Iterable[R]) -> Iterator[tuple[str, list[R]]]:
    found: defaultdict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[row.staff].append(row)  # type: ignore[attr-defined]
    yield from found.items()


def _length(tour: PastTour) -> int:
    """Weeks of a past tour, a begun week counted whole."""
    return max(0, -((tour.start - tour.end).days // 7))
