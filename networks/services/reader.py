"""The half of a poll that talks to the platform. Any thread may run it: it holds no row."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings

from networks.connectors.base import AccessRevoked, Credentials, Page
from networks.crypto import SealError
from networks.services import vault
from networks.services.door import connector_of
from networks.services.renewal import ends_soon, renewed
from networks.services.runs import NeedsConsent, Run
from networks.services.second_looks import look_again


class Reader:
    """Pages of one run, one at a time; the only place that has the credentials in the clear.

    An access token that ends soon, or is refused although it should not have ended, is renewed
    once, and the reading goes on behind the last stored page. `known`: hosts whose figures are
    believed. `leave` is called after renewing, which opens a connection to the database in the
    thread that does it.
    """

    def __init__(self, run: Run, known: frozenset[str], leave: Callable[[], None]) -> None:
        self.run = run
        self._known = known
        self._leave = leave
        self._connector = connector_of(run.account.platform)
        self._credentials: Credentials | None = None
        self._pages: Iterator[Page] | None = None
        self._is_renewed = False

    def next_page(self) -> Page | None:
        """The next page, None after the last. Raises NeedsConsent, ConnectorError."""
        try:
            page = self._next()
            return page and self._looked_at_again(page)
        except SealError as error:
            raise NeedsConsent("credentials_unreadable") from error
        except AccessRevoked as error:
            raise NeedsConsent(error.code) from error

    def _next(self) -> Page | None:
        credentials = self._credentials
        if credentials is None:
            credentials = vault.credentials_of(self.run.account)
            if ends_soon(credentials, self.run.moment):
                credentials = self._renew(credentials)
            self._begin(credentials)
        try:
            return self._ask()
        except AccessRevoked:
            if self._is_renewed or not credentials.refresh_token:
                raise
            self._begin(self._renew(credentials))
            return self._ask()

    def _ask(self) -> Page | None:
        return next(self._pages, None) if self._pages else None

    def _begin(self, credentials: Credentials) -> None:
        account, now = self.run.account, self.run.now
        self._credentials = credentials
        self._pages = self._connector.read(
            account.host,
            credentials,
            account.cursor,
            since=now - timedelta(days=settings.BACKFILL_DAYS),
            now=now,
            allowance=self.run.purse.left if self.run.purse else None,
        )

    def _looked_at_again(self, page: Page) -> Page:
        run = self.run
        return look_again(self._connector, run.account, page, self._known, run.now)

    def _renew(self, credentials: Credentials) -> Credentials:
        self._is_renewed = True
        try:
            return renewed(self.run.account.pk, credentials, self.run.moment)
        finally:
            self._leave()
