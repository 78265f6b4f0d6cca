"""What the operator sets for single platforms, read from the environment.

Read by `klout.settings` alone; docs/configuration.md has a line for each variable.
"""

import environ


def platform_options(env: environ.Env) -> dict[str, dict[str, str]]:
    """The options of each platform, by the names in its connector's `about.py`."""
    return {
        "bluesky": {
            "plc_url": env.str("BLUESKY_PLC_URL", default=""),
            "appview_url": env.str("BLUESKY_APPVIEW_URL", default=""),
            "appview_did": env.str("BLUESKY_APPVIEW_DID", default=""),
        },
        "github": {
            "client_id": env.str("GITHUB_CLIENT_ID", default=""),
            "client_secret": env.str("GITHUB_CLIENT_SECRET", default=""),
            "url": env.str("GITHUB_URL", default="https://github.com"),
            "api_url": env.str("GITHUB_API_URL", default="https://api.github.com"),
        },
        "reddit": {
            "client_id": env.str("REDDIT_CLIENT_ID", default=""),
            "client_secret": env.str("REDDIT_CLIENT_SECRET", default=""),
            "url": env.str("REDDIT_URL", default="https://www.reddit.com"),
            "api_url": env.str("REDDIT_API_URL", default="https://oauth.reddit.com"),
        },
        "stackexchange": {
            "client_id": env.str("STACKEXCHANGE_CLIENT_ID", default=""),
            "client_secret": env.str("STACKEXCHANGE_CLIENT_SECRET", default=""),
            "key": env.str("STACKEXCHANGE_KEY", default=""),
            "url": env.str("STACKEXCHANGE_URL", default="https://stackoverflow.com"),
            "api_url": env.str(
                "STACKEXCHANGE_API_URL", default="https://api.stackexchange.com/2.3"
            ),
        },
        "youtube": {
            "client_id": env.str("YOUTUBE_CLIENT_ID", default=""),
            "client_secret": env.str("YOUTUBE_CLIENT_SECRET", default=""),
            "api_key": env.str("YOUTUBE_API_KEY", default=""),
            "quota": env.str("YOUTUBE_QUOTA", default="10000"),
            "accounts_url": env.str("YOUTUBE_ACCOUNTS_URL", default="https://accounts.google.com"),
            "oauth_url": env.str("YOUTUBE_OAUTH_URL", default="https://oauth2.googleapis.com"),
            "api_url": env.str("YOUTUBE_API_URL", default="https://youtube.googleapis.com"),
        },
        "x": {
            "client_id": env.str("X_CLIENT_ID", default=""),
            "client_secret": env.str("X_CLIENT_SECRET", default=""),
            "api_url": env.str("X_API_URL", default="https://api.x.com"),
            "owned_reads": env.str("X_OWNED_READS", default=""),
            "budget_per_account": str(env.float("X_BUDGET_PER_ACCOUNT", default=2.0)),
            "budget_per_month": str(env.float("X_BUDGET_PER_MONTH", default=0.0)),
        },
    }
