"""A wheel made here brings the compiled solver, belongs to this platform, and works far from the checkout."""

import json
import os
import re
import runpy
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
import urllib.error
import urllib.request
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
    built = {name.rpartition("/")[2] for name in names if "/static/built/" in name}
    stamp = zipfile.ZipFile(wheel).read("tramyte/web/static/built/made-from.txt").decode()
    assert set(stamp.splitlines()[1:]) <= built and "icons.svg" in built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An empty environment with the wheel in it, far from the checkout: its Python, and what surrounds it."""
    home = tmp_path_factory.mktemp("far") / "venv"
    venv.create(home, with_pip=False)
    variables = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=variables))
    zipfile.ZipFile(wheel).extractall(packages)  # noqa: S202
    # what it depends on comes from here: nothing is fetched
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    python = Path(sysconfig.get_path("scripts", "venv", vars=variables)) / Path(sys.executable).name
    hidden = ("PYTHON", "COV_", "TRAMYTE", "DJANGO", "DATABASE")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(hidden)}
    where = run(python, "-c", "import tramyte; print(tramyte.__file__)", cwd=home, env=environment)
    assert Path(where.strip()).is_relative_to(packages)
    return python, environment


@pytest.mark.long
def test_the_wheel_plans_from_outside_the_checkout(installed, tmp_path):
    python, environment = installed
    (tmp_path / "problem.json").write_text(json.dumps(tiny()), "utf-8")
    run(python, "-m", "tramyte.cli", "rotate", "problem.json", "--work", "5000", "--out", "plan.json",
        cwd=tmp_path, env=environment)  # fmt: skip
    plan = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert plan["status"] == "optimal"
    assert plan["objective"]["total"] == 107
    run(python, "-m", "tramyte.cli", "check", "problem.json", "plan.json", cwd=tmp_path, env=environment)


@pytest.mark.long
@pytest.mark.enable_socket
def test_the_wheel_serves_pages_with_style_fonts_and_icons_where_there_is_no_node(installed, tmp_path):
    python, environment = installed
    environment |= {"PATH": "", "TRAMYTE_HOME": str(tmp_path / "home")}
    run(python, "-m", "tramyte.cli", "init", cwd=tmp_path, env=environment)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [python, "-m", "tramyte.cli", "serve", "--port", str(port)],
            cwd=tmp_path, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        page = fetched(f"http://127.0.0.1:{port}/tai-khoan/dang-nhap/", server, tmp_path / "log").decode()
        named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
        assert any(".css" in name for name in named) and any(".js" in name for name in named)
        sheet = next(name for name in named if ".css" in name)
        style = fetched(f"http://127.0.0.1:{port}{sheet}", server).decode()
        fonts = set(re.findall(r'url\("\.\./(built/[^"]+)"\)', style))
        assert len([name for name in fonts if name.endswith(".woff2")]) == 4
        for name in [*named, *(f"/static/{one}" for one in (*fonts, "built/icons.svg", "built/htmx.js"))]:
            assert fetched(f"http://127.0.0.1:{port}{name}", server), name
        assert "<symbol" in fetched(f"http://127.0.0.1:{port}/static/built/icons.svg", server).decode()
    finally:
        server.terminate()
        server.wait(60)


def fetched(address, server, log=None, patience=120):
    """Return what an address answers, once the server is up."""
    until = time.monotonic() + patience
    while True:
        try:
            return urllib.request.urlopen(address, timeout=30).read()
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert server.poll() is None and time.monotonic() < until, log and log.read_text("utf-8")
            time.sleep(0.3)


def test_assets_that_are_missing_or_older_than_the_pages_are_made_again(tmp_path):
    tool = runpy.run_path(str(ROOT / "tools" / "stamp.py"))
    for name in tool["SOURCES"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    page = tmp_path / tool["WEB"] / "templates" / "base.html"
    built = tmp_path / tool["WEB"] / "static" / "built"
    page.parent.mkdir(parents=True)
    page.write_text("one")
    built.mkdir(parents=True)
    (built / "icons.svg").write_text("<svg/>")
    assert not tool["is_current"](tmp_path), "nobody noted what these were made from"
    tool["write"](built, tmp_path)
    assert tool["is_current"](tmp_path)
    page.write_text("another icon")
    assert not tool["is_current"](tmp_path)
    tool["write"](built, tmp_path)
    (built / "icons.svg").unlink()
    assert not tool["is_current"](tmp_path)
    hook = runpy.run_path(str(ROOT / "hatch_build.py"))
    assert hook["MADE"]["assets.py"].__code__.co_filename.endswith("stamp.py")


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
