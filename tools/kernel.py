"""
Compile the kernels of the rotation solver, at installation: `python tools/kernel.py`.

Any C compiler will do: $CC, cc, gcc or clang; without one, `pip install ziglang` brings one from a package.
The library knows no Python version. Nothing is compiled again while sources and compiler stay the same.
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


def compiler() -> list[str]:
    """Return the command of a C compiler, or end with what to install."""
    if named := os.environ.get("CC"):
        return named.split()
    for name in ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            return [found]
    if find_spec("ziglang"):
        return [sys.executable, "-m", "ziglang", "cc"]
    sys.exit("No C compiler found. Install gcc or clang, or run: pip install ziglang")


def build(*, options: tuple[str, ...] = OPTIONS, target: Path | None = None) -> Path:
    """Return the library, built if it is missing or older than its sources, in their words."""
    target = target or FOLDER / f"kernel{SUFFIX}"
    sources = sorted(FOLDER.glob("*.c"))
    command = [*compiler(), *options, *map(str, sources), "-lm"]
    text = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.[ch]")))
    stamp = hashlib.sha256(text + " ".join(command).encode()).hexdigest()
    note = target.with_suffix(".stamp")
    if not (target.exists() and note.exists() and note.read_text("utf-8") == stamp):
        part = target.with_suffix(".part")
        subprocess.run([*command, "-o", str(part)], check=True)
        part.replace(target)  # never half a library, also beside a running solver
        note.write_text(stamp, "utf-8")
    return target


if __name__ == "__main__":
    print(build())
