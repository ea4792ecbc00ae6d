"""A made-up drive: who can be sent, what the stations ask for, who is away, what stands already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tramyte.domain.people import Absence, Staff, StaffSkill
from tramyte.domain.place import Facility
from tramyte.domain.work import AwayLimit, Campaign, Lock, PastTour, Requirement, Sender, Travel, Weight
from tramyte.sample.buildings import point_of
from tramyte.sample.made import Made
from tramyte.sample.people import Job, hire
from tramyte.sample.places import distance_km

PRICES = {
    "w_crit": 1000, "w_norm": 100, "fair1": 3, "fair2": 8, "travel_per_hour": 1, "start_fee": 2, "return_bonus": 4,
    "disruption": 15,
}  # fmt: skip
ALSO = {
    "NOI": "HSCC", "HSCC": "NOI", "NHI": "NOI", "SAN": "NGOAI", "NGOAI": "HSCC", "GSD": "TCMR", "TCMR": "GSD",
    "ATTP": "GSD",
}  # fmt: skip
TET_LEAVE = date(2026, 2, 16), date(2026, 2, 23)
CELLS_A_PERSON = 1.05  # asked-for roles at stations for each person who can be sent
MOST_CELLS = 5
WINDING = 1.7  # kilometres of mountain road for one as the crow flies


@dataclass(frozen=True)
class Sent:
    """One person who can be sent, with the primary skill and the weeks of a tour."""

    person: Staff
    unit: str
    skill: str
    weeks: int


class Drive:
    """A campaign in the making: people first, then needs, then what stands in the way."""

    def __init__(self, made: Made, campaign: Campaign) -> None:
        self.made, self.campaign, self.sent = made, campaign, list[Sent]()
        made.add(campaign, *(Weight(code, value) for code, value in PRICES.items()))

    def team(
        self, unit: Facility, tier: str, jobs: Sequence[tuple[Job, str]], *, weeks: tuple[int, int], fair: int
    ) -> None:
        """Add a sending unit, and hire one person a job with its primary skill, some with a second one."""
        self.made.add(Sender(unit.code, tier, *weeks, fair))
        for job, skill in jobs:
            self.send(hire(self.made, unit.code, job, on=self.campaign.first_monday), unit.code, skill, weeks=weeks[1])
        for skill, heads in sorted(Counter(skill for _, skill in jobs).items()):
            self.made.add(AwayLimit(unit.code, skill, max(1, round(heads * self.made.rng.uniform(0.2, 0.4)))))

    def send(self, person: Staff, unit: str, skill: str, *, weeks: int) -> None:
        """Let a person be sent in one role, some in a second one."""
        self.made.add(StaffSkill(person.code, skill, 1))
        if skill in ALSO and self.made.rng.random() < 0.3:
            self.made.add(StaffSkill(person.code, ALSO[skill], 2))
        self.sent.append(Sent(person, unit, skill, weeks))

    def needs(self, stations: Sequence[Facility]) -> None:
        """Ask for roles, more and more urgently the farther a station lies from the nearest hospital."""
        rng, far = self.made.rng, sorted(stations, key=lambda row: row.km_to_hospital or 0.0)
        remoteness = {row.code: rank / len(far) for rank, row in enumerate(far)}
        skills = [row.skill for row in self.sent]
        urgent = {(row.code, rng.choice(skills)) for row in stations}
        cells = set(urgent)
        while len(cells) < CELLS_A_PERSON * len(self.sent):
            code = rng.choices(far, [0.3 + remoteness[row.code] for row in far])[0].code
            if sum(1 for at, _ in cells if at == code) < MOST_CELLS:
                cells.add((code, rng.choice(skills)))
        for code, skill in sorted(cells):
            self._ask(code, skill, remoteness[code], is_urgent=(code, skill) in urgent)

    def _ask(self, code: str, skill: str, remoteness: float, *, is_urgent: bool) -> None:
        """One month that must be served at every station; else all the time, two weeks in four, a month, a stretch."""
        rng, end = self.made.rng, self.campaign.weeks
        pattern, critical = rng.random(), int(rng.random() < remoteness)
        w_crit, w_norm = (1500, 150) if remoteness > 0.75 else (None, None)
        if is_urgent:
            first = rng.randint(1, max(1, end - 3))
            spans = [(first, min(first + 3, end), 1, 1)]
        elif pattern < 0.75:
            spans = [(1, end, 1, 0)]
        elif pattern < 0.86:
            first = rng.randint(1, 3)
            spans = [(week, week + 1, 1, critical) for week in range(first, end, 4)]
        elif pattern < 0.94:
            first = rng.randint(1, max(1, end - 3))
            spans = [(first, min(first + 3, end), rng.choice((1, 1, 2)), critical)]
        else:
            first = rng.randint(1, max(1, end - 5))
            spans = [(first, min(first + rng.randint(2, 5), end), 1, 0)]
        for first, last, count, least in spans:
            self.made.add(Requirement(code, skill, first, last, count, least, w_crit, w_norm, "request"))

    def away(self, *, exempt: int) -> None:
        """Enter leave, training and exemptions: outcome, dates and paper, never why."""
        rng, start = self.made.rng, self.campaign.first_monday
        chosen = rng.sample(self.sent, round(0.4 * len(self.sent)))
        for number, row in enumerate(chosen):
            paper = f"Số {100 + number}/TCCB ngày {start - timedelta(days=rng.randint(3, 20)):%d/%m/%Y}"
            if number < exempt:
                clears = start + timedelta(weeks=self.campaign.weeks // 2, days=number)
                self.made.add(Absence(row.person.code, "exempt", start, clears, paper))
            elif number % 4 == 0 and start <= TET_LEAVE[0] < self.end:
                self.made.add(Absence(row.person.code, "absent", *TET_LEAVE, paper))
            else:
                first = start + timedelta(weeks=rng.randrange(self.campaign.weeks - 1), days=rng.randrange(3))
                self.made.add(
                    Absence(row.person.code, "absent", first, first + timedelta(days=rng.randint(4, 26)), paper)
                )

    def ledger(self, stations: Sequence[Facility], *, decision: str) -> None:
        """Enter tours served in the quarter before."""
        rng = self.made.rng
        for row in rng.sample(self.sent, round(0.4 * len(self.sent))):
            start = self.campaign.first_monday - timedelta(weeks=row.weeks + rng.randint(2, 9))
            self.made.add(
                PastTour(row.person.code, rng.choice(stations).code, row.skill, start,
                         start + timedelta(weeks=row.weeks), "support", decision)
            )  # fmt: skip

    def lock(self, stations: Sequence[Facility], *, count: int) -> None:
        """Promise a first tour to the nearest station that asks for the role from week 1 to the end."""
        asked = [
            row for row in self.made.sheets["requirements"] if row.last_week - row.first_week + 1 == self.campaign.weeks
        ]
        busy = {row.staff for row in self.made.sheets["absences"]}
        where = {row.code: point_of(row) for row in self.made.sheets["facilities"]}
        kept: dict[tuple[str, str], Lock] = {}
        for row in self.sent:
            wanted = [need.facility for need in asked if need.skill == row.skill]
            if wanted and row.person.code not in busy and len(kept) < count:
                near = min(wanted, key=lambda code: distance_km(where[row.unit], where[code]))
                kept.setdefault((row.unit, row.skill), Lock(row.person.code, near, row.skill, 2, row.weeks))
        self.made.add(*kept.values())

    def known_travel(self, sender: Facility, stations: Sequence[Facility], *, kmh: float) -> None:
        """Enter measured travel to a few stations; the others follow from their positions."""
        for row in sorted(stations, key=lambda row: row.code)[:: max(1, len(stations) // 8)]:
            hours = WINDING * distance_km(point_of(sender), point_of(row)) / kmh
            self.made.add(Travel(sender.code, row.code, 5 * round(12 * hours) + 5, "Số đo giả định"))

    @property
    def end(self) -> date:
        """The first day after the campaign."""
        return self.campaign.first_monday + timedelta(weeks=self.campaign.weeks)
