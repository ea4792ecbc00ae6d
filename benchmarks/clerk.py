"""
Plans without a solver: what a clerk does with a spreadsheet, and a greedy by best value. Neither knows our solver.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator

from benchmarks.model import World
from tramyte.domain.plan import Tour
from tramyte.rotation.check import fairness, travel
from tramyte.rotation.problem import Person, Problem

Offer = tuple[Person, tuple[str, str], int, int]  # who, (station, role), start, weeks


class Book:
    """The clerk's book: who is away when, who is where, how many may still leave."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.world = problem, World(problem)
        self.tours: defaultdict[str, list[Tour]] = defaultdict(list)
        self.away: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self.came: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self.spans = {str(person.id): set(self.world.spans(person)) for person in problem.staff}
        self.stations = {str(station.id): station.id for station in problem.stations}
        self.skills = {str(skill.id): skill.id for skill in problem.skills}

    def missing(self, cell: tuple[str, str], week: int) -> int:
        """Return what one more person would save there that week."""
        saves = self.world.price[cell].get(week, ())
        came = self.came[(*cell, week)]
        return saves[came] if came < len(saves) else 0

    def can_go(self, person: Person, start: int, weeks: int) -> bool:
        """Return whether the person may leave for these weeks, given all tours in the book."""
        own, unit = self.tours[str(person.id)], str(person.unit)
        return (
            (start, weeks) in self.spans[str(person.id)]
            and len(own) < self.world.turns(person)
            and all(
                start >= tour.end + person.rest_weeks or tour.start >= start + weeks + person.rest_weeks for tour in own
            )
            and all(
                self.away[unit, person.primary, week] < self.world.left(unit, person.primary, week)
                for week in range(start, start + weeks)
            )
        )

    def send(self, person: Person, cell: tuple[str, str], start: int, weeks: int) -> None:
        """Write a tour into the book."""
        tour = Tour(person.id, self.stations[cell[0]], self.skills[cell[1]], start, weeks)
        self.tours[str(person.id)].append(tour)
        for week in range(start, start + weeks):
            self.away[str(person.unit), person.primary, week] += 1
            self.came[(*cell, week)] += 1

    def plan(self) -> list[Tour]:
        """Return all tours, those that must stand first."""
        return [*self.problem.locked_set, *(tour for own in self.tours.values() for tour in own)]


def clerk(problem: Problem) -> list[Tour]:
    """
    First the critical people of every need, then the others; the dearest needs first; in each down its weeks. Send
    whoever has the role as the primary one, may not travel far anyway, and has been away least; for the length that
    fills most of the weeks still open. The strongest of two dozen such orders on the given provinces.
    """
    book = Book(problem)
    load = {str(person.id): person.prior_weeks for person in problem.staff}
    price = {cell: max(max(saves, default=0) for saves in weeks.values()) for cell, weeks in book.world.price.items()}
    order = sorted(price, key=lambda cell: -price[cell])
    holders = {cell: _holders(book, cell) for cell in order}
    for least in (_critical(problem), 0):
        for cell in order:
            for week in sorted(book.world.price[cell]):
                while book.missing(cell, week) > least and (
                    found := _free(book, cell, week, holders[cell], load, least)
                ):
                    person, weeks = found
                    book.send(person, cell, week, weeks)
                    load[str(person.id)] += weeks
    return book.plan()


def _critical(problem: Problem) -> int:
    """Return what the dearest absence costs that is not critical: whoever saves more is wanted critically."""
    return max((need.w_norm * need.count for station in problem.stations for need in station.needs), default=0)


def _holders(book: Book, cell: tuple[str, str]) -> list[Person]:
    own = [person for person in book.problem.staff if cell[1] in map(str, person.skills)]
    return [person for person in own if book.world.reaches(person, cell[0])]


def _free(
    book: Book, cell: tuple[str, str], week: int, holders: list[Person], load: dict[str, int], least: int
) -> tuple[Person, int] | None:
    def filled(weeks: int) -> int:
        return sum(book.missing(cell, one) > least for one in range(week, week + weeks))

    for person in sorted(holders, key=lambda one: (one.primary != cell[1], one.max_travel_min, load[str(one.id)])):
        for weeks in sorted(book.world.lengths[str(person.unit)], key=lambda one: (-filled(one), one)):
            if book.can_go(person, week, weeks):
                return person, weeks
    return None


def best_value(problem: Problem) -> list[Tour]:
    """Send, again and again, whoever saves most at that moment, over every person, place, week and length."""
    book = Book(problem)
    heap = [(-value, number, offer) for number, (value, offer) in enumerate(_offers(book))]
    heapq.heapify(heap)
    while heap:
        value, number, offer = heapq.heappop(heap)
        person, cell, start, weeks = offer
        now = _value(book, person, cell, start, weeks)
        if now <= 0 or not book.can_go(person, start, weeks):
            continue  # neither grows again
        if -now > value and heap and -now > heap[0][0]:
            heapq.heappush(heap, (-now, number, offer))
        else:
            book.send(person, cell, start, weeks)
    return book.plan()


def _offers(book: Book) -> Iterator[tuple[int, Offer]]:
    for person in book.problem.staff:
        cells = [
            cell
            for cell in book.world.price
            if cell[1] in map(str, person.skills) and book.world.reaches(person, cell[0])
        ]
        for start, weeks in book.spans[str(person.id)]:
            for cell in cells:
                if (value := _value(book, person, cell, start, weeks)) > 0:
                    yield value, (person, cell, start, weeks)


def _value(book: Book, person: Person, cell: tuple[str, str], start: int, weeks: int) -> int:
    """Return what this tour would save now, its own costs taken off."""
    saved = sum(book.missing(cell, week) for week in range(start, start + weeks))
    if not saved:
        return 0
    before = sum(tour.weeks for tour in (*book.tours[str(person.id)], *book.world.locked[str(person.id)]))
    strain = fairness(book.problem, person, before + weeks) - fairness(book.problem, person, before)
    fare = travel(book.problem, Tour(person.id, cell[0], cell[1], start, weeks))
    return saved - strain - fare - book.problem.weights["start_fee"]
