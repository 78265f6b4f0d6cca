"""Who may sign in, and stay signed in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from accounts.announcing import with_news
from accounts.models import Member


class MemberBackend(AuthenticationBackend):  # type: ignore[misc]
    """Asked at every request: whoever leaves is out from that moment, whatever session there is."""

    def get_user(self, user_id: int) -> Member | None:
        """With what the member is told, so that no page asks for it."""
        member = with_news(Member.objects.filter(pk=user_id), timezone.now()).first()
        return member if member and self.user_can_authenticate(member) else None

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        may = bool(super().user_can_authenticate(user))
        return may and getattr(user, "erase_at", None) is None
