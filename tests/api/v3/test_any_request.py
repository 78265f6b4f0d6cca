"""Whatever is sent to the API of today, it answers as its document says and never breaks.

`make api-fuzz` does the same for longer: API_EXAMPLES says how many requests each call gets.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from accounts.models import Member
from tests.api.v3.conftest import PREFIX

EXAMPLES = int(os.environ.get("API_EXAMPLES", "6"))
ANY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="API_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)

# Asked for without a server between, where nothing unpacks what is packed.
PLAIN = {"Accept-Encoding": "identity"}

# Whether a cursor is signed and where a link leads is not to be said in a schema.
load_all_checks()
MORE_THAN_A_SCHEMA_SAYS = CHECKS.get_one("positive_data_acceptance")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection(db: None) -> Iterator[None]:
    """Requests through WSGI stay in the transaction of the test, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", get_wsgi_application())


@schema.parametrize()
@ANY
def test_whoever_may_do_everything_is_answered_as_the_document_says(
    case: Any, key: str, scored: Member, unhurried: None
) -> None:
    headers = {"Authorization": f"Bearer {key}"} | PLAIN
    case.call_and_validate(headers=headers, excluded_checks=[MORE_THAN_A_SCHEMA_SAYS])


@schema.parametrize()
@ANY
def test_whoever_has_no_key_is_told_so(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": "Bearer nothing"} | PLAIN)
