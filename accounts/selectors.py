"""What the settings page shows about a member."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.models import Member
from accounts.sessions import living


@dataclass(frozen=True)
class WaysIn:
    has_password: bool
    passkeys: int
    has_authenticator_app: bool
    has_recovery_codes: bool
    address_is_confirmed: bool
    sessions: int


def ways_in(member: Member, now: datetime) -> WaysIn:
    """How this member can sign in, and how many browsers are signed in now."""
    kinds = Counter(Authenticator.objects.filter(user=member).values_list("type", flat=True))
    return WaysIn(
        has_password=member.has_usable_password(),
        passkeys=kinds[Authenticator.Type.WEBAUTHN],
        has_authenticator_app=bool(kinds[Authenticator.Type.TOTP]),
        has_recovery_codes=bool(kinds[Authenticator.Type.RECOVERY_CODES]),
        address_is_confirmed=EmailAddress.objects.filter(
            user=member, email__iexact=member.email, verified=True
        ).exists(),
        sessions=living(member, now).count(),
    )
