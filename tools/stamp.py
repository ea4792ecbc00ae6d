"""What the assets of the pages are made from, and whether those that lie there still are: a wheel has no others."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = Path("src") / "tramyte" / "web"
SOURCES = (
    "package-lock.json", "tools/assets.py", "tools/npm.py", "tools/charts.js", "src/tramyte/web/views/sections.py",
)  # fmt: skip
STAMP = "made-from.txt"  # beside the assets: the hash of the sources, then the name of each file that was made


def made_from(root: Path = ROOT) -> str:
    """Return one hash of everything the assets follow from: packages, tools, and the pages that name icons."""
    pages = sorted((root / WEB / "templates").rglob("*.html"))
    whole = hashlib.sha256()
    for path in [*(root / one for one in SOURCES), *pages]:
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def write(folder: Path, root: Path = ROOT) -> None:
    """Note what the files of a folder were made from; the last thing that making them does."""
    names = sorted(path.name for path in folder.iterdir() if path.name != STAMP)
    (folder / STAMP).write_text("\n".join([made_from(root), *names]) + "\n", "utf-8")


def is_current(root: Path = ROOT) -> bool:
    """Return whether every asset is there and made from what stands here now."""
    folder = root / WEB / "static" / "built"
    stamp = folder / STAMP
    if not stamp.is_file():
        return False
    made, *names = stamp.read_text("utf-8").split("\n")[:-1]
    return made == made_from(root) and all((folder / name).is_file() for name in names)
