"""The stories of this app: linking, polling, unlinking."""

from networks.services.description import describe_to_bluesky
from networks.services.errors import LinkError
from networks.services.linking import (
    finish_link,
    needs_sentence,
    set_findable,
    start_link,
    start_relink,
)
from networks.services.polling import claim_due, poll_account, poll_many, request_poll
from networks.services.unlinking import unlink

__all__ = [
    "LinkError",
    "claim_due",
    "describe_to_bluesky",
    "finish_link",
    "needs_sentence",
    "poll_account",
    "poll_many",
    "request_poll",
    "set_findable",
    "start_link",
    "start_relink",
    "unlink",
]
