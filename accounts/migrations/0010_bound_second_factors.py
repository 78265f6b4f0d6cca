from django.db import migrations

from accounts.second_factors import BOND, bond


def bind(apps, schema_editor):
    """What is there stays good; from now on it is good in its own row only."""
    rows = apps.get_model("mfa", "Authenticator").objects
    for row in rows.exclude(type="webauthn").select_for_update().iterator():
        row.data[BOND] = bond(row.user_id, row.type, row.data)
        row.save(update_fields=["data"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0009_topics_on_the_profile"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        # The version before reads past it.
        migrations.RunPython(bind, migrations.RunPython.noop, elidable=True),
    ]
