"""The error tree and its exit codes."""

import pytest

from tramyte.domain import errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.TramyteError, 1),
        (errors.BadData, 10),
        (errors.NormMissing, 11),
        (errors.Infeasible, 12),
        (errors.OutOfTime, 13),
        (errors.NotAllowed, 14),
        (errors.AlreadyIssued, 15),
    ],
)
def test_each_error_has_its_exit_code(error, code):
    assert error.exit_code == code
    assert issubclass(error, errors.TramyteError)
