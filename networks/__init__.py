"""Linked accounts, one connector per platform, polling, and what was read."""
