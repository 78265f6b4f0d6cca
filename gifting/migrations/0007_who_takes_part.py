"""Whoever is paused, suspended or leaving neither gives nor is given to: `takes_part` decides.

The functions of 0005 and 0006 are made anew with that column; the scene tells it of the giver too.
"""

from importlib import import_module

from django.db import migrations

OLD_SCENE = import_module("gifting.migrations.0005_a_gift_in_two_round_trips").SCENE
OLD_NAMED = import_module("gifting.migrations.0006_who_is_named").NAMED


def _with(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        if old not in text:
            raise ValueError(f"{old!r} is not in the function any more")
        text = text.replace(old, new)
    return text


SCENE = _with(
    OLD_SCENE,
    ("them.is_active", "them.takes_part"),
    ("own_returned bigint\n)", "own_returned bigint, takes_part boolean\n)"),
    ("LIMIT 1)\n    FROM accounts_member me", "LIMIT 1),\n        me.takes_part\n    FROM accounts_member me"),
)
NAMED = _with(OLD_NAMED, ("them.is_active", "them.takes_part"))


class Migration(migrations.Migration):
    dependencies = [("gifting", "0006_who_is_named"), ("accounts", "0003_in_control")]

    operations = [
        migrations.RunSQL(
            f"DROP FUNCTION gifting_scene; {SCENE}", f"DROP FUNCTION gifting_scene; {OLD_SCENE}"
        ),
        migrations.RunSQL(
            f"DROP FUNCTION gifting_named; {NAMED}", f"DROP FUNCTION gifting_named; {OLD_NAMED}"
        ),
    ]
