"""What the member and the operator are told about Stack Exchange."""

from language import gettext_noop as mark
from networks.connectors.platform import Option, Permission, Platform

PLATFORM = Platform(
    key="stackexchange",
    label="Stack Exchange",
    connector="networks.connectors.stackexchange.StackExchangeConnector",
    has_audience=False,
    shows=frozenset({"age"}),
    known_hosts=frozenset({"stackoverflow.com"}),
    permissions=(
        Permission(
            mark("What everybody can see of you, also when you are away"),
            "no_expiry",
            mark(
                "for your questions, answers and comments on the sites where you are most active, "
                "and for who answered or commented. Your inbox stays closed to us"
            ),
        ),
    ),
    options=(
        Option("client_id", "STACKEXCHANGE_CLIENT_ID", "Client ID of the application"),
        Option("client_secret", "STACKEXCHANGE_CLIENT_SECRET", "Its secret"),
        Option("key", "STACKEXCHANGE_KEY", "Its key, for the allowance of requests"),
        Option("url", "STACKEXCHANGE_URL", "Where people sign in", is_required=False),
        Option("api_url", "STACKEXCHANGE_API_URL", "Where the API is", is_required=False),
    ),
    summary=mark("Stack Overflow and its sister sites, with one sign-in."),
    reads=mark(
        "Your questions, answers and comments on the five sites where you wrote most; the answers "
        "to your latest hundred questions and the comments on your latest hundred posts there."
    ),
    counts=mark(
        "People who answered your questions or commented on your posts, as the response. "
        "Reputation is not counted: it is a score of somebody else's making, and votes do not tell "
        "who gave them."
    ),
)
