"""What the member and the operator are told about X."""

from datetime import timedelta

from language import gettext_noop as mark
from networks.connectors.platform import SIDES, Option, Permission, Platform, Price
from networks.connectors.x.prices import (
    ANSWERS,
    AS_OF,
    POSTS,
    SHARES,
    USER,
    estimate,
)

FIRST, MONTHLY = estimate()

PLATFORM = Platform(
    key="x",
    label="X",
    connector="networks.connectors.x.XConnector",
    has_curation=True,
    shows=SIDES,
    known_hosts=frozenset({"x.com"}),
    permissions=(
        Permission(
            mark("Your profile"),
            "users.read",
            mark("for your name, your follower count and on how many lists you are"),
        ),
        Permission(
            mark("Posts that you can see"),
            "tweet.read",
            mark(
                "for your own posts (links, the first 280 characters, tags) and for who answered, "
                "quoted or reposted you. Of these people we keep a scrambled number and a weight, "
                "no names"
            ),
        ),
        Permission(
            mark("Staying connected"),
            "offline.access",
            mark("so that we can read on without asking you again"),
        ),
    ),
    options=(
        Option("client_id", "X_CLIENT_ID", "the OAuth 2.0 client id of your application at X"),
        Option(
            "client_secret",
            "X_CLIENT_SECRET",
            "its client secret; none for a public client",
            is_required=False,
        ),
        Option("api_url", "X_API_URL", "where X's API is", is_required=False),
        Option(
            "owned_reads",
            "X_OWNED_READS",
            "the id of the X account that owns the application; its reads are cheaper",
            is_required=False,
        ),
        Option(
            "budget_per_account",
            "X_BUDGET_PER_ACCOUNT",
            "dollars that one account may cost in a month",
            is_required=False,
        ),
        Option(
            "budget_per_month",
            "X_BUDGET_PER_MONTH",
            "dollars that all of X may cost in a month; without it X cannot be linked",
            is_required=False,
        ),
    ),
    summary=mark("Reading it costs whoever runs this site money, within a budget."),
    reads=mark(
        "Once a day your posts and reposts, posts that mention or answer you, and for the last "
        "week who reposted you and who quoted your ten latest posts; once a week your profile."
    ),
    counts=mark(
        "Followers as the audience; people who replied, mentioned, quoted or reposted as the "
        "response; the lists you are on as curation. Likes do not count: X sells their names one "
        "by one."
    ),
    costs=mark(
        "You nothing. X asks whoever runs this site half a cent for each post and one cent for "
        "each profile that is read."
    ),
    curation=mark("Lists you are on"),
    poll_every=timedelta(days=1),
    price=Price(
        look=USER,
        first=FIRST,
        monthly=MONTHLY,
        assumes=mark(
            "{answers} answers, {posts} posts of your own and {shares} reposts a week, at the "
            "prices of {as_of}"
        ),
        assumed={"answers": ANSWERS, "posts": POSTS, "shares": SHARES, "as_of": AS_OF},
    ),
)
