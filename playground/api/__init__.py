"""The client API, as Mastodon answers it."""
