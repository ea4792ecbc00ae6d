"""Nothing of one machine, nothing half done, no clock where days are given."""

import ast
import re

import pytest

from tests.house.tree import python, texts, trees

MACHINE = re.compile(r"(?<![\w.:/-])/(?:work|root|home|tmp|Users)/\w")
HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"))]
HALF_DONE = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|raise NotImplemented" r"Error|breakpoint\(\))")
CLOCKS = {"today", "now", "utcnow", "localtime", "gmtime"}


@pytest.fixture(scope="module")
def everything():
    return texts()


def test_no_path_of_one_machine(everything):
    found = [f"{path}: {hit.group()}" for path, text in everything.items() for hit in MACHINE.finditer(text)]
    assert not found


def test_no_registry_host(everything):
    assert not [(path, host) for path, text in everything.items() for host in HOSTS if host in text]


def test_nothing_half_done(everything):
    found = [
        f"{path}: {hit.group()}"
        for path, text in everything.items()
        if not path.endswith((".lock", ".json", ".csv"))
        for hit in HALF_DONE.finditer(text)
    ]
    assert not found


def test_no_clock_below_the_command_line():
    """Every question is asked on a day that is given; only cli and web may ask the machine what day it is."""
    found = [
        f"{path}:{node.lineno} {node.func.attr}()"
        for path, tree in trees().items()
        if not path.startswith(("src/tramyte/cli", "src/tramyte/web"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in CLOCKS or ast.unparse(node.func) == "time.time"
    ]
    assert not found


def test_no_numbers_of_circulars_in_code():
    """A number of the law stands in norms/law; a docstring may cite the paper it comes from."""
    assert "35000" not in "".join(text for path, text in python("src/tramyte/need/").items())


def test_every_text_file_ends_with_one_line_feed(everything):
    assert not [
        path
        for path, text in everything.items()
        if text and (not text.endswith("\n") or "\r" in text) and not path.endswith((".csv", ".yaml"))
    ]
