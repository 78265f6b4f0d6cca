"""Webhooks: their pages, and what sends the messages of the outbox (`accounts.webhooks`)."""
