"""How good, how soon, how sure? One table a question, on provinces from seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.instances import preset
from benchmarks.ours import at, run_ours, time_to_bound, time_to_gap
from benchmarks.peers import Result, lp_bound, run_best_value, run_clerk, run_cpsat, run_highs, run_timefold
from benchmarks.shapes import SHAPES, shape
from benchmarks.tables import Table, middle, percent, worst
from tramyte.rotation.problem import Problem

Seeds = Sequence[int]


def quality(size: str, seeds: Seeds, limits: Sequence[float]) -> Table:
    """How good is a plan after so many seconds? A run of its own for each limit."""
    table = Table(
        f"{size}: how good is a plan after …?", {"preset": size, "seeds": list(seeds), "seconds": list(limits)}
    )
    found: dict[float, list[tuple[float, float]]] = {limit: [] for limit in limits}
    for seed in seeds:
        problem = preset(size, seed)
        greedy = run_clerk(problem).total or 0
        for limit in limits:
            own = run_ours(problem, limit)
            gap, better = own.gap or 0.0, 1 - (own.total or 0) / greedy
            found[limit].append((gap, better))
            table.add(
                seed=seed, limit=limit, seconds=round(own.seconds, 2), total=own.total, bound=own.bound,
                gap=percent(gap), critical=own.critical, clerk=greedy, better=percent(better, 1),
            )  # fmt: skip
    for limit, rows in found.items():
        gaps, gains = [gap for gap, _ in rows], [better for _, better in rows]
        table.summary.append({
            "seconds": limit, "gap median": percent(middle(gaps)), "gap worst": percent(worst(gaps)),
            "better than the clerk, median": percent(middle(gains), 1), "worst": percent(min(gains), 1),
        })  # fmt: skip
    return table


def small(size: str, seeds: Seeds, seconds: float, alone: float) -> Table:
    """When is the gap at most 1 %, when is the best plan proved, and how long does HiGHS alone take?"""
    settings = {"preset": size, "seeds": list(seeds), "ours at most": seconds, "HiGHS at most": alone}
    table = Table(f"{size}: when is it good, when is it proved?", settings)
    for seed in seeds:
        problem = preset(size, seed)
        own = run_ours(problem, seconds)
        peer = run_highs(problem, alone)
        proved = own.seconds if own.gap == 0 else None
        theirs = peer.seconds if peer.gap == 0 else None
        table.add(
            seed=seed, total=own.total, to_1_percent=time_to_gap(own.trace, 0.01), to_proof=proved,
            gap=percent(own.gap), highs_total=peer.total, highs_to_proof=theirs, highs_gap=percent(peer.gap),
            ratio=theirs / proved if theirs and proved else None, note=peer.note,
        )  # fmt: skip
    for key in ("to_1_percent", "to_proof", "highs_to_proof"):
        values = [row[key] for row in table.rows]
        table.summary.append({"seconds": key, "median": middle(values), "worst": worst(values)})
    table.notes.append("A dash: not within the limit. HiGHS gets the model built; building is not in its seconds.")
    return table


def bound(size: str, seeds: Seeds, seconds: float, patience: float, methods: Sequence[str]) -> Table:
    """When is our bound within 0.1 % of the LP, and how long does HiGHS take for the LP itself?"""
    settings = {"preset": size, "seeds": list(seeds), "ours at most": seconds, "LP at most": patience}
    table = Table(f"{size}: how close is the bound to the LP, and how soon?", settings)
    for seed in seeds:
        problem = preset(size, seed)
        lps = {method: lp_bound(problem, method, patience) for method in methods}
        value = next((one["value"] for one in lps.values() if one.get("value") is not None), None)
        own = run_ours(problem, seconds)
        reached = None if value is None else time_to_bound(own.trace, value - 0.001 * abs(value))
        ipm = lps.get("ipm", {})
        done = {f"{method}_seconds": one["seconds"] if one.get("value") else None for method, one in lps.items()}
        table.add(
            seed=seed, lp=value, bound=own.bound,
            below=None if value is None else percent((value - (own.bound or 0)) / abs(value), 3),
            ours_to_a_thousandth=reached, **done,
            ratio=ipm["seconds"] / reached if reached and ipm.get("value") else None,
        )  # fmt: skip
    ratios = [row["ratio"] for row in table.rows]
    least = min(ratios) if ratios and None not in ratios else None
    lowest = middle([None if one is None else -one for one in ratios])
    table.summary.append({"LP seconds / ours, median": None if lowest is None else -lowest, "worst": least})
    table.notes.append(
        "Ours counts from the call of solve, first plans and all, by its progress, which comes at most every half "
        "second. HiGHS counts its run alone, components one by one, interior point without crossover."
    )
    return table


PEERS: dict[str, Callable[[Problem, float], Result]] = {
    "tramyte": run_ours,
    "clerk": lambda problem, _: run_clerk(problem),
    "best value": lambda problem, _: run_best_value(problem),
    "HiGHS MIP": run_highs,
    "CP-SAT 8": run_cpsat,
    "Timefold": run_timefold,
}


def peers(size: str, seeds: Seeds, seconds: float, names: Sequence[str] = tuple(PEERS)) -> Table:
    """What do others find in the same time?"""
    settings = {"preset": size, "seeds": list(seeds), "seconds": seconds}
    table = Table(f"{size}: what do others find in the same time?", settings)
    ratios: dict[str, list[float | None]] = {name: [] for name in names}
    for seed in seeds:
        problem, ours = preset(size, seed), None
        for name in names:
            own = PEERS[name](problem, seconds)
            ours = own.total if name == "tramyte" else ours
            ratio = own.total / ours if own.total is not None and ours else None
            ratios[name].append(ratio)
            table.add(
                seed=seed, method=name, total=own.total, ratio=ratio, bound=own.bound, gap=percent(own.gap),
                critical=own.critical if own.total is not None else None, seconds=round(own.seconds, 1),
                peak_mb=own.peak_mb, note=own.note,
            )  # fmt: skip
    for name, values in ratios.items():
        known = [value for value in values if value is not None]
        table.summary.append({
            "method": name, "cost / ours, median": middle(values), "least": min(known, default=None),
            "plans": f"{len(known)} of {len(values)}",
        })  # fmt: skip
    table.notes.append("A dash: no plan. Peers get the model built, and as long as they overrun their limit.")
    return table


def shapes(names: Sequence[str], seeds: Seeds, seconds: float, *, share: float = 1.0) -> Table:
    """What about problems unlike the presets?"""
    settings = {"seeds": list(seeds), "seconds": seconds, "share": share}
    table = Table("shapes: what about problems unlike the presets?", settings)
    for name in names or list(SHAPES):
        for seed in seeds:
            problem = shape(name, seed, share=share)
            own, peer = run_ours(problem, seconds), run_highs(problem, seconds)
            table.add(
                shape=name, seed=seed, total=own.total, gap=percent(own.gap), seconds=round(own.seconds, 1),
                clerk=run_clerk(problem).total, highs=peer.total, highs_gap=percent(peer.gap),
                highs_seconds=round(peer.seconds, 1), note=own.note or peer.note,
            )  # fmt: skip
            if _contradict(own, peer) or _contradict(peer, own):
                table.notes.append(f"{name} {seed}: THE PROOFS CONTRADICT EACH OTHER")
    return table


def _contradict(one: Result, other: Result) -> bool:
    return one.bound is not None and other.total is not None and one.bound > other.total


def weeks(seeds: Seeds, seconds: float, sizes: tuple[str, str] = ("full", "long")) -> Table:
    """How much longer do twice as many weeks take, to the same gap?"""
    settings = {"presets": list(sizes), "seeds": list(seeds), "seconds": seconds}
    table = Table("26 or 52 weeks: how much longer, to the same gap?", settings)
    targets = (0.01, 0.0125, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3)
    for seed in seeds:
        traces = [run_ours(preset(size, seed), seconds).trace for size in sizes]
        times = [(gap, *(time_to_gap(trace, gap) for trace in traces)) for gap in targets]
        both = next(((gap, one, two) for gap, one, two in times if one and two), None)
        last = [at(trace, float("inf")) for trace in traces]
        gaps = [percent((total - low) / abs(total)) if total and low is not None else None for total, low in last]
        gap, one, two = both or (None, None, None)
        table.add(
            seed=seed, gap=percent(gap), short=one, long=two, ratio=two / one if one and two else None, at_end=gaps
        )
    ratios = [row["ratio"] for row in table.rows]
    table.summary.append({"ratio, median": middle(ratios), "worst": worst(ratios)})
    table.notes.append("The smallest of some gaps that both reach within the limit. A dash: there is none.")
    return table
