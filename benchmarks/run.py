"""
Benchmarks, one table a question, every peer in the same run. Read ratios, not seconds.

    python -m benchmarks.run                      all questions, short (make bench)
    python -m benchmarks.run --full               all questions, in full; hours (make bench-full)
    python -m benchmarks.run quality small --seeds 11 12 13 --json figures.json
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import nation, pages, proofs, questions, replans, slow_line
from benchmarks.tables import Table, save

Ask = Callable[[argparse.Namespace, bool], Table]  # options, in full


def _seeds(asked: argparse.Namespace, short: int, full: int, *, in_full: bool) -> list[int]:
    return asked.seeds or list(range(1001, 1001 + (full if in_full else short)))


def _quality(asked: argparse.Namespace, full: bool) -> Table:
    limits = asked.seconds or ([3, 20, 60, 300] if full else [3, 20])
    return questions.quality(asked.size or "full", _seeds(asked, 2, 5, in_full=full), limits)


def _small(asked: argparse.Namespace, full: bool) -> Table:
    seconds = asked.seconds[0] if asked.seconds else 60 if full else 12
    return questions.small(asked.size or "small", _seeds(asked, 2, 9, in_full=full), seconds, 120 if full else 45)


def _bound(asked: argparse.Namespace, full: bool) -> Table:
    size, seconds = (
        asked.size or ("full" if full else "small"),
        asked.seconds[0] if asked.seconds else 60 if full else 8,
    )
    methods = ("ipm", "simplex") if size != "full" or full else ("ipm",)
    return questions.bound(size, _seeds(asked, 2, 5, in_full=full), seconds, 600, methods)


def _peers(asked: argparse.Namespace, full: bool) -> Table:
    seconds = asked.seconds[0] if asked.seconds else 120 if full else 12
    size = asked.size or ("full" if full else "small")
    return questions.peers(size, _seeds(asked, 1, 3, in_full=full), seconds)


def _shapes(asked: argparse.Namespace, full: bool) -> Table:
    seconds = asked.seconds[0] if asked.seconds else 30 if full else 3
    return questions.shapes([], _seeds(asked, 1, 3, in_full=full), seconds, share=1.0 if full else 0.3)


def _replans(asked: argparse.Namespace, full: bool) -> Table:
    seeds = _seeds(asked, 1, 3, in_full=full)
    limit = asked.seconds[0] if asked.seconds else 2.0
    if full:
        return replans.replans(
            asked.size or "full", seeds, first=60, again=60, limit=limit, times=5, strikes=tuple(replans.STRIKES)
        )
    return replans.replans(asked.size or "small", seeds, first=5, again=10, limit=limit, times=2)


def _nation(asked: argparse.Namespace, full: bool) -> Table:
    seed = _seeds(asked, 1, 1, in_full=full)[0]
    minutes = asked.seconds[0] / 60 if asked.seconds else 10 if full else 1
    return nation.nation(seed, minutes, share=1.0 if full else 0.1)


def _weeks(asked: argparse.Namespace, full: bool) -> Table:
    seconds = asked.seconds[0] if asked.seconds else 300 if full else 20
    return questions.weeks(_seeds(asked, 1, 3, in_full=full), seconds)


def _check(asked: argparse.Namespace, full: bool) -> Table:
    return proofs.judged(asked.count or (10_000 if full else 2_000), _seeds(asked, 1, 1, in_full=full)[0])


def _certificate(asked: argparse.Namespace, full: bool) -> Table:
    return proofs.certificates(asked.count or (1_000 if full else 40), _seeds(asked, 1, 1, in_full=full)[0])


def _pages(asked: argparse.Namespace, full: bool) -> Table:
    return pages.pages(asked.count or 15_000, 100 if full else 40)


def _line(asked: argparse.Namespace, full: bool) -> Table:
    return slow_line.slow_line(asked.count or (5 if full else 1))


QUESTIONS: dict[str, Ask] = {
    "check": _check,
    "certificate": _certificate,
    "small": _small,
    "bound": _bound,
    "peers": _peers,
    "shapes": _shapes,
    "replan": _replans,
    "nation": _nation,
    "weeks": _weeks,
    "pages": _pages,
    "line": _line,
    "quality": _quality,
}


def main(arguments: list[str] | None = None) -> None:
    """Answer the asked questions, print a table each, keep them as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", help=f"of {' '.join(QUESTIONS)}; none: all")
    parser.add_argument("--full", action="store_true", help="in full: more seeds, full size, long limits")
    parser.add_argument("--seeds", nargs="+", type=int, help="instead of 1001, 1002, …")
    parser.add_argument("--seconds", nargs="+", type=float, help="limits of our solver (and of peers, at equal time)")
    parser.add_argument("--size", choices=("tiny", "small", "full", "long"))
    parser.add_argument("--count", type=int, help="how many random instances (check, certificate)")
    parser.add_argument("--json", type=Path, help="write all rows there, after every table")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.questions) - set(QUESTIONS):
        parser.error(f"no question {', '.join(sorted(unknown))}; there are {', '.join(QUESTIONS)}")
    tables: list[Table] = []
    for name in asked.questions or QUESTIONS:
        began = time.monotonic()
        print(f"# {name}", file=sys.stderr, flush=True)
        tables.append(QUESTIONS[name](asked, asked.full))
        tables[-1].settings["took"] = round(time.monotonic() - began, 1)
        print(tables[-1].text(), flush=True)
        if asked.json:
            save(tables, asked.json)


if __name__ == "__main__":
    main()
