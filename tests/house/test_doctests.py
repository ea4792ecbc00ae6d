"""Examples in docstrings are run, in every module of the product."""

import doctest
import importlib

import pytest

from tests.house.tree import python

MODULES = [
    path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for path in python("src/tramyte/")
    if not path.endswith("__main__.py")
]


@pytest.mark.parametrize("module", MODULES)
def test_examples_hold_in(module):
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_there_are_examples():
    assert sum(source.count(">>> ") for source in python("src/tramyte/").values()) > 20
