"""Every code an error can have, in plain words: what happened, what was kept, what to do next."""

from dataclasses import dataclass
from datetime import timedelta

from language import gettext as _
from language import gettext_noop as mark

# How long a site is read after the line that shows whose it is has gone.
GRACE = timedelta(days=14)
KEPT = mark("Everything read so far is kept.")
WE_TRY = mark("We try again by ourselves; there is nothing you need to do.")
CONSENT = mark("Give your consent again, or unlink the account if you left.")


@dataclass(frozen=True)
class Problem:
    """Sentences with `{host}` for the name of the server.

    `here` is what to do when it happened on the way to linking rather than while reading.
    """

    what: str
    then: str = WE_TRY
    here: str = mark("Please try again in a few minutes.")

    def while_reading(self, host: str) -> str:
        return f"{self.happened(host)} {_(KEPT)} {_(self.then)}"

    def while_linking(self, host: str) -> str:
        nothing = _("Nothing was linked or changed.")
        return f"{self.happened(host)} {nothing} {_(self.here)}"

    def happened(self, host: str) -> str:
        return _(self.what).format(host=host)


CHECK_NAME = mark(
    "If you typed its name, please check the spelling; if that is right, try again later."
)

PROBLEMS = {
    "unreachable": Problem(
        mark("We could not reach {host}."),
        here=mark(
            "If you typed its name, please check the spelling; it may also be down for a while."
        ),
    ),
    "too_slow": Problem(mark("{host} took too long to answer.")),
    "too_large": Problem(
        mark("{host} sent a far larger answer than we accept."),
        mark("We try again by ourselves; if it stays like this, tell whoever runs the server."),
        CHECK_NAME,
    ),
    "garbage": Problem(
        mark("{host} sent an answer that we could not read."),
        mark("We try again by ourselves; if it stays like this, tell whoever runs the server."),
        CHECK_NAME,
    ),
    "refused_address": Problem(
        mark(
            "{host} leads to an address that we do not visit, such as one inside a private network."
        ),
        mark("We look again later; if the server has moved, unlink it and link it anew."),
        CHECK_NAME,
    ),
    "redirected_away": Problem(
        mark("{host} sent us on to another address, and we did not follow."),
        mark("We look again later; if the server has moved, unlink it and link it anew."),
        CHECK_NAME,
    ),
    "linked_unproved": Problem(
        mark(
            "You set a new password before your address had been confirmed. Somebody else may have "
            "linked this account, so we gave our access at {host} back."
        ),
        CONSENT,
    ),
    "server_error": Problem(mark("{host} answered with an error of its own.")),
    "rate_limited": Problem(
        mark("{host} asked us to wait before reading on."), mark("We read on when it lets us.")
    ),
    "busy": Problem(
        mark("Many members are on {host}, and we ask it only so often."),
        mark("We read on in a moment."),
    ),
    "quota_used_up": Problem(
        mark("What {host} lets this site ask for at this hour of the day is used up."),
        mark("We read on by ourselves when more is let out; there is nothing you need to do."),
        mark("Please try again in an hour."),
    ),
    "key_refused": Problem(
        mark("{host} does not take the keys of this site."),
        mark("We try again by ourselves; if it stays like this, tell whoever runs this site."),
        mark("Please tell whoever runs this site."),
    ),
    "no_channel": Problem(
        mark("{host} knows no channel of the account that you chose."),
        CONSENT,
        mark(
            "Please start again and choose the account, or the brand account, that has the channel."
        ),
    ),
    "access_revoked": Problem(
        mark("{host} no longer lets us read this account."), CONSENT, mark("Please start again.")
    ),
    "credentials_unreadable": Problem(
        mark("The key that {host} gave us cannot be opened here any more."), CONSENT
    ),
    "other_account": Problem(
        mark("{host} answered for another account than the one you named."),
        CONSENT,
        mark("Please start again, and sign in there with the account that you name here."),
    ),
    "no_such_handle": Problem(
        mark("{host} knows no account by that name."),
        mark("We look again later; unlink the account if it is gone for good."),
        mark("Please check the spelling; a handle looks like ada.bsky.social."),
    ),
    "not_shown": Problem(
        mark("{host} does not show this account now; it may be deactivated or suspended."),
        mark("We look again later; unlink the account if it is gone for good."),
        mark("Please try again once it is back."),
    ),
    "site_not_seen": Problem(
        mark("{host} could not read the page on which this site says what it is."),
        here=mark("Whoever runs the site must make it reachable from the internet, over https."),
    ),
    "not_this_platform": Problem(
        mark("{host} answers, but not in the language of this network."),
        mark("We look again later; if the server has changed for good, unlink the account."),
        CHECK_NAME,
    ),
    "app_refused": Problem(
        mark("{host} refuses this site's application."),
        mark("Whoever runs this site has to put that right there; then we read on by ourselves."),
        mark("Whoever runs this site has to put that right there first."),
    ),
    "out_of_credit": Problem(
        mark("The credit that whoever runs this site has at {host} is used up."),
        mark("We read on by ourselves once there is new credit."),
        mark("Please come back when there is new credit."),
    ),
    "app_forgotten": Problem(
        mark("{host} has forgotten that we registered there."),
        CONSENT,
        mark("Please start again; we register anew."),
    ),
    "code_refused": Problem(
        mark("{host} did not accept the answer from its consent page."),
        CONSENT,
        mark("Please start again."),
    ),
    "too_little_access": Problem(
        mark("{host} granted less than reading your account takes."),
        CONSENT,
        mark("Please start again and leave all the permissions on."),
    ),
    "proof_gone": Problem(
        mark("The line that shows that your site at {host} is yours is gone."),
        mark("Put it back and show again that the site is yours, or unlink the site if you left."),
    ),
    "site_gone": Problem(
        mark("There is no page at that address: {host} answers that it does not know it."),
        mark("We look again later; if the site has moved, link it at its new address."),
        mark("Please check the address."),
    ),
    "not_a_page": Problem(
        mark("What {host} sent is no page in HTML."),
        mark("We look again later; if the site has moved, link it at its new address."),
        mark("Please type the address of your page, not that of its feed."),
    ),
    "no_feed": Problem(mark("The page at {host} names no feed that we could read.")),
    "feed_gone": Problem(
        mark("The feed of {host} is gone, and the page names no other."),
        mark("Name the new one in the page and we find it by ourselves."),
    ),
    "interrupted": Problem(mark("Reading {host} was interrupted on our side.")),
    "failed": Problem(
        mark("Something went wrong on our side while we read {host}."),
        mark("We try again by ourselves, and the log tells the operator what it was."),
        mark("Please try again; the log tells the operator what it was."),
    ),
}


def problem(code: str) -> Problem:
    return PROBLEMS.get(code, PROBLEMS["failed"])
