"""The examples in the docstrings are true."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

ROOMS = ("days", "instruments", "legal", "licence", "reader", "retirement", "staffing", "titles", "zones")


@pytest.mark.parametrize("name", ROOMS)
def test_the_examples_of_the_docstrings_hold(name: str) -> None:
    module = import_module(f"tramyte.norms.{name}")
    assert doctest.testmod(module).failed == 0
