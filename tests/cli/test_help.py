"""Help is there for every command and option, in both languages, and its examples do what they say."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from tests.cli.conftest import Ran
from tramyte.cli.group import main
from tramyte.cli.office import COMMANDS as OFFICE
from tramyte.cli.words import Option

COMMANDS = [None, *main.commands]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_told_in_both_languages(run, name):
    told = {lang: run(*([name] if name else []), "--help", "--lang", lang) for lang in ("vi", "en")}
    assert {ran.code for ran in told.values()} == {0}
    assert "Cách dùng: tramyte" in told["vi"].out and "Usage: tramyte" in told["en"].out
    assert "Tùy chọn:" in told["vi"].out and "Options:" in told["en"].out
    assert not re.search(r"\b(Usage|Options|Show this|required|default)\b", told["vi"].out)


@pytest.mark.parametrize("name", main.commands)
def test_every_command_has_an_example_and_the_common_options(run, name):
    out = run(name, "--help").out
    assert f"Ví dụ:\n  tramyte {name}" in out
    assert {"--json", "--lang", "--help"} <= set(re.findall(r"--[a-z-]+", out))
    command = main.commands[name]
    assert all(isinstance(param, Option) or param.param_type_name == "argument" for param in command.params)


def test_commands_stand_in_the_order_of_the_work(run):
    out = run("--help").out
    listed = re.findall(r"^  ([a-z]+)  ", out.split("Các lệnh:")[1], re.MULTILINE)
    work = ["template", "sample", "need", "rotate", "check", "explain", "verify", "decide"]
    assert listed == [*work, "init", "import", "user", "serve", "backup", "restore", "doctor", "worker", "demo"]


def test_without_a_command_help_is_told(run):
    assert run().out == run("--help").out
    ran = run("--json")
    assert ran.code == 2 and ran.json["error"]["findings"][0]["code"] == "C024"


def test_the_version_is_told(run):
    assert re.fullmatch(r"tramyte \d+\.\d+\.\d+\S*\n", run("--version").out)


def by_itself(*args):
    """Run a command that Django is set up for once and for all, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TRAMYTE", "DATABASE"))}
    command = [sys.executable, "-m", "tramyte.cli", *args]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return Ran(code=done.returncode, out=done.stdout, err=done.stderr)


@pytest.mark.long
def test_the_examples_of_the_help_run_one_after_the_other(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    office = {command.name for command in OFFICE}
    for name, command in main.commands.items():
        if name in ("serve", "worker"):  # go on until they are stopped: see test_serving.py
            continue
        for line in getattr(command, "example").splitlines():  # noqa: B009  click's own type has none
            program, *args = shlex.split(line.replace("--seconds 60", "--seconds 3"))
            ran = by_itself(*args) if name in office else run(*args)
            assert (program, args[0]) == ("tramyte", name)
            assert ran.code == 0, (line, ran.err)
            assert ran.out
    assert {"mau.xlsx", "tq.xlsx", "plan.xlsx", "plan.json", "problem.json", "ho-so", "demo"} <= {
        path.name for path in tmp_path.iterdir()
    }
