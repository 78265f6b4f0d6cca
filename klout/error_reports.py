"""What is told of an error where DEBUG is on: the traceback, and nothing that variables held.

Django's own page shows every local variable, what was sent and all settings, and knows a secret by
its name only; a token is often called otherwise.
"""

import traceback

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

from klout.logs import clean

_PAGE = (
    '<!doctype html><html lang="en"><head><title>{}</title></head>'
    "<body><h1>{}</h1><pre>{}</pre></body></html>"
)


class TracebackAlone(ExceptionReporter):
    """Lines of code and the message, cleaned as the logs are."""

    def get_traceback_text(self) -> SafeString:
        """Plain text, for mails: marked as Django marks it, and never put into a page."""
        return SafeString(self._cleaned())

    def get_traceback_html(self) -> SafeString:
        name = self.exc_type.__name__ if self.exc_type else "Error"
        return SafeString(format_html(_PAGE, name, name, self._cleaned()))

    def _cleaned(self) -> str:
        lines = traceback.format_exception(self.exc_type, self.exc_value, self.tb)
        return str(clean("".join(lines)))
