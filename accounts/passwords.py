"""What a password may not be, beside what Django knows."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Member

# Words that everybody who guesses at this site tries first (docs/security/asvs.md, 6.1.2).
OUR_WORDS = frozenset({"klout", "score", "influence", "sonobuoy", "password", "passwort", "admin"})
_BETWEEN = re.compile(r"[\W\d_]+")
# How letters are made to look like digits and signs.
_PLAIN = str.maketrans("013457@$", "oieastas")


class NotOurWords:
    """Refuses a password that is made of words of this site, digits and signs, and nothing else."""

    def validate(self, password: str, user: Member | None = None) -> None:  # noqa: ARG002
        typed = password.lower()
        # A number at the end is a number, one within a word a letter.
        for text in (typed, typed.rstrip("0123456789").translate(_PLAIN)):
            rest = letters = _BETWEEN.sub("", text)
            for word in OUR_WORDS:
                rest = rest.replace(word, "")
            if letters and not rest:
                raise ValidationError(
                    _("This is made of words that everybody would try first. Choose others."),
                    code="password_of_our_words",
                )

    def get_help_text(self) -> str:
        return gettext("It is not made of the name of this site alone.")
