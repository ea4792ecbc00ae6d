"""
The whole proof of a bound in one file, for an auditor: no plan of this rotation/1 problem has fewer points than
      over stations, roles, weeks: the least, over c people there, of  shortage(c) + pi * c
    - over units, primary skills, weeks: sigma * max_away
    - over people: the best worth of all sets of tours that R1-R8, R10 and R11 leave to one person
    + disruption * incumbent tours
for any prices pi >= 0 (station, role, week) and sigma >= 0 (unit, primary skill, week), in 1/scale. worth = pi earned -
sigma paid - travel - fee + return bonus + disruption of incumbents kept - fairness. For with the c and the tours of a
plan that keeps the rules, pi cancels, and of sigma nothing above 0 is left, by R9. Wrong prices make the sum smaller.
"""

from collections import Counter, defaultdict
from itertools import accumulate, product
from typing import Any


def verify(problem: Any, plan: Any, certificate: Any) -> tuple[int, int]:
    """Return the bound that a certificate proves, and the objective of a plan (file or list) that keeps the rules."""
    alone = _Audit(problem, certificate, plan["assignments"] if isinstance(plan, dict) else plan)
    return _Audit(problem, certificate).points(), alone.points()


class _Audit:  # the sum; of one plan alone, without prices, if its tours are given. Ids are equal when their text is
    def __init__(self, problem: Any, certificate: Any, given: Any = None) -> None:
        schemas, self.scale = [problem["schema"], certificate["schema"]], certificate["scale"]
        if schemas != ["rotation/1", "rotation-cert/1"] or type(self.scale) is not int or self.scale < 1:
            raise ValueError(f"expected rotation/1, rotation-cert/1 and a scale >= 1; read {schemas}, {self.scale}")
        self.is_free, self.problem, self.weeks = given is None, problem, problem["weeks"]
        self.weights, self.first = problem["weights"], problem.get("frozen_before", 0)
        self.earned, self.paid = self.sums(certificate["cover"], "station"), self.sums(certificate["away"], "unit")
        self.staff, self.units = ({str(row["id"]): row for row in problem[key]} for key in ("staff", "units"))
        ids, ways = [str(row["id"]) for row in problem["stations"]], problem["travel_min"]
        self.minutes = {unit: dict(zip(ids, row, strict=True)) for unit, row in zip(self.units, ways, strict=True)}
        self.incumbent = Counter(self.tours(problem.get("incumbent", [])))
        held = [t for t in self.incumbent if t[3] < self.first and self.may_go(t[0], t[3], sum(t[3:]))]
        self.locked = {*self.tours(problem["locked"]), *held} if self.is_free else self.tours(given)

    def tours(self, rows: Any) -> list[Any]:
        return [(*(str(row[key]) for key in ("staff", "station", "skill")), row["start"], row["weeks"]) for row in rows]

    def sums(self, rows: Any, name: str) -> dict[tuple[str, str], list[int]]:  # prices before week 0, 1, 2 ...
        found: Any = defaultdict(lambda: [0] * self.weeks)
        for row in rows if self.is_free else []:
            if type(row["price"]) is not int or row["price"] < 0 or row["week"] not in range(self.weeks):
                raise ValueError(f"expected a price >= 0 and a week of the campaign; read {row}")
            found[str(row[name]), str(row["skill"])][row["week"]] += row["price"]
        return defaultdict(lambda: [0] * (self.weeks + 1), {key: [0, *accumulate(row)] for key, row in found.items()})

    def may_go(self, name: str, start: int, end: int) -> bool:  # R5, R6
        spans = self.staff[name].get("unavailable", [])
        return not self.staff[name].get("exempt") and all(b <= a or b <= start or end <= a for a, b in spans)

    def points(self) -> Any:
        inside = {(*t[:3], week) for t in self.locked for week in range(max(0, t[3]), min(self.weeks, sum(t[3:])))}
        there = Counter(row[1:] for row in inside)
        able = Counter(skill for person in self.staff.values() for skill in {*map(str, person["skills"])})
        total = self.scale * self.weights["disruption"] * self.incumbent.total() - sum(map(self.worth, self.staff))
        total -= sum(self.paid[u, s][-1] * most for u in self.units for s, most in self.units[u]["max_away"].items())
        for at in self.problem["stations"]:
            for skill, week in product({str(need["skill"]) for need in at["needs"]}, range(self.weeks)):
                live = [n for n in at["needs"] if str(n["skill"]) == skill and n["start"] <= week < n["end"]]
                short = [(n["w_crit"], n["critical"]) for n in live] + [(n["w_norm"], n["count"]) for n in live]
                (a, b), least = self.earned[str(at["id"]), skill][week : week + 2], there[str(at["id"]), skill, week]
                turns = {least, *(max(least, min(top, least + able[skill])) for _, top in short if self.is_free)}
                total += min((b - a) * c + self.scale * sum(w * max(0, top - c) for w, top in short) for c in turns)
        return -(-total // self.scale)

    def worth(self, name: str) -> Any:  # of the best set of tours, those that must stand among them
        person, fixed = self.staff[name], [tour for tour in self.locked if tour[0] == name]
        home, rest, roles = str(person["unit"]), person["rest_weeks"], [str(skill) for skill in person["skills"]]
        near = [at for at, way in self.minutes[home].items() if way is not None and way <= person["max_travel_min"]]
        rows = [(self.earned[at, role], self.gain(name, at, role, 0, 0)) for at in near for role in roles]
        kept = [tour for tour in self.incumbent if tour[0] == name and tour[1] in near and tour[2] in roles]
        paid, left = self.paid[home, roles[0]], max(0, person["max_deployments"] - len(fixed))
        lengths = self.units[home]["durations"] if self.is_free and self.units[home]["max_away"].get(roles[0]) else []
        one = int((left + 1) * min(lengths, default=1) + left * rest <= self.weeks)  # 0: more tours do not fit anyway
        tables: list[dict[tuple[int, int], int]] = [{(0, 0): 0}, *({} for _ in range(self.weeks))]
        for week in range(self.weeks):  # tables[week][tours, weeks away]: the most that one free again has earned
            steps = [(week + 1, 0, 0, 0)]
            for end in (week + weeks for weeks in lengths if self.first <= week <= self.weeks - weeks):
                if self.may_go(name, week, end) and all(end + rest <= t[3] or sum(t[3:]) + rest <= week for t in fixed):
                    gains = [row[end] - row[week] + gain - paid[end] + paid[week] for row, gain in rows]
                    gains += [self.gain(*tour) for tour in kept if tour[3:] == (week, end - week)]
                    steps.append((min(self.weeks, end + rest), one, end - week, max([0, *gains])))
            for (used, load), value in tables[week].items():
                for then, more, weeks, gain in steps if used < left else steps[:1]:
                    state = used + more, load + weeks
                    tables[then][state] = max(value + gain, tables[then].get(state, 0))
        load = person.get("prior_weeks", 0) + sum(tour[4] for tour in fixed) - self.problem["fair_target"][home]
        fair = (self.weights["fair1"], load), (self.weights["fair2"], load - self.problem["fair_target"][home])
        worth = [v - self.scale * sum(w * max(0, over + n) for w, over in fair) for (_, n), v in tables[-1].items()]
        return max(worth) + sum(self.gain(*tour) for tour in fixed)

    def gain(self, name: str, place: str, skill: str, start: int, weeks: int) -> Any:  # worth without fairness
        person, (a, b) = self.staff[name], (min(max(0, week), self.weeks) for week in (start, start + weeks))
        earned, paid = self.earned[place, skill], self.paid[str(person["unit"]), str(person["skills"][0])]
        points = self.weights["travel_per_hour"] * 2 * (self.minutes[str(person["unit"])][place] or 0) // 60
        points -= self.weights["return_bonus"] * (place in map(str, person.get("prior_stations", [])))
        points -= self.weights["disruption"] * self.incumbent[name, place, skill, start, weeks]
        return earned[b] - earned[a] - paid[b] + paid[a] - self.scale * (points + self.weights["start_fee"])
