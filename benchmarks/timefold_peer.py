"""
Timefold on the slots of `slots.py`: construction, then local search, as the package does by default.

Runs with an interpreter that has `timefold` (and Java), and needs nothing of tramyte there. Scores are
hard (rest, people away) and soft (what is saved, less what it costs).
"""

# mypy: disable-error-code="import-not-found,untyped-decorator"
from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)

LENGTH, PRICE, ZERO, LONGEST = 64, 8192, 4096, 1024  # as in slots.py


@dataclass(frozen=True)
class Saving:
    """What the rank-th person of a cell's week saves."""

    cell: int
    week: int
    saves: int
    rank: int


@dataclass(frozen=True)
class Cap:
    """How many people of one unit and primary skill may be away in a week."""

    cap: int
    week: int
    most: int


@planning_entity
@dataclass
class Slot:
    """One tour that a person could make."""

    id: Annotated[int, PlanningId]
    person: int
    cap: int
    rest: int
    load: int
    target: int
    options: Annotated[list[int], ValueRangeProvider(id="options")]
    choice: Annotated[int | None, PlanningVariable(value_range_provider_refs=["options"], allows_unassigned=True)] = (
        field(default=None)
    )


@planning_solution
@dataclass
class Book:
    """All slots, and what is asked of them."""

    savings: Annotated[list[Saving], ProblemFactCollectionProperty]
    caps: Annotated[list[Cap], ProblemFactCollectionProperty]
    slots: Annotated[list[Slot], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


def weeks_of(choice: int) -> int:
    """Return how long."""
    return (choice // 8192) % 64


def start_of(choice: int) -> int:
    """Return from which week."""
    return (choice // 524288) % 1024


def cell_of(choice: int) -> int:
    """Return which cell."""
    return choice // 536870912


def end_of(choice: int) -> int:
    """Return the first week after."""
    return start_of(choice) + weeks_of(choice)


def clash(one: int, other: int, rest: int) -> bool:
    """Return whether two tours of a person lie too near."""
    return (
        start_of(one) < start_of(other) + weeks_of(other) + rest
        and start_of(other) < start_of(one) + weeks_of(one) + rest
    )


def strain(load: int, weeks: int, times_target: int) -> int:
    """Return how many of these weeks lie above the target."""
    return max(0, load + weeks - times_target) - max(0, load - times_target)


FAIR = [0, 0]


@constraint_provider
def rules(factory: ConstraintFactory) -> list[Constraint]:
    """Return all rules and prices."""
    return [*must_hold(factory), *prices(factory)]


def must_hold(factory: ConstraintFactory) -> list[Constraint]:
    """Return rest between two tours, and the most people away."""
    return [
        factory.for_each_unique_pair(Slot, Joiners.equal(lambda slot: slot.person))
        .filter(lambda a, b: clash(a.choice, b.choice, a.rest))
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("rest"),
        factory.for_each(Slot)
        .join(
            Cap,
            Joiners.equal(lambda slot: slot.cap, lambda cap: cap.cap),
            Joiners.less_than_or_equal(lambda slot: start_of(slot.choice), lambda cap: cap.week),
            Joiners.greater_than(lambda slot: end_of(slot.choice), lambda cap: cap.week),
        )
        .group_by(lambda slot, cap: cap, ConstraintCollectors.count_bi())
        .filter(lambda cap, count: count > cap.most)
        .penalize(HardSoftScore.ONE_HARD, lambda cap, count: count - cap.most)
        .as_constraint("away"),
    ]


def prices(factory: ConstraintFactory) -> list[Constraint]:
    """Return what tours save and cost, and fairness."""
    fair1, fair2 = FAIR
    return [
        factory.for_each(Slot)
        .join(
            Saving,
            Joiners.equal(lambda slot: cell_of(slot.choice), lambda saving: saving.cell),
            Joiners.less_than_or_equal(lambda slot: start_of(slot.choice), lambda saving: saving.week),
            Joiners.greater_than(lambda slot: end_of(slot.choice), lambda saving: saving.week),
        )
        .group_by(lambda slot, saving: saving, ConstraintCollectors.count_bi())
        .filter(lambda saving, count: count >= saving.rank)
        .reward(HardSoftScore.ONE_SOFT, lambda saving, count: saving.saves)
        .as_constraint("saved"),
        factory.for_each(Slot)
        .impact(HardSoftScore.ONE_SOFT, lambda slot: 4096 - slot.choice % 8192)
        .as_constraint("price"),
        factory.for_each(Slot)
        .group_by(
            lambda slot: slot.person,
            lambda slot: slot.load,
            lambda slot: slot.target,
            ConstraintCollectors.sum(lambda slot: weeks_of(slot.choice)),
        )
        .penalize(
            HardSoftScore.ONE_SOFT,
            lambda person, load, target, weeks: (
                fair1 * strain(load, weeks, target) + fair2 * strain(load, weeks, 2 * target)
            ),
        )
        .as_constraint("fair"),
    ]


def solve(question: dict[str, Any]) -> dict[str, Any]:
    """Return slots chosen, and when each better plan was found."""
    FAIR[:] = question["fair"]
    slots: list[Slot] = []
    for index, person in enumerate(question["people"]):
        facts = (person["cap"], person["rest"], person["load"], person["target"])
        slots += [Slot(len(slots) + n, index, *facts, person["options"]) for n in range(person["slots"])]
    book = Book([Saving(*row) for row in question["saves"]], [Cap(*row) for row in question["caps"]], slots)
    config = SolverConfig(
        solution_class=Book,
        entity_class_list=[Slot],
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=rules),
        termination_config=TerminationConfig(spent_limit=Duration(seconds=round(question["seconds"]))),
    )
    trace: list[tuple[float, float, None]] = []
    began = time.monotonic()

    def better(event: Any) -> None:
        score = event.new_best_score
        if score.hard_score == 0:
            trace.append((time.monotonic() - began, question["base"] - score.soft_score, None))

    solver = SolverFactory.create(config).build_solver()
    solver.add_event_listener(better)
    found = solver.solve(book)
    seconds = time.monotonic() - began
    if found.score.hard_score < 0:
        return {"assignments": None, "seconds": seconds, "error": f"no admissible plan: {found.score}"}
    chosen = [(slot.person, slot.choice) for slot in found.slots if slot.choice is not None]
    own = question["base"] - found.score.soft_score
    return {"slots": chosen, "seconds": seconds, "trace": trace, "own": own, "peak_mb": peak_mb()}


def peak_mb() -> float | None:
    """Return the most memory this process has held, the Java machine inside it; None where one cannot ask."""
    try:
        import resource
    except ImportError:
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10), 1)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    sys.stdout.flush()
    answer = solve(asked)
    print()
    print(json.dumps(answer), flush=True)
