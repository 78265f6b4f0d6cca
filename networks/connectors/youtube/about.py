"""What the member and the operator are told about YouTube."""

from language import gettext_noop as mark
from networks.connectors.platform import Option, Permission, Platform

PLATFORM = Platform(
    key="youtube",
    label="YouTube",
    connector="networks.connectors.youtube.YouTubeConnector",
    shows=frozenset({"age"}),
    known_hosts=frozenset({"youtube.com"}),
    permissions=(
        Permission(
            mark("Your channel, its videos and whom you subscribe to"),
            "youtube.readonly",
            mark(
                "for your subscriber count, the titles and links of your videos, and whom you "
                "reach out to. It lets us change nothing"
            ),
        ),
        Permission(
            mark("Public comments"),
            mark("no permission of yours"),
            mark(
                "for who answered your videos. Everybody can see them, so we read them as this "
                "site. Of these people we keep a scrambled number and a weight, no names"
            ),
        ),
    ),
    options=(
        Option("client_id", "YOUTUBE_CLIENT_ID", "Client ID of the OAuth client"),
        Option("client_secret", "YOUTUBE_CLIENT_SECRET", "Client secret of the OAuth client"),
        Option("api_key", "YOUTUBE_API_KEY", "API key of the same project, for public comments"),
        Option("quota", "YOUTUBE_QUOTA", "Units a day that Google grants", is_required=False),
        Option("accounts_url", "YOUTUBE_ACCOUNTS_URL", "Consent page", is_required=False),
        Option("oauth_url", "YOUTUBE_OAUTH_URL", "Where tokens are", is_required=False),
        Option("api_url", "YOUTUBE_API_URL", "Where the API is", is_required=False),
    ),
    summary=mark("Your channel, read only; comments that everybody can see."),
    reads=mark(
        "Your channel's figures, your public videos, the comments below them and the replies to "
        "those, and your subscriptions. A late reply to a comment older than two weeks is not seen."
    ),
    counts=mark(
        "Subscribers as the audience, unless you hide them; people who commented on your videos, "
        "or answered there, as the response. Views and likes count for nothing: nobody can say who "
        "they are."
    ),
    costs=mark(
        "No money. Google lets this site ask for 10,000 units a day for all its members together; "
        "reading an account takes about 5."
    ),
    audience=mark("Subscribers"),
)
