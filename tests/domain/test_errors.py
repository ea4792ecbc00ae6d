"""The error tree and its exit codes."""

import pytest

from tramyte.domain import errors


def test_what_is_not_allowed_names_the_permission_and_the_place():
    refused = errors.NotAllowed("plan", "08/")
    assert (refused.permission, refused.path) == ("plan", "08/") and "plan is not granted at 08/" in str(refused)
    assert "the country" in str(errors.NotAllowed("plan", ""))


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
