"""A wheel made here brings the compiled solver, belongs to this platform, and works far from the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.worlds import tiny

ROOT = Path(__file__).resolve().parents[1]


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The source distribution, unpacked in an empty folder."""
    folder = tmp_path_factory.mktemp("source")
    script = "import sys; from hatchling.build import build_sdist; print(build_sdist(sys.argv[1]))"
    name = run(sys.executable, "-c", script, folder, cwd=ROOT).split()[-1]
    with tarfile.open(folder / name) as archive:
        archive.extractall(folder, filter="data")
    return folder / name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheel(source):
    """The wheel made from the source distribution."""
    script = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    return source.parent / run(sys.executable, "-c", script, source.parent, cwd=source).split()[-1]


@pytest.mark.long
def test_the_source_brings_c_and_no_library(source):
    kernel = source / "src" / "tramyte" / "rotation" / "solve" / "kernel"
    names = {path.name for path in kernel.iterdir()}
    assert {"part.h", "draft.h", "draft.c", "prices.c", "programme.c"} <= names
    assert not any(name.startswith("kernel.") for name in names)


@pytest.mark.long
def test_the_wheel_brings_the_library_and_says_its_platform(wheel):
    assert "-py3-none-" in wheel.name and not wheel.name.endswith("-any.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert len([name for name in names if "/kernel/kernel." in name]) == 1
    assert not [name for name in names if name.endswith((".c", ".h", ".stamp"))]


@pytest.mark.long
def test_the_wheel_plans_from_outside_the_checkout(wheel, tmp_path):
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    variables = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=variables))
    zipfile.ZipFile(wheel).extractall(packages)  # noqa: S202
    # what it depends on comes from here: nothing is fetched
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    python = Path(sysconfig.get_path("scripts", "venv", vars=variables)) / Path(sys.executable).name
    (tmp_path / "problem.json").write_text(json.dumps(tiny()), "utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV_"))}
    where = run(python, "-c", "import tramyte; print(tramyte.__file__)", cwd=tmp_path, env=environment)
    assert Path(where.strip()).is_relative_to(packages)
    run(python, "-m", "tramyte.cli", "rotate", "problem.json", "--work", "5000", "--out", "plan.json",
        cwd=tmp_path, env=environment)  # fmt: skip
    plan = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert plan["status"] == "optimal"
    assert plan["objective"]["total"] == 107
    run(python, "-m", "tramyte.cli", "check", "problem.json", "plan.json", cwd=tmp_path, env=environment)


@pytest.mark.long
def test_without_a_compiler_the_installation_says_what_to_install(tmp_path):
    environment = {"PATH": str(tmp_path), "SYSTEMROOT": os.environ.get("SYSTEMROOT", "")}
    script = (
        "import runpy; "
        "tool = runpy.run_path('tools/kernel.py'); "
        "tool['compilers'].__globals__['find_spec'] = lambda name: None; "
        "tool['build']()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no C compiler was found" in done.stderr
    assert "pip install ziglang" in done.stderr
    broken = subprocess.run(
        [sys.executable, "tools/kernel.py"],
        cwd=ROOT, env={**environment, "CC": "no-such-compiler"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert broken.returncode == 1
    assert "no-such-compiler" in broken.stderr
