"""What the member and the operator are told about Reddit."""

from language import gettext_noop as mark
from networks.connectors.platform import Option, Permission, Platform

PLATFORM = Platform(
    key="reddit",
    label="Reddit",
    connector="networks.connectors.reddit.RedditConnector",
    shows=frozenset({"age"}),
    known_hosts=frozenset({"www.reddit.com"}),
    permissions=(
        Permission(
            mark("Who you are"), "identity", mark("for your name and how many follow your profile")
        ),
        Permission(
            mark("What you wrote"),
            "history",
            mark(
                "for your posts and comments. Reddit shows your votes and saved posts with the "
                "same permission; we never ask for them"
            ),
        ),
        Permission(
            mark("What others wrote"),
            "read",
            mark("for the comments under your posts, and since when their writers are there"),
        ),
    ),
    options=(
        Option("client_id", "REDDIT_CLIENT_ID", "Client ID of an application Reddit approved"),
        Option("client_secret", "REDDIT_CLIENT_SECRET", "Its secret"),
        Option("url", "REDDIT_URL", "Where people sign in", is_required=False),
        Option("api_url", "REDDIT_API_URL", "Where the API is", is_required=False),
    ),
    summary=mark("Posts and comments. Reddit wants to approve each application before it is used."),
    reads=mark(
        "Your profile, your posts and comments, and the comments under your posts of the last 90 "
        "days. Answers to comments of yours under other people's posts are not read: they are in "
        "your inbox, beside your private messages, which we do not want to see."
    ),
    counts=mark(
        "Followers of your profile as the audience; people who commented under your posts as the "
        "response. Karma is not counted: votes do not tell who gave them."
    ),
)
