"""What accounts itself knows about a member."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts.mail import forget_mail_to
from accounts.models import Member


class AccountData:
    name = "account"

    def export(self, member: Member) -> dict[str, object]:
        """Everything but secrets: keys and codes stay out, so a leaked export opens nothing."""
        return {
            "name": member.name,
            "email": member.email,
            "address": member.address,
            "joined_at": member.joined_at,
            "age_stated_at": member.age_stated_at,
            "last_signed_in_at": member.last_login,
            "language": member.language,
            "time_zone": member.time_zone,
            "theme": member.theme,
            "score_shown": member.score_shown,
            "resting_since": member.resting_since,
            "email_addresses": list(
                EmailAddress.objects.filter(user=member).values("email", "verified", "primary")
            ),
            "ways_to_sign_in": list(
                Authenticator.objects.filter(user=member).values(
                    "type", "created_at", "last_used_at"
                )
            ),
            "sessions": list(
                UserSession.objects.filter(user=member).values(
                    "created_at", "last_seen_at", "ip", "user_agent"
                )
            ),
        }

    def erase(self, member: Member, now: datetime) -> None:
        """End the sessions and delete the row; addresses, passkeys and codes go with it."""
        for session in UserSession.objects.filter(user=member):
            session.end()
        forget_mail_to(member.email)
        member.delete()


provider = AccountData()
