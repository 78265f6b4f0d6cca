"""Every code an error can have, in plain words: what happened, what was kept, what to do next."""

from dataclasses import dataclass
from datetime import timedelta

# How long a site is read after the line that shows whose it is has gone.
GRACE = timedelta(days=14)
KEPT = "Everything read so far is kept."
WE_TRY = "We try again by ourselves; there is nothing you need to do."
CONSENT = "Give your consent again, or unlink the account if you left."


@dataclass(frozen=True)
class Problem:
    """Sentences with `{host}` for the name of the server.

    `here` is what to do when it happened on the way to linking rather than while reading.
    """

    what: str
    then: str = WE_TRY
    here: str = "Please try again in a few minutes."

    def while_reading(self, host: str) -> str:
        return f"{self.what.format(host=host)} {KEPT} {self.then}"

    def while_linking(self, host: str) -> str:
        return f"{self.what.format(host=host)} Nothing was linked or changed. {self.here}"


CHECK_NAME = "If you typed its name, please check the spelling; if that is right, try again later."

PROBLEMS = {
    "unreachable": Problem(
        "We could not reach {host}.",
        here="If you typed its name, please check the spelling; it may also be down for a while.",
    ),
    "too_slow": Problem("{host} took too long to answer."),
    "too_large": Problem(
        "{host} sent a far larger answer than we accept.",
        "We try again by ourselves; if it stays like this, tell whoever runs the server.",
        CHECK_NAME,
    ),
    "garbage": Problem(
        "{host} sent an answer that we could not read.",
        "We try again by ourselves; if it stays like this, tell whoever runs the server.",
        CHECK_NAME,
    ),
    "refused_address": Problem(
        "{host} leads to an address that we do not visit, such as one inside a private network.",
        "We look again later; if the server has moved, unlink it and link it anew.",
        CHECK_NAME,
    ),
    "redirected_away": Problem(
        "{host} sent us on to another address, and we did not follow.",
        "We look again later; if the server has moved, unlink it and link it anew.",
        CHECK_NAME,
    ),
    "server_error": Problem("{host} answered with an error of its own."),
    "rate_limited": Problem(
        "{host} asked us to wait before reading on.", "We read on when it lets us."
    ),
    "busy": Problem(
        "Many members are on {host}, and we ask it only so often.", "We read on in a moment."
    ),
    "quota_used_up": Problem(
        "What {host} lets this site ask for at this hour of the day is used up.",
        "We read on by ourselves when more is let out; there is nothing you need to do.",
        "Please try again in an hour.",
    ),
    "key_refused": Problem(
        "{host} does not take the keys of this site.",
        "We try again by ourselves; if it stays like this, tell whoever runs this site.",
        "Please tell whoever runs this site.",
    ),
    "no_channel": Problem(
        "{host} knows no channel of the account that you chose.",
        CONSENT,
        "Please start again and choose the account, or the brand account, that has the channel.",
    ),
    "access_revoked": Problem(
        "{host} no longer lets us read this account.", CONSENT, "Please start again."
    ),
    "credentials_unreadable": Problem(
        "The key that {host} gave us cannot be opened here any more.", CONSENT
    ),
    "other_account": Problem(
        "{host} answered for another account than the one you named.",
        CONSENT,
        "Please start again, and sign in there with the account that you name here.",
    ),
    "no_such_handle": Problem(
        "{host} knows no account by that name.",
        "We look again later; unlink the account if it is gone for good.",
        "Please check the spelling; a handle looks like ada.bsky.social.",
    ),
    "not_shown": Problem(
        "{host} does not show this account now; it may be deactivated or suspended.",
        "We look again later; unlink the account if it is gone for good.",
        "Please try again once it is back.",
    ),
    "site_not_seen": Problem(
        "{host} could not read the page on which this site says what it is.",
        here="Whoever runs the site must make it reachable from the internet, over https.",
    ),
    "not_this_platform": Problem(
        "{host} answers, but not in the language of this network.",
        "We look again later; if the server has changed for good, unlink the account.",
        CHECK_NAME,
    ),
    "app_refused": Problem(
        "{host} refuses this site's application.",
        "Whoever runs this site has to put that right there; then we read on by ourselves.",
        "Whoever runs this site has to put that right there first.",
    ),
    "out_of_credit": Problem(
        "The credit that whoever runs this site has at {host} is used up.",
        "We read on by ourselves once there is new credit.",
        "Please come back when there is new credit.",
    ),
    "app_forgotten": Problem(
        "{host} has forgotten that we registered there.",
        CONSENT,
        "Please start again; we register anew.",
    ),
    "code_refused": Problem(
        "{host} did not accept the answer from its consent page.", CONSENT, "Please start again."
    ),
    "too_little_access": Problem(
        "{host} granted less than reading your account takes.",
        CONSENT,
        "Please start again and leave all the permissions on.",
    ),
    "proof_gone": Problem(
        "The line that shows that your site at {host} is yours is gone.",
        "Put it back and show again that the site is yours, or unlink the site if you left.",
    ),
    "site_gone": Problem(
        "There is no page at that address: {host} answers that it does not know it.",
        "We look again later; if the site has moved, link it at its new address.",
        "Please check the address.",
    ),
    "not_a_page": Problem(
        "What {host} sent is no page in HTML.",
        "We look again later; if the site has moved, link it at its new address.",
        "Please type the address of your page, not that of its feed.",
    ),
    "no_feed": Problem("The page at {host} names no feed that we could read."),
    "feed_gone": Problem(
        "The feed of {host} is gone, and the page names no other.",
        "Name the new one in the page and we find it by ourselves.",
    ),
    "interrupted": Problem("Reading {host} was interrupted on our side."),
    "failed": Problem(
        "Something went wrong on our side while we read {host}.",
        "We try again by ourselves, and the log tells the operator what it was.",
        "Please try again; the log tells the operator what it was.",
    ),
}


def problem(code: str) -> Problem:
    return PROBLEMS.get(code, PROBLEMS["failed"])
