"""
The certificate of a bound: prices that anybody can put into `verify.py`, without a solver, to have the bound again.

It may prove less than the bound of the plan file, which can rest on cuts and whole models too; it never proves more
than is true, whatever its prices are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tramyte.domain.errors import BadData, Infeasible
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Plan, Tour
from tramyte.rotation import read as problem_files
from tramyte.rotation.check import clashes
from tramyte.rotation.problem import Problem
from tramyte.rotation.values import MOST, Reader, shown
from tramyte.rotation.verify import verify

if TYPE_CHECKING:
    from tramyte.rotation.solve.search import Search

SCHEMA, PROBLEM = "rotation-cert/1", "rotation/1"
LATE = 100  # steps of prices where the search was over before the first
LARGEST = MOST**3  # in 1/scale: more than any sum of prices that a problem file allows

Prices = Mapping[tuple[str, str, int], int]  # (station or unit, skill, week), ids as text -> price in 1/scale


@dataclass(frozen=True)
class Certificate:
    """
    Prices in 1/scale, those of 0 left out, and the bound that they prove.

    cover : (station, skill, week) -> price of one more person there; away : (unit, primary skill, week) -> of one away
    """

    scale: int
    cover: Prices
    away: Prices
    bound: int

    def to_json(self, problem: Problem) -> dict[str, Any]:
        """Return the object of a certificate file, ids in the type of the problem file."""
        stations = {name: station.id for name, station in problem.station_by_id.items()}
        units = {name: unit.id for name, unit in problem.unit_by_id.items()}
        return {
            "schema": SCHEMA,
            "scale": self.scale,
            "cover": list(_rows(problem, self.cover, "station", stations)),
            "away": list(_rows(problem, self.away, "unit", units)),
            "bound": self.bound,
        }


def certified(problem: Problem, *, scale: int, cover: Prices, away: Prices) -> Certificate:
    """
    Return prices with the bound that they prove, as `verify` counts it.

    raises : BadData, the problem is none of rotation/1, of which alone `verify` knows the rules
    """
    found = Certificate(scale, {k: p for k, p in cover.items() if p}, {k: p for k, p in away.items() if p}, 0)
    return Certificate(found.scale, found.cover, found.away, verified(problem, (), certificate=found)[0])


def verified(problem: Problem, tours: Iterable[Tour], *, certificate: Certificate) -> tuple[int, int]:
    """
    Return the bound that a certificate proves and the objective of a plan, both counted again by `verify`.

    raises : BadData, the problem is none of rotation/1
    """
    return verify(provable(problem), [tour.to_json() for tour in tours], certificate.to_json(problem))


def provable(problem: Problem) -> dict[str, Any]:
    """
    Return the file of a problem whose rules `verify` knows.

    raises : BadData, it is none of rotation/1
    """
    file = problem_files.to_json(problem)
    if file["schema"] != PROBLEM:
        raise BadData([Finding("C201", "schema", "", {"read": shown(file["schema"])})])
    return file


def read(data: bytes | str | Mapping[str, Any], problem: Problem) -> Certificate:
    """
    Return the certificate of a file, as bytes, text or an object, for this problem.

    raises : BadData, with every finding, by path
    """
    raw = problem_files._object(data)
    reader = Reader()
    if raw.get("schema") != SCHEMA:
        raise BadData([Finding("C200", "schema", "", {"read": shown(raw.get("schema")), "wanted": SCHEMA})])
    scale = reader.integer(raw, "scale", "", least=1)
    cover = _prices(reader, raw, "cover", problem, "station", problem.station_by_id)
    away = _prices(reader, raw, "away", problem, "unit", problem.unit_by_id)
    bound = reader.integer(raw, "bound", "", least=-LARGEST, most=LARGEST)
    if reader.findings:
        raise BadData(reader.findings)
    return Certificate(scale, cover, away, bound)


def _rows(problem: Problem, prices: Prices, key: str, ids: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for (name, skill, week), price in prices.items():
        yield {key: ids[name], "skill": problem.skill_by_id[skill].id, "week": week, "price": price}


def _prices(
    reader: Reader, raw: Mapping[str, Any], key: str, problem: Problem, name: str, names: Mapping[str, Any]
) -> Prices:
    found: dict[tuple[str, str, int], int] = {}
    for path, row in reader.rows(raw, key):
        before = len(reader.findings)
        reader.known(row.get(name), names, f"{path}.{name}", f"{name}s")
        reader.known(row.get("skill"), problem.skill_by_id, f"{path}.skill", "skills")
        week = reader.integer(row, "week", path, most=problem.weeks - 1)
        price = reader.integer(row, "price", path, most=LARGEST)
        place = str(row.get(name)), str(row.get("skill")), week
        if len(reader.findings) == before and place in found:
            reader.report("C202", path)
        found[place] = price
    return found


def solved(problem: Problem, *, workers: int = 2, **limits: Any) -> tuple[Plan, Certificate]:
    """
    Return the plan that `solve` finds within these limits, and the certificate of the best prices it met.

    raises : Infeasible, the tours that must stand clash; BadData, the problem is none of rotation/1
    """
    from tramyte.rotation.solve.run import Run  # the solver is large, and a certificate is read without it

    provable(problem)
    if broken := clashes(problem):
        raise Infeasible(broken)
    run = Run(problem, **limits)
    run.search(workers)
    scale = max((search.prices.scale for search in run.searches), default=1)  # powers of 2: the finest serves all
    cover: dict[tuple[str, str, int], int] = {}
    away: dict[tuple[str, str, int], int] = {}
    for search in run.searches:
        part, prices = search.part, _prices_of(search)
        cells = [(str(problem.stations[index].id), skill) for index, skill in part.cells]
        caps = sorted({(str(who.unit), who.primary) for actor in part.people for who in actor.people})
        for target, pairs, table in zip((cover, away), (cells, caps), prices, strict=True):
            for pair, row in zip(pairs, table.tolist(), strict=True):
                target.update({(*pair, week): round(price * scale) for week, price in enumerate(row)})
    return run.plan(), certified(problem, scale=scale, cover=cover, away=away)


def _prices_of(search: Search) -> tuple[Any, Any]:
    """Return the best prices of a search; one that was over before it asked for any asks now."""
    from tramyte.rotation.solve.compiled import Flag

    prices = search.prices
    if not search.kernel.can_go.any():
        return search.top, prices.absent  # nobody sells: the first person's price buys nobody
    if not prices.earn.any():
        prices.start(search.top)
        prices.ascend(LATE, (search.usual / 5, search.usual / 5000), 0.9, Flag())
    return prices.earn, prices.absent
