"""A language in which every translated text stands in brackets, as ⟦Sign in⟧."""

from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from tests.words.visible import CLOSE, OPEN


def speak_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on Django translates into it, its own texts and those of libraries as well."""
    # They are set when they are first used.
    translation.gettext("Yes")
    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        monkeypatch.setattr(translation._trans, name, _bracketed(getattr(trans_real, name)))


def _bracketed(translate: Any) -> Any:
    def bracketed(*message: Any) -> str:
        text = translate(*message)
        return f"{OPEN}{text}{CLOSE}" if text else text

    return bracketed
