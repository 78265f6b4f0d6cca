"""Whatever a client sends, it gets an answer that says what is wrong, and never a broken page."""

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PLACES = [
    "/api/v1/accounts/{}",
    "/api/v1/accounts/{}/statuses",
    "/api/v1/statuses/{}",
    "/api/v1/statuses/{}/context",
    "/api/v1/notifications/{}",
    "/@{}",
    "/tags/{}",
    "/users/{}",
    "/avatars/{}.svg",
    "/avatars/{}.png",
]
LISTS = [
    "/api/v1/notifications",
    "/api/v1/accounts/relationships",
    "/api/v1/accounts/lookup",
    "/oauth/authorize",
    "/sign-in",
    "/@ada",
]
NAMES = ["limit", "max_id", "min_id", "since_id", "types[]", "id[]", "acct", "client_id", "before"]
BODIES = ['{"status": "half \\ud800"}', "[" * 9000, '{"status": 1e999}', "9" * 5000, "null"]
nonsense = st.one_of(
    st.text(max_size=30),
    st.integers(-(10**30), 10**30).map(str),
    st.sampled_from(["²", "9" * 5000, "../..", "%00", "\x00", "١٢٣", "ada@", "@@", "_" * 40]),
)
calmly = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def session(playground) -> requests.Session:
    playground.trouble(forget_limits=True)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {playground.sign_in('luca')}"
    return session


@calmly
@given(place=st.sampled_from(PLACES), what=nonsense)
def test_nonsense_in_an_address_is_not_found(playground, session, place, what):
    address = playground.base_url + place.format(requests.utils.quote(what, safe=""))
    assert session.get(address, timeout=10).status_code < 500


@calmly
@given(place=st.sampled_from(LISTS), params=st.dictionaries(st.sampled_from(NAMES), nonsense))
def test_nonsense_in_parameters_breaks_nothing(playground, session, place, params):
    answer = session.get(playground.base_url + place, params=params, timeout=10)
    assert answer.status_code < 500


@calmly
@given(
    place=st.sampled_from(["/api/v1/statuses", "/api/v1/apps", "/oauth/token", "/oauth/revoke"]),
    body=st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            ['{"status": "half \\ud800"}', "[" * 9000, '{"status": 1e999}', "9" * 5000]
        ),
        st.dictionaries(
            st.sampled_from(["status", "in_reply_to_id", "visibility", "client_name", "code"]),
            nonsense,
        ).map(lambda fields: requests.compat.json.dumps(fields)),
    ),
)
def test_nonsense_in_a_body_breaks_nothing(playground, session, place, body):
    answer = session.post(
        playground.base_url + place,
        data=body.encode("utf-8", "replace"),
        headers={"Content-Type": "application/json"},
        timeout=10,
    )
    assert answer.status_code < 500
    assert isinstance(answer.json(), dict)
