"""What a re-plan changes in the plan in force, and why: every reason is a fact of the two plans and the problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tramyte.domain.finding import Breach
from tramyte.domain.plan import Tour
from tramyte.domain.replan import Because, Changes, TourChange
from tramyte.rotation.ledger import Ledger, ordered
from tramyte.rotation.problem import Problem
from tramyte.rotation.rules import SETS, SINGLE
from tramyte.rotation.rules.rule import weeks_of
from tramyte.rotation.words import words_of

FIRST = ("R5", "R6", "R2", "R4", "R3", "R1")  # the order in which rules on single tours are asked

Cell = tuple[str, str]  # station and skill, as text
Pair = tuple[Tour | None, Tour | None]  # the tour in force, and what replaces it


def changes(problem: Problem, tours: Sequence[Tour]) -> Changes:
    """
    Return how a plan differs from the plan in force, one row for each tour that goes, comes, or is replaced.

    tours   : a plan of a problem with an incumbent; nothing in it need be the solver's
    returns : rows in order of people and weeks; those that replace each other are of one person
    """
    return _Comparison(problem, tours).answer()


class _Comparison:
    """The plan in force and the new one."""

    def __init__(self, problem: Problem, tours: Sequence[Tour]) -> None:
        self.problem, self.tours = problem, tuple(tours)
        self.in_force = {tour.key: tour for tour in problem.incumbent}
        new = {tour.key: tour for tour in tours}
        self.kept = [tour for key, tour in self.in_force.items() if key in new]
        self.gone = [tour for key, tour in self.in_force.items() if key not in new]
        self.come = [tour for key, tour in new.items() if key not in self.in_force]
        self.stands = list({tour.key: tour for tour in (*self.kept, *problem.locked_set)}.values())
        self.ledger = Ledger(problem, tours)
        self.at_home: defaultdict[str, set[str]] = defaultdict(set)
        for person in problem.staff:
            self.at_home[str(person.unit)].add(str(person.id))
        self.taken: dict[tuple[Tour, Tour], list[int]] = {}  # (new tour, old tour of somebody else) -> weeks
        self.filled: dict[tuple[Tour, str], list[int]] = {}  # (new tour, CRITICAL or NORMAL) -> weeks
        self._hand_over()

    def answer(self) -> Changes:
        """Return every change."""
        rows = [self._change(before, after) for before, after in self._pairs()]
        return Changes(tuple(rows), len(self.kept))

    def _pairs(self) -> list[Pair]:
        """Return tours that replace each other, the most alike first, and those left over; in order of people."""
        own: defaultdict[str, list[Tour]] = defaultdict(list)
        for tour in self.come:
            own[str(tour.staff)].append(tour)
        alike = sorted((_distance(a, b), a.key, b.key) for a in self.gone for b in own[str(a.staff)])
        partner: dict[tuple[object, ...], tuple[object, ...]] = {}
        used: set[tuple[object, ...]] = set()
        for _, before, after in alike:
            if before not in partner and after not in used:
                partner[before] = after
                used.add(after)
        new = {tour.key: tour for tour in self.come}
        pairs: list[Pair] = [(tour, new.get(partner.get(tour.key, ()))) for tour in self.gone]  # type: ignore[arg-type]
        pairs += [(None, tour) for tour in self.come if tour.key not in used]
        place = {str(person.id): index for index, person in enumerate(self.problem.staff)}
        return sorted(pairs, key=lambda pair: [(place[str(it.staff)], it.start, it.key) for it in pair if it][:1])

    def _change(self, before: Tour | None, after: Tour | None) -> TourChange:
        lost = self._lost(before) if before else None
        reasons = [lost] if lost else []
        if before:
            reasons += self._given(before)
        if after:
            reasons += self._gained(after)
        if before and not lost:
            reasons.append(self._back(before, after))
        if not reasons and after:
            reasons.append(Because("COST", (), {"points": f"{self.ledger.change([after], []).total:+d}"}))
        return TourChange(
            _kind(before, after), before, after, lost is not None, tuple(reasons), self._words(before, after)
        )

    def _lost(self, tour: Tour) -> Because | None:
        """Return the rule under which a tour in force cannot stand beside those that are kept or must stand."""
        single = {rule.code: rule for rule in SINGLE if rule.forbids(self.problem, tour)}
        for code in FIRST:
            if code in single:
                return self._rule(Breach(code, str(tour.staff), tour.start, single[code].words(self.problem, tour)))
        return self._beside(tour, self.stands)

    def _beside(self, tour: Tour, others: Iterable[Tour]) -> Because | None:
        """Return the rule that a tour breaks beside others; those who go along come back with it if they can."""
        mates = self.problem.mates.get(str(tour.staff), ())
        company = [
            other
            for other in self.in_force.values()
            if str(other.staff) in mates and other.stay == tour.stay and self._is_able(other)
        ]
        near = self._near(tour)
        close = [other for other in others if str(other.staff) in near and other.key != tour.key]
        joined = {other.key: other for other in (*close, tour, *company)}
        known = [breach for rule in SETS for breach in rule.breaches(self.problem, close)]
        for rule in SETS:
            for breach in rule.breaches(self.problem, list(joined.values())):
                if breach not in known:
                    return self._rule(breach)
        return None

    def _near(self, tour: Tour) -> set[str]:
        """Return the people about whom a rule on sets of tours can ask together with the person of a tour."""
        staff = str(tour.staff)
        groups = [self.problem.apart[index] for index in self.problem.apart_of.get(staff, ())]
        found = {str(other) for group in groups for other in group}
        return found | self.at_home[str(self.problem.unit_of(tour).id)] | set(self.problem.mates.get(staff, ()))

    def _is_able(self, tour: Tour) -> bool:
        return not any(rule.forbids(self.problem, tour) for rule in SINGLE if rule.code in FIRST)

    def _rule(self, breach: Breach) -> Because:
        week = 1 if breach.week is None else breach.week + 1
        return Because(breach.rule, (), {**breach.fields, "who": breach.staff, "week": week})

    def _given(self, before: Tour) -> list[Because]:
        """Return who takes over weeks of the old tour."""
        rows = [(new, weeks) for (new, old), weeks in self.taken.items() if old is before]
        return [Because("GIVES", (new,), {**words_of(self.problem, new), "weeks": _runs(weeks)}) for new, weeks in rows]

    def _gained(self, after: Tour) -> Iterator[Because]:
        """Yield what the new tour is good for."""
        if after.key in self.problem.locked_keys:
            yield Because("LOCK", (), words_of(self.problem, after))
        place = words_of(self.problem, after)["station"]
        for (new, old), weeks in self.taken.items():
            if new is after:
                words = {**words_of(self.problem, old), "weeks": _runs(weeks), "station": place}
                yield Because("TAKES", (old,), words)
        for code in ("CRITICAL", "NORMAL"):
            if spent := self.filled.get((after, code)):
                yield Because(code, (), {**words_of(self.problem, after), "weeks": _runs(spent)})

    def _back(self, before: Tour, after: Tour | None) -> Because:
        """Return what keeps a tour that could have stood from standing in the new plan, or what that would cost."""
        instead = [after] if after else []
        if rule := self._beside(before, [tour for tour in self.tours if tour not in instead]):
            return rule
        return Because("BACK", (), {"points": f"{self.ledger.change(instead, [before]).total:+d}"})

    def _hand_over(self) -> None:
        """
        Match those who come to a cell in a week with those who leave it, one to one; who is left over fills a need.

        In the plan in force c people are there. Of those who come beyond those who leave, the first is one more than
        c, and so on: critical if a need asks for so many critical people there, normal if it asks for so many at all.
        """
        old, new = (_serving(self.problem, plan) for plan in (self.in_force.values(), self.tours))
        for cell, week in sorted({spot for tour in self.come for spot in _spots(self.problem, tour)}):
            before, after = old.get((cell, week), {}), new[cell, week]
            left = [tour for staff, tour in before.items() if staff not in after]
            arrived = [tour for staff, tour in after.items() if staff not in before]
            for tour in list(arrived):
                known = [leaver for leaver in left if (tour, leaver) in self.taken] or left
                if known:
                    self.taken.setdefault((tour, known[0]), []).append(week)
                    left.remove(known[0])
                    arrived.remove(tour)
            for nth, tour in enumerate(arrived, start=len(before) + 1):
                needs = self.ledger.needs.get((*cell, week), ())
                if any(nth <= need.critical for need in needs):
                    self.filled.setdefault((tour, "CRITICAL"), []).append(week)
                elif any(nth <= need.count for need in needs):
                    self.filled.setdefault((tour, "NORMAL"), []).append(week)

    def _words(self, before: Tour | None, after: Tour | None) -> dict[str, object]:
        words: dict[str, object] = {}
        for name, tour in (("old", before), ("new", after)):
            if tour:
                own = words_of(self.problem, tour)
                words |= {"name": own["name"], "staff": own["staff"]}
                words[name] = "{station} ({skill}, {first}–{last})".format(**own)
        return words


def _spots(problem: Problem, tour: Tour) -> list[tuple[Cell, int]]:
    return [((str(tour.station), str(tour.skill)), week) for week in weeks_of(problem, tour)]


def _serving(problem: Problem, tours: Iterable[Tour]) -> dict[tuple[Cell, int], dict[str, Tour]]:
    """Return (cell, week) -> who is there, with the tour; in order of people."""
    found: defaultdict[tuple[Cell, int], dict[str, Tour]] = defaultdict(dict)
    for tour in ordered(problem, tours):
        for spot in _spots(problem, tour):
            found[spot].setdefault(str(tour.staff), tour)
    return found


def _distance(one: Tour, other: Tour) -> tuple[bool, bool, int, int]:
    """Return how unlike two tours of one person are."""
    common = max(0, min(one.end, other.end) - max(one.start, other.start))
    elsewhere, otherwise = str(one.station) != str(other.station), str(one.skill) != str(other.skill)
    return elsewhere, otherwise, -common, abs(one.start - other.start)


def _kind(before: Tour | None, after: Tour | None) -> str:
    if before is None or after is None:
        return "dropped" if before else "new"
    elsewhere, otherwise, *_ = _distance(before, after)
    if elsewhere or otherwise:
        return "station" if elsewhere else "role"
    if before.start == after.start:
        return "longer" if after.weeks > before.weeks else "shorter"
    return "weeks"


def _runs(weeks: Sequence[int]) -> str:
    """
    Return weeks, counted from 1, as runs.

    >>> _runs([0, 1, 2, 6])
    '1–3, 7'
    """
    runs: list[list[int]] = []
    for week in sorted(weeks):
        if runs and runs[-1][-1] == week:
            runs[-1].append(week + 1)
        else:
            runs.append([week + 1])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
