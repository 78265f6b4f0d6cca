"""Django's catalogues and formats for the modules that do not know Django (see `language`)."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import dateformat, timezone, translation
from django.utils.formats import number_format


class DjangoSpeaker:
    """Speaks the language that is active for this request or mail."""

    def gettext(self, message: str) -> str:
        return translation.gettext(message)

    def ngettext(self, one: str, several: str, number: int) -> str:
        return translation.ngettext(one, several, number)

    def pgettext(self, context: str, message: str) -> str:
        return translation.pgettext(context, message)

    def number(self, value: float, decimals: int) -> str:
        # Rounded here: `number_format` cuts off what is too long.
        rounded = Decimal(f"{value:.{decimals}f}")
        return number_format(rounded, decimals, use_l10n=True, force_grouping=True)

    def day(self, on: date, form: str) -> str:
        return dateformat.format(on, translation.gettext(form))

    def local(self, moment: datetime) -> datetime:
        return timezone.localtime(moment)
