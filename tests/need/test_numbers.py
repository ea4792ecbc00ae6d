import doctest

from tramyte.need import numbers


def test_the_example_in_the_docstring_holds():
    result = doctest.testmod(numbers)
    assert result.attempted == 1 and result.failed == 0
