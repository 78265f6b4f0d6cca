"""What every template may ask about accounts."""

from django.conf import settings
from django.http import HttpRequest

from accounts.mail import may_see_mail


def mail(request: HttpRequest) -> dict[str, object]:
    return {
        "registration": settings.REGISTRATION,
        "mail_is_configured": settings.MAIL_IS_CONFIGURED,
        "mail_is_here": may_see_mail(request),
    }
