"""Peers run in processes of their own: a question on standard input, an answer on standard output, both JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GRACE = 60.0  # seconds a peer may take beside twice its limit before it is ended


def ask(script: str, question: dict[str, Any], *, limit: float | None, python: str = sys.executable) -> dict[str, Any]:
    """
    Return the answer of a peer, with `wall` seconds; of one that dies or never answers, {error}.

    limit : seconds; twice that and GRACE later it is ended; None: as long as it takes
    """
    command = [python, str(ROOT / "benchmarks" / script)]
    path = os.pathsep.join((str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])))
    began = time.monotonic()
    try:
        done = subprocess.run(
            command,
            input=json.dumps(question),
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": path},
            timeout=None if limit is None else 2 * limit + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"no answer after {2 * (limit or 0) + GRACE:.0f} s", "wall": time.monotonic() - began}
    wall = time.monotonic() - began
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
        return {"error": last[0], "wall": wall}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**answer, "wall": wall}


def answer(reply: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Read the question, print the answer in one last line with the most memory this process used."""
    found = reply(json.load(sys.stdin))
    print(json.dumps({**found, "peak_mb": peak_mb()}), flush=True)


def peak_mb(*, children: bool = False) -> float | None:
    """Return the most memory this process has held, or the largest of its children; None where one cannot ask."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return round(resource.getrusage(who).ru_maxrss / unit, 1)
