"""The rule as it is printed is the rule that scores."""

import re

import pytest
from django.utils.html import escape

from klout.printed_rule import printed_rule
from scoring import rule


@pytest.fixture
def html(client, db):
    return client.get("/how/").text


@pytest.fixture
def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_input_of_the_rule_is_listed(html):
    listed = re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td>', html)

    assert listed == [(escape(name), escape(meaning)) for name, meaning in rule.RULE_INPUTS]


def test_the_page_names_the_rule_in_force(words):
    assert f"named {rule.RULE_VERSION}" in words


def test_a_changed_constant_changes_the_page(client, db, monkeypatch):
    monkeypatch.setattr(rule, "LISTENERS_PER_RESPONSE", 321)
    monkeypatch.setattr(rule, "CURATION_FACTOR", 77)
    monkeypatch.setattr(rule, "HALF_LIFE_DAYS", 44)

    html = client.get("/how/").text

    assert "321" in html
    assert "77" in html
    assert "44 days" in html


def test_ten_times_the_reach_is_worth_what_the_page_says():
    step = rule.hundredths_of(10_000 * rule.ONE) - rule.hundredths_of(1_000 * rule.ONE)

    assert abs(step / 100 - float(printed_rule().per_tenfold)) < 0.05


def test_the_small_scale_is_worked_out_by_the_rule():
    for pair in printed_rule().scale:
        reach = int(pair.given.replace(",", "")) * rule.ONE
        assert int(pair.comes_to) == rule.hundredths_of(reach) // 100


def test_what_it_must_not_be_used_for_has_an_address(html, words):
    assert 'id="cannot-tell"' in html
    assert "What it must not be used for" in words


def test_all_addresses_on_the_page_lead_somewhere(html):
    targets = re.findall(r'href="#([^"]+)"', html)

    assert targets
    assert all(f'id="{target}"' in html for target in targets)
