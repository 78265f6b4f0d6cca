"""A pretend social network that speaks the Mastodon client API; knows nothing of the product."""
