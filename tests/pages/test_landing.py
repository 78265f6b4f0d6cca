"""The page for a visitor: an example that is worked out, not written down."""

import math
import re
from dataclasses import replace
from decimal import Decimal

from django.urls import reverse

from accounts.adapter import MemberAdapter
from klout.example import ADA, example, figures
from networks.registry import PLATFORMS
from scoring.rule import LOWEST, score


def test_the_shown_example_adds_up():
    shown = example()

    assert LOWEST // 10 + sum(line.tenths for line in shown.lines) == shown.hundredths // 10


def test_the_shown_example_is_what_the_rule_gives():
    assert example().hundredths == score(figures(ADA)).hundredths


def test_the_likely_range_holds_the_score():
    shown = example()

    assert shown.low * 100 <= shown.hundredths <= shown.high * 100


def test_another_example_gives_other_figures():
    quieter = [replace(account, responders=account.responders[:1]) for account in ADA]

    assert example(quieter).hundredths < example().hundredths


def test_the_page_prints_the_lines_of_the_example(client, db):
    html = client.get("/").text
    shown = example()

    printed = re.findall(r"<dt[^>]*>([^<]+)</dt><dd[^>]*>([^<]+)</dd>", html)

    assert printed == [
        ("To begin with", "1.0"),
        *((line.words, line.points) for line in shown.lines),
        ("Score", shown.exact),
    ]


def test_the_page_says_which_networks_can_be_linked_so_far(client, db):
    with_connector = [platform.label for platform in PLATFORMS.values() if platform.connector]
    assert f"linked so far: {', '.join(with_connector)}." in client.get("/").content.decode()


def test_the_size_of_the_allotment_is_the_operators(client, db, settings):
    settings.K_ALLOTMENT = 3

    assert "Three a week" in client.get("/").text


def test_the_printed_arithmetic_comes_out_as_printed():
    working = example().working
    groups = sum(Decimal(group.counts) for group in working.groups)
    response, granted = Decimal(working.response), Decimal(working.granted)
    pool, whole = (int(text.replace(",", "")) for text in (working.pool, working.whole_reach))

    assert abs(groups - response) <= Decimal("0.002")
    assert f"{int(working.per_response * (response + granted)):,}" == working.carried
    printed = 1 + 99 * math.log(1 + pool) / math.log(1 + whole)
    assert f"{math.floor(printed * 10) / 10}" == example().exact


def test_the_page_shows_the_working_and_a_k_on_its_way(client, db):
    html = client.get("/").text
    working = example().working

    for figure in (working.response, working.carried, working.listens, working.pool):
        assert figure in html
    assert html.index("Lena") < html.index("Dapo") < html.index("Amara") < html.index("hold it now")


def test_where_nobody_is_taken_on_the_page_says_so(client, db, monkeypatch):
    monkeypatch.setattr(MemberAdapter, "is_open_for_signup", lambda adapter, request: False)

    html = client.get("/").text

    assert "No new members are taken on here at present" in html
    assert reverse("account_signup") not in html
