"""How often tokens may be asked for: by one address, and by one application.

Each request counts for its address. For the application counts who is shown to be it: by its
secret, or, where it can keep none, by a code or a token that opens. So whoever knows only its
name, which is no secret, uses up nothing of it. While Redis is away nothing is counted: what is
asked with cannot be guessed, and members' programs go on.
"""

from dataclasses import dataclass, field
from datetime import datetime

from allauth.account.adapter import get_adapter
from authlib.oauth2 import OAuth2Error
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts import limits
from accounts.applications.models import Application
from accounts.audit import coarse

# In a minute of the clock.
PER_ADDRESS = 300
PER_APPLICATION = 600
MINUTE = 60
# What one house has: an address, or the part of those of IPv6 that its provider gave it.
HOUSE = {4: 32, 6: 64}


class TooOften(OAuth2Error):  # type: ignore[misc]
    """429. RFC 6749 has no error of the token endpoint for it; this one says "ask again later"."""

    error = "temporarily_unavailable"

    def __init__(self, wait: int) -> None:
        super().__init__(f"Too many requests for tokens. Ask again in {wait} s.", status_code=429)
        self.wait = wait

    def get_headers(self) -> list[tuple[str, str]]:
        return [*super().get_headers(), ("Retry-After", str(self.wait))]


@dataclass
class Pace:
    """That of one request at the token endpoint: what it counted for, and what that left."""

    now: datetime
    _left: list[limits.Counted] = field(default_factory=list)

    def count_address(self, request: HttpRequest) -> None:
        """Raises TooOften."""
        self._count("address", PER_ADDRESS, _house_of(request))

    def count_application(self, application: Application) -> None:
        """Raises TooOften."""
        self._count("application", PER_APPLICATION, str(application.pk))

    def _count(self, name: str, most: int, who: str) -> None:
        minute, second = divmod(int(self.now.timestamp()), MINUTE)
        key = f"klout:tokens:{name}:{who}:{minute}"
        try:
            counted = limits.count(
                [limits.Window(limits.Limit(name, most, MINUTE), key, MINUTE - second)]
            )
        except limits.Away:
            return
        self._left.append(counted)
        if counted.is_over:
            raise TooOften(counted.retry_after)

    @property
    def headers(self) -> dict[str, str]:
        """What is left, of each that was counted."""
        left = tuple(one for counted in self._left for one in counted.left)
        return limits.Counted(False, left).headers if left else {}


def _house_of(request: HttpRequest) -> str:
    """As what an address is counted, without telling it; all that tell none are one."""
    try:
        address = coarse(get_adapter().get_client_ip(request), HOUSE)
    except (PermissionDenied, ImproperlyConfigured):
        address = ""
    return salted_hmac("accounts.applications.pace", address).hexdigest()
