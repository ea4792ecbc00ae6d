"""
Compile the kernels of the rotation solver, at installation: `python tools/kernel.py`.

Any C compiler will do: $CC, cc, gcc or clang; without one, the package ziglang brings one (make installs it then).
The library knows no Python version, but the sources it was built from: compiled.py refuses one built from others.
Nothing is compiled again while sources and compiler stay the same.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "src" / "tramyte" / "rotation" / "solve" / "kernel"
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
# no contraction, no fast-math: every machine gives the same sums
OPTIONS = ("-O3", "-std=gnu11", "-ffp-contract=off", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra")
NONE = """\
The solver is compiled at installation, and no C compiler was found.
Install gcc or clang, set CC to one, or run: pip install ziglang"""


def compilers() -> list[list[str]]:
    """Return the commands of the C compilers at hand, the first to be tried first; $CC stands alone."""
    if named := os.environ.get("CC"):
        return [named.split()]
    found = [[path] for name in ("cc", "gcc", "clang") if (path := shutil.which(name))]
    return found + ([[sys.executable, "-m", "ziglang", "cc"]] if find_spec("ziglang") else [])


def build(*, options: tuple[str, ...] = OPTIONS, target: Path | None = None) -> Path:
    """Return the library, built if it is missing or was built from other words; or end with what to install."""
    target = target or FOLDER / f"kernel{SUFFIX}"
    failed = []
    for command in compilers():
        done = _build([*command, *options], target)
        if done.returncode == 0:
            return target
        failed.append(f"{' '.join(done.args)}\n{done.stderr}")
    sys.exit("\n".join([*failed, "No C compiler at hand could build the solver (see above)."]) if failed else NONE)


def sources() -> int:
    """Return a number that tells these sources from others; compiled.py counts the same."""
    text = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.[ch]")))
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") >> 1  # fits into int64_t


def _build(command: list[str], target: Path) -> subprocess.CompletedProcess[str]:
    command = [*command, f"-DSOURCES={sources()}", *map(str, sorted(FOLDER.glob("*.c"))), "-lm"]
    stamp = hashlib.sha256(" ".join(command).encode()).hexdigest()
    note = target.with_suffix(".stamp")
    if target.exists() and note.exists() and note.read_text("utf-8") == stamp:
        return subprocess.CompletedProcess(command, 0, "", "")
    part = target.with_suffix(".part")
    try:
        done = subprocess.run([*command, "-o", str(part)], check=False, capture_output=True, text=True)  # noqa: S603
    except OSError as problem:  # $CC names nothing
        return subprocess.CompletedProcess(command, 127, "", str(problem))
    if done.returncode == 0:
        sys.stderr.write(done.stderr)  # warnings
        part.replace(target)  # never half a library, also beside a running solver
        note.write_text(stamp, "utf-8")
    return done


if __name__ == "__main__":
    print(build().name)
