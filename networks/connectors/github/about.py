"""What the member and the operator are told about GitHub."""

from language import gettext_noop as mark
from networks.connectors.platform import SIDES, CodePlace, Option, Permission, Platform, Typed

PLATFORM = Platform(
    key="github",
    label="GitHub",
    connector="networks.connectors.github.GitHubConnector",
    has_curation=True,
    shows=SIDES,
    known_hosts=frozenset({"github.com"}),
    permissions=(
        Permission(
            mark("What everybody can see of you"),
            mark("no scope"),
            mark(
                "for your name, your followers, your public repositories and what you and others "
                "do in public. Private repositories stay out of our sight: GitHub does not show "
                "them to an application without a scope"
            ),
        ),
    ),
    options=(
        Option("client_id", "GITHUB_CLIENT_ID", "Client ID of the OAuth app"),
        Option("client_secret", "GITHUB_CLIENT_SECRET", "Client secret of the OAuth app"),
        Option("url", "GITHUB_URL", "Where people sign in", is_required=False),
        Option("api_url", "GITHUB_API_URL", "Where the API is", is_required=False),
    ),
    summary=mark("Public activity only; we ask for no scope at all."),
    reads=mark(
        "Your profile, your public repositories, what others do in them, what you do in public, "
        "whom you follow and what you star. GitHub shows 30 days of activity, and at most 300 "
        "events; issues and comments of others are read back for 180 days."
    ),
    counts=mark(
        "Followers as the audience; people who opened issues or pull requests in your "
        "repositories, reviewed or commented as the response; stars and forks of your own "
        "repositories as curation, which never lowers a score."
    ),
    curation=mark("Stars and forks"),
    tells_own_words=False,
    code_place=CodePlace(
        Typed(
            label=mark("Your name at GitHub"),
            hint=mark("As in the address of your profile, for example ada."),
            missing=mark("Please type your name at GitHub."),
        ),
        where=mark("Put it anywhere in the bio of your profile: your profile, then Edit profile."),
    ),
)
