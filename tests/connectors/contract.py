"""What every connector must keep, over real HTTP against a network that plays its platform.

A platform's test class inherits from `ConnectorContract` and has a fixture `network` that is a
`Network`. Nothing here knows a platform.
"""

import hashlib
import itertools
import json
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.connectors.base import (
    AccessRevoked,
    AppRegistration,
    Connector,
    ConnectorError,
    Consent,
    Credentials,
    Page,
    Permanent,
    RateLimited,
    Transient,
)
from networks.connectors.proof import Claim, ProofConnector

VERIFIER = "v" * 64
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
STATE = "state-6dT"
BACKFILL = timedelta(days=180)


class Network(Protocol):
    """A platform in a box. `now` is its present; the member there has things to read.

    `typed` is what the member types to get there; a platform that is one place for everybody
    says so by `is_one_place`, and nothing is typed. `consent_host` is where the consent page is, if
    it is not at `host`. A platform whose OAuth is older than PKCE says so by `knows_pkce = False`;
    it is asked with a challenge all the same.
    """

    connector: Connector
    host: str
    typed: str
    redirect_uri: str
    now: datetime

    def consent(self, url: str) -> str:
        """The member says yes on the consent page at `url`; returns the code."""
        ...

    def withdraw_consent(self) -> None:
        """The member takes our access back at the platform."""
        ...

    def something_happens(self) -> None:
        """Somebody reacts to the member, once; and the member posts once."""
        ...


@runtime_checkable
class PushedNetwork(Protocol):
    """A platform to which the request is pushed before the browser goes there (RFC 9126).

    Its consent pages are at `consent_host`, which need not be the platform's host.
    """

    consent_host: str

    def asked_for(self, url: str) -> dict[str, str]:
        """What was pushed for the page at `url`."""
        ...


class ProofNetwork(Protocol):
    """A platform in a box whose connector asks for no consent.

    `reads` are the kinds that reading brings; the others come in other ways. `follows_redirects`:
    reading carries no secret, so it may be led to another server.
    """

    connector: ProofConnector
    host: str
    typed: str
    now: datetime
    claim: Claim
    reads: frozenset[str]
    follows_redirects: bool

    def put_line(self) -> None:
        """The member puts the line that shows it into the place."""
        ...

    def put_file(self) -> None:
        """The member puts the words of the claim into a file at the place."""
        ...

    def take_line(self) -> None:
        """Nothing at the place shows whose it is any more."""
        ...

    def put_line_of_somebody_else(self) -> None: ...

    def something_happens(self) -> None: ...


class BrokenNetwork(Network, Protocol):
    def answer_reading_with(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """From now on every request for data is answered like this."""
        ...


def link(network: Network) -> tuple[AppRegistration, Credentials]:
    """Through registration, consent page and exchange; or by what stands at the place."""
    if hasattr(network, "claim"):
        network.put_line()
        return AppRegistration("", "", ""), proven(network)
    app = network.connector.register(network.host, network.redirect_uri)
    consent = ask(network, app)
    code = network.consent(consent.url)
    return app, trade(network, app, code, consent=consent)


def proven(network: ProofNetwork) -> Credentials:
    """The credentials of a place that shows the claim."""
    look = network.connector.look(network.connector.find(network.typed).login)
    assert network.connector.proof(look, network.claim)
    return network.connector.credentials(look, network.now)


def kinds_of(network: Network) -> frozenset[str]:
    """What reading brings on this platform."""
    return getattr(network, "reads", frozenset({"posts", "reactions", "outreach"}))


def ask(network: Network, app: AppRegistration) -> Consent:
    """The way to the consent page, as the services ask for it."""
    destination = network.connector.find(network.typed)
    return network.connector.ask_consent(destination, app, network.redirect_uri, STATE, CHALLENGE)


def asked_for(network: Network, url: str) -> dict[str, str]:
    """What the consent page at `url` is asked for: in its address, or pushed there before."""
    if isinstance(network, PushedNetwork):
        return network.asked_for(url)
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def trade(
    network: Network,
    app: AppRegistration,
    code: str,
    verifier: str = VERIFIER,
    consent: Consent | None = None,
) -> Credentials:
    kept = consent.kept if consent else ask(network, app).kept
    return network.connector.exchange(
        network.host, app, network.redirect_uri, code, verifier, kept, network.now
    )


def run(network: Network, credentials: Credentials, cursor: Any) -> Iterator[Page]:
    return network.connector.read(
        network.host, credentials, cursor, since=network.now - BACKFILL, now=network.now
    )


def read_all(network: Network, credentials: Credentials, cursor: Any = None) -> list[Page]:
    """Run after run until nothing more is left; cursors go through JSON as in the database."""
    pages: list[Page] = []
    for _ in range(200):
        pages += run(network, credentials, cursor or {})
        cursor = json.loads(json.dumps(pages[-1].cursor))
        if not pages[-1].more:
            return pages
    raise AssertionError("the reading never ends")


def keys(pages: list[Page]) -> dict[str, list[str]]:
    return {
        "posts": [post.remote_id for page in pages for post in page.posts],
        "reactions": [reaction.key for page in pages for reaction in page.reactions],
        "outreach": [act.key for page in pages for act in page.outreach],
    }


def texts(value: Any) -> Iterator[str]:
    """Every string in a page."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(texts, value.values()))
    elif isinstance(value, tuple | list):
        yield from itertools.chain.from_iterable(map(texts, value))
    elif hasattr(value, "__dataclass_fields__"):
        yield from texts(vars(value))


def assert_storable(page: Page, now: datetime) -> None:
    """Nothing in the page can break a column, a sum or a web page."""
    for text in texts(page):
        assert text == unicodedata.normalize("NFC", text)
        assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in text)
        assert not any("\u202a" <= char <= "\u202e" for char in text)
        assert not any("\u2066" <= char <= "\u2069" for char in text)
        assert len(text) <= 500
    people = [reaction.responder for reaction in page.reactions]
    people += [act.target for act in page.outreach]
    people += [page.identity.person] if page.identity else []
    figures = [person.followers for person in people] + [person.posts for person in people]
    figures += [person.following for person in people]
    figures += [page.counts.followers, page.counts.posts] if page.counts else []
    assert all(figure is None or 0 <= figure <= 10**12 for figure in figures)
    assert all(person.key == person.key.lower() and len(person.key) <= 200 for person in people)
    assert all(len(person.handle) <= 255 for person in people)
    assert all(len(act.key) <= 300 for act in page.outreach)
    moments = [post.posted_at for post in page.posts]
    moments += [reaction.happened_at for reaction in page.reactions]
    moments += [act.happened_at for act in page.outreach]
    assert all(moment.tzinfo is not None and moment <= now for moment in moments)
    assert all(len(post.excerpt) <= 280 for post in page.posts)


class ConsentContract:
    def test_consent_leads_to_credentials_and_an_identity(self, network: Network):
        _, credentials = link(network)
        identity = network.connector.identify(network.host, credentials)
        assert identity.remote_id
        assert identity.person.host == network.host
        assert identity.person.handle

    def test_the_consent_page_is_asked_for_exactly_what_was_meant(self, network: Network):
        app = network.connector.register(network.host, network.redirect_uri)
        url = ask(network, app).url
        query = asked_for(network, url)
        assert urlsplit(url).netloc == getattr(network, "consent_host", network.host)
        assert query["state"] == STATE
        assert query["redirect_uri"] == network.redirect_uri
        assert query["code_challenge"] == CHALLENGE
        assert query["code_challenge_method"] == "S256"
        assert app.client_secret not in url

    def test_a_code_without_its_verifier_is_worth_nothing(self, network: Network):
        if not getattr(network, "knows_pkce", True):
            return
        app = network.connector.register(network.host, network.redirect_uri)
        consent = ask(network, app)
        code = network.consent(consent.url)
        with pytest.raises(Permanent) as caught:
            trade(network, app, code, "w" * 64, consent)
        assert caught.value.code == "code_refused"

    def test_a_code_that_nobody_gave_is_refused(self, network: Network):
        app = network.connector.register(network.host, network.redirect_uri)
        with pytest.raises(Permanent) as caught:
            trade(network, app, "made-up")
        assert caught.value.code == "code_refused"

    def test_a_registration_is_known_and_a_made_up_one_is_not(self, network: Network):
        app = network.connector.register(network.host, network.redirect_uri)
        assert network.connector.is_registered(network.host, app)
        made_up = AppRegistration("made-up", "made-up", app.scopes)
        assert not network.connector.is_registered(network.host, made_up)
        with pytest.raises(Permanent) as caught:
            trade(network, made_up, "code", consent=Consent(""))
        assert caught.value.code == "app_forgotten"

    def test_secrets_are_not_shown(self, network: Network):
        app, credentials = link(network)
        assert app.client_secret not in repr(app)
        assert credentials.access_token not in repr(credentials)


class ReadingContract:
    """What every connector keeps once an account is linked, in whatever way."""

    def test_the_first_page_says_who_and_how_many(self, network: Network):
        _, credentials = link(network)
        first = next(run(network, credentials, {}))
        assert first.identity == network.connector.identify(network.host, credentials)
        assert first.counts is not None
        assert first.more

    def test_everything_is_read_once_and_fits(self, network: Network):
        _, credentials = link(network)
        pages = read_all(network, credentials)
        for kind, found in keys(pages).items():
            assert found or kind == "outreach" or kind not in kinds_of(network)
            if kind != "posts":
                assert len(found) == len(set(found)), f"{kind} twice"
        for page in pages:
            assert_storable(page, network.now)
            assert page.progress
        assert not pages[-1].more

    def test_every_reaction_to_a_post_says_which(self, network: Network):
        _, credentials = link(network)
        reactions = [r for page in read_all(network, credentials) for r in page.reactions]
        about = {"favourite", "reshare", "reply"}
        assert all(r.post_remote_id for r in reactions if r.kind in about)

    def test_a_run_is_at_most_20_pages(self, network: Network):
        _, credentials = link(network)
        assert len(list(run(network, credentials, {}))) <= 20

    def test_stopped_after_any_page_nothing_is_lost(self, network: Network):
        _, credentials = link(network)
        whole = {kind: set(found) for kind, found in keys(read_all(network, credentials)).items()}
        pages: list[Page] = []
        cursor: Any = {}
        for stop_after in itertools.cycle([2, 3, 1, 4]):
            taken = list(itertools.islice(run(network, credentials, cursor), stop_after))
            pages += taken
            cursor = json.loads(json.dumps(taken[-1].cursor))
            if not taken[-1].more:
                break
            assert len(pages) < 500
        pieces = keys(pages)
        assert {kind: set(found) for kind, found in pieces.items()} == whole
        assert len(pieces["reactions"]) == len(set(pieces["reactions"]))

    def test_a_second_read_brings_only_what_is_new(self, network: Network):
        _, credentials = link(network)
        cursor = read_all(network, credentials)[-1].cursor
        assert not any(keys(read_all(network, credentials, cursor)).values())
        network.something_happens()
        news = keys(read_all(network, credentials, cursor))
        # A post may come again with a reaction to it; it is the same post.
        reactions = 1 if "reactions" in kinds_of(network) else 0
        assert (len(set(news["posts"])), len(news["reactions"])) == (1, reactions)

    def test_what_happens_during_the_first_read_is_not_lost(self, network: Network):
        _, credentials = link(network)
        first = list(itertools.islice(run(network, credentials, {}), 3))
        network.something_happens()
        rest = read_all(network, credentials, first[-1].cursor)
        whole = {k: set(found) for k, found in keys(read_all(network, credentials)).items()}
        assert {kind: set(found) for kind, found in keys(first + rest).items()} == whole

    @pytest.mark.parametrize("nonsense", ["", "   ", "two words", "mastodon", "a..b", "https://"])
    def test_nonsense_is_no_server_and_the_sentence_says_so(self, network: Network, nonsense):
        if getattr(network, "is_one_place", False):
            assert network.connector.find(nonsense).host == network.host
            return
        with pytest.raises(ValueError, match=r"\.$"):
            network.connector.find(nonsense)


class ConnectorContract(ConsentContract, ReadingContract):
    """For platforms that are asked for consent."""

    def test_withdrawn_consent_is_said_to_be_so(self, network: Network):
        _, credentials = link(network)
        network.withdraw_consent()
        for attempt in (
            lambda: next(run(network, credentials, {})),
            lambda: network.connector.identify(network.host, credentials),
        ):
            with pytest.raises(AccessRevoked) as caught:
                attempt()
            assert credentials.access_token not in str(caught.value)

    def test_revoking_takes_our_access_back(self, network: Network):
        app, credentials = link(network)
        network.connector.revoke(network.host, app, credentials)
        with pytest.raises(AccessRevoked):
            network.connector.identify(network.host, credentials)


class ProofContract(ReadingContract):
    """For platforms where the member shows that a place is theirs."""

    def look(self, network: ProofNetwork):
        return network.connector.look(network.connector.find(network.typed).login)

    def test_the_line_shows_whose_it_is(self, network: ProofNetwork):
        network.put_line()
        look = self.look(network)
        assert look.identity.remote_id
        assert (look.host, look.identity.person.host) == (network.host, network.host)
        assert network.connector.proof(look, network.claim)

    def test_so_does_the_file(self, network: ProofNetwork):
        network.put_file()
        assert network.connector.proof(self.look(network), network.claim)

    def test_without_either_it_is_nobodys(self, network: ProofNetwork):
        assert not network.connector.proof(self.look(network), network.claim)

    def test_the_line_of_somebody_else_shows_nothing(self, network: ProofNetwork):
        network.put_line_of_somebody_else()
        assert not network.connector.proof(self.look(network), network.claim)

    def test_a_line_that_is_gone_shows_nothing(self, network: ProofNetwork):
        network.put_line()
        network.put_file()
        network.take_line()
        assert not network.connector.proof(self.look(network), network.claim)

    def test_the_same_place_has_the_same_id_however_it_is_spelled(self, network: ProofNetwork):
        spellings = (
            network.typed,
            f"{network.typed}/",
            f"  {network.typed}",
            f"{network.typed}?a=b",
        )
        looks = [network.connector.look(network.connector.find(typed).login) for typed in spellings]
        assert len({look.identity.remote_id for look in looks}) == 1

    def test_what_the_place_claims_is_not_shown(self, network: ProofNetwork):
        network.put_line()
        assert network.claim.address not in repr(self.look(network))

    def test_the_identity_is_the_one_that_was_looked_at(self, network: ProofNetwork):
        _, credentials = link(network)
        seen = self.look(network).identity
        assert network.connector.identify(network.host, credentials) == seen


class TroubleContract:
    """For networks in a box that can be made to answer anything."""

    @pytest.mark.parametrize(
        ("status", "headers", "body", "code"),
        [
            (500, {}, b"", "server_error"),
            (502, {"Content-Type": "text/html"}, b"<h1>Bad gateway</h1>", "server_error"),
            (403, {"Content-Type": "text/html"}, b"<h1>Prove you are human</h1>", "server_error"),
            (200, {"Content-Type": "text/html"}, b"<h1>Welcome</h1>", "garbage"),
            (200, {"Content-Type": "application/json"}, b'{"a": NaN}', "garbage"),
            (200, {"Content-Type": "application/json"}, b"[" * 5000, "garbage"),
            (200, {"Content-Type": "application/json"}, b"null", "garbage"),
            (200, {"Content-Type": "application/json"}, b" " * 1_100_000, "too_large"),
            (302, {"Location": "http://127.0.0.1:1/"}, b"", "refused_address"),
            (302, {"Location": "https://elsewhere.example/"}, b"", "redirected_away"),
        ],
    )
    def test_trouble_is_told_by_its_code(self, network: BrokenNetwork, status, headers, body, code):
        _, credentials = link(network)
        network.answer_reading_with(status, headers, body)
        if code == "redirected_away" and getattr(network, "follows_redirects", False):
            # There is no such server.
            code = "unreachable"
        with pytest.raises(ConnectorError) as caught:
            list(run(network, credentials, {}))
        assert (type(caught.value), caught.value.code) == (Transient, code)

    def test_being_asked_to_wait_says_until_when(self, network: BrokenNetwork):
        _, credentials = link(network)
        network.answer_reading_with(429, {"Retry-After": "120"}, b"{}")
        with pytest.raises(RateLimited) as caught:
            list(run(network, credentials, {}))
        assert caught.value.until.tzinfo is not None

    @pytest.mark.parametrize(
        "cursor",
        [
            *({"v": 0}, {"statuses": None}, {"notifications": [1]}, {"following": {"marks": [{}]}}),
            *({"home": "<!"}, {"left": [[]]}, {"questions": {"following": "x"}}),
        ],
    )
    def test_an_odd_cursor_begins_anew(self, network: BrokenNetwork, cursor):
        _, credentials = link(network)
        found = keys(read_all(network, credentials, cursor))
        assert found["reactions" if "reactions" in kinds_of(network) else "posts"]
