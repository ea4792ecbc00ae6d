"""Compile the kernels of the rotation solver into the wheel, which then belongs to one platform, not to one Python."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags

TOOL = run_path(str(Path(__file__).with_name("tools") / "kernel.py"))


class KernelHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling asks before it makes a wheel, an editable one as well."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what an isolated build needs besides hatchling: a compiler, where there is none."""
        return [] if TOOL["compilers"]() else ["ziglang>=0.13"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the library and name the platform it was built for."""
        library = TOOL["build"]()
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{next(sys_tags()).platform}"
        if version == "standard":
            build_data["artifacts"].append(library.relative_to(self.root).as_posix())
