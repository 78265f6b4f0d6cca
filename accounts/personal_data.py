"""What accounts itself knows about a member."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts import sharing_data
from accounts.api_keys import keys_data, revoke_all
from accounts.applications import services as applications
from accounts.audit import forgetting, trail_of
from accounts.mail import forget_mail_to
from accounts.models import Member
from accounts.operator_models import StaffAct, Told
from accounts.personal_data_contract import ReachesOut
from accounts.sessions import end_all
from accounts.sharing import stop_showing
from accounts.staff import forget_acts_on
from accounts.webhooks import data as webhooks


class AccountData(ReachesOut):
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
            "mails_announcements": member.mails_announcements,
            "is_operator": member.is_staff,
            "acts_of_the_operator": list(
                StaffAct.objects.filter(on_member=member)
                .order_by("done_at", "pk")
                .values("what", "reason", "detail", "done_at")
            ),
            "announcements_told": list(
                Told.objects.filter(member=member)
                .order_by("pk")
                .values("announcement__title", "announcement__rule", "dismissed_at", "mailed_at")
            ),
            "paused_at": member.paused_at,
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
            "audit_trail": list(
                trail_of(member).values(
                    "event", "done_by", "detail", "browser", "place", "happened_at"
                )
            ),
            "shown": sharing_data.export(member),
            "api": keys_data(member),
            "applications": applications.data_of(member),
            "webhooks": webhooks.data_of(member),
        }

    def withdraw(self, member: Member, now: datetime) -> None:
        """Keys and applications open nothing, and nothing is told, or shown by a link."""
        revoke_all(member, now)
        applications.withdraw(member, now)
        webhooks.withdraw(member, now)
        stop_showing(member, now)

    def erase(self, member: Member, now: datetime) -> None:
        """End the sessions and delete the row; addresses, passkeys and codes go with it."""
        end_all(UserSession.objects.filter(user=member))
        forget_mail_to(member.email)
        forget_acts_on(member)
        sharing_data.erase(member, now)
        with forgetting():
            member.delete()


provider = AccountData()
