"""Help is there for every command and option, in both languages, and its examples do what they say."""

import re
import shlex

import pytest

from tramyte.cli.group import main
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
    assert listed == ["template", "sample", "need", "rotate", "check", "explain", "verify", "decide", "demo"]


def test_without_a_command_help_is_told(run):
    assert run().out == run("--help").out
    ran = run("--json")
    assert ran.code == 2 and ran.json["error"]["findings"][0]["code"] == "C024"


def test_the_version_is_told(run):
    assert re.fullmatch(r"tramyte \d+\.\d+\.\d+\S*\n", run("--version").out)


@pytest.mark.long
def test_the_examples_of_the_help_run_one_after_the_other(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, command in main.commands.items():
        for line in getattr(command, "example").splitlines():  # noqa: B009  click's own type has none
            program, *args = shlex.split(line.replace("--seconds 60", "--seconds 3"))
            ran = run(*args)
            assert (program, args[0]) == ("tramyte", name)
            assert ran.code == 0, (line, ran.err)
            assert ran.out
    assert {"mau.xlsx", "tq.xlsx", "plan.xlsx", "plan.json", "problem.json", "ho-so", "demo"} <= {
        path.name for path in tmp_path.iterdir()
    }
