"""Whatever is sent to the API of today, it answers as its document says and never breaks.

`make api-fuzz` does the same for longer: API_EXAMPLES says how many requests each call gets.
"""

import os
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings

from accounts.models import Member
from gifting import services
from tests.api.v3.conftest import PREFIX
from tests.gifting.conftest import open_to_all

EXAMPLES = int(os.environ.get("API_EXAMPLES", "6"))
ANY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="API_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(unhurried: None) -> Any:
    return schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", get_wsgi_application())


schema = schemathesis.pytest.from_fixture("document")


@pytest.fixture
def lived_in(scored: Member, grace: Member, now: datetime) -> Member:
    """Ada, with a score, K in both directions and somebody kept in mind."""
    return scored


@schema.parametrize()
@ANY
def test_whoever_may_do_everything_is_answered_as_the_document_says(
    case: Any, key: str, lived_in: Member
) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"})


@schema.parametrize()
@ANY
def test_whoever_has_no_key_is_told_so(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": "Bearer nothing"})
