"""Who may sign in, and stay signed in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser


class MemberBackend(AuthenticationBackend):  # type: ignore[misc]
    """Asked at every request: whoever leaves is out from that moment, whatever session there is."""

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        may = bool(super().user_can_authenticate(user))
        return may and getattr(user, "erase_at", None) is None
