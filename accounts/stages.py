"""What stands between a right password and being signed in."""

from typing import Any

from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.stages import EmailVerificationStage
from django.conf import settings


class ConfirmAddressStage(EmailVerificationStage):  # type: ignore[misc]
    """Confirming the address is mandatory, but blocks nobody while no mail is configured.

    The address stays unconfirmed then, so it must be confirmed at the first sign-in after mail
    has been configured. Somebody who signs up with a taken address (no user here) waits as usual.
    """

    def handle(self) -> tuple[Any, bool]:
        if settings.MAIL_IS_CONFIGURED or self.login.user is None:
            response, go_on = super().handle()
            return response, go_on
        if self.login.signup:
            EmailVerificationProcess.initiate(
                request=self.request, user=self.login.user, email=self.login.user.email
            )
        return None, True
