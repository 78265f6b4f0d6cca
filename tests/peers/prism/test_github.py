"""GitHub's own descriptions, of REST and of GraphQL, between our connector and our GitHub."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import graphql
import pytest

from networks.connectors.base import ConnectorError, Setup, Transient
from networks.connectors.github import GitHubConnector
from networks.connectors.github.people import question
from tests.connectors.contract import link, read_all
from tests.connectors.fake_github import FakeGitHub
from tests.connectors.test_github_contract import LivelyGitHub, options_of
from tests.peers.prism.judge import Description, Judge, judge, part_of, read, unused
from tests.peers.ready import packages_of

pytestmark = pytest.mark.peers

PATHS = (
    "/user",
    "/user/repos",
    "/user/starred",
    "/user/following",
    "/users/{username}/events/public",
    "/repos/{owner}/{repo}/events",
    "/repos/{owner}/{repo}/issues",
    "/repos/{owner}/{repo}/issues/comments",
    "/repos/{owner}/{repo}/pulls/comments",
    "/applications/{client_id}/grant",
)


def description() -> Description:
    """What we use of GitHub's description, with what only its prose says."""
    whole = part_of(read("@octokit/openapi/generated/api.github.com.json"), PATHS)
    for path in PATHS:
        for operation in whole["paths"][path].values():
            operation["responses"]["304"] = {"description": "Nothing has changed"}
    # With the dates asked for by Accept, the answer is still called application/json.
    starred = whole["paths"]["/user/starred"]["get"]["responses"]["200"]["content"]
    starred["application/json"] = starred["application/vnd.github.v3.star+json"]
    asks = {"content": {"application/json": {"schema": {"type": "object"}}}}
    tells = {"description": "See test_graphql below", "content": {"application/json": {}}}
    whole["paths"]["/graphql"] = {"post": {"requestBody": asks, "responses": {"200": tells}}}
    return whole


@pytest.fixture
def prism(github: FakeGitHub, tmp_path: Path) -> Iterator[Judge]:
    with judge(description(), github.url, tmp_path) as judging:
        yield judging


@pytest.fixture
def network(github: FakeGitHub, prism: Judge, now) -> LivelyGitHub:
    """Signing in is at our GitHub itself; its API is behind the judge."""
    lively = LivelyGitHub(github, now)
    options = options_of(github) | {"api_url": prism.url}
    lively.connector = GitHubConnector(prism.door(github.host), Setup(options=options))
    return lively


def test_what_we_ask_for_and_what_our_github_answers_is_as_described(network, prism):
    app, credentials = link(network)
    pages = read_all(network, credentials)
    network.something_happens()
    pages += read_all(network, credentials, pages[-1].cursor)
    network.connector.revoke(network.host, app, credentials)
    assert prism.objections == []
    assert sum(page.set_aside for page in pages) == 0
    assert network.fake.unchanged
    assert unused(description(), network.fake.paths()) == []


def test_a_wrong_call_of_ours_does_not_pass(network, prism, monkeypatch):
    monkeypatch.setattr("networks.connectors.github.reading._NEWEST", {"sort": "by size"})
    _, credentials = link(network)
    with contextlib.suppress(ConnectorError):
        read_all(network, credentials)
    assert any('"query","sort"' in objection for objection in prism.objections)
    assert "/user/starred" not in network.fake.paths()


def test_a_wrong_answer_of_our_github_does_not_pass(network, prism):
    network.fake.world.ada["id"] = "eight"
    _, credentials = link(network)
    with pytest.raises(Transient):
        network.connector.identify(network.host, credentials)
    assert any("must be integer" in objection for objection in prism.objections)


@pytest.fixture(scope="module")
def graphql_schema() -> graphql.GraphQLSchema:
    file = packages_of("prism") / "node_modules/@octokit/graphql-schema/schema.graphql"
    # GitHub names one field twice, and deprecates what an interface still promises.
    return graphql.build_schema(file.read_text(), assume_valid=True)


def test_graphql_takes_our_question_and_our_github_answers_it(graphql_schema, github):
    github.world.person("grace")
    github.world.person("harbour", type="Organization")
    asked = question(["grace", "harbour", "nobody"])
    assert graphql.validate(graphql_schema, graphql.parse(asked["query"])) == []
    told = github.people(asked["variables"])
    result = graphql.graphql_sync(
        graphql_schema,
        asked["query"],
        variable_values=asked["variables"],
        field_resolver=lambda owner, info, **_: (owner or told)[info.path.key],
    )
    assert (result.errors, result.data) == (None, told)


def test_graphql_does_not_take_a_question_for_what_is_not_there(graphql_schema):
    asked = question(["grace"])["query"].replace("databaseId", "number")
    assert graphql.validate(graphql_schema, graphql.parse(asked))
