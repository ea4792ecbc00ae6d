"""The kernels once more, in another process, built so that every false step in memory or arithmetic ends it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest

ROOT = Path(__file__).resolve().parents[3]
OPTIONS = (
    "-O1", "-g", "-std=gnu11", "-ffp-contract=off", "-fPIC", "-shared", "-fvisibility=hidden",
    "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
)  # fmt: skip
RUNTIMES = ("libasan.so", "libubsan.so")

PROBE = """
import sys
from tramyte.rotation.solve import compiled
from pathlib import Path
compiled.LIBRARY = Path(sys.argv[1])
from tests.rotation.solve import slow
from tramyte.rotation.check import check
from tramyte.rotation.solve import solve
from tramyte.rotation.solve.compiled import Flag, Kernel
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.prices import Hints, Prices
from benchmarks.instances import province

for seed in slow.solvable(5000, 800):
    for part in slow.parts_of(seed):
        kernel = Kernel(part)
        draft, prices, dive = Draft(kernel), Prices(kernel), Draft(kernel)
        earn, absent = slow.some_prices(part, seed)
        prices.bound_at(earn, absent)
        prices.columns(earn, absent, 1e9)
        prices.ascend(20, (30.0, 1.0), 0.5, Flag())
        hints = Hints(kernel, prices, near=5.0, least=1.0)
        draft.rounds(range(len(part.people)), Flag())
        draft.wastes(hints)
        if kernel.can_go.any():
            draft.shake(100, (2, 4), (50.0, 0.0), Flag(), hints)
            draft.shake(50, (1, 1), (0.0, 0.0), Flag())
        prices.dive(dive, 8, 0.3, (20.0, 1.0), 0.8, Flag())
        assert not slow.breaks(part, slow.plan_in(dive))
        assert not slow.breaks(part, slow.plan_in(draft))
    problem = slow.problem_of(seed)
    assert not check(problem, solve(problem, work=50, seed=seed).assignments)
problem = province(3, staff=60, stations=14, weeks=10)
assert not check(problem, solve(problem, work=20).assignments)
print("sound")
"""


@pytest.mark.long
def test_no_kernel_ever_leaves_its_arrays(tmp_path):
    tool = run_path(str(ROOT / "tools" / "kernel.py"))
    runtimes = [_runtime(name) for name in RUNTIMES]
    if not all(runtimes):
        pytest.skip("this C compiler brings no sanitizer: the kernels were NOT run through one")
    library = tool["build"](options=OPTIONS, target=tmp_path / "checked.so")
    environment = {
        **os.environ,
        "LD_PRELOAD": " ".join(map(str, runtimes)),
        "ASAN_OPTIONS": "detect_leaks=0",  # the interpreter leaks, the kernels do not allocate
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(library)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.split() == ["sound"]


def _runtime(name):
    """The library of a sanitizer that must be loaded before anything else; None: there is none."""
    compiler = os.environ.get("CC", "").split() or [shutil.which("cc") or shutil.which("gcc") or ""]
    if sys.platform != "linux" or not compiler[0]:
        return None
    told = subprocess.run([*compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=False)
    path = Path(told.stdout.strip())
    return path.resolve() if path.is_absolute() and path.exists() else None
