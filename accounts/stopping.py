"""Mail that a member asked for, and its end: by one press, without signing in (RFC 8058).

The link is signed and names the member and the kind of mail; it does nothing else, and holds for
as long as the member is here. Opening it stops nothing, since mail programs and scanners open
links by themselves; a POST does, from a mail program or from the button on the page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from accounts.models import Member

Words = str | Promise


@dataclass(frozen=True)
class StoppableMail:
    """One kind of mail: `route` is the name of its page, `salt` keeps its links apart.

    `title` names it, `when` says when it comes and `again` where it is begun again.
    """

    route: str
    salt: str
    title: Words
    when: Words
    again: Words

    def token(self, member: Member) -> str:
        return signing.dumps(member.address, salt=self.salt)

    def stop_url(self, member: Member) -> str:
        return f"{settings.BASE_URL}{reverse(self.route, args=[self.token(member)])}"

    def whose(self, token: str) -> Member | None:
        """Whose mail this link stops; None if it was not made here, or they have left."""
        try:
            address = signing.loads(token, salt=self.salt)
        except signing.BadSignature:
            return None
        return Member.objects.filter(address=address).first()

    def message(self, member: Member, subject: str, body: str) -> EmailMessage:
        return EmailMessage(
            subject=subject,
            body=body,
            to=[member.email],
            headers={
                "List-Unsubscribe": f"<{self.stop_url(member)}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )


def language_of(member: Member) -> str:
    """The language that the member chose, else that of the site."""
    chosen = member.language
    return chosen if chosen and translation.check_for_language(chosen) else settings.LANGUAGE_CODE


def stop_page(
    request: HttpRequest, kind: StoppableMail, token: str, stop: Callable[[Member], None]
) -> HttpResponse:
    """The page of such a link: a button, or that the mail is stopped. 404 for any other link."""
    member = kind.whose(token)
    if member is None:
        raise Http404
    is_stopped = request.method == "POST"
    if is_stopped:
        stop(member)
    return render(request, "accounts/stop_mail.html", {"kind": kind, "is_stopped": is_stopped})
