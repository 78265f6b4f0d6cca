"""What the member and the operator are told about blogs."""

from language import gettext_noop as mark
from networks.connectors.platform import CodePlace, Permission, Platform, Typed

# We are the ones who tell what happened at a blog: each reaction was seen by us at its source. So
# this, and not the blog's host, is whose figures must be known (see docs/networks/blog.md).
SEEN_BY_US = "webmention"

PLATFORM = Platform(
    key="blog",
    label="Blog",
    connector="networks.connectors.blog.BlogConnector",
    has_audience=False,
    proof=True,
    known_hosts=frozenset({SEEN_BY_US}),
    typed=Typed(
        label=mark("The address of your site"),
        hint=mark(
            "The page that belongs to you alone, for example ada.example or example.org/~ada/. It "
            "needs https and a feed."
        ),
        missing=mark("Please type the address of your site."),
        most=255,
    ),
    permissions=(
        Permission(
            mark("Your page"),
            "public",
            mark(
                "once a week, for the line that shows that the site is yours, and for where your "
                "feed is"
            ),
        ),
        Permission(
            mark("Your feed"),
            "public",
            mark(
                "for the links of your posts, their first 280 characters, their tags, and which "
                "sites they link to"
            ),
        ),
        Permission(
            mark("Pages that say they answered you"),
            "Webmention",
            mark(
                "to see that they really link to you. Of these sites we keep a scrambled number "
                "and a weight, no names"
            ),
        ),
    ),
    summary=mark(
        "Your own site, by its feed; you show that it is yours with one line in the page."
    ),
    reads=mark("Your feed, and the pages that tell us by Webmention that they answered you."),
    counts=mark(
        "Sites that replied, liked, reposted, bookmarked or mentioned you, as the response. One "
        "domain is one person. A blog has no figure of followers, so none is counted."
    ),
    code_place=CodePlace(
        Typed(
            label=mark("Your domain"),
            hint=mark("For example ada.example."),
            missing=mark("Please type your domain."),
        ),
        where=mark(
            'Put it into the front page as <meta name="klout-proof" content="…">, or into a '
            "text file at /.well-known/klout-proof.txt."
        ),
    ),
)
