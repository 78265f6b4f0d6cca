"""What rule 2026.1 promises: exact, the same for everyone, never lowered by what is received."""

from dataclasses import replace
from decimal import Decimal, localcontext
from math import log, log10, sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.registry import PLATFORMS
from scoring import rule
from scoring.rule import ONE, AccountFigures, score
from tests.scoring.oracle import Act, figures

PLATFORM_KEYS = sorted(PLATFORMS)

accounts = st.builds(
    AccountFigures,
    key=st.integers(1, 10**6),
    platform=st.sampled_from(PLATFORM_KEYS),
    followers=st.none() | st.integers(0, 10**9),
    curation=st.none() | st.integers(0, 10**5),
    response=st.integers(0, 10**4 * ONE) | st.integers(0, 3 * ONE),
    everyone=st.integers(0, ONE),
    is_known_host=st.booleans(),
    days_since_read=st.integers(0, 40),
)
members = st.lists(accounts, max_size=6, unique_by=lambda account: account.key)


def mastodon(followers=0, response=0.0, *, key=1, everyone=0.0, **fields):
    return AccountFigures(
        key, "mastodon", followers, None, int(response * ONE), int(everyone * ONE), **fields
    )


def points(*figures):
    return score(figures).hundredths / 100


# --- The tables ---


def test_the_tables_are_their_formulas_worked_out():
    """Worked out once more here: what was made at the start of the process shows no mistake."""
    fading = [int(ONE * 2 ** (-age / 30)) for age in range(90)]
    assert rule._decay_table() == rule.DECAY == tuple(fading)
    growing = [int(ONE * (1 + log10(acts))) for acts in range(1, 11)]
    assert rule._saturation_table() == rule.SATURATION == (0, *growing)
    steps = rule._score_steps()
    assert steps == rule.SCORE_STEPS
    assert (len(steps), steps[0], steps[-1]) == (9901, 0, 10**8 * ONE)
    least = [ONE * ((1 + 10**8) ** (step / 9900) - 1) for step in range(9901)]
    assert steps == pytest.approx(least, rel=1e-9, abs=1)


def test_half_of_the_weight_is_gone_after_thirty_days():
    assert len(rule.DECAY) == 90
    assert (rule.DECAY[0], rule.DECAY[30], rule.DECAY[60]) == (ONE, ONE // 2, ONE // 4)


def test_the_tenth_act_of_one_person_makes_two_and_no_act_makes_nothing():
    assert (rule.SATURATION[0], rule.SATURATION[1], rule.SATURATION[10]) == (0, ONE, 2 * ONE)


def test_every_step_of_the_score_is_the_least_reach_for_it():
    chosen = [1, 2, 500, 4_321, 9_899, 9_900]
    with localcontext() as context:
        context.prec = 70
        whole, steps = Decimal(1 + rule.WHOLE_REACH).ln(), rule._score_steps()
        for step in chosen:
            reached, missed = (
                9900 * (1 + Decimal(least) / ONE).ln() / whole
                for least in (steps[step], steps[step] - 1)
            )
            assert missed < step
            assert reached > step - Decimal("1e-60")


@pytest.mark.parametrize(
    ("standing", "trust", "quarters"),
    [
        (0, 0, 0),
        (499, 0, 0),
        (500, 0, 1),
        (999, 0, 1),
        (1000, 0, 2),
        (0, ONE // 4, 1),
        (0, ONE - 1, 3),
        (0, ONE, 4),
        (0, 7 * ONE, 4),
        (1000, ONE // 4, 2),
    ],
)
def test_a_weight_is_half_of_standing_or_all_of_trust_in_whole_quarters(standing, trust, quarters):
    assert rule.weight_in_quarters(standing, trust) == quarters


# --- Reach and score ---


@given(st.integers(1, 10**14), st.integers(1, 10**14))
def test_softmin_is_the_printed_formula_and_below_both(one, other):
    exact = one * other / sqrt(one * one + other * other)
    assert rule.softmin(one, other) == pytest.approx(exact, rel=1e-9, abs=1)
    assert rule.softmin(one, other) <= min(one, other)


def test_nobody_linked_and_nobody_listening_make_one():
    assert points() == points(mastodon()) == 1.0


@given(st.integers(0, 10**8), st.floats(0, 1000))
@settings(max_examples=200)
def test_the_score_is_the_printed_formula_rounded_down(followers, response):
    fixed = int(response * ONE) / ONE
    audience = max(followers, min(250 * fixed, 3_500))
    carried = 250 * (0.5 + fixed)
    reach = audience * carried / sqrt(audience**2 + carried**2) if audience else 0
    exact = 1 + 99 * log(1 + reach) / log(1 + 1e8)
    assert points(mastodon(followers, response)) == pytest.approx(exact, abs=0.011)


def test_a_hundred_million_listeners_make_a_hundred_and_more_of_them_no_more():
    celebrity = mastodon(9 * 10**9, 10**7)
    assert points(celebrity) == points(replace(celebrity, followers=10**30)) == 100.0


def test_the_first_response_is_granted_once_where_it_adds_most():
    large, small = mastodon(5000, key=1), mastodon(50, key=2)
    result = score([small, large])
    assert [share.granted for share in result.shares] == [False, True]
    assert [share.tenths == 0 for share in result.shares] == [True, False]


def test_fifty_empty_accounts_are_worth_one():
    bought = [mastodon(10_000, key=key) for key in range(50)]
    assert points(*bought) == points(bought[0])


def test_ten_thousand_bought_followers_move_a_typical_account_by_less_than_three_points():
    assert points(mastodon(10_900, 4)) - points(mastodon(900, 4)) < 3
    assert points(mastodon(10_100, 4)) - points(mastodon(100, 4)) < 3


def test_eight_thousand_unknown_responders_move_less_than_three_points():
    assert points(mastodon(900, 0, everyone=8000 / 16)) - points(mastodon(900, 0)) < 3


def test_a_thousand_acts_of_one_person_are_worth_no_more_than_ten():
    few, many = (
        figures([Act(1, n, 7, 1000, 99) for n in range(acts)], {1: 100}, {1: 10**6})
        for acts in (10, 1000)
    )
    assert few == many


def test_a_blog_is_worth_its_responses_and_nothing_by_itself():
    blog = AccountFigures(1, "blog", None, None, 0, 0)
    assert points(blog) == points(replace(blog, everyone=100 * ONE)) == 1.0
    heard = score([replace(blog, response=2 * ONE)]).reach
    assert heard == rule.softmin(500 * ONE, 625 * ONE)


def test_who_responds_listens_even_where_nobody_follows():
    assert points(mastodon(0, 2)) == points(mastodon(400, 2))
    assert points(mastodon(0, 0, everyone=100)) == 1.0


def test_more_than_3500_listeners_are_believed_only_of_who_shows_them():
    assert points(mastodon(0, 100)) == points(mastodon(3_500, 100)) < points(mastodon(3_600, 100))
    site = AccountFigures(1, "blog", None, None, 100 * ONE, 0)
    assert points(site) > points(mastodon(3_500, 100))


def test_lists_on_x_are_a_geometric_mean_and_a_count_that_was_not_told_changes_nothing():
    plain = mastodon(1000, 5)
    listed = replace(plain, platform="x", curation=10)
    assert points(replace(plain, platform="x")) == points(plain)
    reach = rule.account_reach(plain) / ONE
    assert rule.account_reach(listed) / ONE == pytest.approx(sqrt(reach * 601), rel=1e-6)


def test_few_stars_never_lower():
    plain = AccountFigures(1, "github", 1000, None, 5 * ONE, 0)
    assert points(replace(plain, curation=0)) == points(plain)
    assert points(replace(plain, curation=500)) > points(plain)


def test_all_unknown_hosts_together_stand_for_a_thousand_listeners():
    invented = [mastodon(10**8, 10**5, key=key, is_known_host=False) for key in range(30)]
    assert score(invented).reach == 1000 * ONE
    honest = mastodon(500, 3, key=99)
    together = score([honest, *invented])
    assert together.reach <= rule.account_reach(honest, granted=True) + 1000 * ONE


def test_people_invented_on_an_unknown_host_do_not_help_a_known_account():
    honest = mastodon(500, 3, key=1)
    invented = mastodon(0, 0, key=2, everyone=100, is_known_host=False)
    assert score([honest, invented]).reach == score([honest]).reach


def test_an_account_is_left_out_when_it_was_not_read_for_more_than_thirty_days():
    account = mastodon(1000, 5)
    assert points(replace(account, days_since_read=30)) == points(account)
    assert points(replace(account, days_since_read=31)) == 1.0


def test_a_figure_larger_than_mankind_is_no_figure():
    assert points(mastodon(2**63 - 1, 1)) == points(mastodon(rule.MOST_PEOPLE, 1))


def test_the_rule_and_the_registry_agree_on_platforms():
    assert {p.key for p in PLATFORMS.values() if p.has_curation} == rule.WITH_CURATION
    assert {p.key for p in PLATFORMS.values() if not p.has_audience} == rule.WITHOUT_AUDIENCE


# --- What always holds ---


@given(members, st.data())
def test_the_order_of_accounts_changes_nothing(member, data):
    shuffled = data.draw(st.permutations(member))
    mine, theirs = score(member), score(shuffled)
    assert (mine.hundredths, mine.reach) == (theirs.hundredths, theirs.reach)
    assert sorted(mine.shares, key=lambda s: s.key) == sorted(theirs.shares, key=lambda s: s.key)


RAISED = {
    "followers": lambda value, more: (value or 0) + more,
    "response": lambda value, more: value + more * ONE // 7,
    "everyone": lambda value, more: value + more,
}


@given(members.filter(bool), st.data(), st.sampled_from(sorted(RAISED)), st.integers(1, 10**7))
@settings(max_examples=400)
def test_nothing_received_ever_lowers_the_score(member, data, field, more):
    index = data.draw(st.integers(0, len(member) - 1))
    raised = list(member)
    raised[index] = replace(
        member[index], **{field: RAISED[field](getattr(member[index], field), more)}
    )
    assert score(raised).reach >= score(member).reach
    assert score(raised).hundredths >= score(member).hundredths


@given(members.filter(bool), st.data(), st.integers(1, 10**5))
def test_one_more_list_or_star_never_lowers_the_score(member, data, more):
    index = data.draw(st.integers(0, len(member) - 1))
    known = [replace(account, curation=account.curation or 0) for account in member]
    raised = list(known)
    raised[index] = replace(known[index], curation=known[index].curation + more)
    assert score(raised).reach >= score(known).reach


@given(members, accounts)
@settings(max_examples=400)
def test_linking_never_lowers_the_score(member, account):
    linked = [*member, replace(account, key=10**7)]
    assert score(linked).reach >= score(member).reach


acts = st.builds(
    Act,
    account=st.integers(1, 3),
    act=st.integers(1, 10**6),
    responder=st.integers(1, 8),
    standing=st.integers(0, 1000),
    day=st.integers(5, 99),
)
audiences = st.fixed_dictionaries({n: st.integers(0, 10**6) for n in (1, 2, 3)})


@given(st.lists(acts, max_size=30, unique_by=lambda act: act.act), acts, audiences)
@settings(max_examples=300)
def test_one_more_reaction_never_lowers_the_score(received, another, followers):
    effective = {1: 100, 2: 100, 3: 97}
    another = replace(another, act=10**7)
    before = score(figures(received, effective, followers))
    after = score(figures([*received, another], effective, followers))
    assert after.reach >= before.reach


@given(members)
@settings(max_examples=1000)
def test_the_split_adds_up_to_the_shown_score(member):
    result = score(member)
    assert 10 + sum(share.tenths for share in result.shares) == result.hundredths // 10
    assert all(share.tenths >= 0 for share in result.shares)


def test_the_split_adds_up_for_ten_thousand_members():
    chance = Random(20261)
    for _ in range(10_000):
        member = [
            AccountFigures(
                key,
                chance.choice(PLATFORM_KEYS),
                int(10 ** chance.uniform(0, 7)),
                chance.choice([None, int(10 ** chance.uniform(0, 3))]),
                int(ONE * 10 ** chance.uniform(-2, 3)),
                chance.randrange(ONE),
                chance.random() > 0.2,
                chance.randrange(40),
            )
            for key in range(chance.randrange(6))
        ]
        result = score(member)
        assert 10 + sum(share.tenths for share in result.shares) == result.hundredths // 10


@given(st.integers(0, 1000), st.lists(st.integers(0, 10**15), min_size=1, max_size=9))
def test_each_part_of_a_split_is_within_one_of_its_share(total, sizes):
    parts = rule.apportion(total, sizes, range(len(sizes)))
    assert sum(parts) == (total if any(sizes) else 0)
    for part, size in zip(parts, sizes, strict=True):
        assert abs(part * sum(sizes) - total * size) < sum(sizes) or not any(sizes)


def test_what_is_left_over_goes_to_the_larger_and_then_to_the_smaller_key():
    assert rule.apportion(4, [1, 3, 4], [1, 2, 3]) == [0, 2, 2]
    assert rule.apportion(1, [5, 5], [2, 1]) == [0, 1]
    assert rule.apportion(7, [0, 0], [1, 2]) == [0, 0]


def test_among_equals_the_grant_goes_to_the_smaller_key_and_to_none_that_is_left_out():
    twins = [mastodon(900, 3, key=key) for key in (7, 3, 5)]
    assert [share.granted for share in score(twins).shares] == [False, True, False]
    old = mastodon(10**6, 50, key=1, days_since_read=31)
    assert [share.granted for share in score([old, *twins]).shares] == [False, False, True, False]
    assert not score([old]).shares[0].granted


def test_what_is_invented_is_held_together_and_shared_by_reach():
    accounts = [
        mastodon(0, 0, key=key, is_known_host=is_known)
        for key, is_known in ((1, True), (2, False), (3, False))
    ]
    reaches = [3_000 * ONE, 6_000 * ONE, 2_000 * ONE]
    assert rule.pool(accounts, reaches) == 4_000 * ONE
    # 750 and 250 of the thousand: 40 points are 30, 7.5 and 2.5.
    assert rule.split(4_100, accounts, reaches) == [300, 75, 25]
