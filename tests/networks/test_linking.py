"""To the consent page and back: every way in which the answer may be wrong."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from networks import oauth
from networks.connectors.base import AccessRevoked, Identity, Person, Transient
from networks.models import InstanceApp, LinkAttempt, LinkedAccount
from networks.services import LinkError, finish_link, set_findable, start_link, start_relink, unlink
from networks.services.linking import show_as
from networks.services.vault import credentials_of, registration_of
from tests.networks.scripted import SERVERS, Server, identity

HERE = {"platform": "mastodon", "host": "known.example"}


@pytest.fixture
def server(server, now) -> Server:
    server.who = identity("ada", "17", now)
    return server


def begin(member, now, session="session", host="known.example", **fields) -> str:
    """Start a walk and return its state."""
    url = start_link(member, session, "mastodon", host, fields.pop("findable", True), now, **fields)
    return parse_qs(urlsplit(url).query)["state"][0]


def finish(member, state, now, session="session", code="code", error="", **fields):
    return finish_link(member, session, state, code, now, error, **(HERE | fields))


def nothing_is_linked() -> bool:
    return not LinkedAccount.objects.exists()


def test_consent_links_the_account_and_makes_it_due_at_once(ada, server, now):
    account = finish(ada, begin(ada, now), now)
    assert (account.member, account.host, account.remote_id) == (ada, "known.example", "17")
    assert account.handle == "@ada@known.example"
    assert account.next_poll_at == now
    assert account.standing == 1000
    assert account.findable
    assert credentials_of(account).access_token == "token-known.example-1"


def test_what_leaves_and_what_stays_of_an_attempt(ada, server, now):
    url = start_link(ada, "session", "mastodon", "https://Known.example/", False, now)
    query = parse_qs(urlsplit(url).query)
    state, attempt = query["state"][0], LinkAttempt.objects.get()
    assert len(state) >= 43  # 256 bits
    assert state not in repr(vars(attempt))
    assert attempt.state_hash == oauth.fingerprint(state)
    finish(ada, state, now)
    verifier = server.exchanged[0]["verifier"]
    assert verifier not in attempt.kept
    assert query["code_challenge"] == [oauth.challenge(verifier)]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"][0].endswith("/networks/callback/mastodon/known.example/")
    assert server.exchanged[0]["uri"] == query["redirect_uri"][0]


def test_the_challenge_is_the_one_of_rfc_7636_appendix_b():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert oauth.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize("state", ["", "nonsense", "\x00", "x" * 10_000])
def test_a_state_that_is_missing_or_made_up_links_nothing(ada, server, now, state):
    begin(ada, now)
    with pytest.raises(LinkError, match="start again"):
        finish(ada, state, now)
    assert nothing_is_linked()


def test_a_state_serves_once(ada, server, now):
    state = begin(ada, now)
    finish(ada, state, now)
    LinkedAccount.objects.all().delete()
    with pytest.raises(LinkError, match="used already"):
        finish(ada, state, now)
    assert nothing_is_linked()


def test_a_state_older_than_ten_minutes_links_nothing(ada, server, now):
    state = begin(ada, now)
    with pytest.raises(LinkError, match="ten minutes"):
        finish(ada, state, now + timedelta(minutes=10))
    assert nothing_is_linked()


def test_a_state_just_under_ten_minutes_old_still_serves(ada, server, now):
    assert finish(ada, begin(ada, now), now + timedelta(minutes=9, seconds=59))


def test_another_members_state_links_nothing_and_stays_good_for_its_owner(
    ada, mallory, server, now
):
    state = begin(mallory, now)
    with pytest.raises(LinkError):
        finish(ada, state, now)
    assert nothing_is_linked()
    assert finish(mallory, state, now).member == mallory


def test_a_state_of_another_session_links_nothing(ada, server, now):
    state = begin(ada, now, session="at home")
    with pytest.raises(LinkError, match="another browser"):
        finish(ada, state, now, session="at work")
    assert nothing_is_linked()


def test_a_state_begun_for_another_server_links_nothing(ada, server, now):
    SERVERS["evil.example"] = Server(who=identity("ada", "17", now))
    state = begin(ada, now, host="evil.example")
    with pytest.raises(LinkError, match="another server"):
        finish(ada, state, now)
    assert nothing_is_linked()
    assert not server.exchanged
    assert not SERVERS["evil.example"].exchanged


@pytest.mark.parametrize("issuer", ["https://evil.example", "evil.example", "https://", "://"])
def test_an_issuer_that_is_another_server_links_nothing(ada, server, now, issuer):
    with pytest.raises(LinkError):
        finish(ada, begin(ada, now), now, issuer=issuer)
    assert nothing_is_linked()


def test_an_issuer_that_is_the_server_is_welcome(ada, server, now):
    assert finish(ada, begin(ada, now), now, issuer="https://known.example")


def test_two_swapped_states_of_one_member_cannot_cross_servers(ada, server, now):
    SERVERS["other.example"] = Server(who=identity("ada", "99", now, "other.example"))
    here, there = begin(ada, now), begin(ada, now, host="other.example")
    with pytest.raises(LinkError):
        finish(ada, there, now)
    with pytest.raises(LinkError):
        finish(ada, here, now, host="other.example")
    assert nothing_is_linked()


def test_denied_consent_is_told_calmly_and_changes_nothing(ada, server, now):
    with pytest.raises(LinkError, match="that is fine"):
        finish(ada, begin(ada, now), now, code="", error="access_denied")
    assert nothing_is_linked()


def test_a_denial_uses_the_state_up(ada, server, now):
    state = begin(ada, now)
    with pytest.raises(LinkError):
        finish(ada, state, now, code="", error="access_denied")
    with pytest.raises(LinkError, match="used already"):
        finish(ada, state, now)


@pytest.mark.parametrize("answer", [{"code": ""}, {"error": "server_error"}, {"error": "x" * 999}])
def test_an_answer_without_consent_links_nothing(ada, server, now, answer):
    with pytest.raises(LinkError, match="did not accept"):
        finish(ada, begin(ada, now), now, **answer)
    assert nothing_is_linked()


@pytest.mark.parametrize("step", ["exchange", "identify"])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Transient(code="too_slow"), "took too long"),
        (Transient(code="garbage"), "could not read"),
        (AccessRevoked(), "no longer lets us"),
        (Transient(code="never heard of"), "on our side"),
    ],
)
def test_a_server_that_fails_on_the_way_back_is_told_in_plain_words(
    ada, server, now, step, error, words
):
    state = begin(ada, now)
    server.fails[step] = error
    with pytest.raises(LinkError, match=words) as raised:
        finish(ada, state, now)
    assert "Nothing was linked" in raised.value.sentence
    assert nothing_is_linked()


def test_an_account_of_another_member_stays_theirs(ada, mallory, server, now):
    account = finish(ada, begin(ada, now), now)
    before = LinkedAccount.objects.values().get()
    with pytest.raises(LinkError, match="already linked by another member"):
        finish(mallory, begin(mallory, now), now)
    assert LinkedAccount.objects.values().get(pk=account.pk) == before
    assert not server.revoked, "the server may have handed out ada's own token"


def test_linking_again_renews_what_was_there(ada, server, now):
    account = finish(ada, begin(ada, now), now)
    LinkedAccount.objects.update(state="needs_consent", last_problem="access_revoked", failures=3)
    later = now + timedelta(hours=1)
    again = finish(ada, begin(ada, later, findable=False), later)
    assert again.pk == account.pk
    assert LinkedAccount.objects.count() == 1
    again.refresh_from_db()
    assert (again.state, again.last_problem, again.failures) == ("active", "", 0)
    assert credentials_of(again).access_token == "token-known.example-2"
    assert again.next_poll_at == later
    assert again.findable is False


def test_consent_again_keeps_the_findable_answer(ada, server, now):
    account = finish(ada, begin(ada, now, findable=False), now)
    LinkedAccount.objects.update(state="needs_consent")
    url = start_relink(account, "session", now)
    renewed = finish(ada, parse_qs(urlsplit(url).query)["state"][0], now)
    assert (renewed.pk, renewed.state, renewed.findable) == (account.pk, "active", False)


def test_consent_again_as_somebody_else_changes_nothing(ada, server, now):
    account = finish(ada, begin(ada, now), now)
    server.who = identity("lin", "18", now)
    url = start_relink(account, "session", now)
    with pytest.raises(LinkError, match=r"@lin@known\.example, but the account to renew is @ada"):
        finish(ada, parse_qs(urlsplit(url).query)["state"][0], now)
    assert LinkedAccount.objects.get().remote_id == "17"


def test_who_renamed_themselves_stays_the_owner_and_a_reused_handle_is_another_account(
    ada, grace, server, now
):
    old = finish(ada, begin(ada, now), now)
    server.who = identity("ada", "18", now)  # somebody new took the handle
    new = finish(grace, begin(grace, now), now)
    server.who = identity("lovelace", "17", now)
    renamed = finish(ada, begin(ada, now), now)
    assert (renamed.pk, renamed.member) == (old.pk, ada)
    assert renamed.handle == "@lovelace@known.example"
    assert new.member == grace


def test_a_registration_is_used_for_everybody(ada, grace, server, now):
    begin(ada, now)
    begin(grace, now)
    assert server.registered == 1
    app = InstanceApp.objects.get()
    assert "secret" not in app.client_secret
    assert registration_of(app).client_secret == "secret-of-client-1"


def test_a_registration_the_server_has_forgotten_is_renewed(ada, server, now):
    account = finish(ada, begin(ada, now), now)
    server.apps.clear()
    tomorrow = now + timedelta(days=1)
    assert finish(ada, begin(ada, tomorrow), tomorrow).pk == account.pk
    assert server.registered == 2
    assert registration_of(InstanceApp.objects.get()).client_secret == "secret-of-client-2"


def test_a_fresh_registration_that_was_forgotten_is_renewed_at_the_second_try(ada, server, now):
    state = begin(ada, now)
    server.apps.clear()
    with pytest.raises(LinkError, match="register anew"):
        finish(ada, state, now)
    assert finish(ada, begin(ada, now), now)


def test_a_registration_sealed_with_a_lost_key_is_renewed(ada, server, now, settings):
    begin(ada, now)
    settings.CREDENTIAL_KEYS = ["b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q="]
    assert finish(ada, begin(ada, now), now)


def test_a_name_that_is_no_server_gets_the_connectors_sentence(ada, server, now):
    with pytest.raises(LinkError, match="not the name of a server"):
        begin(ada, now, host="complete nonsense")


def test_a_server_that_does_not_answer_is_told_in_plain_words(ada, server, now):
    server.fails["register"] = Transient(code="unreachable")
    with pytest.raises(LinkError, match=r"could not reach known\.example"):
        begin(ada, now)
    assert not InstanceApp.objects.exists()


def test_ten_tries_an_hour_count_also_where_no_server_answered(ada, grace, server, now):
    server.fails["register"] = Transient(code="unreachable")
    for _ in range(10):
        with pytest.raises(LinkError, match="could not reach"):
            begin(ada, now)
    with pytest.raises(LinkError, match="10 times within the hour"):
        begin(ada, now)
    server.fails.clear()
    assert begin(grace, now)
    assert begin(ada, now + timedelta(hours=1))


def test_attempts_of_yesterday_are_forgotten(ada, server, now):
    begin(ada, now)
    begin(ada, now + timedelta(days=2))
    assert LinkAttempt.objects.count() == 1


def test_found_by_handle_can_be_switched(ada, server, now):
    account = finish(ada, begin(ada, now), now)
    set_findable(account, False, now)
    account.refresh_from_db()
    assert account.findable is False


def test_unlinking_revokes_there_and_deletes_here(ada, server, now):
    account = finish(ada, begin(ada, now), now)
    said = unlink(account, now)
    assert server.revoked == ["token-known.example-1"]
    assert nothing_is_linked()
    assert "no longer lets us in" in said


def test_unlinking_deletes_here_also_where_the_server_does_not_answer(ada, server, now):
    account = finish(ada, begin(ada, now), now)
    server.fails["revoke"] = Transient(code="unreachable")
    said = unlink(account, now)
    assert nothing_is_linked()
    assert "take our access back there yourself" in said


def test_unlinking_one_account_makes_the_others_due_for_a_new_score(ada, server, now):
    first = finish(ada, begin(ada, now), now)
    server.who = identity("second", "18", now)
    second = finish(ada, begin(ada, now), now)
    later = now + timedelta(days=1)
    unlink(first, later)
    second.refresh_from_db()
    assert second.changed_at == later


def test_whoever_waits_for_a_handle_looks_again_when_it_is_linked_or_found(ada, server, now):
    account = finish(ada, begin(ada, now, findable=False), now)
    assert account.introduced_at == now
    later = now + timedelta(days=1)
    set_findable(account, True, later)
    account.refresh_from_db()
    assert account.introduced_at == later


def test_a_new_handle_introduces_the_account_and_the_same_one_does_not(ada, server, now):
    account = finish(ada, begin(ada, now), now)
    later = now + timedelta(days=1)
    for handle, at in (("@ada@known.example", now), ("@new@known.example", later)):
        person = Person(key="ada@known.example", handle=handle, host="known.example")
        show_as(account, Identity(remote_id="17", person=person), later)
        assert account.introduced_at == at
