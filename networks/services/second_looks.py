"""Whether a server tells the truth about people of other servers.

A member's server tells us what the profiles of those who responded show, also of people who live
elsewhere. A lying server could dress up its friends. So one responder in fifty is looked up at
home, chosen by a keyed hash that the server cannot foresee; what the own server shows is what
counts, and a server that told clearly more too often is not known any more (see `known_hosts`).
"""

from dataclasses import replace
from datetime import datetime

from django.db.models import F

from networks.connectors.base import Connector, LooksUp, Page, SeenReaction
from networks.hashing import act_hash
from networks.models import HostAccuracy, LinkedAccount
from networks.standing import standing

ONE_IN = 50
# Each may take as long as a page; the lease of the poll must last.
MOST_PER_PAGE = 2
# Copies lag behind the profile they were made of: less is no lie, nor is a little more.
CLEARLY_MORE = 250


def look_again(
    connector: Connector, account: LinkedAccount, page: Page, known: frozenset[str], now: datetime
) -> Page:
    """The page with a sample of its responders as their own servers show them. Asks the network."""
    if not isinstance(connector, LooksUp) or account.served_by not in known:
        return page
    looked_up = told_more = 0
    reactions = list(page.reactions)
    for place, reaction in enumerate(page.reactions):
        if looked_up == MOST_PER_PAGE:
            break
        if not _is_chosen(account, reaction, known):
            continue
        at_home = connector.look_up(reaction.responder, now)
        if at_home is None:
            continue
        looked_up += 1
        told, shown = (
            standing(person, account.platform, now) for person in (reaction.responder, at_home)
        )
        told_more += told >= shown + CLEARLY_MORE
        reactions[place] = replace(reaction, responder=at_home)
    return replace(page, reactions=tuple(reactions), looked_up=looked_up, told_more=told_more)


def _is_chosen(account: LinkedAccount, reaction: SeenReaction, known: frozenset[str]) -> bool:
    """People on the account's own server are told by it alone; unknown servers prove nothing."""
    host = reaction.responder.host
    lives_elsewhere = host in known and host not in (account.host, account.served_by)
    return lives_elsewhere and act_hash(account.platform, reaction.key) % ONE_IN == 0


def note_accuracy(account: LinkedAccount, page: Page) -> None:
    """Add what was found on a page to what is known of the account's server."""
    if not page.looked_up:
        return
    found = HostAccuracy.objects.filter(platform=account.platform, host=account.served_by)
    HostAccuracy.objects.bulk_create(
        [HostAccuracy(platform=account.platform, host=account.served_by)], ignore_conflicts=True
    )
    found.update(
        looked_up=F("looked_up") + page.looked_up, told_more=F("told_more") + page.told_more
    )
