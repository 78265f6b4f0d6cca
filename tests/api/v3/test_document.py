"""The OpenAPI document is valid, complete and the same as what the guide says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from accounts.scopes import OF_V3
from klout.api import quota
from klout.api.v3 import cursors, openapi, problems
from klout.api.v3.api import api
from klout.api.v3.pages import EXAMPLES
from klout.api.v3.rendering import as_json

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "api" / "v3.md").read_text()
DOCUMENT: dict[str, Any] = json.loads(as_json(openapi.document(api)))
CALLS = [
    pytest.param(method, path, call, id=call["operationId"])
    for path, calls in DOCUMENT["paths"].items()
    for method, call in calls.items()
]


@pytest.mark.django_db
def test_the_document_that_is_served_is_openapi_3_1_and_valid(client: Client) -> None:
    answer = client.get("/api/v3/openapi.json")
    served = answer.json()
    assert served["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(served).validate()
    assert (
        client.get("/api/v3/openapi.json", headers={"If-None-Match": answer["ETag"]}).status_code
        == 304
    )


@pytest.mark.parametrize(("method", "path", "call"), CALLS)
def test_every_call_is_described_with_examples_and_all_its_errors(
    method: str, path: str, call: dict[str, Any]
) -> None:
    assert call["summary"]
    assert call["description"] != call["summary"]
    assert all(
        "$ref" in one or (one["description"] and "example" in one) for one in call["parameters"]
    )
    bodies = [call.get("requestBody", {}), *call["responses"].values()]
    for content in [one for body in bodies for one in body.get("content", {}).items()]:
        kind, body = content
        if kind == "application/json":
            is_like(body["example"], body["schema"])
        elif kind == problems.MEDIA_TYPE:
            for example in body["examples"].values():
                name = example["$ref"].rpartition("/")[2]
                is_like(DOCUMENT["components"]["examples"][name]["value"], body["schema"])
    expected = {"401", "429", "500", "503"} | ({"403"} if call["security"][0]["bearer"] else set())
    expected |= {"409", "413", "415", "422"} if method != "get" else set()
    assert expected <= call["responses"].keys()


def is_like(example: Any, schema: dict[str, Any]) -> None:
    whole = schema | {"components": DOCUMENT["components"]}
    Draft202012Validator(whole).validate(example)


def test_every_field_says_what_it_means() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            assert said.get("description"), f"{name}.{field}"


def test_the_guide_names_every_call_with_its_scope_and_no_other() -> None:
    told = set(re.findall(r"^\| `([A-Z]+) (/api/v3/\S+)` \| `?([\w:]+)`? \|", GUIDE, re.MULTILINE))
    there = {
        (method.upper(), path, (call["security"][0]["bearer"] or ["none"])[0])
        for method, path, call in (one.values for one in CALLS)
    }
    assert told == there
    assert {scope for _, _, scope in there} == {"none", *OF_V3}


def test_the_guide_names_every_problem_and_no_other() -> None:
    told = set(re.findall(r"^\| (\d{3}) \| `([\w-]+)` \|", GUIDE, re.MULTILINE))
    assert told == {(str(kind.status), kind.slug) for kind in problems.KINDS}


def test_the_guide_tells_the_limits_in_force() -> None:
    assert f"RateLimit-Policy: {quota.POLICY}" in GUIDE
    assert f"{quota.MEMBERS_PER_DAY}\ndifferent public profiles" in GUIDE
    assert f"(1 to {cursors.PAGE_MOST}, else {cursors.PER_PAGE})" in GUIDE


@pytest.mark.django_db
def test_every_link_of_the_guides_leads_somewhere(client: Client) -> None:
    found = set()
    for page in ("/api/", "/api/oauth/", "/api/webhooks/", "/api/classic/"):
        said = client.get(page).content.decode()
        prose = said[said.index('class="card prose"') :].partition("</div>\n</div>")[0]
        found |= {link for link in re.findall(r'href="([^"]+)"', prose) if "//" not in link}
    assert {f"/api/examples/{name}" for name in EXAMPLES} <= found
    for link in found:
        assert client.get(link).status_code == 200, link
    assert client.get("/api/examples/v3.md").status_code == 404
    assert client.get("/api/examples/tour.sh")["Content-Type"] == "text/plain; charset=utf-8"
