"""The files of the project, as the house tests walk them: what git keeps, nothing that was built."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "tramyte"
BUILT = {"node_modules", "demo", "dist", "fonts", "built", "__pycache__", "figures.json", "migrations"}
COMPILED = {".so", ".dylib", ".dll", ".stamp", ".part"}
BINARY = {".png", ".docx", ".xlsx", ".ttf", ".pdf", ".ods", ".xls"}


@cache
def files() -> tuple[Path, ...]:
    """Return every file that belongs to the project, in order."""
    return tuple(
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and path.suffix not in COMPILED and not any(map(_is_built, path.relative_to(ROOT).parts))
    )


def _is_built(part: str) -> bool:
    return part in BUILT or (part.startswith(".") and part not in (".ci", ".gitignore", ".gitattributes", ".npmrc"))


def texts() -> dict[str, str]:
    """Return path -> content of every text file."""
    return {name(path): path.read_text("utf-8") for path in files() if path.suffix not in BINARY}


def name(path: Path) -> str:
    """Return the path as people write it, from the root on."""
    return path.relative_to(ROOT).as_posix()


def python(*folders: str) -> dict[str, str]:
    """Return path -> source of the Python files under these folders."""
    return {path: text for path, text in texts().items() if path.endswith(".py") and path.startswith(tuple(folders))}


@cache
def trees() -> dict[str, ast.Module]:
    """Return path -> syntax tree of every Python file of the product."""
    return {path: ast.parse(text) for path, text in python("src/tramyte/").items()}


def documents() -> str:
    """Return everything written for readers, joined."""
    return "\n".join(
        text for path, text in texts().items() if path.endswith(".md") and path.startswith(("docs/", "README"))
    )
