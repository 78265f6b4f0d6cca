"""What members can read about each network: the pages of docs/networks."""

import re

import pytest
from django.urls import reverse

from networks import about_pages
from networks.registry import NOT_OFFERED, PLATFORMS

LINKABLE = [platform.key for platform in PLATFORMS.values() if platform.connector]


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def test_every_network_has_a_page_and_the_checklist_names_it():
    assert about_pages.names() == {*LINKABLE, *NOT_OFFERED}
    readme = (about_pages.FOLDER / "README.md").read_text()
    for name in about_pages.names():
        assert f"({name}.md)" in readme


@pytest.mark.parametrize("name", sorted(about_pages.names()))
def test_a_page_reads_well_in_the_product(as_ada, name):
    page = as_ada.get(reverse("about_network", args=[name]))
    assert page.status_code == 200
    text = page.content.decode()
    assert text.count("<h1") == 1
    assert "<h2>" in text
    # On a telephone a table scrolls in a box of its own, and its code stays whole.
    assert text.count("<table>") == text.count('<div class="wide" tabindex="0"><table>')
    # Links between files of the documentation lead nowhere here.
    assert all(href.startswith("https://") for href in links(name))


def links(name: str) -> list[str]:
    return re.findall(r"\]\(([^)]*)\)", (about_pages.FOLDER / f"{name}.md").read_text())


@pytest.mark.parametrize("name", ["README", "nonsense", "registry"])
def test_what_is_no_network_is_not_found(as_ada, name):
    assert as_ada.get(reverse("about_network", args=[name])).status_code == 404


def test_the_networks_page_leads_to_those_that_are_not_offered(as_ada):
    text = as_ada.get(reverse("networks")).content.decode()
    for name in NOT_OFFERED:
        assert reverse("about_network", args=[name]) in text
