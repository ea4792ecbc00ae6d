"""What a user can meet is written down: norms, columns, rules, commands, exit codes, rooms."""

import re

import click
import pytest

from tests.house.tree import ROOT, SRC, documents, files, texts
from tramyte.exchange.columns import sheets
from tramyte.norms import names
from tramyte.rotation.rules import RULES

GUIDE = "docs/huong-dan/"
COLUMNS = [(sheet, column) for sheet in sheets().values() for column in sheet.columns]


def commands():
    from tramyte.cli.group import main

    return main.commands


def _read(path):
    return (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("name", names())
def test_the_specification_tells_the_norm(name):
    assert f"`{name}@" in _read("docs/spec.md") or f"`{name}`" in _read("docs/spec.md")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_problem_file_page_tells_the_rule(rule):
    assert re.search(rf"^\| {rule.code} \|", _read("docs/problem-file.md"), re.MULTILINE)
    assert rule.__doc__, f"{rule.code} has no sentence for the planner"


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=lambda part: getattr(part, "field", part))
def test_the_list_of_columns_tells(sheet, column):
    page = _read("docs/cot-du-lieu.md")
    section = page.split(f"(`{sheet.name}`)")[1].split("\n## ")[0]
    assert f"| `{column.field}` |" in section


def test_every_command_is_in_the_readme_and_in_the_guide():
    guide = "\n".join(text for path, text in texts().items() if path.startswith(GUIDE))
    for name in commands():
        assert f"tramyte {name}" in _read("README.md"), name
        assert f"tramyte {name}" in _read("README.vi.md"), name
        assert f"tramyte {name}" in guide, name


def test_every_exit_code_is_in_the_readme():
    tree = _read("src/tramyte/domain/errors.py").split('"""')[1]
    for code in re.findall(r"\b1[0-5]\b", tree):
        assert f"| {code} |" in _read("README.md"), code


def test_every_room_is_in_the_readme():
    rooms = {path.parent.name for path in files() if path.name == "__init__.py" and path.parent.parent == SRC}
    for room in rooms | {"cli"}:
        assert f"`{room}`" in _read("README.md"), room


def test_every_make_target_is_in_contributing_or_readme():
    for target in re.findall(r"^([a-z-]+):.*## ", _read("Makefile"), re.MULTILINE):
        assert f"make {target}" in _read("README.md") + _read("CONTRIBUTING.md"), target


def test_every_picture_is_shown_and_every_shown_picture_is_there():
    shown = {match.rsplit("/", 1)[-1] for match in re.findall(r"\]\(([^)\s]+\.png)\)", documents())}
    there = {path.name for path in files() if path.suffix == ".png"}
    assert shown == there
    assert all(path.stat().st_size < 300_000 for path in files() if path.suffix == ".png")


def test_every_link_between_pages_leads_somewhere():
    broken = []
    for path, text in texts().items():
        if not path.endswith(".md"):
            continue
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if "://" not in link and not (ROOT / path).parent.joinpath(link).exists():
                broken.append(f"{path}: {link}")
    assert not broken, "\n".join(broken)


def test_every_choice_says_context_choice_and_consequences():
    pages = {path: text for path, text in texts().items() if path.startswith("docs/choices/")}
    assert [path.split("/")[-1][:4] for path in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for path, text in pages.items():
        assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Consequences")), path
        assert text.count("\n") <= 30, path


def test_choices_that_the_code_names_are_there():
    for path, text in texts().items():
        for number in re.findall(r"docs/choices/(\d{4})", text):
            assert list((ROOT / "docs" / "choices").glob(f"{number}-*.md")), f"{path} names choice {number}"


def test_the_changelog_tells_the_version_we_build():
    version = re.search(r'^version = "(.+)"', _read("pyproject.toml"), re.MULTILINE)
    assert version and f"## [{version.group(1)}]" in _read("CHANGELOG.md")


SHOWN = re.compile(r"^\s*(?:\$ )?tramyte ([a-z]+)([^\n]*)$", re.MULTILINE)


def test_every_command_shown_exists_with_its_options():
    """`tramyte rotate x.xlsx --seconds 60` in a page: the command is there, and so is each option."""
    unknown = []
    for path, text in texts().items():
        if not path.endswith(".md"):
            continue
        for name, rest in SHOWN.findall(text.replace("\\\n", " ")):
            command = commands().get(name)
            known = set() if command is None else set(_options(command))
            options = {option.split("=")[0] for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*(?:=\S+)?", rest)}
            if command is None or not options <= known:
                unknown.append(f"{path}: tramyte {name}{rest}: {sorted(options - known)}")
    assert not unknown, "\n".join(unknown)


def _options(command):
    yield "--help"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield from (*parameter.opts, *parameter.secondary_opts)
