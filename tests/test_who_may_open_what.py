"""Deny by default: a route that is not named here as open asks visitors to sign in."""

import pytest
from django.test import Client

from tests.routes import Route, routes

pytestmark = pytest.mark.django_db

OPEN = {
    "landing",
    "how",
    "privacy",
    "terms",
    "contact",
    "leaving",  # for whoever has the link, see tests/accounts/test_leaving.py
    "invitation",  # for whoever has the link, see tests/operators/test_registration.py
    "healthz",
    "metrics",  # for whoever has the token, see tests/watching/test_metrics.py
    # For people who are no members, see tests/networks/test_stop_list.py.
    *("stop_counting", "stop_counting_who", "stop_counting_code"),
    "bluesky_client",  # what this site is, for other servers; see tests/networks/test_bluesky.py
    "manifest",
    "profile",  # what its owner published, see tests/sharing/test_profile.py
    "shared",  # for whoever has the link, see tests/sharing/test_share_links.py
    "badge",  # for whoever has its address, see tests/sharing/test_badge.py
    "preview",  # what stands on the two pages before, see tests/sharing/test_previews.py
    "picture",  # for whoever was shown its address, see tests/networks/test_pictures.py
    "for_you",  # for whoever has the link, see tests/gifting/test_invitations.py
    "stop_pings",  # for whoever has the link, see tests/sonobuoy/test_mail_of_pings.py
    "stop_weekly",  # for whoever has the link, see tests/sonobuoy/test_weekly_mail.py
    "stop_digest",  # for whoever has the link, see tests/gifting/test_digest.py
    "me",  # the same page for everybody and every address
    "webmention",  # anybody's software, see tests/networks/test_webmentions.py
    "mail",  # on this machine only, see tests/accounts/test_mail_page.py
    # By key, see tests/api/test_classic.py.
    *("v1_klout", "v1_show", "v1_topics", "v1_influenced_by", "v1_influencer_of", "v1_unknown"),
    *("v2_identity_by_name", "v2_identity_by_id", "v2_identity_of_kloutid", "v2_unknown"),
    *("v2_user", "v2_score", "v2_topics", "v2_influence"),
    # About the API of today, for everybody; its calls go by key, see tests/api/v3/test_asking.py.
    *("api_guide", "api_reference", "api_document", "v3_problem", "api-root"),
    *("v3_me", "v3_score", "v3_score_history", "v3_score_explanation", "v3_score_moments"),
    *("v3_networks", "v3_topics", "v3_sonobuoy", "v3_profile"),
    *("v3_kept_in_mind", "v3_keep_in_mind"),
    *("v3_purse", "v3_held", "v3_gifts", "v3_give", "v3_gift", "v3_journey", "v3_pass_on"),
    *("v3_undo", "v3_forget", "v3_ask_for_export", "v3_newest_export", "v3_export_file"),
    # Programs by what they hold, see tests/applications/test_attacks.py; what this site can do.
    *("oauth_token", "oauth_revoke", "oauth_metadata", "oauth_guide", "webhooks_guide"),
    *("classic_guide", "api_example"),
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_signup_by_passkey",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
# Steps of signing in and up: without the step before, they lead back to the start.
STEPS = {"mfa_authenticate", "mfa_login_webauthn", "mfa_signup_webauthn"}


CLOSED = [
    route for route in routes() if route.name not in OPEN | STEPS and "(?P" not in route.address
]


@pytest.mark.parametrize("route", CLOSED, ids=[route.name for route in CLOSED])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_asked_to_sign_in(client: Client, route: Route, method: str) -> None:
    answer = getattr(client, method)(route.address)
    if answer.status_code != 405:
        assert answer.status_code == 302, route.address
        assert answer.headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_step_without_the_one_before_leads_back(client: Client, name: str) -> None:
    addresses = {route.name: route.address for route in routes()}
    assert client.get(addresses[name]).headers["Location"].startswith("/account/")


def test_what_is_open_exists() -> None:
    names = {route.name for route in routes()}
    assert names >= OPEN | STEPS
