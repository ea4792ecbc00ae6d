"""Whatever its description allows, and what it forbids: the API answers as described and never breaks."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.matrix import country, viewers
from tramyte.web.actions import tokens
from tramyte.web.api.entry import api
from tramyte.web.api.lists import listed

pytestmark = pytest.mark.django_db
CHECKS = [
    schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance, negative_data_rejection,
]  # fmt: skip
SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema())
SCHEMA.app = get_wsgi_application()
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}  # type: ignore[union-attr]
# operations made from one table differ in their columns alone: in make test one noun stands for all
ONE = ("/staff", "/runs", "/imports")
ALIKE = {f"/api/v1/{one.name.replace('_', '-')}" for one in listed()}
SHORT = [
    label for label, one in OPERATIONS.items()
    if (one.method.upper() == "GET" and "{" not in label and one.path not in ALIKE)
    or any(part in label for part in ONE)
]  # fmt: skip


@pytest.fixture(autouse=True)
def _transaction_stays():
    """Keep the connection, as Django's own client does: a request closes one in a transaction, the test's too."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def holds(label, examples):
    planner = viewers(country()[0])["planner"]
    token = tokens.make(by=planner, account=planner, name="thử")[1]
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    for mode in GenerationMode:

        @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
        @settings(
            max_examples=examples, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def every(case):
            case.call_and_validate(headers=headers, checks=CHECKS)

        every()


@pytest.mark.parametrize("label", SHORT)
def test_an_operation_answers_as_it_is_described(label):
    holds(label, 4)


@pytest.mark.long
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_operation_answers_as_it_is_described(label):
    holds(label, 60)


def test_the_description_says_how_one_comes_in_and_names_every_refusal():
    told = api.get_openapi_schema()
    assert set(told["components"]["securitySchemes"]) == {"Token", "Session"}
    for address, methods in told["paths"].items():
        for method, one in methods.items():
            assert {"401", "403", "404", "422"} <= {str(code) for code in one["responses"]}, (method, address)
