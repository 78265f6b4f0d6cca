"""The anticipated errors of this app's services."""

from django.utils.translation import gettext_lazy as _

PAUSED = _(
    "Your account is paused, so nothing is linked or read. Nothing was changed. End the pause in "
    "your settings first."
)


class LinkError(Exception):
    """Something did not work, and nothing was changed. `sentence` is for the member."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
